/* What is done to the server of the model by commands: what a history shows of it. test_harm.c does
 * the same to a real server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/servers/play.h"

static void the_lock_is_evicted_overwritten_and_free_again(void **state)
{
    struct play p;
    (void)state;
    play(&p, LONG_LOCK "faults: [{when: {who: 2, does: acquires_lock}, evict: lock}]\n", 1);
    const struct history_event *gone = first_of(&p, HISTORY_EXPIRED, 0);
    assert_non_null(gone);
    assert_string_equal(gone->why, "was evicted");
    end(&p);
    play(&p, REPORTING "faults: [{at: 1s, wrong_type: lock, for: 500ms}]\n", 1);
    assert_true(count_replies(&p, STORE_NIL, 1003, 1500) > 0);
    assert_int_equal(count_replies(&p, STORE_OK, 1250, 1500), 0); /* nobody has the lock */
    assert_true(count_replies(&p, STORE_OK, 1500, 1700) > 0);
    end(&p);
}

static void want_of_memory_refuses_what_stores(void **state)
{
    struct play p;
    (void)state;
    play(&p, REPORTING "faults: [{at: 1s, oom: redis, for: 500ms}]\n", 1);
    assert_true(count_replies(&p, STORE_REFUSED, 1000, 1503) > 0);
    assert_int_equal(count_replies(&p, STORE_REFUSED, 0, 1000), 0);
    assert_int_equal(count_replies(&p, STORE_REFUSED, 1503, 4000), 0);
    for (size_t i = 0; i < p.history.count; i++) {
        const struct history_event *event = &p.history.events[i];
        if (event->kind == HISTORY_REPLY && event->reply.outcome == STORE_REFUSED) {
            assert_true(event->reply.op == STORE_PUT_IF_ABSENT ||
                        event->reply.op == STORE_SET_STATUS || event->reply.op == STORE_SET_RESULT);
        }
    }
    end(&p);
}

/* Nobody has the lock then. */
static void a_second_list_takes_no_lock_away(void **state)
{
    struct play p;
    (void)state;
    play(&p,
         REPORTING "faults: [{at: 1s, wrong_type: lock, for: 1s},\n"
                   "  {at: 1500ms, wrong_type: lock, for: 1s}]\n",
         1);
    assert_null(first_of(&p, HISTORY_EXPIRED, 1400));
    assert_int_equal(count_replies(&p, STORE_OK, 1250, 2500), 0);
    assert_true(count_replies(&p, STORE_OK, 2500, 2700) > 0);
    end(&p);
}

/* The first of the two is over while the server is dead; the second begins while it starts. */
static void what_begins_while_it_starts_stays(void **state)
{
    static const char *const faults[] = {"oom: redis", "wrong_type: lock"};
    char more[300];
    struct play p;
    (void)state;
    for (int i = 0; i < 2; i++) {
        snprintf(more, sizeof more,
                 REPORTING "faults: [{at: 500ms, %s, for: 300ms}, {at: 600ms, crash: redis, for: "
                           "400ms}, {at: 1005ms, %s, for: 1s}]\n",
                 faults[i], faults[i]);
        play(&p, more, 1);
        assert_int_equal(count_replies(&p, i == 0 ? STORE_REFUSED : STORE_NIL, 1050, 2000) > 0, 1);
        assert_int_equal(count_replies(&p, STORE_OK, 1050, 2000), 0);
        assert_true(count_replies(&p, STORE_OK, 2010, 2200) > 0);
        end(&p);
    }
}

/* The first release after it takes another round trip of 2 ms, one process's. */
static void a_forgotten_script_costs_a_round_trip(void **state)
{
    struct play p;
    int64_t asked_ns[4] = {0};
    int slow = 0;
    (void)state;
    play(&p, REPORTING "faults: [{at: 1s, forget_scripts: redis}]\n", 1);
    for (size_t i = 0; i < p.history.count; i++) {
        const struct history_event *event = &p.history.events[i];
        if (event->kind == HISTORY_REQUEST) {
            asked_ns[event->process] = event->at_ns;
        } else if (event->kind == HISTORY_REPLY && event->reply.op == STORE_DELETE_IF_EQUAL &&
                   event->at_ns > 1004 * MS) {
            slow += event->at_ns - asked_ns[event->process] >= 4 * MS;
        }
    }
    assert_int_equal(slow, 1);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lock_is_evicted_overwritten_and_free_again),
        cmocka_unit_test(want_of_memory_refuses_what_stores),
        cmocka_unit_test(a_second_list_takes_no_lock_away),
        cmocka_unit_test(what_begins_while_it_starts_stays),
        cmocka_unit_test(a_forgotten_script_costs_a_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
