/* The setnx lock does what it says, flaws and all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench.h"
#include "src/lock/lock.h"
#include "src/owners.h"

static struct bench setnx_bench(void)
{
    struct bench bench = new_bench();
    bench.settings.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "setnx");
    return bench;
}

static struct bench setnx_held(void)
{
    struct bench bench = setnx_bench();
    acquire(&bench);
    outcome(&bench, STORE_OK);
    assert_int_equal(integer(&bench, 1), LOCK_HELD);
    return bench;
}

/* A request that names no token: it asks not whose the lock is. */
static void asks_blindly(const struct bench *bench, enum store_op op, enum moment moment)
{
    assert_int_equal(bench->progress, LOCK_PENDING);
    assert_int_equal(bench->action.sends, 1);
    assert_int_equal(bench->action.send[0].op, op);
    assert_int_equal(bench->action.send[0].key, KEY_LOCK);
    assert_int_equal(bench->action.send[0].moment, moment);
    assert_int_equal(bench->action.send[0].value.token.low, 0);
}

static void it_is_set_first_and_dated_afterwards(void **state)
{
    (void)state;
    struct bench bench = setnx_bench();
    acquire(&bench);
    asks_for_lock(&bench);
    assert_int_equal(bench.action.send[0].ttl_ms, 0);
    outcome(&bench, STORE_OK);
    asks_blindly(&bench, STORE_EXPIRE, MOMENT_NONE);
    assert_int_equal(bench.action.send[0].ttl_ms, 2000);
    assert_int_equal(integer(&bench, 1), LOCK_HELD);
}

static void its_time_is_in_whole_seconds(void **state)
{
    static const struct {
        int64_t ttl_ns;
        uint32_t ttl_ms;
    } rows[] = {
        {1, 1000}, {999 * MS, 1000}, {1000 * MS, 1000}, {1001 * MS, 2000}, {2500 * MS, 3000}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench = setnx_bench();
        bench.settings.value[OWNER_LOCK][LOCK_TTL] = rows[i].ttl_ns;
        acquire(&bench);
        outcome(&bench, STORE_OK);
        assert_int_equal(bench.action.send[0].ttl_ms, rows[i].ttl_ms);
    }
}

static void without_a_time_to_live_it_is_not_dated(void **state)
{
    (void)state;
    struct bench bench = setnx_bench();
    bench.settings.value[OWNER_LOCK][LOCK_TTL] = 0;
    acquire(&bench);
    assert_int_equal(outcome(&bench, STORE_OK), LOCK_HELD);
    release(&bench);
    bench.now_ns += 1000000 * MS;
    outcome(&bench, STORE_UNKNOWN);
    waits(&bench, 100 * MS); /* it will never run out by itself */
}

static void whatever_becomes_of_the_date_it_takes_the_lock_for_held(void **state)
{
    (void)state;
    for (int failure = STORE_NIL; failure <= STORE_UNKNOWN; failure++) {
        struct bench bench = setnx_bench();
        acquire(&bench);
        outcome(&bench, STORE_OK);
        assert_int_equal(outcome(&bench, (enum store_outcome)failure), LOCK_HELD);
    }
    struct bench bench = setnx_held();
    assert_true(lock_usable(&bench.lock, bench.now_ns + 1000000 * MS));
}

static void a_busy_lock_is_asked_for_again(void **state)
{
    (void)state;
    for (int failure = STORE_NIL; failure <= STORE_UNKNOWN; failure++) {
        struct bench bench = setnx_bench();
        acquire(&bench);
        outcome(&bench, (enum store_outcome)failure);
        waits(&bench, 100 * MS);
        wake(&bench);
        asks_for_lock(&bench); /* after "unknown" too: it may be waiting for itself */
    }
}

static void it_gives_up_when_the_next_try_would_come_too_late(void **state)
{
    (void)state;
    struct bench bench = setnx_bench();
    bench.settings.value[OWNER_LOCK][LOCK_WAIT] = 150 * MS;
    acquire(&bench);
    outcome(&bench, STORE_NIL);
    wake(&bench);
    assert_int_equal(outcome(&bench, STORE_NIL), LOCK_GIVEN_UP);
}

static void a_release_removes_anybodys_lock(void **state)
{
    (void)state;
    struct bench bench = setnx_held();
    bench.now_ns += 5000 * MS; /* long expired: it may be another's by now */
    release(&bench);
    asks_blindly(&bench, STORE_DELETE, MOMENT_RELEASES_LOCK);
    assert_int_equal(integer(&bench, 1), LOCK_FREE);

    bench = setnx_held();
    release(&bench);
    assert_int_equal(integer(&bench, 0), LOCK_LOST);
}

static void an_unanswered_release_is_repeated_blindly(void **state)
{
    (void)state;
    for (int failure = STORE_REFUSED; failure <= STORE_UNKNOWN; failure++) {
        struct bench bench = setnx_held();
        release(&bench);
        outcome(&bench, (enum store_outcome)failure);
        waits(&bench, 100 * MS);
        wake(&bench);
        asks_blindly(&bench, STORE_DELETE, MOMENT_RELEASES_LOCK);
        bench.now_ns += 2000 * MS;
        assert_int_equal(outcome(&bench, (enum store_outcome)failure), LOCK_LOST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_set_first_and_dated_afterwards),
        cmocka_unit_test(its_time_is_in_whole_seconds),
        cmocka_unit_test(without_a_time_to_live_it_is_not_dated),
        cmocka_unit_test(whatever_becomes_of_the_date_it_takes_the_lock_for_held),
        cmocka_unit_test(a_busy_lock_is_asked_for_again),
        cmocka_unit_test(it_gives_up_when_the_next_try_would_come_too_late),
        cmocka_unit_test(a_release_removes_anybodys_lock),
        cmocka_unit_test(an_unanswered_release_is_repeated_blindly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
