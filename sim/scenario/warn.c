/* Warnings: what of a good scenario cannot be put to the test, as far as the file tells. Which
 * check needs what is told by the checks' own rows.
 *
 * A warning stands where the file asks for something in vain. A default that does not fit the run
 * is none: lint lists it with the defaults.
 */
#include <string.h>
#include <unistd.h>

#include "sim/checks/check.h"
#include "sim/scenario/lesson.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/report.h"
#include "sim/scenario/walk.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/units.h"

struct warner {
    const struct walk *walk;
    const struct scenario *scenario;
    const struct node *expect; /* NULL: there is none */
    int64_t longest_ns;        /* that a trial may last */
    struct history_facts facts;
    struct scenario_report *warnings;
};

int64_t longest_trial_ns(const struct scenario *scenario)
{
    return scenario->duration_ns + (scenario->heal ? scenario->expect.settles_within_ns : 0);
}

/* --- checks ----------------------------------------------------------------------------------- */

/* The key in a map, for its place; NULL: the file does not say it. */
static const struct node *key_in(const struct node *map, const char *name)
{
    const struct node *key = tree_next_key(map, NULL);
    while (key && strcmp(key->text, name) != 0) {
        key = tree_next_key(map, key);
    }
    return key;
}

/* Of a check that does not apply, though the file names it or its bound: what is expected of it
 * says nothing, or cannot be. */
static void warn_not_applied(const struct warner *warner, size_t check, const struct node *key,
                             const char *why)
{
    bool never = warner->scenario->expect.checks[check] == EXPECT_NEVER;
    problem_add(warner->warnings, key->line, key->column, NULL,
                never ? "leave it out, or change what keeps it from being broken"
                      : "leave it out, so that it is expected never",
                "%s cannot be broken in this scenario, since %s", check_rows[check]->name, why);
}

/* Whether a check before this one was warned of at the same bound. */
static bool is_told(const struct warner *warner, size_t check)
{
    const char *bound = check_rows[check]->bound;
    for (size_t other = 0; other < check; other++) {
        int64_t needs_ns = check_longer_than_ns(other, &warner->facts);
        if (needs_ns >= warner->longest_ns && strcmp(check_rows[other]->bound, bound) == 0) {
            return true;
        }
    }
    return false;
}

/* The names of all checks that this bound keeps from being broken. */
static void say_all_of(const struct warner *warner, size_t check, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s", check_rows[check]->name);
    for (size_t other = check + 1; other < check_count() && used < size; other++) {
        int64_t needs_ns = check_longer_than_ns(other, &warner->facts);
        if (needs_ns >= warner->longest_ns &&
            strcmp(check_rows[other]->bound, check_rows[check]->bound) == 0) {
            used += (size_t)snprintf(out + used, size - used, " and %s", check_rows[other]->name);
        }
    }
}

/* The trials are too short for a bound. The warning stands at the bound, or else at what turned off
 * the healing, which gives time to settle, or else where the check is named; a file that says none
 * of these is not warned. */
static void warn_too_short(const struct warner *warner, size_t check, const struct node *named)
{
    const char *bound = check_rows[check]->bound;
    const struct node *at = key_in(warner->expect, bound);
    char names[120], hint[120], longest[32], needs[32];
    if (!at && strcmp(bound, "settles_within") == 0) {
        at = key_in(warner->walk->tree->root, "heal");
    }
    at = at ? at : named;
    if (!at || is_told(warner, check)) {
        return;
    }
    say_all_of(warner, check, names, sizeof names);
    duration_text(warner->longest_ns, longest, sizeof longest);
    duration_text(check_longer_than_ns(check, &warner->facts), needs, sizeof needs);
    snprintf(hint, sizeof hint, "write a %s below %s, or let the run last longer", bound, longest);
    problem_add(warner->warnings, at->line, at->column, NULL, hint,
                "%s cannot be broken: a trial lasts %s at most, and %s is %s", names, longest,
                bound, needs);
}

static void warn_check(const struct warner *warner, size_t check)
{
    const struct node *key = key_in(tree_get(warner->expect, "checks"), check_rows[check]->name);
    bool named = key && warner->scenario->expect.checks[check] != EXPECT_ALLOWED;
    const char *why = NULL;
    if (!check_applies(check, &warner->facts, &why)) {
        const char *bound = check_rows[check]->bound;
        const struct node *at = named ? key : bound ? key_in(warner->expect, bound) : NULL;
        if (at) {
            warn_not_applied(warner, check, at, why);
        }
    } else if (check_longer_than_ns(check, &warner->facts) >= warner->longest_ns) {
        warn_too_short(warner, check, named ? key : NULL);
    }
}

/* --- the rest --------------------------------------------------------------------------------- */

