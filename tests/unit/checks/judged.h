/* What the checks make of a story (tests/support/story.h).
 *
 *     static void two_are_inside(void **state)
 *     {
 *         struct tale *story = story_of(state);
 *         …
 *         struct violation found = the_violation(story, "two_lock_holders");
 *         assert_events(&found, first, second);
 *     }
 */
#ifndef TESTS_CHECKS_JUDGED_H
#define TESTS_CHECKS_JUDGED_H

#include "sim/checks/check.h"
#include "tests/support/story.h"

/* For cmocka: a fresh story of three nodes. */
int story_setup(void **state);
int story_teardown(void **state);
struct tale *story_of(void **state);

/* Judges the story: all at once, event by event, and after having been written to a file and read
 * back. All three must find the same, which is returned; violations_free() it. */
struct violations judged(struct tale *story);

/* Judges; nothing was broken. */
void all_is_well(struct tale *story);

/* Judges; exactly one promise was broken, once, and this is how. */
struct violation the_violation(struct tale *story, const char *check);

void assert_interval(const struct violation *violation, double at_ms, double until_ms);
void assert_list(const char *what, uint32_t count, const uint32_t *expected, uint32_t found_count,
                 const uint32_t *found);
void assert_processes_are(const struct violation *violation, uint32_t count,
                          const uint32_t *expected);
void assert_says(const struct violation *violation, const char *text);

#define COUNT_OF(...) (sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
#define assert_processes(violation, ...)                                                           \
    assert_processes_are(violation, COUNT_OF(__VA_ARGS__), (uint32_t[]){__VA_ARGS__})
/* In order of time. */
#define assert_events(violation, ...)                                                              \
    assert_list("events", COUNT_OF(__VA_ARGS__), (uint32_t[]){__VA_ARGS__},                        \
                (violation)->event_count, (violation)->events)

/* A test with a fresh story. */
#define STORY(test) cmocka_unit_test_setup_teardown(test, story_setup, story_teardown)

#endif
