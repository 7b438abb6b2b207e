/* The check no_leader: stories that it must fail, and their twins. A cluster settles within 1 s. */
#include "tests/unit/checks/judged.h"

static void begins(struct tale *s, bool heals)
{
    s->history.facts.settles_within_ns = 1000000000;
    s->history.facts.heals = heals;
    everybody_runs(s);
}

/* The last to follow node 1 is node 3, `ms` after the healing at 5 s. */
static uint32_t heals_and_settles_after(struct tale *s, double ms)
{
    begins(s, true);
    at(s, 5000);
    uint32_t healing = phase(s, PHASE_LIVENESS);
    leads(s, 1, 1);
    follows(s, 0, 1);
    follows(s, 2, 1);
    at(s, 5000 + ms);
    follows(s, 3, 1);
    at(s, 9000);
    phase(s, PHASE_END);
    return healing;
}

static void settling_in_time_is_well(void **state)
{
    struct tale *s = story_of(state);
    heals_and_settles_after(s, 1000);
    all_is_well(s);
}

static void settling_too_late(void **state)
{
    struct tale *s = story_of(state);
    uint32_t healing = heals_and_settles_after(s, 2812.4);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 5000, 7812.4);
    assert_processes(&found, 1);
    assert_events(&found, healing, healing + 4);
    assert_string_equal(found.explanation,
                        "there was no leader whom all followed for 2,812.4 ms after everything "
                        "was healed (1,000.0 ms allowed); then all followed node 1");
}

