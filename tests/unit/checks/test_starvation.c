/* The check starvation: stories that it must fail, and their twins. A wait may take 10 s. */
#include <string.h>

#include "tests/unit/checks/judged.h"

static void begins(struct tale *s)
{
    s->history.facts.lock_within_ns = 10000000000;
    everybody_runs(s);
}

/* Node 2 asks from 1 s on, every 2 s, until `ms`. Returns its first request. */
static uint32_t asks_in_vain(struct tale *s, int ms)
{
    at(s, 1000);
    uint32_t first = asks_lock(s, 2, 12);
    finds_it_busy(s, 2);
    for (int now = 3000; now < ms; now += 2000) {
        at(s, now);
        asks_lock(s, 2, 12);
        finds_it_busy(s, 2);
    }
    return first;
}

static void it_waits_too_long(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    uint32_t first = asks_in_vain(s, 12000);
    at(s, 12000);
    uint32_t last = asks_lock(s, 2, 12);
    at(s, 12000.5);
    gets_lock(s, 2);
    at(s, 20000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "starvation");
    assert_interval(&found, 1000, 12000.5);
    assert_processes(&found, 2);
    assert_events(&found, first, last);
    assert_string_equal(found.explanation,
                        "node 2 waited for the lock for 11.0 s from 1.000 s on, longer than "
                        "the 10.0 s allowed, before it got it");
}

static void it_gets_it_in_time(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    asks_in_vain(s, 11000);
    at(s, 11000);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    at(s, 30000);
    releases(s, 2, 12);
    is_told(s, 2, 1);
    all_is_well(s);
}

static void every_wait_counts_for_itself(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    for (int start = 0; start < 30000; start += 6000) {
        at(s, start);
        asks_lock(s, 2, 12);
        finds_it_busy(s, 2);
        at(s, start + 5000);
        asks_lock(s, 2, 12);
        gets_lock(s, 2);
        releases(s, 2, 12);
        is_told(s, 2, 1);
    }
    all_is_well(s);
}

/* It gives up, rests, and asks again with a fresh token: it still has not got what it needs. */
static void giving_up_and_asking_again_is_one_wait(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 1000);
    uint32_t first = asks_lock(s, 2, 12);
    finds_it_busy(s, 2);
    at(s, 8000);
    uint32_t last = asks_lock(s, 2, 13);
    finds_it_busy(s, 2);
    at(s, 14000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "starvation");
    assert_interval(&found, 1000, 14000);
    assert_events(&found, first, last);
    assert_says(&found, "and had not got it at the end");
}

static void going_on_without_it_ends_the_wait(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 1000);
    asks_lock(s, 2, 12);
    finds_it_busy(s, 2);
    at(s, 2000);
    looks(s, 2);
    sees_nothing(s, 2);
    at(s, 8000);
    asks_lock(s, 2, 13);
    finds_it_busy(s, 2);
    at(s, 14000);
    phase(s, PHASE_END);
    all_is_well(s);
}

/* As it may be recorded of one that is stopped while it asks: only what is of the wait counts. */
static void a_pause_from_before_it_asked(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 500);
    is_paused(s, 2);
    at(s, 1000);
    asks_lock(s, 2, 12);
    at(s, 2000);
    resumes(s, 2);
    finds_it_busy(s, 2);
    at(s, 12500);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "starvation");
    assert_says(&found, "waited for the lock for 10.5 s (and was paused for 1,000.0 ms meanwhile)");
}

/* Paused for 8 s of 12. */
static void pauses_do_not_count(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 1000);
    asks_lock(s, 2, 12);
    at(s, 2000);
    is_paused(s, 2);
    at(s, 10000);
    resumes(s, 2);
    finds_it_busy(s, 2);
    at(s, 13000);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    all_is_well(s);
}

static void what_is_left_of_a_wait_with_pauses_counts(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 1000);
    asks_lock(s, 2, 12);
    at(s, 2000);
    is_paused(s, 2);
    at(s, 10000);
    resumes(s, 2);
    at(s, 19500);
    is_paused(s, 2);
    at(s, 21000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "starvation");
    assert_interval(&found, 1000, 21000);
    assert_says(&found, "waited for the lock for 10.5 s (and was paused for 9,500.0 ms "
                        "meanwhile)");
}

