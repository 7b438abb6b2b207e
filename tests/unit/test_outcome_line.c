/* Outcomes as text: what is read is what was written, and nothing but that is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/results/outcome_line.h"

#define ELECTIONS 2

/* One with something in each of its fields. */
static void fill(struct outcome *outcome)
{
    *outcome = (struct outcome){.seed = UINT64_MAX - 7,
                                .trial = 3,
                                .final_leader = NOBODY,
                                .verdict = TRIAL_FAILED,
                                .leader_count = 2,
                                .election_count = ELECTIONS,
                                .not_done_count = 1,
                                .idle = {.lasted_ns = 5, .id = 2, .how = IDLE_CUT_OFF},
                                .duration_ns = INT64_MAX,
                                .leaderless_ns = NEVER_NS,
                                .requests = 12345678901234u,
                                .entries = 9,
                                .entered = 2,
                                .work = {.accepted = 1, .stale = 2, .late = 3},
                                .stalls = 4,
                                .undecided = strdup("100 % late:\n\xc3\xa9 \x7f")};
    outcome->leaders = calloc(2, sizeof *outcome->leaders);
    outcome->leaders[0] = NOBODY;
    outcome->leaders[1] = 7;
    outcome->checks = calloc(check_count(), sizeof *outcome->checks);
    outcome->checks[0] = (struct check_verdict){CHECK_BROKEN, NULL};
    outcome->checks[1] = (struct check_verdict){CHECK_COULD_NOT_FIRE, "nobody wrote"};
    outcome->checks[2] = (struct check_verdict){CHECK_UNDECIDED, ""};
    outcome->elections = calloc(ELECTIONS, sizeof *outcome->elections);
    outcome->elections[0] = (struct election){.nth = 1,
                                              .cause_node = NOBODY,
                                              .outdated = true,
                                              .live_nodes = UINT16_MAX,
                                              .due_ns = NEVER_NS,
                                              .reason = "rule 3",
                                              .rule = 3,
                                              .term = UINT64_MAX,
                                              .stage_ns = {1, 2, 3, 4, 5, 6}};
    outcome->elections[1] = outcome->elections[0];
    outcome->elections[1].reason = NULL;
    outcome->not_done = calloc(1, sizeof *outcome->not_done);
    outcome->not_done[0] =
        (struct not_done){.at_ns = NEVER_NS, .fault = 2, .why = "node 2 never led"};
    struct violation violation = {.check = 1,
                                  .at_ns = 1,
                                  .until_ns = 2,
                                  .sure_ns = 1,
                                  .times = UINT32_MAX,
                                  .process_count = 1,
                                  .event_count = 2,
                                  .processes = {4},
                                  .events = {17, 18},
                                  .explanation = "two led"};
    violations_add(&outcome->violations, &violation);
    violation.process_count = violation.event_count = 0;
    violations_add(&outcome->violations, &violation);
    outcome->violations.work.rejected_newest = 8;
}

static char *text_of(const struct outcome *outcome)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    outcome_write(file, outcome);
    fclose(file);
    return text;
}

static void what_is_read_is_what_was_written(void **state)
{
    struct outcome outcome, again;
    struct shared_texts texts = {0};
    (void)state;
    fill(&outcome);
    char *text = text_of(&outcome), *two = NULL;
    assert_true(asprintf(&two, "%s%s", text, text) > 0);
    const char *at = two;
    for (int i = 0; i < 2; i++) {
        assert_true(outcome_read(&at, &again, &texts));
        char *same = text_of(&again);
        assert_string_equal(same, text);
        assert_string_equal(again.undecided, outcome.undecided);
        assert_string_equal(again.elections[0].reason, "rule 3");
        assert_null(again.elections[1].reason);
        assert_memory_equal(again.elections[0].stage_ns, outcome.elections[0].stage_ns,
                            sizeof again.elections[0].stage_ns);
        assert_true(again.elections[0].term == UINT64_MAX && again.seed == outcome.seed);
        assert_int_equal(again.violations.count, 2);
        assert_string_equal(again.violations.list[1].explanation, "two led");
        assert_int_equal(again.violations.list[0].events[1], 18);
        assert_int_equal(again.violations.work.rejected_newest, 8);
        assert_string_equal(again.not_done[0].why, outcome.not_done[0].why);
        assert_string_equal(again.checks[1].why, "nobody wrote");
        assert_string_equal(again.checks[2].why, "");
        free(same);
        outcome_free(&again);
    }
    assert_string_equal(at, "");
    assert_int_equal(texts.count, 3); /* each once */
    shared_texts_free(&texts);
    outcome_free(&outcome);
    free(text);
    free(two);
}

/* A text that ends early, or in which a character is another one, is refused, or is an outcome. */
static void nothing_else_is_read(void **state)
{
    struct outcome outcome, again;
    struct shared_texts texts = {0};
    (void)state;
    fill(&outcome);
    char *text = text_of(&outcome);
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        char *part = strndup(text, i);
        const char *at = part;
        assert_false(outcome_read(&at, &again, &texts));
        free(part);
        for (const char *other = " -:%9g"; *other; other++) {
            char *changed = strdup(text);
            changed[i] = *other;
            at = changed;
            if (outcome_read(&at, &again, &texts)) {
                outcome_free(&again);
            }
            free(changed);
        }
    }
    shared_texts_free(&texts);
    outcome_free(&outcome);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_what_was_written),
        cmocka_unit_test(nothing_else_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
