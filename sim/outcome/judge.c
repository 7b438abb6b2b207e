/* Whether the expectations of a scenario held over all its trials.
 *
 * Checks and verdicts are expected with a frequency over the trials:
 *
 *     never       no trial has it; the first one that does is named
 *     always      every trial has it; the first one that does not is named
 *     sometimes   at least one trial has it: proof that the situation did occur
 *     allowed     whatever
 *
 * Of a trial it may not be known whether it has it (its check ended undecided, or the trial as a
 * whole did):
 *
 *     never       a trial that has it fails it; else, one of which it is not known leaves it open
 *     always      a trial that has it not fails it; else likewise
 *     sometimes   a trial that has it is enough; else likewise
 *
 * A check that could not fire in a trial, or does not apply to it, was certainly not broken there.
 * That fulfils "never" (the end of the run says that it was not put to the test), and fails
 * "always": whoever expects a situation in every trial has a trial in which it cannot come about,
 * and must be told why.
 *
 * Leaders are expected of each trial; bounds on times of all elections of all trials together, see
 * bounds.h. */
#include "sim/outcome/judge.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/outcome/bounds.h"
#include "sim/outcome/totals.h"

struct jury {
    const struct scenario *scenario;
    const struct outcome *outcomes;
    size_t count;
    struct judgement *judgement;
};

uint32_t unmet_kept(const struct unmet_list *list)
{
    return list->count < UNMET_MAX ? list->count : UNMET_MAX;
}

const struct unmet *unmet_find(const struct unmet_list *list, struct expectation of)
{
    for (uint32_t i = 0; i < unmet_kept(list); i++) {
        if (list->list[i].of.kind == of.kind && list->list[i].of.which == of.which) {
            return &list->list[i];
        }
    }
    return NULL;
}

/* Says of an expectation that it was not met, or that it is open; `guilty` is a trial, or NULL for
 * all of them together. Returns it, or NULL: there is no room to keep it. */
__attribute__((format(printf, 5, 6))) static struct unmet *
note(const struct jury *jury, struct unmet_list *list, struct expectation of,
     const struct outcome *guilty, const char *format, ...)
{
    if (list->count++ >= UNMET_MAX) {
        return NULL;
    }
    struct unmet *entry = &list->list[list->count - 1];
    *entry = (struct unmet){.of = of,
                            .trial = guilty ? guilty->trial : 0,
                            .seed = guilty ? guilty->seed : jury->scenario->seed};
    va_list values;
    va_start(values, format);
    vsnprintf(entry->text, sizeof entry->text, format, values);
    va_end(values);
    return entry;
}

/* The trials by their answers. */
struct poll {
    const struct outcome *first[UNKNOWN + 1]; /* NULL: none */
    size_t count[UNKNOWN + 1];
};

static void note_answer(struct poll *poll, enum answer answer, const struct outcome *outcome)
{
    assert(answer <= UNKNOWN);
    if (poll->count[answer]++ == 0) {
        poll->first[answer] = outcome;
    }
}

static struct poll poll_trials(const struct jury *jury, struct sought sought)
{
    struct poll poll = {0};
    for (size_t i = 0; i < jury->count; i++) {
        note_answer(&poll, trial_has(&jury->outcomes[i], sought), &jury->outcomes[i]);
    }
    assert(poll.count[YES] + poll.count[NO] + poll.count[UNKNOWN] == jury->count);
    return poll;
}

/* What was found where nothing should have been: "node 1 was elected …", "election 2 (crash)". */
static void describe(const struct outcome *outcome, struct sought sought, char *out, size_t size)
{
    if (sought.of.kind == EXPECTED_CHECK) {
        const struct violation *violation = first_violation(outcome, sought.of.which);
        snprintf(out, size, "%s", violation ? violation->explanation : "");
        return;
    }
    struct election election;
    bool found = first_election(outcome, sought.of.which, &election);
    assert(found);
    snprintf(out, size, "election %" PRIu32 ", due at %s by cause %s, ended so", election.nth,
             text_seconds(election.due_ns).text, cause_names[election.cause]);
}

static void found_though_never(struct jury *jury, struct sought sought, const struct poll *poll)
{
    const struct outcome *guilty = poll->first[YES];
    assert(guilty);
    char found[sizeof((struct violation *)0)->explanation];
    describe(guilty, sought, found, sizeof found);
    note(jury, &jury->judgement->unmet, sought.of, guilty,
         "%s%s: expected never, but trial %" PRIu32 " has it (%s of %s): %s", sought.what,
         sought.name, guilty->trial, text_count(poll->count[YES]).text,
         text_count(jury->count).text, found);
}

