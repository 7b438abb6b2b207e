/* The picture of a sweep. See curve.h. */
#include "sim/sweep/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/picture/labels.h"
#include "sim/picture/svg.h"
#include "sim/sweep/dots.h"

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

/* Dots of a picture of more than these have no text beside them. */
#define NAMED_MAX 60

/* Dots that are so near, in px, share a text. */
#define NEAR 7.0

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

static double place_x(const struct dots *dots, double x)
{
    return LEFT + x / dots->x_max * (RIGHT - LEFT);
}

static double place_y(const struct dots *dots, double y)
{
    return BOTTOM - y / dots->y_max * (BOTTOM - TOP);
}

static void draw_axes(struct svg *svg, const struct dots *dots)
{
    const struct svg_font below = {.size = 12, .anchor = SVG_MIDDLE};
    const struct svg_font beside = {.size = 12, .anchor = SVG_END};
    const struct svg_font turned = {.size = 13, .anchor = SVG_MIDDLE, .turned = -90};
    const struct svg_font title = {.size = 13, .anchor = SVG_MIDDLE};
    for (int i = 0; i <= 5; i++) {
        double x = dots->x_max * i / 5, y = dots->y_max * i / 5;
        svg_line(svg, LEFT, place_y(dots, y), RIGHT, place_y(dots, y), "#ddd", 1);
        svg_text(svg, LEFT - 8, place_y(dots, y) + 4, &beside, "%.3g", y);
        svg_text(svg, place_x(dots, x), BOTTOM + 18, &below, "%.3g", x);
    }
    svg_line(svg, LEFT, TOP, LEFT, BOTTOM, "#555", 1);
    svg_line(svg, LEFT, BOTTOM, RIGHT, BOTTOM, "#555", 1);
    svg_text(svg, (LEFT + RIGHT) / 2, BOTTOM + 42, &title,
             "another was elected although the leader lived, times a trial");
    svg_text(svg, 20, (TOP + BOTTOM) / 2, &turned, "nobody led, s of a trial (p99)");
}

/* --- dots ------------------------------------------------------------------------------------- */

static bool are_near(const struct dots *dots, const struct dot *a, const struct dot *b)
{
    return fabs(place_x(dots, a->x) - place_x(dots, b->x)) < NEAR &&
           fabs(place_y(dots, a->y) - place_y(dots, b->y)) < NEAR;
}

static const char *kind_words(enum point_kind kind)
{
    return kind == POINT_SPLIT       ? "split brain"
           : kind == POINT_HOLDS     ? "no split brain"
           : kind == POINT_UNDECIDED ? "some trials cannot be judged"
                                     : "no trial could have shown a split brain";
}

/* How many dots are told where one lies over others. */
#define TOLD_MAX 4

/* What is said of a dot, and of those that it may hide. */
static void tip_text(const struct dots *dots, size_t at, char *out, size_t size)
{
    size_t used = 0, told = 0;
    for (size_t i = 0; i < dots->count && used < size; i++) {
        const struct dot *dot = &dots->list[(at + i) % dots->count];
        bool tells = are_near(dots, &dots->list[at], dot);
        if (tells && told++ < TOLD_MAX) {
            used += (size_t)snprintf(out + used, size - used,
                                     "%spoint %zu, %s%s%s: %.3g takeovers a trial, %.3g s without "
                                     "a leader, %s",
                                     used > 0 ? "; " : "", dot->cell + 1, dot->label,
                                     *dot->rest ? ", " : "", dot->rest, dot->x, dot->y,
                                     kind_words(dot->kind));
        }
    }
    if (told > TOLD_MAX && used < size) {
        snprintf(out + used, size - used, "; and %zu more", told - TOLD_MAX);
    }
}

/* What holds is drawn last, and is smaller than a split brain: neither hides the other. */
static void draw_dots(struct svg *svg, const struct dots *dots, enum point_kind kind)
{
    size_t number = 0;
    for (size_t i = 0; i < dots->count; i++) {
        const struct dot *dot = &dots->list[i];
        double x = place_x(dots, dot->x), y = place_y(dots, dot->y);
        number += i > 0 && dot->line != dots->list[i - 1].line;
        char tip[800];
        if (dot->kind != kind) {
            continue;
        }
        tip_text(dots, i, tip, sizeof tip);
        if (kind == POINT_SPLIT) {
            svg_circle(svg, x, y, 6, SPLIT, tip);
        } else if (kind == POINT_HOLDS) {
            svg_circle(svg, x, y, 4, colors[number % COLORS], tip);
        } else {
            svg_ring(svg, x, y, 4.5, colors[number % COLORS], tip);
        }
    }
}

/* The names of a dot and of those that lie there, each once, in the order of the axis: "A B". They
 * are taken from `open`, so that nothing is named twice. */
static void name_near(const struct dots *dots, size_t at, bool *open, char *out, size_t size)
{
    size_t used = 0;
    for (size_t value = 0; value < dots->axis->count && used < size; value++) {
        bool any = false;
        for (size_t i = at; i < dots->count && used < size; i++) {
            const struct dot *dot = &dots->list[i];
            if (open[i] && dot->along == value && are_near(dots, &dots->list[at], dot)) {
                used += any ? 0
                            : (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? " " : "",
                                               dot->label);
                any = true;
                open[i] = i == at;
            }
        }
    }
    open[at] = false;
}

