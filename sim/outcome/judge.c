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
    const struct trials *trials;
    struct judgement *judgement;
};

/* What is expected with a frequency, and what the trials say of it. */
struct sought {
    const char *what, *name; /* for sentences: "verdict ", "dead" */
    struct expectation of;   /* EXPECTED_CHECK or EXPECTED_VERDICT */
    const struct poll *poll;
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

/* Says of an expectation that it was not met, or that it is open; `guilty.trial` 0: all trials
 * together. Returns it, or NULL: there is no room to keep it. */
__attribute__((format(printf, 4, 5))) static struct unmet *
note(struct unmet_list *list, struct expectation of, struct guilty guilty, const char *format, ...)
{
    if (list->count++ >= UNMET_MAX) {
        return NULL;
    }
    struct unmet *entry = &list->list[list->count - 1];
    *entry = (struct unmet){.of = of, .trial = guilty.trial, .seed = guilty.seed};
    va_list values;
    va_start(values, format);
    vsnprintf(entry->text, sizeof entry->text, format, values);
    va_end(values);
    return entry;
}

static struct guilty all_together(const struct jury *jury)
{
    return (struct guilty){.seed = jury->trials->scenario->seed};
}

/* What was found where nothing should have been: "node 1 was elected …", "election 2 (crash)". */
static void describe(const struct jury *jury, struct expectation of, char *out, size_t size)
{
    if (of.kind == EXPECTED_CHECK) {
        snprintf(out, size, "%s", jury->trials->checks[of.which].violation.explanation);
        return;
    }
    const struct election *election = &jury->trials->verdicts[of.which].election;
    assert(election->verdict == of.which && election->cause < CAUSES);
    snprintf(out, size, "election %" PRIu32 ", due at %s by cause %s, ended so", election->nth,
             text_seconds(election->due_ns).text, cause_names[election->cause]);
}

static void found_though_never(struct jury *jury, const struct sought *sought)
{
    const struct poll *poll = sought->poll;
    struct guilty guilty = poll->first[YES].trial;
    assert(poll->count[YES] > 0);
    char found[sizeof((struct violation *)0)->explanation];
    describe(jury, sought->of, found, sizeof found);
    note(&jury->judgement->unmet, sought->of, guilty,
         "%s%s: expected never, but trial %" PRIu32 " has it (%s of %s): %s", sought->what,
         sought->name, guilty.trial, text_count(poll->count[YES]).text,
         text_count(jury->trials->count).text, found);
}

static void lacking_though_always(struct jury *jury, const struct sought *sought)
{
    const struct poll *poll = sought->poll;
    const struct check_verdict *verdict = &poll->first[NO].check;
    struct guilty guilty = poll->first[NO].trial;
    assert(poll->count[NO] > 0);
    bool held = verdict->ending == CHECK_HELD;
    note(&jury->judgement->unmet, sought->of, guilty,
         "%s%s: expected always, but trial %" PRIu32 " lacks it (%s of %s have it)%s%s%s%s",
         sought->what, sought->name, guilty.trial, text_count(poll->count[YES]).text,
         text_count(jury->trials->count).text, held ? "" : ": it ",
         held ? "" : check_ending_names[verdict->ending], verdict->why ? ", since " : "",
         verdict->why ? verdict->why : "");
}

/* No trial has settled it, and of some it is not known. `expected`: "dead_leader: expected never".
 */
static void leave_open(struct jury *jury, struct expectation of, const struct poll *poll,
                       const char *expected)
{
    const struct witness *first = &poll->first[UNKNOWN];
    assert(poll->count[UNKNOWN] > 0);
    struct unmet *entry =
        note(&jury->judgement->open, of, first->trial,
             "%s, but it could not be decided in %s of %s trials; trial %" PRIu32 ": %s", expected,
             text_count(poll->count[UNKNOWN]).text, text_count(jury->trials->count).text,
             first->trial.trial, *first->why ? first->why : "no reason is known");
    if (entry) {
        entry->trials_are_why = first->undecided;
    }
}

static void lacking_in_all(struct jury *jury, const struct sought *sought)
{
    note(&jury->judgement->unmet, sought->of, all_together(jury),
         "%s%s: expected sometimes, but none of %s trials has it", sought->what, sought->name,
         text_count(jury->trials->count).text);
}

static void expect_frequency(struct jury *jury, const struct sought *sought, uint8_t frequency)
{
    const size_t *count = sought->poll->count;
    assert(count[YES] + count[NO] + count[UNKNOWN] == jury->trials->count);
    if (frequency == EXPECT_NEVER && count[YES] > 0) {
        found_though_never(jury, sought);
    } else if (frequency == EXPECT_ALWAYS && count[NO] > 0) {
        lacking_though_always(jury, sought);
    } else if (frequency == EXPECT_ALLOWED || (frequency == EXPECT_SOMETIMES && count[YES] > 0)) {
        return;
    } else if (count[UNKNOWN] > 0) {
        char expected[80];
        snprintf(expected, sizeof expected, "%s%s: expected %s", sought->what, sought->name,
                 frequency_names[frequency]);
        leave_open(jury, sought->of, sought->poll, expected);
    } else if (frequency == EXPECT_SOMETIMES) {
        lacking_in_all(jury, sought);
    }
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
    const struct expectations *expect = &jury->trials->scenario->expect;
    const struct expectation of = {.kind = EXPECTED_LEADERS};
    const struct poll *poll = &jury->trials->leaders_differ;
    char leaders[160], expected[240];
    leaders_text(expect->leaders, expect->leader_count, leaders, sizeof leaders);
    snprintf(expected, sizeof expected, "leaders: everybody was expected to follow %s", leaders);
    if (poll->count[YES] > 0) {
        struct guilty guilty = poll->first[YES].trial;
        note(&jury->judgement->unmet, of, guilty,
             "%s, but in trial %" PRIu32 " it was %s (%s of %s differ)", expected, guilty.trial,
             jury->trials->leaders, text_count(poll->count[YES]).text,
             text_count(jury->trials->count).text);
    } else if (poll->count[UNKNOWN] > 0) {
        leave_open(jury, of, poll, expected);
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
        bound_judge(&jury->trials->bounds[time], (struct bound_case){time, rank, bound_ns},
                    jury->trials->count, jury->trials->undecided, &finding);
        if (finding.verdict == BOUND_MET) {
            continue;
        }
        bool broken = finding.verdict == BOUND_BROKEN;
        struct guilty guilty = finding.guilty.trial > 0 ? finding.guilty : all_together(jury);
        struct unmet *entry = note(broken ? &jury->judgement->unmet : &jury->judgement->open, of,
                                   guilty, "%s", finding.text);
        if (entry) {
            entry->trials_are_why = finding.trials_are_why;
        }
    }
}

static void expect_total(struct jury *jury, enum trial_total total)
{
    const struct total_sum *sum = &jury->trials->totals[total];
    const struct expectation of = {EXPECTED_TOTAL, total};
    const struct poll *poll = &sum->exceeded;
    char expected[120];
    snprintf(expected, sizeof expected, "%s: expected to be at most %s in all", total_names[total],
             total_text(total, jury->trials->scenario->expect.totals[total].max).text);
    if (poll->count[YES] > 0) {
        struct guilty guilty = poll->first[YES].trial;
        note(&jury->judgement->unmet, of, guilty,
             "%s, but in trial %" PRIu32 " it was %s (%s of %s exceed it)", expected, guilty.trial,
             total_text(total, sum->value).text, text_count(poll->count[YES]).text,
             text_count(jury->trials->count).text);
    } else if (poll->count[UNKNOWN] > 0) {
        leave_open(jury, of, poll, expected);
    }
}

void judge(const struct trials *trials, struct judgement *judgement)
{
    struct jury jury = {trials, judgement};
    const struct expectations *expect = &trials->scenario->expect;
    assert(trials->ended && check_count() <= SCENARIO_CHECKS_MAX);
    *judgement = (struct judgement){.undecided = true};
    if (trials->count == 0) {
        return;
    }
    for (size_t check = 0; check < check_count(); check++) {
        const struct sought sought = {
            "", check_rows[check]->name, {EXPECTED_CHECK, check}, &trials->checks[check].broken};
        expect_frequency(&jury, &sought, expect->checks[check]);
    }
    for (size_t verdict = 0; verdict < VERDICTS; verdict++) {
        const struct sought sought = {"verdict ",
                                      verdict_names[verdict],
                                      {EXPECTED_VERDICT, verdict},
                                      &trials->verdicts[verdict].had};
        expect_frequency(&jury, &sought, expect->verdicts[verdict]);
    }
    if (expect->has_leaders) {
        expect_leaders(&jury);
    }
    expect_bounds(&jury, TIME_ELECT, &expect->elect);
    expect_bounds(&jury, TIME_SETTLE, &expect->settle);
    for (enum trial_total total = 0; total < TOTALS; total++) {
        expect_total(&jury, total);
    }
    sum_up(judgement);
}
