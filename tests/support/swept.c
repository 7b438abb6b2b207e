/* A sweep over trials that need no model. See swept.h. */
#include "tests/support/swept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/units.h"

static enum trial_end run_world(void *self, const struct set_words *words,
                                const struct sweep_trials *trials, struct point_sum *sum,
                                char *error)
{
    struct world *world = self;
    bool split = false, is_time, dear = false, undecided = false;
    double size;
    (void)error;
    if (world->runs == world->ends_after && world->ends_after > 0) {
        return TRIAL_INTERRUPTED;
    }
    for (size_t i = 0; i < words->count; i++) {
        const char *value = strchr(words->words[i], '=') + 1;
        bool befalls = strncmp(words->words[i], "faults.1.for=", 13) == 0 ||
                       strncmp(words->words[i], "faults.1.count=", 15) == 0;
        assert_true(!befalls || size_parse(value, &size, &is_time));
        split = split || (world->split && strcmp(words->words[i], world->split) == 0) ||
                (befalls && (!world->under || strcmp(words->words[0], world->under) == 0) &&
                 ((world->from > 0 && size >= world->from &&
                   (world->until == 0 || size < world->until)) ||
                  (world->rare_from > 0 && size >= world->rare_from && trials->trials > 1000)));
        dear = dear || (befalls && world->dear_at > 0 && size == world->dear_at);
        undecided =
            undecided || (befalls && world->undecided_at > 0 && size == world->undecided_at);
        world->fractions = world->fractions || strchr(value, '.');
    }
    world->runs++;
    world->confirmations += trials->trials > 1000;
    for (size_t i = 0; i < world->seed_count; i++) {
        world->seeds_again += trials->trials > 1000 && world->seeds[i] == trials->seed;
    }
    assert_true(world->seed_count < SEEDS_MAX);
    world->seeds[world->seed_count++] = trials->seed;
    sum->trials = !split ? trials->trials : world->split_in > 0 ? world->split_in : 7;
    sum->split_trials = split;
    sum->undecided = undecided && !split;
    bool tests = split || (world->untests && strcmp(words->words[0], world->untests) != 0);
    sum->untested = tests ? 0 : world->untested < sum->trials ? world->untested : sum->trials - 1;
    assert_true(spread_add(&sum->leaderless, dear ? 9 * NS_PER_S : NS_PER_S));
    return TRIAL_RAN;
}

/* A point of the grid: s is split, ? cannot be known, - was not run, . is whole. */
static bool read_letters(void *self, size_t cell, struct point *point)
{
    const struct swept *swept = self;
    size_t values[AXES_MAX];
    plan_values(&swept->plan, cell, values);
    *point = (struct point){0};
    if (swept->rows && swept->rows[values[0]][values[1]] == '-') {
        point_not_valid(point, "nobody");
        return false;
    }
    const char *row = swept->rows ? swept->rows[values[0]] : NULL;
    char letter = '.';
    if (row) {
        letter = row[values[1]];
    }
    point->of[FIGURE_TRIALS] = 100;
    point->of[FIGURE_SPLIT_TRIALS] = letter == 's' ? 3 : 0;
    point->of[FIGURE_UNDECIDED] = letter == '?' ? 3 : 0;
    point->of[FIGURE_LEADERLESS_P99] = NS_PER_S * (int64_t)(values[0] + 1);
    if (swept->dear > 0 && values[1] >= swept->dear_from) {
        point->of[FIGURE_LEADERLESS_P99] *= swept->dear;
    }
    return true;
}

static void look_into(void *self, size_t cell, int64_t *lease_ns, const char **protocol)
{
    static const char *const names[] = {"article", "lease", "raft"};
    const struct swept *swept = self;
    size_t values[AXES_MAX];
    plan_values(&swept->plan, cell, values);
    *lease_ns = 0;
    *protocol = names[values[swept->protocol_axis]];
}

enum trial_end sweep_with(struct swept *swept, struct world *world, const char *const *keys)
{
    struct scenario scenario = {.settings.work_every_ns = NS_PER_MS};
    char why[2048];
    size_t size = 0;
    for (size_t i = 0; keys[i]; i++) {
        assert_true(axes_add(&swept->axes, keys[i], why, sizeof why));
    }
    assert_true(plan_make(&swept->plan, &swept->axes, 0, 1, why, sizeof why));
    swept->points = (struct points){.plan = &swept->plan,
                                    .self = swept,
                                    .read = read_letters,
                                    .look = swept->protocols ? look_into : NULL};
    assert_true(advice_make(&swept->advice, &swept->points));
    const struct edge_work work = {.advice = &swept->advice,
                                   .jobs = 1,
                                   .trials = EDGE_TRIALS,
                                   .seed = 5,
                                   .self = world,
                                   .run = run_world};
    enum trial_end end =
        swept->advice.best == swept->advice.count ? TRIAL_RAN : edge_find(&work, &swept->edge, why);
    FILE *file = open_memstream(&swept->text, &size);
    assert_non_null(file);
    words_advice(file, &swept->advice, &scenario, end == TRIAL_RAN ? &swept->edge : NULL,
                 "it was interrupted");
    fclose(file);
    return end;
}

void sweep_of(struct swept *swept, struct world *world, const char *const *keys)
{
    *swept = (struct swept){.text = NULL};
    assert_int_equal(sweep_with(swept, world, keys), TRIAL_RAN);
}

void swept_free(struct swept *swept)
{
    free(swept->text);
    advice_free(&swept->advice);
    plan_free(&swept->plan);
    axes_free(&swept->axes);
}

void swept_says(const struct swept *swept, const char *told)
{
    if (!strstr(swept->text, told)) {
        fail_msg("\"%s\" is not in:\n%s", told, swept->text);
    }
}
