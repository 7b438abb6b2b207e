/* Elections out of histories: every cause, every verdict, every time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/results/results.h"
#include "tests/unit/story.h"

static struct outcome outcome_of(struct story *s)
{
    struct scenario scenario = {.name = "story"};
    struct outcome outcome;
    assert_true(outcome_derive(&scenario, &s->history, &outcome));
    story_free(s);
    return outcome;
}

#define expect_election(outcome, n, cause_, node_, verdict_)                                       \
    do {                                                                                           \
        assert_true((n) <= (outcome).election_count);                                              \
        const struct election *e = &(outcome).elections[(n)-1];                                    \
        assert_int_equal(e->nth, (n));                                                             \
        assert_string_equal(cause_names[e->cause], (cause_));                                      \
        assert_int_equal(e->cause_node, (node_));                                                  \
        assert_string_equal(verdict_names[e->verdict], (verdict_));                                \
    } while (0)

/* Three nodes and the master up, all reported, and node 1 elected by rule 3 and followed by all, at
 * 100 ms. */
static struct story *settled_cluster(void)
{
    struct story *s = story_new(3);
    all_start(s);
    for (uint16_t id = 1; id <= 3; id++) {
        reports(s, id);
    }
    elects(s, 0, 1, 3, 1);
    at(s, 50);
    all_follow(s, 1, 1);
    at(s, 100);
    return s;
}

static void the_first_election_counts_from_the_first_candidate(void **state)
{
    (void)state;
    struct story *s = story_new(2);
    starts(s, 0);
    at(s, 10);
    starts(s, 1);
    reports(s, 1); /* 10 to 11 ms */
    at(s, 20);
    starts(s, 2);
    reports(s, 2); /* to 21 ms */
    at(s, 30);
    acquires_lock(s, 0);         /* 30 to 31 */
    finds_result(s, 0, 0, 0, 0); /* to 32: none yet */
    elects(s, 0, 1, 3, 1);       /* reads to 33, publishes to 34 */
    releases_lock(s, 0);         /* to 35 */
    follows(s, 0, 1, 1);
    at(s, 40);
    follows(s, 1, 1, 1);
    at(s, 50);
    follows(s, 2, 1, 1);
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
    struct story *s = story_new(1);
    all_start(s);
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
    struct story *s = story_new(2);
    all_start(s);
    reports(s, 2);
    elects(s, 0, 2, 3, 1); /* node 1 is up, but has not reported */
    follows(s, 2, 2, 1);   /* turns to submit, and so is rightful by rule 2: nothing new is due */
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
    struct story *s = story_new(2);
    starts(s, 0);
    starts(s, 2);
    reports(s, 2);
    at(s, 10);
    starts(s, 1); /* rightful from now on */
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
    struct story *s = settled_cluster();
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
    all_follow(s, 3, 2);
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
    struct story *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT);
    reports(s, 0);
    elects(s, 0, 0, 1, 2);
    all_follow(s, 0, 2);
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
    struct story *s = settled_cluster();
    is_flipped(s, 3, STATUS_SUBMIT); /* 1 is in submit too, and lower */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    outcome_free(&o);
}

static void the_dead_leader_goes_on_being_elected(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    dies(s, 1); /* 100: due, rightful 2 */
    at(s, 200);
    reads(s, 0);
    decides(s, 0, 1, 2); /* 201: its state still says submit */
    at(s, 300);
    reads(s, 0);
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

static void the_dead_leader_that_returns_was_still_dead(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    dies(s, 1);
    reads(s, 0);
    decides(s, 0, 1, 2);
    at(s, 200);
    starts(s, 1); /* in prepare, and the lowest: rightful again, nothing is due */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "crash", 1, "dead");
    outcome_free(&o);
}

