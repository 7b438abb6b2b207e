/* The token lock, to release: only what is its own, and as often as it takes to know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench.h"

static void release_deletes_only_its_own(void **state)
{
    (void)state;
    struct bench bench = held_bench();
    release(&bench);
    asks(&bench, STORE_DELETE_IF_EQUAL, MOMENT_RELEASES_LOCK);
    assert_int_equal(integer(&bench, 1), LOCK_FREE);

    bench = held_bench();
    release(&bench);
    assert_int_equal(integer(&bench, 0), LOCK_LOST);
}

static void an_unanswered_release_is_asked_again_and_then_0_is_no_loss(void **state)
{
    (void)state;
    struct bench bench = held_bench();
    release(&bench);
    outcome(&bench, STORE_UNKNOWN);
    waits(&bench, 100 * MS);
    wake(&bench);
    asks(&bench, STORE_DELETE_IF_EQUAL, MOMENT_RELEASES_LOCK);
    assert_int_equal(integer(&bench, 0), LOCK_FREE);
}

static void a_refused_release_was_surely_not_applied(void **state)
{
    (void)state;
    struct bench bench = held_bench();
    release(&bench);
    outcome(&bench, STORE_REFUSED);
    waits(&bench, 100 * MS);
    wake(&bench);
    assert_int_equal(integer(&bench, 0), LOCK_LOST); /* so it was lost before */
}

static void a_release_is_not_asked_again_after_the_ttl(void **state)
{
    (void)state;
    struct bench bench = held_bench();
    release(&bench);
    bench.now_ns += 2000 * MS;
    assert_int_equal(outcome(&bench, STORE_UNKNOWN), LOCK_LOST);
}

static void doubts_of_the_acquire_do_not_excuse_a_lost_release(void **state)
{
    (void)state;
    struct bench bench = doubting_bench();
    assert_int_equal(token(&bench, bench.lock.token), LOCK_HELD);
    release(&bench);
    assert_int_equal(integer(&bench, 0), LOCK_LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(release_deletes_only_its_own),
        cmocka_unit_test(an_unanswered_release_is_asked_again_and_then_0_is_no_loss),
        cmocka_unit_test(a_refused_release_was_surely_not_applied),
        cmocka_unit_test(a_release_is_not_asked_again_after_the_ttl),
        cmocka_unit_test(doubts_of_the_acquire_do_not_excuse_a_lost_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
