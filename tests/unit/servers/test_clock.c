/* Clocks that jump and drift: a private server's wall clock by what Redis says of time and TTLs, and
 * a process's own by when it acts.
 * ctest-timeout: 120 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/unit/servers/stage.h"

#define REDIS HISTORY_HARNESS
#define SECOND INT64_C(1000000000)

static const char *const SHIFTED = "starts: {all: 50s}\nfaults: [{at: 59s, jump: redis, by: 1s}]\n";

/* By how many ms the server's clock is ahead of ours. */
static long ahead_ms(struct stage *stage)
{
    struct timespec now;
    char *rest;
    long seconds = strtol(stage_ask(stage, "TIME"), &rest, 10);
    long micros = strtol(rest, NULL, 10);
    clock_gettime(CLOCK_REALTIME, &now);
    return (seconds - now.tv_sec) * 1000 + micros / 1000 - now.tv_nsec / 1000000;
}

static void near(long value, long wanted, long by)
{
    if (labs(value - wanted) > by) {
        fail_msg("%ld is not within %ld of %ld", value, by, wanted);
    }
}

/* --- the server's ----------------------------------------------------------------------------- */

static void a_jump_forward_frees_the_lock_at_once(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    near(ahead_ms(&stage), 0, 50);
    assert_string_equal(stage_ask(&stage, "SET node_lock me NX PX 10000"), "OK");
    assert_true(stage_apply(&stage, &fault_jump, REDIS, 60 * SECOND));
    assert_string_equal(stage_ask(&stage, "SET node_lock you NX PX 10000"), "OK");
    near(ahead_ms(&stage), 60000, 50);
    assert_true(stage_heal(&stage, &fault_jump, REDIS));
    near(ahead_ms(&stage), 0, 50);
    near(atol(stage_ask(&stage, "PTTL node_lock")), 70000, 500);
    stage_end(&stage);
}

static void a_jump_backward_keeps_it_long(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    assert_string_equal(stage_ask(&stage, "SET node_lock me NX PX 2000"), "OK");
    assert_true(stage_apply(&stage, &fault_jump, REDIS, -120 * SECOND));
    near(atol(stage_ask(&stage, "PTTL node_lock")), 122000, 500);
    near(ahead_ms(&stage), -120000, 50);
    stage_end(&stage);
}

/* Nobody looks at the key, so it is the server's own timer that purges it. */
static bool a_cron_has_run(struct stage *stage)
{
    return strcmp(stage_ask(stage, "DBSIZE"), "0") == 0;
}

/* Its event loop goes by the monotonic clock: timers run on after a jump back. */
static void a_jump_leaves_the_servers_own_timers_alone(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    assert_true(stage_apply(&stage, &fault_jump, REDIS, -60 * SECOND));
    assert_string_equal(stage_ask(&stage, "SET purged 1 PX 30"), "OK");
    assert_string_equal(stage_ask(&stage, "DBSIZE"), "1");
    assert_true(stage_until(&stage, a_cron_has_run, 3000));
    stage_end(&stage);
}

static void jumps_add_up_and_outlive_a_restart(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    assert_true(stage_apply(&stage, &fault_jump, REDIS, 30 * SECOND));
    assert_true(stage_apply(&stage, &fault_jump, REDIS, -10 * SECOND));
    near(ahead_ms(&stage), 20000, 50);
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    assert_true(stage_heal(&stage, &fault_crash, REDIS));
    assert_true(stage_until(&stage, server_answers, 10000));
    near(ahead_ms(&stage), 20000, 50);
    stage_end(&stage);
}

static bool is_far_ahead(struct stage *stage)
{
    return ahead_ms(stage) > 300;
}

static void a_drift_grows_with_time(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    int64_t before = monotonic_ns();
    assert_true(stage_apply(&stage, &fault_drift, REDIS, 500000));
    assert_true(stage_until(&stage, is_far_ahead, 5000));
    long elapsed_ms = (long)((monotonic_ns() - before) / 1000000);
    near(ahead_ms(&stage), elapsed_ms / 2, 60);
    assert_true(stage_apply(&stage, &fault_jump, REDIS, 10 * SECOND)); /* the drift goes on */
    near(ahead_ms(&stage), 10000 + elapsed_ms / 2, 200);
    assert_true(stage_heal(&stage, &fault_drift, REDIS));
    near(ahead_ms(&stage), 0, 50);
    stage_end(&stage);
}

