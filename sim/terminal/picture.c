/* The picture of a cluster at one moment of a trial.
 *
 *   trial 2/5  ━━━━━━━━━━━━━━━━━━━───────────────  3.2 of 6.0 s   14 s left
 *    ○ master   ★ 1   ○ 2  [○ 3]  × 4   ‖ 5
 *   node 1 leads, 3 of 4 nodes follow · at 3.0 s: crash 4
 *   ○ prepare  ● submit  ★ leader  ‖ paused  × dead  [ ] has lock
 *
 * A protocol without a master has no cell for one, and without statuses "running" in their place.
 * The state of a process is told by its glyph, and by its colour where there is any. A cluster too
 * wide for a line of cells is told by how many are in each state.
 */
#include "sim/terminal/picture.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/terminal/cluster.h"
#include "sim/terminal/words.h"
#include "src/protocol.h"
#include "src/units.h"

#define NARROW 60 /* columns below which one line must do */
#define SHALLOW 8 /* rows below which it must, too */

static struct line *new_line(struct picture *picture, const struct terminal_options *options,
                             int indent)
{
    assert(picture->count < PICTURE_LINES_MAX);
    struct line *line = &picture->lines[picture->count++];
    *line = line_new(options, indent);
    return line;
}

/* --- the first line: which trial, how far ----------------------------------------------------- */

static double done_part(const struct progress *progress)
{
    if (progress->phase != PHASE_SAFETY || progress->end_ns <= 0) {
        return 1;
    }
    double part = (double)progress->now_ns / (double)progress->end_ns;
    return part < 0 ? 0 : part > 1 ? 1 : part;
}

static void clock_text(const struct progress *progress, char *out, size_t size)
{
    double now_s = (double)progress->now_ns / 1e9;
    if (progress->now_ns < 0) {
        snprintf(out, size, "connecting");
    } else if (progress->phase == PHASE_SAFETY) {
        snprintf(out, size, "%.1f of %.1f s", now_s, (double)progress->end_ns / 1e9);
    } else {
        snprintf(out, size, "%.1f s, healed", now_s);
    }
}

static void left_text(int64_t left_ns, char *out, size_t size)
{
    int64_t seconds = (left_ns + 500000000) / NS_PER_S;
    if (left_ns == NEVER_NS || seconds < 1) {
        *out = '\0';
    } else if (seconds < 100) {
        snprintf(out, size, "%" PRId64 " s left", seconds);
    } else if (seconds < INT64_C(6000)) {
        snprintf(out, size, "%" PRId64 " min left", (seconds + 30) / 60);
    } else {
        snprintf(out, size, "%s h left", text_count((uint64_t)(seconds + 1800) / 3600).text);
    }
}

static void draw_head(struct picture *picture, const struct terminal_options *options,
                      const struct progress *progress, int64_t left_ns)
{
    char time[WORD_SIZE], left[WORD_SIZE];
    struct line *line = new_line(picture, options, 2);
    line_format(line, STYLE_STRONG, "trial %s/%s", text_count(progress->trial).text,
                text_count(progress->trials).text);
    line_put(line, STYLE_PLAIN, "  ");
    int width = options->columns - line->width - 34;
    width = width > 40 ? 40 : width < 8 ? 8 : width;
    int filled = (int)(done_part(progress) * width + 0.5);
    line_glyphs(line, STYLE_GOOD, GLYPH_DONE, filled);
    line_glyphs(line, STYLE_DIM, GLYPH_LEFT, width - filled);
    clock_text(progress, time, sizeof time);
    left_text(left_ns, left, sizeof left);
    line_format(line, STYLE_PLAIN, "  %s", time);
    line_format(line, STYLE_DIM, "   %s", left);
}

void picture_count(struct picture *picture, const struct terminal_options *options,
                   const struct progress *progress, uint32_t done, int64_t left_ns)
{
    char time[WORD_SIZE], left[WORD_SIZE];
    uint32_t number = done < progress->trials ? done + 1 : done;
    picture->count = 0;
    struct line *line = new_line(picture, options, 2);
    line_format(line, STYLE_STRONG, "trial %s of %s", text_count(number).text,
                text_count(progress->trials).text);
    if (progress->trials == 1) {
        clock_text(progress, time, sizeof time);
        line_format(line, STYLE_PLAIN, "  %s  %s", glyph(options, GLYPH_DOT), time);
    }
    left_text(left_ns, left, sizeof left);
    if (*left) {
        line_format(line, STYLE_DIM, "  %s  %s", glyph(options, GLYPH_DOT), left);
    }
}

