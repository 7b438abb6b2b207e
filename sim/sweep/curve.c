/* The picture of a sweep. See curve.h.
 *
 * Points that differ in the first varying axis of those that are chosen are joined by a line: so
 * one sees where a longer lease leads. Each line is what befalls: its colour tells which.
 */
#include "sim/sweep/curve.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/picture/svg.h"
#include "src/units.h"

#define WIDTH 760.0
#define HEIGHT 460.0
#define LEFT 70.0
#define RIGHT 560.0
#define TOP 50.0
#define BOTTOM 400.0

static const char *const colors[] = {"#0b5fa5", "#c26a00", "#2e7d32", "#7b3fa0",
                                     "#00838f", "#8d6e00", "#5d4037", "#455a64"};
#define COLORS (sizeof colors / sizeof *colors)
#define SPLIT "#c62828"

struct dot {
    double x, y;    /* false takeovers a trial; seconds without a leader */
    size_t along;   /* its value on the axis that lines go along */
    size_t line;    /* which line it is on */
    uint64_t split; /* trials in which the brain was split */
    size_t cell;
    char label[48]; /* its value on that axis */
    char rest[160]; /* the values of all others */
};

struct curve {
    struct dot *dots;
    size_t count, axis; /* AXES_MAX: no axis to go along */
    bool cut;           /* not all are drawn */
    bool letters;       /* values of the axis are too long to stand beside each dot */
    double x_max, y_max;
};

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

static bool needs_letters(const struct axes *axes, size_t axis)
{
    bool longer = false;
    for (size_t i = 0; axis < AXES_MAX && i < axes->list[axis].count; i++) {
        longer = longer || strlen(axis_value(&axes->list[axis], i)) > LABEL_MAX;
    }
    return longer && axes->list[axis].count <= 26;
}

