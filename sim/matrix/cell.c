/* Cells: trials folded into what is told of them. See cell.h. */
#include "sim/matrix/cell.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/outcome/untested.h"
#include "src/lock/lock.h"
#include "src/protocol.h"

const char *const cell_kind_names[CELL_KINDS] = {[CELL_HOLDS] = "holds",
                                                 [CELL_BREAKS] = "breaks",
                                                 [CELL_BLOCKS] = "blocks",
                                                 [CELL_UNDECIDED] = "undecided",
                                                 [CELL_NOT_APPLICABLE] = "does not apply"};

/* The gravest first: what reached the resource, what they believed, what they waited for. */
static const struct check_row *const by_gravity[] = {
    &check_stale_write,  &check_two_leaders,  &check_two_lock_holders, &check_foreign_release,
    &check_stale_result, &check_wrong_winner, &check_dead_leader,      &check_idle_leader,
    &check_disagreement, &check_no_leader,    &check_starvation,       NULL};

static bool only_blocks(const struct check_row *row)
{
    return row == &check_no_leader || row == &check_starvation;
}

/* How grave a check is: the lower, the graver. One that is not listed comes after all of them. */
static size_t gravity(size_t check)
{
    size_t i = 0;
    assert(check < check_count());
    while (by_gravity[i] && by_gravity[i] != check_rows[check]) {
        i++;
    }
    return i;
}

/* What breaks a promise is told before what only blocks, however grave. */
static bool is_graver(size_t check, size_t other)
{
    bool blocks = only_blocks(check_rows[check]);
    assert(check < check_count() && other < check_count());
    return blocks == only_blocks(check_rows[other]) ? gravity(check) < gravity(other) : !blocks;
}

void cell_begin(struct cell *cell, const struct scenario *scenario)
{
    *cell = (struct cell){.check = -1};
    cell->works = scenario->settings.work_every_ns > 0;
    cell->leads = protocol_all_moments(&scenario->settings) & 1u << MOMENT_LEADS;
}

void cell_not_applicable(struct cell *cell, const char *why)
{
    *cell = (struct cell){.kind = CELL_NOT_APPLICABLE, .check = -1};
    snprintf(cell->why, sizeof cell->why, "%s", why);
}

/* --- a trial ---------------------------------------------------------------------------------- */

int64_t cell_overlap_ns(const struct scenario *scenario, const struct outcome *outcome)
{
    (void)scenario;
    int64_t leaders = outcome->two_leaders_ns, holders = outcome->two_lock_holders_ns;
    return leaders > holders ? leaders : holders;
}

static void take_price(struct cell_price *price, int64_t ns)
{
    assert(ns >= 0);
    price->sum_ns += ns;
    price->most_ns = ns > price->most_ns ? ns : price->most_ns;
}

/* The gravest check that was broken, unless the story allows that; -1: none. All of them as bits.
 */
static int worst_broken(const struct scenario *scenario, const struct outcome *outcome,
                        uint32_t *broken)
{
    int worst = -1;
    *broken = 0;
    for (size_t i = 0; i < check_count(); i++) {
        if (outcome->checks[i].ending == CHECK_BROKEN &&
            scenario->expect.checks[i] != EXPECT_ALLOWED) {
            *broken |= 1u << i;
            worst = worst < 0 || gravity(i) < gravity((size_t)worst) ? (int)i : worst;
        }
    }
    return worst;
}

static const char *first_explanation(const struct outcome *outcome, int check)
{
    for (size_t i = 0; i < outcome->violations.count; i++) {
        if (outcome->violations.list[i].check == check) {
            return outcome->violations.list[i].explanation;
        }
    }
    return "";
}

/* A story that names no check is about those that say who may be where at once: one of them must
 * have been able to find something. */
#define GRAVE 4

static bool is_about(uint32_t asked, size_t check)
{
    return asked ? asked & 1u << check : gravity(check) < GRAVE;
}

