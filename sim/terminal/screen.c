/* The picture on the terminal: redrawn in place by relative moves of the cursor, taken away when
 * the trial is done. A frame goes out in one write, so that nothing flickers.
 */
#include <assert.h>
#include <stdlib.h>

#include "sim/terminal/parts.h"
#include "sim/terminal/picture.h"
#include "sim/text/clock.h"
#include "src/units.h"

#define CLEAR_LINE "\x1b[K"  /* from the cursor to the end of the line */
#define CLEAR_BELOW "\x1b[J" /* from the cursor to the end of the screen */

#define FRAME_EVERY_NS (80 * NS_PER_MS)

/* No word of how far it is, or of the time left, before so much of it has passed. */
#define QUIET_NS NS_PER_S
#define BASIS 0.02 /* trials that must have passed for a pace */

/* The time the run will still take: as planned during the first trial in real time, else after the
 * pace so far. NEVER_NS: there is nothing yet to tell it from. */
static int64_t time_left_ns(const struct terminal_state *state, const struct progress *progress,
                            uint32_t done, int64_t now_ns)
{
    double part = progress->end_ns > 0 ? (double)progress->now_ns / (double)progress->end_ns : 0;
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    double left = (double)progress->trials - (double)done - part;
    double each_ns = (double)progress->end_ns / (state->jobs > 1 ? state->jobs : 1);
    bool basis = (double)done + part >= BASIS;
    if (now_ns - state->began_ns < QUIET_NS || (progress->virtual_time && !basis)) {
        return NEVER_NS;
    }
    if (done > 0 || progress->virtual_time) {
        each_ns = (double)(now_ns - state->began_ns) / ((double)done + part);
    }
    return left > 0 ? (int64_t)(left * each_ns) : 0;
}

/* What passes too fast to be looked at is counted, and that only if it takes its time. */
static bool is_shown(const struct terminal_state *state, const struct progress *progress,
                     int64_t now_ns)
{
    bool due = state->lines == 0 || now_ns - state->drawn_ns >= FRAME_EVERY_NS ||
               progress->phase == PHASE_END;
    return due && (!progress->virtual_time || now_ns - state->began_ns >= QUIET_NS);
}

static void move_to_top(const struct terminal_options *options)
{
    fputc('\r', options->out);
    if (options->state->lines > 0) {
        fprintf(options->out, "\x1b[%dA", options->state->lines);
    }
}

void terminal_progress(const struct terminal_options *options, const struct progress *progress,
                       uint32_t done)
{
    struct terminal_state *state = options->state;
    assert(state && options->out);
    if (!options->tty || options->quiet || options->format != FORMAT_TEXT) {
        return;
    }
    int64_t now_ns = monotonic_ns();
    if (!is_shown(state, progress, now_ns)) {
        return;
    }
    struct terminal_options sized = *options, probed = *options;
    if (fileno(options->out) >= 0) { /* the window may have changed since */
        terminal_probe(&probed);
        sized.columns = probed.columns;
        sized.rows = probed.rows;
    }
    struct picture *picture = malloc(sizeof *picture);
    if (!picture) {
        return;
    }
    int64_t left_ns = time_left_ns(state, progress, done, now_ns);
    if (progress->virtual_time) {
        picture_count(picture, &sized, progress, done, left_ns);
    } else {
        picture_draw(picture, &sized, progress, left_ns);
    }
    state->counting = progress->virtual_time;
    move_to_top(options);
    for (int i = 0; i < picture->count; i++) {
        struct line *line = &picture->lines[i];
        fwrite(line->bytes, 1, line->used, options->out);
        fputs(CLEAR_LINE "\n", options->out);
    }
    fputs(CLEAR_BELOW, options->out);
    fflush(options->out);
    state->lines = picture->count;
    state->drawn_ns = now_ns;
    free(picture);
}

void terminal_erase(const struct terminal_options *options)
{
    assert(options->state && options->out);
    if (options->state->lines > 0) {
        move_to_top(options);
        fputs(CLEAR_BELOW, options->out);
        fflush(options->out);
        options->state->lines = 0;
    }
}

void terminal_keep(const struct terminal_options *options)
{
    if (options->watch && !options->state->counting) {
        options->state->told += options->state->lines > 0;
        options->state->lines = 0;
    } else {
        terminal_erase(options);
    }
}
