/* What makes elections due, and their times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/article/article.h"
#include "tests/unit/outcomes.h"

static void the_first_election_counts_from_the_first_candidate(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    runs(s, 0);
    at(s, 10);
    runs(s, 1);
    reports(s, 1); /* 10 to 11 ms */
    at(s, 20);
    runs(s, 2);
    reports(s, 2); /* to 21 ms */
    at(s, 30);
    acquires_lock(s, 0);         /* 30 to 31 */
    finds_result(s, 0, 0, 0, 0); /* to 32: none yet */
    elects(s, 0, 1, 3, 1);       /* reads to 33, publishes to 34 */
    releases_lock(s, 0);         /* to 35 */
    obeys(s, 0, 1, 1);
    at(s, 40);
    obeys(s, 1, 1, 1);
    at(s, 50);
    obeys(s, 2, 1, 1);
    at(s, 60);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    expect_election(o, 1, "start", NOBODY, "ok");
    const struct election *e = &o.elections[0];
    assert_int_equal(e->due_ns, 10 * MS);
    assert_int_equal(e->reported_ns, 21 * MS);
    assert_int_equal(e->decided_ns, 33 * MS);
    assert_int_equal(e->published_ns, 34 * MS);
    assert_int_equal(e->settled_ns, 50 * MS);
    assert_int_equal(e->elected, 1);
    assert_int_equal(e->rule, 3);
    assert_int_equal(e->term, 1);
    assert_int_equal(e->rightful, 1);
    assert_int_equal(e->live_nodes, 2);
    assert_int_equal(e->lock_wait_ns, 1 * MS);
    assert_int_equal(e->round_trips, 4); /* lock, last result, ballot, publication */
    outcome_free(&o);
}

static void waiting_for_the_lock_counts_from_the_first_try(void **state)
{
    (void)state;
    struct tale *s = tale_new(1);
    everybody_runs(s);
    acquires_lock(s, 0); /* an older round of the master: its wait is not this one's */
    releases_lock(s, 0);
    at(s, 100);
    finds_lock_busy(s, 0);
    at(s, 200);
    acquires_lock(s, 0); /* to 201 */
    elects(s, 0, 1, 3, 1);
    releases_lock(s, 0);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.elections[0].lock_wait_ns, 101 * MS);
    assert_int_equal(o.elections[0].round_trips, 4); /* two tries, ballot, publication */
    outcome_free(&o);
}

static void without_a_lock_nobody_waits(void **state)
{
    (void)state;
    struct outcome o = outcome_of(settled_cluster());
    assert_int_equal(o.elections[0].lock_wait_ns, NEVER_NS);
    assert_int_equal(o.elections[0].round_trips, 2);
    outcome_free(&o);
}

static void the_early_bird_is_wrong(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    everybody_runs(s);
    reports(s, 2);
    elects(s, 0, 2, 3, 1); /* node 1 is up, but has not reported */
    obeys(s, 2, 2, 1);     /* turns to submit, and so is rightful by rule 2: nothing new is due */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    expect_election(o, 1, "start", NOBODY, "wrong");
    assert_int_equal(o.elections[0].elected, 2);
    assert_int_equal(o.elections[0].rightful, 1);
    outcome_free(&o);
}

static void a_late_start_before_the_first_result_is_the_same_election(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    runs(s, 0);
    runs(s, 2);
    reports(s, 2);
    at(s, 10);
    runs(s, 1); /* rightful from now on */
    reports(s, 1);
    elects(s, 0, 1, 3, 1);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    expect_election(o, 1, "start", NOBODY, "ok");
    assert_int_equal(o.elections[0].due_ns, 0);
    assert_int_equal(o.elections[0].rightful, 1);
    outcome_free(&o);
}

static void a_flip_is_published_and_settles(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    s->claims[1].status = STATUS_PREPARE; /* flipped back, say: rule 2 has nobody else */
    is_flipped(s, 1, STATUS_PREPARE);
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT); /* 110: due */
    at(s, 150);
    reports(s, 3); /* 151 */
    reports(s, 2); /* 152: not the cause, does not count */
    at(s, 200);
    elects(s, 0, 3, 2, 2); /* decided 201, published 202 */
    at(s, 250);
    all_obey(s, 3, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "flip", 3, "ok");
    const struct election *e = &o.elections[1];
    assert_int_equal(e->due_ns, 110 * MS);
    assert_int_equal(e->reported_ns, 151 * MS);
    assert_int_equal(e->decided_ns, 201 * MS);
    assert_int_equal(e->published_ns, 202 * MS);
    assert_int_equal(e->settled_ns, 250 * MS);
    assert_int_equal(e->rule, 2);
    assert_int_equal(e->term, 2);
    outcome_free(&o);
}

