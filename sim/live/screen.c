/* The screen as a whole: what stands where. See screen.h. */
#include "sim/live/screen.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/names.h"
#include "sim/history/text.h"
#include "sim/live/steps.h"
#include "src/owners.h"
#include "src/units.h"

#define ROWS_LEAST 4 /* the head, the time, the step, the status */
#define ROOMY 16     /* from so many rows on, there are empty ones */
#define NARROW 60    /* columns below which words are spared */
#define NEWS_LEAST 4 /* rows of news, where it is roomy */

/* --- the head --------------------------------------------------------------------------------- */

static void empty(struct frame *frame, const struct terminal_options *options)
{
    frame_line(frame, options, 0);
}

static void draw_head(const struct screen *screen, const struct terminal_options *options,
                      struct frame *frame)
{
    const struct history_facts *facts = &screen->reel->history->facts;
    struct line *line = frame_line(frame, options, 1);
    line_put(line, STYLE_STRONG, facts->scenario);
    line_format(line, STYLE_PLAIN, "  trial %" PRIu32, facts->trial);
    if (screen->trials > 1) {
        line_format(line, STYLE_PLAIN, " of %s", text_count(screen->trials).text);
    }
    line_format(line, STYLE_DIM, "  %s, lock %s, on %s",
                owner_row_name(OWNER_PROTOCOL, facts->settings.row[OWNER_PROTOCOL]),
                owner_row_name(OWNER_LOCK, facts->settings.row[OWNER_LOCK]), screen->world);
}

static void draw_time(const struct screen *screen, const struct terminal_options *options,
                      struct frame *frame)
{
    struct line *line = frame_line(frame, options, 1);
    char end[80] = "";
    bool narrow = options->columns < NARROW;
    const struct view *view = &screen->reel->scene.view;
    double part = screen->end_ns > 0 ? (double)screen->now_ns / (double)screen->end_ns : 1;
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    snprintf(end, sizeof end, "  %s%s%s%s", narrow ? "" : "event ",
             text_count(screen->reel->place).text, screen->last > 0 ? " of " : "",
             screen->last > 0 ? text_count(screen->last).text : "");
    int64_t us = screen->now_ns / NS_PER_US; /* so that no zero has a minus */
    line_format(line, STYLE_STRONG, "%11.6f s ", (double)us / 1e6);
    int width = options->columns - line->width - (int)strlen(end) - 22;
    width = width > 40 ? 40 : width;
    if (width >= 6) {
        int filled = (int)(part * width + 0.5);
        line_glyphs(line, STYLE_GOOD, GLYPH_DONE, filled);
        line_glyphs(line, STYLE_DIM, GLYPH_LEFT, width - filled);
    }
    line_format(line, STYLE_PLAIN, " of %.1f s", (double)screen->end_ns / 1e9);
    line_put(line, STYLE_DIM, end);
    if (view->phase != PHASE_SAFETY) {
        line_put(line, STYLE_WARN, view->phase == PHASE_END ? "  ended" : "  healed");
    }
}

/* --- news ------------------------------------------------------------------------------------- */

/* So many have happened by now. */
static size_t news_so_far(const struct screen *screen)
{
    const struct news *news = screen->news;
    size_t count = 0;
    while (count < news->count && news->items[count].event < screen->reel->place &&
           news->items[count].at_ns <= screen->now_ns) {
        count++;
    }
    return count;
}

#define NEWS_AT 20       /* where the words of news begin */
#define NEWS_LINES_MAX 4 /* of one */

/* How much of the text fits into `room` columns, up to a space if there is one. */
static size_t fits(const char *text, size_t room)
{
    size_t length = strlen(text);
    if (length <= room) {
        return length;
    }
    size_t at = room;
    while (at > 0 && text[at] != ' ') {
        at--;
    }
    return at > 0 ? at : room;
}

static size_t news_room(const struct terminal_options *options)
{
    return options->columns > NEWS_AT + 12 ? (size_t)(options->columns - NEWS_AT - 2) : 11;
}

