/* The harness's own lateness: what was ordered is compared with what was done.
 *
 * On a machine that is too busy, or when the driver itself is stopped, a fault comes late or lasts
 * too long, and what the trial then shows is no verdict on the scenario. Beyond a tolerance the
 * trial is undecided, and says why. In virtual time nothing is ever late. */
#ifndef HUSTINGS_HOST_LATE_H
#define HUSTINGS_HOST_LATE_H

#include "sim/host/nemesis_state.h"

/* So much is tolerated: a tenth of the time that was ordered, but no less than 100 ms, for which a
 * process of a busy machine may well not have been at work (with twenty of them on two cores, one
 * fault in a hundred came 80 ms late), and no more than 250 ms. */
bool is_late(int64_t ordered_ns, int64_t late_ns);

/* If the harness itself was woken later than this, the members may have stood still, too, although
 * nothing was due: half a second, since on a busy machine it may well be woken a quarter of a
 * second late while the members are at work; but no more than half of the shortest time that is
 * promised (`settles_within`, `lock_within`), since a longer standstill can break the promise by
 * itself. No less than 100 ms in any case. */
int64_t late_standstill_ns(const struct scenario *scenario);

/* A fault of the file that was due then has just been applied, or skipped; -1: one was to be drawn
 * then, and none was possible. */
void late_beginning(struct nemesis *nemesis, int32_t fault, int64_t due_ns);

/* A fault has just ended after this time, and was to last for so long (0: for no certain time). */
void late_length(struct nemesis *nemesis, uint16_t fault, int64_t ordered_ns, int64_t lasted_ns);

#endif
