/* A trial that is undecided as a whole: something happened that is not the scenario's doing, or the
 * harness gave up judging it. What was broken beyond doubt before stays broken. */
#include <string.h>

#include "tests/unit/checks/judged.h"

static uint32_t happens(struct tale *s, enum history_kind kind, uint16_t process, const char *why)
{
    struct history_event event = {.at_ns = s->now_ns,
                                  .kind = (uint8_t)kind,
                                  .process = process,
                                  .seq = (uint32_t)s->history.count,
                                  .why = why};
    assert_true(history_append(&s->history, &event));
    return event.seq;
}

static uint8_t ending(const struct judged_trial *judged, const char *check)
{
    return judged->checks[check_find(check)].ending;
}

static void two_inside(struct tale *s, double from_ms)
{
    at(s, from_ms);
    enters(s, 1);
    later(s, 10);
    enters(s, 2);
    later(s, 10);
    leaves(s, 1);
    leaves(s, 2);
}

/* All that this one claims was inferred. */
static void is_inferred(struct tale *s, uint16_t process)
{
    for (size_t i = 0; i < s->history.count; i++) {
        struct history_event *event = &s->history.events[i];
        if (event->kind == HISTORY_CLAIM && event->process == process) {
            event->claim.inferred = 1;
        }
    }
}

static void what_nobody_doubts_is_decided(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    leads(s, 1, 1);
    two_inside(s, 100);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    assert_null(judged.undecided);
    assert_int_equal(ending(&judged, "two_lock_holders"), CHECK_BROKEN);
    assert_int_equal(ending(&judged, "two_leaders"), CHECK_HELD);
    judged_trial_free(&judged);
}

static void what_happens_outside_leaves_all_undecided(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    at(s, 50);
    happens(s, HISTORY_OUTSIDE, 2, "it was stopped by somebody else");
    happens(s, HISTORY_UNDECIDED, HISTORY_HARNESS, "a second reason is one too many");
    two_inside(s, 100);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    assert_string_equal(judged.undecided, "at 0.050 s, node 2: it was stopped by somebody else");
    assert_int_equal(judged.violations.count, 0);
    assert_int_equal(ending(&judged, "two_lock_holders"), CHECK_UNDECIDED);
    assert_int_equal(ending(&judged, "two_leaders"), CHECK_UNDECIDED);
    judged_trial_free(&judged);
}

static void what_was_broken_before_stays_broken(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    two_inside(s, 100);
    at(s, 200);
    happens(s, HISTORY_UNDECIDED, HISTORY_HARNESS, "the harness was late");
    two_inside(s, 300);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    assert_string_equal(judged.undecided, "at 0.200 s: the harness was late");
    assert_int_equal(judged.violations.count, 1);
    assert_int_equal(judged.violations.list[0].at_ns, 110000000);
    assert_int_equal(ending(&judged, "two_lock_holders"), CHECK_BROKEN);
    assert_int_equal(ending(&judged, "two_leaders"), CHECK_UNDECIDED);
    judged_trial_free(&judged);
}

/* What a program believes cannot be told from there on: the checks that judge it are undecided, the
 * others are not. */
static void what_is_obscure_leaves_belief_undecided(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    two_inside(s, 100);
    at(s, 200);
    happens(s, HISTORY_OBSCURE, 2, "it sent a script that nobody knows");
    two_inside(s, 300);
    ends(s);
    is_inferred(s, 2);
    assert_true(checks_judge(&s->history, &judged));
    assert_null(judged.undecided);
    assert_int_equal(judged.violations.count, 1);
    assert_int_equal(judged.violations.list[0].at_ns, 110000000);
    assert_int_equal(ending(&judged, "two_lock_holders"), CHECK_BROKEN);
    assert_int_equal(ending(&judged, "two_leaders"), CHECK_UNDECIDED);
    assert_int_equal(ending(&judged, "foreign_release"), CHECK_UNDECIDED);
    assert_string_equal(judged.checks[check_find("two_leaders")].why,
                        "what a program believes could not be told by its traffic");
    assert_int_equal(ending(&judged, "wrong_winner"), CHECK_COULD_NOT_FIRE);
    judged_trial_free(&judged);
}

/* It had a lock beyond its connection: what settles that is said. */
static void what_the_scenario_can_settle_says_how(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    at(s, 200);
    happens(s, HISTORY_OBSCURE, 2, OBSCURE_OUTLIVED);
    ends(s);
    is_inferred(s, 2);
    assert_true(checks_judge(&s->history, &judged));
    assert_int_equal(ending(&judged, "two_lock_holders"), CHECK_UNDECIDED);
    assert_non_null(strstr(judged.checks[check_find("two_lock_holders")].why,
                           "lock_outlives: true in the scenario settles that"));
    judged_trial_free(&judged);
}

