/* The totals of a trial: who led, for how long, and who did not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/outcome/judge.h"
#include "src/owners.h"
#include "tests/unit/outcomes.h"

static void what_comes_after_the_end_does_not_count(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    ends(s);
    at(s, 200);
    dies(s, 1);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    assert_int_equal(o.duration_ns, 100 * MS);
    outcome_free(&o);
}

static void leaders_are_those_whom_everybody_followed(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT);
    elects(s, 0, 0, 1, 2);
    obeys(s, 0, 0, 2); /* two of them now, nobody is followed by all */
    obeys(s, 1, 0, 2);
    is_paused(s, 2); /* does not count while it is paused */
    obeys(s, 3, 0, 2);
    resumes(s, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.leader_count, 2);
    assert_int_equal(o.leaders[0], 1);
    assert_int_equal(o.leaders[1], 0);
    assert_int_equal(o.final_leader, NOBODY); /* 2 is back, and follows 1 */
    outcome_free(&o);
}

/* As many leaders as can be expected, and one more: not those that were expected. */
static void one_leader_too_many_is_noticed(void **state)
{
    (void)state;
    struct tale *s = settled_cluster(); /* all follow 1 */
    struct scenario scenario = {.expect.has_leaders = true};
    scenario.expect.leader_count = SCENARIO_LEADERS_MAX;
    scenario.expect.leaders[0] = 1;
    for (int i = 1; i <= SCENARIO_LEADERS_MAX; i++) {
        int32_t leader = 1 + i % 2;
        for (uint16_t id = 0; id <= s->history.facts.settings.nodes; id++) {
            obeys(s, id, leader, (uint64_t)i + 1);
        }
        if (i < SCENARIO_LEADERS_MAX) {
            scenario.expect.leaders[i] = leader;
        }
    }
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.leader_count, SCENARIO_LEADERS_MAX + 1);
    assert_int_equal(trial_leaders_differ(&scenario, &o), YES);
    outcome_free(&o);
}

static void everybody_may_follow_the_dead(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1);
    at(s, 150);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.final_leader, 1);
    assert_int_equal(o.leader_count, 1);
    assert_int_equal(o.leaderless_ns, (50 + 50) * MS);
    outcome_free(&o);
}

static void everybody_may_follow_one_who_never_knew(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    everybody_runs(s);
    elects(s, 0, 1, 3, 1);
    dies(s, 1);
    obeys(s, 0, 1, 1);
    obeys(s, 2, 1, 1);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.final_leader, 1);
    assert_int_equal(o.elections[0].settled_ns, o.duration_ns);
    assert_int_equal(o.leaderless_ns, o.duration_ns);
    outcome_free(&o);
}

static void two_leaders_count_until_their_claims_run_out(void **state)
{
    (void)state;
    struct tale *s = settled_cluster(); /* 1 leads since 50 */
    s->claims[2].until_ns = 130 * MS;
    obeys(s, 2, 2, 2); /* 100: leads too */
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
    struct tale *s = settled_cluster();
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
    struct outcome o = outcome_of(tale_new(3));
    assert_int_equal(o.election_count, 0);
    assert_int_equal(o.final_leader, NOBODY);
    assert_int_equal(o.duration_ns, 0);
    assert_int_equal(o.trial, 1);
    assert_int_equal(o.seed, 1);
    outcome_free(&o);
}

/* A leader that reaches one server of three can do nothing; one that reaches two can. */
static void a_leader_without_a_majority_is_idle(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    s->history.facts.settings.servers = 3;
    on_server(s, 1);
    begins_fault(s, HISTORY_HARNESS, "stall");
    at(s, 1100);
    on_server(s, 2);
    begins_fault(s, 1, "cut");
    at(s, 1400);
    on_server(s, 1);
    ends_fault(s, HISTORY_HARNESS, "stall");
    at(s, 2000);
    on_server(s, 2);
    ends_fault(s, 1, "cut");
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.idle.id, 1);
    assert_int_equal(o.idle.lasted_ns, 300 * MS);
    outcome_free(&o);
}

/* Whoever stands still leads nobody, and what comes after the safety phase does not count. */
static void a_paused_leader_of_a_lease_leads_nobody(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    struct settings *settings = &s->history.facts.settings;
    int lease = owner_find(OWNER_PROTOCOL, "lease");
    assert_true(lease >= 0);
    settings_choose(settings, OWNER_PROTOCOL, (uint8_t)lease);
    runs(s, 1);
    runs(s, 2);
    at(s, 40);
    leads(s, 1, 1);
    at(s, 100);
    is_paused(s, 1);
    at(s, 130);
    resumes(s, 1);
    at(s, 200);
    phase(s, PHASE_LIVENESS);
    is_paused(s, 1);
    at(s, 300);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.leaderless_ns, (40 + 30) * MS);
    outcome_free(&o);
}

/* By the article's rules one is rightful: the other leads nobody, whatever it claims. */
static void a_leader_that_is_not_rightful_leads_nobody(void **state)
{
    (void)state;
    struct tale *s = settled_cluster(); /* 1 leads since 50 */
    is_flipped(s, 0, STATUS_SUBMIT);    /* 100: rule 1 gives the master */
    at(s, 160);
    leads(s, 0, 2);
    at(s, 200);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.leaderless_ns, (50 + 60) * MS);
    assert_int_equal(o.two_leaders_ns, 40 * MS);
    outcome_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_after_the_end_does_not_count),
        cmocka_unit_test(leaders_are_those_whom_everybody_followed),
        cmocka_unit_test(one_leader_too_many_is_noticed),
        cmocka_unit_test(everybody_may_follow_the_dead),
        cmocka_unit_test(everybody_may_follow_one_who_never_knew),
        cmocka_unit_test(two_leaders_count_until_their_claims_run_out),
        cmocka_unit_test(two_lock_holders_count_while_both_live),
        cmocka_unit_test(a_cluster_that_never_was_has_an_outcome),
        cmocka_unit_test(a_leader_without_a_majority_is_idle),
        cmocka_unit_test(a_paused_leader_of_a_lease_leads_nobody),
        cmocka_unit_test(a_leader_that_is_not_rightful_leads_nobody),
    };
    return cmocka_run_group_tests_name("totals", tests, NULL, NULL);
}
