/* Elections of a protocol that publishes nothing: the lease. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/owners.h"
#include "tests/unit/outcomes.h"

/* Three nodes; at 10 ms node 1 leads, until 1,000 ms, and all follow it. */
static struct tale *leased_cluster(double until_ms)
{
    struct tale *s = tale_new(3);
    int row = owner_find(OWNER_PROTOCOL, "lease");
    assert_true(row >= 0);
    settings_choose(&s->history.facts.settings, OWNER_PROTOCOL, (uint8_t)row);
    everybody_runs(s);
    at(s, 9);
    asks_lock(s, 1, 11);
    at(s, 10);
    gets(s, 1, STORE_OK);
    decides(s, 1, 1, 1);
    s->history.events[s->history.count - 1].decided.decision.term = 1;
    leads_until(s, 1, 1, until_ms);
    at(s, 20);
    follows(s, 3, 1);
    follows(s, 2, 1);
    at(s, 100);
    return s;
}

static void node_2_leads(struct tale *s, double ms)
{
    at(s, ms);
    leads_until(s, 2, 2, ms + 1000);
    at(s, ms + 10);
    follows(s, 3, 2);
    if (s->claims[1].follows != 2) {
        steps_down(s, 1, 2);
    }
    at(s, ms + 100);
    ends(s);
}

/* Nobody here asks for one: a history from a stranger. */
static void a_result_of_the_article_says_nothing(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    finds_result(s, 2, 2000000000, 3, 7);
    at(s, 200);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    expect_election(o, 1, "start", NOBODY, "ok");
    outcome_free(&o);
}

static void who_begins_to_lead_is_published(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    expect_election(o, 1, "start", NOBODY, "ok");
    const struct election *e = &o.elections[0];
    assert_int_equal(e->due_ns, 0);
    assert_int_equal(e->decided_ns, 10 * MS);
    assert_int_equal(e->published_ns, 10 * MS);
    assert_int_equal(e->settled_ns, 20 * MS);
    assert_int_equal(e->elected, 1);
    assert_int_equal(e->term, 1);
    assert_int_equal(e->rule, 0); /* a lease has no rules */
    assert_string_equal(e->reason, "its lock");
    outcome_free(&o);
}

static void a_lease_that_is_renewed_is_no_election(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    at(s, 500);
    leads_until(s, 1, 1, 1500);
    at(s, 1200);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 1);
    assert_int_equal(o.leaderless_ns, 10 * MS);
    outcome_free(&o);
}

static void a_dead_leader_is_succeeded(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    dies(s, 1);
    at(s, 1300);
    leads_until(s, 2, 2, 3000);
    at(s, 1310);
    follows(s, 3, 2);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "crash", 1, "ok");
    assert_int_equal(o.elections[1].due_ns, 100 * MS);
    assert_int_equal(o.elections[1].published_ns, 1300 * MS);
    assert_int_equal(o.elections[1].settled_ns, 1310 * MS);
    assert_int_equal(o.elections[1].elected, 2);
    outcome_free(&o);
}

/* Nobody tells that a time has run out: it is so by the clock. */
static void a_time_that_runs_out_makes_one_due_then(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    node_2_leads(s, 1700);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "expiry", 1, "ok");
    assert_int_equal(o.elections[1].due_ns, 1000 * MS);
    assert_int_equal(o.elections[1].published_ns, 1700 * MS);
    assert_int_equal(o.two_leaders_ns, 0);
    outcome_free(&o);
}

