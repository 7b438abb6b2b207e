/* How elections end: dead, wrong, none, and publications that nothing made due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/outcomes.h"

static void the_dead_leader_goes_on_being_elected(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* 100: due, rightful 2 */
    at(s, 200);
    has_read(s, 0);
    decides(s, 0, 1, 2); /* 201: its state still says submit */
    at(s, 300);
    has_read(s, 0);
    decides(s, 0, 1, 2);
    at(s, 400);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "crash", 1, "dead");
    const struct election *e = &o.elections[1];
    assert_int_equal(e->due_ns, 100 * MS);
    assert_int_equal(e->reported_ns, NEVER_NS);
    assert_int_equal(e->decided_ns, 201 * MS);
    assert_int_equal(e->published_ns, NEVER_NS);
    assert_int_equal(e->settled_ns, NEVER_NS);
    assert_int_equal(e->elected, 1);
    assert_int_equal(e->rule, 2);
    assert_int_equal(e->term, 1);
    assert_int_equal(e->rightful, 2);
    assert_int_equal(e->live_nodes, 2);
    outcome_free(&o);
}

static void the_dead_leader_stays_a_fact_when_another_becomes_rightful(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* rightful 2 */
    has_read(s, 0);
    decides(s, 0, 1, 2);
    at(s, 200);
    is_flipped(s, 3, STATUS_SUBMIT); /* rightful 3, but 1 is lower and says submit in the store */
    reports(s, 3);
    has_read(s, 0);
    decides(s, 0, 1, 2);
    at(s, 300);
    runs(s, 1); /* forgets its submit */
    reports(s, 1);
    elects(s, 0, 3, 2, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    expect_election(o, 2, "crash", 1, "dead");
    expect_election(o, 3, "flip", 3, "ok");
    assert_int_equal(o.elections[2].due_ns, 200 * MS);
    outcome_free(&o);
}

static void the_dead_leader_that_returns_was_still_dead(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1);
    has_read(s, 0);
    decides(s, 0, 1, 2);
    at(s, 200);
    runs(s, 1); /* in prepare, and the lowest: rightful again, nothing is due */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "crash", 1, "dead");
    outcome_free(&o);
}

static void a_dead_process_is_published(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* due: rightful 2 */
    at(s, 110);
    has_read(s, 0);
    decides(s, 0, 2, 3);
    dies(s, 2); /* 111: supersedes it, rightful 3 */
    has_published(s, 0, 2, 3, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    /* The decision is the first election's: its read is older than the second. */
    expect_election(o, 2, "crash", 1, "dead");
    assert_int_equal(o.elections[1].elected, 2);
    assert_int_equal(o.elections[1].published_ns, 112 * MS);
    expect_election(o, 3, "crash", 2, "none");
    outcome_free(&o);
}

static void nobody_decides_while_the_master_is_away(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 0);
    dies(s, 1);
    at(s, 500);
    ends(s);
    struct outcome o = outcome_of(s);
    expect_election(o, 2, "crash", 1, "none");
    assert_int_equal(o.elections[1].elected, NOBODY);
    assert_int_equal(o.elections[1].decided_ns, NEVER_NS);
    outcome_free(&o);
}

static void a_decision_that_leaves_a_wrong_result_is_wrong(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    everybody_runs(s);
    is_flipped(s, 2, STATUS_SUBMIT);
    reports(s, 2);
    elects(s, 0, 2, 2, 1);
    is_flipped(s, 1, STATUS_SUBMIT); /* rightful 1, but its report does not come through */
    at(s, 100);
    has_read(s, 0);
    decides(s, 0, 2, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    expect_election(o, 3, "flip", 1, "wrong");
    assert_int_equal(o.elections[2].elected, 2);
    assert_int_equal(o.elections[2].rightful, 1);
    outcome_free(&o);
}

static void a_decision_from_an_older_read_does_not_count(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    has_read(s, 0);
    dies(s, 1);
    decides(s, 0, 1, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    expect_election(o, 2, "crash", 1, "none");
    assert_int_equal(o.elections[1].decided_ns, NEVER_NS);
    outcome_free(&o);
}

static void a_flip_taken_back_before_anything_happened_comes_to_nothing(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT); /* rightful 0 */
    at(s, 110);
    is_flipped(s, 0, STATUS_PREPARE); /* rightful 1, as published */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "flip", 0, "none");
    outcome_free(&o);
}

/* Node 1, whom the rules prefer, starts before or after the statuses are read. */
static struct outcome node_1_comes(bool before)
{
    struct tale *s = tale_new(2);
    runs(s, 0);
    runs(s, 2);
    reports(s, 2);
    if (before) {
        runs(s, 1); /* but it has not reported yet */
    }
    at(s, 10);
    has_read(s, 0);
    decides(s, 0, 2, 3);
    at(s, 20);
    if (!before) {
        runs(s, 1);
    }
    at(s, 30);
    has_published(s, 0, 2, 3, 1);
    ends(s);
    return outcome_of(s);
}

