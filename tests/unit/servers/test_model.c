/* The faults of servers and clocks in the model: what a history shows of them. Each story has its
 * twin on a real server in the tests beside this one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/servers/play.h"

/* How many statuses the first ballot that is read after this time has; -1: none is read. */
static int ballot_after(const struct play *play, int64_t from_ms)
{
    struct vote votes[8];
    for (size_t i = 0; i < play->history.count; i++) {
        const struct history_event *event = &play->history.events[i];
        if (event->kind == HISTORY_REPLY && event->reply.op == STORE_READ_BALLOT &&
            event->reply.outcome == STORE_OK && event->at_ns >= from_ms * MS) {
            return (int)history_ballot(&play->history, i, votes, 8);
        }
    }
    return -1;
}

/* --- the server ------------------------------------------------------------------------------- */

static void a_stalled_server_answers_nothing_and_then_everything(void **state)
{
    struct play p;
    (void)state;
    play(&p, "faults: [{at: 1s, stall: redis, for: 700ms}]\n", 1);
    assert_true(count_replies(&p, STORE_OK, 900, 1000) > 0);
    assert_int_equal(count_replies(&p, STORE_OK, 1002, 1700), 0);
    assert_int_equal(count_replies(&p, STORE_UNKNOWN, 0, 4000), 0); /* they wait for a second */
    assert_int_equal(count_replies(&p, STORE_OK, 1700, 1703), 4);   /* master and nodes */
    end(&p);
}

static void whoever_gives_up_on_a_stalled_server_leaves_a_ghost(void **state)
{
    struct play p;
    (void)state;
    play(&p,
         "lock: {token: {ttl: 10s}}\n"
         "faults: [{when: {who: 2, does: asks_lock, before: true}, stall: redis, for: 1500ms},\n"
         "         {at: 1200ms, crash: [0, 1, 2, 3]}]\nheal: false\n",
         1);
    const struct history_event *first = first_of(&p, HISTORY_FAULT, 0);
    assert_non_null(first);
    int64_t first_ms = first->at_ns / MS;
    assert_true(count_replies(&p, STORE_UNKNOWN, first_ms + 1000, first_ms + 1010) > 0);
    end(&p);
}

static int ballot_after_crash(const char *how, const char *persistence, int64_t ask_ms)
{
    struct play p;
    char more[256];
    snprintf(more, sizeof more,
             "redis: {persistence: %s}\nfaults: [{at: 2s, %s: redis, for: 300ms}]\n", persistence,
             how);
    play(&p, more, 1);
    int statuses = ballot_after(&p, ask_ms);
    end(&p);
    return statuses;
}

static void persistence_decides_what_survives(void **state)
{
    static const struct {
        const char *how, *persistence;
        int statuses;
    } rows[] = {
        {"crash", "none", 0},
        {"crash", "rdb", 0},
        {"crash", "aof-everysec", 3},
        {"crash", "aof-always", 3},
        {"power_loss", "none", 0},
        {"power_loss", "rdb", 0},
        {"power_loss", "aof-everysec", 3}, /* they have reported long before */
        {"power_loss", "aof-always", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(ballot_after_crash(rows[i].how, rows[i].persistence, 2300),
                         rows[i].statuses);
    }
}

/* What is lost is what came after the last change of the server's second: by the seed, a report at
 * 1.5 s survives a loss of power at 1.6 s or not; one at 0.4 s always does. */
static void everysec_loses_up_to_a_second(void **state)
{
    int lost = 0, kept = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct play p;
        play(&p,
             "redis: {persistence: aof-everysec}\nstarts: {1: 400ms, 2: 400ms, 3: 1500ms}\n"
             "faults: [{at: 1600ms, power_loss: redis, for: 100ms}]\n",
             seed);
        int statuses = ballot_after(&p, 1710);
        assert_in_range(statuses, 2, 3);
        lost += statuses == 2;
        kept += statuses == 3;
        end(&p);
    }
    assert_in_range(kept, 1, 12); /* a tenth of them is to be expected */
    assert_in_range(lost, 28, 39);
}

static void a_crash_breaks_connections_and_nobody_listens_until_the_restart(void **state)
{
    struct play p;
    (void)state;
    play(&p, "faults: [{at: 1s, crash: redis, for: 500ms}]\n", 1);
    assert_int_equal(count_replies(&p, STORE_OK, 1003, 1510), 0);
    assert_int_equal(count_replies(&p, STORE_UNKNOWN, 1000, 1510), 4); /* each noticed it once */
    assert_true(count_replies(&p, STORE_REFUSED, 1000, 1511) >= 4);
    assert_true(count_replies(&p, STORE_OK, 1510, 4000) > 0);
    assert_int_equal(count_replies(&p, STORE_REFUSED, 1600, 4000), 0);
    end(&p);
}

static void a_process_that_restarts_meanwhile_waits_for_the_server(void **state)
{
    struct play p;
    (void)state;
    play(&p, "faults: [{at: 1s, crash: redis, for: 1s}, {at: 1100ms, crash: 2, for: 100ms}]\n", 1);
    const struct history_event *born = first_of(&p, HISTORY_BORN, 1200);
    const struct history_event *started = first_of(&p, HISTORY_STARTED, 1200);
    assert_non_null(born);
    assert_non_null(started);
    assert_in_range(started->at_ns / MS, 2010, 2035);
    end(&p);
}

static void a_lost_lock_is_told_of(void **state)
{
    struct play p;
    (void)state;
    play(&p,
         LONG_LOCK
         "starts: {nodes: 500ms}\n"
         "faults: [{at: 0ms, hold_lock: 1, for: 3s}, {at: 1s, crash: redis, for: 100ms}]\n",
         1);
    const struct history_event *gone = first_of(&p, HISTORY_EXPIRED, 0);
    assert_non_null(gone);
    assert_string_equal(gone->why, "did not survive the restart of the Redis");
    assert_int_equal(gone->at_ns, 1110 * MS);
    end(&p);
}

