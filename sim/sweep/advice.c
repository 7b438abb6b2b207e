/* What the points of a sweep say. See advice.h. */
#include "sim/sweep/advice.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t choice_of(const struct axes *axes, const size_t values[AXES_MAX])
{
    size_t choice = 0;
    for (size_t i = 0; i < axes->count; i++) {
        if (axes->list[i].chosen) {
            choice = choice * axes->list[i].count + values[i];
        }
    }
    return choice;
}

void advice_values(const struct advice *advice, size_t choice, size_t values[AXES_MAX])
{
    const struct axes *axes = advice->points->plan->axes;
    assert(choice < advice->count);
    for (size_t i = axes->count; i-- > 0;) {
        values[i] = 0;
        if (axes->list[i].chosen) {
            values[i] = choice % axes->list[i].count;
            choice /= axes->list[i].count;
        }
    }
}

void advice_name(const struct advice *advice, size_t choice, char *out, size_t size)
{
    const struct axes *axes = advice->points->plan->axes;
    size_t values[AXES_MAX];
    size_t used = 0;
    advice_values(advice, choice, values);
    *out = '\0';
    for (size_t i = 0; i < axes->count && used < size; i++) {
        const struct axis *axis = &axes->list[i];
        if (axis->chosen && axis->count > 1) {
            used += (size_t)snprintf(out + used, size - used, "%s%s %s", used > 0 ? ", " : "",
                                     axis->key, axis_value(axis, values[i]));
        }
    }
}

/* The first axis of what befalls of which one can say "up to". */
static size_t find_befalls(const struct axes *axes)
{
    for (size_t i = 0; i < axes->count; i++) {
        if (!axes->list[i].chosen && axes->list[i].ascends && axes->list[i].count > 1) {
            return i;
        }
    }
    return AXES_MAX;
}

/* Where a cell belongs: its choice, and its value of what befalls. */
static struct choice *place_of(struct advice *advice, size_t cell, size_t *value)
{
    size_t values[AXES_MAX];
    plan_values(advice->points->plan, cell, values);
    size_t choice = choice_of(advice->points->plan->axes, values);
    assert(choice < advice->count);
    *value = advice->befalls < AXES_MAX ? values[advice->befalls] : 0;
    return &advice->list[choice];
}

/* First pass: up to where it is safe. */
static void take_safety(struct advice *advice, size_t cell, const struct point *point)
{
    size_t value;
    struct choice *choice = place_of(advice, cell, &value);
    const struct points *points = advice->points;
    choice->points++;
    if (!choice->protocol && points->look) {
        points->look(points->self, cell, &choice->lease_ns, &choice->protocol);
    }
    advice->crashes = advice->crashes || (!point->why[0] && point->of[FIGURE_LEADER_CRASHES] > 0);
    if (point_kind(point) != POINT_HOLDS && value < choice->safe) {
        choice->safe = value;
    }
    advice->split = advice->split || point_kind(point) == POINT_SPLIT;
}

/* What is wrong at the first value that is not safe. */
static void take_reason(struct choice *choice, const struct point *point)
{
    choice->points_there++;
    if (point->why[0]) {
        choice->not_valid++;
        return;
    }
    choice->split += (uint64_t)point->of[FIGURE_SPLIT_TRIALS];
    choice->undecided += (uint64_t)point->of[FIGURE_UNDECIDED];
    choice->untested += (uint64_t)point->of[FIGURE_UNTESTED];
    choice->of += (uint64_t)point->of[FIGURE_TRIALS];
}

/* How many values the seed has. */
static size_t seeds_of(const struct axes *axes)
{
    for (size_t i = 0; i < axes->count; i++) {
        if (strcmp(axes->list[i].key, "seed") == 0) {
            return axes->list[i].count;
        }
    }
    return 1;
}

/* What stands behind the last safe value. Different settings have trials of the same seeds, so they
 * are no more trials together than each of them alone. */
