/* Points: every expectation of a scenario as one thing that held or did not. */
#include "sim/outcome/points.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/outcome/times.h"
#include "sim/outcome/totals.h"
#include "sim/outcome/untested.h"
#include "src/protocol.h"

#define NAME_SIZE 48

/* --- the list --------------------------------------------------------------------------------- */

struct maker {
    const struct trials *trials;
    const struct judgement *judgement;
    struct points *points;
};

/* An unmet expectation makes it fail, else an open one makes it undecided. */
static void bear(struct maker *maker, struct point *point, struct expectation of)
{
    const struct judgement *judgement = maker->judgement;
    point->unmet = unmet_find(&judgement->unmet, of);
    if (!point->unmet) {
        point->unmet = unmet_find(&judgement->open, of);
        point->undecided = point->unmet != NULL;
    }
    point->failure = point->unmet ? point->unmet->text : NULL;
}

static struct point *add_point(struct maker *maker, const char *name)
{
    assert(maker->points->count < POINTS_MAX);
    struct point *point = &maker->points->list[maker->points->count++];
    *point = (struct point){0};
    snprintf(point->name, sizeof point->name, "%s", name);
    return point;
}

static struct point *add(struct maker *maker, const char *name, enum expected kind, size_t which)
{
    struct point *point = add_point(maker, name);
    bear(maker, point, (struct expectation){kind, which});
    return point;
}

/* "1 of 3 trials", and `what` of it. */
static void see_poll(const struct maker *maker, struct point *point, const struct poll *poll,
                     const char *what)
{
    if (maker->trials) {
        size_t of = maker->trials->count;
        snprintf(point->seen, sizeof point->seen, "%s of %s trial%s%s",
                 text_count(poll->count[YES]).text, text_count(of).text, of == 1 ? "" : "s", what);
    }
}

static void see_time(struct point *point, int64_t ns)
{
    snprintf(point->seen, sizeof point->seen, "%s",
             ns == NEVER_NS     ? ""
             : ns == FOREVER_NS ? "never"
                                : text_ms(ns).text);
}

/* It did not fail, but it could not have: nobody may take it for held. `why` NULL: it could. */
static void skip_untested(struct point *point, const char *why)
{
    if (!point->failure && why) {
        point->skipped = why;
        point->seen[0] = '\0';
    }
}

static void add_checks(struct maker *maker, const struct expectations *expect)
{
    for (size_t i = 0; i < check_count() && i < SCENARIO_CHECKS_MAX; i++) {
        if (expect->checks[i] != EXPECT_ALLOWED) {
            struct point *point = add(maker, check_rows[i]->name, EXPECTED_CHECK, i);
            snprintf(point->expected, sizeof point->expected, "%s",
                     frequency_names[expect->checks[i]]);
            if (maker->trials) {
                see_poll(maker, point, &maker->trials->checks[i].broken, "");
            }
            skip_untested(point, maker->trials ? untested_why(maker->trials, i) : NULL);
        }
    }
}

static void add_leaders(struct maker *maker, const struct expectations *expect)
{
    if (!expect->has_leaders) {
        return;
    }
    struct point *point = add(maker, "leaders", EXPECTED_LEADERS, 0);
    leaders_text(expect->leaders, expect->leader_count, point->expected, sizeof point->expected);
    if (maker->trials && maker->trials->leaders_differ.count[YES] > 0) {
        see_poll(maker, point, &maker->trials->leaders_differ, " had others");
    }
}

/* Whether an election became due in some trial; so too if there is no trial yet. */
static bool any_election(const struct maker *maker)
{
    const struct trials *trials = maker->trials;
    return !trials || trials->count == 0 || trials->groups.causes[ALL_CAUSES].elections > 0;
}

static void add_verdicts(struct maker *maker, const struct expectations *expect)
{
    for (size_t i = 0; i < VERDICTS; i++) {
        if (expect->verdicts[i] != EXPECT_ALLOWED) {
            char name[NAME_SIZE];
            snprintf(name, sizeof name, "verdict %s", verdict_names[i]);
            struct point *point = add(maker, name, EXPECTED_VERDICT, i);
            snprintf(point->expected, sizeof point->expected, "%s",
                     frequency_names[expect->verdicts[i]]);
            if (maker->trials) {
                see_poll(maker, point, &maker->trials->verdicts[i].had, "");
            }
            skip_untested(point, any_election(maker) ? NULL : "no election became due");
        }
    }
}

