/* The table of points. See told_points.h. */
#include "sim/sweep/told_points.h"

#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/terminal/style.h"

/* More points than this are not told one by one. */
#define TOLD_MAX 40

/* False: it is not finished. One that was not run is. */
static bool read_point(const struct points *points, size_t cell, struct point *point)
{
    return points->read(points->self, cell, point) || point->why[0];
}

/* A time of a point: "2,345.6", "never", "-". */
static struct short_text figure_text(int64_t ns)
{
    struct short_text text = {"-"};
    if (ns == FOREVER_NS) {
        text = (struct short_text){"never"};
    } else if (ns != NEVER_NS) {
        text = text_ms_number(ns);
    }
    return text;
}

/* Which values a name has. */
enum part { PART_ALL, PART_CHOSEN, PART_OTHER };

/* The values of the axes that vary. */
static void point_name(const struct plan *plan, size_t cell, enum part part, char *out, size_t size)
{
    size_t values[AXES_MAX];
    size_t used = 0;
    plan_values(plan, cell, values);
    *out = '\0';
    for (size_t i = 0; i < plan->axes->count && used < size; i++) {
        const struct axis *axis = &plan->axes->list[i];
        if (axis->count > 1 && (part == PART_ALL || axis->chosen == (part == PART_CHOSEN))) {
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? "  " : "",
                                     axis_value(axis, values[i]));
        }
    }
}

/* Whether what befalls varies fastest: then points of one choice stand together, under its name. */
static bool stands_together(const struct axes *axes)
{
    bool together = false;
    for (size_t i = 0; i < axes->count; i++) {
        together = axes->list[i].count > 1 ? !axes->list[i].chosen : together;
    }
    return together;
}

/* Signs in the table that want a word. */
struct signs {
    bool unknown, partly, any;
};

/* In how many trials the brain was split: never "0" where it cannot be known. */
static struct short_text split_text(const struct point *point, struct signs *signs)
{
    enum point_kind kind = point_kind(point);
    struct short_text text = text_count((uint64_t)point->of[FIGURE_SPLIT_TRIALS]);
    bool partly = kind == POINT_HOLDS && point->of[FIGURE_UNTESTED] > 0;
    if (kind == POINT_UNDECIDED || kind == POINT_UNTESTED) {
        text = (struct short_text){"?"};
        signs->unknown = true;
    } else if (partly) {
        text = (struct short_text){"0*"};
        signs->partly = true;
    }
    signs->any = true;
    return text;
}

/* Where the columns of figures end. */
enum { AT_SPLIT = 38, AT_ELECT = 52, AT_LEADERLESS = 68, AT_TAKEOVERS = 79 };

static void put_row(const struct terminal_options *options, size_t cell, const char *name,
                    const struct point *point, struct signs *signs)
{
    static const enum style styles[POINT_KINDS] = {[POINT_SPLIT] = STYLE_BAD,
                                                   [POINT_UNDECIDED] = STYLE_SUBMIT,
                                                   [POINT_UNTESTED] = STYLE_SUBMIT};
    struct line line = line_new(options, 2);
    line_format(&line, STYLE_DIM, "%zu", cell + 1);
    line_to(&line, 7);
    line_put(&line, STYLE_PLAIN, name);
    if (point->why[0]) {
        line_right(&line, AT_SPLIT, STYLE_DIM, "not run");
        line_end(&line);
        return;
    }
    line_right(&line, AT_SPLIT, styles[point_kind(point)], split_text(point, signs).text);
    line_right(&line, AT_ELECT, STYLE_PLAIN, figure_text(point->of[FIGURE_ELECT_P99]).text);
    line_right(&line, AT_LEADERLESS, STYLE_PLAIN,
               figure_text(point->of[FIGURE_LEADERLESS_P99]).text);
    line_right(&line, AT_TAKEOVERS, STYLE_PLAIN,
               text_count((uint64_t)point->of[FIGURE_FALSE_TAKEOVERS]).text);
    line_end(&line);
}