/* --- clocks ----------------------------------------------------------------------------------- */

static void the_servers_clock_decides_when_the_lock_is_free(void **state)
{
    static const struct {
        const char *fault;
        int64_t expires_ms; /* 0: not within the trial */
    } rows[] = {
        {"jump: 3, by: 60s", 2502},     /* as it would without: TTL 2 s, asked for at 0.5 s */
        {"jump: redis, by: 60s", 1000}, /* at once */
        {"jump: redis, by: -1s", 3502},
        {"jump: redis, by: -120s", 0},
        {"drift: redis, ppm: 1000000", 1751}, /* half of what is left */
        {"drift: redis, ppm: -500000", 0},
        {"drift: redis, ppm: -500000, for: 500ms", 2502}, /* and is set right */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play p;
        char more[256];
        snprintf(more, sizeof more,
                 "starts: {nodes: 500ms, master: 3900ms}\n"
                 "faults: [{at: 0ms, hold_lock: [1, 2, 3], for: 10s}, {at: 1s, %s}]\n",
                 rows[i].fault);
        play(&p, more, 1);
        const struct history_event *gone = first_of(&p, HISTORY_EXPIRED, 0);
        if (rows[i].expires_ms == 0) {
            assert_true(!gone || gone->at_ns >= 4000 * MS);
        } else {
            assert_non_null(gone);
            assert_in_range(gone->at_ns / MS, rows[i].expires_ms - 1, rows[i].expires_ms + 2);
        }
        end(&p);
    }
}

static int64_t request_after(const struct play *play, uint16_t id, int64_t from_ns)
{
    for (size_t i = 0; i < play->history.count; i++) {
        const struct history_event *event = &play->history.events[i];
        if (event->kind == HISTORY_REQUEST && event->process == id && event->at_ns >= from_ns) {
            return event->at_ns;
        }
    }
    return INT64_MAX;
}

/* Node 1 rests for 500 ms after each look; each look takes 2 ms. */
static void a_process_waits_by_its_own_clock(void **state)
{
    struct play p;
    (void)state;
    play(&p, POLLING "faults: [{at: 2s, jump: 1, by: 10s}]\n", 1);
    assert_int_equal(request_after(&p, 1, 2000 * MS), 2000 * MS);
    end(&p);
    play(&p, POLLING "faults: [{at: 2s, jump: 1, by: -1s}]\n", 1);
    assert_true(request_after(&p, 1, 2000 * MS) >= 3000 * MS);
    assert_true(request_after(&p, 1, 2000 * MS) <= 3510 * MS);
    end(&p);
    play(&p, POLLING "faults: [{at: 1s, drift: 1, ppm: 1000000, for: 2s}]\n", 1);
    int64_t first = request_after(&p, 1, 2000 * MS);
    int64_t second = request_after(&p, 1, first + 1);
    assert_in_range(second - first, 250 * MS, 253 * MS);
    first = request_after(&p, 1, 3100 * MS);
    second = request_after(&p, 1, first + 1);
    assert_in_range(second - first, 500 * MS, 503 * MS);
    end(&p);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void equal_seeds_give_equal_histories(void **state)
{
    static const char *const all =
        "redis: {persistence: aof-everysec}\nprotocol: {article: {report: 60ms}}\n"
        "faults:\n"
        "  - {at: 300ms, stall: redis, for: 200ms}\n"
        "  - {every: 700ms, crash: redis, for: 100ms}\n"
        "  - {at: 900ms, oom: redis, for: 100ms}\n"
        "  - {at: 1s, jump: redis, by: -2s}\n"
        "  - {at: 1100ms, drift: 2, ppm: -300000}\n"
        "  - {at: 1300ms, wrong_type: lock}\n"
        "  - {when: {who: 3, does: acquires_lock, nth: 2}, evict: lock}\n"
        "  - {at: 2s, power_loss: redis}\n"
        "  - {at: 1200ms, pause: 1, for: 900ms}\n"
        "  - {at: 2500ms, restart: redis}\n"
        "  - {at: 2600ms, forget_scripts: redis}\n";
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct play a, b;
        play(&a, all, seed);
        play(&b, all, seed);
        assert_int_equal(a.history.count, b.history.count);
        for (size_t i = 0; i < a.history.count; i++) {
            a.history.events[i].why = b.history.events[i].why = NULL;
        }
        for (size_t i = 1; i < a.history.count; i++) {
            assert_true(a.history.events[i].at_ns >= a.history.events[i - 1].at_ns);
        }
        assert_memory_equal(a.history.events, b.history.events,
                            a.history.count * sizeof *a.history.events);
        end(&a);
        end(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stalled_server_answers_nothing_and_then_everything),
        cmocka_unit_test(whoever_gives_up_on_a_stalled_server_leaves_a_ghost),
        cmocka_unit_test(persistence_decides_what_survives),
        cmocka_unit_test(everysec_loses_up_to_a_second),
        cmocka_unit_test(a_crash_breaks_connections_and_nobody_listens_until_the_restart),
        cmocka_unit_test(a_process_that_restarts_meanwhile_waits_for_the_server),
        cmocka_unit_test(a_lost_lock_is_told_of),
        cmocka_unit_test(the_servers_clock_decides_when_the_lock_is_free),
        cmocka_unit_test(a_process_waits_by_its_own_clock),
        cmocka_unit_test(equal_seeds_give_equal_histories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
