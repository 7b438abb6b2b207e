/* What the outcomes of many trials have in common is kept once, and nothing is lost by that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/checks/violation.h"
#include "sim/outcome/judge.h"
#include "sim/outcome/shared.h"

#define DEAD_LEADER ((size_t)check_find("dead_leader"))
#define STARVATION ((size_t)check_find("starvation"))

/* A trial in which everybody followed one leader; all its checks held. */
static struct outcome new_outcome(uint32_t trial, int32_t leader)
{
    struct outcome outcome = {.trial = trial, .leader_count = 1};
    outcome.leaders = malloc(sizeof *outcome.leaders);
    outcome.checks = calloc(check_count(), sizeof *outcome.checks);
    assert_true(outcome.leaders && outcome.checks);
    outcome.leaders[0] = leader;
    for (size_t i = 0; i < check_count(); i++) {
        outcome.checks[i] = check_held();
    }
    return outcome;
}

static void break_check(struct outcome *outcome, size_t check)
{
    struct violation violation = violation_new(check_rows[check], 0);
    violation_say(&violation, "it broke");
    violations_add(&outcome->violations, &violation);
    outcome->checks[check].ending = CHECK_BROKEN;
}

static void what_is_equal_is_kept_once(void **state)
{
    (void)state;
    struct shared *shared = shared_new();
    struct outcome trials[] = {new_outcome(1, 1), new_outcome(2, 1), new_outcome(3, 2),
                               new_outcome(4, 1)};
    trials[3].checks[STARVATION] = check_could_not_fire("nobody asked for the lock");
    for (size_t i = 0; i < 4; i++) {
        shared_take(shared, &trials[i], KEEP_ALL_VIOLATIONS);
    }
    assert_ptr_equal(trials[0].checks, trials[1].checks);
    assert_ptr_equal(trials[0].leaders, trials[1].leaders);
    assert_ptr_equal(trials[0].checks, trials[2].checks);
    assert_int_equal(trials[2].leaders[0], 2);
    assert_int_equal(trials[3].leaders[0], 1);
    assert_int_equal(trials[3].checks[STARVATION].ending, CHECK_COULD_NOT_FIRE);
    assert_int_equal(trials[0].checks[STARVATION].ending, CHECK_HELD);
    for (size_t i = 0; i < 4; i++) {
        outcome_free(&trials[i]);
    }
    shared_free(shared);
}

/* However many there are, each outcome has its own. */
static void what_differs_stays_apart(void **state)
{
    (void)state;
    enum { MANY = 300 };
    struct shared *shared = shared_new();
    struct outcome trials[MANY];
    for (int i = 0; i < MANY; i++) {
        trials[i] = new_outcome((uint32_t)i + 1, i);
        shared_take(shared, &trials[i], KEEP_ALL_VIOLATIONS);
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(trials[i].leaders[0], i);
        outcome_free(&trials[i]);
    }
    shared_free(shared);
}

static void the_first_violations_of_each_check_stay(void **state)
{
    (void)state;
    struct shared *shared = shared_new();
    struct outcome trials[] = {new_outcome(1, 1), new_outcome(2, 1), new_outcome(3, 1),
                               new_outcome(4, 1)};
    break_check(&trials[1], DEAD_LEADER);
    break_check(&trials[2], DEAD_LEADER);
    break_check(&trials[3], DEAD_LEADER);
    break_check(&trials[3], STARVATION);
    for (size_t i = 0; i < 4; i++) {
        shared_take(shared, &trials[i], KEEP_FIRST_VIOLATIONS);
    }
    assert_non_null(first_violation(&trials[1], DEAD_LEADER));
    assert_int_equal(trials[2].violations.count, 0);
    assert_non_null(first_violation(&trials[3], STARVATION));
    assert_int_equal(trials_with_check(trials, 4, DEAD_LEADER), 3);
    assert_int_equal(trials_with_check(trials, 4, STARVATION), 1);
    for (size_t i = 0; i < 4; i++) {
        outcome_free(&trials[i]);
    }
    shared_free(shared);
}

static void all_violations_stay_if_all_are_to_be_told(void **state)
{
    (void)state;
    struct shared *shared = shared_new();
    struct outcome trials[] = {new_outcome(1, 1), new_outcome(2, 1)};
    for (size_t i = 0; i < 2; i++) {
        break_check(&trials[i], DEAD_LEADER);
        shared_take(shared, &trials[i], KEEP_ALL_VIOLATIONS);
        assert_non_null(first_violation(&trials[i], DEAD_LEADER));
    }
    outcome_free(&trials[0]);
    outcome_free(&trials[1]);
    shared_free(shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_equal_is_kept_once),
        cmocka_unit_test(what_differs_stays_apart),
        cmocka_unit_test(the_first_violations_of_each_check_stay),
        cmocka_unit_test(all_violations_stay_if_all_are_to_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
