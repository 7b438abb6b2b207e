/* The table of checks: those that were violated or were expected to be.
 *
 *   check             expected   in trials
 *   dead_leader       always     5 of 5      ok
 *   and 7 others held
 *
 * And, at the very end of a run that is ok, which promises were broken all the same:
 *
 *   broken   two_leaders and stale_result, as the scenario expects
 */
#include <assert.h>

#include "sim/history/text.h"
#include "sim/outcome/points.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

static void head(const struct terminal_options *options)
{
    struct line line = line_new(options, 2);
    line_put(&line, STYLE_DIM, "check");
    line_to(&line, 20);
    line_put(&line, STYLE_DIM, "expected");
    line_to(&line, 31);
    line_put(&line, STYLE_DIM, "in trials");
    line_end(&line);
}

static void row(const struct finish *finish, size_t check, size_t seen)
{
    bool unmet =
        unmet_find(&finish->judgement->unmet, (struct expectation){EXPECTED_CHECK, check}) != NULL;
    struct line line = line_new(finish->options, 2);
    line_put(&line, STYLE_PLAIN, check_rows[check]->name);
    line_to(&line, 20);
    line_put(&line, STYLE_PLAIN, frequency_names[finish->scenario->expect.checks[check]]);
    line_to(&line, 31);
    line_format(&line, STYLE_PLAIN, "%s of %s", text_count(seen).text,
                text_count(finish->trials->count).text);
    line_to(&line, 43);
    line_put(&line, unmet ? STYLE_BAD : STYLE_GOOD, unmet ? "FAILED" : "ok");
    line_end(&line);
}

/* Whether the check is worth a row. */
static bool matters(const struct finish *finish, size_t check, size_t seen)
{
    uint8_t expected = finish->scenario->expect.checks[check];
    return seen > 0 || expected == EXPECT_ALWAYS || expected == EXPECT_SOMETIMES;
}

bool checks_all_held(const struct finish *finish)
{
    for (size_t check = 0; check < check_count(); check++) {
        if (matters(finish, check, trials_with_check(finish->trials, check))) {
            return false;
        }
    }
    return true;
}

size_t checks_held(const struct finish *finish)
{
    size_t held = 0;
    for (size_t check = 0; check < check_count(); check++) {
        held += finish->trials->checks[check].endings[CHECK_HELD] > 0;
    }
    return held;
}

void part_checks(const struct finish *finish)
{
    size_t held = 0, checks = check_count();
    head(finish->options);
    for (size_t check = 0; check < checks; check++) {
        size_t seen = trials_with_check(finish->trials, check);
        if (matters(finish, check, seen)) {
            row(finish, check, seen);
        } else {
            held += finish->trials->checks[check].endings[CHECK_HELD] > 0;
        }
    }
    if (held > 0) {
        struct line line = line_new(finish->options, 2);
        line_format(&line, STYLE_DIM, "and %s held", word_count(held, "other").text);
        line_end(&line);
    }
}

static bool is_broken(const struct finish *finish, size_t check)
{
    return trials_with_check(finish->trials, check) > 0;
}

void part_broken(const struct finish *finish)
{
    char text[600];
    size_t count = 0, told = 0, used = 0;
    bool expected = false;
    for (size_t check = 0; check < check_count(); check++) {
        count += is_broken(finish, check);
        expected = expected || (is_broken(finish, check) &&
                                finish->scenario->expect.checks[check] != EXPECT_ALLOWED);
    }
    for (size_t check = 0; check < check_count(); check++) {
        if (is_broken(finish, check)) {
            const char *between = told == 0 ? "" : told + 1 == count ? " and " : ", ";
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", between,
                                     check_rows[check]->name);
            told++;
            assert(used < sizeof text);
        }
    }
    if (count > 0) {
        snprintf(text + used, sizeof text - used, ", as the scenario %s",
                 expected ? "expects" : "allows");
        style_paragraph(finish->options, STYLE_PLAIN, "  broken   ", STYLE_PLAIN, text, 0);
    }
}