static void what_befell_the_leader_is_the_cause(void **state)
{
    static const struct {
        const char *fault, *cause;
        bool of_server;
    } cases[] = {
        {"cut", "partition", false},  {"delay", "partition", false}, {"drift", "clock", false},
        {"stall", "partition", true}, {"refuse", "partition", true}, {"drift", "clock", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tale *s = leased_cluster(1000);
        begins_fault(s, cases[i].of_server ? HISTORY_HARNESS : 1, cases[i].fault);
        node_2_leads(s, 1700);
        struct outcome o = outcome_of(s);
        assert_int_equal(o.election_count, 2);
        expect_election(o, 2, cases[i].cause, 1, "ok");
        outcome_free(&o);
    }
}

static void what_befell_another_or_was_over_is_not(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    begins_fault(s, 2, "cut");
    begins_fault(s, 1, "cut");
    at(s, 200);
    ends_fault(s, 1, "cut");
    at(s, 300);
    extends(s, 1, 11);
    is_told(s, 1, 1); /* after which it surely held the lock */
    node_2_leads(s, 1700);
    struct outcome o = outcome_of(s);
    expect_election(o, 2, "expiry", 1, "ok");
    outcome_free(&o);
}

static void a_leader_may_step_down(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    steps_down(s, 1, NOBODY);
    node_2_leads(s, 400);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "resignation", 1, "ok");
    assert_int_equal(o.elections[1].due_ns, 100 * MS);
    outcome_free(&o);
}

/* A paused one is not acceptable to the lease; when it goes on in time, nothing has changed. */
static void a_paused_leader_makes_one_due(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(5000);
    is_paused(s, 1);
    at(s, 400);
    resumes(s, 1);
    at(s, 600);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "pause", 1, "none");
    assert_int_equal(o.elections[1].ended, ENDED_WITHDRAWN);
    assert_int_equal(o.elections[1].due_ns, 100 * MS);
    assert_int_equal(o.elections[1].until_ns, 400 * MS);
    outcome_free(&o);
}

/* It does not know that its lock is gone, and its time has no end: two lead. */
static void a_leader_too_many_is_an_election_of_its_own(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1e9);
    at(s, 1000);
    lock_runs_out(s);
    at(s, 1200);
    leads_until(s, 2, 2, 1e9);
    at(s, 1500);
    dies(s, 2); /* the first one leads still */
    at(s, 2000);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "expiry", 1, "ok");
    assert_int_equal(o.elections[1].due_ns, 1200 * MS);
    assert_int_equal(o.elections[1].elected, 2);
    assert_int_equal(o.elections[1].settled_ns, NEVER_NS);
    assert_int_equal(o.two_leaders_ns, 300 * MS);
    outcome_free(&o);
}

/* A lock whose holder's time has run out by its own clock is shared with nobody. */
static void being_inside_ends_with_the_time(void **state)
{
    (void)state;
    struct tale *s = leased_cluster(1000);
    enters(s, 1);
    at(s, 1200);
    s->claims[2].in_section = 1;
    node_2_leads(s, 1300);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.two_lock_holders_ns, 0);
    assert_int_equal(o.checks[check_find("two_lock_holders")].ending, CHECK_HELD);
    outcome_free(&o);
}

static void checks_about_what_a_lease_has_not_do_not_apply(void **state)
{
    static const char *const names[] = {"dead_leader", "wrong_winner", "stale_result",
                                        "starvation"};
    (void)state;
    struct tale *s = leased_cluster(1000);
    s->history.facts.lock_within_ns = 10 * MS;
    node_2_leads(s, 1700);
    struct outcome o = outcome_of(s);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(o.checks[check_find(names[i])].ending, CHECK_DOES_NOT_APPLY);
    }
    outcome_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_of_the_article_says_nothing),
        cmocka_unit_test(who_begins_to_lead_is_published),
        cmocka_unit_test(a_lease_that_is_renewed_is_no_election),
        cmocka_unit_test(a_dead_leader_is_succeeded),
        cmocka_unit_test(a_time_that_runs_out_makes_one_due_then),
        cmocka_unit_test(what_befell_the_leader_is_the_cause),
        cmocka_unit_test(what_befell_another_or_was_over_is_not),
        cmocka_unit_test(a_leader_may_step_down),
        cmocka_unit_test(a_paused_leader_makes_one_due),
        cmocka_unit_test(a_leader_too_many_is_an_election_of_its_own),
        cmocka_unit_test(being_inside_ends_with_the_time),
        cmocka_unit_test(checks_about_what_a_lease_has_not_do_not_apply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
