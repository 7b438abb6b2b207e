/* The check foreign_release: stories that it must fail, and their twins. */
#include "tests/unit/checks/judged.h"

/* Node 1 outlives its TTL, node 2 acquires; what node 1 then releases is node 2's. `answer` is what
 * the store says to that: with a comparing delete 0, with a plain one 1. */
static uint32_t outlives_its_ttl(struct tale *s, uint32_t *got, int64_t answer)
{
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    at(s, 101);
    gets_lock(s, 1);
    at(s, 2900);
    leaves(s, 1); /* that two were inside is told elsewhere */
    asks_lock(s, 2, 12);
    at(s, 2901);
    *got = gets_lock(s, 2);
    at(s, 3000);
    uint32_t release = releases(s, 1, 11);
    at(s, 3000.5);
    is_told(s, 1, answer);
    at(s, 3100);
    releases(s, 2, 12);
    at(s, 3101);
    is_told(s, 2, !answer);
    return release;
}

static void a_plain_delete_removes_anothers_lock(void **state)
{
    struct tale *s = story_of(state);
    uint32_t got;
    uint32_t release = outlives_its_ttl(s, &got, 1);
    struct violation found = the_violation(s, "foreign_release");
    assert_interval(&found, 3000, 3000.5);
    assert_processes(&found, 1, 2);
    assert_events(&found, got, release, release + 1);
    assert_string_equal(found.explanation,
                        "node 1 released the lock at 3.000 s, and what it removed was node 2's, "
                        "who had held it since 2.901 s");
}

static void a_comparing_delete_does_not(void **state)
{
    struct tale *s = story_of(state);
    uint32_t got;
    outlives_its_ttl(s, &got, 0);
    all_is_well(s);
}

/* SETNX by node 1, and by node 2 after it: each sets it, dates it, and has it. */
static uint32_t sets_and_dates(struct tale *s, double ms, uint16_t id)
{
    at(s, ms);
    asks_setnx(s, id);
    uint32_t got = gets(s, id, STORE_OK);
    at(s, ms + 1);
    dates_lock(s, id, 2000);
    is_told(s, id, 1);
    enters(s, id);
    return got;
}

static void a_delete_that_asks_not_whose_it_is_removes_anothers(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    sets_and_dates(s, 100, 1);
    at(s, 2200);
    leaves(s, 1); /* that two were inside is told elsewhere */
    uint32_t got = sets_and_dates(s, 2300, 2);
    at(s, 2500);
    uint32_t release = deletes_lock(s, 1);
    is_told(s, 1, 1);
    struct violation found = the_violation(s, "foreign_release");
    assert_processes(&found, 1, 2);
    assert_events(&found, got, release, release + 1);
}

static void a_delete_of_ones_own_lock_is_in_order(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    sets_and_dates(s, 100, 1);
    at(s, 200);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    sets_and_dates(s, 300, 2);
    at(s, 400);
    deletes_lock(s, 2);
    is_told(s, 2, 1);
    all_is_well(s);
}

/* Its time, set by EXPIRE, is over: what node 1 deletes is nobody's for sure. */
static void a_dated_lock_runs_out(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    sets_and_dates(s, 100, 2);
    at(s, 150);
    leaves(s, 2);
    at(s, 2102);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    all_is_well(s);
}

/* Without its time it is node 2's for ever. */
static void an_undated_lock_does_not(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_setnx(s, 2);
    gets(s, 2, STORE_OK);
    at(s, 9000);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    the_violation(s, "foreign_release");
}

/* An EXPIRE that came too late dated another's lock: it may run out sooner than its owner knows. */
static void anothers_date_counts(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_setnx(s, 2);
    gets(s, 2, STORE_OK);
    dates_lock(s, 1, 1000);
    is_told(s, 1, 1);
    at(s, 1101);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    all_is_well(s);
}

/* What a jump of the store's clock makes of a lock, nobody can tell; nor how long the next one
 * lives, before the clock is right again. */
static void a_clock_that_jumps_makes_every_lock_doubtful(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    sets_and_dates(s, 100, 2);
    at(s, 200);
    leaves(s, 2);
    clock_jumps(s);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    at(s, 250);
    sets_and_dates(s, 300, 3);
    at(s, 400);
    leaves(s, 3);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    all_is_well(s);
}

static void a_clock_that_is_right_again_is_trusted(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 50);
    clock_jumps(s);
    at(s, 80);
    clock_is_right(s);
    sets_and_dates(s, 100, 2);
    at(s, 200);
    leaves(s, 2);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    the_violation(s, "foreign_release");
}

/* The news that node 1's lock has run out come when node 2 has got it, whom they do not concern. */
static void news_of_the_last_lock_may_come_late(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    sets_and_dates(s, 100, 1);
    at(s, 2200);
    leaves(s, 1);
    sets_and_dates(s, 2300, 2);
    at(s, 2301.1);
    lock_runs_out(s);
    at(s, 2500);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    the_violation(s, "foreign_release");
}

