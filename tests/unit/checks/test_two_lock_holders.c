/* The check two_lock_holders: stories that it must fail, and their twins. */
#include "tests/unit/checks/judged.h"

#include "src/lock/lock.h"
#include "src/owners.h"

/* Node 1 reads that it has the lock when that has run out, and another has taken it. */
static void one_reads_too_late_that_it_has_the_lock(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    asks_lock(s, 1, 11);
    at(s, 3000);
    lock_runs_out(s);
    at(s, 3100);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    at(s, 3200);
    gets_lock(s, 1);
    at(s, 3300);
    releases(s, 2, 12);
    at(s, 3400);
    releases(s, 1, 11);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_processes(&found, 2, 1);
    assert_says(&found, "node 1's lock had run out at 3.000 s");
}

/* Node 2 stalls in its section until its lock has run out; the master gets the lock and enters. */
static void a_stalled_holder_is_joined(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    asks_lock(s, 2, 11);
    at(s, 1001);
    uint32_t first = gets_lock(s, 2) + 1;
    at(s, 3050);
    asks_lock(s, 0, 12);
    at(s, 3051);
    uint32_t second = gets_lock(s, 0) + 1;
    at(s, 3863.4);
    releases(s, 2, 11);
    at(s, 3870);
    releases(s, 0, 12);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_interval(&found, 3051, 3863.4);
    assert_processes(&found, 2, 0);
    assert_events(&found, first, second);
    assert_string_equal(found.explanation,
                        "node 2 and the master were both inside the critical section for "
                        "812.4 ms: node 2's lock had run out at 3.000 s");
}

static void one_after_the_other_is_well(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    asks_lock(s, 2, 11);
    at(s, 1001);
    gets_lock(s, 2);
    at(s, 1002);
    releases(s, 2, 11);
    asks_lock(s, 0, 12);
    at(s, 1003);
    gets_lock(s, 0);
    all_is_well(s);
}

static void the_ttl_that_was_seen_to_run_out_is_guilty(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    asks_lock(s, 2, 11);
    uint32_t first = gets_lock(s, 2) + 1;
    at(s, 1100);
    uint32_t ran_out = lock_runs_out(s);
    at(s, 1200);
    asks_lock(s, 3, 12);
    uint32_t second = gets_lock(s, 3) + 1;
    at(s, 1300);
    leaves(s, 3);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_interval(&found, 1200, 1300);
    assert_events(&found, first, ran_out, second);
    assert_says(&found, "node 2's lock had run out at 1.100 s");
}

static void a_paused_holder_is_still_inside(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    enters(s, 1);
    at(s, 200);
    is_paused(s, 1);
    at(s, 3000);
    enters(s, 3);
    at(s, 3100);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_interval(&found, 3000, 3100);
    assert_processes(&found, 1, 3);
}

static void a_dead_holder_is_not(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    enters(s, 1);
    at(s, 200);
    dies(s, 1);
    at(s, 3000);
    enters(s, 3);
    at(s, 3100);
    runs(s, 1);
    at(s, 3200);
    phase(s, PHASE_END);
    all_is_well(s);
}

static void it_ends_when_one_of_them_dies(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    uint32_t first = enters(s, 1);
    at(s, 200);
    uint32_t second = enters(s, 3);
    at(s, 250);
    dies(s, 1);
    at(s, 900);
    leaves(s, 3);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_interval(&found, 200, 250);
    assert_events(&found, first, second);
}

/* As long as the first one stays, whoever comes and goes does so for one cause. */
static void joined_again_and_again_is_one_episode(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    uint32_t first = enters(s, 1);
    at(s, 200);
    uint32_t second = enters(s, 2);
    at(s, 210);
    leaves(s, 2);
    at(s, 300);
    uint32_t third = enters(s, 3);
    at(s, 320);
    leaves(s, 3);
    at(s, 400);
    enters(s, 2);
    at(s, 405);
    leaves(s, 2);
    at(s, 900);
    leaves(s, 1);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_interval(&found, 200, 405);
    assert_processes(&found, 1, 2, 3);
    assert_events(&found, first, second, third, third + 2);
    assert_says(&found, "node 1 and, in turn, node 2 and node 3 were both inside the critical "
                        "section 3 times, for 35.0 ms in all");
}

