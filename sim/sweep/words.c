/* What is recommended, in words. See words.h. */
#include "sim/sweep/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/text.h"

/* More points, or choices, than this are not told one by one. */
#define TOLD_MAX 40

/* --- advice ----------------------------------------------------------------------------------- */

/* What befalls, at a value: "a pause of 1.4s", "pauses.mean 10s". */
static void befalls_text(const struct advice *advice, const struct scenario *scenario,
                         const char *value, char *out, size_t size)
{
    const char *key = advice->points->plan->axes->list[advice->befalls].key;
    char *end;
    unsigned long nth = strncmp(key, "faults.", 7) == 0 ? strtoul(key + 7, &end, 10) : 0;
    if (nth >= 1 && nth <= scenario->fault_count && strcmp(end, ".for") == 0) {
        const char *name = fault_rows[scenario->faults[nth - 1].kind]->name;
        snprintf(out, size, "a %s of %s", name, value);
    } else {
        snprintf(out, size, "%s %s", key, value);
    }
}

/* "in 3 of 200 trials", "in one trial" where there is but one. */
static void put_share(FILE *file, uint64_t count, uint64_t of)
{
    fprintf(file, "in %s of %s trial%s", text_count(count).text, text_count(of).text,
            of == 1 ? "" : "s");
}

/* What is wrong where a choice is no longer safe: "the brain was split in 3 of 200 trials". */
static void put_reason(FILE *file, const struct choice *choice)
{
    if (choice->split > 0) {
        fputs("the brain was split ", file);
        put_share(file, choice->split, choice->of);
    } else if (choice->not_valid) {
        fputs("nothing was run: the values make no valid scenario (sweep.csv says why)", file);
    } else if (choice->undecided > 0) {
        fputs("it cannot be known ", file);
        put_share(file, choice->undecided, choice->of);
    } else {
        fputs("no trial could have shown a split brain: its faults were not done or not over, or "
              "nobody else led or wrote",
              file);
    }
}

/* "no split brain up to a pause of 1.4s, but at 2s the brain was split in 3 of 200 trials". */
static void put_bears(FILE *file, const struct advice *advice, const struct scenario *scenario,
                      const struct choice *choice)
{
    const struct axes *axes = advice->points->plan->axes;
    char text[200];
    if (advice->befalls == AXES_MAX) {
        if (choice->safe > 0) {
            fputs("no split brain", file);
        } else {
            put_reason(file, choice);
        }
        return;
    }
    const struct axis *axis = &axes->list[advice->befalls];
    if (choice->safe == 0) {
        befalls_text(advice, scenario, axis_value(axis, 0), text, sizeof text);
        fprintf(file, "at %s already, ", text);
        put_reason(file, choice);
        return;
    }
    befalls_text(advice, scenario, axis_value(axis, choice->safe - 1), text, sizeof text);
    fprintf(file, "no split brain up to %s", text);
    if (choice->safe == advice->values) {
        fputs(", the most that was tried", file);
    } else {
        fprintf(file, ", but at %s ", axis_value(axis, choice->safe));
        put_reason(file, choice);
    }
}

static void put_choice(FILE *file, const struct advice *advice, const struct scenario *scenario,
                       size_t at)
{
    const struct choice *choice = &advice->list[at];
    char name[200];
    advice_name(advice, at, name, sizeof name);
    fprintf(file, "%s%s", name, *name ? ": " : "");
    put_bears(file, advice, scenario, choice);
    if (choice->safe > 0) {
        fprintf(file, "; nobody led for %s at p99 of the trials, %.2g false takeovers a trial",
                text_ms(choice->leaderless_ns).text, choice->takeovers);
    }
    fputs(".\n", file);
}

static void put_not_found(FILE *file, const char *text)
{
    fprintf(file,
            "Not confirmed: with another seed %s%s%sit cannot be known of some trials, or none "
            "tested it. Look at more values, or at more trials a point.\n",
            *text ? "at " : "", text, *text ? " " : "");
}

/* What looked safe in the grid, and was not in the many trials that were to confirm it. */
static void put_refuted(FILE *file, const struct advice *advice, const struct scenario *scenario)
{
    for (size_t i = 0; i < advice->count; i++) {
        const struct choice *choice = &advice->list[i];
        if (choice->refuted == 0) {
            continue;
        }
        char name[200], text[200] = "";
        advice_name(advice, i, name, sizeof name);
        if (choice->refuted_at[0]) {
            befalls_text(advice, scenario, choice->refuted_at, text, sizeof text);
        }
        fprintf(file, "%s%s: with another seed %s%s%sthe brain was split in one of %s trial%s.\n",
                *name ? "Not " : "Not so", name, *text ? "at " : "", text, *text ? " " : "",
                text_count(choice->refuted).text, choice->refuted == 1 ? "" : "s");
    }
}

