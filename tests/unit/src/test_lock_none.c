/* The lock `none` asks nobody and is always held; and the table of locks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/lock/lock.h"
#include "src/owners.h"

static void it_is_held_at_once_and_for_ever(void **state)
{
    (void)state;
    struct settings settings = {.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "none"),
                                .value[OWNER_LOCK][LOCK_TTL] = 1};
    struct lock lock = {0};
    struct event event = {.kind = EVENT_STARTED, .now_ns = 5};
    struct action action = {.why = 77};

    assert_int_equal(lock_acquire(&settings, &lock, &event, &action), LOCK_HELD);
    assert_true(lock_usable(&lock, INT64_MAX - 1));
    assert_int_equal(lock_release(&settings, &lock, &event, &action), LOCK_FREE);
    assert_int_equal(action.why, 77);
    assert_false(action.took_token);
}

static void the_table_finds_locks_by_name(void **state)
{
    (void)state;
    int rows = 0;
    for (; lock_rows[rows]; rows++) {
        assert_int_equal(owner_find(OWNER_LOCK, lock_rows[rows]->name), rows);
        assert_true(strlen(lock_rows[rows]->summary) > 0);
    }
    assert_int_equal(owner_find(OWNER_LOCK, "no such lock"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_held_at_once_and_for_ever),
        cmocka_unit_test(the_table_finds_locks_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
