/* The story of a trial, told of histories written by hand: what each line says, in which order, and
 * which are chosen when it is to be short. */
#include <stdio.h>
#include <string.h>

#include "sim/story/story.h"
#include "tests/support/rounds.h"

/* What is told of a tale: lines "12: …" at so many ms, and how many were left out. */
static char *told_of(struct tale *tale, size_t most)
{
    static char text[20000];
    struct violations found = {0};
    struct story story;
    ends(tale);
    assert_true(checks_run(&tale->history, &found));
    assert_true(story_tell(&story, &tale->history, &found, most));
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < story.count; i++) {
        const struct story_line *line = &story.lines[i];
        assert_true(line->event < tale->history.count);
        assert_true(i == 0 || story.lines[i - 1].event <= line->event);
        assert_true(line->violation < (int32_t)found.count);
        used += (size_t)snprintf(text + used, sizeof text - used, "%g: %s\n",
                                 (double)line->at_ns / 1e6, line->text);
    }
    snprintf(text + used, sizeof text - used, "%zu left out\n", story.left_out);
    story_free(&story);
    violations_free(&found);
    tale_free(tale);
    return text;
}

static void has(const char *text, const char *line)
{
    if (!strstr(text, line)) {
        fail_msg("\"%s\" is not in:\n%s", line, text);
    }
}

static void has_not(const char *text, const char *line)
{
    if (strstr(text, line)) {
        fail_msg("\"%s\" is in:\n%s", line, text);
    }
}

/* A holder is paused for so long that its lock runs out, or not. */
static struct tale *a_holder_is_paused(bool too_long)
{
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    asks_lock(tale, 2, 7);
    later(tale, 1);
    gets_lock(tale, 2);
    at(tale, 300);
    begins_fault(tale, 2, "pause");
    is_paused(tale, 2);
    if (too_long) {
        at(tale, 2101);
        lock_runs_out(tale);
        at(tale, 2200);
        asks_lock(tale, 1, 8);
        later(tale, 1);
        gets_lock(tale, 1);
    }
    at(tale, too_long ? 2500 : 500);
    begins_fault(tale, 2, "resume");
    resumes(tale, 2);
    later(tale, 1);
    leaves(tale, 2);
    return tale;
}

static void a_paused_holder_and_its_twin(void **unused)
{
    (void)unused;
    const char *text = told_of(a_holder_is_paused(true), 12);
    has(text, "300: node 2 is paused in its critical section (lock until 2.100 s)\n"
              "2101: the lock runs out under node 2, which stands still\n"
              "2201: node 1 acquires the lock, while node 2 still is in its critical section "
              "(two_lock_holders for 300.0 ms)\n"
              "2500: node 2 goes on, still believing that it holds the lock\n"
              "2501: node 2 leaves its critical section\n");
    text = told_of(a_holder_is_paused(false), 12);
    has(text, "300: node 2 is paused in its critical section (lock until 2.100 s)\n"
              "500: node 2 goes on, and still holds the lock\n");
    has_not(text, "believing");
    has_not(text, "two_lock_holders");
}

/* What is routine is told in full only; and each line is told or counted. */
static void short_and_in_full(void **unused)
{
    (void)unused;
    const char *text = told_of(a_holder_is_paused(true), 2);
    has(text, "300: node 2 is paused");
    has(text, "(two_lock_holders for 300.0 ms)\n");
    assert_int_equal(text[strlen(text) - 1], '\n');
    unsigned left = 0;
    assert_int_equal(sscanf(strrchr(text, ')') + 2, "%u left", &left), 1);
    text = told_of(a_holder_is_paused(true), SIZE_MAX);
    has(text, "0 left out\n");
    unsigned lines = 0;
    for (const char *c = text; *c; c++) {
        lines += *c == '\n';
    }
    assert_int_equal(lines - 1, left + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paused_holder_and_its_twin),
        cmocka_unit_test(short_and_in_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
