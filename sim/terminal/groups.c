/* Elections of many trials put together, by their number in the trial and their cause. */
#include "sim/terminal/groups.h"

#include <stdlib.h>
#include <string.h>

#include "sim/outcome/packed.h"
#include "sim/outcome/times.h"

/* A group's times while they are collected: at most one election of a trial is in a group. */
struct times {
    int64_t *values; /* borrowed, one for each trial */
    size_t count;
};

static void add_time(struct times *times, int64_t ns)
{
    if (ns != NEVER_NS) {
        times->values[times->count++] = ns;
    }
}

static void add_winner(struct group *group, int32_t id)
{
    for (uint32_t i = 0; i < group->winner_count; i++) {
        if (group->winners[i].id == id) {
            group->winners[i].times++;
            return;
        }
    }
    if (group->winner_count < WINNERS_MAX) {
        group->winners[group->winner_count++] = (struct winner){.id = id, .times = 1};
    } else {
        group->others++;
    }
}

static int by_times(const void *left, const void *right)
{
    const struct winner *a = left, *b = right;
    if (a->times != b->times) {
        return a->times > b->times ? -1 : 1;
    }
    return (a->id > b->id) - (a->id < b->id);
}

static bool is_same(const char *one, const char *other)
{
    return one && other && strcmp(one, other) == 0;
}

static void add_election(struct group *group, const struct election *election)
{
    if (group->elections == 0) {
        group->cause_node = election->cause_node;
        group->reason = election->reason;
    } else {
        group->cause_node = group->cause_node == election->cause_node ? group->cause_node : NOBODY;
        group->reason = is_same(group->reason, election->reason) ? group->reason : NULL;
    }
    group->elections++;
    group->published = group->published || election->ended == ENDED_PUBLISHED;
    add_winner(group, election->elected);
    if (election->verdict < VERDICTS) {
        group->verdicts[election->verdict]++;
    }
}

/* Fills the group from the elections that belong to it. `values` has room for 2 × count. */
static void fill(struct group *group, const struct outcome *outcomes, size_t count, int64_t *values)
{
    int check = check_find("dead_leader");
    struct times elect = {.values = values}, settle = {.values = values + count};
    for (size_t trial = 0; trial < count; trial++) {
        struct election_walk walk = election_walk(&outcomes[trial]);
        for (const struct election *election; (election = election_next(&walk));) {
            if (election->nth == group->nth && election->cause == group->cause) {
                add_election(group, election);
                group->dead_leader =
                    group->dead_leader ||
                    (check >= 0 && outcomes[trial].checks[check].ending == CHECK_BROKEN);
                if (!outcomes[trial].undecided) { /* as in summary.csv */
                    add_time(&elect, election_rank_ns(election, TIME_ELECT));
                    add_time(&settle, election_rank_ns(election, TIME_SETTLE));
                }
                break;
            }
        }
    }
    qsort(group->winners, group->winner_count, sizeof *group->winners, by_times);
    group->elect_p50_ns = percentile(elect.values, elect.count, 50);
    group->elect_p99_ns = percentile(elect.values, elect.count, 99);
    group->elect_max_ns = percentile(elect.values, elect.count, 100);
    group->settle_p50_ns = percentile(settle.values, settle.count, 50);
    group->settle_p99_ns = percentile(settle.values, settle.count, 99);
}

/* Marks which groups there are by their nth: there is a place for each nth and cause. */
static void find(const struct outcome *outcomes, size_t count, uint32_t nth_max, struct group *list)
{
    for (size_t trial = 0; trial < count; trial++) {
        struct election_walk walk = election_walk(&outcomes[trial]);
        for (const struct election *election; (election = election_next(&walk));) {
            if (election->nth <= nth_max) {
                list[(election->nth - 1) * CAUSES + election->cause].nth = election->nth;
            }
        }
    }
}

bool groups_make(const struct outcome *outcomes, size_t count, uint32_t nth_max,
                 struct groups *groups)
{
    *groups = (struct groups){0};
    if (count == 0 || nth_max == 0) {
        return true;
    }
    int64_t *values = calloc(count, 2 * sizeof *values);
    groups->list = calloc((size_t)nth_max * CAUSES, sizeof *groups->list);
    if (!values || !groups->list) {
        free(values);
        groups_free(groups);
        return false;
    }
    find(outcomes, count, nth_max, groups->list);
    for (size_t place = 0; place < (size_t)nth_max * CAUSES; place++) {
        uint32_t nth = groups->list[place].nth;
        if (nth > 0) {
            struct group *group = &groups->list[groups->count++];
            *group = (struct group){.nth = nth, .cause = (uint8_t)(place % CAUSES)};
            fill(group, outcomes, count, values);
        }
    }
    free(values);
    return true;
}

void groups_free(struct groups *groups)
{
    free(groups->list);
    *groups = (struct groups){0};
}
