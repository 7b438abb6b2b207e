/* Takes the memory of the Redis away: it refuses what would need more (OOM), and evicts nothing.
 *
 * Injects: a refusal of every command that stores something: taking a lock, reporting, publishing.
 * Reading and releasing go on, and so does the time to live of keys. Never loses a key. With `for`
 * it has memory again after that time, else at the end; a restart does not give it back. */
#include "sim/faults/fault.h"

const struct fault_row fault_oom = {
    .name = "oom",
    .summary =
        "makes the Redis refuse to store anything: OOM; with for: it can again after that time",
    .details = "That is whatever needs memory: to take the lock, to report, to publish.",
    .told = "runs out of memory, and refuses to write",
    .over = "has memory again",
    .example = "{at: 1s, oom: redis, for: 1s}",
    .targets = 1u << TARGET_REDIS,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .harms_server = true,
    .needs = STATE_UP,
    .lock_effect = LOCK_SPARED,
    .order = {.fault = SERVER_OOM},
    .undo = {.fault = SERVER_RECOVER, .from = SERVER_OOM},
};
