/* Which faults a sentence names as causes: the first four, and that there were more. */
#include <string.h>

#include "sim/checks/cause.h"
#include "tests/unit/checks/judged.h"

/* What is said of node 1 after so many faults on it, the first `healed` of which are over. */
static struct violation said_of(struct tale *s, int count, int healed)
{
    static const char *const names[] = {"cut", "delay", "slow", "lose", "drift"};
    struct violation found = {0};
    everybody_runs(s);
    at(s, 100);
    for (int i = 0; i < count; i++) {
        begins_fault(s, 1, names[i]);
    }
    for (int i = 0; i < healed; i++) {
        ends_fault(s, 1, names[i]);
    }
    at(s, 200);
    uint32_t now = asks_lock(s, 1, 11);
    cause_say_faults(&found, &s->history, now, now, 1);
    return found;
}

static void four_are_told(void **state)
{
    struct violation found = said_of(story_of(state), 4, 0);
    assert_string_equal(found.explanation, " (faults: cut of node 1, delay of node 1, slow of "
                                           "node 1, lose of node 1)");
}

static void of_a_fifth_it_is_told_that_there_was_one(void **state)
{
    struct violation found = said_of(story_of(state), 5, 0);
    assert_string_equal(found.explanation, " (faults: cut of node 1, delay of node 1, slow of "
                                           "node 1, lose of node 1, and more)");
}

static void one_that_is_over_is_none(void **state)
{
    struct violation found = said_of(story_of(state), 4, 3);
    assert_string_equal(found.explanation, " (faults: lose of node 1)");
}

static void what_was_done_by_hand_is_told_as_such(void **state)
{
    struct tale *s = story_of(state);
    struct violation found = {0};
    everybody_runs(s);
    at(s, 100);
    uint32_t cut = begins_fault(s, 1, "cut"); /* it may move the events */
    s->history.events[cut].fault.index = HISTORY_HAND;
    begins_fault(s, 1, "delay");
    at(s, 200);
    uint32_t now = asks_lock(s, 1, 11);
    cause_say_faults(&found, &s->history, now, now, 1);
    assert_string_equal(found.explanation, " (faults: cut of node 1 by hand, delay of node 1)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(four_are_told),
        STORY(of_a_fifth_it_is_told_that_there_was_one),
        STORY(one_that_is_over_is_none),
        STORY(what_was_done_by_hand_is_told_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