/* So many lines it takes. */
static int news_lines(const struct news_item *item, const struct terminal_options *options)
{
    int lines = 0;
    const char *text = item->text;
    do {
        text += fits(text, news_room(options));
        text += *text == ' ';
    } while (++lines < NEWS_LINES_MAX && *text);
    return lines;
}

static void draw_item(const struct news_item *item, const struct terminal_options *options,
                      struct frame *frame)
{
    static const struct {
        const char *word;
        enum style style;
    } kinds[NEWS_KINDS] = {[NEWS_STEP] = {"", STYLE_PLAIN},
                           [NEWS_FAULT] = {"fault", STYLE_WARN},
                           [NEWS_ELECTION] = {"elected", STYLE_GOOD},
                           [NEWS_VIOLATION] = {"broken", STYLE_BAD}};
    int lines = news_lines(item, options);
    const char *text = item->text;
    for (int i = 0; i < lines; i++) {
        struct line *line = frame_line(frame, options, i == 0 ? 1 : NEWS_AT);
        if (!line) {
            return;
        }
        if (i == 0) {
            line_format(line, STYLE_DIM, "%7.3f s  ", (double)item->at_ns / 1e9);
            line_put(line, kinds[item->kind].style, kinds[item->kind].word);
            line_to(line, NEWS_AT);
        }
        size_t length = fits(text, news_room(options));
        line_format(line, STYLE_PLAIN, "%.*s", (int)length, text);
        text += length;
        text += *text == ' ';
        if (i + 1 == lines && *text) {
            line_put(line, STYLE_PLAIN, glyph(options, GLYPH_MORE));
        }
    }
}

static void draw_news(const struct screen *screen, const struct terminal_options *options,
                      struct frame *frame, int most)
{
    size_t count = news_so_far(screen), from = count;
    int lines = 0;
    while (from > 0 && lines + news_lines(&screen->news->items[from - 1], options) <= most) {
        lines += news_lines(&screen->news->items[--from], options);
    }
    for (size_t i = from; i < count; i++) {
        draw_item(&screen->news->items[i], options, frame);
    }
}

/* --- the foot --------------------------------------------------------------------------------- */

/* The sentence of the step; and, where there is room, what exactly it was. */
static void draw_step(const struct screen *screen, const struct terminal_options *options,
                      struct frame *frame, bool exactly)
{
    const struct history_event *event = reel_event(screen->reel);
    char text[400];
    struct line *line = frame_line(frame, options, 1);
    if (event) {
        line_put(line, STYLE_STRONG,
                 step_sentence(screen->reel->history, event, text, sizeof text));
    } else {
        line_put(line, STYLE_DIM, "nothing has happened yet");
    }
    line = exactly ? frame_line(frame, options, 3) : NULL;
    if (line && event) {
        line_put(line, STYLE_DIM, step_exactly(screen->reel->history, event, text, sizeof text));
    }
}

static void draw_status(const struct screen *screen, const struct terminal_options *options,
                        struct frame *frame)
{
    struct line *line = frame_line(frame, options, 1);
    if (screen->message) {
        line_put(line, STYLE_WARN, screen->message);
        return;
    }
    line_put(line, STYLE_STRONG,
             screen->timeless  ? "running"
             : screen->over    ? "at the end"
             : screen->running ? "playing"
                               : "held");
    bool words = options->columns >= NARROW;
    if (!screen->timeless) {
        line_format(line, STYLE_PLAIN, "  speed %s", pace_text(screen->pace).text);
    }
    line_put(line, STYLE_DIM, "  ?: keys  q: end"); /* what must not be cut off */
    if (!screen->timeless && words) {
        line_put(line, STYLE_DIM, screen->running ? "  space: hold" : "  space: play");
    }
    if (screen->by_hand && words) {
        line_put(line, STYLE_DIM, "  c p x f e h: hurt it");
    } else if (!screen->timeless && words) {
        line_put(line, STYLE_DIM, "  arrows: step"); /* with both the line is too long */
    }
}

