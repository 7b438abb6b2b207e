/* Clocks that jump and drift: a private server's wall clock by what Redis says of time and TTLs,
 * and a process's own by when it acts. ctest-timeout: 300 */
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

/* How far the server's clock is ahead of ours, in us: at least `low`, at most `high`. */
struct ahead {
    int64_t low, high;
};

static int64_t wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct ahead ask_ahead(struct stage *stage)
{
    char *rest;
    int64_t before = wall_us();
    int64_t seconds = strtoll(stage_ask(stage, "TIME"), &rest, 10);
    int64_t shown = seconds * 1000000 + strtoll(rest, NULL, 10);
    return (struct ahead){.low = shown - wall_us(), .high = shown - before};
}

/* The machine may be busy: what must lie within bounds is known only as well as that. */
static void between(struct ahead ahead, int64_t low_us, int64_t high_us)
{
    if (ahead.high < low_us - 2000 || ahead.low > high_us + 2000) {
        fail_msg("%lld us … %lld us is not between %lld us and %lld us", (long long)ahead.low,
                 (long long)ahead.high, (long long)low_us, (long long)high_us);
    }
}

static void ahead_by(struct stage *stage, int64_t ms)
{
    between(ask_ahead(stage), ms * 1000, ms * 1000);
}

/* Some of it has passed already. */
static void ttl_is_below(struct stage *stage, long ms)
{
    assert_in_range(atol(stage_ask(stage, "PTTL node_lock")), ms - 15000, ms);
}

/* --- the server's ----------------------------------------------------------------------------- */

static void a_jump_forward_frees_the_lock_at_once(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    ahead_by(&stage, 0);
    assert_string_equal(stage_ask(&stage, "SET node_lock me NX PX 30000"), "OK");
    assert_true(stage_apply(&stage, &fault_jump, REDIS, 60 * SECOND));
    assert_string_equal(stage_ask(&stage, "SET node_lock you NX PX 30000"), "OK");
    ahead_by(&stage, 60000);
    assert_true(stage_heal(&stage, &fault_jump, REDIS));
    ahead_by(&stage, 0);
    ttl_is_below(&stage, 90000);
    stage_end(&stage);
}

static void a_jump_backward_keeps_it_long(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    assert_string_equal(stage_ask(&stage, "SET node_lock me NX PX 20000"), "OK");
    assert_true(stage_apply(&stage, &fault_jump, REDIS, -120 * SECOND));
    ttl_is_below(&stage, 140000);
    ahead_by(&stage, -120000);
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
    assert_true(stage_until(&stage, a_cron_has_run, 20000));
    stage_end(&stage);
}

static void jumps_add_up_and_outlive_a_restart(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    assert_true(stage_apply(&stage, &fault_jump, REDIS, 30 * SECOND));
    assert_true(stage_apply(&stage, &fault_jump, REDIS, -10 * SECOND));
    ahead_by(&stage, 20000);
    assert_true(stage_apply(&stage, &fault_crash, REDIS, 0));
    assert_true(stage_heal(&stage, &fault_crash, REDIS));
    assert_true(stage_until(&stage, server_answers, 10000));
    ahead_by(&stage, 20000);
    stage_end(&stage);
}

static bool is_far_ahead(struct stage *stage)
{
    return ask_ahead(stage).low > 300000;
}

/* Half of what has passed since the drift began, which was between two readings of our clock. */
static void half_ahead(struct stage *stage, int64_t early_us, int64_t late_us, int64_t more_us)
{
    int64_t before = wall_us();
    struct ahead ahead = ask_ahead(stage);
    between(ahead, (before - late_us) / 2 + more_us, (wall_us() - early_us) / 2 + more_us);
}

