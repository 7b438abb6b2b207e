/* The points of a sweep as dots of a picture: where each stands, and what it is called.
 *
 * Points that differ in the first varying axis of those that are chosen are joined by a line: so
 * one sees where a longer lease leads. Each line is what befalls. */
#ifndef HUSTINGS_SWEEP_DOTS_H
#define HUSTINGS_SWEEP_DOTS_H

#include "sim/sweep/table.h"

struct dot {
    double x, y;  /* false takeovers a trial; seconds without a leader, p99 of the trials */
    size_t along; /* its value on the axis that lines go along */
    size_t line;  /* which line it is on */
    enum point_kind kind;
    size_t cell;
    char label[48]; /* its value on that axis, or the letter for it */
    char rest[400]; /* the values of all others */
};

struct dots {
    struct dot *list; /* owned; those of a line stand together, in the order of its values */
    size_t count;
    const struct axis *axis; /* that lines go along; NULL: nothing varies */
    bool cut;                /* not all points are there */
    bool unknown;            /* of some it is not known whether the brain was split */
    bool letters;            /* values of the axis are too long to stand beside each dot */
    double x_max, y_max;
};

/* The points that ran, the first `most` of them. False: memory is out. dots_free() in any case. */
bool dots_gather(struct dots *dots, const struct points *points, size_t most);
void dots_free(struct dots *dots);

/* What stands for a long value of the axis that lines go along: A, B, …; of more than 26 1, 2, … */
void dots_letter(const struct axis *axis, size_t value, char out[4]);

#endif