/* The answer to node 1's delete comes after that to node 2's request, which it made way for. */
static void answers_may_cross(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    gets_lock(s, 1);
    at(s, 200);
    releases(s, 1, 11);
    at(s, 200.1);
    asks_lock(s, 2, 12);
    at(s, 200.2);
    gets_lock(s, 2);
    at(s, 200.3);
    is_told(s, 1, 1);
    all_is_well(s);
}

/* Node 2's lock may have run out before node 1 released what nobody knew it had. */
static void a_lock_that_may_have_run_out_is_nobodys(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    at(s, 150);
    leaves(s, 2);
    at(s, 2100);
    releases(s, 1, 11);
    is_told(s, 1, 1);
    all_is_well(s);
}

static void a_lock_that_was_made_to_run_out_is_nobodys(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    at(s, 150);
    leaves(s, 2);
    lock_is_made_to_run_out(s);
    at(s, 200);
    releases(s, 1, 11);
    is_told(s, 1, 1);
    all_is_well(s);
}

static void a_lock_that_is_being_released_is_nobodys(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    at(s, 150);
    releases(s, 2, 12);
    at(s, 150.1);
    releases(s, 1, 11);
    at(s, 150.2);
    is_told(s, 1, 1);
    at(s, 150.3);
    is_told(s, 2, 1);
    all_is_well(s);
}

/* Node 2's request went unanswered; it looks, and finds that the lock is its own. */
static uint32_t finds_out(struct tale *s, uint64_t whose)
{
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 2, 12);
    at(s, 600);
    gets(s, 2, STORE_UNKNOWN);
    looks_whose(s, 2, 12);
    at(s, 601);
    uint32_t found = finds_token(s, 2, whose);
    at(s, 700);
    releases(s, 1, 11);
    at(s, 701);
    is_told(s, 1, 1);
    return found;
}

static void a_lock_found_to_be_ones_own_is_held(void **state)
{
    struct tale *s = story_of(state);
    uint32_t found_it = finds_out(s, 12);
    struct violation found = the_violation(s, "foreign_release");
    assert_processes(&found, 1, 2);
    assert_events(&found, found_it, found_it + 2, found_it + 3);
}

static void a_lock_found_to_be_anothers_is_not(void **state)
{
    struct tale *s = story_of(state);
    finds_out(s, 11);
    all_is_well(s);
}

/* The lock was set at 100 for 2 s; at 1900 node 2 asks for 2 s more, and is told 1 or 0. */
static void extends_and_is_robbed(struct tale *s, int64_t granted)
{
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    leaves(s, 2);
    at(s, 1900);
    extends(s, 2, 12);
    is_told(s, 2, granted);
    at(s, 3000);
    releases(s, 1, 11);
    is_told(s, 1, 1);
}

static void an_extended_lock_is_held_for_longer(void **state)
{
    struct tale *s = story_of(state);
    extends_and_is_robbed(s, 1);
    struct violation found = the_violation(s, "foreign_release");
    assert_interval(&found, 3000, 3000);
}

static void a_lock_that_could_not_be_extended_is_not(void **state)
{
    struct tale *s = story_of(state);
    extends_and_is_robbed(s, 0);
    all_is_well(s);
}

/* It clears away what an older request of its own may have left: its lock it still has. */
static void deleting_with_another_token_keeps_the_lock(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    at(s, 200);
    releases(s, 2, 99);
    is_told(s, 2, 0);
    looks(s, 2);
    at(s, 300);
    releases(s, 1, 11);
    is_told(s, 1, 1);
    struct violation found = the_violation(s, "foreign_release");
    assert_processes(&found, 1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_plain_delete_removes_anothers_lock),
        STORY(a_comparing_delete_does_not),
        STORY(a_delete_that_asks_not_whose_it_is_removes_anothers),
        STORY(a_delete_of_ones_own_lock_is_in_order),
        STORY(a_dated_lock_runs_out),
        STORY(an_undated_lock_does_not),
        STORY(anothers_date_counts),
        STORY(a_clock_that_jumps_makes_every_lock_doubtful),
        STORY(a_clock_that_is_right_again_is_trusted),
        STORY(news_of_the_last_lock_may_come_late),
        STORY(answers_may_cross),
        STORY(a_lock_that_may_have_run_out_is_nobodys),
        STORY(a_lock_that_was_made_to_run_out_is_nobodys),
        STORY(a_lock_that_is_being_released_is_nobodys),
        STORY(a_lock_found_to_be_ones_own_is_held),
        STORY(a_lock_found_to_be_anothers_is_not),
        STORY(an_extended_lock_is_held_for_longer),
        STORY(a_lock_that_could_not_be_extended_is_not),
        STORY(deleting_with_another_token_keeps_the_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
