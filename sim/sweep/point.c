/* What came of the trials of one point. See point.h. */
#include "sim/sweep/point.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/units.h"

const struct figure_row figure_rows[FIGURES] = {
    [FIGURE_TRIALS] = {"trials", KIND_COUNT, "trials that were run"},
    [FIGURE_FAILED] = {"failed", KIND_COUNT, "trials in which an expectation was broken"},
    [FIGURE_UNDECIDED] = {"undecided", KIND_COUNT,
                          "trials that cannot be judged; they count in no other column"},
    [FIGURE_UNTESTED] = {"untested", KIND_COUNT,
                         "trials without a split brain in which none could have been seen"},
    [FIGURE_ELECTIONS] = {"elections", KIND_COUNT, "elections that somebody won"},
    [FIGURE_ELECT_P50] = {"elect_ms_p50", KIND_TIME, "from when a leader was due to its election"},
    [FIGURE_ELECT_P90] = {"elect_ms_p90", KIND_TIME, ""},
    [FIGURE_ELECT_P99] = {"elect_ms_p99", KIND_TIME, ""},
    [FIGURE_ELECT_MAX] = {"elect_ms_max", KIND_TIME, ""},
    [FIGURE_SETTLE_P50] = {"settle_ms_p50", KIND_TIME, "until all followed it"},
    [FIGURE_SETTLE_P90] = {"settle_ms_p90", KIND_TIME, ""},
    [FIGURE_SETTLE_P99] = {"settle_ms_p99", KIND_TIME, ""},
    [FIGURE_SETTLE_MAX] = {"settle_ms_max", KIND_TIME, ""},
    [FIGURE_LEADERLESS_MEAN] = {"leaderless_ms_mean", KIND_TIME, "nobody led, in a trial"},
    [FIGURE_LEADERLESS_P50] = {"leaderless_ms_p50", KIND_TIME, ""},
    [FIGURE_LEADERLESS_P99] = {"leaderless_ms_p99", KIND_TIME, ""},
    [FIGURE_LEADERLESS_MAX] = {"leaderless_ms_max", KIND_TIME, ""},
    [FIGURE_FALSE_TAKEOVERS] = {"false_takeovers", KIND_COUNT,
                                "another was elected although the leader lived"},
    [FIGURE_LEADER_CRASHES] = {"leader_crashes", KIND_COUNT,
                               "leaders that died, so that another had to be elected"},
    [FIGURE_SPLIT_TRIALS] = {"split_brain_trials", KIND_COUNT,
                             "trials in which two led at once, or a stale write got through"},
    [FIGURE_FIRST_SPLIT] = {"first_split_trial", KIND_TRIAL, "the number of the first of these"},
    [FIGURE_OVERLAP_MEAN] = {"overlap_ms_mean", KIND_TIME, "two led at once, in a trial"},
    [FIGURE_OVERLAP_MAX] = {"overlap_ms_max", KIND_TIME, ""},
    [FIGURE_UNFENCED] = {"unfenced_writes", KIND_COUNT, "stale writes that got through"},
    [FIGURE_LATE] = {"late_writes", KIND_COUNT,
                     "an older leader's, accepted before the newer one had written"},
    [FIGURE_REQUESTS] = {"requests_per_s", KIND_RATE, "to Redis, of all members together"},
};

/* --- taking ----------------------------------------------------------------------------------- */

bool is_false_takeover(const struct election *election)
{
    static const bool lives[CAUSES] = {
        [CAUSE_PAUSE] = true,  [CAUSE_PARTITION] = true,   [CAUSE_CLOCK] = true,
        [CAUSE_EXPIRY] = true, [CAUSE_RESIGNATION] = true, [CAUSE_OVERWRITE] = true};
    assert(election->cause < CAUSES);
    return lives[election->cause] && election->ended == ENDED_PUBLISHED &&
           election->elected != NOBODY && election->elected != election->cause_node;
}

