/* A frame: the lines of one picture, as many as the terminal has rows. Pure. */
#ifndef HUSTINGS_LIVE_FRAME_H
#define HUSTINGS_LIVE_FRAME_H

#include "sim/terminal/style.h"

struct frame {
    struct line *lines; /* owned */
    int rows, room;     /* so many are filled; so many may be */
};

/* Empties it, with room for so many. False: memory is out. Start with {0}. */
bool frame_begin(struct frame *frame, int rows);
void frame_free(struct frame *frame);

/* The next line, empty; NULL: it is full. */
struct line *frame_line(struct frame *frame, const struct terminal_options *options, int indent);

#endif
