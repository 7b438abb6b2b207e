/* The check dead_leader: stories that it must fail, and their twins. */
#include "tests/unit/checks/judged.h"

/* A round of the master takes 2 ms from asking for the statuses to the decision, which is returned.
 */
static uint32_t master_decides(struct tale *s, double ms, const char *statuses, int32_t whom,
                               uint32_t *read)
{
    at(s, ms);
    *read = reads(s, 0);
    at(s, ms + 1);
    gets_statuses(s, 0, statuses);
    at(s, ms + 2);
    return decides(s, 0, whom, 2);
}

/* Node 1 dies, but its status in the store still says submit. */
static void the_dead_one_is_elected_on_and_on(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read, more;
    everybody_runs(s);
    at(s, 2500);
    uint32_t death = dies(s, 1);
    uint32_t decision = master_decides(s, 3110, "-spp", 1, &read);
    publishes(s, 0, 1, 2, 1);
    gets(s, 0, STORE_OK);
    master_decides(s, 3210, "-spp", 1, &more);
    at(s, 3924.4);
    phase(s, PHASE_END);
    struct violation found = the_violation(s, "dead_leader");
    assert_interval(&found, 3112, 3924.4);
    assert_processes(&found, 1, 0);
    assert_events(&found, death, read, decision);
    assert_string_equal(found.explanation,
                        "node 1 was elected at 3.112 s by rule 2 although it had died at 2.500 s: "
                        "the master decided so from statuses read at 3.110 s, and it stayed "
                        "elected for 812.4 ms, until the end");
}

static void the_living_are_well_elected(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read;
    everybody_runs(s);
    master_decides(s, 1000, "-spp", 1, &read);
    at(s, 2500);
    dies(s, 2);
    master_decides(s, 3000, "-spp", 1, &read);
    all_is_well(s);
}

/* It died when its status had been asked for already: the master could not know. */
static void dying_after_the_reading_is_nobodys_fault(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 1000);
    reads(s, 0);
    at(s, 1000.5);
    dies(s, 1);
    at(s, 1001);
    gets_statuses(s, 0, "-spp");
    decides(s, 0, 1, 2);
    publishes(s, 0, 1, 2, 1);
    all_is_well(s);
}

static void it_ends_when_it_is_born_again(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read;
    everybody_runs(s);
    at(s, 2500);
    dies(s, 1);
    master_decides(s, 3000, "-spp", 1, &read);
    at(s, 3500);
    runs(s, 1);
    master_decides(s, 3600, "-spp", 1, &read);
    struct violation found = the_violation(s, "dead_leader");
    assert_interval(&found, 3002, 3500);
    assert_says(&found, "until it was started again");
}

static void it_ends_when_another_is_elected(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read;
    everybody_runs(s);
    at(s, 2500);
    dies(s, 2);
    master_decides(s, 3000, "-psp", 2, &read);
    master_decides(s, 3600, "-ssp", 1, &read);
    master_decides(s, 3700, "-ssp", 1, &read);
    struct violation found = the_violation(s, "dead_leader");
    assert_interval(&found, 3002, 3602);
    assert_says(&found, "until another was elected");
}

static void dying_twice_is_two_episodes(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read;
    everybody_runs(s);
    for (int start = 1000; start < 3000; start += 1000) {
        at(s, start);
        dies(s, 1);
        master_decides(s, start + 100, "-spp", 1, &read);
        at(s, start + 500);
        runs(s, 1);
    }
    struct violations found = judged(s);
    assert_int_equal(found.count, 2);
    assert_interval(&found.list[0], 1102, 1500);
    assert_interval(&found.list[1], 2102, 2500);
    violations_free(&found);
}

/* A status is left in the store from before, but the process was never started. */
static void who_never_lived_is_not_running(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read;
    runs(s, 0);
    runs(s, 1);
    uint32_t decision = master_decides(s, 1000, "-ps-", 2, &read);
    struct violation found = the_violation(s, "dead_leader");
    assert_interval(&found, 1002, 1002);
    assert_processes(&found, 2, 0);
    assert_events(&found, read, decision);
    assert_says(&found, "although it was not running");
}

static void neither_is_a_stranger(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read;
    everybody_runs(s);
    master_decides(s, 1000, "-ppp-s", 5, &read);
    struct violation found = the_violation(s, "dead_leader");
    assert_processes(&found, 0);
    assert_says(&found, "node 5 was elected at 1.002 s by rule 2 although it was not running");
}

/* Decided while it lived, published after its death: the reading is what counts. */
static void publishing_late_is_nobodys_fault(void **state)
{
    struct tale *s = story_of(state);
    uint32_t read;
    everybody_runs(s);
    master_decides(s, 1000, "-spp", 1, &read);
    at(s, 2000);
    dies(s, 1);
    at(s, 2001);
    publishes(s, 0, 1, 2, 1);
    all_is_well(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_dead_one_is_elected_on_and_on),        STORY(the_living_are_well_elected),
        STORY(dying_after_the_reading_is_nobodys_fault), STORY(it_ends_when_it_is_born_again),
        STORY(it_ends_when_another_is_elected),          STORY(dying_twice_is_two_episodes),
        STORY(who_never_lived_is_not_running),           STORY(neither_is_a_stranger),
        STORY(publishing_late_is_nobodys_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
