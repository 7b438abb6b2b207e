/* What faults and triggers do to a process in the model, to the nanosecond: a message takes 10 ms
 * one way, and the server no time, so that everything can be told in advance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/model/cluster.h"

#define TRIP (20 * MS)

static struct cluster cluster;
#define HISTORY (&cluster.history)

static void run(const char *yaml)
{
    cluster_new(&cluster, yaml);
    cluster.network.service_ns = 0;
    cluster.network.vote_ns = 0;
    cluster_run(&cluster, 1);
}

static int clean_up(void **state)
{
    (void)state;
    cluster_free(&cluster);
    return 0;
}

#define ONE_NODE                                                                                   \
    "nodes: 1\nduration: 2s\nheal: false\n"                                                        \
    "network: {latency: 10ms}\nstarts: {master: 1900ms}\n"
#define TWO_NODES                                                                                  \
    "nodes: 2\nduration: 4s\nheal: false\n"                                                        \
    "network: {latency: 10ms}\nstarts: {1: 0ms, 2: 200ms, master: 3900ms}\n"

/* --- how it goes when nothing goes wrong ------------------------------------------------------ */

static void an_undisturbed_report(void **state)
{
    (void)state;
    run(ONE_NODE);
    assert_int_equal(at(nth_of(HISTORY, HISTORY_STARTED, 1, 1)), 0);
    for (int nth = 1; nth <= 3; nth++) { /* lock, report, unlock */
        assert_int_equal(at(nth_of(HISTORY, HISTORY_REQUEST, 1, nth)), (nth - 1) * TRIP);
        assert_int_equal(at(nth_of(HISTORY, HISTORY_REPLY, 1, nth)), nth * TRIP);
    }
    assert_int_equal(at(nth_of(HISTORY, HISTORY_REQUEST, 1, 4)), 3 * TRIP + 100 * MS);
}

static void those_who_await_reports(void **state)
{
    (void)state;
    run("nodes: 2\nduration: 1s\nheal: false\nnetwork: {latency: 10ms}\n"
        "starts: {1: 0ms, 2: 200ms, master: all_reported}\n");
    const struct history_event *report = nth_of(HISTORY, HISTORY_REPLY, 2, 2);
    assert_int_equal(report->reply.op, STORE_SET_STATUS);
    assert_int_equal(at(nth_of(HISTORY, HISTORY_STARTED, 0, 1)), report->at_ns);
}

static void a_server_serves_one_by_one(void **state)
{
    (void)state;
    cluster_new(&cluster, "nodes: 5\nduration: 1s\nheal: false\nlock: none\n"
                          "network: {latency: 10ms}\nstarts: {master: 900ms}\n");
    cluster.network.service_ns = 3 * MS;
    cluster_run(&cluster, 1);
    for (uint16_t id = 1; id <= 5; id++) {
        assert_int_equal(at(nth_of(HISTORY, HISTORY_REPLY, id, 1)), TRIP + id * 3 * MS);
    }
}

/* --- pauses ----------------------------------------------------------------------------------- */

static void a_paused_process_does_nothing(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{at: 100ms, pause: 1, for: 1s}]\n");
    assert_int_equal(at(nth_of(HISTORY, HISTORY_PAUSED, 1, 1)), 100 * MS);
    assert_int_equal(at(nth_of(HISTORY, HISTORY_RESUMED, 1, 1)), 1100 * MS);
    /* Its poll of 160 ms is long overdue: it comes at once. */
    assert_int_equal(at(first_from(HISTORY, HISTORY_REQUEST, 1, 100 * MS)), 1100 * MS);
}

static void an_answer_waits_in_the_socket(void **state)
{
    (void)state;
    run(ONE_NODE "lock: {token: {ttl: 1900ms}}\nrequest_timeout: 50ms\n"
                 "faults: [{at: 5ms, pause: 1, for: 1s}]\n");
    const struct history_event *reply = nth_of(HISTORY, HISTORY_REPLY, 1, 1);
    assert_int_equal(at(reply), 1005 * MS);
    assert_int_equal(reply->reply.outcome, STORE_OK);
}

static void patience_begins_anew_after_a_pause(void **state)
{
    (void)state;
    run("nodes: 1\nduration: 1s\nheal: false\nnetwork: {latency: 100ms}\n"
        "request_timeout: 150ms\nstarts: {master: 900ms}\n"
        "faults: [{at: 30ms, pause: 1, for: 100ms}]\n");
    const struct history_event *reply = nth_of(HISTORY, HISTORY_REPLY, 1, 1);
    assert_int_equal(at(reply), 200 * MS); /* and not "unknown" at 150 ms */
    assert_int_equal(reply->reply.outcome, STORE_OK);
}