static void what_was_right_when_it_was_read_is_outdated(void **state)
{
    (void)state;
    for (int before = 0; before <= 1; before++) {
        struct outcome o = node_1_comes(before);
        const struct election *e = &o.elections[o.election_count - 1];
        assert_int_equal(e->elected, 2);
        assert_int_equal(e->rightful, 1);
        assert_int_equal(e->verdict, VERDICT_WRONG);
        assert_int_equal(e->outdated, !before);
        outcome_free(&o);
    }
}

static void a_stale_overwrite_is_an_election_of_its_own(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    has_read(s, 3); /* 100 to 101 */
    at(s, 400);
    decides(s, 3, 2, 3);
    has_published(s, 3, 2, 3, 2); /* to 401 */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "overwrite", 3, "wrong");
    const struct election *e = &o.elections[1];
    assert_int_equal(e->due_ns, 100 * MS);
    assert_int_equal(e->decided_ns, 400 * MS);
    assert_int_equal(e->published_ns, 401 * MS);
    assert_int_equal(e->elected, 2);
    assert_int_equal(e->rightful, 1);
    assert_int_equal(e->round_trips, 2);
    outcome_free(&o);
}

/* By rule 2 it is another than by rule 3: the sentence of a wrong election says so. */
static void it_is_noted_that_the_rightful_one_was_in_submit(void **state)
{
    (void)state;
    for (int submits = 0; submits < 2; submits++) {
        struct tale *s = settled_cluster();
        has_read(s, 3);
        is_flipped(s, 1, submits ? STATUS_SUBMIT : STATUS_PREPARE);
        at(s, 400);
        decides(s, 3, 2, 3);
        has_published(s, 3, 2, 3, 2);
        ends(s);
        struct outcome o = outcome_of(s);
        expect_election(o, 2, "overwrite", 3, "wrong");
        assert_int_equal(o.elections[1].rightful, 1);
        assert_int_equal(o.elections[1].rightful_submits, submits);
        outcome_free(&o);
    }
}

static void a_stale_overwrite_leaves_the_open_election_open(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    has_read(s, 3); /* 100 */
    dies(s, 1);     /* 101: due, rightful 2 */
    decides(s, 3, 3, 3);
    has_published(s, 3, 3, 3, 2);
    elects(s, 0, 2, 3, 3);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    expect_election(o, 2, "overwrite", 3, "wrong"); /* in order of due_ms */
    expect_election(o, 3, "crash", 1, "ok");
    outcome_free(&o);
}

static void a_publication_without_an_answer_is_seen_by_whoever_looks(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT);
    reports(s, 0);
    has_read(s, 0);
    decides(s, 0, 0, 1);
    publishes(s, 0, 0, 1, 2);
    later(s, 1);
    gets(s, 0, STORE_UNKNOWN);
    at(s, 200);
    finds_result(s, 2, 0, 1, 2); /* to 201 */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "flip", 0, "ok");
    assert_int_equal(o.elections[1].published_ns, 201 * MS);
    assert_int_equal(o.elections[1].term, 2);
    assert_int_equal(o.elections[1].round_trips, 3);
    outcome_free(&o);
}

static void an_answer_from_before_is_no_publication(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    looks(s, 3); /* before the next publication */
    is_flipped(s, 0, STATUS_SUBMIT);
    elects(s, 0, 0, 1, 2);
    later(s, 1);
    sees(s, 3, 1, 3, 1);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    outcome_free(&o);
}

static void a_result_that_was_lost_is_due_again(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    finds_result(s, 0, 0, 0, 0); /* none: 101 */
    elects(s, 0, 1, 2, 1);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "loss", NOBODY, "ok");
    assert_int_equal(o.elections[1].due_ns, 101 * MS);
    outcome_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dead_leader_goes_on_being_elected),
        cmocka_unit_test(the_dead_leader_stays_a_fact_when_another_becomes_rightful),
        cmocka_unit_test(the_dead_leader_that_returns_was_still_dead),
        cmocka_unit_test(a_dead_process_is_published),
        cmocka_unit_test(nobody_decides_while_the_master_is_away),
        cmocka_unit_test(a_decision_that_leaves_a_wrong_result_is_wrong),
        cmocka_unit_test(a_decision_from_an_older_read_does_not_count),
        cmocka_unit_test(a_flip_taken_back_before_anything_happened_comes_to_nothing),
        cmocka_unit_test(what_was_right_when_it_was_read_is_outdated),
        cmocka_unit_test(a_stale_overwrite_is_an_election_of_its_own),
        cmocka_unit_test(it_is_noted_that_the_rightful_one_was_in_submit),
        cmocka_unit_test(a_stale_overwrite_leaves_the_open_election_open),
        cmocka_unit_test(a_publication_without_an_answer_is_seen_by_whoever_looks),
        cmocka_unit_test(an_answer_from_before_is_no_publication),
        cmocka_unit_test(a_result_that_was_lost_is_due_again),
    };
    return cmocka_run_group_tests_name("verdicts", tests, NULL, NULL);
}