static void name_dot(struct dot *dot, const struct plan *plan, size_t cell, size_t axis)
{
    size_t values[AXES_MAX];
    size_t used = 0;
    plan_values(plan, cell, values);
    dot->rest[0] = dot->label[0] = '\0';
    dot->line = 0;
    for (size_t i = 0; i < plan->axes->count; i++) {
        const struct axis *of = &plan->axes->list[i];
        const char *value = axis_value(of, values[i]);
        if (i == axis) {
            dot->along = values[i];
            if (needs_letters(plan->axes, axis)) {
                snprintf(dot->label, sizeof dot->label, "%c", (int)('A' + values[i]));
            } else {
                snprintf(dot->label, sizeof dot->label, "%s", value);
            }
        } else if (of->count > 1 && used < sizeof dot->rest) {
            dot->line = dot->line * of->count + values[i];
            used += (size_t)snprintf(dot->rest + used, sizeof dot->rest - used, "%s%s %s",
                                     used > 0 ? ", " : "", of->key, value);
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

/* All points that can be drawn. False: memory is out. */
static bool gather(struct curve *curve, const struct points *points)
{
    size_t most = points->plan->cells < CURVE_POINTS_MAX ? points->plan->cells : CURVE_POINTS_MAX;
    curve->dots = calloc(most, sizeof *curve->dots);
    curve->axis = axis_along(points->plan->axes);
    curve->letters = needs_letters(points->plan->axes, curve->axis);
    for (size_t cell = 0; curve->dots && cell < points->plan->cells; cell++) {
        struct point point;
        if (!points->read(points->self, cell, &point) ||
            point.of[FIGURE_LEADERLESS_MEAN] == NEVER_NS) {
            continue;
        }
        if (curve->count == most) {
            curve->cut = true;
            break;
        }
        struct dot *dot = &curve->dots[curve->count++];
        int64_t judged = point.of[FIGURE_TRIALS] - point.of[FIGURE_UNDECIDED];
        dot->x = (double)point.of[FIGURE_FALSE_TAKEOVERS] / (double)judged;
        dot->y = (double)point.of[FIGURE_LEADERLESS_MEAN] / (double)NS_PER_S;
        dot->split = (uint64_t)point.of[FIGURE_SPLIT_TRIALS];
        curve->x_max = fmax(curve->x_max, dot->x);
        curve->y_max = fmax(curve->y_max, dot->y);
        dot->cell = cell;
        name_dot(dot, points->plan, cell, curve->axis);
    }
    if (curve->dots) {
        qsort(curve->dots, curve->count, sizeof *curve->dots, by_line);
    }
    return curve->dots != NULL;
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* The next round number from `most` on, of which a fifth is round, too. */
static double round_up(double most)
{
    if (most <= 0) {
        return 1;
    }
    double unit = pow(10, floor(log10(most)));
    static const double rounds[] = {1, 1.5, 2, 3, 4, 5, 7.5, 10};
    size_t i = 0;
    while (most > rounds[i] * unit * (1 + 1e-9) && i + 1 < sizeof rounds / sizeof *rounds) {
        i++;
    }
    return rounds[i] * unit;
}

static double place_x(const struct curve *curve, double x)
{
    return LEFT + x / curve->x_max * (RIGHT - LEFT);
}

static double place_y(const struct curve *curve, double y)
{
    return BOTTOM - y / curve->y_max * (BOTTOM - TOP);
}

static void draw_axes(struct svg *svg, const struct curve *curve)
{
    const struct svg_font below = {.size = 12, .anchor = SVG_MIDDLE};
    const struct svg_font beside = {.size = 12, .anchor = SVG_END};
    const struct svg_font turned = {.size = 13, .anchor = SVG_MIDDLE, .turned = -90};
    const struct svg_font title = {.size = 13, .anchor = SVG_MIDDLE};
    for (int i = 0; i <= 5; i++) {
        double x = curve->x_max * i / 5, y = curve->y_max * i / 5;
        svg_line(svg, LEFT, place_y(curve, y), RIGHT, place_y(curve, y), "#ddd", 1);
        svg_text(svg, LEFT - 8, place_y(curve, y) + 4, &beside, "%.3g", y);
        svg_text(svg, place_x(curve, x), BOTTOM + 18, &below, "%.3g", x);
    }
    svg_line(svg, LEFT, TOP, LEFT, BOTTOM, "#555", 1);
    svg_line(svg, LEFT, BOTTOM, RIGHT, BOTTOM, "#555", 1);
    svg_text(svg, (LEFT + RIGHT) / 2, BOTTOM + 42, &title,
             "another was elected although the leader lived, times a trial");
    svg_text(svg, 20, (TOP + BOTTOM) / 2, &turned, "nobody led, s of a trial");
}

static void draw_dot(struct svg *svg, const struct curve *curve, const struct dot *dot,
                     const char *color)
{
    char tip[320];
    snprintf(tip, sizeof tip,
             "point %zu, %s%s%s: %.3g takeovers a trial, %.3g s without a leader%s", dot->cell + 1,
             dot->label, *dot->rest ? ", " : "", dot->rest, dot->x, dot->y,
             dot->split > 0 ? ", split brain" : "");
    svg_circle(svg, place_x(curve, dot->x), place_y(curve, dot->y), dot->split > 0 ? 6 : 4,
               dot->split > 0 ? SPLIT : color, tip);
}

/* One line of dots, and its name in the legend. */
static void draw_line(struct svg *svg, const struct curve *curve, size_t from, size_t to,
                      size_t number)
{
    const struct svg_font small = {.size = 10, .anchor = SVG_START, .color = "#444"};
    const struct svg_font legend = {.size = 12, .anchor = SVG_START};
    const char *color = colors[number % COLORS];
    double *xy = calloc(2 * (to - from), sizeof *xy);
    for (size_t i = from; xy && i < to; i++) {
        xy[2 * (i - from)] = place_x(curve, curve->dots[i].x);
        xy[2 * (i - from) + 1] = place_y(curve, curve->dots[i].y);
    }
    if (xy) {
        svg_path(svg, xy, to - from, color, 1.5);
    }
    free(xy);
    for (size_t i = from; i < to; i++) {
        draw_dot(svg, curve, &curve->dots[i], color);
        if (curve->count <= 60) {
            svg_text(svg, place_x(curve, curve->dots[i].x) + 7,
                     place_y(curve, curve->dots[i].y) - 4, &small, "%s", curve->dots[i].label);
        }
    }
    if (number < 18 && curve->dots[from].rest[0]) {
        double y = TOP + 20 + 18 * (double)number;
        svg_circle(svg, RIGHT + 20, y - 4, 4, color, NULL);
        svg_text(svg, RIGHT + 32, y, &legend, "%s", curve->dots[from].rest);
    }
}

static void draw(struct svg *svg, const struct curve *curve)
{
    const struct svg_font legend = {.size = 12, .anchor = SVG_START};
    size_t number = 0;
    draw_axes(svg, curve);
    for (size_t from = 0, to; from < curve->count; from = to, number++) {
        for (to = from + 1; to < curve->count && curve->dots[to].line == curve->dots[from].line;) {
            to++;
        }
        draw_line(svg, curve, from, to, number);
    }
    svg_circle(svg, RIGHT + 20, TOP - 4, 6, SPLIT, NULL);
    svg_text(svg, RIGHT + 32, TOP, &legend, "split brain in some trial");
    if (number > 18 || curve->cut) {
        svg_text(svg, RIGHT + 20, TOP + 20 + 18 * 18, &legend, "%s",
                 curve->cut ? "and points that are not drawn" : "and more lines");
    }
}

/* Which value each letter is. */
static void draw_letters(struct svg *svg, const struct axis *axis)
{
    const struct svg_font font = {.size = 12, .anchor = SVG_START};
    for (size_t i = 0; i < axis->count; i++) {
        svg_text(svg, LEFT, HEIGHT + 4 + 17 * (double)i, &font, "%c: %s", (int)('A' + i),
                 axis_value(axis, i));
    }
}

bool curve_draw(const struct points *points, const char *name, FILE *file)
{
    const struct svg_font title = {.size = 15, .anchor = SVG_START};
    struct curve curve = {0};
    struct svg svg;
    if (!gather(&curve, points)) {
        return false;
    }
    const struct axis *axis = curve.axis < AXES_MAX ? &points->plan->axes->list[curve.axis] : NULL;
    const char *key = axis ? axis->key : "nothing varies";
    double below = axis && curve.letters ? 17 * (double)axis->count : 0;
    curve.x_max = round_up(curve.x_max);
    curve.y_max = round_up(curve.y_max);
    char words[300];
    snprintf(words, sizeof words, "%s: leaderless time against false takeovers, by %s", name, key);
    svg_begin(&svg, file, WIDTH, HEIGHT + below, words);
    svg_text(&svg, LEFT, 28, &title, "%s, by %s", name, key);
    draw(&svg, &curve);
    if (axis && curve.letters) {
        draw_letters(&svg, axis);
    }
    free(curve.dots);
    return svg_end(&svg);
}
