/* A member: one process of the cluster at work. It runs a step machine against a real Redis, keeps
 * its slot up to date, and does what the driver rings for: start, a command, stand at a breakpoint,
 * stall.
 *
 * The same loop serves the forked members of a trial and `hustings node` by hand, which has a slot
 * of its own that nobody rings, and prints its events instead of recording them.
 */
#ifndef HUSTINGS_PROCESSES_MEMBER_H
#define HUSTINGS_PROCESSES_MEMBER_H

#include "sim/processes/member_step.h"

/* Connects to each server, and is answered, trying again for as long as `timeout_ns`; not so long
 * when it is the server that refuses. An attempt lasts as long as a request may; if `patient`, at
 * least seconds: for many who start together. NULL; or the link that failed, with a line in its
 * `error`. */
const struct link *member_connect(struct member *member, int64_t timeout_ns, bool patient);

/* Runs until the machine stops. `id` is its own. Waits first until the slot says that it starts. */
void member_run(struct member *member, uint16_t id);

#endif