static void a_drift_grows_with_time(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, SHIFTED);
    int64_t early_us = wall_us();
    assert_true(stage_apply(&stage, &fault_drift, REDIS, 500000));
    int64_t late_us = wall_us();
    assert_true(stage_until(&stage, is_far_ahead, 20000));
    half_ahead(&stage, early_us, late_us, 0);
    assert_true(stage_apply(&stage, &fault_jump, REDIS, 10 * SECOND)); /* the drift goes on */
    half_ahead(&stage, early_us, late_us, 10000000);
    assert_true(stage_heal(&stage, &fault_drift, REDIS)); /* and takes nothing but itself back */
    ahead_by(&stage, 10000);
    assert_true(stage_heal(&stage, &fault_jump, REDIS));
    ahead_by(&stage, 0);
    stage_end(&stage);
}

/* --- a process's own -------------------------------------------------------------------------- */

static uint32_t requests_before;

static bool node_1_asks(struct stage *stage)
{
    return stage->run.shared->slots[1].request_number > requests_before;
}

static void remember(const struct stage *stage)
{
    requests_before = stage->run.shared->slots[1].request_number;
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
    stage_begin(&stage, "protocol: {article: {poll: 1m}}\nstarts: {master: 50s}\n");
    let_it_rest(&stage);
    assert_true(stage_apply(&stage, &fault_jump, 1, 30 * SECOND));
    assert_false(stage_until(&stage, node_1_asks, 300));
    assert_true(stage_apply(&stage, &fault_jump, 1, 31 * SECOND));
    assert_true(stage_until(&stage, node_1_asks, 20000));
    assert_false(stage_heal(&stage, &fault_jump, 1)); /* there is no right time to return to */
    stage_end(&stage);
}

static void a_jump_backward_prolongs_it(void **state)
{
    struct stage stage;
    (void)state;
    stage_begin(&stage, "protocol: {article: {poll: 2s}}\nstarts: {master: 50s}\n");
    let_it_rest(&stage);
    int64_t before = monotonic_ns();
    assert_true(stage_apply(&stage, &fault_jump, 1, -3 * SECOND));
    assert_true(stage_until(&stage, node_1_asks, 20000));
    assert_true(monotonic_ns() - before >= 3 * SECOND);
    stage_end(&stage);
}

/* The shortest time between two looks of node 1 at the result, of those from one time to
 * another. */
static int64_t shortest_pause(const struct history *history, int64_t from_ns, int64_t to_ns)
{
    int64_t last_ns = INT64_MIN, shortest_ns = INT64_MAX;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind != HISTORY_REQUEST || event->process != 1 ||
            event->request.op != STORE_GET_RESULT || event->at_ns < from_ns ||
            event->at_ns >= to_ns) {
            continue;
        }
        if (last_ns != INT64_MIN && event->at_ns - last_ns < shortest_ns) {
            shortest_ns = event->at_ns - last_ns;
        }
        last_ns = event->at_ns;
    }
    return shortest_ns;
}

/* Lets node 1 ask a few times. Returns when that was done, in the history's time. */
static int64_t let_it_ask(struct stage *stage)
{
    for (int i = 0; i < 12; i++) {
        remember(stage);
        assert_true(stage_until(stage, node_1_asks, 20000));
    }
    return monotonic_ns() - stage->run.t0_ns;
}

static void a_drift_changes_the_pace_of_a_process_until_it_is_healed(void **state)
{
    struct stage stage;
    struct history history;
    (void)state;
    stage_begin(&stage, "protocol: {article: {poll: 40ms}}\nstarts: {master: 50s}\n");
    int64_t normal_ns = let_it_ask(&stage);
    assert_true(stage_apply(&stage, &fault_drift, 1, 1000000)); /* twice as fast */
    int64_t fast_ns = let_it_ask(&stage);
    assert_true(stage_heal(&stage, &fault_drift, 1));
    int64_t right_ns = monotonic_ns() - stage.run.t0_ns;
    int64_t end_ns = let_it_ask(&stage);
    stage_end_with(&stage, &history);
    assert_true(shortest_pause(&history, 0, normal_ns) >= 40000000);
    assert_in_range(shortest_pause(&history, normal_ns, fast_ns), 20000000, 39999999);
    assert_true(shortest_pause(&history, right_ns + 40000000, end_ns) >= 40000000);
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
