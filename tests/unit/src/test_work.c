/* Work, played by hand: what a member writes beside its election, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/owners.h"
#include "src/protocol.h"
#include "src/units.h"
#include "src/work.h"

#define EVERY (50 * NS_PER_MS)

struct bench {
    struct settings settings;
    struct process process;
    struct action action;
    int64_t now_ns;
    bool holders; /* nobody is elected: who holds the lock works */
};

static struct bench bench_new(void)
{
    struct bench bench = {.settings = settings_default(3), .now_ns = NS_PER_S};
    bench.settings.work_every_ns = EVERY;
    bench.process = process_new(1);
    return bench;
}

/* After the protocol's own step, whatever that was. */
static void step(struct bench *bench, struct event event)
{
    memset(&bench->action, 0, sizeof bench->action);
    event.now_ns = bench->now_ns;
    work_step(&bench->settings, !bench->holders, &bench->process, &event, &bench->action);
}

static void something_happens(struct bench *bench)
{
    step(bench, (struct event){.kind = EVENT_WOKE, .timer = TIMER_PROTOCOL});
}

static void leads(struct bench *bench, uint64_t term)
{
    bench->process.claim.leads = 1;
    bench->process.claim.term = term;
    something_happens(bench);
}

static void is_answered(struct bench *bench, uint8_t outcome)
{
    struct reply reply = {.outcome = outcome, .value.integer = 7};
    step(bench, (struct event){.kind = EVENT_REPLY, .tag = TAG_WORK, .reply = &reply});
}

static void rings(struct bench *bench)
{
    step(bench, (struct event){.kind = EVENT_WOKE, .timer = TIMER_WORK});
}

static void assert_writes(const struct bench *bench, uint64_t epoch)
{
    const struct request *request = &bench->action.send[0];
    assert_int_equal(bench->action.sends, 1);
    assert_int_equal(request->op, STORE_WRITE);
    assert_int_equal(request->server, settings_resource(&bench->settings));
    assert_int_equal(request->tag, TAG_WORK);
    assert_int_equal(request->moment, MOMENT_WRITES);
    assert_int_equal(request->value.number, epoch);
}

static void assert_rests(const struct bench *bench, int64_t ns)
{
    const struct wake *wake = &bench->action.wake[TIMER_WORK];
    assert_int_equal(bench->action.sends, 0);
    assert_int_equal(wake->order, TIMER_SET);
    assert_int_equal(wake->min_ns, ns);
    assert_int_equal(wake->max_ns, ns);
    assert_int_equal(bench->action.wake[TIMER_PROTOCOL].order, TIMER_KEEP);
}

static void who_leads_nothing_writes_nothing(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    something_happens(&bench);
    assert_int_equal(bench.action.sends, 0);
    assert_int_equal(bench.action.drop, 0);
}

static void the_barrier_goes_out_at_once(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    bench.process.lock.epoch = 34;
    bench.process.claim.in_section = 1;
    leads(&bench, 5);
    assert_writes(&bench, 34);
}

/* The token of a lock that it gave back is none of its leadership. */
static void a_leader_without_the_lock_has_no_token(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    bench.process.lock.epoch = 34;
    leads(&bench, 5);
    assert_writes(&bench, 0);
}

/* Where leaders are elected, the lock is for something else. */
static void who_only_holds_the_lock_does_no_leaders_work(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    bench.process.claim.in_section = 1;
    something_happens(&bench);
    assert_int_equal(bench.action.sends, 0);
}

/* So long after the last was sent, whatever became of it. */
static void the_next_follows_in_time(void **state)
{
    static const uint8_t outcomes[] = {STORE_OK, STORE_NIL, STORE_REFUSED, STORE_UNKNOWN,
                                       STORE_UNREADABLE};
    struct bench bench = bench_new();
    (void)state;
    leads(&bench, 5);
    for (size_t i = 0; i < sizeof outcomes; i++) {
        bench.now_ns += NS_PER_MS;
        is_answered(&bench, outcomes[i]);
        assert_rests(&bench, EVERY - NS_PER_MS);
        bench.now_ns += EVERY - NS_PER_MS;
        rings(&bench);
        assert_writes(&bench, 0);
    }
}

static void one_at_a_time(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    leads(&bench, 5);
    bench.now_ns += 3 * EVERY;
    something_happens(&bench);
    assert_int_equal(bench.action.sends, 0);
    is_answered(&bench, STORE_OK);
    assert_rests(&bench, 0);
}

static void who_steps_down_stops(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    leads(&bench, 5);
    bench.process.claim.leads = 0;
    something_happens(&bench);
    assert_int_equal(bench.action.sends, 0);
    assert_int_equal(bench.action.drop, 1u << TAG_WORK);
    assert_int_equal(bench.action.wake[TIMER_WORK].order, TIMER_CANCEL);
    something_happens(&bench);
    assert_int_equal(bench.action.drop, 0);
}

static void a_new_term_is_a_new_grant(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    leads(&bench, 5);
    leads(&bench, 6);
    assert_writes(&bench, 0);
    assert_int_equal(bench.action.drop, 1u << TAG_WORK);
    assert_string_equal(
        process_why_asked(&bench.settings, &bench.process, &bench.action, &bench.action.send[0]),
        work_texts[WORK_BEGINS]);
}

static void so_is_a_new_hold_of_the_lock(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    bench.holders = true;
    bench.process.claim.in_section = 1;
    bench.process.lock.token.low = 1;
    something_happens(&bench);
    assert_writes(&bench, 0);
    bench.process.lock.token.low = 2;
    something_happens(&bench);
    assert_writes(&bench, 0);
    assert_int_equal(bench.action.drop, 1u << TAG_WORK);
}

static void a_clock_that_jumps_back_makes_it_wait_once(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    leads(&bench, 5);
    bench.now_ns -= NS_PER_S / 2;
    is_answered(&bench, STORE_OK);
    assert_rests(&bench, EVERY);
}

static void who_ends_writes_no_more(void **state)
{
    struct bench bench = bench_new();
    (void)state;
    bench.process.claim.leads = 1;
    memset(&bench.action, 0, sizeof bench.action);
    bench.action.stop = true;
    struct event event = {.kind = EVENT_WOKE, .now_ns = bench.now_ns};
    work_step(&bench.settings, true, &bench.process, &event, &bench.action);
    assert_int_equal(bench.action.sends, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_leads_nothing_writes_nothing),
        cmocka_unit_test(the_barrier_goes_out_at_once),
        cmocka_unit_test(a_leader_without_the_lock_has_no_token),
        cmocka_unit_test(who_only_holds_the_lock_does_no_leaders_work),
        cmocka_unit_test(the_next_follows_in_time),
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(who_steps_down_stops),
        cmocka_unit_test(a_new_term_is_a_new_grant),
        cmocka_unit_test(so_is_a_new_hold_of_the_lock),
        cmocka_unit_test(a_clock_that_jumps_back_makes_it_wait_once),
        cmocka_unit_test(who_ends_writes_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