/* Nobody is left, and no check but no_leader can see that as a broken promise. */
static void warn_of_death(const struct warner *warner)
{
    const struct node *at = warner->walk->last_death;
    bool sought = warner->scenario->expect.checks[check_find("no_leader")] != EXPECT_NEVER;
    if (at && !warner->scenario->heal && !sought) {
        char since[32];
        problem_add(warner->warnings, at->line, at->column, NULL,
                    "write heal: true, or let somebody restart",
                    "everybody is dead from %s on, and nobody comes back: no check but no_leader "
                    "can find anything after that",
                    duration_text(warner->walk->last_death_ns, since, sizeof since));
    }
}

/* What a bound in ms is to be less than, in its own unit. */
static void say_below(int64_t longest_ns, char *hint, size_t size)
{
    snprintf(hint, size, "write a number below %lld, in ms", (long long)(longest_ns / NS_PER_MS));
}

/* No election takes longer than the whole trial. */
static void warn_bounds(const struct warner *warner, const char *column)
{
    const struct node *bounds = tree_get(warner->expect, column);
    for (const struct node *key = tree_next_key(bounds, NULL); key;
         key = tree_next_key(bounds, key)) {
        char with_unit[40], longest[32], hint[80];
        int64_t bound_ns;
        snprintf(with_unit, sizeof with_unit, "%.30sms", key->next->text);
        if (!duration_parse(with_unit, &bound_ns) || bound_ns <= warner->longest_ns) {
            continue;
        }
        duration_text(warner->longest_ns, longest, sizeof longest);
        say_below(warner->longest_ns, hint, sizeof hint);
        problem_add(warner->warnings, key->line, key->column, NULL, hint,
                    "%s %s cannot be exceeded: a trial lasts %s at most", column, key->text,
                    longest);
    }
}

/* Nobody can have been leaderless for longer than the faults last, nor two leaders for longer than
 * the whole trial. */
static void warn_total(const struct warner *warner, enum trial_total total, int64_t longest_ns)
{
    const struct node *key = key_in(warner->expect, total_names[total]);
    const struct total_bound *bound = &warner->scenario->expect.totals[total];
    char longest[32], hint[80];
    if (!key || !bound->is || bound->max < longest_ns) {
        return;
    }
    duration_text(longest_ns, longest, sizeof longest);
    say_below(longest_ns, hint, sizeof hint);
    problem_add(warner->warnings, key->line, key->column, NULL, hint,
                "%s cannot be exceeded: the time that it counts is %s at most, in all",
                total_names[total], longest);
}

/* The protocols ask the first server alone: the others are there for a lock. */
static void warn_of_idle_servers(const struct warner *warner)
{
    const struct node *redis = tree_get(warner->walk->tree->root, "redis");
    const struct settings *settings = &warner->scenario->settings;
    const struct node *at = key_in(redis, "topology");
    if (at && settings->servers > 1 && !lock_is_in_store(settings)) {
        problem_add(warner->warnings, at->line, at->column, NULL, "choose a lock that uses them",
                    "all requests go to redis 1, since there is no lock with lock: %s",
                    owner_row_name(OWNER_LOCK, settings->row[OWNER_LOCK]));
    }
}

/* A run does without the cure's file; who is led through the lesson does not. */
static void warn_of_cure(const struct warner *warner)
{
    const struct scenario *scenario = warner->scenario;
    const struct node *cure = tree_get(warner->walk->tree->root, "cure");
    const struct node *file = tree_get(cure, "file");
    char path[4096];
    if (scenario->lesson && scenario->lesson->cure_file &&
        (!lesson_cure_path(scenario, path, sizeof path) || access(path, R_OK) != 0)) {
        problem_add(warner->warnings, file->line, file->column, NULL,
                    "its place is counted from this file's folder", "the cure %.80s is not there",
                    scenario->lesson->cure_file);
    }
}

void warnings_find(const struct walk *walk, struct scenario_report *warnings)
{
    const struct scenario *scenario = walk->scenario;
    const struct warner warner = {
        .walk = walk,
        .scenario = scenario,
        .expect = tree_get(walk->tree->root, "expect"),
        .longest_ns = longest_trial_ns(scenario),
        .facts = {.settings = scenario->settings,
                  .settles_within_ns = scenario->expect.settles_within_ns,
                  .lock_within_ns = scenario->expect.lock_within_ns,
                  .heals = scenario->heal,
                  .programs = scenario->programs != NULL},
        .warnings = warnings,
    };
    for (size_t check = 0; check < check_count(); check++) {
        warn_check(&warner, check);
    }
    warn_of_death(&warner);
    warn_of_idle_servers(&warner);
    warn_of_cure(&warner);
    warn_bounds(&warner, "elect_ms");
    warn_bounds(&warner, "settle_ms");
    warn_total(&warner, TOTAL_LEADERLESS, scenario->duration_ns);
    warn_total(&warner, TOTAL_TWO_LEADERS, warner.longest_ns);
    problems_sort(warnings);
}
