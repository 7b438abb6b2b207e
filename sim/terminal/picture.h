/* The picture of a cluster at one moment of a trial, as lines of text. No cursor moves: screen.c
 * puts it on the terminal.
 */
#ifndef HUSTINGS_TERMINAL_PICTURE_H
#define HUSTINGS_TERMINAL_PICTURE_H

#include "sim/terminal/style.h"

#define PICTURE_LINES_MAX 48

struct picture {
    int count;
    struct line lines[PICTURE_LINES_MAX];
};

/* Fills the picture: one line in a narrow terminal, four, or with --watch a line for each process
 * if the terminal has the rows. `left_ns` is the time the run will still take; NEVER_NS: unknown.
 */
void picture_draw(struct picture *picture, const struct terminal_options *options,
                  const struct progress *progress, int64_t left_ns);

/* Of trials that pass faster than one could look, one line: which it is, of how many, and the time
 * left. `done` trials are done. */
void picture_count(struct picture *picture, const struct terminal_options *options,
                   const struct progress *progress, uint32_t done, int64_t left_ns);

#endif
