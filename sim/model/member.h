/* A member: one process of the cluster at work. */
#ifndef HUSTINGS_MODEL_MEMBER_H
#define HUSTINGS_MODEL_MEMBER_H

#include "sim/model/state.h"

/* A new life: born now, connected at `until_ns`. */
void member_bear(struct model *model, uint16_t id, bool started, int64_t until_ns);

/* The end of a life. */
void member_die(struct model *model, uint16_t id, const struct history_died *how);

/* Whatever there is for it to do now. */
void member_look(struct model *model, uint16_t id);

/* The answer of an exchange is there. */
void member_answered(struct model *model, uint32_t exchange);

/* Its own clock is as the order says. */
void member_shift_clock(struct model *model, uint16_t id, const struct clock_order *order);

#endif
