/* Whether a history that was read from a file is all there is of its trial. A file may be cut off,
 * still be written, or have lost lines; what is missing could be what broke a promise. */
#ifndef HUSTINGS_HISTORY_GAPS_H
#define HUSTINGS_HISTORY_GAPS_H

#include "sim/history/history.h"

struct history_gap {
    size_t place;   /* something is missing before this event; events' count: at the end */
    char text[200]; /* what, with the line: "line 12: events 10 to 14 are missing" */
};

/* Finds the first gap. An event's `seq` is its number in the file, where each event is a line and
 * the first line is the head. False: there is none, the history is whole. Gaps are
 *
 *   - numbers of events, or of a process's requests, that are left out
 *   - replies to no request, to one that is answered, or to another than it was; acts of a process
 *     that does not live or was not started; a birth, start or pause where none can be, since what
 *     ended the last one is missing; a phase that begins after a later one
 *   - no end of the last phase, no liveness phase although the run heals, no event at all
 *   - no claim of anybody, although requests were granted
 */
bool history_find_gap(const struct history *history, struct history_gap *gap);

#endif
