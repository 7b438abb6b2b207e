/* Puts a list where the lock should be, as somebody else's program would that uses the same key.
 *
 * Injects: a value at the lock's key that is no lock: asking for the lock finds it busy, looking at
 * it or releasing it ends in the error WRONGTYPE. A lock that was held is gone, and its holder is
 * not told. Never touches another key. With `for` the list is removed after that time, else at the
 * end: then the lock is free. A Redis that restarts without it gets it again. */
#include "sim/faults/fault.h"

const struct fault_row fault_wrong_type = {
    .name = "wrong_type",
    .summary = "puts a list at the lock's key: WRONGTYPE; with for: removes it after that time",
    .details = "A lock that was there is gone.",
    .told = "is overwritten by a list",
    .over = "is rid of the list",
    .example = "{at: 1s, wrong_type: lock, for: 1s}",
    .targets = 1u << TARGET_LOCK,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .harms_server = true,
    .remains = "the lock that was there",
    .needs = STATE_UP,
    .order = {.fault = SERVER_WRONG_TYPE},
    .undo = {.fault = SERVER_RECOVER, .from = SERVER_WRONG_TYPE},
};