static void draw_names(struct svg *svg, const struct dots *dots)
{
    const struct svg_font font = {.size = 11, .anchor = SVG_START, .color = "#444"};
    const struct label_room room = {LEFT, RIGHT + 12, TOP - 12, BOTTOM + 2};
    struct label *labels = calloc(dots->count, sizeof *labels);
    bool *open = calloc(dots->count, sizeof *open);
    for (size_t i = 0; labels && open && i < dots->count; i++) {
        labels[i].x = place_x(dots, dots->list[i].x);
        labels[i].y = place_y(dots, dots->list[i].y);
        open[i] = true;
    }
    for (size_t i = 0; labels && open && i < dots->count; i++) {
        if (open[i]) {
            name_near(dots, i, open, labels[i].text, sizeof labels[i].text);
        }
    }
    if (labels && open) {
        labels_put(svg, labels, dots->count, &room, &font);
    }
    free(labels);
    free(open);
}

/* --- lines and legend ------------------------------------------------------------------------- */

/* A line of dots. */
static void draw_line(struct svg *svg, const struct dots *dots, size_t from, size_t to,
                      const char *color)
{
    double *xy = calloc(2 * (to - from), sizeof *xy);
    for (size_t i = from; xy && i < to; i++) {
        xy[2 * (i - from)] = place_x(dots, dots->list[i].x);
        xy[2 * (i - from) + 1] = place_y(dots, dots->list[i].y);
    }
    if (xy) {
        svg_path(svg, xy, to - from, color, 1.5);
    }
    free(xy);
}

#define LEGEND_X (RIGHT + 24)
#define LEGEND_ROWS 20

/* The next row of the legend. */
static void put_legend(struct svg *svg, size_t row, const char *text)
{
    const struct svg_font font = {.size = 12, .anchor = SVG_START};
    svg_text(svg, LEGEND_X + 12, TOP + 18 * (double)row, &font, "%s", text);
}

/* All lines, and the legend. */
static void draw_lines(struct svg *svg, const struct dots *dots)
{
    size_t number = 0, row = 1;
    svg_circle(svg, LEGEND_X, TOP - 4, 6, SPLIT, NULL);
    put_legend(svg, 0, "split brain in some trial");
    if (dots->unknown) {
        svg_ring(svg, LEGEND_X, TOP + 14, 4.5, "#555", NULL);
        put_legend(svg, row++, "not known");
    }
    for (size_t from = 0, to; from < dots->count; from = to, number++) {
        const char *color = colors[number % COLORS];
        for (to = from + 1; to < dots->count && dots->list[to].line == dots->list[from].line;) {
            to++;
        }
        draw_line(svg, dots, from, to, color);
        if (row < LEGEND_ROWS - 1 && dots->list[from].rest[0]) {
            svg_circle(svg, LEGEND_X, TOP + 18 * (double)row - 4, 4, color, NULL);
            put_legend(svg, row++, dots->list[from].rest);
        }
    }
    if (row == LEGEND_ROWS - 1 || dots->cut) {
        put_legend(svg, row, dots->cut ? "and points that are not drawn" : "and more lines");
    }
}

/* Which value each letter is. */
static void draw_letters(struct svg *svg, const struct axis *axis)
{
    const struct svg_font font = {.size = 12, .anchor = SVG_START};
    for (size_t i = 0; i < axis->count; i++) {
        char letter[4];
        dots_letter(axis, i, letter);
        svg_text(svg, LEFT, HEIGHT + 4 + 17 * (double)i, &font, "%s: %s", letter,
                 axis_value(axis, i));
    }
}

static void draw(struct svg *svg, const struct dots *dots)
{
    static const enum point_kind kinds[] = {POINT_SPLIT, POINT_UNDECIDED, POINT_UNTESTED,
                                            POINT_HOLDS};
    draw_axes(svg, dots);
    draw_lines(svg, dots);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        draw_dots(svg, dots, kinds[i]);
    }
    if (dots->axis && dots->count <= NAMED_MAX) {
        draw_names(svg, dots);
    }
    if (dots->axis && dots->letters) {
        draw_letters(svg, dots->axis);
    }
}

bool curve_draw(const struct points *points, const char *name, FILE *file)
{
    const struct svg_font title = {.size = 15, .anchor = SVG_START};
    struct dots dots;
    struct svg svg;
    char words[300];
    if (!dots_gather(&dots, points, CURVE_POINTS_MAX)) {
        return false;
    }
    double below = dots.axis && dots.letters ? 17 * (double)dots.axis->count : 0;
    const char *key = dots.axis ? dots.axis->key : "nothing varies";
    dots.x_max = round_up(dots.x_max);
    dots.y_max = round_up(dots.y_max);
    snprintf(words, sizeof words, "%s: leaderless time against false takeovers, by %s", name, key);
    svg_begin(&svg, file, WIDTH, HEIGHT + below, words);
    svg_text(&svg, LEFT, 28, &title, "%s, by %s", name, key);
    draw(&svg, &dots);
    dots_free(&dots);
    return svg_end(&svg);
}
