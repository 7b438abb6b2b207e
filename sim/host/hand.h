/* Orders by hand in a running trial (host.h has them): what becomes of one.
 *
 *     order ──▶ a fault that stands behind those of the scenario ──▶ active.h, and the history
 *
 * It is above nemesis.h. The host hands on what it is ordered, at a moment at which `members` is up
 * to date and nobody is being dealt with who stands at a breakpoint.
 */
#ifndef HUSTINGS_HOST_HAND_H
#define HUSTINGS_HOST_HAND_H

#include "sim/host/nemesis.h"

/* Carries an order out, at once. NULL: it was done. Else why not, a clause: "it was dead". What
 * made no sense now is in the history as skipped; what could never be done ("there is no such
 * member") is not. With nobody in the critical section an order to expire the lock lies in wait for
 * the next one, and that is said likewise. */
const char *hand_do(struct nemesis *nemesis, struct hand_order order, int64_t now_ns);

/* The fault that an order becomes, with its text. `status`: that of the member, which HAND_FLIP
 * turns. For HAND_CRASH and HAND_PAUSE `again` is the fault that undoes it. Not of HAND_HEAL. */
void hand_spec(struct hand_order order, bool again, uint8_t status, struct fault_spec *spec);

#endif
