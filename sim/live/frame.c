/* The lines of one picture. See frame.h. */
#include "sim/live/frame.h"

#include <assert.h>
#include <stdlib.h>

void frame_free(struct frame *frame)
{
    free(frame->lines);
    *frame = (struct frame){0};
}

bool frame_begin(struct frame *frame, int rows)
{
    assert(rows > 0);
    struct line *lines = realloc(frame->lines, (size_t)rows * sizeof *lines);
    if (!lines) {
        return false;
    }
    frame->lines = lines;
    frame->rows = 0;
    frame->room = rows;
    return true;
}

struct line *frame_line(struct frame *frame, const struct terminal_options *options, int indent)
{
    if (frame->rows >= frame->room) {
        return NULL;
    }
    struct line *line = &frame->lines[frame->rows++];
    *line = line_new(options, indent);
    return line;
}
