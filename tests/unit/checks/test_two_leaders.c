/* The check two_leaders: stories that it must fail, and their twins. */
#include "tests/unit/checks/judged.h"

/* Node 1 leads and is paused; node 3 is elected; node 1 wakes up and only then hears of it. */
static void a_paused_leader_wakes_up(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    uint32_t first = leads(s, 1, 1);
    at(s, 1000);
    is_paused(s, 1);
    at(s, 2000);
    uint32_t second = leads(s, 3, 2);
    at(s, 2700);
    resumes(s, 1);
    at(s, 2812.4);
    steps_down(s, 1, 3);
    struct violation found = the_violation(s, "two_leaders");
    assert_interval(&found, 2000, 2812.4);
    assert_processes(&found, 1, 3);
    assert_events(&found, first, second);
    assert_string_equal(found.explanation,
                        "node 1 and node 3 were both leader for 812.4 ms, until node 1 stepped "
                        "down; node 1 had been paused");
}

static void a_pause_before_it_led_explains_nothing(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    is_paused(s, 1);
    at(s, 200);
    resumes(s, 1);
    at(s, 500);
    leads(s, 1, 1);
    at(s, 2000);
    leads(s, 3, 2);
    at(s, 2010);
    steps_down(s, 1, 3);
    struct violation found = the_violation(s, "two_leaders");
    assert_string_equal(found.explanation,
                        "node 1 and node 3 were both leader for 10.0 ms, until node 1 stepped "
                        "down");
}

static void a_moment_is_not_told_as_no_time(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    leads(s, 1, 1);
    at(s, 2000);
    leads(s, 3, 2);
    at(s, 2000.03);
    steps_down(s, 1, 3);
    struct violation found = the_violation(s, "two_leaders");
    assert_says(&found, "were both leader for less than 0.1 ms, until node 1 stepped down");
}

static void stepping_down_first_is_well(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    leads(s, 1, 1);
    at(s, 2000);
    steps_down(s, 1, 3);
    leads(s, 3, 2);
    at(s, 9000);
    all_is_well(s);
}

static void a_dead_leader_does_not_lead(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    leads(s, 1, 1);
    at(s, 1000);
    dies(s, 1);
    at(s, 1001);
    leads(s, 3, 2);
    at(s, 2000);
    runs(s, 1);
    all_is_well(s);
}

static void death_ends_it(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    leads(s, 1, 1);
    at(s, 900);
    leads(s, 0, 2);
    at(s, 1000);
    dies(s, 0);
    at(s, 2000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "two_leaders");
    assert_interval(&found, 900, 1000);
    assert_processes(&found, 1, 0);
    assert_says(&found, "until the master died");
}

/* Nothing happens when the lease of node 1 ends: the next event comes long after. */
static void a_lease_that_overlaps_ends_at_its_time(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    uint32_t first = leads_until(s, 1, 1, 1500);
    at(s, 1400);
    uint32_t second = leads(s, 2, 2);
    at(s, 9000);
    steps_down(s, 2, NOBODY);
    struct violation found = the_violation(s, "two_leaders");
    assert_interval(&found, 1400, 1500);
    assert_events(&found, first, second);
    assert_says(&found, "until node 1 had led for as long as it may");
}

static void a_lease_that_ended_before_is_well(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    leads_until(s, 1, 1, 1400);
    at(s, 1400);
    leads(s, 2, 2);
    at(s, 9000);
    all_is_well(s);
}

static void a_lease_that_was_renewed_lasts_longer(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    uint32_t first = leads_until(s, 1, 1, 1400);
    at(s, 1000);
    leads_until(s, 1, 1, 2400);
    at(s, 1500);
    uint32_t second = leads(s, 2, 2);
    at(s, 5000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "two_leaders");
    assert_interval(&found, 1500, 2400);
    assert_events(&found, first, second);
}

/* The driver was killed: no end phase. */
static void it_lasts_to_the_last_event(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    leads(s, 1, 1);
    at(s, 900);
    leads(s, 2, 2);
    at(s, 1700);
    follows(s, 3, 2);
    struct violation found = the_violation(s, "two_leaders");
    assert_interval(&found, 900, 1700);
    assert_says(&found, "until the end");
}

/* What the driver does to the processes after the end is no part of the trial. */
static void after_the_end_nothing_is_judged(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 500);
    leads(s, 1, 1);
    at(s, 1700);
    phase(s, PHASE_END);
    at(s, 1800);
    leads(s, 2, 2);
    at(s, 1900);
    dies(s, 1);
    all_is_well(s);
}

static struct check_verdict verdict_of(struct tale *s)
{
    struct judged_trial judged;
    assert_true(checks_judge(&s->history, &judged));
    struct check_verdict verdict = judged.checks[check_find("two_leaders")];
    judged_trial_free(&judged);
    return verdict;
}

/* Nobody else is running: what cannot go wrong has not held. */
static void one_who_is_alone_cannot_lead_beside_another(void **state)
{
    struct tale *s = story_of(state);
    runs(s, 1);
    dies(s, 0); /* the master never started */
    at(s, 100);
    leads(s, 1, 1);
    at(s, 300);
    dies(s, 1);
    runs(s, 1);
    leads(s, 1, 2);
    at(s, 900);
    struct check_verdict verdict = verdict_of(s);
    assert_int_equal(verdict.ending, CHECK_COULD_NOT_FIRE);
    assert_string_equal(verdict.why, "no second process was running");
}

/* Node 2 died before anybody led; node 3 runs since later. */
static void another_who_runs_meanwhile_could(void **state)
{
    struct tale *s = story_of(state);
    runs(s, 1);
    runs(s, 2);
    at(s, 50);
    dies(s, 2);
    at(s, 100);
    leads(s, 1, 1);
    at(s, 300);
    assert_int_equal(verdict_of(s).ending, CHECK_COULD_NOT_FIRE);
    runs(s, 3);
    at(s, 900);
    assert_int_equal(verdict_of(s).ending, CHECK_HELD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_paused_leader_wakes_up),
        STORY(a_pause_before_it_led_explains_nothing),
        STORY(a_moment_is_not_told_as_no_time),
        STORY(stepping_down_first_is_well),
        STORY(a_dead_leader_does_not_lead),
        STORY(death_ends_it),
        STORY(a_lease_that_overlaps_ends_at_its_time),
        STORY(a_lease_that_ended_before_is_well),
        STORY(a_lease_that_was_renewed_lasts_longer),
        STORY(it_lasts_to_the_last_event),
        STORY(after_the_end_nothing_is_judged),
        STORY(one_who_is_alone_cannot_lead_beside_another),
        STORY(another_who_runs_meanwhile_could),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
