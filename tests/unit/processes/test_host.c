/* The processes host as its caller sees it: trials in order, whole histories, and how to stop. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/host/host.h"
#include "sim/scenario/load.h"

static const char quick[] = "name: quick\nnodes: 2\nduration: 150ms\n";
static const char rough[] = "name: rough\nnodes: 3\nduration: 1500ms\n"
                            "protocol: {article: {report: 30ms, poll: 10ms}}\nlock: {token: {ttl: "
                            "200ms, retry: 5ms}}\n" /* who dies with it keeps it no longer */
                            "faults:\n"
                            "  - {at: 100ms, crash: 1, for: 50ms}\n"
                            "  - {at: 150ms, pause: 2, for: 100ms}\n"
                            "  - {at: 200ms, flip: 3, to: submit}\n"
                            "  - {when: {who: 3, does: asks_lock, nth: 4, before: true},\n"
                            "     crash: 3}\n";

#define TRIALS_MAX 8

/* What the host's caller was told. */
struct caller {
    struct trial trials[TRIALS_MAX];
    uint32_t count;
    uint32_t stop_after; /* 0: never */
    uint32_t pictures;
};

static bool trial_done(void *self, struct trial *trial)
{
    struct caller *caller = self;
    assert_true(caller->count < TRIALS_MAX);
    caller->trials[caller->count++] = *trial;
    trial->history = (struct history){0};
    return caller->count != caller->stop_after;
}

static void progress(void *self, const struct progress *now)
{
    struct caller *caller = self;
    assert_non_null(now->processes);
    caller->pictures++;
}

static void forget(struct caller *caller)
{
    for (uint32_t i = 0; i < caller->count; i++) {
        history_free(&caller->trials[i].history);
    }
}

static enum trial_end run(const char *text, struct caller *caller, uint32_t trials, uint32_t jobs)
{
    static struct scenario_report report;
    struct scenario scenario;
    struct host_options options = {.trials = trials, .jobs = jobs, .seed = 42};
    struct host_events events = {.self = caller, .trial_done = trial_done, .progress = progress};
    char error[512] = "";
    if (!scenario_parse("test.yaml", text, strlen(text), &scenario, &report)) {
        fail_msg("%s %s", report.problems[0].text, report.problems[0].message);
    }
    enum trial_end end = host_processes.run(&scenario, &options, &events, error, sizeof error);
    if (end == TRIAL_WORLD_FAILED) {
        fail_msg("%s", error);
    }
    scenario_free(&scenario);
    return end;
}

static void trials_are_handed_on_in_order(void **state)
{
    struct caller caller = {.count = 0};
    (void)state;
    assert_int_equal(run(quick, &caller, 6, 3), TRIAL_RAN);
    assert_int_equal(caller.count, 6);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(caller.trials[i].number, i + 1);
        assert_int_equal(caller.trials[i].end, TRIAL_RAN);
        assert_int_equal(caller.trials[i].seed, trial_seed(42, i + 1));
        assert_int_equal(caller.trials[i].history.facts.trial, i + 1);
    }
    assert_int_equal(caller.trials[0].seed, 42);
    assert_true(caller.pictures > 0);
    forget(&caller);
}

static void the_caller_may_stop_it(void **state)
{
    struct caller caller = {.stop_after = 2};
    (void)state;
    run(quick, &caller, 8, 2);
    assert_int_equal(caller.count, 2);
    forget(&caller);
}

/* One process's part of a history: requests are numbered and answered in turn, and nothing happens
 * to who is not alive. */
static void check_process(const struct history *history, uint16_t process)
{
    uint32_t asked = 0;
    bool alive = false;
    bool waits = false;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->process != process) {
            continue;
        }
        switch ((enum history_kind)event->kind) {
        case HISTORY_BORN:
            assert_false(alive);
            alive = true;
            waits = false; /* what the dead one asked is never answered */
            break;
        case HISTORY_DIED:
            assert_true(alive);
            assert_int_equal(event->died.by_fault, 1);
            alive = false;
            break;
        case HISTORY_REQUEST:
            assert_true(alive && !waits);
            assert_int_equal(event->request.number, ++asked);
            waits = true;
            break;
        case HISTORY_REPLY:
            assert_true(alive && waits);
            assert_int_equal(event->reply.number, asked);
            waits = false;
            break;
        case HISTORY_CLAIM:
        case HISTORY_DECIDED:
        case HISTORY_STARTED:
            assert_true(alive);
            break;
        default:
            break;
        }
    }
    assert_true(asked > 3);
}

static void a_history_is_whole(void **state)
{
    struct caller caller = {.count = 0};
    (void)state;
    assert_int_equal(run(rough, &caller, 4, 2), TRIAL_RAN);
    for (uint32_t i = 0; i < caller.count; i++) {
        const struct history *history = &caller.trials[i].history;
        uint32_t kinds[32] = {0};
        for (size_t j = 0; j < history->count; j++) {
            assert_int_equal(history->events[j].seq, j);
            assert_true(j == 0 || history->events[j].at_ns >= history->events[j - 1].at_ns);
            kinds[history->events[j].kind]++;
        }
        const struct history_event *last = &history->events[history->count - 1];
        assert_int_equal(last->kind, HISTORY_PHASE);
        assert_int_equal(last->phase, PHASE_END);
        assert_int_equal(kinds[HISTORY_PHASE], 3);
        assert_int_equal(kinds[HISTORY_DIED], 2);
        assert_int_equal(kinds[HISTORY_BORN], 6);
        assert_int_equal(kinds[HISTORY_PAUSED], 1);
        assert_int_equal(kinds[HISTORY_RESUMED], 1);
        for (uint16_t process = 0; process <= 3; process++) {
            check_process(history, process);
        }
    }
    forget(&caller);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trials_are_handed_on_in_order),
        cmocka_unit_test(the_caller_may_stop_it),
        cmocka_unit_test(a_history_is_whole),
    };
    signal(SIGPIPE, SIG_IGN); /* as main() does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
