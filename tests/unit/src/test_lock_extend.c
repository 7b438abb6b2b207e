/* Extending a held lock: what each lock asks, and that none counts on an answer that it has not
 * got. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench.h"
#include "src/owners.h"
#include "src/protocol.h"

/* Held by a SET of 1 s, extended at 1.5 s. */
static struct bench extending_bench(void)
{
    struct bench bench = held_bench();
    bench.now_ns += 500 * MS;
    extend(&bench);
    asks(&bench, STORE_EXTEND_IF_EQUAL, MOMENT_EXTENDS_LOCK);
    assert_int_equal(bench.action.send[0].ttl_ms, 2000);
    return bench;
}

static void it_is_held_from_the_sending_of_the_request(void **state)
{
    (void)state;
    struct bench bench = extending_bench();
    bench.now_ns += 300 * MS; /* a slow answer eats into the time */
    assert_int_equal(integer(&bench, 1), LOCK_HELD);
    assert_true(lock_usable(&bench.lock, 3499 * MS));
    assert_false(lock_usable(&bench.lock, 3500 * MS));
}

static void without_an_answer_its_time_is_what_it_was(void **state)
{
    (void)state;
    const enum store_outcome failures[] = {STORE_REFUSED, STORE_UNKNOWN};
    for (int i = 0; i < 2; i++) {
        struct bench bench = extending_bench();
        assert_int_equal(outcome(&bench, failures[i]), LOCK_UNCHANGED);
        assert_true(lock_usable(&bench.lock, 2999 * MS));
        assert_false(lock_usable(&bench.lock, 3000 * MS));
    }
}

static void the_next_try_counts_from_its_own_sending(void **state)
{
    (void)state;
    struct bench bench = extending_bench();
    outcome(&bench, STORE_UNKNOWN);
    bench.now_ns += 200 * MS; /* 1.7 s */
    extend(&bench);
    assert_int_equal(integer(&bench, 1), LOCK_HELD);
    assert_true(lock_usable(&bench.lock, 3699 * MS));
    assert_false(lock_usable(&bench.lock, 3700 * MS));
}

static void a_0_says_that_it_is_lost(void **state)
{
    (void)state;
    struct bench bench = extending_bench();
    assert_int_equal(integer(&bench, 0), LOCK_LOST);
}

static void an_extended_lock_is_released_as_any(void **state)
{
    (void)state;
    struct bench bench = extending_bench();
    integer(&bench, 1);
    release(&bench);
    asks(&bench, STORE_DELETE_IF_EQUAL, MOMENT_RELEASES_LOCK);
    assert_int_equal(integer(&bench, 1), LOCK_FREE);
}

static void a_lock_without_a_time_to_live_needs_no_extension(void **state)
{
    (void)state;
    const char *const names[] = {"token", "setnx", "none"};
    for (int i = 0; i < 3; i++) {
        struct bench bench = held_bench();
        bench.settings.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, names[i]);
        bench.settings.value[OWNER_LOCK][LOCK_TTL] = 0;
        assert_int_equal(extend(&bench), LOCK_HELD);
        assert_int_equal(bench.action.sends, 0);
    }
}

/* setnx extends what it believes to be its own, and never asks whose it is. */
static void setnx_extends_anybodys(void **state)
{
    (void)state;
    struct bench bench = held_bench();
    bench.settings.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "setnx");
    extend(&bench);
    assert_int_equal(bench.action.send[0].op, STORE_EXPIRE);
    assert_int_equal(bench.action.send[0].moment, MOMENT_EXTENDS_LOCK);
    assert_int_equal(bench.action.send[0].value.token.low, 0);
    assert_int_equal(integer(&bench, 1), LOCK_HELD);
    extend(&bench);
    assert_int_equal(outcome(&bench, STORE_UNKNOWN), LOCK_UNCHANGED);
    extend(&bench);
    assert_int_equal(integer(&bench, 0), LOCK_LOST);
}

/* A Redis is not asked for what a protocol that never extends does not need. */
static void the_article_does_not_extend(void **state)
{
    (void)state;
    struct settings settings = settings_default(3);
    assert_false(protocol_moments(&settings, 1) & 1u << MOMENT_EXTENDS_LOCK);
    assert_false(protocol_asks(&settings) & 1u << STORE_EXTEND_IF_EQUAL);
    assert_true(protocol_asks(&settings) & 1u << STORE_DELETE_IF_EQUAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_held_from_the_sending_of_the_request),
        cmocka_unit_test(without_an_answer_its_time_is_what_it_was),
        cmocka_unit_test(the_next_try_counts_from_its_own_sending),
        cmocka_unit_test(a_0_says_that_it_is_lost),
        cmocka_unit_test(an_extended_lock_is_released_as_any),
        cmocka_unit_test(a_lock_without_a_time_to_live_needs_no_extension),
        cmocka_unit_test(setnx_extends_anybodys),
        cmocka_unit_test(the_article_does_not_extend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
