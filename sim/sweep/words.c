/* What is recommended, in words. See words.h. */
#include "sim/sweep/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/sweep/left_out.h"
#include "sim/sweep/nothing.h"

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
    } else if (choice->not_valid == choice->points_there) {
        fputs("nothing was run: the values make no valid scenario (sweep.csv says why)", file);
    } else if (choice->not_valid > 0) {
        fprintf(file, "%s of %s points %s: %s no valid scenario (sweep.csv says why)",
                text_count(choice->not_valid).text, text_count(choice->points_there).text,
                choice->not_valid == 1 ? "was not run" : "were not run",
                choice->not_valid == 1 ? "its values make" : "their values make");
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

/* "120", "0.25", "fewer than 0.01": how many in a trial. */
static struct short_text mean_text(double mean)
{
    struct short_text text;
    if (mean >= 10) {
        return text_count((uint64_t)(mean + 0.5));
    }
    if (mean > 0 && mean < 0.01) {
        return (struct short_text){"fewer than 0.01"};
    }
    snprintf(text.text, sizeof text.text, "%.2g", mean);
    return text;
}

/* Whether trials by other seeds deny what the grid says of a choice: the brain was split in them at
 * a value at which no trial of the grid had it split. */
static bool is_denied(const struct advice *advice, const struct choice *choice)
{
    assert(choice->safe > 0);
    if (choice->refuted == 0 || advice->befalls == AXES_MAX) {
        return choice->refuted > 0;
    }
    const struct axis *axis = &advice->points->plan->axes->list[advice->befalls];
    return choice->refuted_size <= axis->sizes[choice->safe - 1];
}

/* What trials by other seeds have shown of a choice that bears less than the grid says. */
static void put_refuted(FILE *file, const struct advice *advice, const struct scenario *scenario,
                        const struct choice *choice)
{
    char text[200] = "";
    if (choice->refuted_at[0]) {
        befalls_text(advice, scenario, choice->refuted_at, text, sizeof text);
    }
    if (is_denied(advice, choice)) {
        fprintf(file, "Not so with another seed: %s%s%sthe brain was split in ", *text ? "at " : "",
                text, *text ? " " : "");
        if (choice->refuted == 1) {
            fputs("the first trial.", file);
        } else {
            fprintf(file, "one of %s trials.", text_count(choice->refuted).text);
        }
    } else {
        fputs("With another seed it cannot be known of some trials, or none of them tested it.",
              file);
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
        struct price price = advice_price(choice, choice->safe);
        fprintf(file, "; nobody led for %s at p99 of the trials, %s false takeovers a trial",
                text_ms(price.leaderless_ns).text, mean_text(price.takeovers).text);
    }
    if (choice->safe > 0 && choice->tested < choice->run) {
        fprintf(file, "; of %s trials at a point as few as %s could have shown one",
                text_count(choice->run).text, text_count(choice->tested).text);
    }
    fputs(choice->bears < choice->safe ? ". " : ".", file);
    if (choice->bears < choice->safe) {
        put_refuted(file, advice, scenario, choice);
    }
    fputc('\n', file);
}

static void put_lesser(FILE *file, const struct edge *edge)
{
    if (edge->lesser == 1) {
        fprintf(file, " At the one lesser value, in 0 of %s.",
                text_count(edge->lesser_trials).text);
    } else if (edge->lesser > 1) {
        fprintf(file, " At %s lesser values, in 0 of %s each.", text_count(edge->lesser).text,
                text_count(edge->lesser_trials).text);
    }
}

/* What was confirmed, with its bound. */
static void put_edge(FILE *file, const struct advice *advice, const struct scenario *scenario,
                     const struct edge *edge)
{
    char bound[16], text[200] = "";
    struct short_text of = text_count(edge->trials);
    if (advice->befalls < AXES_MAX) {
        befalls_text(advice, scenario, edge->value, text, sizeof text);
    }
    fprintf(file, "%s%s%s: ", edge_is_confirmed(edge) ? "Confirmed" : "Not confirmed",
            *text ? " at " : "", text);
    if (!edge_is_confirmed(edge)) {
        fprintf(file, "only %s trial%s %s; in 0 of these the brain was split, ", of.text,
                edge->trials == 1 ? "" : "s",
                edge->trials < edge->run ? "could have shown it"
                : edge->trials == 1      ? "was run"
                                         : "were run");
    } else if (edge->trials < edge->run) {
        fprintf(file, "in 0 of the %s trials of %s that could have shown it the brain was split, ",
                of.text, text_count(edge->run).text);
    } else {
        fprintf(file, "in 0 of %s trials the brain was split, ", of.text);
    }
    fprintf(file, "that is in fewer than %s %% of all, with 95 %% confidence",
            edge_bound_text(edge->trials, edge->tests, bound));
    if (edge->failed > 0) {
        fprintf(file, " (%s other%s did not pass this test)", text_count(edge->failed).text,
                edge->failed == 1 ? "" : "s");
    }
    if (edge->settings > 1) {
        fprintf(file, "; so it is in each of the %s settings of what else befalls it",
                text_count(edge->settings).text);
    }
    if (edge->broken[0]) {
        fprintf(file, "; at %s it was split", edge->broken);
    }
    fputs(".", file);
    put_lesser(file, edge);
    fputc('\n', file);
}

static void put_unconfirmed(FILE *file, const struct choice *best, const char *why)
{
    char bound[16];
    fprintf(file, "Not confirmed: %s.", why);
    if (best->bears == best->safe) {
        fprintf(file,
                " Behind it stand%s %s trial%s without a split brain%s, so it is split in fewer "
                "than %s %% of all, with 95 %% confidence.",
                best->behind == 1 ? "s" : "", text_count(best->behind).text,
                best->behind == 1 ? "" : "s",
                best->settings > 1 ? " in each setting of what else befalls it" : "",
                edge_bound_text(best->behind, 1, bound));
    }
    fputc('\n', file);
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
        befalls_text(advice, scenario, edge ? edge->value : axis_value(axis, best->bears - 1), text,
                     sizeof text);
    }
    fprintf(
        file, "%s%s: no split brain%s%s; nobody led for %s at p99 of the trials",
        advice->count == 1                    ? "In short"
        : advice->split                       ? "Recommended: "
        : advice_rivals(advice, advice->best) ? "Of those that hold, the first: "
                                              : "Least without a leader: ",
        name, *text ? " up to " : "", text,
        text_ms(edge ? edge->leaderless_ns : advice_price(best, best->bears).leaderless_ns).text);
    if (edge) {
        bool lesser = edge->leaderless_at[0] != '\0';
        fprintf(file, " that confirm it%s%s.\n", lesser ? ", which was at " : "",
                edge->leaderless_at);
        put_edge(file, advice, scenario, edge);
    } else {
        fputs(".\n", file);
        put_unconfirmed(file, best, why_not);
    }
}

void words_advice(FILE *file, const struct advice *advice, const struct scenario *scenario,
                  const struct edge *edge, const char *why_not)
{
    const struct edge *found = edge && edge->found ? edge : NULL;
    for (size_t i = 0; i < advice->count; i++) {
        const struct choice *choice = &advice->list[i];
        if (advice->count <= TOLD_MAX || choice->bears < choice->safe) {
            put_choice(file, advice, scenario, i);
        }
    }
    if (advice->best == advice->count) {
        nothing_tell(file, advice);
    } else {
        put_recommended(file, advice, scenario, found, why_not);
    }
    if (edge && edge->gave_up) {
        fprintf(file,
                "%d choices were tried; others that bear as much in the grid, or more, were not. "
                "Give fewer "
                "choices, or more trials a point.\n",
                EDGE_CHOICES);
    }
    left_out_tell(file, advice, scenario);
}
