/* How fast time passes on the screen: a fraction of real time. Pure. */
#ifndef HUSTINGS_LIVE_PACE_H
#define HUSTINGS_LIVE_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* 1/20: one second of the trial takes twenty. */
struct pace {
    uint32_t times, in; /* times / in; both from 1 */
};

#define PACE_SLOWEST 1000000 /* 1/1000000: a microsecond takes a second */
#define PACE_FASTEST 1000

/* "1/20", "4". False: it is no such fraction, or beyond the bounds. */
bool pace_parse(const char *text, struct pace *pace);

/* The next one of 1, 2, 5, 10, 20, 50, … up or down; at the bounds, the same. */
struct pace pace_faster(struct pace pace);
struct pace pace_slower(struct pace pace);

/* How much of the trial passes in so much real time. */
int64_t pace_passes(struct pace pace, int64_t real_ns);

/* "1/20"; returned by value, to be used within a printf. */
struct pace_text {
    char text[24];
};
struct pace_text pace_text(struct pace pace);

#endif
