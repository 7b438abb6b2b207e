/* How a story is judged, and what is asserted of the judgement. See judged.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/jsonl/jsonl.h"
#include "tests/unit/checks/judged.h"

int story_setup(void **state)
{
    *state = tale_new(3);
    return 0;
}

int story_teardown(void **state)
{
    tale_free(*state);
    return 0;
}

struct tale *story_of(void **state)
{
    return *state;
}

static void assert_same(const struct violations *a, const struct violations *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_memory_equal(&a->list[i], &b->list[i], sizeof a->list[i]);
    }
}

static void judge_event_by_event(struct tale *story, const struct violations *expected)
{
    size_t count = story->history.count;
    struct check_run *run = check_run_new();
    assert_non_null(run);
    for (int again = 0; again < 2; again++) {
        assert_true(check_run_begin(run, &story->history));
        for (story->history.count = 0; story->history.count < count; story->history.count++) {
            check_run_events(run);
        }
        assert_true(check_run_end(run));
        assert_same(check_run_found(run), expected);
    }
    check_run_free(run);
}

static void judge_from_file(struct tale *story, const struct violations *expected)
{
    char error[200] = "";
    struct history copy;
    struct violations found = {0};
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(history_write_jsonl(&story->history, file));
    rewind(file);
    if (!history_read_jsonl(&copy, file, error, sizeof error)) {
        fail_msg("the story cannot be read back: %s", error);
    }
    assert_true(checks_run(&copy, &found));
    assert_same(&found, expected);
    violations_free(&found);
    history_free(&copy);
    fclose(file);
}

struct violations judged(struct tale *story)
{
    struct violations found = {0};
    assert_true(checks_run(&story->history, &found));
    judge_event_by_event(story, &found);
    judge_from_file(story, &found);
    return found;
}

static void print_violations(const struct violations *found)
{
    for (size_t i = 0; i < found->count; i++) {
        print_error("%s: %s\n", check_rows[found->list[i].check]->name, found->list[i].explanation);
    }
}

void all_is_well(struct tale *story)
{
    struct violations found = judged(story);
    print_violations(&found);
    assert_int_equal(found.count, 0);
    violations_free(&found);
}

struct violation the_violation(struct tale *story, const char *check)
{
    struct violations found = judged(story);
    if (found.count != 1) {
        print_violations(&found);
    }
    assert_int_equal(found.count, 1);
    struct violation violation = found.list[0];
    violations_free(&found);
    assert_string_equal(check_rows[violation.check]->name, check);
    return violation;
}

void assert_interval(const struct violation *violation, double at_ms, double until_ms)
{
    assert_int_equal(violation->at_ns, llround(at_ms * 1e6));
    assert_int_equal(violation->until_ns, llround(until_ms * 1e6));
}

void assert_list(const char *what, uint32_t count, const uint32_t *expected, uint32_t found_count,
                 const uint32_t *found)
{
    bool same = count == found_count;
    for (uint32_t i = 0; same && i < count; i++) {
        same = expected[i] == found[i];
    }
    if (!same) {
        for (uint32_t i = 0; i < found_count; i++) {
            print_error("found %s[%u] = %u\n", what, i, found[i]);
        }
        for (uint32_t i = 0; i < count; i++) {
            print_error("expected %s[%u] = %u\n", what, i, expected[i]);
        }
    }
    assert_true(same);
}

void assert_processes_are(const struct violation *violation, uint32_t count,
                          const uint32_t *expected)
{
    uint32_t found[VIOLATION_PROCESSES_MAX];
    for (uint8_t i = 0; i < violation->process_count; i++) {
        found[i] = violation->processes[i];
    }
    assert_list("processes", count, expected, violation->process_count, found);
}

void assert_says(const struct violation *violation, const char *text)
{
    if (!strstr(violation->explanation, text)) {
        fail_msg("\"%s\" does not say \"%s\"", violation->explanation, text);
    }
}
