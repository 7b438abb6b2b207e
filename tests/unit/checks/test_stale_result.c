/* The check stale_result: stories that it must fail, and their twins. */
#include "tests/unit/checks/judged.h"

struct guilty {
    uint32_t read_a, read_b, published_b, answered_b, published_a, answered_a;
};

/* Node 1 reads, is held up, and publishes node 3; meanwhile the master reads, finds node 2 in
 * submit and publishes that. `late` is the term that node 1 publishes with. */
static struct guilty node_1_comes_late(struct tale *s, int32_t whom, uint64_t late)
{
    struct guilty g;
    everybody_runs(s);
    at(s, 1000);
    g.read_a = reads(s, 1);
    at(s, 1001);
    gets_statuses(s, 1, whom == 3 ? "---s" : "--ss");
    at(s, 2000);
    g.read_b = reads(s, 0);
    at(s, 2001);
    gets_statuses(s, 0, "--ss");
    at(s, 2002);
    g.published_b = publishes(s, 0, 2, 2, 2);
    at(s, 2003);
    g.answered_b = gets(s, 0, STORE_OK);
    at(s, 3100);
    g.published_a = publishes(s, 1, whom, 2, late);
    at(s, 3101);
    g.answered_a = gets(s, 1, STORE_OK);
    return g;
}

static void an_older_decision_overwrites_a_newer(void **state)
{
    struct tale *s = story_of(state);
    struct guilty g = node_1_comes_late(s, 3, 2);
    at(s, 4000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "stale_result");
    assert_interval(&found, 3101, 4000);
    assert_processes(&found, 1, 0);
    assert_events(&found, g.read_a, g.read_b, g.published_b, g.answered_b, g.published_a,
                  g.answered_a);
    assert_string_equal(found.explanation,
                        "node 1 published node 3 (term 2) from statuses read at 1.000 s over "
                        "node 2 (term 2), which the master had published at 2.002 s from those "
                        "of 2.000 s");
}

static void the_same_leader_in_a_newer_term_does_no_harm(void **state)
{
    struct tale *s = story_of(state);
    node_1_comes_late(s, 2, 3);
    all_is_well(s);
}

static void the_same_leader_in_an_older_term_does(void **state)
{
    struct tale *s = story_of(state);
    node_1_comes_late(s, 2, 1);
    struct violation found = the_violation(s, "stale_result");
    assert_says(&found, "node 1 published node 2 (term 1)");
}

static void the_order_of_reading_is_well(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    reads(s, 1);
    at(s, 1001);
    gets_statuses(s, 1, "---s");
    at(s, 1100);
    publishes(s, 1, 3, 2, 1);
    at(s, 1101);
    gets(s, 1, STORE_OK);
    at(s, 2000);
    reads(s, 0);
    at(s, 2001);
    gets_statuses(s, 0, "--ss");
    at(s, 2002);
    publishes(s, 0, 2, 2, 2);
    at(s, 2003);
    gets(s, 0, STORE_OK);
    all_is_well(s);
}

static void a_newer_result_cures_it(void **state)
{
    struct tale *s = story_of(state);
    node_1_comes_late(s, 3, 2);
    at(s, 3200);
    reads(s, 0);
    gets_statuses(s, 0, "--ss");
    publishes(s, 0, 2, 2, 3);
    at(s, 3300);
    gets(s, 0, STORE_OK);
    at(s, 4000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "stale_result");
    assert_interval(&found, 3101, 3300);
}

static void a_newer_decision_for_the_same_cures_it(void **state)
{
    struct tale *s = story_of(state);
    node_1_comes_late(s, 3, 2);
    at(s, 3200);
    reads(s, 0);
    gets_statuses(s, 0, "---s");
    at(s, 3250);
    decides(s, 0, 3, 2);
    at(s, 4000);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "stale_result");
    assert_interval(&found, 3101, 3250);
}

/* The two readings crossed, so that nobody knows which is older. */
static void crossing_reads(struct tale *s, bool paused)
{
    everybody_runs(s);
    at(s, 1000);
    reads(s, 1);
    if (paused) {
        at(s, 1000.1);
        is_paused(s, 1);
    }
    at(s, 1000.5);
    reads(s, 0);
    at(s, 1001);
    gets_statuses(s, 0, "--ss");
    at(s, 1002);
    if (paused) {
        resumes(s, 1);
    }
    gets_statuses(s, 1, "---s");
    at(s, 1003);
    publishes(s, 0, 2, 2, 1);
    at(s, 1004);
    gets(s, 0, STORE_OK);
    at(s, 1005);
    publishes(s, 1, 3, 2, 1);
    at(s, 1006);
    gets(s, 1, STORE_OK);
}

static void reads_that_cross_are_of_one_age(void **state)
{
    struct tale *s = story_of(state);
    crossing_reads(s, false);
    all_is_well(s);
}

/* … unless it was the reader that was late, not the answer. */
static void a_reader_that_was_paused_is_older(void **state)
{
    struct tale *s = story_of(state);
    crossing_reads(s, true);
    struct violation found = the_violation(s, "stale_result");
    assert_interval(&found, 1006, 1006);
    assert_processes(&found, 1, 0);
}

