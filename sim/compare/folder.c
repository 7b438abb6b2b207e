/* Reads a results folder as one side of a comparison. See comparison.h. */
#include "sim/compare/comparison.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compare/csv_in.h"
#include "sim/outcome/outcome.h"
#include "sim/text/grown.h"

static const char no_memory[] = "memory is out";

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

/* Milliseconds, as ns. */
static bool read_ms(struct csv_in *in, int column, int64_t *ns)
{
    const char *cell = csv_in_cell(in, column);
    char *end;
    double ms = strtod(cell, &end);
    if (end == cell || *end || fabs(ms) > 1e12) {
        char what[160];
        snprintf(what, sizeof what, "%.40s \"%.60s\" is no time in ms", in->names[column], cell);
        return csv_in_wrong(in, what);
    }
    *ns = llround(ms * 1e6);
    return true;
}

/* --- trials ----------------------------------------------------------------------------------- */

static bool add_trial(struct csv_in *in, struct trials *trials, uint64_t number)
{
    if (trials->count > 0 && trials->list[trials->count - 1].number >= number) {
        return csv_in_wrong(in, "a trial's number is not larger than the one before: was the "
                                "scenario run twice into this folder?");
    }
    struct trial_seen *list = grown(trials->list, trials->count, &trials->capacity, sizeof *list);
    if (!list) {
        return csv_in_wrong(in, no_memory);
    }
    trials->list = list;
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

/* The checks of a cell, whose names have a blank between them: nobody knows whether they held. */
static bool add_unknown(struct csv_in *in, int column, enum side side, struct shares *checks)
{
    const char *at = column < 0 ? "" : csv_in_cell(in, column);
    while (*at) {
        char name[64];
        size_t length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        struct share *share = shares_of(checks, name);
        if (!share) {
            return csv_in_wrong(in, no_memory);
        }
        share->unknown[side]++;
        at += length + strspn(at + length, " ");
    }
    return true;
}

static bool read_trials(struct comparison *comparison, enum side side, struct csv_in *in)
{
    int scenario = csv_in_column(in, "scenario");
    int trial = csv_in_column(in, "trial");
    /* Older results do not have them. */
    int untested = csv_in_column_if_any(in, "untested");
    int undecided = csv_in_column_if_any(in, "undecided");
    int why_undecided = csv_in_column_if_any(in, "why_undecided");
    while (csv_in_row(in)) {
        uint64_t number;
        struct compared *compared = comparison_scenario(comparison, csv_in_cell(in, scenario));
        if (!compared) {
            return csv_in_wrong(in, no_memory);
        }
        if (!read_number(in, trial, UINT64_MAX, &number)) {
            return false;
        }
        if (why_undecided >= 0 && *csv_in_cell(in, why_undecided)) {
            compared->trials[side].undecided++;
            continue;
        }
        struct shares *checks = &compared->shares[KIND_CHECKS];
        if (!add_trial(in, &compared->trials[side], number) ||
            !add_unknown(in, untested, side, checks) || !add_unknown(in, undecided, side, checks)) {
            return false;
        }
    }
    return !in->error[0];
}

/* The trial that a row is about; NULL: it was not finished, or is undecided. */
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
    int scenario, trial, published, elected, verdict, times[ELECTION_TIMES];
    int ended; /* -1: older results do not say it */
};

/* The time of an election, or FOREVER_NS if nothing was ever published. False when the cell is
 * empty for another reason, or wrong. */
static bool read_time(struct csv_in *in, const struct election_columns *columns,
                      enum election_time time, int64_t *ns)
{
    bool never = columns->ended >= 0 &&
                 strcmp(csv_in_cell(in, columns->ended), ending_names[ENDED_NEVER]) == 0;
    *ns = FOREVER_NS;
    return never ||
           (*csv_in_cell(in, columns->times[time]) && read_ms(in, columns->times[time], ns));
}

static bool read_election(struct comparison *comparison, enum side side, struct csv_in *in,
                          const struct election_columns *columns)
{
    uint64_t number;
    struct compared *compared;
    if (!read_number(in, columns->trial, UINT64_MAX, &number)) {
        return false;
    }
    struct trial_seen *trial =
        trial_of(comparison, side, in, csv_in_cell(in, columns->scenario), number, &compared);
    if (!trial) {
        return !in->error[0];
    }
    struct share *verdict =
        shares_of(&compared->shares[KIND_VERDICTS], csv_in_cell(in, columns->verdict));
    if (!verdict || (*csv_in_cell(in, columns->published) &&
                     !add_leader(trial, csv_in_cell(in, columns->elected)))) {
        return csv_in_wrong(in, no_memory);
    }
    verdict->count[side]++;
    compared->elections[side]++;
    for (enum election_time time = 0; time < ELECTION_TIMES; time++) {
        int64_t ns = 0;
        if (read_time(in, columns, time, &ns) && !sample_add(&compared->times[time][side], ns)) {
            return csv_in_wrong(in, no_memory);
        }
    }
    return !in->error[0];
}

static bool read_elections(struct comparison *comparison, enum side side, struct csv_in *in)
{
    struct election_columns columns = {
        .scenario = csv_in_column(in, "scenario"),
        .trial = csv_in_column(in, "trial"),
        .published = csv_in_column(in, "published_ms"),
        .elected = csv_in_column(in, "elected"),
        .verdict = csv_in_column(in, "verdict"),
        .ended = csv_in_column_if_any(in, "ended"),
    };
    for (enum election_time time = 0; time < ELECTION_TIMES; time++) {
        columns.times[time] = csv_in_column(in, election_time_names[time]);
    }
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
        struct share *share = shares_of(&compared->shares[KIND_CHECKS], csv_in_cell(in, check));
        if (!share) {
            return csv_in_wrong(in, no_memory);
        }
        share->count[side] += share->last[side] != seen->number; /* rows come in order of trials */
        share->last[side] = seen->number;
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
