/* What the outcomes of many trials have in common is kept once, and nothing is lost by that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/checks/violation.h"
#include "sim/outcome/judge.h"
#include "sim/outcome/packed.h"
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
        shared_take(shared, &trials[i], KEEP_WHOLE);
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
        shared_take(shared, &trials[i], KEEP_WHOLE);
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
        shared_take(shared, &trials[i], KEEP_SMALL);
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

static void assert_told_alike(const struct election *a, const struct election *b)
{
    assert_int_equal(a->nth, b->nth);
    assert_int_equal(a->cause, b->cause);
    assert_int_equal(a->cause_node, b->cause_node);
    assert_int_equal(a->elected, b->elected);
    assert_ptr_equal(a->reason, b->reason);
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->ended, b->ended);
    assert_int_equal(a->unsettled, b->unsettled);
    assert_true(a->due_ns == b->due_ns && a->since_ns == b->since_ns);
    assert_true(a->published_ns == b->published_ns && a->settled_ns == b->settled_ns);
    assert_true(a->until_ns == b->until_ns);
}

/* Each value that a field can have at its ends, and times in any order. */
static void packed_elections_tell_the_same(void **state)
{
    (void)state;
    static const char first[] = "rule 1", second[] = "rule 2";
    const int64_t day_ns = INT64_C(86400000000000);
    const struct election elections[] = {
        {.nth = 1,
         .cause_node = NOBODY,
         .elected = 1,
         .reason = first,
         .published_ns = 1,
         .settled_ns = 128,
         .until_ns = 129},
        {.nth = 2,
         .cause = CAUSES - 1,
         .ended = ENDINGS - 1,
         .verdict = VERDICTS - 1,
         .unsettled = true,
         .cause_node = INT32_MAX,
         .elected = INT32_MIN,
         .reason = first,
         .due_ns = NEVER_NS,
         .published_ns = NEVER_NS,
         .settled_ns = NEVER_NS,
         .since_ns = -1,
         .until_ns = day_ns},
        {.nth = 3,
         .cause_node = 0,
         .elected = NOBODY,
         .reason = second,
         .due_ns = day_ns,
         .since_ns = day_ns - 1,
         .published_ns = 0,
         .settled_ns = -day_ns,
         .until_ns = 5},
        {.nth = 4,
         .cause_node = 1000,
         .elected = 999,
         .reason = NULL,
         .due_ns = 63,
         .since_ns = 64,
         .published_ns = NEVER_NS,
         .settled_ns = 65,
         .until_ns = 65},
    };
    const size_t count = sizeof elections / sizeof *elections;
    struct shared *shared = shared_new();
    struct outcome outcome = new_outcome(1, 1);
    outcome.elections = calloc(count, sizeof *outcome.elections);
    assert_non_null(outcome.elections);
    memcpy(outcome.elections, elections, sizeof elections);
    outcome.election_count = count;
    for (int packed = 0; packed < 2; packed++) {
        if (packed) {
            shared_take(shared, &outcome, KEEP_SMALL);
        }
        assert_int_equal(outcome.elections_packed, packed);
        struct election_walk walk = election_walk(&outcome);
        for (size_t i = 0; i < count; i++) {
            const struct election *election = election_next(&walk);
            assert_non_null(election);
            assert_told_alike(election, &elections[i]);
        }
        assert_null(election_next(&walk));
    }
    outcome_free(&outcome);
    shared_free(shared);
}

static void all_violations_stay_if_all_are_to_be_told(void **state)
{
    (void)state;
    struct shared *shared = shared_new();
    struct outcome trials[] = {new_outcome(1, 1), new_outcome(2, 1)};
    for (size_t i = 0; i < 2; i++) {
        break_check(&trials[i], DEAD_LEADER);
        shared_take(shared, &trials[i], KEEP_WHOLE);
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
        cmocka_unit_test(packed_elections_tell_the_same),
        cmocka_unit_test(all_violations_stay_if_all_are_to_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
