/* A comparison as text. See tables.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/compare/tables.h"
#include "sim/outcome/outcome.h"
#include "sim/text/clean.h"

/* Chaos gives an order of leaders a trial; so many are shown, the most frequent. */
#define ORDERS_SHOWN 12

struct writing {
    FILE *out;
    double within;
    const char *scenario, *what; /* of the line before */
    size_t orders, orders_left_out;
};

static void put_ms(FILE *out, int64_t ns)
{
    if (ns == NEVER_NS || ns == FOREVER_NS) {
        fprintf(out, "%11s", ns == NEVER_NS ? "-" : "never");
    } else {
        fprintf(out, "%11.3f", (double)ns / 1e6);
    }
}

static void put_share(FILE *out, const struct line *line, enum side side)
{
    if (line->of[side] == 0) {
        fprintf(out, "%18s", "-");
    } else {
        fprintf(out, "%9zu %7.1f %%", line->count[side],
                100.0 * (double)line->count[side] / (double)line->of[side]);
    }
}

static void put_distance(const struct writing *writing, const struct line *line)
{
    if (line->distance < 0) {
        fprintf(writing->out, "%9s%8s\n", "-", "-");
        return;
    }
    /* The elections of one trial hang together: their shares are shown, and not judged. */
    bool of_elections = strcmp(line->what, "verdict") == 0 || strcmp(line->what, "ended") == 0;
    bool judged = writing->within >= 0 && !of_elections;
    const size_t *n = line->of[SIDE_A] ? line->of : line->count;
    bool far = judged && differs(line->distance, n[SIDE_A], n[SIDE_B], writing->within);
    fprintf(writing->out, "%9.3f%8.3f%s\n", line->distance, line->bound, far ? "  differs" : "");
}

static void flush_orders(struct writing *writing)
{
    if (writing->orders_left_out > 0) {
        fprintf(writing->out, "    and %zu orders more\n", writing->orders_left_out);
    }
    writing->orders = writing->orders_left_out = 0;
}

static void put_heads(struct writing *writing, const struct line *line, bool times)
{
    static const char share_head[] = "        A     share        B     share    apart    95 %";
    static const char time_head[] = "    n A    n B      p50 A      p50 B      p90 A      p90 B"
                                    "      p99 A      p99 B       KS    95 %";
    if (!writing->scenario || strcmp(writing->scenario, line->scenario) != 0) {
        flush_orders(writing);
        fputc('\n', writing->out);
        clean_line(writing->out, "%s", line->scenario);
        writing->what = NULL;
    }
    if (!writing->what || strcmp(writing->what, line->what) != 0) {
        flush_orders(writing);
        if (times) {
            fprintf(writing->out, "  %-12s%s\n", line->what, time_head);
        } else {
            fprintf(writing->out, "  %-22s%s\n", line->what, share_head);
        }
    }
    writing->scenario = line->scenario;
    writing->what = line->what;
}

/* A name in a column: at least `width` bytes, at most `most`. */
static void put_name(FILE *out, const char *name, int width, size_t most)
{
    char clean[64];
    assert(most < sizeof clean);
    fprintf(out, "    %-*s", width, clean_text(name, clean, most + 1));
}

static bool put(void *self, const struct line *line)
{
    struct writing *writing = self;
    bool times = line->of[SIDE_A] + line->of[SIDE_B] == 0;
    put_heads(writing, line, times);
    if (strcmp(line->what, "leaders") == 0 && ++writing->orders > ORDERS_SHOWN) {
        writing->orders_left_out++;
        return true;
    }
    if (!times) {
        put_name(writing->out, line->name, 20, 40);
        put_share(writing->out, line, SIDE_A);
        put_share(writing->out, line, SIDE_B);
        put_distance(writing, line);
        return true;
    }
    put_name(writing->out, line->name, 10, 20);
    fprintf(writing->out, "%7zu%7zu", line->count[SIDE_A], line->count[SIDE_B]);
    const int64_t *percentiles[] = {line->p50, line->p90, line->p99};
    for (int i = 0; i < 3; i++) {
        put_ms(writing->out, percentiles[i][SIDE_A]);
        put_ms(writing->out, percentiles[i][SIDE_B]);
    }
    put_distance(writing, line);
    return true;
}

bool comparison_text(const struct comparison *comparison, double within, FILE *out)
{
    struct writing writing = {.out = out, .within = within};
    for (enum side side = 0; side < SIDES; side++) {
        clean_line(out, "%c  %s", side == SIDE_A ? 'A' : 'B', comparison->folder[side]);
    }
    comparison_lines(comparison, put, &writing);
    flush_orders(&writing);
    for (size_t i = comparison->both; i < comparison->count; i++) {
        const struct compared *compared = &comparison->list[i];
        bool in_a = compared->trials[SIDE_A].count > 0;
        if (in_a || compared->trials[SIDE_B].count > 0) {
            fputc('\n', out);
            clean_line(out, "%s: only in %c", compared->scenario, in_a ? 'A' : 'B');
        }
    }
    fprintf(
        out,
        "\nKS: the two-sample Kolmogorov-Smirnov distance. Two samples of n and m from one\n"
        "distribution are further apart than 1.358 * sqrt((n + m) / (n * m)) in 5 %% of cases:\n"
        "the column 95 %%.\n");
    if (within >= 0) {
        size_t count = comparison_differences(comparison, within);
        fprintf(out, "%zu %s by more than %g and by more than chance.\n", count,
                count == 1 ? "line differs" : "lines differ", within);
    }
    return fflush(out) == 0 && !ferror(out);
}
