/* Orders by hand on real processes: they reach the trial that runs, whoever watches sees what came
 * of them while it does, and what is recorded says who did it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/host/host.h"
#include "sim/scenario/load.h"
#include "src/units.h"

static const char text[] = "name: by-hand\nnodes: 3\nduration: 2500ms\n"
                           "faults:\n  - {at: 100ms, pause: 1, for: 100ms}\n";

/* What is ordered, not before when, and what is answered; NULL: it is done. */
struct act {
    int64_t at_ns;
    struct hand_order order;
    const char *why_not;
};
static const struct act acts[] = {
    {300 * NS_PER_MS, {HAND_CRASH, 3}, NULL},
    {350 * NS_PER_MS, {HAND_PAUSE, 3}, "it was dead"},
    {350 * NS_PER_MS, {HAND_CUT, 2}, NULL},
    {350 * NS_PER_MS, {HAND_CRASH, 7}, "there is no such member"},
    {450 * NS_PER_MS, {HAND_EXPIRE, 0}, "nobody is inside: it waits for the next one who is"},
    {500 * NS_PER_MS, {HAND_CUT, 2}, NULL},
    {700 * NS_PER_MS, {HAND_PAUSE, 0}, NULL},
    {800 * NS_PER_MS, {HAND_HEAL, 0}, NULL},
    {1200 * NS_PER_MS, {HAND_FLIP, 2}, NULL},
};
#define ACTS (sizeof acts / sizeof *acts)
/* Who comes from here on waits until the lock has expired: to heal would call that off. */
#define EXPIRED_NS (700 * NS_PER_MS)
#define EXPIRY "expire_lock lock by hand"

struct watcher {
    int pipe[2];
    size_t ordered, given, told;
    size_t fed;         /* events so far */
    int64_t last_ns;    /* of these */
    uint32_t fed_trial; /* of which trial */
    bool saw_death;     /* of node 3, while the trial ran */
    bool saw_expiry;    /* of the lock */
    struct trial trial;
};

static bool next_order(void *self, struct hand_order *order)
{
    struct watcher *watcher = self;
    char byte;
    if (watcher->given == watcher->ordered) {
        return false;
    }
    assert_int_equal(read(watcher->pipe[0], &byte, 1), 1);
    *order = acts[watcher->given++].order;
    return true;
}

static void told(void *self, const struct hand_order *order, const char *why_not)
{
    struct watcher *watcher = self;
    const struct act *act = &acts[watcher->told++];
    assert_memory_equal(order, &act->order, sizeof *order);
    bool at_once = order->what == HAND_EXPIRE && !why_not; /* somebody was inside */
    if (act->why_not && !at_once) {
        assert_non_null(why_not);
        assert_string_equal(why_not, act->why_not);
    } else if (why_not) {
        fail_msg("not done: %s", why_not);
    }
}

/* Whether the next act is to be ordered. */
static bool is_due(const struct watcher *watcher, int64_t now_ns)
{
    if (watcher->ordered == ACTS) {
        return false;
    }
    int64_t at_ns = acts[watcher->ordered].at_ns;
    return at_ns <= now_ns && (at_ns < EXPIRED_NS || watcher->saw_expiry);
}

static void feed(void *self, const struct history *history, const struct progress *progress)
{
    struct watcher *watcher = self;
    if (watcher->fed_trial != history->facts.trial) {
        watcher->fed_trial = history->facts.trial;
        watcher->fed = 0;
        watcher->last_ns = INT64_MIN;
    }
    assert_true(history->count >= watcher->fed);
    for (; watcher->fed < history->count; watcher->fed++) {
        const struct history_event *event = &history->events[watcher->fed];
        assert_int_equal(event->seq, watcher->fed);
        assert_true(event->at_ns >= watcher->last_ns);
        watcher->last_ns = event->at_ns;
        bool runs = progress->phase == PHASE_SAFETY;
        watcher->saw_death |= runs && event->kind == HISTORY_DIED && event->process == 3;
        watcher->saw_expiry |= event->kind == HISTORY_FAULT && event->fault.index == HISTORY_HAND &&
                               strcmp(event->why, EXPIRY) == 0;
    }
    while (is_due(watcher, progress->now_ns)) {
        assert_int_equal(write(watcher->pipe[1], "o", 1), 1);
        watcher->ordered++;
    }
}

static void leave(void *self)
{
    (void)self;
    fail_msg("nobody has broken it off");
}

static bool trial_done(void *self, struct trial *trial)
{
    struct watcher *watcher = self;
    watcher->trial = *trial;
    trial->history = (struct history){0};
    return true;
}

static size_t count(const struct history *history, uint8_t kind, const char *why)
{
    size_t found = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        bool fault = event->kind == HISTORY_FAULT || event->kind == HISTORY_SKIPPED ||
                     event->kind == HISTORY_HEALED;
        found += fault && event->kind == kind && event->fault.index == HISTORY_HAND &&
                 strcmp(event->why, why) == 0;
    }
    return found;
}

static void orders_reach_the_trial_that_runs(void **state)
{
    static struct scenario_report report;
    static struct watcher watcher;
    struct scenario scenario;
    char error[HOST_ERROR] = "";
    (void)state;
    assert_int_equal(pipe(watcher.pipe), 0);
    assert_true(scenario_parse("by-hand", text, strlen(text), &scenario, &report));
    const struct host_hand hand = {.self = &watcher,
                                   .fd = watcher.pipe[0],
                                   .order = next_order,
                                   .told = told,
                                   .feed = feed,
                                   .leave = leave};
    const struct host_options options = {.trials = 1, .jobs = 1, .seed = 7, .hand = &hand};
    const struct host_events events = {.self = &watcher, .trial_done = trial_done};
    enum trial_end end = host_processes.run(&scenario, &options, &events, error, sizeof error);
    assert_string_equal(error, "");
    assert_int_equal(end, TRIAL_RAN);
    assert_int_equal(watcher.told, ACTS);
    assert_true(watcher.saw_death);

    const struct history *history = &watcher.trial.history;
    assert_int_equal(count(history, HISTORY_FAULT, "crash 3 by hand"), 1);
    assert_int_equal(count(history, HISTORY_SKIPPED, "it was dead"), 1);
    assert_int_equal(count(history, HISTORY_FAULT, "cut 2 by hand"), 1);
    assert_int_equal(count(history, HISTORY_FAULT, "pause master by hand"), 1);
    assert_int_equal(count(history, HISTORY_FAULT, EXPIRY), 1);
    assert_int_equal(count(history, HISTORY_FAULT, "flip 2 to submit by hand") +
                         count(history, HISTORY_FAULT, "flip 2 to prepare by hand"),
                     1);
    assert_int_equal(count(history, HISTORY_HEALED, "healed"), 3); /* cut, crash, pause */
    history_free(&watcher.trial.history);
    scenario_free(&scenario);
    close(watcher.pipe[0]);
    close(watcher.pipe[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(orders_reach_the_trial_that_runs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