static void a_dead_process_is_published(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    dies(s, 1); /* due: rightful 2 */
    at(s, 110);
    reads(s, 0);
    decides(s, 0, 2, 3);
    dies(s, 2); /* 111: supersedes it, rightful 3 */
    publishes(s, 0, 2, 3, 2);
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
    struct story *s = settled_cluster();
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
    struct story *s = story_new(3);
    all_start(s);
    is_flipped(s, 2, STATUS_SUBMIT);
    reports(s, 2);
    elects(s, 0, 2, 2, 1);
    is_flipped(s, 1, STATUS_SUBMIT); /* rightful 1, but its report does not come through */
    at(s, 100);
    reads(s, 0);
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
    struct story *s = settled_cluster();
    reads(s, 0);
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
    struct story *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT); /* rightful 0 */
    at(s, 110);
    is_flipped(s, 0, STATUS_PREPARE); /* rightful 1, as published */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "flip", 0, "none");
    outcome_free(&o);
}

static void another_cause_supersedes(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
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
    struct story *s = story_new(3);
    all_start(s);
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
    struct story *s = story_new(2);
    starts(s, 0);
    starts(s, 1);
    dies(s, 1); /* nobody to elect: nothing is due any more */
    at(s, 10);
    starts(s, 2);
    reports(s, 2);
    elects(s, 0, 2, 3, 1);
    at(s, 20);
    starts(s, 1);
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

static void a_late_starter_is_a_cause_by_itself(void **state)
{
    (void)state;
    struct story *s = story_new(2);
    starts(s, 0);
    starts(s, 2);
    reports(s, 2);
    elects(s, 0, 2, 3, 1);
    at(s, 10);
    starts(s, 1);
    reports(s, 1);
    elects(s, 0, 1, 3, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    expect_election(o, 2, "start", 1, "ok");
    assert_int_equal(o.elections[1].due_ns, 10 * MS);
    outcome_free(&o);
}

static void a_stale_overwrite_is_an_election_of_its_own(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    reads(s, 3); /* 100 to 101 */
    at(s, 400);
    decides(s, 3, 2, 3);
    publishes(s, 3, 2, 3, 2); /* to 401 */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "other", NOBODY, "wrong");
    const struct election *e = &o.elections[1];
    assert_int_equal(e->due_ns, 100 * MS);
    assert_int_equal(e->decided_ns, 400 * MS);
    assert_int_equal(e->published_ns, 401 * MS);
    assert_int_equal(e->elected, 2);
    assert_int_equal(e->rightful, 1);
    assert_int_equal(e->round_trips, 2);
    outcome_free(&o);
}

static void a_stale_overwrite_leaves_the_open_election_open(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    reads(s, 3); /* 100 */
    dies(s, 1);  /* 101: due, rightful 2 */
    decides(s, 3, 3, 3);
    publishes(s, 3, 3, 3, 2);
    elects(s, 0, 2, 3, 3);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 3);
    expect_election(o, 2, "other", NOBODY, "wrong"); /* in order of due_ms */
    expect_election(o, 3, "crash", 1, "ok");
    outcome_free(&o);
}

static void a_publication_without_an_answer_is_seen_by_whoever_looks(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT);
    reports(s, 0);
    reads(s, 0);
    decides(s, 0, 0, 1);
    sends_result(s, 0, 0, 1, 2);
    hears(s, 0, STORE_SET_RESULT, STORE_UNKNOWN);
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
    struct story *s = settled_cluster();
    asks(s, 3, STORE_GET_RESULT, KEY_RESULT, MOMENT_NONE); /* before the next publication */
    is_flipped(s, 0, STATUS_SUBMIT);
    elects(s, 0, 0, 1, 2);
    hears(s, 3, STORE_GET_RESULT, STORE_OK)->reply.value.result =
        (struct result){.id = 1, .rule = 3, .term = 1};
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    outcome_free(&o);
}

static void a_result_that_was_lost_is_due_again(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    finds_result(s, 0, 0, 0, 0); /* none: 101 */
    elects(s, 0, 1, 2, 1);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "other", NOBODY, "ok");
    assert_int_equal(o.elections[1].due_ns, 101 * MS);
    outcome_free(&o);
}

