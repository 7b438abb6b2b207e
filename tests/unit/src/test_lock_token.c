/* The token lock, to acquire: what it asks, what it makes of each of the four outcomes in each
 * phase, and that it never believes in a lock longer than the store keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench.h"
#include "src/lock/lock.h"

/* ---- to acquire ---- */

static void ok_holds_until_the_ttl_from_the_send(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    acquire(&bench);
    asks_for_lock(&bench);
    assert_int_equal(bench.action.send[0].ttl_ms, 2000);
    assert_true(bench.action.took_token);
    bench.now_ns += 300 * MS; /* a slow answer eats into the time */
    assert_int_equal(outcome(&bench, STORE_OK), LOCK_HELD);
    assert_true(lock_usable(&bench.lock, 2999 * MS));
    assert_false(lock_usable(&bench.lock, 3000 * MS));
}

static void each_acquire_takes_a_fresh_token_and_its_retries_keep_it(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    acquire(&bench);
    struct token first = bench.lock.token;
    outcome(&bench, STORE_NIL);
    wake(&bench);
    asks_for_lock(&bench);
    assert_false(bench.action.took_token);
    assert_true(token_equal(bench.lock.token, first));
    outcome(&bench, STORE_OK);
    release(&bench);
    integer(&bench, 1);
    acquire(&bench);
    assert_false(token_equal(bench.lock.token, first));
}

static void busy_or_refused_waits_and_asks_again(void **state)
{
    (void)state;
    const enum store_outcome not_ours[] = {STORE_NIL, STORE_REFUSED};
    for (int i = 0; i < 2; i++) {
        struct bench bench = new_bench();
        acquire(&bench);
        outcome(&bench, not_ours[i]);
        waits(&bench, 100 * MS);
        wake(&bench);
        asks_for_lock(&bench);
    }
}

/* As redis-py's Lock(blocking_timeout=0.35): it gives up once the next try would come too late. */
static void blocking_timeout_gives_up_after_four_tries(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    bench.settings.value[OWNER_LOCK][LOCK_WAIT] = 350 * MS;
    int64_t began_ns = bench.now_ns;
    int sets = 1;
    acquire(&bench);
    while (outcome(&bench, STORE_NIL) == LOCK_PENDING) {
        wake(&bench);
        asks_for_lock(&bench);
        sets++;
    }
    assert_int_equal(bench.progress, LOCK_GIVEN_UP);
    assert_int_equal(sets, 4);
    assert_int_equal(bench.now_ns - began_ns, 300 * MS);
}

static void a_ttl_below_a_millisecond_is_rounded_up(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    bench.settings.value[OWNER_LOCK][LOCK_TTL] = MS / 2;
    acquire(&bench);
    assert_int_equal(bench.action.send[0].ttl_ms, 1);
    bench.settings.value[OWNER_LOCK][LOCK_TTL] = 3 * MS + 1;
    acquire(&bench);
    assert_int_equal(bench.action.send[0].ttl_ms, 4);
}

static void without_a_ttl_it_never_runs_out(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    bench.settings.value[OWNER_LOCK][LOCK_TTL] = 0;
    acquire(&bench);
    assert_int_equal(bench.action.send[0].ttl_ms, 0);
    assert_int_equal(outcome(&bench, STORE_OK), LOCK_HELD);
    assert_true(lock_usable(&bench.lock, INT64_MAX - 1));
}

/* ---- an unanswered SET ---- */

static void unknown_looks_and_holds_what_is_its_own_from_the_first_send(void **state)
{
    (void)state;
    struct bench bench = doubting_bench();
    assert_int_equal(token(&bench, bench.lock.token), LOCK_HELD);
    assert_false(lock_usable(&bench.lock, 3000 * MS)); /* sent at 1 s, not looked up at 1.2 s */
    assert_true(lock_usable(&bench.lock, 2999 * MS));
}

static void unknown_and_not_its_own_waits(void **state)
{
    (void)state;
    struct bench bench = doubting_bench();
    token(&bench, ANOTHERS);
    waits(&bench, 100 * MS);
    const enum store_outcome no_token[] = {STORE_NIL, STORE_REFUSED, STORE_UNKNOWN,
                                           STORE_UNREADABLE};
    for (int i = 0; i < 4; i++) {
        bench = doubting_bench();
        outcome(&bench, no_token[i]);
        waits(&bench, 100 * MS);
        wake(&bench);
        asks_for_lock(&bench);
    }
}

