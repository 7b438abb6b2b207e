/* A scenario, a trial of it, and a place to write its results. Include cmocka's headers before. */
#ifndef HUSTINGS_TESTS_UNIT_PLACE_H
#define HUSTINGS_TESTS_UNIT_PLACE_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/results/columns.h"
#include "sim/results/files.h"
#include "sim/results/results.h"
#include "tests/unit/outcomes.h"

/* --- a scenario, a trial and a place to write them
 * ------------------------------------------------
 */

static char text[] = "name: two\nnodes: 2\n";
static char path[] = "scenarios/two.yaml";

static const struct run_facts facts = {.host = "processes",
                                       .command = "hustings run --redis "
                                                  "redis://me:secret@127.0.0.1:6379/0 two.yaml",
                                       .redis_version = "7.0.15",
                                       .redis_server = "redis-server",
                                       .jobs = 2};

struct place {
    char base[64];
    struct scenario scenario;
    struct history history;
    struct outcome outcome;
    struct results *results;
};

static inline int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->base, "/tmp/hustings-results-XXXXXX");
    assert_non_null(mkdtemp(place->base));
    place->scenario = (struct scenario){.name = "two",
                                        .path = path,
                                        .text = text,
                                        .text_length = strlen(text),
                                        .seed = UINT64_MAX,
                                        .trials = 2};
    struct tale *s = tale_new(2);
    everybody_runs(s);
    reports(s, 1);
    elects(s, 0, 1, 3, 1);
    all_obey(s, 1, 1);
    dies(s, 1);
    has_read(s, 0);
    decides(s, 0, 1, 2);
    ends(s);
    place->history = s->history;
    free(s);
    assert_true(outcome_derive(&place->scenario, &place->history, &place->outcome));
    *state = place;
    return 0;
}

static inline int remove_one(const char *name, const struct stat *status, int type,
                             struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(name);
}

static inline int tear_down(void **state)
{
    struct place *place = *state;
    if (place->results) {
        results_close(place->results);
    }
    outcome_free(&place->outcome);
    history_free(&place->history);
    assert_int_equal(nftw(place->base, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(place);
    return 0;
}

static inline struct results *open_results(struct place *place)
{
    char error[512] = "";
    place->results = results_open(place->base, "two", error, sizeof error);
    if (!place->results) {
        fail_msg("%s", error);
    }
    return place->results;
}

static inline bool write_trial(struct place *place, uint32_t trial)
{
    place->outcome.trial = trial;
    return results_trial(place->results, &place->scenario, &facts, &place->outcome,
                         &place->history);
}

static inline bool write_without_history(struct place *place, uint32_t trial)
{
    place->outcome.trial = trial;
    return results_trial(place->results, &place->scenario, &facts, &place->outcome, NULL);
}

/* --- reading what was written --------------------------------------------------------------------
 */

/* A file of the folder as a string, the caller's to free(). */
static inline char *contents(const struct results *results, const char *name)
{
    char file_path[512];
    struct stat status;
    snprintf(file_path, sizeof file_path, "%s/%s", results_path(results), name);
    int fd = open(file_path, O_RDONLY);
    if (fd < 0 || fstat(fd, &status) != 0) {
        fail_msg("%s: %s", file_path, strerror(errno));
    }
    char *bytes = calloc(1, (size_t)status.st_size + 1);
    assert_int_equal(read(fd, bytes, (size_t)status.st_size), status.st_size);
    close(fd);
    return bytes;
}

static inline bool is_there(const struct results *results, const char *name)
{
    char file_path[512];
    snprintf(file_path, sizeof file_path, "%s/%s", results_path(results), name);
    return access(file_path, F_OK) == 0;
}

/* How many rows a table has below its header. Fails unless each is whole. */
static inline size_t whole_rows(const struct results *results, enum results_table table)
{
    char name[64];
    snprintf(name, sizeof name, "%s.csv", results_tables[table].name);
    char *csv = contents(results, name);
    size_t rows = 0;
    for (char *line = csv; *line; rows++) {
        size_t cells = 1;
        bool quoted = false;
        for (; *line && (quoted || *line != '\r'); line++) {
            quoted ^= *line == '"';
            cells += !quoted && *line == ',';
        }
        assert_int_equal(cells, column_count(table));
        assert_memory_equal(line, "\r\n", 2);
        line += 2;
    }
    free(csv);
    assert_true(rows > 0);
    return rows - 1;
}

#endif
