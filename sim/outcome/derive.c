/* The outcome of a trial: its history is replayed once, through the view that the checks use too,
 * and counted on the way. See outcome.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/view.h"
#include "sim/outcome/elections.h"
#include "sim/outcome/idle.h"
#include "sim/outcome/leaderless.h"
#include "sim/outcome/not_done.h"
#include "sim/outcome/outcome.h"
#include "sim/outcome/stalls.h"
#include "sim/outcome/tally.h"
#include "sim/outcome/trial_verdict.h"
#include "src/lock/lock.h"
#include "src/protocol.h"

struct replay {
    struct view view;
    struct tally tally;
    struct elections elections;
    struct leaderless leaderless;
    struct idle idle;
    int32_t leaders[OUTCOME_LEADERS_MAX]; /* the first ones whom everybody followed */
    uint32_t leader_count;
};

/* What lasts from trial to trial. */
struct outcome_maker {
    struct check_run *checks;
    struct view_process *processes; /* the replay's */
    uint32_t *followers;
    struct idle_one *idle;
    struct reach_one *reaches;
    uint32_t room; /* for so many processes */
};

struct outcome_maker *outcome_maker_new(void)
{
    struct outcome_maker *maker = calloc(1, sizeof *maker);
    if (maker && !(maker->checks = check_run_new())) {
        free(maker);
        maker = NULL;
    }
    return maker;
}

void outcome_maker_free(struct outcome_maker *maker)
{
    if (maker) {
        check_run_free(maker->checks);
        free(maker->processes);
        free(maker->followers);
        free(maker->idle);
        free(maker->reaches);
        free(maker);
    }
}

static bool make_room(struct outcome_maker *maker, uint32_t processes)
{
    assert(processes > 0);
    if (processes <= maker->room) {
        return true;
    }
    free(maker->processes);
    free(maker->followers);
    free(maker->idle);
    free(maker->reaches);
    maker->processes = calloc(processes, sizeof *maker->processes);
    maker->followers = calloc(processes + 1, sizeof *maker->followers);
    maker->idle = calloc(processes, sizeof *maker->idle);
    maker->reaches = calloc(processes, sizeof *maker->reaches);
    bool whole = maker->processes && maker->followers && maker->idle && maker->reaches;
    maker->room = whole ? processes : 0;
    return whole;
}

static bool replay_begin(struct replay *replay, struct outcome_maker *maker,
                         const struct history *history)
{
    bool whole = tally_begin(&replay->tally, history->facts.settings.nodes);
    whole = elections_begin(&replay->elections, history, &replay->view, &replay->tally) && whole;
    if (!make_room(maker, history->facts.settings.nodes + 1u)) {
        return false;
    }
    view_begin(&replay->view, &history->facts, maker->processes, maker->followers);
    leaderless_begin(&replay->leaderless);
    idle_begin(&replay->idle, &replay->view, maker->idle, maker->reaches);
    return whole;
}

static void replay_free(struct replay *replay)
{
    elections_free(&replay->elections);
    tally_free(&replay->tally);
}

/* Whom everybody followed, in order. Those beyond the room are left out. */
static void note_leader(struct replay *replay, int32_t leader)
{
    assert(replay->leader_count <= OUTCOME_LEADERS_MAX);
    uint32_t count = replay->leader_count;
    bool same = count && replay->leaders[count - 1] == leader;
    if (leader != NOBODY && !same && count < OUTCOME_LEADERS_MAX) {
        replay->leaders[replay->leader_count++] = leader;
    }
}

/* A program asks for a lock that lasts for another time than the scenario says. */
static void note_ttl(const struct history *history, const struct history_event *event,
                     struct outcome *outcome)
{
    const struct history_request *request = &event->request;
    assert(event->kind == HISTORY_REQUEST && request->op < STORE_OPS);
    bool dates = op_has(request->op, OP_TAKES_LOCK | OP_DATES_LOCK) && request->key == KEY_LOCK;
    if (!history->facts.programs || !dates || request->ttl_ms == 0 || outcome->asked_ttl_ns > 0) {
        return;
    }
    int64_t said_ns = lock_param(&history->facts.settings, LOCK_TTL);
    int64_t asked_ns = op_ttl_ms(request->op, request->ttl_ms) * NS_PER_MS;
    if (asked_ns != said_ns) {
        outcome->asked_ttl_ns = asked_ns;
    }
}

/* A message changes neither who lives nor what anybody claims. As time passes, whoever was followed
 * by all may stop acting as leader; nobody begins. */
static void take_in_message(struct replay *replay, const struct history *history, uint32_t index,
                            struct outcome *outcome)
{
    const struct history_event *event = &history->events[index];
    view_message(&replay->view, history, index);
    elections_message(&replay->elections, index);
    if (event->kind == HISTORY_REQUEST && !history_is_on_resource(event)) {
        outcome->requests++;
        note_ttl(history, event, outcome);
    }
}

static void take_in(struct replay *replay, const struct history *history, uint32_t index)
{
    const struct history_event *event = &history->events[index];
    tally_pass(&replay->tally, &replay->view, event->at_ns);
    leaderless_pass(&replay->leaderless, &replay->view, event->at_ns);
    view_apply(&replay->view, history, index);
    tally_event(&replay->tally, &replay->view, event);
    elections_event(&replay->elections, index);
    leaderless_event(&replay->leaderless, &replay->elections, event);
    idle_event(&replay->idle, event);
    note_leader(replay, followed_by_all(&replay->view));
}

