/* When a lock ran out, told from a history in which that was heard of late. */
#include "tests/support/story.h"

#include <string.h>

#include "sim/processes/expiry.h"

#define MS INT64_C(1000000)

/* CLOCK_MONOTONIC of the story's 0 ms. */
#define T0 (INT64_C(1000000) * MS)

static struct server_times times;

/* From so many ms on. */
static void server(int64_t from_ms, int64_t ahead_ms, int64_t ppm, bool runs)
{
    struct skew skew = {.since_ns = T0 + from_ms * MS, .ns = ahead_ms * MS, .ppm = ppm};
    assert_true(server_times_add(&times, T0 + from_ms * MS, skew, runs));
}

static struct tale *begin(void)
{
    struct tale *story = tale_new(3);
    server(-1000, 0, 0, true);
    return story;
}

/* Node `id` gets the lock, 1 ms after it has asked. */
static void takes(struct tale *story, uint16_t id, uint64_t token)
{
    asks_lock(story, id, token);
    later(story, 1);
    gets_lock(story, id);
}

static void gives_back(struct tale *story, uint16_t id, uint64_t token, int64_t removed)
{
    releases(story, id, token);
    later(story, 0.25);
    is_told(story, id, removed);
}

/* Places what was heard; the times of all expiries must be these, and all events in order. Frees
 * the story. */
static void runs_out_at(struct tale *story, const double ms[], size_t count)
{
    struct history *history = &story->history;
    size_t found = 0;
    assert_true(expiry_place(history, 0, &times, T0));
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        assert_int_equal(event->seq, i);
        assert_true(i == 0 || event[-1].at_ns <= event->at_ns);
        if (event->kind == HISTORY_EXPIRED) {
            assert_true(found < count);
            assert_int_equal(event->at_ns, (int64_t)(ms[found++] * 1e6));
        }
    }
    assert_int_equal(found, count);
    tale_free(story);
    server_times_free(&times);
}

static void runs_out_once(struct tale *story, double ms)
{
    runs_out_at(story, &ms, 1);
}

static void it_counts_from_the_answer(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    at(story, 2119);
    lock_runs_out(story);
    runs_out_once(story, 2002); /* answered at 1 ms, and whole ms of the server */
}

/* SETNX, and an EXPIRE that was applied, and never answered; the next one's SETNX is granted before
 * it is heard that the lock ran out. */
static void its_ttl_came_by_an_expire_that_nobody_answered(void **state)
{
    struct tale *story = begin();
    (void)state;
    asks_setnx(story, 1);
    gets_lock(story, 1);
    later(story, 1);
    dates_lock(story, 1, 2000);
    at(story, 2010);
    asks_setnx(story, 3);
    gets_lock(story, 3);
    at(story, 2010.25);
    lock_runs_out(story);
    later(story, 1);
    dates_lock(story, 3, 2000);
    is_told(story, 3, 1);
    runs_out_once(story, 2010); /* when the next one's was granted, and before it */
}

/* As it once came: the listener was kept from it for so long. */
static void it_was_heard_of_four_acquisitions_later(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    for (uint64_t i = 0; i < 4; i++) {
        at(story, 2010 + 20 * (double)i);
        takes(story, 2, 20 + i);
        later(story, 1);
        gives_back(story, 2, 20 + i, 1);
    }
    at(story, 2100);
    lock_runs_out(story);
    runs_out_once(story, 2002);
}

static void it_lies_before_the_next_grant(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    at(story, 2000.25);
    takes(story, 2, 21);
    at(story, 2050);
    lock_runs_out(story);
    const struct history *history = &story->history;
    assert_true(expiry_place(&story->history, 0, &times, T0));
    for (size_t i = 0; i < history->count; i++) {
        if (history->events[i].kind == HISTORY_EXPIRED) {
            assert_int_equal(history->events[i].at_ns, (int64_t)(2001.25 * 1e6));
            assert_int_equal(history->events[i + 1].kind, HISTORY_REPLY);
            assert_int_equal(history->events[i + 1].process, 2);
        }
    }
    runs_out_once(story, 2001.25);
}

static void an_answer_that_comes_late_tells_less(void **state)
{
    struct tale *story = begin();
    (void)state;
    asks_lock(story, 1, 11);
    at(story, 500);
    gets_lock(story, 1);
    at(story, 2090);
    lock_runs_out(story);
    runs_out_once(story, 2090);
}

static void its_holder_finds_it_gone(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    at(story, 2001.25);
    gives_back(story, 1, 11, 0);
    at(story, 2080);
    lock_runs_out(story);
    runs_out_once(story, 2001.5);
}