static void death_ends_it(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    asks_in_vain(s, 9000);
    dies(s, 2);
    at(s, 15000);
    runs(s, 2);
    asks_lock(s, 2, 13);
    finds_it_busy(s, 2);
    at(s, 20000);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void to_die_waiting_is_starving_too(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    asks_in_vain(s, 12000);
    at(s, 12000);
    dies(s, 2);
    struct violation found = the_violation(s, "starvation");
    assert_interval(&found, 1000, 12000);
    assert_says(&found, "and died waiting");
}

/* The last of them, when the driver was killed. */
static void node_3_waits_to_the_last_event(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 1000);
    uint32_t first = asks_lock(s, 3, 13);
    at(s, 15000);
    looks(s, 1);
    struct violation found = the_violation(s, "starvation");
    assert_interval(&found, 1000, 15000);
    assert_processes(&found, 3);
    assert_events(&found, first);
}

static void without_a_bound_nothing_is_judged(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    asks_in_vain(s, 60000);
    all_is_well(s);
}

static uint8_t ending_of(const struct tale *s)
{
    struct judged_trial judged;
    assert_true(checks_judge(&s->history, &judged));
    uint8_t ending = judged.checks[check_find("starvation")].ending;
    judged_trial_free(&judged);
    return ending;
}

static void who_asked_and_was_born_again_did_ask(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.lock_within_ns = 1000000000;
    everybody_runs(s);
    asks_lock(s, 1, 7);
    later(s, 1);
    gets_lock(s, 1);
    dies(s, 1);
    later(s, 1);
    runs(s, 1);
    at(s, 5000);
    ends(s);
    assert_int_equal(ending_of(s), CHECK_HELD);
}

static void it_could_not_fire_if_nobody_asked(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.lock_within_ns = 1000000000;
    everybody_runs(s);
    at(s, 5000);
    ends(s);
    assert_int_equal(ending_of(s), CHECK_COULD_NOT_FIRE);
}

/* A trial as long as the bound, and a lock that nobody ever gives back: no wait could last so long,
 * since nobody asks at once. */
static void it_could_not_fire_if_no_wait_could_last_so_long(void **state)
{
    struct judged_trial judged;
    struct tale *s = story_of(state);
    begins(s);
    at(s, 200);
    asks_lock(s, 1, 7);
    gets_lock(s, 1);
    at(s, 363);
    asks_lock(s, 2, 12);
    finds_it_busy(s, 2);
    at(s, 10000.117);
    asks_lock(s, 2, 12);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    const struct check_verdict *verdict = &judged.checks[check_find("starvation")];
    assert_int_equal(verdict->ending, CHECK_COULD_NOT_FIRE);
    assert_non_null(strstr(verdict->why, "somebody waited in vain until the end"));
    judged_trial_free(&judged);
}

static void it_could_not_fire_if_all_asked_too_late(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 3000);
    asks_lock(s, 1, 7);
    gets_lock(s, 1);
    at(s, 12999);
    ends(s);
    assert_int_equal(ending_of(s), CHECK_COULD_NOT_FIRE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(it_waits_too_long),
        STORY(it_gets_it_in_time),
        STORY(every_wait_counts_for_itself),
        STORY(giving_up_and_asking_again_is_one_wait),
        STORY(going_on_without_it_ends_the_wait),
        STORY(a_pause_from_before_it_asked),
        STORY(pauses_do_not_count),
        STORY(what_is_left_of_a_wait_with_pauses_counts),
        STORY(death_ends_it),
        STORY(to_die_waiting_is_starving_too),
        STORY(node_3_waits_to_the_last_event),
        STORY(without_a_bound_nothing_is_judged),
        STORY(who_asked_and_was_born_again_did_ask),
        STORY(it_could_not_fire_if_nobody_asked),
        STORY(it_could_not_fire_if_no_wait_could_last_so_long),
        STORY(it_could_not_fire_if_all_asked_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