/* Who claims says what it believes; what it does to the lock it does not say. */
static void who_claims_leaves_only_lock_traffic_undecided(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    leads(s, 1, 1);
    at(s, 50);
    happens(s, HISTORY_OBSCURE, 2, "it sent a script that nobody knows");
    two_inside(s, 100);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    assert_null(judged.undecided);
    assert_int_equal(judged.violations.count, 1);
    assert_int_equal(judged.violations.list[0].at_ns, 110000000);
    assert_int_equal(ending(&judged, "two_leaders"), CHECK_HELD);
    assert_int_equal(ending(&judged, "foreign_release"), CHECK_UNDECIDED);
    assert_string_equal(judged.checks[check_find("foreign_release")].why,
                        "what a program does to the lock could not be told by its traffic");
    judged_trial_free(&judged);
}

/* Belief is in doubt from the event of the first who claims nothing, not from an earlier one. */
static void belief_is_in_doubt_by_who_claims_nothing(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    at(s, 50);
    happens(s, HISTORY_OBSCURE, 2, "it sent a script that nobody knows");
    two_inside(s, 100);
    at(s, 200);
    happens(s, HISTORY_OBSCURE, 3, "it sent a script that nobody knows");
    two_inside(s, 300);
    ends(s);
    is_inferred(s, 3);
    assert_true(checks_judge(&s->history, &judged));
    assert_int_equal(judged.violations.count, 1);
    assert_int_equal(judged.violations.list[0].at_ns, 110000000);
    assert_int_equal(ending(&judged, "two_leaders"), CHECK_UNDECIDED);
    judged_trial_free(&judged);
}

/* A lock that outlives its connection leaves in doubt what its owner believes, not what it sent. */
static void what_outlives_leaves_lock_traffic_decided(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    at(s, 50);
    happens(s, HISTORY_OBSCURE, 2, OBSCURE_OUTLIVED);
    ends(s);
    is_inferred(s, 2);
    assert_true(checks_judge(&s->history, &judged));
    assert_int_equal(ending(&judged, "two_lock_holders"), CHECK_UNDECIDED);
    assert_int_equal(ending(&judged, "foreign_release"), CHECK_COULD_NOT_FIRE);
    judged_trial_free(&judged);
}

/* Whose belief was inferred is told. */
static void what_is_inferred_is_told(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    two_inside(s, 100);
    ends(s);
    is_inferred(s, 2);
    assert_true(checks_judge(&s->history, &judged));
    assert_int_equal(judged.violations.count, 1);
    assert_non_null(
        strstr(judged.violations.list[0].explanation, "; inferred from the traffic of node 2"));
    judged_trial_free(&judged);
}

/* The words of a server may be long; where they are cut, that is to be seen. */
static void a_long_reason_is_cut_visibly(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    char why[400];
    memset(why, 'x', sizeof why);
    why[sizeof why - 1] = '\0';
    everybody_runs(s);
    at(s, 50);
    happens(s, HISTORY_UNDECIDED, HISTORY_HARNESS, why);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    assert_int_equal(strncmp(judged.undecided, "at 0.050 s: xxx", 15), 0);
    assert_string_equal(judged.undecided + strlen(judged.undecided) - 5, "xx…");
    judged_trial_free(&judged);
}

/* How starvation ends: the wait begins at 1 s, 100 ms are allowed, and the doubt comes then. */
static uint8_t waits_and(struct tale *s, double doubt_ms)
{
    struct judged_trial judged;
    s->history.facts.lock_within_ns = 100000000;
    everybody_runs(s);
    at(s, 1000);
    asks_lock(s, 1, 7);
    at(s, doubt_ms);
    happens(s, HISTORY_OUTSIDE, HISTORY_HARNESS, "the Redis was stopped");
    at(s, 1500);
    gets_lock(s, 1);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    assert_string_equal(strchr(judged.undecided, ':'), ": the Redis was stopped");
    uint8_t ended = ending(&judged, "starvation");
    judged_trial_free(&judged);
    return ended;
}

static void a_bound_that_had_passed_before_counts(void **state)
{
    assert_int_equal(waits_and(story_of(state), 1150), CHECK_BROKEN);
}

/* The wait began before, but was too long only afterwards. */
static void a_bound_that_passes_later_does_not(void **state)
{
    assert_int_equal(waits_and(story_of(state), 1050), CHECK_UNDECIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_nobody_doubts_is_decided),
        STORY(what_happens_outside_leaves_all_undecided),
        STORY(what_is_obscure_leaves_belief_undecided),
        STORY(what_the_scenario_can_settle_says_how),
        STORY(who_claims_leaves_only_lock_traffic_undecided),
        STORY(belief_is_in_doubt_by_who_claims_nothing),
        STORY(what_outlives_leaves_lock_traffic_decided),
        STORY(what_is_inferred_is_told),
        STORY(a_long_reason_is_cut_visibly),
        STORY(what_was_broken_before_stays_broken),
        STORY(a_bound_that_had_passed_before_counts),
        STORY(a_bound_that_passes_later_does_not),
    };
    return cmocka_run_group_tests_name("doubt", tests, NULL, NULL);
}
