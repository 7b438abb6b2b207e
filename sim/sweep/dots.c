/* See dots.h. */
#include "sim/sweep/dots.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/units.h"

/* The axis that lines go along: the first that is chosen and varies, or else that varies. */
static size_t axis_along(const struct axes *axes)
{
    size_t any = AXES_MAX;
    for (size_t i = axes->count; i-- > 0;) {
        any = axes->list[i].count > 1 ? i : any;
    }
    for (size_t i = 0; i < axes->count; i++) {
        if (axes->list[i].count > 1 && axes->list[i].chosen) {
            return i;
        }
    }
    return any;
}

/* Up to so many bytes a value stands beside its dot; others are called A, B, … there. */
#define LABEL_MAX 10
/* So many have a name below the picture; more than there are letters have numbers. */
#define LETTERS_MAX 99

static bool needs_letters(const struct axes *axes, size_t axis)
{
    bool longer = false;
    for (size_t i = 0; axis < AXES_MAX && i < axes->list[axis].count; i++) {
        longer = longer || strlen(axis_value(&axes->list[axis], i)) > LABEL_MAX;
    }
    return longer && axes->list[axis].count <= LETTERS_MAX;
}

/* Puts a value behind the others; what has no room for it ends with "…". Returns how long it is. */
static size_t put_rest(struct dot *dot, size_t used, const char *key, const char *value)
{
    static const char cut[] = " …";
    size_t room = used < sizeof dot->rest ? sizeof dot->rest - used : 0;
    if (room == 0) {
        return 0;
    }
    size_t length =
        (size_t)snprintf(dot->rest + used, room, "%s%s %s", used > 0 ? ", " : "", key, value);
    if (length >= room) {
        memcpy(dot->rest + sizeof dot->rest - sizeof cut, cut, sizeof cut);
    }
    return length;
}

void dots_letter(const struct axis *axis, size_t value, char out[4])
{
    assert(value < axis->count && axis->count <= LETTERS_MAX);
    if (axis->count <= 26) {
        snprintf(out, 4, "%c", (int)('A' + value));
    } else {
        snprintf(out, 4, "%u", (unsigned)(value % 100) + 1);
    }
}

static void name_dot(struct dot *dot, const struct plan *plan, size_t axis, bool letters)
{
    size_t values[AXES_MAX];
    size_t used = 0;
    plan_values(plan, dot->cell, values);
    dot->rest[0] = dot->label[0] = '\0';
    dot->line = 0;
    for (size_t i = 0; i < plan->axes->count; i++) {
        const struct axis *of = &plan->axes->list[i];
        const char *value = axis_value(of, values[i]);
        if (i == axis) {
            dot->along = values[i];
            if (letters) {
                dots_letter(of, values[i], dot->label);
            } else {
                snprintf(dot->label, sizeof dot->label, "%s", value);
            }
        } else if (of->count > 1) {
            dot->line = dot->line * of->count + values[i];
            used += put_rest(dot, used, of->key, value);
        }
    }
}

static int by_line(const void *a, const void *b)
{
    const struct dot *x = a, *y = b;
    if (x->line != y->line) {
        return x->line < y->line ? -1 : 1;
    }
    return (x->along > y->along) - (x->along < y->along);
}

/* False: it is not finished, or nothing can be known of it. */
static bool place_dot(struct dot *dot, const struct points *points, size_t cell)
{
    struct point point;
    if (!points->read(points->self, cell, &point) || point.of[FIGURE_LEADERLESS_P99] == NEVER_NS) {
        return false;
    }
    int64_t judged = point.of[FIGURE_TRIALS] - point.of[FIGURE_UNDECIDED];
    *dot = (struct dot){.x = (double)point.of[FIGURE_FALSE_TAKEOVERS] / (double)judged,
                        .y = (double)point.of[FIGURE_LEADERLESS_P99] / (double)NS_PER_S,
                        .kind = point_kind(&point),
                        .cell = cell};
    return true;
}

bool dots_gather(struct dots *dots, const struct points *points, size_t most)
{
    const struct plan *plan = points->plan;
    size_t axis = axis_along(plan->axes);
    size_t room = plan->cells < most ? plan->cells : most;
    *dots = (struct dots){.list = calloc(room, sizeof *dots->list),
                          .axis = axis < AXES_MAX ? &plan->axes->list[axis] : NULL,
                          .letters = needs_letters(plan->axes, axis)};
    for (size_t cell = 0; dots->list && cell < plan->cells; cell++) {
        struct dot dot;
        if (!place_dot(&dot, points, cell)) {
            continue;
        }
        if (dots->count == room) {
            dots->cut = true;
            break;
        }
        name_dot(&dot, plan, axis, dots->letters);
        dots->unknown = dots->unknown || dot.kind == POINT_UNDECIDED || dot.kind == POINT_UNTESTED;
        dots->x_max = fmax(dots->x_max, dot.x);
        dots->y_max = fmax(dots->y_max, dot.y);
        dots->list[dots->count++] = dot;
    }
    if (dots->list) {
        qsort(dots->list, dots->count, sizeof *dots->list, by_line);
    }
    return dots->list != NULL;
}

void dots_free(struct dots *dots)
{
    free(dots->list);
    *dots = (struct dots){0};
}