static void several_are_heard_of_at_once(void **state)
{
    static const double both[] = {2002, 5002};
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    at(story, 2500);
    takes(story, 3, 31); /* gives it back in time */
    later(story, 1);
    gives_back(story, 3, 31, 1);
    at(story, 3000);
    takes(story, 2, 21);
    at(story, 6000);
    lock_runs_out(story);
    lock_runs_out(story);
    runs_out_at(story, both, 2);
}

/* SETNX, and its TTL afterwards: whole seconds, from that answer on. */
static void the_ttl_may_come_later(void **state)
{
    struct tale *story = begin();
    (void)state;
    asks_setnx(story, 1);
    later(story, 1);
    gets_lock(story, 1);
    at(story, 100);
    dates_lock(story, 1, 1999);
    later(story, 1);
    is_told(story, 1, 1);
    at(story, 1200);
    lock_runs_out(story);
    runs_out_once(story, 1102);
}

/* Nobody knows that it was given, until its own token is found there. */
static void a_grant_may_be_recognised_later(void **state)
{
    struct tale *story = begin();
    (void)state;
    asks_lock(story, 1, 11);
    later(story, 1000);
    gets(story, 1, STORE_UNKNOWN);
    looks_whose(story, 1, 11);
    later(story, 1);
    finds_token(story, 1, 11);
    at(story, 2050);
    lock_runs_out(story);
    at(story, 3500);
    runs_out_once(story, 2050);
}

static void a_ghost_runs_out_unseen(void **state)
{
    struct tale *story = begin();
    (void)state;
    asks_lock(story, 1, 11);
    later(story, 10);
    dies(story, 1);
    at(story, 2070);
    lock_runs_out(story);
    runs_out_once(story, 2070);
}

static void a_fault_makes_it_run_out(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    at(story, 700);
    lock_is_made_to_run_out(story);
    runs_out_once(story, 700);
}

static void what_fits_to_no_lock_stays(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    later(story, 1);
    gives_back(story, 1, 11, 1);
    at(story, 2500);
    lock_runs_out(story);
    runs_out_once(story, 2500);
}

static void what_was_lost_otherwise_stays_and_is_no_expiry(void **state)
{
    static const double both[] = {100, 4002};
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    at(story, 100);
    lock_runs_out(story);
    story->history.events[story->history.count - 1].why = "was evicted";
    at(story, 2000);
    takes(story, 2, 21);
    at(story, 4050);
    lock_runs_out(story);
    runs_out_at(story, both, 2);
}

/* --- the server's time ------------------------------------------------------------------------ */

static void the_servers_clock_jumps(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    server(500, 60000, 0, true);
    at(story, 530);
    lock_runs_out(story);
    runs_out_once(story, 500);
}

static void the_servers_clock_jumps_back(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    server(500, -300, 0, true);
    at(story, 2400);
    lock_runs_out(story);
    runs_out_once(story, 2302);
}

/* Twice as fast, from 1 ms on. */
static void the_servers_clock_drifts(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    server(1, 0, 1000000, true);
    at(story, 1100);
    lock_runs_out(story);
    runs_out_once(story, 1001.5);
}

/* What stands still lets no key run out. */
static void the_server_stands_still(void **state)
{
    struct tale *story = begin();
    (void)state;
    takes(story, 1, 11);
    server(1900, 0, 0, false);
    server(2500, 0, 0, true);
    at(story, 2600);
    lock_runs_out(story);
    runs_out_once(story, 2500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_counts_from_the_answer),
        cmocka_unit_test(its_ttl_came_by_an_expire_that_nobody_answered),
        cmocka_unit_test(it_was_heard_of_four_acquisitions_later),
        cmocka_unit_test(it_lies_before_the_next_grant),
        cmocka_unit_test(an_answer_that_comes_late_tells_less),
        cmocka_unit_test(its_holder_finds_it_gone),
        cmocka_unit_test(several_are_heard_of_at_once),
        cmocka_unit_test(the_ttl_may_come_later),
        cmocka_unit_test(a_grant_may_be_recognised_later),
        cmocka_unit_test(a_ghost_runs_out_unseen),
        cmocka_unit_test(a_fault_makes_it_run_out),
        cmocka_unit_test(what_fits_to_no_lock_stays),
        cmocka_unit_test(what_was_lost_otherwise_stays_and_is_no_expiry),
        cmocka_unit_test(the_servers_clock_jumps),
        cmocka_unit_test(the_servers_clock_jumps_back),
        cmocka_unit_test(the_servers_clock_drifts),
        cmocka_unit_test(the_server_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
