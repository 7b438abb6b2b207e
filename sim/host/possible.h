/* What chaos may do now: who is down, and whether a fault that was drawn still makes sense. */
#ifndef HUSTINGS_HOST_POSSIBLE_H
#define HUSTINGS_HOST_POSSIBLE_H

#include "sim/host/nemesis_state.h"

/* Whether a process is dead, stands still or is cut off; and how many do so. */
bool possible_is_down(const struct nemesis *nemesis, uint16_t id);
uint32_t possible_count_down(const struct nemesis *nemesis);

/* Whether one more may be taken down, by the trigger's `at_most_down`. */
bool possible_fall(const struct nemesis *nemesis, const struct trigger *trigger);

/* Whether a drawn fault makes sense now at this place, and leaves enough processes up. */
bool possible_now(const struct nemesis *nemesis, uint16_t fault, struct fault_place at);

#endif