static void take_behind(const struct advice *advice, struct choice *choice, size_t value,
                        const struct point *point)
{
    size_t seeds = seeds_of(advice->points->plan->axes);
    uint64_t behind = point_tested(point) * seeds;
    if (value + 1 == choice->safe) {
        choice->behind = choice->settings == 0 || behind < choice->behind ? behind : choice->behind;
        choice->settings = choice->points / advice->values / seeds;
    }
}

/* Second pass: what that costs, and why it goes no further. */
static void take_price(struct advice *advice, size_t cell, const struct point *point)
{
    size_t value;
    struct choice *choice = place_of(advice, cell, &value);
    if (value == choice->safe) {
        take_reason(choice, point);
    }
    if (value >= choice->safe) {
        return;
    }
    if (choice->run == 0 || point_tested(point) < choice->tested) {
        choice->tested = point_tested(point);
        choice->run = (uint64_t)point->of[FIGURE_TRIALS];
    }
    int64_t ns = point->of[FIGURE_LEADERLESS_P99];
    int64_t judged = point->of[FIGURE_TRIALS] - point->of[FIGURE_UNDECIDED];
    struct price *price = &choice->prices[value];
    take_behind(advice, choice, value, point);
    price->leaderless_ns = ns > price->leaderless_ns ? ns : price->leaderless_ns;
    price->takeovers += (double)point->of[FIGURE_FALSE_TAKEOVERS] / (double)judged *
                        (double)advice->values / (double)choice->points;
}

/* False: a point cannot be read. */
static bool pass(struct advice *advice, void (*take)(struct advice *, size_t, const struct point *))
{
    for (size_t cell = 0; cell < advice->points->plan->cells; cell++) {
        struct point point;
        if (!advice->points->read(advice->points->self, cell, &point) && !point.why[0]) {
            advice->unread = cell + 1;
            return false;
        }
        take(advice, cell, &point);
    }
    return true;
}

struct price advice_price(const struct choice *choice, size_t values)
{
    struct price sum = {0};
    assert(values <= choice->safe);
    for (size_t i = 0; i < values; i++) {
        const struct price *price = &choice->prices[i];
        sum.takeovers += price->takeovers / (double)values;
        sum.leaderless_ns =
            price->leaderless_ns > sum.leaderless_ns ? price->leaderless_ns : sum.leaderless_ns;
    }
    return sum;
}

/* --- ranking ---------------------------------------------------------------------------------- */

/* Of one protocol, as far as that is known. */
static bool is_like(const struct choice *a, const struct choice *b)
{
    return !a->protocol || !b->protocol || strcmp(a->protocol, b->protocol) == 0;
}

/* Of one protocol. What a choice does not bear is no part of its price. */
static bool is_better(const struct choice *a, const struct choice *b)
{
    struct price of_a = advice_price(a, a->bears), of_b = advice_price(b, b->bears);
    return a->bears != b->bears                       ? a->bears > b->bears
           : of_a.leaderless_ns != of_b.leaderless_ns ? of_a.leaderless_ns < of_b.leaderless_ns
           : of_a.takeovers != of_b.takeovers         ? of_a.takeovers < of_b.takeovers
                                                      : a->lease_ns < b->lease_ns;
}

static bool may_be_best(const struct advice *advice, size_t i)
{
    const struct choice *choice = &advice->list[i];
    return (choice->tried || !advice->tried_alone) && choice->weak <= advice->weak;
}

/* Up to which size of what befalls it is known to stay whole. */
static double reach_of(const struct advice *advice, const struct choice *choice)
{
    if (advice->befalls == AXES_MAX || choice->bears == 0) {
        return 0;
    }
    return choice->tried
               ? choice->reaches
               : advice->points->plan->axes->list[advice->befalls].sizes[choice->bears - 1];
}

/* Whether one bears as much as another. Halving finds an edge no finer than this. */
static bool is_as_far(const struct advice *advice, size_t one, size_t other)
{
    static const double alike = 1.02;
    const struct choice *a = &advice->list[one], *b = &advice->list[other];
    assert(one < advice->count && other < advice->count);
    return a->bears == b->bears && reach_of(advice, a) * alike >= reach_of(advice, b);
}

