/* What a row of elections.csv costs: made by the results' own writer, and by one fprintf through a
 * stdio buffer of 64 KiB. Both go to /dev/null in the end, in pieces of the same size.
 *
 *     bench_csv PAIRS ROWS
 *
 * One JSON object: the median of the pairs' ratios, and ns a row of each.
 */
#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/processes/shared.h"
#include "sim/results/rows.h"
#include "tests/bench/median.h"

#define PIECE 64 /* rows of a trial */

static struct election elections[PIECE];
static struct scenario scenario = {.name = "a-row-like-any-other"};

static void make_elections(void)
{
    for (uint32_t i = 0; i < PIECE; i++) {
        int64_t due = (int64_t)(i + 1) * 123456789;
        elections[i] = (struct election){.nth = i + 1,
                                         .cause = CAUSE_FLIP,
                                         .cause_node = 3,
                                         .due_ns = due,
                                         .reported_ns = due + 241000,
                                         .decided_ns = due + 40123000,
                                         .published_ns = due + 40987000,
                                         .settled_ns = due + 139456000,
                                         .elected = 3,
                                         .rule = 2,
                                         .term = i + 1,
                                         .rightful = 3,
                                         .verdict = VERDICT_OK,
                                         .live_nodes = 5,
                                         .lock_wait_ns = 61000,
                                         .round_trips = 5};
    }
}

static double ours_ns(int null, uint32_t rows)
{
    struct outcome outcome = {
        .trial = 1, .seed = 42, .elections = elections, .election_count = PIECE};
    int64_t begun = monotonic_ns();
    for (uint32_t i = 0; i < rows; i += PIECE) {
        struct csv csv = {0};
        rows_elections(&csv, &scenario, "processes", &outcome);
        ssize_t written = write(null, csv.bytes, csv.length);
        assert(written == (ssize_t)csv.length);
        csv_free(&csv);
    }
    return (double)(monotonic_ns() - begun) / rows;
}

static double ms(int64_t ns)
{
    return (double)ns / 1e6;
}

static double stdio_ns(FILE *null, uint32_t rows)
{
    int64_t begun = monotonic_ns();
    for (uint32_t i = 0; i < rows; i++) {
        const struct election *e = &elections[i % PIECE];
        fprintf(null,
                "%s,article,none,processes,1,42,%" PRIu32
                ",flip,%d,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,"
                "%d,%d,%" PRIu64 ",%d,ok,%d,%.3f,%" PRIu32 "\r\n",
                scenario.name, e->nth, e->cause_node, ms(e->due_ns), ms(e->reported_ns),
                ms(e->decided_ns), ms(e->published_ns), ms(e->settled_ns),
                ms(e->published_ns - e->due_ns), ms(e->settled_ns - e->due_ns), e->elected, e->rule,
                e->term, e->rightful, e->live_nodes, ms(e->lock_wait_ns), e->round_trips);
    }
    fflush(null);
    return (double)(monotonic_ns() - begun) / rows;
}

int main(int argc, char **argv)
{
    uint32_t pairs = argc == 3 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    uint32_t rows = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) / PIECE * PIECE : 0;
    if (pairs == 0 || rows == 0) {
        fprintf(stderr, "usage: bench_csv PAIRS ROWS (%d at least)\n", PIECE);
        return 2;
    }
    double *ratios = calloc(pairs, sizeof *ratios);
    double *ours = calloc(pairs, sizeof *ours);
    double *theirs = calloc(pairs, sizeof *theirs);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    FILE *stream = fopen("/dev/null", "we");
    assert(ratios && ours && theirs && null >= 0 && stream &&
           setvbuf(stream, NULL, _IOFBF, 65536) == 0);
    make_elections();
    for (uint32_t i = 0; i < pairs; i++) {
        ours[i] = ours_ns(null, rows);
        theirs[i] = stdio_ns(stream, rows);
        ratios[i] = ours[i] / theirs[i];
    }
    printf("{\"ratio\": %.4f, \"row_ns\": %.1f, \"stdio_row_ns\": %.1f}\n", median(ratios, pairs),
           median(ours, pairs), median(theirs, pairs));
    fclose(stream);
    close(null);
    free(ratios);
    free(ours);
    free(theirs);
    return 0;
}