static void a_sticky_leader_stays_rightful(void **state)
{
    (void)state;
    struct story *s = story_new(3);
    s->history.facts.settings.sticky = 1;
    all_start(s);
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

static void what_comes_after_the_end_does_not_count(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    ends(s);
    at(s, 200);
    dies(s, 1);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    assert_int_equal(o.duration_ns, 100 * MS);
    outcome_free(&o);
}

/* --- totals -------------------------------------------------------------------------------------
 */

static void leaders_are_those_whom_everybody_followed(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT);
    elects(s, 0, 0, 1, 2);
    follows(s, 0, 0, 2); /* two of them now, nobody is followed by all */
    follows(s, 1, 0, 2);
    is_paused(s, 2); /* does not count while it is paused */
    follows(s, 3, 0, 2);
    resumes(s, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.leader_count, 2);
    assert_int_equal(o.leaders[0], 1);
    assert_int_equal(o.leaders[1], 0);
    assert_int_equal(o.final_leader, NOBODY); /* 2 is back, and follows 1 */
    outcome_free(&o);
}

static void everybody_may_follow_the_dead(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    dies(s, 1);
    at(s, 150);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.final_leader, 1);
    assert_int_equal(o.leader_count, 1);
    assert_int_equal(o.leaderless_ns, (50 + 50) * MS);
    outcome_free(&o);
}

static void two_leaders_count_until_their_claims_run_out(void **state)
{
    (void)state;
    struct story *s = settled_cluster(); /* 1 leads since 50 */
    s->claims[2].until_ns = 130 * MS;
    follows(s, 2, 2, 2); /* 100: leads too */
    at(s, 200);
    dies(s, 1); /* 2's claim has run out: nobody leads */
    at(s, 210);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.two_leaders_ns, 30 * MS);
    assert_int_equal(o.leaderless_ns, (50 + 10) * MS);
    outcome_free(&o);
}

static void two_lock_holders_count_while_both_live(void **state)
{
    (void)state;
    struct story *s = settled_cluster();
    acquires_lock(s, 2); /* to 101 */
    acquires_lock(s, 3); /* to 102: both are inside */
    at(s, 110);
    is_paused(s, 2); /* paused, but still inside */
    at(s, 120);
    dies(s, 2);
    at(s, 130);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.two_lock_holders_ns, 18 * MS);
    assert_int_equal(o.requests, 3 + 2 + 2);
    outcome_free(&o);
}

static void a_cluster_that_never_was_has_an_outcome(void **state)
{
    (void)state;
    struct outcome o = outcome_of(story_new(3));
    assert_int_equal(o.election_count, 0);
    assert_int_equal(o.final_leader, NOBODY);
    assert_int_equal(o.duration_ns, 0);
    assert_int_equal(o.trial, 1);
    assert_int_equal(o.seed, 7);
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
        cmocka_unit_test(the_dead_leader_goes_on_being_elected),
        cmocka_unit_test(the_dead_leader_that_returns_was_still_dead),
        cmocka_unit_test(a_dead_process_is_published),
        cmocka_unit_test(nobody_decides_while_the_master_is_away),
        cmocka_unit_test(a_decision_that_leaves_a_wrong_result_is_wrong),
        cmocka_unit_test(a_decision_from_an_older_read_does_not_count),
        cmocka_unit_test(a_flip_taken_back_before_anything_happened_comes_to_nothing),
        cmocka_unit_test(another_cause_supersedes),
        cmocka_unit_test(a_crash_during_the_start_supersedes_it),
        cmocka_unit_test(a_restart_makes_an_election_due),
        cmocka_unit_test(a_late_starter_is_a_cause_by_itself),
        cmocka_unit_test(a_stale_overwrite_is_an_election_of_its_own),
        cmocka_unit_test(a_stale_overwrite_leaves_the_open_election_open),
        cmocka_unit_test(a_publication_without_an_answer_is_seen_by_whoever_looks),
        cmocka_unit_test(an_answer_from_before_is_no_publication),
        cmocka_unit_test(a_result_that_was_lost_is_due_again),
        cmocka_unit_test(a_sticky_leader_stays_rightful),
        cmocka_unit_test(what_comes_after_the_end_does_not_count),
        cmocka_unit_test(leaders_are_those_whom_everybody_followed),
        cmocka_unit_test(everybody_may_follow_the_dead),
        cmocka_unit_test(two_leaders_count_until_their_claims_run_out),
        cmocka_unit_test(two_lock_holders_count_while_both_live),
        cmocka_unit_test(a_cluster_that_never_was_has_an_outcome),
    };
    return cmocka_run_group_tests_name("elections", tests, NULL, NULL);
}
