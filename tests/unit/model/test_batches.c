/* Several requests outstanding, to several servers: what the contract of src/process.h promises a
 * machine. The machine is a script (script.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

#include "src/units.h"
#include "tests/unit/model/script.h"

/* The nth event of this kind that the machine saw, from 1. */
static const struct seen *seen(uint8_t kind, int nth)
{
    for (size_t i = 0; i < script.count; i++) {
        if (script.list[i].kind == kind && --nth == 0) {
            return &script.list[i];
        }
    }
    fail_msg("the machine saw no such event of kind %d", kind);
    return NULL;
}

static size_t seen_count(uint8_t kind)
{
    size_t count = 0;
    for (size_t i = 0; i < script.count; i++) {
        count += script.list[i].kind == kind;
    }
    return count;
}

static const struct history_event *of(const struct cluster *cluster, enum history_kind kind,
                                      int nth)
{
    const struct history_event *event = nth_of(&cluster->history, kind, 1, nth);
    assert_non_null(event);
    return event;
}

/* --- tests ------------------------------------------------------------------------------------ */

/* Again and again, as soon as the last answer is there: 6 to the first server, 2 to the third. */
static void eight_at_once(const struct event *event, struct action *action)
{
    static uint32_t missing;
    missing &= event->kind == EVENT_REPLY ? ~(1u << event->tag) : 0;
    for (uint8_t tag = 0; missing == 0 && tag < 8; tag++) {
        script_ask(action, tag < 6 ? 0 : 2, tag, 0);
    }
    missing = missing ? missing : (1u << 8) - 1;
}

static void those_to_one_server_keep_their_order(void **state)
{
    struct cluster cluster;
    uint8_t expected = 0;
    uint8_t other = 6;
    bool overtaken = false;
    (void)state;
    script_run(&cluster, "duration: 4s\nnetwork: {latency: {p50: 2ms, p99: 20ms}}\n", eight_at_once,
               false);
    assert_int_equal(of(&cluster, HISTORY_REQUEST, 1)->at_ns,
                     of(&cluster, HISTORY_REQUEST, 8)->at_ns);
    assert_true(seen_count(EVENT_REPLY) > 300);
    for (size_t i = 1; i < script.count; i++) {
        uint8_t tag = script.list[i].tag;
        uint8_t *next = tag < 6 ? &expected : &other;
        overtaken = overtaken || (tag == 7 && expected < 5 && expected > 0);
        assert_int_equal(tag, *next);
        *next = tag == 5 ? 0 : tag == 7 ? 6 : (uint8_t)(tag + 1);
    }
    assert_true(overtaken); /* but not by those to another */
    cluster_free(&cluster);
}

static void the_short_way_and_the_long(void **state)
{
    static const char *const networks[] = {"{p50: 2ms, p99: 20ms}", "10us", "{mean: 100us}"};
    (void)state;
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        struct cluster cluster[2];
        char *bytes[2];
        size_t length[2];
        char more[200];
        snprintf(more, sizeof more,
                 "duration: 700ms\nnetwork: {latency: %s}\n"
                 "faults: [{at: 300ms, crash: redis 1, for: 100ms},\n"
                 "         {every: 100ms, pause: 1, for: 9ms}]\n",
                 networks[i]);
        for (int detours = 0; detours < 2; detours++) {
            script_run(&cluster[detours], more, eight_at_once, detours);
            bytes[detours] = history_bytes(&cluster[detours].history, &length[detours]);
        }
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(bytes[0], bytes[1], length[0]);
        for (int detours = 0; detours < 2; detours++) {
            free(bytes[detours]);
            cluster_free(&cluster[detours]);
        }
    }
}

/* Two to a server that stands still, one to another; then one more. */
static void two_and_one(const struct event *event, struct action *action)
{
    if (event->kind == EVENT_STARTED) {
        script_ask(action, 1, 4, 300);
        script_ask(action, 1, 5, 60);
        script_ask(action, 2, 6, 0);
    } else if (event->tag == 4) {
        script_ask(action, 1, 7, 400);
    }
}

static void a_timeout_ends_all_on_its_connection_and_nothing_else(void **state)
{
    struct cluster cluster;
    (void)state;
    script_run(&cluster,
               "duration: 1s\nnetwork: {latency: 1ms}\nstarts: {all: 100ms}\n"
               "faults: [{at: 50ms, stall: redis 2, for: 250ms}]\n",
               two_and_one, false);
    assert_int_equal(seen(EVENT_REPLY, 1)->tag, 6);
    assert_in_range(seen(EVENT_REPLY, 1)->now_ns, 2 * NS_PER_MS, 3 * NS_PER_MS);
    assert_int_equal(seen(EVENT_REPLY, 2)->tag, 4); /* in the order of sending */
    assert_int_equal(seen(EVENT_REPLY, 3)->tag, 5);
    for (int nth = 2; nth <= 3; nth++) {
        assert_int_equal(seen(EVENT_REPLY, nth)->outcome, STORE_UNKNOWN);
        assert_int_equal(seen(EVENT_REPLY, nth)->now_ns, 60 * NS_PER_MS);
    }
    /* The next one opens a new connection to a server that stands still until 200 ms. */
    assert_int_equal(seen(EVENT_REPLY, 4)->tag, 7);
    assert_int_equal(seen(EVENT_REPLY, 4)->outcome, STORE_NIL);
    assert_in_range(seen(EVENT_REPLY, 4)->now_ns, 200 * NS_PER_MS, 203 * NS_PER_MS);
    assert_int_equal(seen_count(EVENT_REPLY), 4);
    cluster_free(&cluster);
}