/* Both publishings are under way at once. */
static struct guilty crossing_publishings(struct tale *s)
{
    struct guilty g = {0};
    everybody_runs(s);
    at(s, 1000);
    g.read_a = reads(s, 1);
    gets_statuses(s, 1, "---s");
    at(s, 2000);
    g.read_b = reads(s, 0);
    gets_statuses(s, 0, "--ss");
    at(s, 2002);
    g.published_b = publishes(s, 0, 2, 2, 1);
    at(s, 2002.5);
    g.published_a = publishes(s, 1, 3, 2, 1);
    at(s, 2003);
    g.answered_b = gets(s, 0, STORE_OK);
    return g;
}

static void publishings_that_cross_are_left_open(void **state)
{
    struct tale *s = story_of(state);
    crossing_publishings(s);
    at(s, 2004);
    gets(s, 1, STORE_OK);
    at(s, 2100);
    looks(s, 3);
    at(s, 2101);
    sees(s, 3, 2, 2, 1);
    all_is_well(s);
}

static void until_somebody_sees_the_older_result(void **state)
{
    struct tale *s = story_of(state);
    struct guilty g = crossing_publishings(s);
    at(s, 2004);
    gets(s, 1, STORE_OK);
    at(s, 2100);
    looks(s, 3);
    at(s, 2101);
    uint32_t seen = sees(s, 3, 3, 2, 1);
    at(s, 2200);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "stale_result");
    assert_interval(&found, 2101, 2200);
    assert_events(&found, g.read_a, g.read_b, g.published_b, g.published_a, g.answered_b, seen);
}

/* Nobody knows whether node 1's result was applied, until it is seen. */
static void a_late_packet_is_found_out(void **state)
{
    struct tale *s = story_of(state);
    crossing_publishings(s);
    at(s, 3002);
    gets(s, 1, STORE_UNKNOWN);
    at(s, 4000);
    looks(s, 3);
    at(s, 4001);
    sees(s, 3, 3, 2, 1);
    struct violation found = the_violation(s, "stale_result");
    assert_interval(&found, 4001, 4001);
}

static void what_was_refused_was_not_applied(void **state)
{
    struct tale *s = story_of(state);
    crossing_publishings(s);
    at(s, 2004);
    gets(s, 1, STORE_REFUSED);
    at(s, 4000);
    looks(s, 3);
    at(s, 4001);
    sees(s, 3, 3, 2, 1); /* from elsewhere */
    all_is_well(s);
}

/* The store lost everything: nothing is left to be overwritten. */
static void a_result_that_was_lost_is_not_overwritten(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    reads(s, 1);
    gets_statuses(s, 1, "---s");
    at(s, 2000);
    reads(s, 0);
    gets_statuses(s, 0, "--ss");
    publishes(s, 0, 2, 2, 1);
    gets(s, 0, STORE_OK);
    at(s, 2500);
    looks(s, 3);
    sees_nothing(s, 3);
    at(s, 3100);
    publishes(s, 1, 3, 2, 1);
    gets(s, 1, STORE_OK);
    all_is_well(s);
}

/* What node 1 publishes at 1 s is never answered, and lands after `rounds` newer ones. */
static void lands_after(struct tale *s, int rounds)
{
    everybody_runs(s);
    at(s, 1000);
    reads(s, 1);
    gets_statuses(s, 1, "---s");
    publishes(s, 1, 3, 2, 1);
    at(s, 1100);
    gets(s, 1, STORE_UNKNOWN);
    for (int i = 0; i < rounds; i++) {
        later(s, 10);
        reads(s, 0);
        gets_statuses(s, 0, i % 2 ? "-s-s" : "--ss");
        publishes(s, 0, i % 2 ? 1 : 2, 2, (uint64_t)i + 2);
        gets(s, 0, i % 3 ? STORE_OK : STORE_UNKNOWN);
    }
    later(s, 10);
    looks(s, 2);
    sees(s, 2, 3, 2, 1);
    ends(s);
}

static void however_many_lie_between(void **state)
{
    lands_after(story_of(state), 100);
    struct violation found = the_violation(story_of(state), "stale_result");
    assert_says(&found, "node 1 published node 3 (term 1)");
}

/* Another may have published the very same from newer statuses. */
static void of_two_that_are_alike_the_newer_is_believed(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    for (uint16_t id = 1; id <= 2; id++) {
        at(s, 1000.0 * id + (id == 2 ? 1000 : 0));
        reads(s, id);
        gets_statuses(s, id, "---s");
        publishes(s, id, 3, 2, 1);
        gets(s, id, STORE_UNKNOWN);
        if (id == 1) {
            at(s, 2000);
            reads(s, 0);
            gets_statuses(s, 0, "--ss");
            publishes(s, 0, 2, 2, 1);
            gets(s, 0, STORE_OK);
        }
    }
    at(s, 4000);
    looks(s, 1);
    sees(s, 1, 3, 2, 1);
    all_is_well(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_older_decision_overwrites_a_newer),
        STORY(the_same_leader_in_a_newer_term_does_no_harm),
        STORY(the_same_leader_in_an_older_term_does),
        STORY(the_order_of_reading_is_well),
        STORY(a_newer_result_cures_it),
        STORY(a_newer_decision_for_the_same_cures_it),
        STORY(reads_that_cross_are_of_one_age),
        STORY(a_reader_that_was_paused_is_older),
        STORY(publishings_that_cross_are_left_open),
        STORY(until_somebody_sees_the_older_result),
        STORY(a_late_packet_is_found_out),
        STORY(what_was_refused_was_not_applied),
        STORY(a_result_that_was_lost_is_not_overwritten),
        STORY(however_many_lie_between),
        STORY(of_two_that_are_alike_the_newer_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