static void the_clock_goes_on_in_a_pause(void **state)
{
    (void)state;
    run(TWO_NODES "lock: {token: {ttl: 500ms}}\n"
                  "faults: [{when: {who: 1, does: acquires_lock}, pause: 1, for: 1s}]\n");
    /* Its TTL is over when it goes on, and it knows: nothing is reported under that lock. */
    const struct history_event *after = first_from(HISTORY, HISTORY_REQUEST, 1, 1000 * MS);
    assert_int_equal(at(after), TRIP + 1000 * MS);
    assert_int_equal(at(nth_of(HISTORY, HISTORY_PAUSED, 1, 1)), TRIP);
    const struct history_event *other = nth_of(HISTORY, HISTORY_CLAIM, 2, 1);
    assert_int_equal(other->claim.claim.in_section, 1);
    assert_true(at(other) > 510 * MS && at(other) < 1000 * MS);
}

static void a_flip_waits_for_the_end_of_a_pause(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{at: 100ms, pause: 1, for: 1s}, {at: 500ms, flip: 1, to: submit}]\n");
    const struct history_event *claim = first_from(HISTORY, HISTORY_CLAIM, 1, 100 * MS);
    assert_int_equal(at(claim), 1100 * MS);
    assert_int_equal(claim->claim.claim.status, STATUS_SUBMIT);
}

/* --- crashes and restarts --------------------------------------------------------------------- */

static void the_dead_mans_request_is_served(void **state)
{
    (void)state;
    run(TWO_NODES "lock: {token: {ttl: 1s}}\nfaults: [{at: 5ms, crash: 1}]\n");
    assert_int_equal(at(nth_of(HISTORY, HISTORY_DIED, 1, 1)), 5 * MS);
    assert_int_equal(count_of(HISTORY, HISTORY_REPLY, 1), 0);
    assert_int_equal(nth_of(HISTORY, HISTORY_REPLY, 2, 1)->reply.outcome, STORE_NIL);
    /* The lock was put at 10 ms: it ends by itself, in the millisecond after its TTL. */
    int64_t expired = at(nth_of(HISTORY, HISTORY_EXPIRED, HISTORY_HARNESS, 1));
    assert_in_range(expired, 1010 * MS + 1, 1011 * MS);
    const struct history_event *held = nth_of(HISTORY, HISTORY_CLAIM, 2, 1);
    assert_true(at(held) > expired);
}

static void a_restarted_process_has_forgotten(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{at: 500ms, flip: 1, to: submit}, {at: 1s, crash: 1, for: 100ms}]\n");
    const struct history_event *born = nth_of(HISTORY, HISTORY_BORN, 1, 2);
    const struct history_event *started = nth_of(HISTORY, HISTORY_STARTED, 1, 2);
    assert_int_equal(at(born), 1100 * MS);
    assert_int_equal(at(started), 1100 * MS + TRIP); /* it connects first */
    const struct history_event *report = first_from(HISTORY, HISTORY_REQUEST, 1, at(started) + 1);
    assert_int_equal(report->request.op, STORE_SET_STATUS);
    assert_int_equal(report->request.status, STATUS_PREPARE);
    /* Requests go on being numbered. */
    const struct history_event *last = NULL;
    for (int nth = 1; nth_of(HISTORY, HISTORY_REQUEST, 1, nth) != report; nth++) {
        last = nth_of(HISTORY, HISTORY_REQUEST, 1, nth);
    }
    assert_int_equal(report->request.number, last->request.number + 1);
}

