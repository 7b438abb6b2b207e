/* What is missing in a history is found, and leaves its trial undecided from there on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/history/gaps.h"
#include "sim/jsonl/jsonl.h"
#include "tests/unit/outcomes.h"

/* A trial that is whole, as lines. */
struct file {
    char *bytes;
    size_t length;
    char *lines[80]; /* into bytes; [0]: the head */
    size_t count;
};

static struct file new_file(void)
{
    struct file file = {0};
    struct tale *s = settled_cluster();
    s->history.facts.heals = true;
    phase(s, PHASE_LIVENESS);
    ends(s);
    FILE *out = open_memstream(&file.bytes, &file.length);
    assert_non_null(out);
    assert_true(history_write_jsonl(&s->history, out));
    fclose(out);
    tale_free(s);
    for (char *line = strtok(file.bytes, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(file.count < 80);
        file.lines[file.count++] = line;
    }
    return file;
}

static void drop(struct file *file, size_t from, size_t count)
{
    memmove(&file->lines[from], &file->lines[from + count],
            (file->count - from - count) * sizeof *file->lines);
    file->count -= count;
}

/* The line of the `nth` event that has this text. */
static size_t find(const struct file *file, const char *text, int nth)
{
    for (size_t i = 1; i < file->count; i++) {
        if (strstr(file->lines[i], text) && nth-- == 0) {
            return i;
        }
    }
    fail_msg("no line has %s", text);
    return 0;
}

/* The file as it is, its events numbered anew if `anew`, without the last `cut` bytes. */
static FILE *write_out(const struct file *file, bool anew, size_t cut)
{
    static char text[40000];
    size_t used = 0;
    for (size_t i = 0; i < file->count; i++) {
        const char *line = file->lines[i];
        if (anew && i > 0) {
            used += (size_t)sprintf(text + used, "{\"i\":%zu,", i - 1);
            line = strstr(line, "\"t_ms\"");
        }
        used += (size_t)sprintf(text + used, "%s\n", line);
    }
    FILE *back = fmemopen(text, used - cut, "r");
    assert_non_null(back);
    return back;
}

/* Why its trial is undecided; "": it is not. Frees the file. */
static const char *doubt_of(struct file *file, bool anew, size_t cut)
{
    static char why[256];
    char error[256] = "";
    struct history history;
    struct judged_trial judged;
    FILE *in = write_out(file, anew, cut);
    if (!history_read_to_judge(&history, in, error, sizeof error)) {
        fail_msg("%s", error);
    }
    for (size_t i = 0; i < history.count; i++) {
        assert_int_equal(history.events[i].seq, i);
    }
    assert_true(checks_judge(&history, &judged));
    const char *text = judged.undecided ? strstr(judged.undecided, "line ") : "";
    snprintf(why, sizeof why, "%s", text ? text : judged.undecided);
    judged_trial_free(&judged);
    history_free(&history);
    fclose(in);
    free(file->bytes);
    return why;
}

static void a_whole_history_has_none(void **state)
{
    (void)state;
    struct file file = new_file();
    assert_string_equal(doubt_of(&file, false, 0), "");
    file = new_file();
    assert_string_equal(doubt_of(&file, false, 1), ""); /* the last newline is no loss */
}

static void events_that_are_left_out(void **state)
{
    (void)state;
    struct file file = new_file();
    drop(&file, 12, 5);
    assert_string_equal(doubt_of(&file, false, 0), "line 13: events 11 to 15 are missing");
    file = new_file();
    drop(&file, 1, 1);
    assert_string_equal(doubt_of(&file, false, 0), "line 2: event 0 is missing");
}

static void a_head_alone(void **state)
{
    (void)state;
    struct file file = new_file();
    file.count = 1;
    assert_string_equal(doubt_of(&file, false, 0), "line 1: there is a head, and no event");
}

static void an_end_that_is_missing(void **state)
{
    (void)state;
    struct file file = new_file();
    file.count--;
    char expected[128];
    snprintf(expected, sizeof expected,
             "line %zu: it has no end: it was cut off, or is still being written", file.count);
    assert_string_equal(doubt_of(&file, false, 0), expected);

    file = new_file();
    file.count = file.count * 6 / 10;
    snprintf(expected, sizeof expected, "line %zu: the file ends in the midst of it", file.count);
    assert_string_equal(doubt_of(&file, false, 9), expected);
}

static void a_liveness_phase_that_is_missing(void **state)
{
    (void)state;
    struct file file = new_file();
    drop(&file, find(&file, "\"phase\":\"liveness\"", 0), 1);
    assert_non_null(
        strstr(doubt_of(&file, true, 0), "it ends without the phase that demands a leader"));
}

static void requests_and_replies_that_do_not_match(void **state)
{
    (void)state;
    struct file file = new_file();
    drop(&file, find(&file, "\"request\"", 0), 1);
    assert_non_null(strstr(doubt_of(&file, true, 0), "an answer to request 1 of node 1, whose "
                                                     "last request is 0"));
    file = new_file();
    size_t request = find(&file, "\"process\":\"master\",\"event\":\"request\"", 0);
    drop(&file, find(&file, "\"process\":\"master\",\"event\":\"reply\"", 0), 1);
    drop(&file, request, 1);
    assert_non_null(strstr(doubt_of(&file, true, 0), "request 2 of the master comes where request "
                                                     "1 is due"));
}

/* The line at `from` once more, as the line `to`. */
static void repeat(struct file *file, size_t from, size_t to)
{
    char *line = file->lines[from];
    assert_true(file->count < 80);
    memmove(&file->lines[to + 1], &file->lines[to], (file->count - to) * sizeof *file->lines);
    file->lines[to] = line;
    file->count++;
}

static void answers_that_no_question_fits(void **state)
{
    (void)state;
    struct file file = new_file();
    size_t reply = find(&file, "\"process\":1,\"event\":\"reply\"", 0);
    repeat(&file, reply, reply + 1);
    assert_non_null(strstr(doubt_of(&file, true, 0), "another answer to request 1 of node 1"));

    file = new_file();
    reply = find(&file, "\"event\":\"reply\",\"number\":1,\"op\":\"set_status\"", 0);
    memcpy(strstr(file.lines[reply], "set_status"), "set_result", 10);
    assert_non_null(strstr(doubt_of(&file, true, 0), "an answer to set_result, but request 1 of "));
}

/* A request that is no longer waited for may be answered when many others have been. */
static void a_late_answer_is_no_gap(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    struct history_event *events;
    struct history_gap gap;
    s->history.facts.heals = false;
    uint32_t first = looks(s, 1);
    for (int i = 0; i < 2 * TAGS; i++) {
        looks(s, 1);
        sees_nothing(s, 1);
    }
    uint32_t late = sees_nothing(s, 1);
    ends(s);
    events = s->history.events;
    events[late].reply.number = events[first].request.number;
    for (size_t i = 0; i < s->history.count; i++) {
        events[i].seq = (uint32_t)i;
    }
    assert_false(history_find_gap(&s->history, &gap));
    events[late - 1].reply.number = events[first].request.number;
    assert_true(history_find_gap(&s->history, &gap));
    assert_non_null(strstr(gap.text, "another answer to request"));
    tale_free(s);
}

static void what_cannot_begin_again(void **state)
{
    (void)state;
    static const char *const begins[] = {"born", "started"};
    for (size_t i = 0; i < 2; i++) {
        char event[64], told[64];
        struct file file = new_file();
        snprintf(event, sizeof event, "\"process\":2,\"event\":\"%s\"", begins[i]);
        snprintf(told, sizeof told, "\"%s\" of node 2, which is so already", begins[i]);
        repeat(&file, find(&file, event, 0), find(&file, "\"started\"", 2) + 1);
        assert_non_null(strstr(doubt_of(&file, true, 0), told));
    }
    struct file file = new_file();
    size_t phase = find(&file, "\"phase\":\"liveness\"", 0);
    repeat(&file, phase, phase + 1);
    assert_non_null(
        strstr(doubt_of(&file, true, 0), "the phase \"liveness\" begins after \"liveness\""));
}

static void lives_that_are_missing(void **state)
{
    (void)state;
    struct file file = new_file();
    drop(&file, find(&file, "\"process\":2,\"event\":\"born\"", 0), 1);
    assert_non_null(
        strstr(doubt_of(&file, true, 0), "\"started\" of node 2, of which no birth is told"));
    file = new_file();
    drop(&file, find(&file, "\"process\":2,\"event\":\"started\"", 0), 1);
    assert_non_null(strstr(doubt_of(&file, true, 0), "of node 2, of which no start is told"));
    file = new_file();
    char *started = file.lines[find(&file, "\"process\":2,\"event\":\"started\"", 0)];
    memcpy(strstr(started, "started"), "resumed", 7);
    assert_non_null(
        strstr(doubt_of(&file, true, 0), "\"resumed\" of node 2, of which no pause is told"));
}

static void claims_that_are_missing(void **state)
{
    (void)state;
    struct file file = new_file();
    for (size_t i = file.count; i-- > 1;) {
        if (strstr(file.lines[i], "\"event\":\"claim\"")) {
            drop(&file, i, 1);
        }
    }
    assert_non_null(strstr(doubt_of(&file, true, 0), "but nobody claims anything"));
}

/* Who wants it whole gets an error. */
static void a_strict_reader_refuses_gaps(void **state)
{
    (void)state;
    struct file file = new_file();
    struct history history;
    char error[256] = "";
    drop(&file, 12, 5);
    FILE *in = write_out(&file, false, 0);
    assert_false(history_read_jsonl(&history, in, error, sizeof error));
    assert_string_equal(error, "line 13: \"i\" is 16, but this is event 11");
    fclose(in);
    free(file.bytes);
}

/* A result of nobody, which no election of ours publishes. */
static void a_result_of_nobody_is_none(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    finds_result(s, 2, 0, 0, 0);
    s->history.events[s->history.count - 1].reply.outcome = STORE_OK;
    s->history.events[s->history.count - 1].reply.value.result =
        (struct result){.id = NOBODY, .rule = 3, .term = 9};
    at(s, 200);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect_election(o, 2, "loss", NOBODY, "none");
    outcome_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_history_has_none),
        cmocka_unit_test(events_that_are_left_out),
        cmocka_unit_test(a_head_alone),
        cmocka_unit_test(an_end_that_is_missing),
        cmocka_unit_test(a_liveness_phase_that_is_missing),
        cmocka_unit_test(requests_and_replies_that_do_not_match),
        cmocka_unit_test(answers_that_no_question_fits),
        cmocka_unit_test(a_late_answer_is_no_gap),
        cmocka_unit_test(what_cannot_begin_again),
        cmocka_unit_test(lives_that_are_missing),
        cmocka_unit_test(claims_that_are_missing),
        cmocka_unit_test(a_strict_reader_refuses_gaps),
        cmocka_unit_test(a_result_of_nobody_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
