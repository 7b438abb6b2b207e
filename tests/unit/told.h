/* What the story tells of a tale, for its tests. */
#ifndef HUSTINGS_TESTS_UNIT_TOLD_H
#define HUSTINGS_TESTS_UNIT_TOLD_H

#include <stdio.h>
#include <string.h>

#include "sim/story/story.h"
#include "tests/support/rounds.h"

/* What is told of a tale: lines "12: …" at so many ms, and how many were left out. */
static inline char *told_of(struct tale *tale, size_t most)
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

static inline void has(const char *text, const char *line)
{
    if (!strstr(text, line)) {
        fail_msg("\"%s\" is not in:\n%s", line, text);
    }
}

static inline void has_not(const char *text, const char *line)
{
    if (strstr(text, line)) {
        fail_msg("\"%s\" is in:\n%s", line, text);
    }
}

#endif