static void say_ending(size_t check, const struct check_verdict *verdict, char *why, size_t size)
{
    static const char *const words[CHECK_ENDINGS] = {[CHECK_UNDECIDED] = "is undecided",
                                                     [CHECK_COULD_NOT_FIRE] = "could not fire",
                                                     [CHECK_DOES_NOT_APPLY] = "does not apply"};
    assert(words[verdict->ending] && "what held or broke is told elsewhere");
    snprintf(why, size, "%s %s: %s", check_rows[check]->name, words[verdict->ending],
             verdict->why ? verdict->why : "");
}

/* Whether the trial tested what the story is about: held, could not, or cannot be known. */
static enum cell_trial asked_of(uint32_t asked, const struct outcome *outcome, char *why,
                                size_t size)
{
    enum cell_trial went = TRIAL_NOT_TESTED;
    snprintf(why, size, "no check applies");
    for (size_t i = 0; i < check_count(); i++) {
        const struct check_verdict *verdict = &outcome->checks[i];
        if (!is_about(asked, i) || verdict->ending == CHECK_BROKEN) {
            continue; /* what is broken is allowed: else it would have been counted */
        }
        if (verdict->ending == CHECK_HELD) {
            went = TRIAL_HOLDS;
            continue;
        }
        bool fatal = verdict->ending == CHECK_UNDECIDED ||
                     (verdict->ending == CHECK_COULD_NOT_FIRE && asked);
        if (fatal || went == TRIAL_NOT_TESTED) {
            say_ending(i, verdict, why, size);
        }
        if (fatal) {
            return verdict->ending == CHECK_UNDECIDED ? TRIAL_NOT_KNOWN : TRIAL_NOT_TESTED;
        }
    }
    return went;
}

/* A story goes by how long the lock lasts: so do its pauses, its cuts and its end. If the program's
 * lock lasts for another time (by more than a tenth), what it tells of may not have happened. */
static bool is_other_lock(const struct scenario *scenario, const struct outcome *outcome, char *why,
                          size_t size)
{
    char asked[40], said[40];
    int64_t asked_ns = outcome->asked_ttl_ns;
    int64_t said_ns = lock_param(&scenario->settings, LOCK_TTL);
    assert(asked_ns >= 0 && said_ns >= 0);
    if (asked_ns == 0 || llabs(asked_ns - said_ns) <= said_ns / 10) {
        return false;
    }
    duration_text(asked_ns, asked, sizeof asked);
    snprintf(why, size,
             "the program asks for a lock of %s, and the story is of one of %s; in a file of the "
             "combination, lock: {token: {ttl: %s}} makes it a story of the program's lock",
             asked, duration_text(said_ns, said, sizeof said), asked);
    return true;
}

static enum cell_trial went_without_break(const struct scenario *scenario, uint32_t asked,
                                          const struct outcome *outcome, char *why, size_t size)
{
    if (outcome->undecided) {
        snprintf(why, size, "%s", outcome->undecided);
        return TRIAL_NOT_KNOWN;
    }
    if (outcome->not_done_count > 0) {
        const struct not_done *not_done = &outcome->not_done[0];
        assert(not_done->fault < scenario->fault_count);
        snprintf(why, size, "%s was not done: %s", scenario->faults[not_done->fault].text,
                 not_done->why);
        return TRIAL_NOT_TESTED;
    }
    if (outcome->unfinished > 0) {
        snprintf(why, size, "a pause was not over when the trial ended, so nobody woke up from it");
        return TRIAL_NOT_TESTED;
    }
    enum cell_trial went = asked_of(asked, outcome, why, size);
    if (went == TRIAL_HOLDS && is_other_lock(scenario, outcome, why, size)) {
        return TRIAL_NOT_TESTED;
    }
    if (went == TRIAL_HOLDS) {
        why[0] = '\0';
    }
    int watches = check_find("idle_leader");
    assert(watches >= 0);
    if (went == TRIAL_HOLDS &&
        untested_idle(&outcome->idle, &outcome->checks[watches], why, size)) {
        return TRIAL_NOT_TESTED;
    }
    return went;
}

/* What is told of the cell is told of the first trial of its gravest kind. */
static void tell(struct cell *cell, enum cell_trial went, uint32_t trial, const char *why)
{
    static const int weight[] = {[TRIAL_HOLDS] = 0,
                                 [TRIAL_NOT_TESTED] = 1,
                                 [TRIAL_NOT_KNOWN] = 2,
                                 [TRIAL_BLOCKS] = 3,
                                 [TRIAL_BREAKS] = 4};
    int told = cell->broke ? 4 : cell->blocked ? 3 : cell->unknown ? 2 : cell->untested ? 1 : 0;
    if (weight[went] > told) {
        cell->first = trial;
        snprintf(cell->why, sizeof cell->why, "%s", why);
    }
}

