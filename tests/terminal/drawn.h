/* A moment of a canned trial as the picture of it. */
#ifndef HUSTINGS_TESTS_TERMINAL_DRAWN_H
#define HUSTINGS_TESTS_TERMINAL_DRAWN_H

#include "tests/terminal/canned.h"
#include "tests/terminal/golden.h"

#include "sim/terminal/picture.h"

static inline void draw_moment(struct capture *capture, struct canned_moment *moment,
                               const struct scenario *scenario, double now_ms)
{
    struct picture picture;
    canned_moment(moment, scenario, 2, now_ms);
    picture_draw(&picture, &capture->options, &moment->progress, MS(14200));
    for (int i = 0; i < picture.count; i++) {
        assert_true(picture.lines[i].width < capture->options.columns);
        line_end(&picture.lines[i]);
    }
    fputc('\n', capture->options.out);
}

#endif
