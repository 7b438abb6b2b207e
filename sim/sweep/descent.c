/* Down to a value that passes. See descent.h. */
#include "sim/sweep/descent.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Trials by which the halving goes, and how fine it gets. */
#define HALVING_TRIALS 1000
#define HALVING_STEPS 9
#define FINE 1.01
/* How often it tries a value between the grid's by the many trials. */
#define REFINEMENTS 6
/* So many lesser values of the grid are confirmed at most, at equal distances. */
#define LESSER_MAX 32
/* From nothing one goes on to this part of the next value. */
#define NONE_TO_FIRST 16

/* A value of the grid, as it was typed. */
static struct value grid_value(const struct axis *axis, size_t at)
{
    struct value value = {.size = axis->sizes[at]};
    assert(strlen(axis_value(axis, at)) < sizeof value.text);
    snprintf(value.text, sizeof value.text, "%s", axis_value(axis, at));
    return value;
}

static bool is_whole(const struct axis *axis)
{
    bool whole = !axis->is_time;
    for (size_t i = 0; i < axis->count; i++) {
        whole = whole && axis->sizes[i] == floor(axis->sizes[i]);
    }
    return whole;
}

/* Finds a value between two, a whole number if those of the grid are. False: there is none that
 * can be told from both. */
static bool find_middle(const struct axis *axis, const struct value *low, const struct value *high,
                        struct value *middle)
{
    bool is_time;
    double size = (low->size + high->size) / 2;
    if (is_whole(axis)) {
        snprintf(middle->text, sizeof middle->text, "%.0f", floor(size));
    } else {
        size_text(axis->is_time, size, 3, middle->text);
    }
    return high->size > low->size * FINE && size_parse(middle->text, &middle->size, &is_time) &&
           middle->size > low->size && middle->size < high->size;
}

/* Halves the distance from a value that holds to one at which the brain was split. Returns whether
 * it was split at what `*high` is then; else it is not known there. */
static bool halve(struct search *search, struct value *low, struct value *high)
{
    struct value middle;
    bool split = true;
    for (int i = 0; i < HALVING_STEPS && find_middle(search->axis, low, high, &middle); i++) {
        if (search_holds(search, &middle, HALVING_TRIALS, search->halving_seed)) {
            *low = middle;
        } else if (search->end == TRIAL_RAN) {
            *high = middle;
            split = search->split;
        } else {
            break;
        }
    }
    return split;
}

/* Goes on from a value towards a larger one, so that it is doubled at most. False: there is none in
 * between. */
static bool next_between(const struct axis *axis, struct value *value, const struct value *last)
{
    struct value next;
    bool is_time;
    double ratio = value->size > 0 ? last->size / value->size : INFINITY;
    double size = ratio < INFINITY ? value->size * pow(ratio, 1 / ceil(log2(ratio) - 1e-9))
                                   : last->size / NONE_TO_FIRST;
    if (is_whole(axis)) {
        snprintf(next.text, sizeof next.text, "%.0f", fmax(floor(size), value->size + 1));
    } else {
        size_text(axis->is_time, size, 3, next.text);
    }
    if (ratio <= 2 || !size_parse(next.text, &next.size, &is_time) || next.size <= value->size ||
        next.size >= last->size) {
        return false;
    }
    *value = next;
    return true;
}

/* Whether the brain stays whole at a lesser value; it did at those that were tried before. */
static bool lesser_holds(struct search *search, const struct value *value)
{
    struct edge *edge = search->edge;
    if (value->size <= search->lesser_held) {
        return true;
    }
    if (!search_holds(search, value, HALVING_TRIALS, search->halving_seed)) {
        return false;
    }
    bool least = edge->lesser_trials == 0 || edge->trials < edge->lesser_trials;
    edge->lesser_trials = least ? edge->trials : edge->lesser_trials;
    search->lesser_held = value->size;
    search_keep_price(search, value);
    return true;
}

/* How many values of the grid are less than a size. */
static size_t less_than(const struct axis *axis, double size)
{
    size_t count = 0;
    while (count < axis->count && axis->sizes[count] < size) {
        count++;
    }
    return count;
}

/* Whether the lesser values of the grid hold, and those between two that are far apart. If not,
 * `*value` is the one that does not. */
