/* Which points a sweep looks at. See plan.h. */
#include "sim/sweep/plan.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/grid/grid.h"
#include "sim/host/rng.h"

/* More than this cannot even be sampled: numbers would wrap. */
#define COMBINATIONS_MAX (UINT64_C(1) << 52)

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Draws until so many different ones are there; they are less than half of all. */
static void draw(uint64_t *sample, size_t count, uint64_t combinations, uint64_t seed)
{
    size_t have = 0;
    while (have < count) {
        for (size_t i = have; i < count; i++) {
            sample[i] = rng_below(&seed, combinations);
        }
        qsort(sample, count, sizeof *sample, by_number);
        have = 1;
        for (size_t i = 1; i < count; i++) {
            if (sample[i] != sample[have - 1]) {
                sample[have++] = sample[i];
            }
        }
    }
}

/* Goes through all, and takes each with the chance that leaves as many as are wanted. */
static void draw_many(uint64_t *sample, size_t count, uint64_t combinations, uint64_t seed)
{
    size_t have = 0;
    for (uint64_t i = 0; i < combinations && have < count; i++) {
        if (rng_below(&seed, combinations - i) < count - have) {
            sample[have++] = i;
        }
    }
    assert(have == count);
}

bool plan_make(struct plan *plan, const struct axes *axes, size_t sample, uint64_t seed, char *why,
               size_t size)
{
    uint64_t combinations = 1;
    *plan = (struct plan){.axes = axes};
    for (size_t i = 0; i < axes->count; i++) {
        combinations *= axes->list[i].count;
        if (combinations > COMBINATIONS_MAX) {
            snprintf(why, size, "there are too many combinations; give fewer values");
            return false;
        }
    }
    bool all = sample == 0 || sample >= combinations;
    if ((all ? combinations : sample) > GRID_CELLS_MAX) {
        snprintf(why, size,
                 "there are %" PRIu64 " combinations, and %d are the most that are run; give fewer "
                 "values, or --sample N",
                 combinations, GRID_CELLS_MAX);
        return false;
    }
    plan->cells = all ? (size_t)combinations : sample;
    if (all) {
        return true;
    }
    plan->sample = calloc(sample, sizeof *plan->sample);
    if (!plan->sample) {
        snprintf(why, size, "out of memory");
        return false;
    }
    if (sample > combinations / 2) {
        draw_many(plan->sample, sample, combinations, seed);
    } else {
        draw(plan->sample, sample, combinations, seed);
    }
    return true;
}

void plan_free(struct plan *plan)
{
    free(plan->sample);
    *plan = (struct plan){0};
}

void plan_values(const struct plan *plan, size_t cell, size_t values[AXES_MAX])
{
    assert(cell < plan->cells);
    uint64_t number = plan->sample ? plan->sample[cell] : cell;
    for (size_t i = plan->axes->count; i-- > 0;) {
        values[i] = (size_t)(number % plan->axes->list[i].count);
        number /= plan->axes->list[i].count;
    }
}

size_t plan_words(const struct plan *plan, size_t cell, const char *words[AXES_MAX])
{
    size_t values[AXES_MAX];
    plan_values(plan, cell, values);
    for (size_t i = 0; i < plan->axes->count; i++) {
        words[i] = plan->axes->list[i].words[values[i]];
    }
    return plan->axes->count;
}
