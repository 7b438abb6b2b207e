/* Elections of many trials put together. See groups.h. */
#include "sim/outcome/groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void add_winner(struct group *group, int32_t id)
{
    assert(group->winner_count <= WINNERS_MAX);
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
    assert(election->cause == group->cause && election->verdict < VERDICTS);
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
    group->verdicts[election->verdict]++;
    group->outdated += election->outdated;
    group->withdrawn += election->ended == ENDED_WITHDRAWN && election->verdict == VERDICT_NONE;
}

static void count(struct cause_sum *sum, const struct election *election, bool first)
{
    assert(election->ended < ENDINGS);
    sum->trials += first;
    sum->elections++;
    sum->ended[election->ended]++;
    sum->unsettled += election->unsettled;
    sum->outdated += election->outdated;
}

/* The group that an election belongs to. NULL: memory is out. */
static struct group *group_of(struct groups *groups, const struct election *election)
{
    assert(election->nth > 0 && election->cause < CAUSES);
    uint32_t nth = election->nth <= GROUPS_NTH ? election->nth : GROUPS_NTH + 1;
    struct group **group = &groups->list[(nth - 1) * CAUSES + election->cause];
    if (!*group && (*group = calloc(1, sizeof **group))) {
        (*group)->nth = nth;
        (*group)->cause = election->cause;
    }
    return *group;
}

bool groups_take(struct groups *groups, const struct outcome *outcome)
{
    bool whole = true, had[CAUSES] = {false};
    for (uint32_t i = 0; whole && i < outcome->election_count; i++) {
        const struct election *election = &outcome->elections[i];
        struct group *group = group_of(groups, election);
        if (!group) {
            return false;
        }
        add_election(group, election);
        count(&groups->causes[election->cause], election, !had[election->cause]);
        count(&groups->causes[ALL_CAUSES], election, i == 0);
        had[election->cause] = true;
        for (int time = 0; time < ELECTION_TIMES && !outcome->undecided; time++) {
            int64_t ns = election_rank_ns(election, (enum election_time)time);
            whole = spread_add(&group->times[time], ns) && whole;
        }
    }
    return whole;
}

/* The percentiles of a cause, or of all, from those of its groups. */
static bool rank(struct groups *groups, uint8_t cause, enum election_time time)
{
    assert(cause <= CAUSES && time < ELECTION_TIMES);
    struct spread spread = {0};
    bool whole = true;
    for (size_t i = 0; whole && i < (size_t)(GROUPS_NTH + 1) * CAUSES; i++) {
        if (groups->list[i] && (cause == ALL_CAUSES || cause == groups->list[i]->cause)) {
            whole = spread_merge(&spread, &groups->list[i]->times[time]);
        }
    }
    if (!whole) {
        spread_free(&spread);
    }
    groups->causes[cause].ranks[time] = spread_ranks(&spread);
    spread_free(&spread);
    return whole;
}

bool groups_end(struct groups *groups)
{
    bool whole = true;
    for (int time = 0; time < ELECTION_TIMES; time++) {
        for (uint8_t cause = 0; whole && cause <= CAUSES; cause++) {
            whole = rank(groups, cause, (enum election_time)time);
        }
    }
    for (size_t i = 0; i < (size_t)(GROUPS_NTH + 1) * CAUSES; i++) {
        struct group *group = groups->list[i];
        for (int time = 0; group && time < ELECTION_TIMES; time++) {
            group->ranks[time] = spread_ranks(&group->times[time]);
            spread_free(&group->times[time]);
        }
        if (group) {
            qsort(group->winners, group->winner_count, sizeof *group->winners, by_times);
        }
    }
    return whole;
}

const struct group *groups_next(const struct groups *groups, size_t *place)
{
    assert(*place <= (size_t)GROUPS_NTH * CAUSES);
    while (*place < (size_t)GROUPS_NTH * CAUSES) {
        const struct group *group = groups->list[(*place)++];
        if (group) {
            return group;
        }
    }
    return NULL;
}

void groups_free(struct groups *groups)
{
    for (size_t i = 0; i < (size_t)(GROUPS_NTH + 1) * CAUSES; i++) {
        for (int time = 0; groups->list[i] && time < ELECTION_TIMES; time++) {
            spread_free(&groups->list[i]->times[time]);
        }
        free(groups->list[i]);
        groups->list[i] = NULL;
    }
}