static void the_master_in_submit_is_rightful_by_rule_1(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT);
    reports(s, 0);
    elects(s, 0, 0, 1, 2);
    all_obey(s, 0, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    expect_election(o, 2, "flip", 0, "ok");
    assert_int_equal(o.elections[1].elected, 0);
    assert_int_equal(o.elections[1].settled_ns, o.duration_ns);
    assert_int_equal(o.final_leader, 0);
    outcome_free(&o);
}

static void a_flip_that_changes_nothing_is_no_cause(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    is_flipped(s, 3, STATUS_SUBMIT); /* 1 is in submit too, and lower */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    outcome_free(&o);
}

static void another_cause_supersedes(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* rightful 2 */
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT); /* rightful 3 */
    reports(s, 3);
    elects(s, 0, 3, 2, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    expect_election(o, 2, "crash", 1, "superseded");
    assert_int_equal(o.elections[1].rightful, 2);
    expect_election(o, 3, "flip", 3, "ok");
    outcome_free(&o);
}

static void a_crash_during_the_start_supersedes_it(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    at(s, 10);
    dies(s, 1);
    reports(s, 2);
    elects(s, 0, 2, 3, 1);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 1, "start", NOBODY, "superseded");
    assert_int_equal(o.elections[0].rightful, 1);
    expect_election(o, 2, "crash", 1, "ok");
    outcome_free(&o);
}

static void a_restart_makes_an_election_due(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    runs(s, 0);
    runs(s, 1);
    dies(s, 1); /* nobody to elect: nothing is due any more */
    at(s, 10);
    runs(s, 2);
    reports(s, 2);
    elects(s, 0, 2, 3, 1);
    at(s, 20);
    runs(s, 1);
    reports(s, 1);
    elects(s, 0, 1, 3, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    expect_election(o, 1, "start", NOBODY, "none");
    expect_election(o, 2, "start", NOBODY, "ok");
    expect_election(o, 3, "restart", 1, "ok");
    assert_int_equal(o.elections[2].reported_ns, 21 * MS);
    outcome_free(&o);
}

static void for_nobody_no_election_is_due(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* due: rightful 2 */
    dies(s, 2); /* due: rightful 3 */
    dies(s, 3); /* nobody is left to elect */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    expect_election(o, 2, "crash", 1, "superseded");
    expect_election(o, 3, "crash", 2, "none");
    assert_int_equal(o.elections[2].live_nodes, 0);
    outcome_free(&o);
}

static void turning_to_submit_when_elected_is_no_flip(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    elects(s, 0, 1, 3, 1);
    is_flipped(s, 2, STATUS_SUBMIT);
    reports(s, 2);
    elects(s, 0, 2, 2, 2);
    at(s, 50);
    obeys(s, 1, 1, 1); /* it had read the older result: in submit, and the lowest */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    expect_election(o, 2, "flip", 2, "ok");
    expect_election(o, 3, "submit", 1, "none");
    assert_int_equal(o.elections[2].due_ns, 50 * MS);
    outcome_free(&o);
}

static void a_late_starter_is_a_cause_by_itself(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    runs(s, 0);
    runs(s, 2);
    reports(s, 2);
    elects(s, 0, 2, 3, 1);
    at(s, 10);
    runs(s, 1);
    reports(s, 1);
    elects(s, 0, 1, 3, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    expect_election(o, 2, "start", 1, "ok");
    assert_int_equal(o.elections[1].due_ns, 10 * MS);
    outcome_free(&o);
}

static void a_sticky_leader_stays_rightful(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    s->history.facts.settings.value[OWNER_PROTOCOL][ARTICLE_STICKY] = 1;
    everybody_runs(s);
    is_flipped(s, 3, STATUS_SUBMIT); /* supersedes the start */
    reports(s, 3);
    elects(s, 0, 3, 2, 1);
    is_flipped(s, 1, STATUS_SUBMIT); /* lower, but 3 keeps the office */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "flip", 3, "ok");
    outcome_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_election_counts_from_the_first_candidate),
        cmocka_unit_test(waiting_for_the_lock_counts_from_the_first_try),
        cmocka_unit_test(without_a_lock_nobody_waits),
        cmocka_unit_test(the_early_bird_is_wrong),
        cmocka_unit_test(a_late_start_before_the_first_result_is_the_same_election),
        cmocka_unit_test(a_flip_is_published_and_settles),
        cmocka_unit_test(the_master_in_submit_is_rightful_by_rule_1),
        cmocka_unit_test(a_flip_that_changes_nothing_is_no_cause),
        cmocka_unit_test(another_cause_supersedes),
        cmocka_unit_test(a_crash_during_the_start_supersedes_it),
        cmocka_unit_test(a_restart_makes_an_election_due),
        cmocka_unit_test(for_nobody_no_election_is_due),
        cmocka_unit_test(turning_to_submit_when_elected_is_no_flip),
        cmocka_unit_test(a_late_starter_is_a_cause_by_itself),
        cmocka_unit_test(a_sticky_leader_stays_rightful),
    };
    return cmocka_run_group_tests_name("elections", tests, NULL, NULL);
}
