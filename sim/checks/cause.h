/* Causes: what a history tells of why a promise was broken. What several checks put into their
 * sentences. Each walks over the history, so it is called for violations only. */
#ifndef HUSTINGS_CHECKS_CAUSE_H
#define HUSTINGS_CHECKS_CAUSE_H

#include "sim/checks/violation.h"

/* Appends " (faults: pause of node 1, crash of the Redis by hand, and more)": the first four that
 * were in force on a process, or on the Redis, between two events. Nothing if there were none. */
void cause_say_faults(struct violation *violation, const struct history *history, uint32_t from,
                      uint32_t to, int32_t process);

/* Appends who has had the lock since an event, while process `id` waited for it: "; node 1 had it
 * all the time", "; meanwhile node 1 had it 40 times and node 2 3 times". Nothing if the history
 * does not tell. */
void cause_say_holders(struct violation *violation, const struct view *view,
                       const struct history *history, uint32_t from, uint16_t id);

/* Appends why nobody is elected now, as far as that lies with whoever decides: "the master, who
 * alone decides, had died at 1.002 s", "the master never started, since it waits for all nodes to
 * report, and node 1 never did". False: it does not, and nothing was appended. */
bool cause_say_undecided(struct violation *violation, const struct view *view,
                         const struct history *history);

#endif
