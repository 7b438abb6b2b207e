/* What a machine takes, in the model: starts in turn, late timers, round trips. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/model/cluster.h"

#define THREE "nodes: 3\nduration: 1s\nheal: false\nlock: none\nstarts: {master: all_reported}\n"

static void those_who_start_at_once_start_in_turn(void **state)
{
    struct cluster cluster;
    (void)state;
    cluster_new(&cluster, THREE);
    latency_constant(&cluster.network.start, 5 * MS);
    cluster_run(&cluster, 1);
    for (uint16_t id = 1; id <= 3; id++) {
        assert_int_equal(at(nth_of(&cluster.history, HISTORY_STARTED, id, 1)), (id - 1) * 5 * MS);
    }
    cluster_free(&cluster);
}

static void without_a_file_they_start_within_a_moment(void **state)
{
    struct cluster cluster;
    (void)state;
    cluster_new(&cluster, THREE);
    cluster_run(&cluster, 1);
    int64_t second = at(nth_of(&cluster.history, HISTORY_STARTED, 2, 1));
    int64_t third = at(nth_of(&cluster.history, HISTORY_STARTED, 3, 1));
    assert_int_equal(at(nth_of(&cluster.history, HISTORY_STARTED, 1, 1)), 0);
    assert_true(second >= 0 && second <= third);
    assert_in_range(third, 1000, 240000);
    cluster_free(&cluster);
}

static void those_who_start_apart_wait_for_nobody(void **state)
{
    struct cluster cluster;
    (void)state;
    cluster_new(&cluster, "nodes: 2\nduration: 1s\nheal: false\nlock: none\n"
                          "starts: {1: 0s, 2: 10ms, master: all_reported}\n");
    latency_constant(&cluster.network.start, 5 * MS);
    cluster_run(&cluster, 1);
    assert_int_equal(at(nth_of(&cluster.history, HISTORY_STARTED, 2, 1)), 10 * MS);
    cluster_free(&cluster);
}

/* From an answer to the request after a wait: the wait, and what the timer is late. */
static void timers_are_late(void **state)
{
    struct cluster cluster;
    (void)state;
    for (int late = 0; late <= 7; late += 7) {
        cluster_new(&cluster, THREE);
        latency_constant(&cluster.network.timer, late * MS);
        cluster_run(&cluster, 1);
        int waits = 0;
        int64_t heard_ns = 0;
        for (size_t i = 0; i < cluster.history.count; i++) {
            const struct history_event *event = &cluster.history.events[i];
            if (event->process == 1 && event->kind == HISTORY_REPLY) {
                heard_ns = event->at_ns;
            } else if (event->process == 1 && event->kind == HISTORY_REQUEST &&
                       event->at_ns - heard_ns >= 100 * MS) {
                assert_int_equal(event->at_ns - heard_ns, (100 + late) * MS);
                waits++;
            }
        }
        assert_true(waits >= 5);
        cluster_free(&cluster);
    }
}

/* All three wait from an answer at the same time on, for the same time. */
static void timers_that_are_due_together_are_late_together(void **state)
{
    struct cluster cluster;
    int64_t asked_ns[4][2];
    (void)state;
    cluster_new(&cluster, "nodes: 3\nduration: 1s\nheal: false\nlock: none\n"
                          "starts: {master: 900ms}\nnetwork: {latency: 1ms}\n");
    latency_constant(&cluster.network.start, 0);
    latency_uniform(&cluster.network.timer, 0, 50 * MS);
    cluster.network.service_ns = 0;
    cluster_run(&cluster, 1);
    for (uint16_t id = 1; id <= 3; id++) {
        for (int nth = 0; nth < 2; nth++) { /* behind its report */
            asked_ns[id][nth] = at(nth_of(&cluster.history, HISTORY_REQUEST, id, nth + 2));
        }
    }
    for (int nth = 0; nth < 2; nth++) {
        assert_int_equal(asked_ns[2][nth], asked_ns[1][nth]);
        assert_int_equal(asked_ns[3][nth], asked_ns[1][nth]);
    }
    /* Not always by the same. */
    assert_int_not_equal(asked_ns[1][1] - asked_ns[1][0], asked_ns[1][0]);
    cluster_free(&cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_start_at_once_start_in_turn),
        cmocka_unit_test(without_a_file_they_start_within_a_moment),
        cmocka_unit_test(those_who_start_apart_wait_for_nobody),
        cmocka_unit_test(timers_are_late),
        cmocka_unit_test(timers_that_are_due_together_are_late_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