static void lacking_though_always(struct jury *jury, struct sought sought, const struct poll *poll)
{
    const struct outcome *guilty = poll->first[NO];
    assert(guilty);
    const struct check_verdict *verdict = sought.of.kind == EXPECTED_CHECK
                                              ? &guilty->checks[sought.of.which]
                                              : &(struct check_verdict){0};
    bool held = verdict->ending == CHECK_HELD;
    note(jury, &jury->judgement->unmet, sought.of, guilty,
         "%s%s: expected always, but trial %" PRIu32 " lacks it (%s of %s have it)%s%s%s%s",
         sought.what, sought.name, guilty->trial, text_count(poll->count[YES]).text,
         text_count(jury->count).text, held ? "" : ": it ",
         held ? "" : check_ending_names[verdict->ending], verdict->why ? ", since " : "",
         verdict->why ? verdict->why : "");
}

/* No trial has settled it, and of some it is not known. */
static void leave_open(struct jury *jury, struct sought sought, const char *expected,
                       const struct poll *poll)
{
    const struct outcome *first = poll->first[UNKNOWN];
    assert(first);
    const char *why = first->undecided ? first->undecided
                                       : first->checks[sought.of.which].why; /* of a check then */
    note(jury, &jury->judgement->open, sought.of, first,
         "%s%s: expected %s, but it could not be decided in %s of %s trials; trial %" PRIu32 ": %s",
         sought.what, sought.name, expected, text_count(poll->count[UNKNOWN]).text,
         text_count(jury->count).text, first->trial, why ? why : "no reason is known");
}

static void expect_frequency(struct jury *jury, struct sought sought, uint8_t frequency)
{
    const struct poll poll = poll_trials(jury, sought);
    switch ((enum frequency)frequency) {
    case EXPECT_NEVER:
        if (poll.count[YES]) {
            found_though_never(jury, sought, &poll);
        } else if (poll.count[UNKNOWN]) {
            leave_open(jury, sought, "never", &poll);
        }
        break;
    case EXPECT_ALWAYS:
        if (poll.count[NO]) {
            lacking_though_always(jury, sought, &poll);
        } else if (poll.count[UNKNOWN]) {
            leave_open(jury, sought, "always", &poll);
        }
        break;
    case EXPECT_SOMETIMES:
        if (poll.count[YES]) {
            break;
        }
        if (poll.count[UNKNOWN]) {
            leave_open(jury, sought, "sometimes", &poll);
        } else {
            note(jury, &jury->judgement->unmet, sought.of, NULL,
                 "%s%s: expected sometimes, but none of %s trials has it", sought.what, sought.name,
                 text_count(jury->count).text);
        }
        break;
    case EXPECT_ALLOWED:
        break;
    }
}

static bool is_bounded(const struct percentile_bounds *bounds)
{
    for (int i = 0; i < BOUNDS; i++) {
        if (bounds->ns[i]) {
            return true;
        }
    }
    return false;
}

/* Moves what was said of all trials together to what is open. */
static void open_what_only_all_tell(struct judgement *judgement)
{
    struct unmet_list *unmet = &judgement->unmet;
    struct unmet_list *open = &judgement->open;
    uint32_t kept = 0;
    uint32_t count = unmet_kept(unmet);
    for (uint32_t i = 0; i < count; i++) {
        if (unmet->list[i].trial != 0) {
            unmet->list[kept++] = unmet->list[i];
        } else if (open->count++ < UNMET_MAX) {
            open->list[open->count - 1] = unmet->list[i];
        }
    }
    assert(kept <= count && count <= unmet->count);
    unmet->count -= count - kept;
}

/* Of the two lists. */
static void sum_up(struct judgement *judgement)
{
    judgement->undecided = judgement->unmet.count == 0 && judgement->open.count > 0;
    judgement->held = judgement->unmet.count == 0 && judgement->open.count == 0;
    assert(!judgement->undecided || !judgement->held);
}

void judge_by_some(const struct scenario *scenario, struct judgement *judgement)
{
    assert(!judgement->held || judgement->unmet.count == 0);
    open_what_only_all_tell(judgement);
    sum_up(judgement);
    bool bounded = is_bounded(&scenario->expect.elect) || is_bounded(&scenario->expect.settle);
    if (judgement->held && bounded) {
        judgement->held = false;
        judgement->undecided = true;
    }
}

void judge_cut_short(const struct scenario *scenario, struct judgement *judgement)
{
    judge_by_some(scenario, judgement);
    judgement->undecided = judgement->undecided || judgement->held;
    judgement->held = false;
}

