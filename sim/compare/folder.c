/* Reads a results folder as one side of a comparison. See folder.h. */
#include "sim/compare/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compare/csv_in.h"
#include "sim/outcome/outcome.h"

static const char no_memory[] = "memory is out";

/* More kinds of checks than there are bits in trial_seen.checks. */
#define CHECKS_SEEN_MAX 64

/* --- cells ------------------------------------------------------------------------------------ */

static bool read_number(struct csv_in *in, int column, uint64_t most, uint64_t *value)
{
    const char *cell = csv_in_cell(in, column);
    char *end;
    errno = 0;
    *value = strtoull(cell, &end, 10);
    if (*cell < '0' || *cell > '9' || *end || errno || *value > most) {
        char what[160];
        snprintf(what, sizeof what, "%.40s \"%.60s\" is no whole number", in->names[column], cell);
        return csv_in_wrong(in, what);
    }
    return true;
}

/* Milliseconds with up to six decimals, as ns. */
static bool read_ms(struct csv_in *in, int column, int64_t *ns)
{
    const char *cell = csv_in_cell(in, column);
    bool negative = *cell == '-';
    const char *at = cell + negative;
    int64_t value = 0;
    int decimals = -1;
    bool good = *at >= '0' && *at <= '9';
    for (; good && *at; at++) {
        if (*at == '.' && decimals < 0) {
            decimals = 0;
        } else {
            good = *at >= '0' && *at <= '9' && decimals < 6 && value < INT64_MAX / 10000000;
            value = value * 10 + (*at - '0');
            decimals += decimals >= 0;
        }
    }
    if (!good) {
        char what[160];
        snprintf(what, sizeof what, "%.40s \"%.60s\" is no time in ms", in->names[column], cell);
        return csv_in_wrong(in, what);
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 6; i++) {
        value *= 10;
    }
    *ns = negative ? -value : value;
    return true;
}

/* --- trials ----------------------------------------------------------------------------------- */

static bool add_trial(struct csv_in *in, struct trials *trials, uint64_t number)
{
    if (trials->count > 0 && trials->list[trials->count - 1].number >= number) {
        return csv_in_wrong(in, "a trial's number is not larger than the one before: was the "
                                "scenario run twice into this folder?");
    }
    if (trials->count == trials->capacity) {
        size_t capacity = trials->capacity ? 2 * trials->capacity : 64;
        struct trial_seen *list = realloc(trials->list, capacity * sizeof *list);
        if (!list) {
            return csv_in_wrong(in, no_memory);
        }
        trials->list = list;
        trials->capacity = capacity;
    }
    trials->list[trials->count++] = (struct trial_seen){.number = number};
    return true;
}

/* The trial of this number, or NULL. Rows come in the order of trials. */
static struct trial_seen *find_trial(struct trials *trials, uint64_t number)
{
    if (trials->at >= trials->count || trials->list[trials->at].number > number) {
        trials->at = 0;
    }
    while (trials->at < trials->count && trials->list[trials->at].number < number) {
        trials->at++;
    }
    bool found = trials->at < trials->count && trials->list[trials->at].number == number;
    return found ? &trials->list[trials->at] : NULL;
}

static bool read_trials(struct comparison *comparison, enum side side, struct csv_in *in)
{
    int scenario = csv_in_column(in, "scenario");
    int host = csv_in_column(in, "host");
    int trial = csv_in_column(in, "trial");
    while (csv_in_row(in)) {
        uint64_t number;
        struct compared *compared = comparison_scenario(comparison, csv_in_cell(in, scenario));
        if (!compared) {
            return csv_in_wrong(in, no_memory);
        }
        snprintf(compared->host[side], sizeof compared->host[side], "%.15s", csv_in_cell(in, host));
        if (!read_number(in, trial, UINT64_MAX, &number) ||
            !add_trial(in, &compared->trials[side], number)) {
            return false;
        }
    }
    return !in->error[0];
}

/* The finished trial that a row is about; NULL: it was not finished. */
static struct trial_seen *trial_of(struct comparison *comparison, enum side side, struct csv_in *in,
                                   const char *scenario, uint64_t number,
                                   struct compared **compared)
{
    *compared = comparison_scenario(comparison, scenario);
    if (!*compared) {
        csv_in_wrong(in, no_memory);
        return NULL;
    }
    return find_trial(&(*compared)->trials[side], number);
}

/* --- elections -------------------------------------------------------------------------------- */

/* Adds a leader to an order, unless it is the one before. */
static bool add_leader(struct trial_seen *trial, const char *id)
{
    char *leaders;
    if (!trial->leaders) {
        trial->leaders = strdup(id);
        return trial->leaders != NULL;
    }
    const char *last = strrchr(trial->leaders, ' ');
    if (strcmp(last ? last + 1 : trial->leaders, id) == 0) {
        return true;
    }
    if (asprintf(&leaders, "%s %s", trial->leaders, id) < 0) {
        return false;
    }
    free(trial->leaders);
    trial->leaders = leaders;
    return true;
}

struct election_columns {
    int scenario, trial, nth, cause, published, elected, verdict, times[MEASURES];
    int ended; /* -1: older results do not say it */
};

/* The time of an election, or FOREVER_NS if nothing was ever published. False when the cell is
 * empty for another reason, or wrong. */
