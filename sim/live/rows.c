/* The rows of the screen: one for each member and each server. See screen.h. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/live/screen.h"
#include "sim/live/steps.h"
#include "src/lock/lock.h"
#include "src/protocol.h"
#include "src/units.h"

/* Where the columns begin. */
struct columns {
    int role, follows, lock, step;
    bool bar;  /* a lock has one */
    bool time; /* a step has one */
};

#define SERVER_AT 14      /* what is said of a server */
#define BAR 8             /* columns of the bar of a lock */
#define ROWS_FOR_LEADER 5 /* so many rows there must be for one of who leads */
#define NOT_AT_ALL 1000

static const struct columns *columns_of(const struct terminal_options *options)
{
    static const struct columns tight = {10, NOT_AT_ALL, 24, NOT_AT_ALL, .bar = false};
    static const struct columns without_step = {11, 28, 36, NOT_AT_ALL, .bar = true};
    static const struct columns usual = {11, 28, 36, 57, .bar = true};
    static const struct columns wide = {13, 32, 42, 64, .bar = true, .time = true};
    return options->columns < 60    ? &tight
           : options->columns < 72  ? &without_step
           : options->columns < 100 ? &usual
                                    : &wide;
}

struct cell {
    char text[64];
    enum style style;
    int part; /* of the bar, in BARs; -1: no bar */
};

/* --- what a member is ------------------------------------------------------------------------- */

static const struct view_process *process_of(const struct screen *screen, uint16_t id)
{
    return &screen->reel->scene.view.processes[id];
}

static enum glyph sign_of(uint32_t bits)
{
    return !(bits & SCENE_BORN)      ? GLYPH_WAITING
           : !(bits & SCENE_ALIVE)   ? GLYPH_DEAD
           : bits & SCENE_PAUSED     ? GLYPH_PAUSED
           : !(bits & SCENE_STARTED) ? GLYPH_WAITING
           : bits & SCENE_LEADS      ? GLYPH_LEADER
           : bits & SCENE_SUBMITS    ? GLYPH_SUBMIT
                                     : GLYPH_PREPARE;
}

static enum style style_of(uint32_t bits)
{
    return !(bits & SCENE_BORN)      ? STYLE_DIM
           : !(bits & SCENE_ALIVE)   ? STYLE_BAD
           : bits & SCENE_PAUSED     ? STYLE_PAUSED
           : !(bits & SCENE_STARTED) ? STYLE_DIM
           : bits & SCENE_CUT        ? STYLE_WARN
           : bits & SCENE_LEADS      ? STYLE_LEADER
           : bits & SCENE_SUBMITS    ? STYLE_SUBMIT
                                     : STYLE_PLAIN;
}

/* "paused, leads", "prepare, cut off". Never started is not dead. */
static void role_text(const struct screen *screen, uint32_t bits, char *out, size_t size)
{
    const struct settings *settings = &screen->reel->history->facts.settings;
    if (!(bits & SCENE_STARTED) || !(bits & SCENE_ALIVE)) {
        bool dead = bits & SCENE_BORN && !(bits & SCENE_ALIVE);
        snprintf(out, size, "%s%s", dead ? "dead" : "not started yet",
                 bits & SCENE_PAUSED && !dead ? ", paused" : "");
        return;
    }
    bool leads = bits & SCENE_LEADS, statuses = protocol_has_statuses(settings);
    const char *status = !statuses ? "running" : bits & SCENE_SUBMITS ? "submit" : "prepare";
    snprintf(out, size, "%s%s%s%s%s", bits & SCENE_PAUSED ? "paused, " : "", leads ? "leads" : "",
             leads && statuses ? ", " : "", leads && !statuses ? "" : status,
             bits & SCENE_CUT ? ", cut off" : "");
}

/* --- its lock --------------------------------------------------------------------------------- */

/* On how many servers the lock is the member's, and the first of these holds. */
static uint32_t holds_of(const struct screen *screen, uint16_t id, const struct scene_hold **first)
{
    const struct scene *scene = &screen->reel->scene;
    uint32_t count = 0;
    *first = NULL;
    for (uint8_t server = 0; server < scene->view.facts->settings.servers; server++) {
        const struct scene_hold *hold = &scene->locks[server];
        if (hold->holder == (int32_t)id && hold->until_ns > screen->now_ns) {
            *first = *first ? *first : hold;
            count++;
        }
    }
    return count;
}

static int part_of(int64_t left_ns, int64_t whole_ns)
{
    if (whole_ns <= 0 || left_ns <= 0) {
        return 0;
    }
    double part = (double)left_ns / (double)whole_ns;
    int filled = (int)(part * BAR + 0.999);
    return filled > BAR ? BAR : filled;
}

/* What it holds, or waits for, and for how long. By its own word it may be inside though the server
 * has given the lock to somebody else: that is told. */