static void one_moment_is_enough(void **state)
{
    struct tale *s = story_of(state);
    heals_and_settles_after(s, 10);
    s->history.count--; /* the end is not yet */
    at(s, 9000);
    follows(s, 3, 2);
    follows(s, 3, NOBODY);
    at(s, 15000);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void already_being_settled_is_well(void **state)
{
    struct tale *s = story_of(state);
    begins(s, true);
    leads(s, 1, 1);
    for (uint16_t id = 0; id <= 3; id++) {
        if (id != 1) {
            follows(s, id, 1);
        }
    }
    at(s, 5000);
    phase(s, PHASE_LIVENESS);
    at(s, 9000);
    phase(s, PHASE_END);
    all_is_well(s);
}

/* All follow node 1 when the faults are healed, but node 3 has been dead since 2 s. It comes back
 * as told, 100 ms after the healing. */
static uint32_t heals_without_node_3(struct tale *s)
{
    begins(s, true);
    leads(s, 1, 1);
    follows(s, 0, 1);
    follows(s, 2, 1);
    at(s, 2000);
    dies(s, 3);
    at(s, 5000);
    uint32_t healing = phase(s, PHASE_LIVENESS);
    at(s, 5100);
    return healing;
}

static void whoever_is_brought_back_must_follow_too(void **state)
{
    struct tale *s = story_of(state);
    uint32_t healing = heals_without_node_3(s);
    runs(s, 3);
    at(s, 8000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 5000, 8000);
    assert_int_equal(found.events[1], healing);
    assert_says(&found, "the master followed node 1 and node 3 followed nobody");
}

static void whoever_is_brought_back_and_follows_is_well(void **state)
{
    struct tale *s = story_of(state);
    heals_without_node_3(s);
    runs(s, 3);
    at(s, 5900);
    follows(s, 3, 1);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void whoever_is_not_brought_back_is_missed(void **state)
{
    struct tale *s = story_of(state);
    heals_without_node_3(s);
    born(s, 3);
    at(s, 8000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_says(&found, "node 3 had not been started again");
}

/* No fault killed it, so no healing is to bring it back. */
static void whoever_ends_by_itself_is_not_missed(void **state)
{
    struct tale *s = story_of(state);
    begins(s, true);
    leads(s, 1, 1);
    follows(s, 0, 1);
    follows(s, 2, 1);
    uint32_t died = dies(s, 3); /* it may move the events */
    s->history.events[died].died = (struct history_died){.exit_status = 0};
    at(s, 5000);
    phase(s, PHASE_LIVENESS);
    at(s, 8000);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void the_dead_leader_is_followed_for_ever(void **state)
{
    struct tale *s = story_of(state);
    begins(s, true);
    leads(s, 1, 1);
    uint32_t follow = follows(s, 0, 1);
    follows(s, 2, 1);
    follows(s, 3, 1);
    at(s, 2500);
    dies(s, 1);
    at(s, 5000);
    uint32_t healing = phase(s, PHASE_LIVENESS);
    at(s, 6000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 5000, 6000);
    assert_processes(&found, 0);
    assert_events(&found, follow, healing);
    assert_string_equal(found.explanation,
                        "there was no leader whom all followed for 1,000.0 ms after everything "
                        "was healed (1,000.0 ms allowed): the master followed node 1, but node 1 "
                        "had died at 2.500 s");
}

static void the_leader_does_not_know_it(void **state)
{
    struct tale *s = story_of(state);
    begins(s, true);
    for (uint16_t id = 0; id <= 3; id++) {
        follows(s, id, 1);
    }
    at(s, 5000);
    phase(s, PHASE_LIVENESS);
    at(s, 6000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_says(&found, "but node 1 did not act as leader");
}

/* Ended by Ctrl-C or killed before the settling time was over. */
static void what_was_cut_short_is_not_judged(void **state)
{
    struct tale *s = story_of(state);
    begins(s, true);
    at(s, 5000);
    phase(s, PHASE_LIVENESS);
    at(s, 5900);
    follows(s, 1, 2);
    all_is_well(s);
}

static void what_was_never_healed_is_not_judged(void **state)
{
    struct tale *s = story_of(state);
    begins(s, true);
    at(s, 9000);
    follows(s, 1, 2);
    all_is_well(s);
}

/* Nothing heals: the master dies after an election at 1 s, then node 1, who leads, at 3 s. */
static uint32_t the_leader_dies_and_nothing_heals(struct tale *s, double end)
{
    begins(s, false);
    at(s, 1000);
    leads(s, 1, 1);
    follows(s, 0, 1);
    uint32_t follow = follows(s, 2, 1);
    follows(s, 3, 1);
    at(s, 2000);
    dies(s, 0);
    at(s, 3000);
    dies(s, 1);
    at(s, end);
    phase(s, PHASE_END);
    return follow;
}

static void without_healing_the_end_counts(void **state)
{
    struct tale *s = story_of(state);
    uint32_t follow = the_leader_dies_and_nothing_heals(s, 4500);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 3000, 4500);
    assert_processes(&found, 2);
    assert_events(&found, follow);
    assert_string_equal(
        found.explanation,
        "there was no leader whom all followed for 1,500.0 ms at the end "
        "(1,000.0 ms allowed): node 2 followed node 1, but node 1 had died at 3.000 s; the "
        "master, who alone decides, had died at 2.000 s");
}

static void without_healing_a_short_gap_at_the_end_is_well(void **state)
{
    struct tale *s = story_of(state);
    the_leader_dies_and_nothing_heals(s, 4000);
    all_is_well(s);
}

/* There was a long time without a leader, but it came to an end. */
static void without_healing_only_the_end_counts(void **state)
{
    struct tale *s = story_of(state);
    begins(s, false);
    at(s, 7000);
    leads(s, 1, 1);
    follows(s, 0, 1);
    follows(s, 2, 1);
    follows(s, 3, 1);
    at(s, 9000);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void the_first_start_begins_it(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.settles_within_ns = 1000000000;
    for (uint16_t id = 0; id <= 3; id++) {
        born(s, id);
    }
    at(s, 3000);
    runs(s, 2);
    at(s, 4500);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 3000, 4500);
    assert_processes(&found, 2);
    assert_says(&found,
                "(1,000.0 ms allowed): the master never started, since it waits for all nodes "
                "to report, and node 1 never did");
}

static void a_lease_that_ran_out_unseen(void **state)
{
    struct tale *s = story_of(state);
    begins(s, false);
    leads_until(s, 1, 1, 3000);
    follows(s, 0, 1);
    follows(s, 2, 1);
    follows(s, 3, 1);
    at(s, 9000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 3000, 9000);
}

/* Killed in the middle: the last event has nothing to do with who leads. */
static void a_lease_that_ran_out_before_the_last_event(void **state)
{
    struct tale *s = story_of(state);
    begins(s, false);
    leads_until(s, 1, 1, 3000);
    follows(s, 0, 1);
    follows(s, 2, 1);
    follows(s, 3, 1);
    at(s, 9000);
    looks(s, 2);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 3000, 9000);
}

static void a_stranger_is_no_leader(void **state)
{
    struct tale *s = story_of(state);
    begins(s, false);
    uint32_t first = follows(s, 0, 7000);
    follows(s, 1, 7000);
    follows(s, 2, 7000);
    follows(s, 3, 7000);
    at(s, 9000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_interval(&found, 0, 9000);
    assert_events(&found, first);
    assert_says(&found, "the master followed node 7000");
}

static void without_a_bound_nothing_is_judged(void **state)
{
    struct tale *s = story_of(state);
    begins(s, false);
    s->history.facts.settles_within_ns = 0;
    at(s, 9000);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void nobody_is_left(void **state)
{
    struct tale *s = story_of(state);
    begins(s, false);
    for (uint16_t id = 0; id <= 3; id++) {
        dies(s, id);
    }
    at(s, 9000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "no_leader");
    assert_says(&found, "no process was running");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(settling_in_time_is_well),
        STORY(settling_too_late),
        STORY(one_moment_is_enough),
        STORY(already_being_settled_is_well),
        STORY(whoever_is_brought_back_must_follow_too),
        STORY(whoever_is_brought_back_and_follows_is_well),
        STORY(whoever_is_not_brought_back_is_missed),
        STORY(whoever_ends_by_itself_is_not_missed),
        STORY(the_dead_leader_is_followed_for_ever),
        STORY(the_leader_does_not_know_it),
        STORY(what_was_cut_short_is_not_judged),
        STORY(what_was_never_healed_is_not_judged),
        STORY(without_healing_the_end_counts),
        STORY(without_healing_a_short_gap_at_the_end_is_well),
        STORY(without_healing_only_the_end_counts),
        STORY(the_first_start_begins_it),
        STORY(a_lease_that_ran_out_unseen),
        STORY(a_lease_that_ran_out_before_the_last_event),
        STORY(a_stranger_is_no_leader),
        STORY(without_a_bound_nothing_is_judged),
        STORY(nobody_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
