/* Steps: a member's machine is given an event, and what comes of it is written down and shown to
 * the breakpoints.
 *
 * Each kind of step returns whether the member goes on. If not, a fault that was waiting for this
 * step killed it, or paused it where it stands.
 */
#ifndef HUSTINGS_MODEL_STEP_H
#define HUSTINGS_MODEL_STEP_H

#include "sim/model/state.h"

/* A token that nobody had before. */
struct token step_token(struct model *model);

bool step_start(struct model *model, struct member *member);
bool step_command(struct model *model, struct member *member);
bool step_wake(struct model *model, struct member *member, enum timer_of timer);

/* With the answer that was taken in before (member->heard). */
bool step_answer(struct model *model, struct member *member);

/* With the answer to its last request, which came at once and never was an exchange. */
bool step_hear(struct model *model, struct member *member, const struct request *request,
               const struct reply *reply);

/* Takes in the answer of an exchange, which is there. A command that came meanwhile is the
 * machine's business first; the answer's own step is then still to come (member->heard). An answer
 * that was dropped is recorded, and is no step. */
bool step_take_in(struct model *model, struct member *member, uint32_t exchange);

/* The same, for one that was paused between the answer's coming and its taking in. */
bool step_take_in_on(struct model *model, struct member *member);

/* The same for one that has ended in vain. */
bool step_vain(struct model *model, struct member *member, uint32_t exchange);

/* Shows one side of a step to the breakpoints. Which side, the state says in which the member would
 * be if it were paused there; `request` is the one that goes out, or is answered; NULL: none.
 * False: the member does not go on, because a fault that was applied there killed it or paused it;
 * then it is in that state. */
bool meets_breakpoints(struct model *model, struct member *member, uint32_t moments,
                       const struct request *request, enum member_state state);

static inline bool nobody_watches(const struct model *model)
{
    return atomic_load_explicit(&model->breakpoints.count, memory_order_relaxed) == 0;
}

/* Whether an answer that came at once could be given to step_hear(): nobody waits for that moment,
 * and there is nothing else to be done first. */
static inline bool step_can_hear(const struct model *model, const struct member *member)
{
    return nobody_watches(model) && member->command == 0 && member->heard == NO_EXCHANGE;
}

static inline bool passes_breakpoints(struct model *model, struct member *member, uint32_t moments,
                                      const struct request *request, enum member_state state)
{
    return (moments == 0 && !request) || nobody_watches(model) ||
           meets_breakpoints(model, member, moments, request, state);
}

static inline uint32_t moment_bit(uint8_t moment)
{
    return moment == MOMENT_NONE ? 0 : 1u << moment;
}

#endif
