/* The verb on servers: which fault is done by whom. */
#include <assert.h>

#include "sim/processes/server_verbs.h"

static bool cause(struct run *run, const struct server_order *order)
{
    switch ((enum server_fault)order->fault) {
    case SERVER_STALL:
        return server_stall(run);
    case SERVER_GO_ON:
        return server_go_on(run);
    case SERVER_CRASH:
        return server_crash(run);
    case SERVER_RESTART:
        return server_restart(run);
    case SERVER_POWER_LOSS:
        return server_power_loss(run);
    case SERVER_EVICT_LOCK:
        return server_evict_lock(run);
    case SERVER_FORGET_SCRIPTS:
        return server_forget_scripts(run);
    case SERVER_WRONG_TYPE:
        return server_wrong_type(run);
    case SERVER_OOM:
        return server_oom(run);
    case SERVER_RECOVER:
        return server_recover(run, (enum server_fault)order->from);
    case SERVER_REFUSE:
        return server_refuse(run, order->refusals);
    }
    return false;
}

bool server_verb(void *self, uint8_t server, const struct server_order *order)
{
    struct run *run = self;
    assert(server == 0);
    if (!run->common->program) {
        return false; /* not ours; such scenarios are refused before they start */
    }
    run_hear_refusals(run); /* what was refused by now is none of this fault's doing */
    return cause(run, order);
}