/* A stalled server runs the SET after its client went: the lock is ours, and keeps us out. */
static void a_ghost_of_its_own_is_recognised_later(void **state)
{
    (void)state;
    struct bench bench = doubting_bench();
    outcome(&bench, STORE_NIL); /* not there yet */
    wake(&bench);
    outcome(&bench, STORE_NIL); /* now somebody has it … */
    asks(&bench, STORE_GET_TOKEN, MOMENT_NONE);
    assert_int_equal(token(&bench, bench.lock.token), LOCK_HELD); /* … ourselves */
    assert_false(lock_usable(&bench.lock, 3000 * MS));
}

static void the_oldest_unanswered_set_counts(void **state)
{
    (void)state;
    struct bench bench = doubting_bench();
    outcome(&bench, STORE_NIL);
    wake(&bench);
    outcome(&bench, STORE_UNKNOWN);
    assert_int_equal(token(&bench, bench.lock.token), LOCK_HELD);
    assert_false(lock_usable(&bench.lock, 3000 * MS));
}

static void an_ok_after_a_doubt_counts_from_its_own_send(void **state)
{
    (void)state;
    struct bench bench = doubting_bench();
    outcome(&bench, STORE_NIL);
    wake(&bench); /* at 1.3 s */
    assert_int_equal(outcome(&bench, STORE_OK), LOCK_HELD);
    assert_true(lock_usable(&bench.lock, 3299 * MS));
    assert_false(lock_usable(&bench.lock, 3300 * MS));
}

static void giving_up_in_doubt_takes_back_what_may_be_its_own(void **state)
{
    (void)state;
    const enum store_outcome any[] = {STORE_OK, STORE_NIL, STORE_REFUSED, STORE_UNKNOWN};
    for (int i = 0; i < 4; i++) {
        struct bench bench = new_bench();
        bench.settings.value[OWNER_LOCK][LOCK_WAIT] = 50 * MS;
        acquire(&bench);
        outcome(&bench, STORE_UNKNOWN);
        outcome(&bench, STORE_NIL);
        deletes_quietly(&bench);
        assert_int_equal(outcome(&bench, any[i]), LOCK_GIVEN_UP);
    }
}

/* ---- an answer that comes after the TTL ---- */

static struct bench late_bench(void)
{
    struct bench bench = new_bench();
    acquire(&bench);
    bench.now_ns += 2000 * MS;
    outcome(&bench, STORE_OK);
    deletes_quietly(&bench);
    return bench;
}

static void a_late_ok_is_given_back_and_asked_for_again(void **state)
{
    (void)state;
    struct bench bench = late_bench();
    struct token before = bench.lock.token;
    integer(&bench, 0);
    waits(&bench, 100 * MS);
    assert_true(token_equal(bench.lock.token, before));
    wake(&bench);
    asks_for_lock(&bench);
    assert_int_equal(outcome(&bench, STORE_OK), LOCK_HELD);
}

static void a_late_ghost_is_given_back_too(void **state)
{
    (void)state;
    struct bench bench = doubting_bench();
    bench.now_ns += 1800 * MS;
    token(&bench, bench.lock.token);
    deletes_quietly(&bench);
}

/* The deletion may be applied when the next SET has already succeeded: it must not match that. */
static void an_unanswered_deletion_spoils_the_token(void **state)
{
    (void)state;
    struct bench bench = late_bench();
    struct token before = bench.lock.token;
    outcome(&bench, STORE_UNKNOWN);
    waits(&bench, 100 * MS);
    assert_true(bench.action.took_token);
    wake(&bench);
    asks_for_lock(&bench);
    assert_false(token_equal(bench.lock.token, before));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ok_holds_until_the_ttl_from_the_send),
        cmocka_unit_test(each_acquire_takes_a_fresh_token_and_its_retries_keep_it),
        cmocka_unit_test(busy_or_refused_waits_and_asks_again),
        cmocka_unit_test(blocking_timeout_gives_up_after_four_tries),
        cmocka_unit_test(a_ttl_below_a_millisecond_is_rounded_up),
        cmocka_unit_test(without_a_ttl_it_never_runs_out),
        cmocka_unit_test(unknown_looks_and_holds_what_is_its_own_from_the_first_send),
        cmocka_unit_test(unknown_and_not_its_own_waits),
        cmocka_unit_test(a_ghost_of_its_own_is_recognised_later),
        cmocka_unit_test(the_oldest_unanswered_set_counts),
        cmocka_unit_test(an_ok_after_a_doubt_counts_from_its_own_send),
        cmocka_unit_test(giving_up_in_doubt_takes_back_what_may_be_its_own),
        cmocka_unit_test(a_late_ok_is_given_back_and_asked_for_again),
        cmocka_unit_test(a_late_ghost_is_given_back_too),
        cmocka_unit_test(an_unanswered_deletion_spoils_the_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
