/* Programs as members: the check program_ended, what is said of those that only lock, and when
 * those that elect a leader are settled. */
#include "sim/history/text.h"
#include "src/owners.h"
#include "tests/unit/checks/judged.h"

static void begins_as(struct tale *s, const char *protocol)
{
    s->history.facts.programs = true;
    settings_choose(&s->history.facts.settings, OWNER_PROTOCOL,
                    (uint8_t)owner_find(OWNER_PROTOCOL, protocol));
    for (uint16_t id = 1; id <= 3; id++) {
        runs(s, id);
    }
}

static void begins(struct tale *s)
{
    begins_as(s, "own_lock");
}

static uint32_t ends_by_itself(struct tale *s, uint16_t id, int32_t status)
{
    return tale_event(
        s, HISTORY_DIED, id,
        (struct history_event){.why = "its log ends: boom", .died = {.exit_status = status}});
}

static struct check_verdict verdict_on(struct tale *s, const char *check)
{
    struct judged_trial trial;
    assert_true(checks_judge(&s->history, &trial));
    struct check_verdict verdict = trial.checks[check_find(check)];
    judged_trial_free(&trial);
    return verdict;
}

static void it_ends_by_itself(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 100);
    uint32_t died = ends_by_itself(s, 2, 1);
    at(s, 900);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "program_ended");
    assert_interval(&found, 100, 900);
    assert_processes(&found, 2);
    assert_events(&found, died);
    assert_string_equal(found.explanation,
                        "node 2, a program, ends with status 1; its log ends: boom");
}

/* A status of 0 is an end like any other; it lasts until a fault starts it again. */
static void until_it_is_started_again(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 100);
    ends_by_itself(s, 2, 0);
    at(s, 400);
    runs(s, 2);
    at(s, 900);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "program_ended");
    assert_interval(&found, 100, 400);
}

static void a_fault_is_not_its_doing(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 100);
    dies(s, 2);
    at(s, 900);
    phase(s, PHASE_END);
    all_is_well(s);
    assert_int_equal(verdict_on(s, "program_ended").ending, CHECK_HELD);
}

static void it_does_not_apply_without_programs(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    phase(s, PHASE_END);
    struct check_verdict verdict = verdict_on(s, "program_ended");
    assert_int_equal(verdict.ending, CHECK_DOES_NOT_APPLY);
    assert_string_equal(verdict.why, "no member is a program of yours");
}

/* Nobody is elected: no check of leaders may say that it held. */
static void who_only_locks_is_judged_by_its_lock(void **state)
{
    static const char *const leaders[] = {"two_leaders", "wrong_winner", "stale_result",
                                          "dead_leader", "idle_leader",  "disagreement",
                                          "no_leader"};
    struct tale *s = story_of(state);
    begins(s);
    s->history.facts.settles_within_ns = 2000000000;
    at(s, 100);
    enters(s, 1);
    at(s, 200);
    leaves(s, 1);
    at(s, 9000);
    phase(s, PHASE_END);
    for (size_t i = 0; i < sizeof leaders / sizeof *leaders; i++) {
        struct check_verdict verdict = verdict_on(s, leaders[i]);
        assert_int_equal(verdict.ending, CHECK_DOES_NOT_APPLY);
        assert_string_equal(verdict.why, "the protocol elects no leader");
    }
    assert_int_equal(verdict_on(s, "two_lock_holders").ending, CHECK_HELD);
    assert_int_equal(verdict_on(s, "foreign_release").ending, CHECK_COULD_NOT_FIRE);
}

/* Candidates of a real election often do not know who leads: who names nobody is not asked. */
static void one_that_leads_is_enough(void **state)
{
    struct tale *s = story_of(state);
    begins_as(s, "own_leader");
    s->history.facts.settles_within_ns = 2000000000;
    at(s, 1000);
    leads(s, 2, 1);
    at(s, 9000);
    phase(s, PHASE_END);
    all_is_well(s);
    assert_int_equal(verdict_on(s, "no_leader").ending, CHECK_HELD);
}

static void nobody_that_leads_is_too_few(void **state)
{
    struct tale *s = story_of(state);
    begins_as(s, "own_leader");
    s->history.facts.settles_within_ns = 2000000000;
    at(s, 9000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 0, 9000);
}

/* Who does name one is held to it. */
static void whom_they_name_counts(void **state)
{
    struct tale *s = story_of(state);
    begins_as(s, "own_leader");
    s->history.facts.settles_within_ns = 2000000000;
    at(s, 1000);
    leads(s, 2, 1);
    follows(s, 3, 1);
    at(s, 9000);
    phase(s, PHASE_END);
    assert_int_equal(verdict_on(s, "no_leader").ending, CHECK_BROKEN);
    assert_int_equal(verdict_on(s, "disagreement").ending, CHECK_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(it_ends_by_itself),
        STORY(until_it_is_started_again),
        STORY(a_fault_is_not_its_doing),
        STORY(it_does_not_apply_without_programs),
        STORY(who_only_locks_is_judged_by_its_lock),
        STORY(one_that_leads_is_enough),
        STORY(nobody_that_leads_is_too_few),
        STORY(whom_they_name_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
