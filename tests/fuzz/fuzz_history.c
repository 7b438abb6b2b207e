/* Fuzzes what `hustings check` does with a history: read it, look for gaps, run the checks, tell
 * its story, derive the outcome, judge. Whatever the bytes, it must end, stay within its memory,
 * and reach no assertion. Built and run by tests/fuzz/run.
 *
 * A mutation is half of the time one of lines: one is dropped, doubled, moved or altered, and then
 * events are numbered anew, or not; else most inputs would end at the first gap. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/jsonl/jsonl.h"
#include "sim/outcome/judge.h"
#include "sim/story/story.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

static void expect(struct scenario *scenario, uint8_t bits)
{
    snprintf(scenario->name, sizeof scenario->name, "fuzz");
    for (size_t i = 0; i < check_count(); i++) {
        scenario->expect.checks[i] = (bits >> (i % 4)) & 3;
    }
    for (size_t i = 0; i < VERDICTS; i++) {
        scenario->expect.verdicts[i] = (bits >> (i % 5)) & 3;
    }
    scenario->expect.has_leaders = bits & 1;
    scenario->expect.settles_within_ns = 1000000000;
    scenario->expect.elect =
        (struct percentile_bounds){.ns[BOUND_P50] = 1, .ns[BOUND_MAX] = 700000000};
    scenario->expect.settle =
        (struct percentile_bounds){.ns[BOUND_P99] = bits & 2 ? 1000000000 : 0};
}

/* Whole, and in a few lines: they are in order, and each is told or counted. */
static void tell_it(const struct history *history, const struct violations *found)
{
    struct story whole, few;
    if (!story_tell(&whole, history, found, SIZE_MAX)) {
        return;
    }
    assert(whole.left_out == 0);
    for (size_t i = 0; i < whole.count; i++) {
        assert(whole.lines[i].event < history->count && whole.lines[i].text[0]);
        assert(i == 0 || whole.lines[i - 1].event <= whole.lines[i].event);
    }
    if (story_tell(&few, history, found, 5)) {
        assert(few.count <= 5 && few.count + few.left_out == whole.count);
        story_free(&few);
    }
    story_free(&whole);
}

static void judge_it(const struct history *history, uint8_t bits)
{
    static struct scenario scenario; /* large */
    static struct judgement judgement;
    struct outcome outcome;
    expect(&scenario, bits);
    if (!outcome_derive(&scenario, history, &outcome)) {
        return;
    }
    struct trials *trials = trials_new(&scenario);
    if (trials && trials_take(trials, &outcome) && trials_end(trials)) {
        judge(trials, &judgement);
    }
    trials_free(trials);
    assert(!judgement.held || (judgement.unmet.count == 0 && judgement.open.count == 0));
    for (size_t i = 0; i < outcome.election_count; i++) {
        const struct election *election = &outcome.elections[i];
        assert(election->ended < ENDINGS && election->verdict < VERDICTS);
        assert((election->ended == ENDED_PUBLISHED) == (election->published_ns != NEVER_NS));
        assert(election->since_ns <= election->due_ns);
    }
    outcome_free(&outcome);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct history history;
    char error[256];
    if (size == 0) {
        return 0;
    }
    FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
    assert(file);
    if (history_read_to_judge(&history, file, error, sizeof error)) {
        struct judged_trial judged;
        for (size_t i = 0; i < history.count; i++) {
            assert(history.events[i].seq == i);
        }
        if (checks_judge(&history, &judged)) {
            tell_it(&history, &judged.violations);
            judged_trial_free(&judged);
        }
        judge_it(&history, data[size / 2]);
        history_free(&history);
    }
    fclose(file);
    return 0;
}

/* --- mutations of lines ----------------------------------------------------------------------- */

#define LINES_MOST 600

struct text {
    char *bytes;
    size_t length, room;
};

static void put(struct text *text, const char *bytes, size_t length)
{
    if (text->length + length <= text->room) {
        memcpy(text->bytes + text->length, bytes, length);
        text->length += length;
    }
}

struct lines {
    const char *at[LINES_MOST];
    size_t length[LINES_MOST];
    size_t count;
};

static void split(struct lines *lines, const char *bytes, size_t size)
{
    lines->count = 0;
    while (size > 0 && lines->count < LINES_MOST) {
        const char *end = memchr(bytes, '\n', size);
        size_t length = end ? (size_t)(end - bytes) : size;
        lines->at[lines->count] = bytes;
        lines->length[lines->count++] = length;
        bytes += length + (end != NULL);
        size -= length + (end != NULL);
    }
}

static void move(struct lines *lines, size_t from, size_t to)
{
    const char *at = lines->at[from];
    size_t length = lines->length[from];
    memmove(&lines->at[from], &lines->at[from + 1], (lines->count - from - 1) * sizeof *lines->at);
    memmove(&lines->length[from], &lines->length[from + 1],
            (lines->count - from - 1) * sizeof *lines->length);
    memmove(&lines->at[to + 1], &lines->at[to], (lines->count - to - 1) * sizeof *lines->at);
    memmove(&lines->length[to + 1], &lines->length[to],
            (lines->count - to - 1) * sizeof *lines->length);
    lines->at[to] = at;
    lines->length[to] = length;
}

/* The line with another "i" and time, if it is an event. */
static void put_event(struct text *text, const char *line, size_t length, size_t number)
{
    char head[80];
    const char *rest = memmem(line, length, "\"process\"", 9);
    if (!rest || number == 0) {
        put(text, line, length);
    } else {
        int used = snprintf(head, sizeof head, "{\"i\":%zu,\"t_ns\":\"%zu\",", number - 1,
                            number * 1000000);
        put(text, head, (size_t)used);
        put(text, rest, length - (size_t)(rest - line));
    }
    put(text, "\n", 1);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct lines lines;
    static char bytes[1 << 16];
    struct text text = {.bytes = bytes, .room = sizeof bytes < max_size ? sizeof bytes : max_size};
    if (seed % 2 == 0 || size > sizeof bytes) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    split(&lines, (const char *)data, size);
    for (unsigned int round = 0; round < 1 + seed / 2 % 4 && lines.count > 3; round++) {
        seed = seed * 1664525 + 1013904223;
        size_t one = 1 + (seed >> 8) % (lines.count - 1);
        size_t other = 1 + (seed >> 16) % (lines.count - 1);
        switch (seed >> 28) {
        case 0:
        case 1: /* one replaces another */
            lines.at[one] = lines.at[other];
            lines.length[one] = lines.length[other];
            break;
        case 2: /* one is dropped */
            move(&lines, one, lines.count - 1);
            lines.count--;
            break;
        case 3: /* one is doubled */
            if (lines.count < LINES_MOST) {
                lines.at[lines.count] = lines.at[one];
                lines.length[lines.count++] = lines.length[one];
                move(&lines, lines.count - 1, other);
            }
            break;
        default: /* one is put elsewhere */
            move(&lines, one, other);
        }
    }
    bool anew = seed >> 4 & 7;
    for (size_t i = 0; i < lines.count; i++) {
        put_event(&text, lines.at[i], lines.length[i], anew ? i : 0);
    }
    memcpy(data, bytes, text.length);
    if (seed & 1) {
        return LLVMFuzzerMutate(data, text.length, max_size);
    }
    return text.length;
}