/* --- a process's own -------------------------------------------------------------------------- */

static uint32_t requests_before;

static bool node_1_asks(struct stage *stage)
{
    return stage->run.shared->lanes[1].request_number > requests_before;
}

static void remember(const struct stage *stage)
{
    requests_before = stage->run.shared->lanes[1].request_number;
}

/* Its first requests are done, and it waits. */
static void let_it_rest(struct stage *stage)
{
    do {
        remember(stage);
    } while (stage_until(stage, node_1_asks, 300));
}

static void a_jump_forward_ends_a_process_wait(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, "timing: {poll: 30s}\nstarts: {master: 50s}\n");
    let_it_rest(&stage);
    assert_true(stage_apply(&stage, &fault_jump, 1, 29 * SECOND));
    assert_false(stage_until(&stage, node_1_asks, 300));
    assert_true(stage_apply(&stage, &fault_jump, 1, 2 * SECOND));
    assert_true(stage_until(&stage, node_1_asks, 1000));
    assert_true(stage_heal(&stage, &fault_jump, 1));
    stage_end(&stage);
}

static void a_jump_backward_prolongs_it(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, "timing: {poll: 50ms}\nstarts: {master: 50s}\n");
    remember(&stage);
    assert_true(stage_until(&stage, node_1_asks, 1000));
    int64_t before = monotonic_ns();
    assert_true(stage_apply(&stage, &fault_jump, 1, -1 * SECOND));
    let_it_rest(&stage);
    assert_true(stage_until(&stage, node_1_asks, 3000));
    near((long)((monotonic_ns() - before) / 1000000), 1000, 250);
    stage_end(&stage);
}

/* How many times node 1 looks at the result between two times. */
static int count_looks(const struct history *history, int64_t from_ns, int64_t to_ns)
{
    int looks = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        looks += event->kind == HISTORY_REQUEST && event->process == 1 &&
                 event->request.op == STORE_GET_RESULT && event->at_ns >= from_ns &&
                 event->at_ns < to_ns;
    }
    return looks;
}

static bool half_a_second_is_over(struct stage *stage)
{
    (void)stage;
    return false;
}

static void a_drift_changes_the_pace_of_a_process_until_it_is_healed(void **state)
{
    struct stage stage;
    struct history history;
    int64_t marks[4];
    (void)state;
    requests_before = 0;
    stage_begin(&stage, "timing: {poll: 20ms}\nstarts: {master: 50s}\n");
    assert_true(stage_until(&stage, node_1_asks, 1000));
    marks[0] = monotonic_ns() - stage.run.t0_ns;
    stage_until(&stage, half_a_second_is_over, 500);
    marks[1] = monotonic_ns() - stage.run.t0_ns;
    assert_true(stage_apply(&stage, &fault_drift, 1, 1000000)); /* twice as fast */
    stage_until(&stage, half_a_second_is_over, 500);
    marks[2] = monotonic_ns() - stage.run.t0_ns;
    assert_true(stage_heal(&stage, &fault_drift, 1));
    stage_until(&stage, half_a_second_is_over, 500);
    marks[3] = monotonic_ns() - stage.run.t0_ns;
    stage_end_with(&stage, &history);
    int normal = count_looks(&history, marks[0], marks[1]);
    int fast = count_looks(&history, marks[1], marks[2]);
    int healed = count_looks(&history, marks[2], marks[3]);
    near(normal, 25, 7);
    near(fast, 50, 14);
    near(healed, 25, 7);
    history_free(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jump_forward_frees_the_lock_at_once),
        cmocka_unit_test(a_jump_backward_keeps_it_long),
        cmocka_unit_test(a_jump_leaves_the_servers_own_timers_alone),
        cmocka_unit_test(jumps_add_up_and_outlive_a_restart),
        cmocka_unit_test(a_drift_grows_with_time),
        cmocka_unit_test(a_jump_forward_ends_a_process_wait),
        cmocka_unit_test(a_jump_backward_prolongs_it),
        cmocka_unit_test(a_drift_changes_the_pace_of_a_process_until_it_is_healed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