/* With `every`, since lint refuses `at` where it sees that it is impossible. */
static void what_makes_no_sense_is_skipped_with_a_reason(void **state)
{
    static const struct {
        uint16_t process;
        int64_t at_ns;
        const char *why;
    } skipped[] = {
        {HISTORY_HARNESS, 600 * MS, "no node was alive"},
        {1, 700 * MS, "it was dead"},
        {0, 800 * MS, "it was not paused"},
        {0, 900 * MS, "it was alive"},
        {HISTORY_HARNESS, 950 * MS, "the Redis was not dead"},
        {0, 970 * MS, "it had not started yet"},
    };
    (void)state;
    run(ONE_NODE
        "faults: [{at: 500ms, crash: 1}, {at: 600ms, pause: any},\n"
        "  {every: 700ms, until: 1s, pause: 1}, {every: 800ms, until: 1s, resume: master},\n"
        "  {every: 900ms, until: 1s, restart: master},\n"
        "  {every: 950ms, until: 1s, restart: redis},\n"
        "  {every: 970ms, until: 1s, flip: master, to: submit}]\n");
    assert_int_equal(count_of(HISTORY, HISTORY_FAULT, 1), 1);
    size_t found = 0;
    for (size_t i = 0; i < HISTORY->count; i++) {
        const struct history_event *event = &HISTORY->events[i];
        if (event->kind == HISTORY_SKIPPED) {
            assert_true(found < sizeof skipped / sizeof *skipped);
            assert_int_equal(event->process, skipped[found].process);
            assert_int_equal(event->fault.instance, found + 1);
            assert_int_equal(at(event), skipped[found].at_ns);
            assert_string_equal(event->why, skipped[found].why);
            found++;
        }
    }
    assert_int_equal(found, sizeof skipped / sizeof *skipped);
    assert_int_equal(count_of(HISTORY, HISTORY_HEALED, 1), 0);
}

/* --- breakpoints ------------------------------------------------------------------------------ */

static void before_a_request_goes_out(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{when: {who: 1, does: asks_lock, before: true}, crash: 1}]\n");
    assert_int_equal(at(nth_of(HISTORY, HISTORY_DIED, 1, 1)), 0);
    assert_int_equal(count_of(HISTORY, HISTORY_REQUEST, 1), 0);
}

static void after_its_step(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{when: {who: 1, does: acquires_lock}, crash: 1}]\n");
    assert_int_equal(at(nth_of(HISTORY, HISTORY_DIED, 1, 1)), TRIP);
    assert_int_equal(count_of(HISTORY, HISTORY_REQUEST, 1), 1);
    assert_int_equal(nth_of(HISTORY, HISTORY_CLAIM, 1, 1)->claim.claim.in_section, 1);
}

static void paused_before_a_request(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{when: {who: 1, does: reports, before: true}, pause: 1, for: 300ms}]\n");
    const struct history_event *report = nth_of(HISTORY, HISTORY_REQUEST, 1, 2);
    assert_int_equal(report->request.op, STORE_SET_STATUS);
    assert_int_equal(at(report), TRIP + 300 * MS);
}

static void the_nth_time_and_a_while_after(void **state)
{
    (void)state;
    run(ONE_NODE "protocol: {article: {report: 200ms}}\n"
                 "faults: [{when: {who: 1, does: reports, nth: 2}, after: 7ms, crash: 1}]\n");
    const struct history_event *second = NULL;
    for (int nth = 1, reports = 0; reports < 2; nth++) {
        second = nth_of(HISTORY, HISTORY_REQUEST, 1, nth);
        reports += second->request.op == STORE_SET_STATUS;
    }
    assert_int_equal(at(nth_of(HISTORY, HISTORY_DIED, 1, 1)), at(second) + TRIP + 7 * MS);
}

static void when_all_are_settled(void **state)
{
    (void)state;
    run("nodes: 2\nduration: 2s\nheal: false\nnetwork: {latency: 10ms}\n"
        "starts: {1: 0s, 2: 10ms, master: all_reported}\n"
        "faults: [{when: settled, after: 50ms, crash: leader}]\n");
    const struct history_event *last = nth_of(HISTORY, HISTORY_CLAIM, 2, 1);
    for (int nth = 2; !last || last->claim.claim.follows != 1; nth++) {
        last = nth_of(HISTORY, HISTORY_CLAIM, 2, nth);
    }
    int64_t died = at(nth_of(HISTORY, HISTORY_DIED, 1, 1));
    assert_true(died >= at(last) + 50 * MS);
    assert_int_equal(died % (10 * MS), 0);
}

/* --- the rest --------------------------------------------------------------------------------- */

static void a_stall_in_the_section(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{at: 1ms, hold_lock: 1, for: 500ms}]\n");
    assert_int_equal(at(nth_of(HISTORY, HISTORY_CLAIM, 1, 1)), TRIP);
    assert_int_equal(at(nth_of(HISTORY, HISTORY_REQUEST, 1, 2)), TRIP + 500 * MS);
    assert_int_equal(at(nth_of(HISTORY, HISTORY_REQUEST, 1, 3)), 2 * TRIP + 500 * MS);
}

static void a_flip_while_it_rests(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{at: 123ms, flip: 1, to: submit}]\n");
    const struct history_event *claim = first_from(HISTORY, HISTORY_CLAIM, 1, 100 * MS);
    assert_int_equal(at(claim), 123 * MS);
    assert_int_equal(at(first_from(HISTORY, HISTORY_REQUEST, 1, 100 * MS)), 123 * MS);
}

