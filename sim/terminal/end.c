/* A scenario is done: the one screen that a person reads. */
#include <assert.h>
#include <inttypes.h>
#include <limits.h>

#include "sim/history/text.h"
#include "sim/outcome/totals.h"
#include "sim/results/command.h"
#include "sim/results/shipped.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"
#include "src/protocol.h"

static void blank(const struct terminal_options *options)
{
    fputc('\n', options->out);
}

/* "; 7 of 11 checks were tested, and held": which were not is told before. */
static void tell_held(struct line *line, size_t held)
{
    if (held == check_count()) {
        line_format(line, STYLE_PLAIN, "; all %zu checks were tested, and held", held);
    } else if (held > 0) {
        line_format(line, STYLE_PLAIN, "; %zu of %zu checks %s tested, and held", held,
                    check_count(), held == 1 ? "was" : "were");
    } else {
        line_put(line, STYLE_PLAIN, ", but no check was put to the test");
    }
}

#define ALLOWED "  allowed  "
#define INDENT "           "

/* Of a run that is ok, what looks as if it were not:
 *
 *   allowed  1 of 3 elections ended as wrong; verdicts: {wrong: never} forbids it
 *            1 of 3 elections was right when the statuses were read, and outdated when it was
 *            published; …
 *
 * (Who elects the dead breaks the check dead_leader as well: the table of checks tells that.) */
static void tell_allowed(const struct finish *finish)
{
    const struct cause_sum *all = &finish->trials->groups.causes[ALL_CAUSES];
    size_t wrong = finish->trials->verdicts[VERDICT_WRONG].elections;
    size_t outdated = all->outdated;
    const char *forbids = "; verdicts: {wrong: never} forbids it";
    char text[240];
    assert(outdated <= wrong);
    if (wrong == 0 || finish->scenario->expect.verdicts[VERDICT_WRONG] != EXPECT_ALLOWED) {
        return;
    }
    if (wrong > outdated) {
        snprintf(text, sizeof text, "%s of %s ended as wrong%s", text_count(wrong - outdated).text,
                 word_count(all->elections, "election").text, outdated > 0 ? "" : forbids);
        style_paragraph(finish->options, STYLE_PLAIN, ALLOWED, STYLE_DIM, text, 0);
    }
    if (outdated > 0) {
        bool one = outdated == 1;
        snprintf(text, sizeof text,
                 "%s of %s %s right when the statuses were read, and outdated when %s published%s",
                 text_count(outdated).text, word_count(all->elections, "election").text,
                 one ? "was" : "were", one ? "it was" : "they were", forbids);
        style_paragraph(finish->options, STYLE_PLAIN, wrong > outdated ? INDENT : ALLOWED,
                        STYLE_DIM, text, 0);
    }
}

/* A line for a bound that held; `*label` is that of the first one. */
static void tell_bound(const struct finish *finish, const char **label, const char *name,
                       const char *seen, const char *bound)
{
    char text[160];
    snprintf(text, sizeof text, "%s: %s (bound %s)", name, seen, bound);
    style_label(finish->options, *label, text);
    *label = "";
}

static void tell_ranks(const struct finish *finish, const char **label, enum election_time time,
                       const struct percentile_bounds *bounds)
{
    for (int rank = 0; rank < BOUNDS; rank++) {
        int64_t seen_ns = finish->trials->bounds[time].seen_ns[rank];
        char name[WORD_SIZE];
        snprintf(name, sizeof name, "%s %s", election_time_names[time], bound_names[rank]);
        if (bounds->ns[rank] > 0) {
            tell_bound(finish, label, name, word_time(seen_ns).text,
                       word_time(bounds->ns[rank]).text);
        }
    }
}

/* Of a run that is ok, how close it came to the bounds that the scenario sets:
 *
 *   bounds   elect_ms p99: 212.4 ms (bound 500.0 ms)
 *            leaderless_ms: 1,203.9 ms in the worst trial (bound 3,000.0 ms)
 */
static void tell_bounds(const struct finish *finish)
{
    const struct expectations *expect = &finish->scenario->expect;
    const char *label = "bounds";
    tell_ranks(finish, &label, TIME_ELECT, &expect->elect);
    tell_ranks(finish, &label, TIME_SETTLE, &expect->settle);
    for (enum trial_total total = 0; total < TOTALS; total++) {
        const struct total_bound *bound = &expect->totals[total];
        int64_t largest = finish->trials->totals[total].largest;
        char seen[80];
        snprintf(seen, sizeof seen, "%s%s", total_text(total, largest).text,
                 finish->trials->count > 1 ? " in the worst trial" : "");
        if (bound->is) {
            tell_bound(finish, &label, total_names[total], seen,
                       total_text(total, bound->max).text);
        }
    }
}