static bool all_lesser_hold(struct search *search, struct value *value)
{
    const struct axis *axis = search->axis;
    size_t step = axis->count / LESSER_MAX + 1, held = 0, count = less_than(axis, value->size);
    for (size_t i = 0; i < count; i += step) {
        struct value one = grid_value(axis, i);
        struct value last = i + step < count ? grid_value(axis, i + step) : *value;
        do {
            if (!lesser_holds(search, &one)) {
                *value = one;
                return false;
            }
            held++;
        } while (step == 1 && next_between(axis, &one, &last));
    }
    search->edge->lesser = held;
    return true;
}

/* Whether a value passes, after the lesser ones held. If not, `*value` is the one that failed. */
static bool confirm(struct search *search, struct value *value)
{
    bool passes = all_lesser_hold(search, value) && search_passes(search, value);
    if (passes) {
        search_set_price(search, value);
    }
    return passes;
}

/* Finds the largest value of the grid that passes, less than `*high`, and leaves there the least
 * that failed. First it tries the next one, then it halves what is left. False: none passes. */
static bool find_of_grid(struct search *search, struct value *high, struct value *found,
                         struct edge *passed)
{
    const struct axis *axis = search->axis;
    size_t first = 0, end = less_than(axis, high->size);
    size_t at = end > 0 ? end - 1 : 0;
    bool any = false;
    while (first < end && search->end == TRIAL_RAN) {
        struct value value = grid_value(axis, at);
        if (confirm(search, &value)) {
            any = true;
            *found = value;
            *passed = *search->edge;
            first = at + 1;
        } else {
            *high = value;
            search->high_split = search->split;
            end = less_than(axis, value.size) < at ? less_than(axis, value.size) : at;
        }
        at = first + (end - first) / 2;
    }
    return any && search->end == TRIAL_RAN;
}

/* Between a value of the grid that passes and a larger one that failed: halves by few trials, and
 * if that is refuted, by the many. */
static void refine(struct search *search, struct value *low, struct value *high,
                   struct edge *passed)
{
    struct value middle = *low;
    if (!search->high_split) {
        return;
    }
    search->high_split = halve(search, &middle, high);
    bool goes_on = middle.size > low->size;
    for (int i = 0; i < REFINEMENTS && goes_on && search->end == TRIAL_RAN; i++) {
        struct value tried = middle;
        if (confirm(search, &tried)) {
            *low = middle;
            *passed = *search->edge;
            goes_on = i > 0;
        } else if (search->end == TRIAL_RAN) {
            *high = tried;
            search->high_split = search->split;
        }
        goes_on = goes_on && search->high_split && find_middle(search->axis, low, high, &middle);
    }
}

/* Confirms what halving finds, from place `at` of the grid on; and if a value of the grid fails,
 * from the one before it. `*high` is the least that failed. */
static bool find_by_halving(struct search *search, size_t at, struct value *high)
{
    for (int turn = 0; turn < 2; turn++) {
        struct value low = grid_value(search->axis, at);
        if (search->high_split) {
            search->high_split = halve(search, &low, high);
        }
        if (search->end != TRIAL_RAN) {
            return false;
        }
        if (confirm(search, &low)) {
            return true;
        }
        *high = low;
        search->high_split = search->split;
        if (low.size > search->axis->sizes[at] || less_than(search->axis, low.size) == 0) {
            return false;
        }
        at = less_than(search->axis, low.size) - 1;
    }
    return false;
}

void descent_find(struct search *search, size_t at, bool split)
{
    struct edge *edge = search->edge;
    struct value high = {0}, found;
    struct edge passed;
    search->lesser_held = -1;
    search->lesser_count = 0;
    search->high_split = split;
    if (split) {
        high = grid_value(search->axis, at + 1);
    }
    if (find_by_halving(search, at, &high)) {
        passed = *edge;
    } else if (search->end == TRIAL_RAN && find_of_grid(search, &high, &found, &passed)) {
        refine(search, &found, &high, &passed);
    } else {
        return;
    }
    *edge = passed;
    edge->found = search->end == TRIAL_RAN;
    snprintf(edge->broken, sizeof edge->broken, "%s", search->high_split ? high.text : "");
}
