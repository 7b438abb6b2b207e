/* A running tally of a cluster. See tally.h. */
#include "sim/results/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool tally_begin(struct tally *tally, uint16_t nodes) {
    size_t processes = (size_t)nodes + 1;
    *tally = (struct tally){
        .nodes = nodes,
        .counted = calloc(processes, sizeof *tally->counted),
        .followers = calloc(processes + 2, sizeof *tally->followers),
        .leaders = calloc(processes, sizeof *tally->leaders),
    };
    return tally->counted && tally->followers && tally->leaders;
}

void tally_free(struct tally *tally) {
    free(tally->counted);
    free(tally->followers);
    free(tally->leaders);
    *tally = (struct tally){0};
}

/* Those who lead do so until their claim runs out. Of a span of time, nobody leads after the last
 * of them has, and two or more lead until the last but one has. */
static void pass_leaders(struct tally *tally, const struct view *view, int64_t from, int64_t to) {
    int64_t last = from;
    int64_t last_but_one = from;
    for (uint32_t i = 0; i < tally->leader_count; i++) {
        int64_t until = view->processes[tally->leaders[i]].claim.until_ns;
        until = until > to ? to : until;
        if (until > last) {
            last_but_one = last;
            last = until;
        } else if (until > last_but_one) {
            last_but_one = until;
        }
    }
    tally->leaderless_ns += to - last;
    tally->two_leaders_ns += last_but_one - from;
}

void tally_pass(struct tally *tally, const struct view *view, int64_t now_ns) {
    int64_t from = tally->now_ns;
    if (now_ns <= from) {
        return;
    }
    tally->now_ns = now_ns;
    pass_leaders(tally, view, from, now_ns);
    if (tally->inside >= 2) {
        tally->two_lock_holders_ns += now_ns - from;
    }
}

static uint32_t *followers_of(struct tally *tally, int32_t id) {
    bool ours = id >= NOBODY && id <= tally->nodes;
    return &tally->followers[ours ? id + 1 : tally->nodes + 2];
}

static void count_leader(struct tally *tally, uint16_t id, bool leads) {
    if (leads) {
        tally->leaders[tally->leader_count++] = id;
        return;
    }
    for (uint32_t i = 0; i < tally->leader_count; i++) {
        if (tally->leaders[i] == id) {
            tally->leaders[i] = tally->leaders[--tally->leader_count];
            return;
        }
    }
    assert(!"it was no leader");
}

static void count_active(struct tally *tally, const struct counted *process, int sign) {
    if (process->active) {
        tally->active += (uint32_t)sign;
        *followers_of(tally, process->follows) += (uint32_t)sign;
        tally->followed_sum += sign * (int64_t)process->follows;
    }
}

bool tally_process(struct tally *tally, const struct view *view, uint16_t id) {
    assert(id <= tally->nodes);
    const struct view_process *seen = &view->processes[id];
    struct counted *counted = &tally->counted[id];
    struct counted now = {
        .alive = seen->alive,
        .active = seen->alive && seen->started && !seen->paused,
        .leads = seen->alive && seen->claim.leads,
        .inside = seen->alive && seen->claim.in_section,
        .follows = seen->claim.follows,
    };
    struct counted was = *counted;
    *counted = now;
    count_active(tally, &was, -1);
    count_active(tally, &now, +1);
    if (was.leads != now.leads) {
        count_leader(tally, id, now.leads);
    }
    tally->inside += (uint32_t)now.inside - (uint32_t)was.inside;
    if (id != MASTER_ID) {
        tally->live_nodes += (uint32_t)now.alive - (uint32_t)was.alive;
    }
    return was.alive != now.alive || was.active != now.active || was.leads != now.leads ||
           was.inside != now.inside || was.follows != now.follows;
}

/* Whether all who are active follow this id, by looking at each. */
static bool all_follow(const struct tally *tally, int32_t id) {
    for (uint32_t i = 0; i <= tally->nodes; i++) {
        if (tally->counted[i].active && tally->counted[i].follows != id) {
            return false;
        }
    }
    return true;
}

int32_t tally_settled(const struct tally *tally) {
    if (tally->active == 0 || tally->followed_sum % tally->active != 0) {
        return NOBODY;
    }
    /* If all follow one, it is the mean; whether they do, its followers tell. */
    int32_t leader = (int32_t)(tally->followed_sum / tally->active);
    if (leader < 0) {
        return NOBODY;
    }
    if (leader > tally->nodes) {
        return all_follow(tally, leader) ? leader : NOBODY;
    }
    const struct counted *process = &tally->counted[leader];
    bool agreed = tally->followers[leader + 1] == tally->active;
    return agreed && (!process->alive || process->leads) ? leader : NOBODY;
}

bool tally_alive(const struct tally *tally, int32_t id) {
    assert(id >= 0);
    return id > tally->nodes || tally->counted[id].alive;
}