/* --- cells: a glyph and a number for each process --------------------------------------------- */

static int digits_of(uint32_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10) {
        digits++;
    }
    return digits;
}

/* How the cells of a cluster are laid out. */
struct grid {
    bool tight; /* "[○3]" instead of "[○ 3] " */
    int indent; /* columns before the first node's */
    int cell;   /* columns of one */
    int a_line; /* cells in a line */
    int lines;
};

#define MASTER_CELL 13 /* the indent and " ○ master  " */

static struct grid grid_of(const struct terminal_options *options, const struct settings *settings,
                           bool tight)
{
    uint32_t nodes = settings->nodes;
    struct grid grid = {.tight = tight,
                        .indent = protocol_has_master(settings) ? MASTER_CELL : 2,
                        .cell = digits_of(nodes) + (tight ? 3 : 5)};
    grid.a_line = (options->columns - 1 - grid.indent) / grid.cell;
    grid.lines = ((int)nodes + grid.a_line - 1) / grid.a_line;
    return grid;
}

static void draw_cell(struct line *line, const struct progress *progress, uint32_t id,
                      const char *label, bool tight)
{
    const struct cluster_member *process = &progress->processes[id];
    const struct role_row *role = &role_rows[role_of(progress, id)];
    bool inside = process->alive && process->claim.in_section;
    line_put(line, STYLE_WARN, inside ? "[" : " ");
    line_put(line, role->style, glyph(line->options, role->glyph));
    line_format(line, role->style, "%s%s", tight ? "" : " ", label);
    line_put(line, STYLE_WARN, inside ? "]" : " ");
}

static void draw_cells(struct picture *picture, const struct terminal_options *options,
                       const struct progress *progress, struct grid grid)
{
    const struct settings *settings = &progress->scenario->settings;
    uint32_t nodes = settings->nodes;
    struct line *line = new_line(picture, options, 2);
    if (protocol_has_master(settings)) {
        draw_cell(line, progress, MASTER_ID, "master", false);
        line_to(line, grid.indent);
    }
    for (uint32_t id = 1; id <= nodes; id++) {
        char label[WORD_SIZE];
        int place = (int)(id - 1) % grid.a_line;
        if (id > 1 && place == 0) {
            line = new_line(picture, options, grid.indent);
        }
        snprintf(label, sizeof label, "%" PRIu32, id);
        draw_cell(line, progress, id, label, grid.tight);
        if (line->width < grid.indent + (place + 1) * grid.cell) { /* a shorter number */
            line_to(line, grid.indent + (place + 1) * grid.cell);
        }
    }
}

/* --- counts: how many nodes are in each state ------------------------------------------------- */

static void draw_counts(struct picture *picture, const struct terminal_options *options,
                        const struct progress *progress, const struct cluster *cluster)
{
    struct line *line = new_line(picture, options, 2);
    if (protocol_has_master(&progress->scenario->settings)) {
        draw_cell(line, progress, MASTER_ID, "master", false);
    }
    line_format(line, STYLE_STRONG, "  %s  ", word_count(cluster->nodes, "node").text);
    static const enum role order[] = {ROLE_LEADER,  ROLE_RUNNING, ROLE_PREPARE, ROLE_SUBMIT,
                                      ROLE_UNKNOWN, ROLE_PAUSED,  ROLE_DEAD,    ROLE_WAITING};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct role_row *role = &role_rows[order[i]];
        if (cluster->roles[order[i]] > 0) {
            line_format(line, role->style, " %s %s ", glyph(options, role->glyph),
                        word_count(cluster->roles[order[i]], "").text);
        }
    }
    if (cluster->holder > MASTER_ID) {
        line_format(line, STYLE_WARN, " [%s]", word_who(cluster->holder).text);
    }
}

/* --- rows: a line for each process ------------------------------------------------------------ */