static enum cell_trial count_broken(struct cell *cell, const struct outcome *outcome, int worst,
                                    uint32_t broken)
{
    enum cell_trial went = only_blocks(check_rows[worst]) ? TRIAL_BLOCKS : TRIAL_BREAKS;
    tell(cell, went, outcome->trial, first_explanation(outcome, worst));
    cell->broke += went == TRIAL_BREAKS;
    cell->blocked += went == TRIAL_BLOCKS;
    cell->broken |= broken;
    if (cell->check < 0 || is_graver((size_t)worst, (size_t)cell->check)) {
        cell->check = worst;
    }
    return went;
}

enum cell_trial cell_take(struct cell *cell, const struct scenario *scenario, uint32_t asked,
                          const struct outcome *outcome)
{
    char why[sizeof cell->why] = "";
    uint32_t broken;
    int worst = worst_broken(scenario, outcome, &broken);
    bool hurt = scenario->fault_count == 0 || outcome->not_done_count < scenario->fault_count;
    cell->trials++;
    cell->unfenced += outcome->work.stale;
    take_price(&cell->overlap, cell_overlap_ns(scenario, outcome));
    take_price(&cell->leaderless, outcome->leaderless_ns);
    if (worst >= 0 && hurt) {
        return count_broken(cell, outcome, worst, broken);
    }
    enum cell_trial went = went_without_break(scenario, asked, outcome, why, sizeof why);
    assert((worst < 0 || went != TRIAL_HOLDS) && "nothing was done, so nothing was tested");
    cell->broken |= broken;
    tell(cell, went, outcome->trial, why);
    cell->held += went == TRIAL_HOLDS;
    cell->unknown += went == TRIAL_NOT_KNOWN;
    cell->untested += went == TRIAL_NOT_TESTED;
    return went;
}

/* --- all of them ------------------------------------------------------------------------------ */

void cell_end(struct cell *cell)
{
    assert(cell->trials ==
           cell->held + cell->broke + cell->blocked + cell->unknown + cell->untested);
    if (cell->broke > 0) {
        cell->kind = CELL_BREAKS;
    } else if (cell->blocked > 0) {
        cell->kind = CELL_BLOCKS;
    } else if (cell->held > 0 && cell->unknown == 0 && cell->broken == 0) {
        cell->kind = CELL_HOLDS;
    } else if (cell->trials > 0 && cell->untested == cell->trials) {
        cell->kind = CELL_NOT_APPLICABLE;
    } else {
        cell->kind = CELL_UNDECIDED;
    }
}

bool cell_partly(const struct cell *cell)
{
    return cell->kind == CELL_HOLDS && cell->untested > 0;
}

bool cell_ends(const struct cell *cell)
{
    int ended = check_find("program_ended");
    assert(ended >= 0);
    for (size_t i = 0; i < check_count(); i++) {
        if (cell->broken & 1u << i && i != (size_t)ended && !only_blocks(check_rows[i])) {
            return false;
        }
    }
    return cell->kind == CELL_BREAKS && cell->check == ended;
}

char *cell_words(const struct cell *cell, char *out, size_t size)
{
    uint32_t count = cell->kind == CELL_BREAKS      ? cell->broke
                     : cell->kind == CELL_BLOCKS    ? cell->blocked
                     : cell->kind == CELL_UNDECIDED ? cell->trials - cell->held
                                                    : cell->trials;
    const char *name = cell_kind_names[cell->kind];
    if (cell_partly(cell)) {
        snprintf(out, size, "%s in the %u of %u that tested it", name, (unsigned)cell->held,
                 (unsigned)cell->trials);
    } else if (count == cell->trials) {
        snprintf(out, size, "%s", name);
    } else {
        snprintf(out, size, "%s in %u of %u", name, (unsigned)count, (unsigned)cell->trials);
    }
    return out;
}
