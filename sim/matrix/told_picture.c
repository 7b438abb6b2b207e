/* matrix.svg: a heat map. See told.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/matrix/told.h"
#include "sim/picture/svg.h"

/* Px. */
#define CELL_W 70.0
#define CELL_H 27.0
#define LEFT 214.0
#define TOP 24.0
#define LEGEND 94.0
#define LETTERS 11.0
#define LETTER_W 6.2 /* at most, on average */
#define UP 0.66      /* how far a name that is turned reaches up, and to the right, for each px */
#define RIGHT 0.77
#define INK "#222222"

/* Colours that differ in lightness, too: in grey, and to those who see no red. */
static const struct look {
    const char *fill, *ink;
} looks[CELL_KINDS] = {[CELL_HOLDS] = {"#bfe3c6", "#123d1c"},
                       [CELL_BREAKS] = {"#b3261e", "#ffffff"},
                       [CELL_BLOCKS] = {"#f2b84b", "#3a2600"},
                       [CELL_UNDECIDED] = {"#9db9e8", "#10264d"},
                       [CELL_NOT_APPLICABLE] = {"#eeeeee", "#707070"}};
static const struct look look_ends = {"#eba9a3", "#4d0f0b"}; /* cell_ends() */

static double names_width(const struct matrix *matrix)
{
    size_t longest = 0;
    for (size_t i = 0; i < matrix->combination_count; i++) {
        size_t length = strlen(matrix->combinations[i].name);
        longest = length > longest ? length : longest;
    }
    return (double)longest * LETTER_W;
}

/* "breaks", "breaks 12%". */
static void kind_text(const struct cell *cell, char *out, size_t size)
{
    unsigned percent = told_percent(cell);
    const char *name = cell_ends(cell)                     ? "ends"
                       : cell->kind == CELL_NOT_APPLICABLE ? "–"
                                                           : cell_kind_names[cell->kind];
    if (percent > 0) {
        snprintf(out, size, "%s %u%%", name, percent);
    } else {
        snprintf(out, size, "%s%s", name, cell_partly(cell) ? "*" : "");
    }
}

/* "0.6 ms", "397 ms", "3.8 s": as much as fits into a cell. */
static char *time_text(int64_t ns, char out[24])
{
    double ms = (double)ns / 1e6;
    snprintf(out, 24,
             ms < 99.95   ? "%.1f ms"
             : ms < 999.5 ? "%.0f ms"
                          : "%.1f s",
             ms < 999.5 ? ms : ms / 1000);
    return out;
}

/* The price: unfenced writes, or else for how long two were at once, or else the promise that was
 * broken; what blocks; where nothing breaks, for how long nobody led. */
static void price_text(const struct cell *cell, char *out, size_t size)
{
    char time[24];
    out[0] = '\0';
    assert(cell->check < (int)check_count());
    if (cell->kind == CELL_BREAKS && cell->unfenced > 0) {
        snprintf(out, size, "%s unfenced", text_count(cell->unfenced).text);
    } else if (cell->kind == CELL_BREAKS && cell->overlap.most_ns > 0) {
        snprintf(out, size, "two %s", time_text(cell->overlap.most_ns, time));
    } else if (cell->kind == CELL_BREAKS && cell->check >= 0) {
        snprintf(out, size, "%s", check_rows[cell->check]->name);
    } else if (cell->kind == CELL_BLOCKS) {
        bool waits = cell->check >= 0 && check_rows[cell->check] == &check_starvation;
        snprintf(out, size, "%s", waits ? "waits too long" : "nobody at end");
    } else if (cell->kind == CELL_HOLDS && cell->leads) {
        snprintf(out, size, "nobody %s", time_text(cell->leaderless.most_ns, time));
    }
}

static void draw_box(struct svg *svg, const struct cell *cell, double x, double y)
{
    char kind[48], price[48];
    assert(cell->kind < CELL_KINDS);
    const struct look *look = cell_ends(cell) ? &look_ends : &looks[cell->kind];
    const struct svg_font large = {.size = 10, .anchor = SVG_MIDDLE, .color = look->ink};
    const struct svg_font small = {.size = 8.5, .anchor = SVG_MIDDLE, .color = look->ink};
    kind_text(cell, kind, sizeof kind);
    price_text(cell, price, sizeof price);
    svg_rect(svg, x, y, CELL_W - 1, CELL_H - 1, look->fill);
    svg_text(svg, x + CELL_W / 2, y + (price[0] ? 11 : 16), &large, "%s", kind);
    if (price[0]) {
        svg_text(svg, x + CELL_W / 2, y + 21.5, &small, "%s", price);
    }
}

