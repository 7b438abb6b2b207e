/* What is observed in a history made by hand: two nodes, each event at a known time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/calibrate/observe.h"

#define US INT64_C(1000)
#define MS INT64_C(1000000)

static struct scenario scenario;
static struct history history;
static struct observations seen;

static void happens(enum history_kind kind, uint16_t process, int64_t at_ns, enum store_op op)
{
    struct history_event event = {.at_ns = at_ns, .kind = (uint8_t)kind, .process = process};
    if (kind == HISTORY_REQUEST) {
        event.request.op = (uint8_t)op;
    } else if (kind == HISTORY_REPLY) {
        event.reply.op = (uint8_t)op;
    }
    assert_true(history_append(&history, &event));
}

static void asks(uint16_t process, int64_t at_ns, int64_t takes_ns, enum store_op op)
{
    happens(HISTORY_REQUEST, process, at_ns, op);
    happens(HISTORY_REPLY, process, at_ns + takes_ns, op);
}

static void expect(enum observed observed, size_t count, int64_t last_ns)
{
    const struct sample *sample = &seen.of[observed];
    if (sample->count != count || (count > 0 && sample->ns[count - 1] != last_ns)) {
        fail_msg("\"%s\": %zu observations, the last is %lld; not %zu and %lld",
                 observed_names[observed], sample->count,
                 sample->count ? (long long)sample->ns[sample->count - 1] : -1, count,
                 (long long)last_ns);
    }
}

/* A node by itself: waits 100 ms and 70 us, asks for 150 us, and once more, hot, for 40 us. */
static void somebody_alone(void **state)
{
    (void)state;
    asks(1, 10 * MS, 90 * US, STORE_GET_RESULT);
    asks(1, 110 * MS + 160 * US, 150 * US, STORE_GET_RESULT);
    asks(1, 110 * MS + 310 * US, 40 * US, STORE_READ_BALLOT);
    assert_true(observe(&seen, &scenario, &history));
    expect(OBSERVED_TIMER_ALONE, 1, 70 * US);
    expect(OBSERVED_TIMER_SLEPT, 1, 100 * MS);
    expect(OBSERVED_TIMER_SHARED, 0, 0);
    expect(OBSERVED_COLD_ALONE, 2, 150 * US);
    expect(OBSERVED_COLD_SLEPT, 2, 100 * MS + 70 * US);
    expect(OBSERVED_COLD_KIND, 2, STORE_GET_RESULT);
    expect(OBSERVED_HOT_ALONE, 1, 40 * US);
    assert_int_equal(seen.hot[STORE_READ_BALLOT].first.count, 1);
    assert_int_equal(seen.cold[STORE_GET_RESULT].first.count, 1);
    assert_int_equal(seen.cold[STORE_GET_RESULT].later.count, 1);
}

/* A round goes on until the next wait: of one request, and of two. */
static void rounds(void **state)
{
    (void)state;
    asks(1, 10 * MS, 90 * US, STORE_GET_RESULT);
    asks(1, 110 * MS + 160 * US, 150 * US, STORE_GET_RESULT);
    asks(1, 110 * MS + 310 * US, 40 * US, STORE_READ_BALLOT);
    asks(1, 210 * MS + 400 * US, 90 * US, STORE_GET_RESULT);
    assert_true(observe(&seen, &scenario, &history));
    expect(OBSERVED_ROUND_SHORT, 1, 160 * US);
    expect(OBSERVED_ROUND_LONG, 1, 240 * US);
    expect(OBSERVED_TRIAL, 0, 0); /* too few */
}

/* The median of a trial's rounds: 30, 40, … 130 us. */
static void a_trial(void **state)
{
    (void)state;
    int64_t at_ns = 10 * MS;
    for (int i = 0; i <= 11; i++) {
        asks(1, at_ns, 20 * US, STORE_GET_RESULT);
        at_ns += 100 * MS + (30 + 10 * i) * US;
    }
    assert_true(observe(&seen, &scenario, &history));
    expect(OBSERVED_ROUND_SHORT, 11, 130 * US);
    expect(OBSERVED_TRIAL, 1, 80 * US);
}