static void expect_leaders(struct jury *jury)
{
    const struct expectations *expect = &jury->scenario->expect;
    const struct expectation leaders = {.kind = EXPECTED_LEADERS};
    struct poll poll = {0};
    for (size_t i = 0; i < jury->count; i++) {
        note_answer(&poll, trial_leaders_differ(jury->scenario, &jury->outcomes[i]),
                    &jury->outcomes[i]);
    }
    const struct outcome *guilty = poll.first[YES];
    const struct outcome *unknown = poll.first[UNKNOWN];
    char expected[160], had[160];
    leaders_text(expect->leaders, expect->leader_count, expected, sizeof expected);
    if (guilty) {
        leaders_text(guilty->leaders, guilty->leader_count, had, sizeof had);
        note(jury, &jury->judgement->unmet, leaders, guilty,
             "leaders: everybody was expected to follow %s, but in trial %" PRIu32
             " it was %s (%s of %s differ)",
             expected, guilty->trial, had, text_count(poll.count[YES]).text,
             text_count(jury->count).text);
    } else if (unknown) {
        note(jury, &jury->judgement->open, leaders, unknown,
             "leaders: everybody was expected to follow %s, but it could not be decided in "
             "%s of %s trials; trial %" PRIu32 ": %s",
             expected, text_count(poll.count[UNKNOWN]).text, text_count(jury->count).text,
             unknown->trial, unknown->undecided);
    }
}

static void expect_bounds(struct jury *jury, enum election_time time,
                          const struct percentile_bounds *bounds)
{
    for (enum bound rank = 0; rank < BOUNDS; rank++) {
        const struct expectation of = {time == TIME_ELECT ? EXPECTED_ELECT : EXPECTED_SETTLE, rank};
        struct bound_finding finding;
        int64_t bound_ns = bounds->ns[rank];
        if (bound_ns == 0) {
            continue;
        }
        bound_judge(jury->outcomes, jury->count, time, rank, bound_ns, &finding);
        if (finding.verdict == BOUND_MET) {
            continue;
        }
        bool broken = finding.verdict == BOUND_BROKEN;
        struct unmet *entry = note(jury, broken ? &jury->judgement->unmet : &jury->judgement->open,
                                   of, finding.guilty, "%s", finding.text);
        if (entry) {
            entry->trials_are_why = finding.trials_are_why;
        }
    }
}

static void expect_total(struct jury *jury, enum trial_total total)
{
    const struct expectations *expect = &jury->scenario->expect;
    const struct expectation of = {EXPECTED_TOTAL, total};
    struct poll poll = {0};
    for (size_t i = 0; i < jury->count; i++) {
        note_answer(&poll, trial_total_differs(expect, &jury->outcomes[i], total),
                    &jury->outcomes[i]);
    }
    const struct outcome *guilty = poll.first[YES];
    const struct outcome *unknown = poll.first[UNKNOWN];
    const struct short_text max = total_text(total, expect->totals[total].max);
    if (guilty) {
        note(jury, &jury->judgement->unmet, of, guilty,
             "%s: expected to be at most %s, but in trial %" PRIu32 " it was %s (%s of %s exceed "
             "it)",
             total_names[total], max.text, guilty->trial,
             total_text(total, total_of(guilty, total)).text, text_count(poll.count[YES]).text,
             text_count(jury->count).text);
    } else if (unknown) {
        note(jury, &jury->judgement->open, of, unknown,
             "%s: expected to be at most %s, but it could not be decided in %s of %s trials; "
             "trial %" PRIu32 ": %s",
             total_names[total], max.text, text_count(poll.count[UNKNOWN]).text,
             text_count(jury->count).text, unknown->trial, unknown->undecided);
    }
}

void judge(const struct scenario *scenario, const struct outcome *outcomes, size_t count,
           struct judgement *judgement)
{
    struct jury jury = {scenario, outcomes, count, judgement};
    *judgement = (struct judgement){.undecided = true};
    if (count == 0) {
        return;
    }
    assert(check_count() <= SCENARIO_CHECKS_MAX);
    for (size_t check = 0; check < check_count(); check++) {
        struct sought sought = {"", check_rows[check]->name, {EXPECTED_CHECK, check}};
        expect_frequency(&jury, sought, scenario->expect.checks[check]);
    }
    for (size_t verdict = 0; verdict < VERDICTS; verdict++) {
        struct sought sought = {"verdict ", verdict_names[verdict], {EXPECTED_VERDICT, verdict}};
        expect_frequency(&jury, sought, scenario->expect.verdicts[verdict]);
    }
    if (scenario->expect.has_leaders) {
        expect_leaders(&jury);
    }
    expect_bounds(&jury, TIME_ELECT, &scenario->expect.elect);
    expect_bounds(&jury, TIME_SETTLE, &scenario->expect.settle);
    for (enum trial_total total = 0; total < TOTALS; total++) {
        expect_total(&jury, total);
    }
    sum_up(judgement);
}