/* "leader-stalls against lease+token: breaks: stale_write". */
static void tip_text(const struct matrix *matrix, size_t number, const struct cell *cell, char *out,
                     size_t size)
{
    char words[64];
    snprintf(out, size, "%s against %s: %s%s%s", matrix_story(matrix, number)->name,
             matrix_combination(matrix, number)->name, cell_words(cell, words, sizeof words),
             cell->check >= 0 ? ": " : "", cell->check >= 0 ? check_rows[cell->check]->name : "");
}

/* A cell that ran leads to its scenario. */
static void draw_cell(struct svg *svg, const struct matrix *matrix, size_t number,
                      const struct cell *cell, double top)
{
    size_t columns = matrix->combination_count;
    char file[COMBINATION_NAME + 100], tip[COMBINATION_NAME + 300];
    if (cell->trials > 0) {
        tip_text(matrix, number, cell, tip, sizeof tip);
        svg_link(svg, matrix_cell_file(matrix, number, file, sizeof file));
        svg_tip(svg, tip);
    }
    size_t row = number / columns;
    draw_box(svg, cell, LEFT + (double)(number % columns) * CELL_W, top + (double)row * CELL_H);
    if (cell->trials > 0) {
        svg_link_end(svg);
    }
}

static void draw_names(struct svg *svg, const struct matrix *matrix, double top)
{
    const struct svg_font name = {
        .size = LETTERS, .anchor = SVG_START, .color = INK, .turned = -40};
    const struct svg_font story = {.size = LETTERS, .anchor = SVG_END, .color = INK};
    for (size_t i = 0; i < matrix->combination_count; i++) {
        svg_text(svg, LEFT + ((double)i + 0.45) * CELL_W, top - 6, &name, "%s",
                 matrix->combinations[i].name);
    }
    for (size_t i = 0; i < matrix->story_count; i++) {
        svg_text(svg, LEFT - 8, top + (double)i * CELL_H + 17, &story, "%s",
                 matrix->stories[i].name);
    }
}

static void draw_legend(struct svg *svg, double y)
{
    static const char *const lines[] = {
        "breaks: in one trial at least, a promise was broken; below it how many unfenced writes "
        "there were in all trials (an older leader's,",
        "which got through), or for how long there were two at once, at most in one trial, or "
        "which check was broken",
        "blocks: nobody led when the trial ended, or somebody had waited for the lock, for longer "
        "than the story allows",
        "holds: nothing broke; below it for how long there was no leader meanwhile, at most in one "
        "trial",
        "holds*: in those trials that tested it, which are not all; –: does not apply, or was not "
        "tested"};
    const struct svg_font font = {.size = 10, .anchor = SVG_START, .color = INK};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        svg_text(svg, 12, y + 20 + 15 * (double)i, &font, "%s", lines[i]);
    }
}

/* A line more, where there is such a cell. */
static void draw_ends(struct svg *svg, double y)
{
    const struct svg_font font = {.size = 10, .anchor = SVG_START, .color = INK};
    svg_text(svg, 12, y + 5, &font,
             "ends: a program ended by itself (program_ended); no promise of its lock was broken");
}

static bool any_ends(const struct told_matrix *told)
{
    struct cell cell;
    for (size_t i = 0; i < matrix_cells(told->matrix); i++) {
        if (told->read(told->self, i, &cell) && cell_ends(&cell)) {
            return true;
        }
    }
    return false;
}

bool told_picture(const struct told_matrix *told, FILE *file)
{
    bool ends = any_ends(told);
    const struct matrix *matrix = told->matrix;
    double names = names_width(matrix);
    double top = TOP + names * UP;
    double bottom = top + (double)matrix->story_count * CELL_H;
    double width = LEFT + (double)matrix->combination_count * CELL_W + names * RIGHT - CELL_W / 2;
    struct svg svg;
    struct cell cell;
    svg_begin(&svg, file, width < 760 ? 760 : width, bottom + LEGEND + (ends ? 15 : 0),
              "Which story breaks which combination of protocol and lock, and at what price");
    draw_names(&svg, matrix, top);
    for (size_t i = 0; i < matrix_cells(matrix); i++) {
        if (told->read(told->self, i, &cell)) {
            draw_cell(&svg, matrix, i, &cell, top);
        }
    }
    draw_legend(&svg, bottom);
    if (ends) {
        draw_ends(&svg, bottom + LEGEND);
    }
    return svg_end(&svg);
}