/* The best of those with a protocol that bear as much as the one that reaches furthest. */
static size_t best_like(const struct advice *advice, size_t one, size_t far)
{
    size_t best = one;
    for (size_t i = 0; i < advice->count; i++) {
        const struct choice *choice = &advice->list[i];
        if (may_be_best(advice, i) && is_like(choice, &advice->list[one]) &&
            is_as_far(advice, i, far) && is_better(choice, &advice->list[best])) {
            best = i;
        }
    }
    return best;
}

/* The one that bears most and reaches furthest, or `count`. */
static size_t furthest(const struct advice *advice)
{
    size_t best = advice->count;
    for (size_t i = 0; i < advice->count; i++) {
        const struct choice *choice = &advice->list[i], *other = &advice->list[best];
        bool more = best == advice->count ? choice->bears > 0
                    : choice->bears != other->bears
                        ? choice->bears > other->bears
                        : reach_of(advice, choice) > reach_of(advice, other);
        best = may_be_best(advice, i) && more ? i : best;
    }
    return best;
}

static void rank(struct advice *advice, bool weak)
{
    advice->weak = weak;
    size_t far = furthest(advice), first = 0;
    advice->best = far;
    if (far < advice->count) {
        while (!may_be_best(advice, first) || !is_as_far(advice, first, far)) {
            first++;
        }
        advice->best = best_like(advice, first, far);
    }
}

void advice_rank(struct advice *advice)
{
    rank(advice, false);
    if (advice->best == advice->count) {
        rank(advice, true);
    }
}

bool advice_rivals(const struct advice *advice, size_t at)
{
    assert(at < advice->count);
    const struct choice *one = &advice->list[at];
    for (size_t i = 0; i < advice->count; i++) {
        if (is_as_far(advice, i, at) && !is_like(&advice->list[i], one)) {
            return true;
        }
    }
    return false;
}

void advice_refute(struct advice *advice, size_t at, const char *value, double size,
                   uint64_t trials)
{
    assert(at < advice->count && trials > 0);
    struct choice *choice = &advice->list[at];
    const double *sizes =
        advice->befalls < AXES_MAX ? advice->points->plan->axes->list[advice->befalls].sizes : NULL;
    while (choice->bears > 0 && (!sizes || sizes[choice->bears - 1] >= size)) {
        choice->bears--;
    }
    advice->split = true;
    if (choice->refuted == 0 || size < choice->refuted_size) {
        choice->refuted = trials;
        choice->refuted_size = size;
        snprintf(choice->refuted_at, sizeof choice->refuted_at, "%s", value);
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

bool advice_make(struct advice *advice, const struct points *points)
{
    const struct axes *axes = points->plan->axes;
    assert(!points->plan->sample);
    *advice = (struct advice){.points = points, .befalls = find_befalls(axes), .count = 1};
    advice->values = advice->befalls < AXES_MAX ? axes->list[advice->befalls].count : 1;
    for (size_t i = 0; i < axes->count; i++) {
        advice->count *= axes->list[i].chosen ? axes->list[i].count : 1;
    }
    advice->list = calloc(advice->count, sizeof *advice->list);
    advice->prices = calloc(advice->count * advice->values, sizeof *advice->prices);
    advice->best = advice->count;
    if (!advice->list || !advice->prices) {
        return false;
    }
    for (size_t i = 0; i < advice->count; i++) {
        advice->list[i].safe = advice->values;
        advice->list[i].prices = advice->prices + i * advice->values;
    }
    if (!pass(advice, take_safety) || !pass(advice, take_price)) {
        return false;
    }
    for (size_t i = 0; i < advice->count; i++) {
        advice->list[i].bears = advice->list[i].safe;
    }
    advice_rank(advice);
    return true;
}

void advice_free(struct advice *advice)
{
    free(advice->list);
    free(advice->prices);
    *advice = (struct advice){0};
}