/* "ok: every expectation held" */
static void tell_verdict(const struct finish *finish)
{
    const struct judgement *judgement = finish->judgement;
    struct line line = line_new(finish->options, 2);
    if (finish->trials->count < finish->scenario->trials) {
        line_put(&line, STYLE_WARN, "stopped");
        line_to(&line, LABEL_WIDTH);
        line_format(&line, STYLE_PLAIN, "only %s of %s ran%s",
                    text_count(finish->trials->count).text,
                    word_count(finish->scenario->trials, "trial").text,
                    judgement->unmet.count > 0 ? "" : "; no expectation was broken in what ran");
    } else if (judgement->held) {
        line_put(&line, STYLE_GOOD, "ok");
        line_to(&line, LABEL_WIDTH);
        line_put(&line, STYLE_PLAIN, "every expectation held");
        if (checks_all_held(finish)) {
            tell_held(&line, checks_held(finish));
        }
    } else if (judgement->undecided && judgement->open.count == 0) {
        line_put(&line, STYLE_WARN, "undecided");
        line_to(&line, LABEL_WIDTH);
        line_put(&line, STYLE_PLAIN, "it could not be decided whether every expectation held");
    } else {
        return; /* part_failures() and part_open() will say it */
    }
    line_end(&line);
}

static void tell_files(const struct finish *finish)
{
    if (finish->results_path) {
        char text[1200];
        bool elects = protocol_has_leaders(&finish->scenario->settings);
        snprintf(text, sizeof text, "%s/%s.csv", finish->results_path,
                 elects ? "elections" : "violations");
        style_label(finish->options, "results", text);
    }
}

/* The command that makes a page of the results: once, behind the last scenario. */
static void tell_page(const struct finish *finish)
{
    const struct run_facts *facts = finish->facts;
    struct shell_command command = {0};
    if (!finish->results_path || finish->options->more || finish->trials->count == 0) {
        return;
    }
    command_word(&command, "", facts->program ? facts->program : "hustings");
    command_put(&command, " report");
    command_word(&command, "", finish->results_path);
    style_label(finish->options, "page", command_text(&command));
    command_free(&command);
}

/* The command that does again what was done by hand. */
static void tell_by_hand(const struct finish *finish)
{
    const struct run_facts *facts = finish->facts;
    struct shell_command command = {0};
    if (!facts->by_hand) {
        return;
    }
    command_word(&command, "", facts->program ? facts->program : "hustings");
    command_put(&command, is_replayed(facts) ? " run --on model" : " run");
    command_word(&command, "", facts->by_hand);
    style_label(finish->options, "by hand", command_text(&command));
    if (facts->by_hand_more > 0) {
        char more[96];
        snprintf(more, sizeof more, "and %s likewise, in files beside it",
                 word_count(facts->by_hand_more, "other trial").text);
        style_label(finish->options, "", more);
    }
    command_free(&command);
}

static void suggest(const struct finish *finish)
{
    const struct run_facts *facts = finish->facts;
    char path[PATH_MAX], call[PATH_MAX];
    struct shell_command command = {0};
    if (finish->options->more) {
        return;
    }
    if (finish->judgement->undecided && !is_replayed(facts)) {
        /* On real processes another run may well be on time. The model would say the same again. */
        reproduce_command(finish->scenario, facts, finish->scenario->seed, finish->scenario->trials,
                          &command);
        style_label(finish->options, "again", command_text(&command));
        command_free(&command);
        return;
    }
    command_word(&command, "", facts->program ? facts->program : "hustings");
    if (!finish->judgement->held && finish->results_path && finish->trials->kept) {
        command_put(&command, " check");
        command_word(&command, "", finish->results_path);
    } else if (!finish->scenario->path || !is_shipped(facts->program, finish->scenario->path)) {
        command_free(&command);
        return; /* what lies beside a file of one's own may be anything */
    } else if (next_scenario(finish->scenario->path, path, sizeof path)) {
        shipped_call(facts->program, path, call, sizeof call);
        command_put(&command, " run");
        command_word(&command, "", call);
    } else {
        command_put(&command, " list faults");
    }
    style_label(finish->options, "next", command_text(&command));
    command_free(&command);
}

