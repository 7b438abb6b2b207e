/* Words that people bring along: each answer fits, its example is a good scenario, and none stands
 * in the way of a word of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/faults/fault.h"
#include "sim/scenario/borrowed.h"
#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"
#include "src/owners.h"

/* From the first brace on, with its section's key in front if there is one: "lock: {…}". */
static bool example_of(const char *hint, char *out, size_t size)
{
    const char *brace = strchr(hint, '{');
    if (!brace) {
        return false;
    }
    const char *begin = brace;
    while (begin > hint + 1 && begin[-1] == ' ' && begin[-2] == ':') {
        begin -= 2;
        while (begin > hint && begin[-1] != ' ') {
            begin--;
        }
    }
    int depth = 0;
    const char *end = brace;
    do {
        depth += (*end == '{') - (*end == '}');
        end++;
    } while (*end && depth > 0);
    assert_int_equal(depth, 0);
    bool section = strncmp(begin, "lock: ", 6) == 0 || strncmp(begin, "expect: ", 8) == 0 ||
                   strncmp(begin, "network: ", 9) == 0 ||
                   strncmp(begin, "redis: {topology", 16) == 0;
    begin = section ? begin : brace;
    snprintf(out, size, "%s%.*s\n",
             section ? "" : "faults:\n  - {at: 0s, crash: any}\n  - {at: 0s, pause: any}\n  - ",
             (int)(end - begin), begin);
    return true;
}

static void is_good(const char *word, const char *hint)
{
    char example[400];
    char text[600];
    struct scenario scenario;
    struct scenario_report report;
    struct scenario_problem room;
    assert_true(strlen(hint) < 140 && strlen(hint) < sizeof room.suggestion);
    if (!example_of(hint, example, sizeof example)) {
        return;
    }
    bool of_several = strstr(example, "redis 2") || strstr(example, "minority");
    snprintf(text, sizeof text, "name: x\nnodes: 5\nduration: 10s\n%s%s%s",
             of_several || strstr(example, "topology") ? "lock: none\n" : "",
             of_several ? "redis: {topology: independent}\n" : "", example);
    if (!scenario_parse(word, text, strlen(text), &scenario, &report)) {
        scenario_report_print(stderr, word, &report);
        fail_msg("%s: its example is no good scenario:\n%s", word, text);
    }
    scenario_free(&scenario);
}

/* The word of that place in a row; NULL: it has no more. */
static const char *word_of(const struct borrowed_row *row, size_t index, char word[40])
{
    const struct param_row words = {.type = PARAM_WORD, .words = row->words};
    return param_word(&words, index, word, 40) ? word : NULL;
}

static void test_examples(void **state)
{
    int examples = 0;
    char example[400];
    (void)state;
    for (const struct borrowed_row *row = borrowed_rows; row->words; row++) {
        char word[40];
        for (size_t i = 0; word_of(row, i, word); i++) {
            is_good(word, row->hint);
            examples += example_of(row->hint, example, sizeof example);
        }
    }
    assert_true(examples > 80);
    is_good("pause", borrowed_aim("pause", "redis"));
    is_good("stall", borrowed_aim("stall", "3"));
    is_good("evict", borrowed_aim("evict", "redis"));
    is_good("crash", borrowed_aim("crash", "lock"));
    assert_null(borrowed_aim("crash", "3"));
}

static void is_not_ours(const char *word, unsigned places)
{
    if (places & IN_FAULT) {
        assert_int_equal(fault_find(word), -1);
        for (size_t i = 0; fault_rows[i]; i++) {
            for (size_t j = 0; j < FAULT_PARAMS_MAX && fault_rows[i]->params[j].name; j++) {
                assert_string_not_equal(fault_rows[i]->params[j].name, word);
            }
        }
    }
    if (places & IN_TARGET) {
        assert_int_equal(words_find(&words_targets, word), -1);
    }
    if (places & IN_VALUES) {
        assert_int_equal(owner_find(OWNER_PROTOCOL, word), -1);
        assert_int_equal(owner_find(OWNER_LOCK, word), -1);
        assert_int_equal(words_find(&words_checks, word), -1);
        assert_int_equal(words_find(&words_frequencies, word), -1);
    }
}

/* A word that the loader knows would never be read: it is to go when the word comes. Nor would one
 * that stands in two rows. */
static void test_none_is_ours(void **state)
{
    (void)state;
    for (const struct borrowed_row *row = borrowed_rows; row->words; row++) {
        char word[40];
        for (size_t i = 0; word_of(row, i, word); i++) {
            is_not_ours(word, row->places);
            for (unsigned place = IN_FAULT; place <= IN_VALUES; place *= 2) {
                if (row->places & place) {
                    assert_ptr_equal(borrowed_find((enum borrowed_place)place, word), row->hint);
                }
            }
        }
    }
}

static void test_spelling(void **state)
{
    (void)state;
    assert_non_null(borrowed_find(IN_FAULT, "GC-pause"));
    assert_non_null(borrowed_find(IN_FAULT, "SIGKILL"));
    assert_null(borrowed_find(IN_TARGET, "sigkill"));
    assert_null(borrowed_find(IN_FAULT, "gc_paus"));
    assert_null(borrowed_find(IN_FAULT, "gc_pausing"));
    assert_null(borrowed_find(IN_FAULT, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_none_is_ours),
        cmocka_unit_test(test_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