/* The first one has left: who joins the second one does so for another cause. */
static void a_chain_is_two_episodes(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    enters(s, 1);
    at(s, 200);
    enters(s, 2);
    at(s, 210);
    leaves(s, 1);
    at(s, 300);
    enters(s, 3);
    at(s, 320);
    leaves(s, 2);
    at(s, 330);
    leaves(s, 3);
    struct violations found = {0};
    assert_true(checks_run(&s->history, &found));
    assert_int_equal(found.count, 2);
    assert_interval(&found.list[0], 200, 210);
    assert_interval(&found.list[1], 300, 320);
    violations_free(&found);
}

static void three_at_once_are_one_episode(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.settings.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "none");
    everybody_runs(s);
    at(s, 100);
    uint32_t a = enters(s, 1);
    at(s, 110);
    uint32_t b = enters(s, 2);
    at(s, 120);
    uint32_t c = enters(s, 3);
    at(s, 130);
    leaves(s, 1);
    at(s, 140);
    uint32_t again = enters(s, 1);
    at(s, 150);
    leaves(s, 2);
    at(s, 160);
    leaves(s, 3);
    at(s, 170);
    leaves(s, 1);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_interval(&found, 110, 160);
    assert_processes(&found, 1, 2, 3);
    assert_events(&found, a, b, c, again);
    assert_says(&found, "up to 3 processes (node 1, node 2, node 3) were at once inside");
    assert_says(&found, "there is no lock to keep them apart");
}

/* Who took part is named up to eight, and in the sentence up to four. */
static void a_crowd_is_cut_short(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.settings.nodes = 20;
    everybody_runs(s);
    for (uint16_t id = 1; id <= 12; id++) {
        at(s, 100 + id);
        enters(s, id);
    }
    at(s, 200);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_interval(&found, 102, 200);
    assert_processes(&found, 1, 2, 3, 4, 5, 6, 7, 8);
    assert_int_equal(found.event_count, 8);
    assert_says(&found, "up to 12 processes (node 1, node 2, node 3, node 4, …) were at once");
}

/* A lock without a TTL does not run out. */
static void a_lock_without_an_end_is_not_said_to_have_run_out(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.settings.value[OWNER_LOCK][LOCK_TTL] = 0;
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    gets_lock(s, 1);
    at(s, 9000);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    at(s, 9100);
    leaves(s, 2);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_says(&found, "both took the lock for theirs");
}

static void two_episodes_are_two_violations(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    for (int start = 100; start < 300; start += 100) {
        at(s, start);
        enters(s, 1);
        at(s, start + 10);
        enters(s, 2);
        at(s, start + 20);
        leaves(s, 1);
        at(s, start + 30);
        leaves(s, 2);
    }
    struct violations found = judged(s);
    assert_int_equal(found.count, 2);
    assert_interval(&found.list[0], 110, 120);
    assert_interval(&found.list[1], 210, 220);
    violations_free(&found);
}

static uint8_t ending_of(struct tale *s)
{
    struct judged_trial judged;
    assert_true(checks_judge(&s->history, &judged));
    uint8_t ending = judged.checks[check_find("two_lock_holders")].ending;
    judged_trial_free(&judged);
    return ending;
}

static void one_who_is_alone_cannot_meet_another(void **state)
{
    struct tale *s = story_of(state);
    runs(s, 1);
    at(s, 100);
    enters(s, 1);
    at(s, 200);
    leaves(s, 1);
    assert_int_equal(ending_of(s), CHECK_COULD_NOT_FIRE);
    runs(s, 0); /* the master takes the same lock */
    at(s, 300);
    assert_int_equal(ending_of(s), CHECK_HELD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_stalled_holder_is_joined),
        STORY(one_reads_too_late_that_it_has_the_lock),
        STORY(one_after_the_other_is_well),
        STORY(the_ttl_that_was_seen_to_run_out_is_guilty),
        STORY(a_paused_holder_is_still_inside),
        STORY(a_dead_holder_is_not),
        STORY(it_ends_when_one_of_them_dies),
        STORY(three_at_once_are_one_episode),
        STORY(joined_again_and_again_is_one_episode),
        STORY(a_chain_is_two_episodes),
        STORY(a_crowd_is_cut_short),
        STORY(a_lock_without_an_end_is_not_said_to_have_run_out),
        STORY(two_episodes_are_two_violations),
        STORY(one_who_is_alone_cannot_meet_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