bool could_split(const struct outcome *outcome)
{
    static const struct check_row *const rows[] = {&check_two_leaders, &check_two_lock_holders,
                                                   &check_stale_write, NULL};
    bool tested = false;
    for (size_t i = 0; i < check_count(); i++) {
        uint8_t ending = outcome->checks[i].ending;
        for (size_t j = 0; rows[j]; j++) {
            if (check_rows[i] == rows[j] && ending == CHECK_UNDECIDED) {
                return false;
            }
            tested = tested ||
                     (check_rows[i] == rows[j] && (ending == CHECK_HELD || ending == CHECK_BROKEN));
        }
    }
    return tested && outcome->not_done_count == 0 && outcome->unfinished == 0;
}

static bool take_elections(struct point_sum *sum, const struct outcome *outcome)
{
    bool whole = true;
    for (uint32_t i = 0; i < outcome->election_count; i++) {
        const struct election *election = &outcome->elections[i];
        sum->elections += election->published_ns != NEVER_NS;
        sum->false_takeovers += is_false_takeover(election);
        sum->crashes += election->cause == CAUSE_CRASH;
        for (enum election_time time = 0; time < ELECTION_TIMES; time++) {
            whole = whole && spread_add(&sum->times[time], election_rank_ns(election, time));
        }
    }
    return whole;
}