static void drops_the_first(const struct event *event, struct action *action)
{
    if (event->kind == EVENT_STARTED) {
        script_ask(action, 0, 1, 0);
        script_ask(action, 1, 2, 0);
        action_wait(action, NS_PER_MS, NS_PER_MS);
    } else if (event->kind == EVENT_WOKE) {
        action->drop = 1u << 1;
        script_ask(action, 0, 1, 0); /* the tag is free at once */
    }
}

static void a_dropped_answer_is_recorded_and_is_no_event(void **state)
{
    struct cluster cluster;
    (void)state;
    script_run(&cluster, "duration: 100ms\nnetwork: {latency: 5ms}\n", drops_the_first, false);
    assert_int_equal(count_of(&cluster.history, HISTORY_REQUEST, 1), 3);
    assert_int_equal(count_of(&cluster.history, HISTORY_REPLY, 1), 3);
    assert_int_equal(of(&cluster, HISTORY_REPLY, 1)->reply.number, 1);
    assert_int_equal(seen_count(EVENT_REPLY), 2);
    assert_int_equal(seen(EVENT_REPLY, 1)->tag, 2);
    assert_in_range(seen(EVENT_REPLY, 1)->now_ns, 10 * NS_PER_MS, 11 * NS_PER_MS);
    assert_int_equal(seen(EVENT_REPLY, 2)->tag, 1);
    assert_in_range(seen(EVENT_REPLY, 2)->now_ns, 11 * NS_PER_MS, 12 * NS_PER_MS);
    cluster_free(&cluster);
}

static void the_timer_runs_beside_requests(void **state)
{
    struct cluster cluster;
    (void)state;
    script_run(&cluster, "duration: 100ms\nnetwork: {latency: 5ms}\n", drops_the_first, false);
    assert_int_equal(seen_count(EVENT_WOKE), 1); /* it is cancelled then */
    assert_int_equal(seen(EVENT_WOKE, 1)->now_ns, NS_PER_MS);
    cluster_free(&cluster);
}

static void three_with_moments(const struct event *event, struct action *action)
{
    if (event->kind != EVENT_STARTED) {
        return;
    }
    for (uint8_t i = 0; i < 3; i++) {
        script_ask(action, i, i, 0);
        action->send[i].moment = i == 1 ? MOMENT_REPORTS : MOMENT_NONE;
    }
}

static void a_breakpoint_before_one_of_a_batch_lets_those_before_it_out(void **state)
{
    struct cluster cluster;
    (void)state;
    script_run(&cluster,
               "duration: 300ms\nnetwork: {latency: 1ms}\n"
               "faults: [{when: {who: 1, does: reports, before: true}, pause: 1, for: 50ms}]\n",
               three_with_moments, false);
    int64_t first_ns = of(&cluster, HISTORY_REQUEST, 1)->at_ns;
    assert_int_equal(of(&cluster, HISTORY_PAUSED, 1)->at_ns, first_ns);
    assert_int_equal(of(&cluster, HISTORY_REQUEST, 2)->at_ns, first_ns + 50 * NS_PER_MS);
    assert_int_equal(of(&cluster, HISTORY_REQUEST, 3)->at_ns, first_ns + 50 * NS_PER_MS);
    /* The answer to the first was there when it went on. */
    assert_int_equal(of(&cluster, HISTORY_REPLY, 1)->at_ns, first_ns + 50 * NS_PER_MS);
    assert_int_equal(seen_count(EVENT_REPLY), 3);
    cluster_free(&cluster);
}

static void a_breakpoint_at_an_answer_stops_when_that_one_is_there(void **state)
{
    struct cluster cluster;
    (void)state;
    script_run(&cluster,
               "duration: 300ms\nnetwork: {latency: 1ms}\n"
               "faults: [{when: {who: 1, does: reports, applied: true}, pause: 1, for: 50ms}]\n",
               three_with_moments, false);
    assert_int_equal(of(&cluster, HISTORY_PAUSED, 1)->at_ns, of(&cluster, HISTORY_REPLY, 1)->at_ns);
    assert_int_equal(of(&cluster, HISTORY_REPLY, 2)->at_ns,
                     of(&cluster, HISTORY_PAUSED, 1)->at_ns + 50 * NS_PER_MS);
    assert_int_equal(seen_count(EVENT_REPLY), 3);
    cluster_free(&cluster);
}

