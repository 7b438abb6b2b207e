/* Whom a fault hits: its target and its servers, at the moment at which it is due.
 *
 *     fault ─▶ target, and who stands at its trigger ─▶ members, servers ─▶ active.h, at each place
 */
#ifndef HUSTINGS_HOST_AIM_H
#define HUSTINGS_HOST_AIM_H

#include "sim/host/nemesis_state.h"

/* Applies a fault. `at` is the process that stands at the fault's trigger, or HISTORY_HARNESS. */
void aim(struct nemesis *nemesis, uint16_t fault, uint16_t at);

/* The same at these servers. */
void aim_at(struct nemesis *nemesis, uint16_t fault, uint16_t at, uint8_t servers);

/* Applies a fault to a process, or to none: at each of these servers, if it has to do with any. */
void aim_at_one(struct nemesis *nemesis, uint16_t fault, uint16_t id, uint8_t servers);

/* Who has the lock: the process that stands at the fault's trigger, or a leader that holds it for
 * as long as it leads. NOBODY: else it is held too shortly to be hit at a time. */
int32_t aim_lock_holder(const struct nemesis *nemesis, uint16_t fault, uint16_t at);

/* The lock is held for a fraction of a millisecond: whoever holds it is met by lying in wait. A
 * fault that does so already (`every`) does it once more at the same breakpoint; a breakpoint that
 * did so before is taken again. So two for each fault are enough. */
void aim_lie_in_wait(struct nemesis *nemesis, uint16_t fault);

/* Whether it lies in wait now. */
bool aim_awaits(const struct nemesis *nemesis, uint16_t fault);

/* Calls off whatever was done by hand and lies in wait. False: there was nothing. */
bool aim_call_off(struct nemesis *nemesis);

#endif
