/* The table of checks: those that were violated or were expected to be.
 *
 *   check             expected   in trials
 *   dead_leader       always     5 of 5      ok
 *   and 8 others held
 */
#include <inttypes.h>

#include "sim/terminal/parts.h"
#include "sim/terminal/points.h"
#include "sim/terminal/words.h"

static void head(const struct terminal_options *options) {
    struct line line = line_new(options, 2);
    line_put(&line, INK_DIM, "check");
    line_to(&line, 20);
    line_put(&line, INK_DIM, "expected");
    line_to(&line, 31);
    line_put(&line, INK_DIM, "in trials");
    line_end(&line);
}

static void row(const struct finish *finish, size_t check, uint32_t seen) {
    bool unmet = unmet_find(finish->judgement, check_rows[check]->name, NULL) != NULL;
    struct line line = line_new(finish->options, 2);
    line_put(&line, INK_PLAIN, check_rows[check]->name);
    line_to(&line, 20);
    line_put(&line, INK_PLAIN, frequency_name(finish->scenario->expect.checks[check]));
    line_to(&line, 31);
    line_format(&line, INK_PLAIN, "%" PRIu32 " of %zu", seen, finish->count);
    line_to(&line, 43);
    line_put(&line, unmet ? INK_BAD : INK_GOOD, unmet ? "FAILED" : "ok");
    line_end(&line);
}

void part_checks(const struct finish *finish) {
    const uint8_t *expected = finish->scenario->expect.checks;
    size_t held = 0, checks = check_count();
    for (size_t check = 0; check < checks && check < SCENARIO_CHECKS_MAX; check++) {
        uint32_t seen = trials_violating(finish->outcomes, finish->count, check);
        bool quiet = expected[check] == EXPECT_NEVER || expected[check] == EXPECT_ALLOWED;
        if (seen == 0 && quiet) {
            held++;
            continue;
        }
        if (held == check) { /* the first row to be shown */
            head(finish->options);
        }
        row(finish, check, seen);
    }
    char count[WORD_SIZE];
    struct line line = line_new(finish->options, 2);
    if (held == checks) {
        line_format(&line, INK_PLAIN, "All %s held.",
                    word_count(held, "check", count, sizeof count));
    } else {
        line_format(&line, INK_DIM, "and %s held", word_count(held, "other", count, sizeof count));
    }
    line_end(&line);
}