static void a_flip_while_it_asks(void **state)
{
    (void)state;
    run(ONE_NODE "faults: [{at: 5ms, flip: 1, to: submit}]\n");
    /* Taken up at once, before the answer comes. */
    const struct history_event *reply = nth_of(HISTORY, HISTORY_REPLY, 1, 1);
    const struct history_event *flip = nth_of(HISTORY, HISTORY_CLAIM, 1, 1);
    const struct history_event *held = nth_of(HISTORY, HISTORY_CLAIM, 1, 2);
    assert_int_equal(at(flip), 5 * MS);
    assert_int_equal(at(reply), TRIP);
    assert_true(flip < reply && reply < held);
    assert_int_equal(flip->claim.claim.in_section, 0);
    assert_int_equal(held->claim.claim.in_section, 1);
    assert_int_equal(nth_of(HISTORY, HISTORY_REQUEST, 1, 2)->request.status, STATUS_SUBMIT);
}

static void the_lock_expires_now(void **state)
{
    (void)state;
    run(TWO_NODES "faults: [{when: {who: 1, does: acquires_lock}, expire_lock: lock},\n"
                  "         {when: {who: 1, does: acquires_lock}, hold_lock: 1, for: 500ms}]\n");
    assert_int_equal(at(nth_of(HISTORY, HISTORY_EXPIRED, HISTORY_HARNESS, 1)), TRIP);
    const struct history_event *other = nth_of(HISTORY, HISTORY_CLAIM, 2, 1);
    assert_int_equal(at(other), 200 * MS + TRIP); /* it enters while the other is still inside */
}

static void no_answer_in_time(void **state)
{
    (void)state;
    run("nodes: 1\nduration: 1s\nheal: false\nnetwork: {latency: 100ms}\n"
        "request_timeout: 150ms\nstarts: {master: 900ms}\n");
    const struct history_event *reply = nth_of(HISTORY, HISTORY_REPLY, 1, 1);
    assert_int_equal(at(reply), 150 * MS);
    assert_int_equal(reply->reply.outcome, STORE_UNKNOWN);
    /* It looks whose the lock is, over a new connection, which takes too long to make. */
    const struct history_event *refused = nth_of(HISTORY, HISTORY_REPLY, 1, 2);
    assert_int_equal(at(refused), 300 * MS);
    assert_int_equal(refused->reply.outcome, STORE_REFUSED);
}

static void healing_ends_when_all_agree(void **state)
{
    (void)state;
    run("nodes: 2\nduration: 1s\nnetwork: {latency: 10ms}\nstarts: {master: all_reported}\n"
        "faults: [{at: 800ms, crash: 2}, {at: 900ms, pause: 1}]\n");
    assert_int_equal(at(nth_of(HISTORY, HISTORY_RESUMED, 1, 1)), 1000 * MS);
    assert_int_equal(at(nth_of(HISTORY, HISTORY_BORN, 2, 2)), 1000 * MS);
    const struct history_event *end = &HISTORY->events[HISTORY->count - 1];
    assert_int_equal(end->phase, PHASE_END);
    const struct history_event *last = end - 1;
    while (last->kind != HISTORY_CLAIM) {
        last--;
    }
    assert_int_equal(last->process, 2);
    assert_int_equal(last->claim.claim.follows, 1);
    assert_int_equal(last->at_ns, end->at_ns);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, clean_up)
    const struct CMUnitTest tests[] = {
        TEST(an_undisturbed_report),
        TEST(those_who_await_reports),
        TEST(a_server_serves_one_by_one),
        TEST(a_paused_process_does_nothing),
        TEST(an_answer_waits_in_the_socket),
        TEST(patience_begins_anew_after_a_pause),
        TEST(the_clock_goes_on_in_a_pause),
        TEST(a_flip_waits_for_the_end_of_a_pause),
        TEST(the_dead_mans_request_is_served),
        TEST(a_restarted_process_has_forgotten),
        TEST(what_makes_no_sense_is_skipped_with_a_reason),
        TEST(before_a_request_goes_out),
        TEST(after_its_step),
        TEST(paused_before_a_request),
        TEST(the_nth_time_and_a_while_after),
        TEST(when_all_are_settled),
        TEST(a_stall_in_the_section),
        TEST(a_flip_while_it_rests),
        TEST(a_flip_while_it_asks),
        TEST(the_lock_expires_now),
        TEST(no_answer_in_time),
        TEST(healing_ends_when_all_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