static bool read_time(struct csv_in *in, const struct election_columns *columns,
                      enum measure measure, int64_t *ns)
{
    bool never = columns->ended >= 0 &&
                 strcmp(csv_in_cell(in, columns->ended), ending_names[ENDED_NEVER]) == 0;
    *ns = FOREVER_NS;
    return never ||
           (*csv_in_cell(in, columns->times[measure]) && read_ms(in, columns->times[measure], ns));
}

static bool read_election(struct comparison *comparison, enum side side, struct csv_in *in,
                          const struct election_columns *columns)
{
    uint64_t number;
    uint64_t nth;
    struct compared *compared;
    if (!read_number(in, columns->trial, UINT64_MAX, &number) ||
        !read_number(in, columns->nth, UINT32_MAX, &nth)) {
        return false;
    }
    struct trial_seen *trial =
        trial_of(comparison, side, in, csv_in_cell(in, columns->scenario), number, &compared);
    if (!trial) {
        return !in->error[0];
    }
    compared->elections[side]++;
    if (columns->ended >= 0 &&
        !shares_count(&compared->endings, csv_in_cell(in, columns->ended), side, 1)) {
        return csv_in_wrong(in, no_memory);
    }
    if (!shares_count(&compared->verdicts, csv_in_cell(in, columns->verdict), side, 1) ||
        (*csv_in_cell(in, columns->published) &&
         !add_leader(trial, csv_in_cell(in, columns->elected)))) {
        return csv_in_wrong(in, no_memory);
    }
    for (enum measure measure = 0; measure < MEASURES; measure++) {
        int64_t ns = 0;
        if (!read_time(in, columns, measure, &ns)) {
            if (in->error[0]) {
                return false;
            }
            continue;
        }
        if (!compared_time(compared, side, 0, "", measure, ns) ||
            !compared_time(compared, side, (uint32_t)nth, csv_in_cell(in, columns->cause), measure,
                           ns)) {
            return csv_in_wrong(in, no_memory);
        }
    }
    return true;
}

static bool read_elections(struct comparison *comparison, enum side side, struct csv_in *in)
{
    struct election_columns columns = {
        .scenario = csv_in_column(in, "scenario"),
        .trial = csv_in_column(in, "trial"),
        .nth = csv_in_column(in, "nth"),
        .cause = csv_in_column(in, "cause"),
        .published = csv_in_column(in, "published_ms"),
        .elected = csv_in_column(in, "elected"),
        .verdict = csv_in_column(in, "verdict"),
        .ended = csv_in_column_if_any(in, "ended"),
        .times = {[MEASURE_ELECT] = csv_in_column(in, "elect_ms"),
                  [MEASURE_SETTLE] = csv_in_column(in, "settle_ms")}};
    while (csv_in_row(in)) {
        if (!read_election(comparison, side, in, &columns)) {
            return false;
        }
    }
    return !in->error[0];
}

/* --- violations ------------------------------------------------------------------------------- */

static bool read_violations(struct comparison *comparison, enum side side, struct csv_in *in)
{
    int scenario = csv_in_column(in, "scenario");
    int trial = csv_in_column(in, "trial");
    int check = csv_in_column(in, "check");
    while (csv_in_row(in)) {
        uint64_t number;
        struct compared *compared;
        if (!read_number(in, trial, UINT64_MAX, &number)) {
            return false;
        }
        struct trial_seen *seen =
            trial_of(comparison, side, in, csv_in_cell(in, scenario), number, &compared);
        if (!seen) {
            continue; /* an error ends the loop, too */
        }
        const char *name = csv_in_cell(in, check);
        if (!shares_count(&compared->checks, name, side, 0)) {
            return csv_in_wrong(in, no_memory);
        }
        size_t place = 0;
        while (strcmp(compared->checks.list[place].name, name) != 0) {
            place++;
        }
        if (place >= CHECKS_SEEN_MAX) {
            return csv_in_wrong(in, "there are more than 64 kinds of checks");
        }
        if (!(seen->checks >> place & 1)) {
            seen->checks |= UINT64_C(1) << place;
            compared->checks.list[place].count[side]++;
        }
    }
    return !in->error[0];
}

/* --- the folder ------------------------------------------------------------------------------- */

static bool read_table(struct comparison *comparison, enum side side, const char *name,
                       bool (*rows)(struct comparison *, enum side, struct csv_in *))
{
    struct csv_in in;
    char *path;
    if (asprintf(&path, "%s/%s", comparison->folder[side], name) < 0) {
        snprintf(comparison->error, sizeof comparison->error, "%s", no_memory);
        return false;
    }
    bool good = csv_in_open(&in, path) && rows(comparison, side, &in);
    if (!csv_in_close(&in) || !good) {
        snprintf(comparison->error, sizeof comparison->error, "%s", in.error);
        good = false;
    }
    free(path);
    return good;
}

bool comparison_read(struct comparison *comparison, enum side side, const char *folder)
{
    comparison->folder[side] = folder;
    return read_table(comparison, side, "trials.csv", read_trials) &&
           read_table(comparison, side, "elections.csv", read_elections) &&
           read_table(comparison, side, "violations.csv", read_violations);
}