/* Longer names than this stand on a line of their own. */
#define NAME_MAX_SHOWN 20

static void put_sign(const struct terminal_options *options, const char *words)
{
    style_paragraph(options, STYLE_DIM, "  ", STYLE_DIM, words, 0);
}

/* What the columns and signs mean. */
static void put_signs(const struct terminal_options *options, const struct signs *signs)
{
    if (!signs->any) {
        return;
    }
    put_sign(options, "split brain: trials in which two led at once, or a stale write got through. "
                      "leaderless: for how many ms nobody led in a trial, all such times together "
                      "(under a lease also while its leader stands still). takeovers: another was "
                      "elected although the leader lived, in all trials.");
    if (signs->unknown) {
        put_sign(options, "?: of some trials it cannot be known (sweep.csv: undecided), or none of "
                          "them could have shown a split brain (untested).");
    }
    if (signs->partly) {
        put_sign(options, "*: in those trials that could have shown one, not in all (sweep.csv: "
                          "untested).");
    }
    fputc('\n', options->out);
}

static void put_points(const struct terminal_options *options, const struct points *points)
{
    char last[200] = "";
    struct signs signs = {0};
    bool together = stands_together(points->plan->axes);
    for (size_t cell = 0; cell < points->plan->cells; cell++) {
        char head[200], name[200] = "";
        struct point point;
        if (!read_point(points, cell, &point)) {
            continue;
        }
        point_name(points->plan, cell, together ? PART_CHOSEN : PART_ALL, head, sizeof head);
        if (together) {
            point_name(points->plan, cell, PART_OTHER, name, sizeof name);
        } else if (strlen(head) <= NAME_MAX_SHOWN) {
            snprintf(name, sizeof name, "%s", head);
            *head = '\0';
        }
        if (*head && strcmp(head, last) != 0) {
            struct line line = line_new(options, 2);
            line_put(&line, STYLE_STRONG, head);
            line_end(&line);
        }
        snprintf(last, sizeof last, "%s", head);
        put_row(options, cell, name, &point, &signs);
    }
    fputc('\n', options->out);
    put_signs(options, &signs);
}

/* Which keys the values in the lines are of. */
static void put_keys(const struct terminal_options *options, const struct axes *axes)
{
    char keys[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < axes->count && used < sizeof keys; i++) {
        if (axes->list[i].count > 1) {
            used += (size_t)snprintf(keys + used, sizeof keys - used, "%s%s",
                                     used > 0 ? ", " : "values of ", axes->list[i].key);
        }
    }
    if (used > 0) {
        style_paragraph(options, STYLE_DIM, "  ", STYLE_DIM, keys, 0);
    }
}

void told_points(const struct terminal_options *options, const char *name,
                 const struct points *points, uint32_t trials)
{
    struct line line = line_new(options, 0);
    line_put(&line, STYLE_PLAIN, "Sweep of ");
    line_put(&line, STYLE_STRONG, name);
    line_format(&line, STYLE_PLAIN, ": %s points of %s trial%s",
                text_count(points->plan->cells).text, text_count(trials).text,
                trials == 1 ? "" : "s");
    line_end(&line);
    fputc('\n', options->out);
    if (points->plan->cells > TOLD_MAX) {
        return;
    }
    put_keys(options, points->plan->axes);
    line = line_new(options, 2);
    line_put(&line, STYLE_DIM, "point");
    line_right(&line, AT_SPLIT, STYLE_DIM, "split brain");
    line_right(&line, AT_ELECT, STYLE_DIM, "elect ms p99");
    line_right(&line, AT_LEADERLESS, STYLE_DIM, "leaderless p99");
    line_right(&line, AT_TAKEOVERS, STYLE_DIM, "takeovers");
    line_end(&line);
    put_points(options, points);
}