static struct cell lock_cell(const struct screen *screen, uint16_t id, uint32_t bits)
{
    struct cell cell = {.text = "-", .style = STYLE_DIM, .part = -1};
    const struct view_process *process = process_of(screen, id);
    const struct scene_hold *hold;
    uint32_t count = holds_of(screen, id, &hold);
    uint8_t servers = screen->reel->history->facts.settings.servers;
    if (count > 0) {
        char of[24] = "";
        if (servers > 1) {
            snprintf(of, sizeof of, "%" PRIu32 " of %u ", count, (unsigned)servers);
        }
        bool ends = hold->until_ns != INT64_MAX;
        cell.style = STYLE_STRONG;
        cell.part = part_of(hold->until_ns - screen->now_ns, hold->until_ns - hold->from_ns);
        cell.part = ends ? cell.part : BAR;
        snprintf(cell.text, sizeof cell.text, "%s%s", of,
                 ends ? text_ms(hold->until_ns - screen->now_ns).text : "no end");
    } else if (bits & SCENE_INSIDE && bits & SCENE_ALIVE &&
               lock_rows[screen->reel->history->facts.settings.row[OWNER_LOCK]] != &lock_none) {
        cell.style = STYLE_BAD;
        snprintf(cell.text, sizeof cell.text, "gone: unaware");
    } else if (bits & SCENE_WAITS && bits & SCENE_ALIVE && process->asks_since_ns != INT64_MIN) {
        cell.style = STYLE_PLAIN;
        snprintf(cell.text, sizeof cell.text, "waits %s",
                 text_ms(screen->now_ns - process->asks_since_ns).text);
    }
    return cell;
}

static void put_lock(struct line *line, const struct cell *cell, bool bar)
{
    if (cell->part >= 0 && bar) {
        line_glyphs(line, cell->style, GLYPH_DONE, cell->part);
        line_glyphs(line, STYLE_DIM, GLYPH_LEFT, BAR - cell->part);
        line_put(line, STYLE_PLAIN, " ");
    }
    line_put(line, cell->style, cell->text);
}

/* --- a row ------------------------------------------------------------------------------------ */

static void put_step(const struct screen *screen, struct line *line, uint16_t id,
                     const struct columns *columns)
{
    const struct history *history = screen->reel->history;
    uint32_t last = screen->reel->scene.members[id].last;
    char words[160];
    if (last == EVENT_NONE || columns->step == NOT_AT_ALL) {
        return;
    }
    while (last > 0 && history->events[last].kind == HISTORY_MORE) {
        last--;
    }
    const struct history_event *event = &history->events[last];
    line_to(line, columns->step);
    if (columns->time) {
        line_format(line, STYLE_DIM, "%.3f ", (double)event->at_ns / 1e9);
    }
    line_put(line, STYLE_PLAIN, step_words(history, event, words, sizeof words));
}

static void put_follows(struct line *line, int32_t follows)
{
    line_put(line, STYLE_PLAIN,
             follows == NOBODY      ? "-"
             : follows == MASTER_ID ? "master"
                                    : text_process(follows).text);
}

static void draw_member(const struct screen *screen, const struct terminal_options *options,
                        struct frame *frame, uint16_t id)
{
    const struct columns *columns = columns_of(options);
    struct line *line = frame_line(frame, options, 1);
    uint32_t bits = scene_bits(&screen->reel->scene, id);
    bool acts = bits & SCENE_STARTED && bits & SCENE_ALIVE;
    enum style style = style_of(bits);
    char text[64];
    if (!line) {
        return;
    }
    line_put(line, style, glyph(options, sign_of(bits)));
    line_to(line, ROW_NAME_AT);
    line_put(line, STYLE_STRONG, id == MASTER_ID ? "master" : text_process(id).text);
    line_to(line, columns->role);
    role_text(screen, bits, text, sizeof text);
    line_put(line, style, text);
    if (acts && columns->follows != NOT_AT_ALL) {
        line_to(line, columns->follows);
        put_follows(line, process_of(screen, id)->claim.follows);
    }
    if (acts) {
        struct cell lock = lock_cell(screen, id, bits);
        line_to(line, columns->lock);
        put_lock(line, &lock, columns->bar);
    }
    put_step(screen, line, id, columns);
}

/* --- which of them ---------------------------------------------------------------------------- */

/* How much a member matters to who watches; the more, the more. */
static uint32_t weight_of(const struct screen *screen, uint16_t id)
{
    uint32_t bits = scene_bits(&screen->reel->scene, id);
    const struct scene_hold *hold;
    uint32_t weight = id == MASTER_ID ? 32 : 0;
    weight += bits & SCENE_LEADS ? 64u : 0;
    weight += bits & SCENE_INSIDE || holds_of(screen, id, &hold) > 0 ? 16u : 0;
    weight += bits & SCENE_PAUSED ? 8u : 0;
    weight += bits & SCENE_CUT ? 4u : 0;
    weight += bits & SCENE_BORN && !(bits & SCENE_ALIVE) ? 4u : 0;
    weight += bits & SCENE_SUBMITS ? 2u : 0;
    weight += screen->reel->scene.view.published.leader == (int32_t)id ? 48u : 0;
    return weight;
}