/* What was confirmed, with its bound. */
static void put_edge(FILE *file, const struct advice *advice, const struct scenario *scenario,
                     const struct edge *edge)
{
    char bound[16], text[200] = "";
    if (advice->befalls < AXES_MAX) {
        befalls_text(advice, scenario, edge->value, text, sizeof text);
    }
    if (!edge->found) {
        put_not_found(file, text);
        return;
    }
    fprintf(file,
            "Confirmed%s%s: in 0 of %s trials the brain was split, that is in fewer than %s %% of "
            "all, with 95 %% confidence",
            *text ? " at " : "", text, text_count(edge->trials).text,
            edge_bound_text(edge->trials, bound));
    if (edge->settings > 1) {
        fprintf(file, "; so it is in each of the %s settings of what else befalls it",
                text_count(edge->settings).text);
    }
    if (edge->broken[0]) {
        fprintf(file, "; at %s it was split", edge->broken);
    }
    if (edge->lesser == 1) {
        fprintf(file, ". At the one lesser value, in 0 of %s",
                text_count(edge->lesser_trials).text);
    } else if (edge->lesser > 1) {
        fprintf(file, ". At %s lesser values, in 0 of %s each", text_count(edge->lesser).text,
                text_count(edge->lesser_trials).text);
    }
    fputs(".\n", file);
}

static void put_unconfirmed(FILE *file, const struct choice *best, const char *why)
{
    char bound[16];
    fprintf(
        file,
        "Not confirmed: %s. Behind it stand%s %s trial%s without a split brain, so it is split in "
        "fewer than %s %% of all, with 95 %% confidence.\n",
        why, best->behind == 1 ? "s" : "", text_count(best->behind).text,
        best->behind == 1 ? "" : "s", edge_bound_text(best->behind, bound));
}

static void put_recommended(FILE *file, const struct advice *advice,
                            const struct scenario *scenario, const struct edge *edge,
                            const char *why_not)
{
    const struct choice *best = &advice->list[advice->best];
    char name[200], text[200] = "";
    advice_name(advice, advice->best, name, sizeof name);
    if (advice->befalls < AXES_MAX) {
        const struct axis *axis = &advice->points->plan->axes->list[advice->befalls];
        befalls_text(advice, scenario,
                     edge && edge->found ? edge->value : axis_value(axis, best->safe - 1), text,
                     sizeof text);
    }
    bool confirmed = edge && edge->found;
    fprintf(file, "%s%s: no split brain%s%s; nobody led for %s at p99.\n",
            advice->count == 1 ? "In short"
            : advice->split    ? "Recommended: "
                               : "Least without a leader: ",
            name, *text ? " up to " : "", text,
            text_ms(confirmed ? edge->leaderless_ns : best->leaderless_ns).text);
    if (edge) {
        put_edge(file, advice, scenario, edge);
    } else {
        put_unconfirmed(file, best, why_not);
    }
}

/* Why no choice is recommended. */
static void put_nothing(FILE *file, const struct advice *advice)
{
    bool split = true;
    for (size_t i = 0; i < advice->count; i++) {
        split = split && advice->list[i].split > 0 && advice->list[i].refuted == 0;
    }
    fputs(split
              ? "Nothing is recommended: under each choice the brain was split where least befell "
                "it. Try a longer lease, fencing, or less of what befalls.\n"
              : "Nothing is recommended: no choice is known to keep the brain whole.\n",
          file);
}

/* Whether one chooses among leases of different lengths. */
static bool is_about_leases(const struct advice *advice)
{
    for (size_t i = 1; i < advice->count; i++) {
        if (advice->list[i].lease_ns != advice->list[0].lease_ns) {
            return true;
        }
    }
    return false;
}

/* What these figures do not show. */
static void put_left_out(FILE *file, const struct advice *advice, const struct scenario *scenario)
{
    bool any = advice->best < advice->count;
    bool works = scenario->settings.work_every_ns > 0;
    if (any && !advice->split) {
        fputs("No point had a split brain, so this does not show which choice is safer: let more "
              "befall it.\n",
              file);
    }
    if (any && !advice->crashes && is_about_leases(advice)) {
        fputs("No leader died in any trial, so the price of a long lease is not in these figures: "
              "after a crash nobody leads until the lease is over. Let one die: faults: [{at: 20s, "
              "crash: leader, for: 30s}].\n",
              file);
    }
    if (any && works && scenario->stalls.count > 0) {
        fputs(
            "Stalls from a table come by the clock, hardly ever just before a write: that the "
            "brain stayed whole does not show that you need no fencing. A fault {when: {who: "
            "any, does: writes, nth: 20, before: true}, pause: leader, for: 10s} is such a stall; "
            "sweep faults.1.for up to your longest.\n",
            file);
    }
    if (!works) {
        fputs("Nobody works in this scenario, so stale writes cannot be seen; "
              "work: {every: 50ms} lets the leader write.\n",
              file);
    }
}

void words_advice(FILE *file, const struct advice *advice, const struct scenario *scenario,
                  const struct edge *edge, const char *why_not)
{
    for (size_t i = 0; i < advice->count && advice->count <= TOLD_MAX; i++) {
        put_choice(file, advice, scenario, i);
    }
    put_refuted(file, advice, scenario);
    if (advice->best == advice->count) {
        put_nothing(file, advice);
    } else {
        put_recommended(file, advice, scenario, edge, why_not);
    }
    put_left_out(file, advice, scenario);
}
