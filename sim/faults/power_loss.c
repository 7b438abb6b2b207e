/* Cuts the power of the Redis: it is gone at once, and so is what it had not yet forced onto the
 * disk (fsync), though it had acknowledged it.
 *
 * Injects: a crash, and every file of the server's cut back to what had been fsynced: with
 * aof-everysec up to two seconds are lost, with aof-always nothing that was acknowledged, with none
 * and rdb as much as in a crash. Never tears what is on the disk, and never harms a process of the
 * cluster. With `for` it is restarted after that time, else at the end. */
#include "sim/faults/fault.h"

const struct fault_row fault_power_loss = {
    .name = "power_loss",
    .summary = "a crash of the Redis that loses what was not yet on the disk; with for: it is "
               "restarted then",
    .told = "loses power",
    .over = "is started again",
    .example = "{at: 1s, power_loss: redis, for: 500ms}",
    .targets = 1u << TARGET_REDIS,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .harms_server = true,
    .through_preload = true,
    .becomes = STATE_DEAD,
    .remains = "what was not yet on the disk",
    .order = {.fault = SERVER_POWER_LOSS},
    .undo = {.fault = SERVER_RESTART},
};