/* --- the keys --------------------------------------------------------------------------------- */

/* Where a key means something. */
enum where {
    RECORDED = 1, /* of a trial that is played from its history */
    HELD = 2,     /* of one of the model, which can be held */
    FREE = 4,     /* of one that goes on by itself */
    STEPPED = RECORDED | HELD,
    BY_HAND = HELD | FREE,
    EVERYWHERE = STEPPED | FREE
};

static const struct {
    const char *keys, *words;
    unsigned where;
} keys[] = {
    {"?", "these keys, and back", EVERYWHERE},
    {"q", "end", RECORDED},
    {"q", "leave the screen; the trials that are left run without it", HELD},
    {"q", "end the run, as Ctrl-C does", FREE},
    {"space", "hold, and go on", STEPPED},
    {"right left", "one event forward, back (also . and ,)", STEPPED},
    {"+ -", "faster, slower (also up and down)", STEPPED},
    {"n N", "to the next election, the one before", STEPPED},
    {"t T", "to the next fault (trouble), the one before", STEPPED},
    {"v V", "to the next broken promise, the one before", STEPPED},
    {"Home End", "to the beginning, to the end", STEPPED},
    {"] [", "the next trial, the one before", RECORDED},
    {"]", "the next trial; this one goes to its end", HELD},
    {"c3", "crash node 3; once more starts it again (0: the master)", BY_HAND},
    {"p3", "pause node 3; once more has it go on", BY_HAND},
    {"x3", "cut node 3 off; once more reconnects it", BY_HAND},
    {"f3", "flip the status of node 3", BY_HAND},
    {"e", "have the lock expire, of the next holder if nobody has it", BY_HAND},
    {"h", "heal all that is broken", BY_HAND},
    {"", "What is done by hand in the past makes another future.", HELD},
};

static void draw_keys(const struct screen *screen, const struct terminal_options *options,
                      struct frame *frame, int most)
{
    unsigned here = screen->timeless ? FREE : screen->by_hand ? HELD : RECORDED;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        bool means = keys[i].where & here;
        struct line *line = means && most-- > 0 ? frame_line(frame, options, 3) : NULL;
        if (line) {
            line_put(line, STYLE_STRONG, keys[i].keys);
            line_to(line, 16);
            line_put(line, STYLE_PLAIN, keys[i].words);
        }
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void draw_middle(const struct screen *screen, const struct terminal_options *options,
                        struct frame *frame)
{
    int room = frame->room - frame->rows;
    bool roomy = frame->room + 3 >= ROOMY;
    int least = roomy ? NEWS_LEAST : room > 8 ? 2 : 0;
    int rows = room - least - (roomy ? 2 : 0);
    int wanted = rows_wanted(screen);
    rows = rows < wanted ? rows : wanted;
    if (roomy) {
        empty(frame, options);
    }
    if (rows >= 3) {
        rows_draw(screen, options, frame, rows);
    }
    if (roomy) {
        empty(frame, options);
    }
    draw_news(screen, options, frame, frame->room - frame->rows);
}

bool screen_draw(const struct screen *screen, const struct terminal_options *options,
                 struct frame *frame)
{
    int rows = options->rows < ROWS_LEAST ? ROWS_LEAST : options->rows;
    if (!frame_begin(frame, rows)) {
        return false;
    }
    bool roomy = rows >= ROOMY;
    frame->room = rows - (roomy ? 3 : 2); /* the foot is always there */
    draw_head(screen, options, frame);
    draw_time(screen, options, frame);
    if (screen->help) {
        draw_keys(screen, options, frame, frame->room - frame->rows);
    } else {
        draw_middle(screen, options, frame);
    }
    while (frame->rows < frame->room) {
        empty(frame, options);
    }
    frame->room = rows;
    draw_step(screen, options, frame, roomy);
    draw_status(screen, options, frame);
    assert(frame->rows == rows);
    return true;
}
