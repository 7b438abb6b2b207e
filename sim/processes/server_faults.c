/* The verb on servers: which fault is done by whom. */
#include <assert.h>

#include "sim/processes/server_verbs.h"

static bool cause(struct trial_server *server, const struct server_order *order)
{
    switch ((enum server_fault)order->fault) {
    case SERVER_STALL:
        return server_stall(server);
    case SERVER_GO_ON:
        return server_go_on(server);
    case SERVER_CRASH:
        return server_crash(server);
    case SERVER_RESTART:
        return server_restart(server);
    case SERVER_POWER_LOSS:
        return server_power_loss(server);
    case SERVER_EVICT_LOCK:
        return server_evict_lock(server);
    case SERVER_FORGET_SCRIPTS:
        return server_forget_scripts(server);
    case SERVER_WRONG_TYPE:
        return server_wrong_type(server);
    case SERVER_OOM:
        return server_oom(server);
    case SERVER_RECOVER:
        return server_recover(server, (enum server_fault)order->from);
    case SERVER_REFUSE:
        return server_refuse(server, order->refusals);
    case SERVER_NOTHING:
        break;
    }
    return false;
}

bool server_verb(void *self, uint8_t server, const struct server_order *order)
{
    struct run *run = self;
    assert(server < run->scenario->settings.servers);
    if (!run->common->program) {
        return false; /* not ours; such scenarios are refused before they start */
    }
    run_hear_refusals(run); /* what was refused by now is none of this fault's doing */
    return cause(&run->servers[server], order);
}
