/* Stalls the Redis: it stands still, as by SIGSTOP, in a long fork, or on a machine that swaps.
 *
 * Injects: silence. Connections stay and new ones are taken, but nothing is answered until it goes
 * on; then everything that was sent meanwhile is done, whether or not its sender still waits. The
 * time to live of keys runs out as ever. Never loses a key, a connection or a request. With `for`
 * it goes on after that time, else at the end. */
#include "sim/faults/fault.h"

const struct fault_row fault_stall = {
    .name = "stall",
    .summary = "stops the Redis where it stands; with for: it goes on after that time",
    .details =
        "It answers nothing. Connections stay, and what was sent meanwhile is done afterwards.",
    .told = "stands still",
    .over = "answers again",
    .example = "{at: 1s, stall: redis, for: 600ms}",
    .targets = 1u << TARGET_REDIS,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .harms_server = true,
    .needs = STATE_UP | STATE_STOPPED,
    .becomes = STATE_STOPPED,
    .lock_effect = LOCK_SPARED,
    .order = {.fault = SERVER_STALL},
    .undo = {.fault = SERVER_GO_ON},
};