/* Two wake up 100 us apart: neither is alone, and the second is the later one. */
static void two_together(void **state)
{
    (void)state;
    asks(1, 10 * MS, 50 * US, STORE_GET_RESULT);
    asks(2, 12 * MS, 50 * US, STORE_GET_RESULT);
    happens(HISTORY_REQUEST, 2, 112 * MS + 90 * US, STORE_GET_RESULT);
    happens(HISTORY_REQUEST, 1, 112 * MS + 190 * US, STORE_GET_RESULT);
    happens(HISTORY_REPLY, 2, 112 * MS + 400 * US, STORE_GET_RESULT);
    happens(HISTORY_REPLY, 1, 112 * MS + 410 * US, STORE_GET_RESULT);
    assert_true(observe(&seen, &scenario, &history));
    expect(OBSERVED_TIMER_ALONE, 0, 0);
    expect(OBSERVED_TIMER_SHARED, 2, 2 * MS + 140 * US);
    expect(OBSERVED_COLD_FIRST, 1, 310 * US);
    expect(OBSERVED_COLD_SHARED, 1, 220 * US);
    expect(OBSERVED_APART, 2, 100 * US);
}

/* Only those who start together at zero tell how long the driver takes; a later birth is another
 * thing; and what a dead process was doing tells nothing. */
static void starts_and_births(void **state)
{
    (void)state;
    happens(HISTORY_BORN, 1, -5 * MS, 0);
    happens(HISTORY_BORN, 2, -5 * MS, 0);
    happens(HISTORY_STARTED, 1, 30 * US, 0);
    happens(HISTORY_STARTED, 2, 75 * US, 0);
    happens(HISTORY_STARTED, 0, 3 * MS, 0);
    happens(HISTORY_REQUEST, 2, 75 * US, STORE_PUT_IF_ABSENT);
    happens(HISTORY_DIED, 2, 2 * MS, 0);
    happens(HISTORY_BORN, 2, 50 * MS, 0);
    happens(HISTORY_STARTED, 2, 51 * MS, 0);
    happens(HISTORY_REPLY, 2, 52 * MS, STORE_PUT_IF_ABSENT);
    assert_true(observe(&seen, &scenario, &history));
    expect(OBSERVED_START, 2, 45 * US);
    expect(OBSERVED_BIRTH, 1, 1 * MS);
    expect(OBSERVED_COLD_FIRST, 0, 0);
    expect(OBSERVED_COLD_ALONE, 0, 0);
}

/* The first release on a server must tell it the script: that is one more round trip. */
static void the_first_script(void **state)
{
    (void)state;
    asks(1, 10 * MS, 100 * US, STORE_SET_STATUS);
    asks(1, 10 * MS + 100 * US, 160 * US, STORE_DELETE_IF_EQUAL);
    asks(1, 20 * MS, 100 * US, STORE_SET_STATUS);
    asks(1, 20 * MS + 100 * US, 50 * US, STORE_DELETE_IF_EQUAL);
    asks(2, 30 * MS, 100 * US, STORE_SET_STATUS);
    asks(2, 30 * MS + 100 * US, 70 * US, STORE_DELETE_IF_EQUAL);
    assert_true(observe(&seen, &scenario, &history));
    assert_int_equal(seen.script.count, 1);
    assert_int_equal(seen.script.ns[0], 160 * US);
    assert_int_equal(seen.hot[STORE_DELETE_IF_EQUAL].later.ns[0], 50 * US);
    assert_int_equal(seen.hot[STORE_DELETE_IF_EQUAL].first.ns[0], 70 * US);
}

static int make(void **state)
{
    static const char text[] = "name: two\nnodes: 2\nduration: 1s\nstarts: {master: 3ms}\n";
    static struct scenario_report report;
    (void)state;
    memset(&history, 0, sizeof history);
    memset(&seen, 0, sizeof seen);
    return scenario_parse("test", text, strlen(text), &scenario, &report) ? 0 : -1;
}

static int take_away(void **state)
{
    (void)state;
    observations_free(&seen);
    history_free(&history);
    scenario_free(&scenario);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make, take_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(somebody_alone),    TEST(rounds),           TEST(a_trial), TEST(two_together),
        TEST(starts_and_births), TEST(the_first_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
