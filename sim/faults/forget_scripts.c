/* Makes the Redis forget the scripts that it was sent (SCRIPT FLUSH), as a restart or a failover
 * does.
 *
 * Injects: the answer NOSCRIPT to whoever calls a script by its digest alone, until it was sent
 * whole once more. Never touches a key, nor a script that is running. */
#include "sim/faults/fault.h"

const struct fault_row fault_forget_scripts = {
    .name = "forget_scripts",
    .summary = "makes the Redis forget its scripts: NOSCRIPT",
    .told = "forgets its scripts",
    .example = "{at: 1s, forget_scripts: redis}",
    .targets = 1u << TARGET_REDIS,
    .harms_server = true,
    .needs = STATE_UP,
    .lock_effect = LOCK_SPARED,
    .order = {.fault = SERVER_FORGET_SCRIPTS},
};