/* Returns the event at which the trial ended. */
static size_t play(struct replay *replay, const struct history *history, struct outcome *outcome)
{
    assert(history->count <= UINT32_MAX);
    uint32_t last = 0;
    for (uint32_t i = 0; i < history->count; i++) {
        last = i;
        const struct history_event *event = &history->events[i];
        if (view_is_message(event)) {
            take_in_message(replay, history, i, outcome);
            continue;
        }
        take_in(replay, history, i);
        outcome->stalls += is_stall(event);
        if (event->kind == HISTORY_PHASE && event->phase == PHASE_END) {
            break; /* what follows is the harness putting things away */
        }
    }
    tally_pass(&replay->tally, &replay->view, replay->view.now_ns);
    leaderless_pass(&replay->leaderless, &replay->view, replay->view.now_ns);
    idle_end(&replay->idle);
    outcome->idle = replay->idle.longest;
    outcome->final_leader = followed_by_all(&replay->view);
    outcome->duration_ns = replay->tally.now_ns;
    bool leaders = protocol_has_leaders(&replay->view.facts->settings);
    outcome->leaderless_ns = leaders ? replay->leaderless.ns : 0;
    outcome->two_leaders_ns = replay->tally.two_leaders_ns;
    outcome->two_lock_holders_ns = replay->tally.two_lock_holders_ns;
    outcome->entries = replay->tally.entries;
    outcome->entered = replay->tally.entered;
    outcome->inferred = 0;
    for (uint32_t id = 0; id <= replay->view.facts->settings.nodes; id++) {
        outcome->inferred += replay->view.processes[id].inferred;
    }
    assert(outcome->leaderless_ns <= outcome->duration_ns);
    assert(outcome->two_leaders_ns <= outcome->duration_ns);
    assert(outcome->two_lock_holders_ns <= outcome->duration_ns);
    return last;
}

/* False when memory is out. */
static bool take_leaders(struct outcome *outcome, const struct replay *replay)
{
    size_t size = replay->leader_count * sizeof *outcome->leaders;
    assert(!outcome->leaders);
    outcome->leaders = size > 0 ? malloc(size) : NULL;
    if (size > 0 && outcome->leaders) {
        memcpy(outcome->leaders, replay->leaders, size);
        outcome->leader_count = (uint8_t)replay->leader_count;
    }
    return size == 0 || outcome->leaders;
}

/* How each check ended. False when memory is out. */
static bool take_verdicts(struct outcome *outcome, const struct check_run *run)
{
    const char *undecided = check_run_undecided(run);
    size_t size = check_count() * sizeof *outcome->checks;
    outcome->checks = malloc(size);
    if (!outcome->checks) {
        return false;
    }
    memcpy(outcome->checks, check_run_verdicts(run), size);
    if (undecided) {
        outcome->undecided = strdup(undecided);
    }
    return !undecided || outcome->undecided;
}

static int64_t largest(const struct percentile_bounds *bounds, int64_t otherwise)
{
    int64_t largest = 0;
    for (int i = 0; i < BOUNDS; i++) {
        largest = bounds->ns[i] > largest ? bounds->ns[i] : largest;
    }
    return largest ? largest : otherwise;
}

/* As long as the scenario gives an election; the time to settle after the healing, if it says
 * nothing of elections. */
static struct election_timeout timeout_of(const struct expectations *expect)
{
    return (struct election_timeout){
        .publish_ns = largest(&expect->elect, expect->settles_within_ns),
        .settle_ns = largest(&expect->settle, expect->settles_within_ns)};
}

static void count_stalls_that_cost(struct outcome *outcome)
{
    int64_t leaderless_ns;
    for (uint32_t i = 0; i < outcome->election_count; i++) {
        outcome->stalls_that_cost += stall_cost(&outcome->elections[i], &leaderless_ns);
    }
}

bool outcome_make(struct outcome_maker *maker, const struct scenario *scenario,
                  const struct history *history, struct outcome *outcome)
{
    struct replay replay = {0};
    *outcome = (struct outcome){
        .trial = history->facts.trial, .seed = history->facts.seed, .final_leader = NOBODY};
    size_t elections = 0;
    bool whole = replay_begin(&replay, maker, history);
    if (whole) {
        size_t last = play(&replay, history, outcome);
        whole = elections_end(&replay.elections, last, timeout_of(&scenario->expect),
                              &outcome->elections, &elections) &&
                check_run_whole(maker->checks, history, &outcome->violations) &&
                take_leaders(outcome, &replay) && take_verdicts(outcome, maker->checks) &&
                not_done_derive(scenario, history, outcome);
    }
    replay_free(&replay);
    assert(elections <= UINT32_MAX);
    outcome->election_count = (uint32_t)elections;
    outcome->work = check_run_found(maker->checks)->work;
    count_stalls_that_cost(outcome);
    not_done_unfinished(scenario, history, outcome);
    if (!whole) {
        outcome_free(outcome);
        return false;
    }
    outcome->verdict = (uint8_t)trial_verdict(scenario, outcome);
    return true;
}

bool outcome_derive(const struct scenario *scenario, const struct history *history,
                    struct outcome *outcome)
{
    struct outcome_maker *maker = outcome_maker_new();
    bool whole = maker && outcome_make(maker, scenario, history, outcome);
    if (!maker) {
        *outcome = (struct outcome){.final_leader = NOBODY, .idle.id = NOBODY};
    }
    outcome_maker_free(maker);
    return whole;
}