/* Three to one server, and one to another, every 10 ms whatever has come. */
static void bursts(const struct event *event, struct action *action)
{
    if (event->kind == EVENT_REPLY || event->kind == EVENT_COMMAND) {
        return;
    }
    static uint32_t tag;
    for (uint8_t i = 0; i < 4; i++) {
        script_ask(action, i < 3 ? 0 : 1, (uint8_t)(tag++ % TAGS), 50);
    }
    action_wait(action, 10 * NS_PER_MS, 10 * NS_PER_MS);
}

/* How the requests to a server that went out within a time ended. */
static int ended(const struct cluster *cluster, uint8_t server, uint8_t outcome, int64_t from_ms,
                 int64_t to_ms)
{
    const struct history *history = &cluster->history;
    int count = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_REPLY && event->server == server &&
            event->reply.outcome == outcome) {
            const struct history_event *asked =
                nth_of(history, HISTORY_REQUEST, 1, (int)event->reply.number);
            count += asked->at_ns >= from_ms * NS_PER_MS && asked->at_ns < to_ms * NS_PER_MS;
        }
    }
    return count;
}

static void what_comes_behind_a_lost_message_is_lost(void **state)
{
    struct cluster cluster;
    (void)state;
    script_run(&cluster,
               "duration: 300ms\nnetwork: {latency: 1ms}\n"
               "faults: [{at: 95ms, lose: 1, server: redis 1}]\n",
               bursts, false);
    /* The three of 100 ms and all behind them, until the timeout of the first closes the
     * connection; the other server is not concerned. */
    assert_int_equal(ended(&cluster, 0, STORE_UNKNOWN, 95, 150), 15);
    assert_int_equal(ended(&cluster, 0, STORE_UNKNOWN, 0, 95), 0);
    assert_int_equal(ended(&cluster, 0, STORE_NIL, 155, 290), 39);
    assert_int_equal(ended(&cluster, 1, STORE_NIL, 0, 290), 29);
    cluster_free(&cluster);
}

static void what_comes_behind_a_late_message_waits(void **state)
{
    struct cluster cluster;
    int64_t last_ns = 0;
    (void)state;
    script_run(&cluster,
               "duration: 300ms\nnetwork: {latency: 1ms}\n"
               "faults: [{at: 95ms, late: 1, by: 30ms, server: redis 1}]\n",
               bursts, false);
    assert_int_equal(ended(&cluster, 0, STORE_NIL, 0, 290), 87);
    for (size_t i = 0; i < cluster.history.count; i++) {
        const struct history_event *event = &cluster.history.events[i];
        if (event->kind == HISTORY_REPLY && event->server == 0) {
            assert_true(event->at_ns >= last_ns);
            last_ns = event->at_ns;
        }
    }
    /* Those of 100, 110, 120 and 130 ms: the first three come when the late one does. */
    const struct history_event *held = first_from(&cluster.history, HISTORY_REPLY, 1, 130500000);
    assert_non_null(held);
    assert_in_range(held->at_ns, 132 * NS_PER_MS, 133 * NS_PER_MS);
    cluster_free(&cluster);
}

static void each_server_has_faults_of_its_own(void **state)
{
    struct cluster cluster;
    (void)state;
    script_run(&cluster,
               "duration: 1s\nnetwork: {latency: 1ms}\n"
               "faults: [{at: 195ms, stall: redis 1, for: 100ms},\n"
               "         {at: 395ms, crash: redis 2, for: 100ms},\n"
               "         {at: 595ms, cut: 1, server: redis 1, for: 100ms}]\n",
               bursts, false);
    /* The one that stands still answers what waited less than its timeout. */
    assert_int_equal(ended(&cluster, 0, STORE_UNKNOWN, 195, 250), 15);
    assert_int_equal(ended(&cluster, 0, STORE_UNKNOWN, 255, 590), 0);
    assert_int_equal(ended(&cluster, 1, STORE_UNKNOWN, 0, 390), 0);
    /* The one that is down: its connection is found broken, then nobody listens there. */
    assert_int_equal(ended(&cluster, 1, STORE_UNKNOWN, 395, 405), 1);
    assert_in_range(ended(&cluster, 1, STORE_REFUSED, 405, 500), 8, 10);
    assert_int_equal(ended(&cluster, 1, STORE_NIL, 520, 980), 46);
    assert_int_equal(ended(&cluster, 0, STORE_NIL, 395, 590), 57);
    assert_true(ended(&cluster, 0, STORE_UNKNOWN, 595, 640) >= 12);
    cluster_free(&cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_to_one_server_keep_their_order),
        cmocka_unit_test(the_short_way_and_the_long),
        cmocka_unit_test(a_timeout_ends_all_on_its_connection_and_nothing_else),
        cmocka_unit_test(a_dropped_answer_is_recorded_and_is_no_event),
        cmocka_unit_test(the_timer_runs_beside_requests),
        cmocka_unit_test(a_breakpoint_before_one_of_a_batch_lets_those_before_it_out),
        cmocka_unit_test(a_breakpoint_at_an_answer_stops_when_that_one_is_there),
        cmocka_unit_test(what_comes_behind_a_lost_message_is_lost),
        cmocka_unit_test(what_comes_behind_a_late_message_waits),
        cmocka_unit_test(each_server_has_faults_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