static void add_bounds(struct maker *maker, enum election_time of,
                       const struct percentile_bounds *bounds)
{
    enum expected kind = of == TIME_ELECT ? EXPECTED_ELECT : EXPECTED_SETTLE;
    for (size_t i = 0; i < BOUNDS; i++) {
        if (bounds->ns[i] > 0) {
            char time[NAME_SIZE], name[NAME_SIZE];
            snprintf(name, sizeof name, "%s %s", election_time_names[of], bound_names[i]);
            struct point *point = add(maker, name, kind, i);
            snprintf(point->expected, sizeof point->expected, "at most %s",
                     duration_text(bounds->ns[i], time, sizeof time));
            if (maker->trials) {
                see_time(point, maker->trials->bounds[of].seen_ns[i]);
            }
        }
    }
}

/* Why no trial could exceed a bound on it; NULL: some could. */
static const char *total_untested(const struct maker *maker, enum trial_total total)
{
    int check = check_find("two_leaders");
    assert(check >= 0 && total < TOTALS);
    return maker->trials && total == TOTAL_TWO_LEADERS ? untested_why(maker->trials, (size_t)check)
                                                       : NULL;
}

static void add_totals(struct maker *maker, const struct expectations *expect)
{
    for (enum trial_total total = 0; total < TOTALS; total++) {
        const struct total_bound *bound = &expect->totals[total];
        if (bound->is) {
            char time[NAME_SIZE], name[NAME_SIZE];
            snprintf(name, sizeof name, "%s max", total_names[total]);
            struct point *point = add(maker, name, EXPECTED_TOTAL, total);
            snprintf(point->expected, sizeof point->expected, "at most %s",
                     total == TOTAL_REQUESTS ? total_text(total, bound->max).text
                                             : duration_text(bound->max, time, sizeof time));
            if (maker->trials) {
                snprintf(point->seen, sizeof point->seen, "%s%s",
                         total_text(total, maker->trials->totals[total].largest).text,
                         maker->trials->count > 1 ? " in the worst trial" : "");
            }
            skip_untested(point, total_untested(maker, total));
        }
    }
}

/* Settling after the healing is judged by two checks; a scenario that expects one of them to be
 * violated does not fail here. Where no_leader may be broken, nobody says that it settled; where
 * nobody is elected, there is nothing to settle. */
static void add_settling(struct maker *maker, const struct scenario *scenario)
{
    if (!scenario->heal || !protocol_has_leaders(&scenario->settings)) {
        return;
    }
    char time[NAME_SIZE];
    struct point *point = add_point(maker, "settles_within");
    snprintf(point->expected, sizeof point->expected, "%s",
             duration_text(scenario->expect.settles_within_ns, time, sizeof time));
    static const char *const checks[] = {"no_leader", "disagreement"};
    for (size_t i = 0; i < sizeof checks / sizeof *checks && !point->failure; i++) {
        int check = check_find(checks[i]);
        if (check >= 0 && scenario->expect.checks[check] == EXPECT_NEVER) {
            bear(maker, point, (struct expectation){EXPECTED_CHECK, (size_t)check});
        } else if (i == 0) {
            skip_untested(point, "the scenario expects or allows that no_leader is broken");
        }
    }
    point->skipped = point->failure ? NULL : point->skipped;
}

static void add_failure(struct maker *maker, const char *name, const char *failure, bool undecided)
{
    struct point *point = add_point(maker, name);
    point->failure = failure;
    point->undecided = undecided;
}

/* What judge() had no room to keep, and what it could not decide. */
static void add_rest(struct maker *maker)
{
    const struct judgement *judgement = maker->judgement;
    const struct unmet_list *open = &judgement->open;
    if (judgement->unmet.count > UNMET_MAX) {
        add_failure(maker, "further", "More expectations did not hold than are listed.", false);
    }
    if (open->count > UNMET_MAX || (judgement->undecided && open->count == 0)) {
        add_failure(maker, "decided", "It could not be decided whether every expectation held.",
                    true);
    }
}

void points_count(struct points *points)
{
    points->failed = points->undecided = points->errors = points->skipped = 0;
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->list[i];
        points->failed += point->failure != NULL;
        points->undecided += point->undecided;
        points->errors += point->error;
        points->skipped += point->skipped != NULL;
    }
}

void points_make(const struct scenario *scenario, const struct trials *trials,
                 const struct judgement *judgement, struct points *points)
{
    struct maker maker = {.trials = trials, .judgement = judgement, .points = points};
    points->count = 0;
    add_checks(&maker, &scenario->expect);
    add_leaders(&maker, &scenario->expect);
    add_verdicts(&maker, &scenario->expect);
    add_bounds(&maker, TIME_ELECT, &scenario->expect.elect);
    add_bounds(&maker, TIME_SETTLE, &scenario->expect.settle);
    add_totals(&maker, &scenario->expect);
    add_settling(&maker, scenario);
    add_rest(&maker);
    points_count(points);
}
