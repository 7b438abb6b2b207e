/* Watches: the moments at which a process stops itself so that a fault can be applied exactly
 * there.
 *
 * A breakpoint is armed by the nemesis (nemesis.h) and looked at by whoever runs the steps: a
 * forked process, which reads the table in shared memory, or the model. Each member holds every
 * step against the table; the one that makes the count full has *hit*, stops, and reports the
 * breakpoint's index.
 */
#ifndef HUSTINGS_HOST_BREAKPOINT_H
#define HUSTINGS_HOST_BREAKPOINT_H

#include <stdatomic.h>

#include "sim/ops/op.h"
#include "sim/scenario/scenario.h"

/* Each fault of a scenario may have one by its trigger, and one in which it lies in wait for a lock
 * holder; and the last ones are for what is done by hand and lies in wait likewise. */
#define BREAKPOINTS_MAX (2 * SCENARIO_FAULTS_MAX + 64)

struct breakpoint {
    _Atomic uint32_t armed; /* 1: look at it */
    _Atomic uint32_t seen;  /* how often it has matched */
    uint16_t fault;         /* index of the scenario's fault */
    bool in_wait;           /* the nemesis's: for lying in wait for a lock holder, */
    uint32_t times;         /* and so many times its fault does; 0: it may be used again */
    struct trigger trigger; /* as TRIGGER_WHEN; set before `armed` */
};

struct breakpoints {
    _Atomic uint32_t count; /* entries in use; grows only */
    struct breakpoint list[BREAKPOINTS_MAX];
};

/* What one side of a step shows to the breakpoints: with `before`, the request that is about to go
 * out; with `applied`, the one that the server has applied, while its answer is there and not yet
 * read; with neither, everything that the step did and the request whose answer it took in. What
 * a program does is shown likewise, as far as its traffic tells. */
struct step_moments {
    uint16_t id;
    bool before, applied;
    uint32_t moments;            /* bits 1u << enum moment */
    struct command_seen command; /* that is sent, or answered; its name is NULL: none is */
    struct claim claim;
};

/* The command of a request of ours, by the row of its operation; none of one to the protected
 * resource. */
static inline struct command_seen breakpoint_command(const struct request *request)
{
    if (op_has(request->op, OP_ON_RESOURCE)) {
        return (struct command_seen){.name = NULL};
    }
    return (struct command_seen){.name = op_sent(request->op), .key = op_keys[request->key]};
}

/* The breakpoints that a step has hit, as bits. */
struct breakpoint_hits {
    uint64_t bits[BREAKPOINTS_MAX / 64];
};

/* Holds a step against the whole table; every step is to be shown once. Returns whether it hit
 * any: then fills `hits`, and whoever took the step stops at each of them. One that was hit is
 * disarmed. Safe to call from several processes at once. */
bool breakpoints_hit(struct breakpoints *breakpoints, const struct step_moments *step,
                     struct breakpoint_hits *hits);

/* Takes the hit away whose fault stands first in the scenario, whenever it was armed, and returns
 * its index; -1: there are none left. */
int breakpoint_hits_next(const struct breakpoints *breakpoints, struct breakpoint_hits *hits);

/* Arms a breakpoint, for a trigger of the scenario or to lie in wait; the table has room for all.
 * */
void breakpoints_arm(struct breakpoints *breakpoints, uint16_t fault,
                     const struct trigger *trigger);
void breakpoints_arm_in_wait(struct breakpoints *breakpoints, uint16_t fault,
                             const struct trigger *trigger);

#endif