/* The smallest weight such that at most `room` members have more. */
static uint32_t threshold(const struct screen *screen, uint16_t first, uint32_t count, int room)
{
    uint32_t more[256] = {0};
    for (uint32_t id = first; id < count; id++) {
        uint32_t weight = weight_of(screen, (uint16_t)id);
        more[weight < 255 ? weight : 255]++;
    }
    int taken = 0;
    for (uint32_t weight = 255; weight > 0; weight--) {
        taken += (int)more[weight];
        if (taken > room) {
            return weight;
        }
    }
    return 0;
}

/* "and 94 others: 90 prepare, 3 dead, 1 not started yet". */
static void draw_others(const struct screen *screen, const struct terminal_options *options,
                        struct frame *frame, const uint32_t *signs, uint32_t others)
{
    static const struct {
        enum glyph sign;
        const char *words;
    } list[] = {{GLYPH_LEADER, "lead"},   {GLYPH_SUBMIT, "submit"}, {GLYPH_PREPARE, "prepare"},
                {GLYPH_PAUSED, "paused"}, {GLYPH_DEAD, "dead"},     {GLYPH_WAITING, "not started"}};
    const struct settings *settings = &screen->reel->history->facts.settings;
    struct line *line = frame_line(frame, options, ROW_NAME_AT);
    const char *between = ":";
    if (!line) {
        return;
    }
    line_format(line, STYLE_STRONG, "and %s more", text_count(others).text);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (signs[list[i].sign] > 0) {
            bool running = list[i].sign == GLYPH_PREPARE && !protocol_has_statuses(settings);
            line_format(line, STYLE_PLAIN, "%s %s %s %s", between,
                        text_count(signs[list[i].sign]).text, glyph(options, list[i].sign),
                        running ? "running" : list[i].words);
            between = ",";
        }
    }
}

static void draw_members(const struct screen *screen, const struct terminal_options *options,
                         struct frame *frame, int most)
{
    const struct settings *settings = &screen->reel->history->facts.settings;
    uint16_t first = protocol_first_id(settings);
    uint32_t count = settings->nodes + 1u, others = 0;
    uint32_t signs[GLYPHS] = {0};
    bool all = count - first <= (uint32_t)most;
    int room = all ? most : most - 1;
    uint32_t least = all ? 0 : threshold(screen, first, count, room);
    int spare = room; /* for those that matter as much as the least, by their numbers */
    for (uint32_t id = first; id < count; id++) {
        spare -= weight_of(screen, (uint16_t)id) > least;
    }
    for (uint32_t id = first; id < count; id++) {
        uint32_t weight = weight_of(screen, (uint16_t)id);
        bool taken = all || weight > least || (weight == least && spare-- > 0);
        if (taken) {
            draw_member(screen, options, frame, (uint16_t)id);
        } else {
            signs[sign_of(scene_bits(&screen->reel->scene, (uint16_t)id))]++;
            others++;
        }
    }
    if (others > 0) {
        draw_others(screen, options, frame, signs, others);
    }
}

static void draw_titles(const struct terminal_options *options, struct frame *frame)
{
    const struct columns *columns = columns_of(options);
    const struct {
        int at;
        const char *title;
    } titles[] = {{columns->role, "what it is"},
                  {columns->follows, "follows"},
                  {columns->lock, "its lock"},
                  {columns->step, "its last step"}};
    struct line *line = frame_line(frame, options, ROW_NAME_AT);
    if (line) {
        line_put(line, STYLE_DIM, "member");
        for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
            if (titles[i].at != NOT_AT_ALL) {
                line_to(line, titles[i].at);
                line_put(line, STYLE_DIM, titles[i].title);
            }
        }
    }
}

int rows_wanted(const struct screen *screen)
{
    const struct settings *settings = &screen->reel->history->facts.settings;
    int members = (int)settings->nodes + 1 - (int)protocol_first_id(settings);
    return 2 + members + (int)settings->servers;
}

void rows_draw(const struct screen *screen, const struct terminal_options *options,
               struct frame *frame, int most)
{
    const struct settings *settings = &screen->reel->history->facts.settings;
    bool all = most >= rows_wanted(screen) || settings->servers <= most / 2;
    uint8_t servers = (uint8_t)(all ? settings->servers : most / 2);
    assert(most >= 3);
    draw_titles(options, frame);
    bool leader = most >= ROWS_FOR_LEADER;
    draw_members(screen, options, frame, most - 1 - servers - leader);
    if (leader) {
        leader_row_draw(screen, options, frame);
    }
    for (uint8_t server = 0; server < servers; server++) {
        server_row_draw(screen, options, frame, server);
    }
}
