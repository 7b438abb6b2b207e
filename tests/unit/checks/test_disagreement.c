/* The check disagreement: stories that it must fail, and their twins. It may last 1 s. That there
 * is a leader at the end is told elsewhere: these runs are to be healed, and never come to that. */
#include "tests/unit/checks/judged.h"

static void begins(struct tale *s)
{
    s->history.facts.settles_within_ns = 1000000000;
    s->history.facts.heals = true;
    everybody_runs(s);
}

/* All follow node 1; then the master and node 2 follow node 2, and node 3 does so `lag` ms later.
 */
static void node_3_lags(struct tale *s, double lag, uint32_t *old, uint32_t *new)
{
    follows(s, 0, 1);
    follows(s, 1, 1);
    *old = follows(s, 3, 1);
    follows(s, 2, 1);
    at(s, 2000);
    *new = follows(s, 0, 2);
    at(s, 2000.5);
    follows(s, 1, 2);
    at(s, 2001);
    follows(s, 2, 2);
    at(s, 2000 + lag);
    follows(s, 3, 2);
    at(s, 9000);
    phase(s, PHASE_END);
}

static void one_lags_behind_for_too_long(void **state)
{
    struct tale *s = story_of(state);
    uint32_t old, new;
    begins(s);
    node_3_lags(s, 1500, &old, &new);
    struct violation found = the_violation(s, "disagreement");
    assert_interval(&found, 2000, 3500);
    assert_processes(&found, 0, 3);
    assert_events(&found, old, new);
    assert_string_equal(found.explanation,
                        "the master followed node 2 and node 3 followed node 1 at the end of a "
                        "disagreement of 1,500.0 ms; it should have settled within 1,000.0 ms");
}

static void lagging_a_little_is_well(void **state)
{
    struct tale *s = story_of(state);
    uint32_t old, new;
    begins(s);
    node_3_lags(s, 1000, &old, &new);
    all_is_well(s);
}

static void without_a_bound_nothing_is_judged(void **state)
{
    struct tale *s = story_of(state);
    uint32_t old, new;
    begins(s);
    s->history.facts.settles_within_ns = 0;
    node_3_lags(s, 5000, &old, &new);
    all_is_well(s);
}

static void it_may_last_to_the_end(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 500);
    uint32_t one = follows(s, 1, 1);
    at(s, 600);
    uint32_t two = follows(s, 2, 2);
    at(s, 700);
    uint32_t three = follows(s, 3, 3);
    at(s, 2000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "disagreement");
    assert_interval(&found, 600, 2000);
    assert_processes(&found, 1, 2, 3);
    assert_events(&found, one, two, three);
}

/* To agree for a moment is to begin anew. */
static void an_interruption_is_well(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 500);
    follows(s, 1, 1);
    follows(s, 2, 2);
    at(s, 1300);
    follows(s, 2, 1);
    at(s, 1301);
    follows(s, 2, 2);
    at(s, 2200);
    follows(s, 1, 2);
    all_is_well(s);
}

/* Who is paused or dead cannot disagree; who follows nobody does not. */
static void only_those_who_are_up_disagree(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 500);
    follows(s, 1, 1);
    follows(s, 2, 2);
    follows(s, 3, 3);
    at(s, 900);
    is_paused(s, 2);
    dies(s, 3);
    at(s, 5000);
    resumes(s, 2);
    at(s, 5100);
    follows(s, 2, 1);
    runs(s, 3);
    at(s, 9000);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void a_death_ends_it(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 500);
    uint32_t one = follows(s, 1, 1);
    uint32_t two = follows(s, 2, 2);
    at(s, 5000);
    dies(s, 2);
    struct violation found = the_violation(s, "disagreement");
    assert_interval(&found, 500, 5000);
    assert_processes(&found, 1, 2);
    assert_events(&found, one, two);
}

static void a_stranger_is_followed_by_one_camp(void **state)
{
    struct tale *s = story_of(state);
    begins(s);
    at(s, 500);
    follows(s, 1, 7);
    follows(s, 2, 7);
    at(s, 5000);
    phase(s, PHASE_END);
    all_is_well(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(one_lags_behind_for_too_long),
        STORY(lagging_a_little_is_well),
        STORY(without_a_bound_nothing_is_judged),
        STORY(it_may_last_to_the_end),
        STORY(an_interruption_is_well),
        STORY(only_those_who_are_up_disagree),
        STORY(a_death_ends_it),
        STORY(a_stranger_is_followed_by_one_camp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