static void draw_row(struct picture *picture, const struct terminal_options *options,
                     const struct progress *progress, uint32_t id)
{
    const struct cluster_member *process = &progress->processes[id];
    const struct claim *claim = &process->claim;
    const struct role_row *role = &role_rows[role_of(progress, id)];
    bool inside = process->alive && claim->in_section;
    struct line *line = new_line(picture, options, 3);
    line_put(line, STYLE_WARN, inside ? "[" : " ");
    line_put(line, role->style, glyph(options, role->glyph));
    line_put(line, STYLE_WARN, inside ? "]" : " ");
    line_format(line, role->style, " %s", word_who((int32_t)id).text);
    line_to(line, 20);
    line_put(line, role->style, role->name);
    if (role_of(progress, id) == ROLE_DEAD || role_of(progress, id) == ROLE_WAITING) {
        return;
    }
    line_to(line, 34);
    if (claim->follows == (int32_t)id) {
        line_put(line, STYLE_PLAIN, "leads itself");
    } else if (claim->follows == NOBODY) {
        line_put(line, STYLE_DIM, "follows nobody");
    } else {
        line_format(line, STYLE_PLAIN, "follows %s", word_who(claim->follows).text);
    }
    line_to(line, 54);
    if (claim->term > 0) {
        line_format(line, STYLE_DIM, "term %" PRIu64, claim->term);
    }
    if (inside) {
        line_put(line, STYLE_WARN, "   inside the lock");
    }
}

/* --- the last lines --------------------------------------------------------------------------- */

static void draw_sentence(struct picture *picture, const struct terminal_options *options,
                          const struct progress *progress, const struct cluster *cluster)
{
    char text[256];
    struct line *line = new_line(picture, options, 2);
    enum style style = cluster_sentence(progress, cluster, false, text, sizeof text);
    line_put(line, style, text);
    if (progress->last_fault) {
        line_format(line, STYLE_DIM, "  %s  ", glyph(options, GLYPH_DOT));
        line_format(line, STYLE_WARN, "%s  %s", word_clock(progress->last_fault_ns).text,
                    progress->last_fault);
    }
}

static void draw_legend(struct picture *picture, const struct terminal_options *options,
                        const struct settings *settings)
{
    static const enum role order[] = {ROLE_RUNNING, ROLE_PREPARE, ROLE_SUBMIT, ROLE_LEADER,
                                      ROLE_PAUSED,  ROLE_DEAD,    ROLE_WAITING};
    struct line *line = new_line(picture, options, 2);
    bool statuses = protocol_has_statuses(settings);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct role_row *role = &role_rows[order[i]];
        bool status = order[i] == ROLE_PREPARE || order[i] == ROLE_SUBMIT;
        if (statuses ? order[i] == ROLE_RUNNING : status) {
            continue;
        }
        line_format(line, STYLE_DIM, "%s %s  ", glyph(options, role->glyph), role->name);
    }
    line_put(line, STYLE_DIM, "[ ] has lock");
}

static void draw_narrow(struct picture *picture, const struct terminal_options *options,
                        const struct progress *progress, const struct cluster *cluster)
{
    char text[256];
    struct line *line = new_line(picture, options, 0);
    enum style style = cluster_sentence(progress, cluster, true, text, sizeof text);
    const struct word time = word_clock(progress->now_ns > 0 ? progress->now_ns : 0);
    line_format(line, STYLE_STRONG, "%s/%s", text_count(progress->trial).text,
                text_count(progress->trials).text);
    line_format(line, STYLE_DIM, " %s  ", time.text);
    line_put(line, style, text);
}

void picture_draw(struct picture *picture, const struct terminal_options *options,
                  const struct progress *progress, int64_t left_ns)
{
    const struct settings *settings = &progress->scenario->settings;
    struct cluster cluster = cluster_count(progress);
    picture->count = 0;
    if (options->columns < NARROW || options->rows < SHALLOW) {
        draw_narrow(picture, options, progress, &cluster);
        return;
    }
    draw_head(picture, options, progress, left_ns);
    /* Room for the processes: less the head, the sentence, the legend and the cursor's own row. */
    int room =
        options->rows - 4 < PICTURE_LINES_MAX - 3 ? options->rows - 4 : PICTURE_LINES_MAX - 3;
    struct grid grid = grid_of(options, settings, false);
    if (grid.lines > 1) {
        grid = grid_of(options, settings, true);
    }
    bool rows = options->watch && cluster.nodes < (uint32_t)room;
    bool legend = !rows; /* rows have words for what the glyphs mean */
    if (rows) {
        for (uint32_t id = protocol_first_id(settings); id <= cluster.nodes; id++) {
            draw_row(picture, options, progress, id);
        }
    } else if (grid.lines <= (options->watch ? room : 2)) {
        draw_cells(picture, options, progress, grid);
        legend = options->watch || grid.lines == 1; /* without --watch four lines must do */
    } else {
        draw_counts(picture, options, progress, &cluster);
    }
    draw_sentence(picture, options, progress, &cluster);
    if (legend) {
        draw_legend(picture, options, settings);
    }
}