/* Of a scenario whose expectations held, nothing but the files. */
static void end_quietly(const struct finish *finish)
{
    const struct judgement *judgement = finish->judgement;
    if (!judgement->held) {
        struct line line = line_new(finish->options, 0);
        line_put(&line, STYLE_STRONG, finish->scenario->name);
        line_put(&line, STYLE_PLAIN, ":");
        line_end(&line);
        part_failures(finish);
        part_open(finish);
        if (judgement->unmet.count == 0 && judgement->open.count == 0) {
            tell_verdict(finish);
        }
    }
    if (!finish->options->more) {
        tell_files(finish);
        tell_by_hand(finish);
    }
}

/* What happened, and what went otherwise than expected. */
static void end_briefly(const struct finish *finish)
{
    const struct judgement *judgement = finish->judgement;
    if (finish->trials->count > 0) {
        (finish->trials->count == 1 ? part_elections : part_spread)(finish);
        blank(finish->options);
        part_story(finish);
    }
    if (judgement->unmet.count + judgement->open.count > 0) {
        blank(finish->options);
        part_failures(finish);
        part_open(finish);
    }
}

/* What happened in them, and what could not. */
static void tell_trials(const struct finish *finish)
{
    const struct terminal_options *options = finish->options;
    assert(finish->trials->count > 0);
    if (options->state->told > 0) {
        blank(options);
    }
    (finish->trials->count == 1 ? part_elections : part_spread)(finish);
    blank(options);
    if (!checks_all_held(finish)) {
        part_checks(finish);
        blank(options);
    }
    if (part_elected(finish)) {
        blank(options);
    }
    part_story(finish);
    part_stalls(finish);
    part_price(finish);
    blank(options);
    if (part_inferred(finish)) {
        blank(options);
    }
    if (part_other_ttl(finish)) {
        blank(options);
    }
    if (part_not_done(finish)) {
        blank(options);
    }
    if (part_untested(finish)) {
        blank(options);
    }
}

void terminal_end(const struct terminal_options *options, const struct run_facts *facts,
                  const struct trials *trials, const struct judgement *judgement,
                  const char *results_path, const struct told_story *told)
{
    size_t count = trials->count;
    const struct finish finish = {.options = options,
                                  .scenario = trials->scenario,
                                  .facts = facts,
                                  .trials = trials,
                                  .judgement = judgement,
                                  .results_path = results_path,
                                  .told = told};
    assert(options->state && options->out);
    if (options->format != FORMAT_TEXT) {
        return;
    }
    terminal_erase(options);
    if (options->quiet || options->brief) {
        (options->brief ? end_briefly : end_quietly)(&finish);
        fflush(options->out);
        return;
    }
    if (count == 0) {
        style_paragraph(options, STYLE_WARN, "  ", STYLE_PLAIN, "No trial was finished.", 0);
    } else {
        tell_trials(&finish);
    }
    if (judgement->unmet.count > 0) {
        part_failures(&finish);
        blank(options);
    }
    if (judgement->open.count > 0) {
        part_open(&finish);
        blank(options);
    }
    tell_verdict(&finish);
    if (judgement->held) {
        part_broken(&finish);
        tell_bounds(&finish);
        tell_allowed(&finish);
    }
    tell_files(&finish);
    tell_page(&finish);
    tell_by_hand(&finish);
    suggest(&finish);
    if (options->more) {
        blank(options);
    }
    fflush(options->out);
}

/* Adds ", 2 failed", unless there is none. */
static void add_count(struct line *line, bool *first, enum style style, uint32_t count,
                      const char *what)
{
    if (count > 0) {
        line_format(line, STYLE_PLAIN, "%s", *first ? "" : ", ");
        line_format(line, style, "%" PRIu32 " %s", count, what);
        *first = false;
    }
}

void terminal_total(const struct terminal_options *options, const struct total *total)
{
    bool first = true;
    uint32_t begun = total->ok + total->failed + total->undecided + total->stopped;
    if (options->format != FORMAT_TEXT || total->scenarios < 2 || begun == 0) {
        return;
    }
    struct line line = line_new(options, 0);
    line_format(&line, STYLE_STRONG, "%" PRIu32 " scenarios: ", total->scenarios);
    add_count(&line, &first, STYLE_GOOD, total->ok, "ok");
    add_count(&line, &first, STYLE_BAD, total->failed, "failed");
    add_count(&line, &first, STYLE_WARN, total->undecided, "undecided");
    add_count(&line, &first, STYLE_WARN, total->stopped, "stopped");
    add_count(&line, &first, STYLE_WARN, total->scenarios - begun, "not begun");
    line_end(&line);
    fflush(options->out);
}
