/* The check wrong_winner: stories that it must fail, and their twins. */
#include "src/article/article.h"
#include "tests/unit/checks/judged.h"

/* The master reads these statuses at 1000 and has them at 1001. */
static uint32_t master_reads(struct tale *s, const char *statuses)
{
    everybody_runs(s);
    at(s, 1000);
    reads(s, 0);
    at(s, 1001);
    return gets_statuses(s, 0, statuses);
}

static void the_second_lowest_is_decided_for(void **state)
{
    struct tale *s = story_of(state);
    uint32_t ballot = master_reads(s, "-ppp");
    at(s, 1002);
    uint32_t decision = decides(s, 0, 2, 3);
    publishes(s, 0, 2, 3, 1); /* the same wrong is told once */
    struct violation found = the_violation(s, "wrong_winner");
    assert_interval(&found, 1002, 1002);
    assert_processes(&found, 0);
    assert_events(&found, ballot, decision);
    assert_string_equal(found.explanation,
                        "the master decided for node 2 by rule 3 at 1.002 s, but the statuses "
                        "that it had read at 1.001 s elect node 1 by rule 3");
}

static void the_lowest_is_well(void **state)
{
    struct tale *s = story_of(state);
    master_reads(s, "-ppp");
    decides(s, 0, 1, 3);
    publishes(s, 0, 1, 3, 1);
    all_is_well(s);
}

static void the_right_one_by_the_wrong_rule(void **state)
{
    struct tale *s = story_of(state);
    uint32_t ballot = master_reads(s, "-sps");
    uint32_t decision = decides(s, 0, 1, 3);
    struct violation found = the_violation(s, "wrong_winner");
    assert_events(&found, ballot, decision);
    assert_says(&found, "elect node 1 by rule 2");
}

static void the_master_in_submit_is_passed_over(void **state)
{
    struct tale *s = story_of(state);
    master_reads(s, "spsp");
    decides(s, 0, 2, 2);
    struct violation found = the_violation(s, "wrong_winner");
    assert_says(&found, "elect the master by rule 1");
}

static void another_is_published_than_was_decided(void **state)
{
    struct tale *s = story_of(state);
    uint32_t ballot = master_reads(s, "-ppp");
    decides(s, 0, 1, 3);
    at(s, 1005);
    uint32_t published = publishes(s, 0, 3, 3, 1);
    struct violation found = the_violation(s, "wrong_winner");
    assert_interval(&found, 1005, 1005);
    assert_events(&found, ballot, published);
    assert_says(&found, "the master published node 3 by rule 3 at 1.005 s");
}

static void somebody_from_an_empty_ballot(void **state)
{
    struct tale *s = story_of(state);
    master_reads(s, "--u-");
    decides(s, 0, 2, 3);
    struct violation found = the_violation(s, "wrong_winner");
    assert_says(&found, "elect nobody");
}

static void nobody_from_an_empty_ballot_is_well(void **state)
{
    struct tale *s = story_of(state);
    master_reads(s, "--u-");
    decides(s, 0, NOBODY, 0);
    all_is_well(s);
}

static void nothing_was_read_at_all(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    uint32_t published = publishes(s, 2, 2, 3, 1);
    struct violation found = the_violation(s, "wrong_winner");
    assert_events(&found, published);
    assert_says(&found, "it had not read the statuses");
}

/* What was read in a former life is forgotten. */
static void nothing_was_read_since_the_restart(void **state)
{
    struct tale *s = story_of(state);
    master_reads(s, "-ppp");
    at(s, 1100);
    dies(s, 0);
    at(s, 1200);
    runs(s, 0);
    publishes(s, 0, 1, 3, 1);
    struct violation found = the_violation(s, "wrong_winner");
    assert_says(&found, "it had not read the statuses");
}

/* Node 3 leads and is in submit, as is node 2. Under `sticky` the incumbent keeps the office. */
static void recalls_3_and_reads(struct tale *s, int32_t then_decides)
{
    everybody_runs(s);
    at(s, 1000);
    looks(s, 0);
    sees(s, 0, 3, 2, 4);
    reads(s, 0);
    gets_statuses(s, 0, "-pss");
    decides(s, 0, then_decides, 2);
}

static void without_sticky_the_lowest_submit_wins(void **state)
{
    struct tale *s = story_of(state);
    recalls_3_and_reads(s, 2);
    all_is_well(s);
}

static void with_sticky_the_incumbent_wins(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.settings.value[OWNER_PROTOCOL][ARTICLE_STICKY] = 1;
    recalls_3_and_reads(s, 3);
    all_is_well(s);
}

static void with_sticky_the_incumbent_must_not_be_replaced(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.settings.value[OWNER_PROTOCOL][ARTICLE_STICKY] = 1;
    recalls_3_and_reads(s, 2);
    struct violation found = the_violation(s, "wrong_winner");
    assert_says(&found, "elect node 3 by rule 2");
}

/* A ballot of many runs fills several events; its last run must count. */
static void a_long_ballot_is_read_to_its_end(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.settings.nodes = 20;
    uint32_t ballot = master_reads(s, "-pu-pu-pu-pu-pu-pu-ps");
    uint32_t decision = decides(s, 0, 1, 3);
    struct violation found = the_violation(s, "wrong_winner");
    assert_events(&found, ballot, decision);
    assert_says(&found, "elect node 20 by rule 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_second_lowest_is_decided_for),
        STORY(the_lowest_is_well),
        STORY(the_right_one_by_the_wrong_rule),
        STORY(the_master_in_submit_is_passed_over),
        STORY(another_is_published_than_was_decided),
        STORY(somebody_from_an_empty_ballot),
        STORY(nobody_from_an_empty_ballot_is_well),
        STORY(nothing_was_read_at_all),
        STORY(nothing_was_read_since_the_restart),
        STORY(without_sticky_the_lowest_submit_wins),
        STORY(with_sticky_the_incumbent_wins),
        STORY(with_sticky_the_incumbent_must_not_be_replaced),
        STORY(a_long_ballot_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
