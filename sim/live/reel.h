/* The reel: a history, and the scene at one place of it, which goes forward and back. Pure.
 *
 * Every 512 events a copy of the scene is kept; to go back is to take the last copy before, and to
 * go forward from there. The history may grow while the reel is on it, and be cut off at its end.
 *
 * A place is the number of events that have happened: 0 is before the first. */
#ifndef HUSTINGS_LIVE_REEL_H
#define HUSTINGS_LIVE_REEL_H

#include "sim/scene/scene.h"

struct reel {
    const struct history *history;
    struct scene scene;
    uint32_t place;
    struct scene *frames; /* owned; [i] is the scene at the place (i + 1) × 512 */
    size_t frame_count, frame_room;
};

/* Before the first event. The history must outlive it, where it is. False: memory is out. */
bool reel_new(struct reel *reel, const struct history *history);
void reel_free(struct reel *reel);

/* Goes to a place, at most the number of events that there are. */
void reel_go(struct reel *reel, uint32_t place);

/* The history has been cut off, and has only so many events of those that it had: the reel goes
 * back as far as it must. */
void reel_cut(struct reel *reel, uint32_t count);

/* The next place and the one before: parts of an answer (HISTORY_MORE) are no steps of their own.
 * At the ends, the same. */
uint32_t reel_next(const struct reel *reel, uint32_t place);
uint32_t reel_previous(const struct reel *reel, uint32_t place);

/* The place at which all that happened by `at_ns` has happened. */
uint32_t reel_at(const struct reel *reel, int64_t at_ns);

/* The event that happened last; NULL at the beginning. */
const struct history_event *reel_event(const struct reel *reel);

/* It is so late, between two events: claims run out by time alone. */
void reel_pass(struct reel *reel, int64_t now_ns);

#endif