bool point_take(struct point_sum *sum, const struct outcome *outcome)
{
    int64_t overlap_ns = outcome->two_leaders_ns > outcome->two_lock_holders_ns
                             ? outcome->two_leaders_ns
                             : outcome->two_lock_holders_ns;
    sum->trials++;
    if (outcome->verdict == TRIAL_UNDECIDED) {
        sum->undecided++;
        return true;
    }
    sum->failed += outcome->verdict == TRIAL_FAILED;
    sum->leaderless_ns += outcome->leaderless_ns;
    if (splits(outcome)) {
        sum->split_trials++;
        sum->first_split = sum->first_split > 0 ? sum->first_split : outcome->trial;
    }
    sum->untested += !splits(outcome) && !could_split(outcome);
    sum->overlap_ns += overlap_ns;
    sum->overlap_max_ns = overlap_ns > sum->overlap_max_ns ? overlap_ns : sum->overlap_max_ns;
    sum->unfenced += outcome->work.stale;
    sum->late += outcome->work.late;
    sum->requests += outcome->requests;
    sum->lasted_ns += outcome->duration_ns;
    return spread_add(&sum->leaderless, outcome->leaderless_ns) && take_elections(sum, outcome);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void put_ranks(struct spread *spread, int64_t *into)
{
    struct ranks ranks = spread_ranks(spread);
    for (enum bound rank = 0; rank < BOUNDS; rank++) {
        into[rank] = ranks.ns[rank];
    }
}

static int64_t mean(int64_t sum, uint64_t count)
{
    return count > 0 ? sum / (int64_t)count : NEVER_NS;
}

void point_end(struct point_sum *sum, struct point *point)
{
    uint64_t judged = sum->trials - sum->undecided;
    int64_t *of = point->of;
    point->why[0] = '\0';
    of[FIGURE_TRIALS] = (int64_t)sum->trials;
    of[FIGURE_FAILED] = (int64_t)sum->failed;
    of[FIGURE_UNDECIDED] = (int64_t)sum->undecided;
    of[FIGURE_UNTESTED] = (int64_t)sum->untested;
    of[FIGURE_ELECTIONS] = (int64_t)sum->elections;
    put_ranks(&sum->times[TIME_ELECT], &of[FIGURE_ELECT_P50]);
    put_ranks(&sum->times[TIME_SETTLE], &of[FIGURE_SETTLE_P50]);
    of[FIGURE_LEADERLESS_MEAN] = mean(sum->leaderless_ns, judged);
    of[FIGURE_LEADERLESS_P50] = spread_percentile(&sum->leaderless, 0, 50);
    of[FIGURE_LEADERLESS_P99] = spread_percentile(&sum->leaderless, 0, 99);
    of[FIGURE_LEADERLESS_MAX] = spread_percentile(&sum->leaderless, 0, 100);
    of[FIGURE_FALSE_TAKEOVERS] = (int64_t)sum->false_takeovers;
    of[FIGURE_LEADER_CRASHES] = (int64_t)sum->crashes;
    of[FIGURE_SPLIT_TRIALS] = (int64_t)sum->split_trials;
    of[FIGURE_FIRST_SPLIT] = sum->first_split > 0 ? (int64_t)sum->first_split : NEVER_NS;
    of[FIGURE_OVERLAP_MEAN] = mean(sum->overlap_ns, judged);
    of[FIGURE_OVERLAP_MAX] = judged > 0 ? sum->overlap_max_ns : NEVER_NS;
    of[FIGURE_UNFENCED] = (int64_t)sum->unfenced;
    of[FIGURE_LATE] = (int64_t)sum->late;
    of[FIGURE_REQUESTS] =
        sum->lasted_ns > 0
            ? (int64_t)llround((double)sum->requests * 1e3 * NS_PER_S / (double)sum->lasted_ns)
            : 0;
}

void point_sum_free(struct point_sum *sum)
{
    for (int time = 0; time < ELECTION_TIMES; time++) {
        spread_free(&sum->times[time]);
    }
    spread_free(&sum->leaderless);
    *sum = (struct point_sum){0};
}

uint64_t point_tested(const struct point *point)
{
    int64_t count = point->of[FIGURE_TRIALS] - point->of[FIGURE_UNDECIDED] -
                    point->of[FIGURE_UNTESTED] - point->of[FIGURE_SPLIT_TRIALS];
    return !point->why[0] && count > 0 ? (uint64_t)count : 0;
}

enum point_kind point_kind(const struct point *point)
{
    return point->why[0]                        ? POINT_NOT_RUN
           : point->of[FIGURE_SPLIT_TRIALS] > 0 ? POINT_SPLIT
           : point->of[FIGURE_UNDECIDED] > 0    ? POINT_UNDECIDED
           : point_tested(point) == 0           ? POINT_UNTESTED
                                                : POINT_HOLDS;
}

/* --- as a line -------------------------------------------------------------------------------- */

#define NOT_VALID "not valid: "

void point_not_valid(struct point *point, const char *why)
{
    *point = (struct point){0};
    snprintf(point->why, sizeof point->why, "%s", *why ? why : "its values make no scenario");
    for (char *at = point->why; *at; at++) {
        if ((unsigned char)*at < ' ') {
            *at = ' ';
        }
    }
}

void point_write(const struct point *point, FILE *line)
{
    if (point->why[0]) {
        fprintf(line, NOT_VALID "%s", point->why);
        return;
    }
    for (int i = 0; i < FIGURES; i++) {
        int64_t value = point->of[i];
        fputs(i > 0 ? " " : "", line);
        if (value == NEVER_NS || value == FOREVER_NS) {
            fputs(value == NEVER_NS ? "-" : "never", line);
        } else {
            fprintf(line, "%" PRId64, value);
        }
    }
}

bool point_read(const char *line, struct point *point)
{
    if (strncmp(line, NOT_VALID, strlen(NOT_VALID)) == 0) {
        point_not_valid(point, line + strlen(NOT_VALID));
        return true;
    }
    point->why[0] = '\0';
    for (int i = 0; i < FIGURES; i++) {
        size_t length = strcspn(line, " ");
        char *end;
        errno = 0;
        int64_t value = strtoll(line, &end, 10);
        bool number = length > 0 && end == line + length && errno == 0;
        if (strncmp(line, "never", length) == 0 && length == 5) {
            value = FOREVER_NS;
        } else if (length == 1 && *line == '-') {
            value = NEVER_NS;
        } else if (!number) {
            return false;
        }
        point->of[i] = value;
        line += length;
        if ((*line == ' ') != (i + 1 < FIGURES)) {
            return false;
        }
        line += *line == ' ';
    }
    return true;
}
