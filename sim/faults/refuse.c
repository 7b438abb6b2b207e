/* Has the Redis refuse every command that writes: taking the lock, reporting, publishing, and
 * giving the lock back as well, which oom lets through. Reading goes on, and so does the time to
 * live of keys; what is refused is surely not applied.
 *
 * Injects the real error of a real setting, `error`:
 *
 * - MISCONF: it cannot save its data to the disk, and is set to refuse writes then.
 * - NOREPLICAS: it has fewer replicas than min-replicas-to-write asks for.
 *
 * A script is not refused as such, but at its first command that writes: one that only looks and
 * finds that the lock is another's answers that. Never loses a key, never delays an answer. With
 * `for` it accepts writes again after that time, else at the end; a restart does not end it. Of
 * several at once, each lasts to its own end. OOM refuses only what needs memory: that is `oom`. */
#include "sim/faults/fault.h"

enum { FOR, ERROR };

static bool add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    (void)times; /* once is as good as often */
    sum->refusals |= (uint8_t)(1u << spec->params[ERROR]);
    return true;
}

const struct fault_row fault_refuse = {
    .name = "refuse",
    .summary = "makes the Redis refuse every command that writes, releases included, with an error",
    .details = "It cannot save its data (MISCONF), or lacks replicas (NOREPLICAS). Reading goes "
               "on. A script is refused at its first command that writes.",
    .told = "refuses to write",
    .over = "lets everybody write again",
    .example = "{at: 1s, refuse: redis, error: NOREPLICAS, for: 1s}",
    .targets = 1u << TARGET_REDIS,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION},
               {.name = "error",
                .summary = "what it says",
                .type = PARAM_WORD,
                .words = "MISCONF|NOREPLICAS"}},
    .harms_server = true,
    .needs = STATE_UP,
    .lock_effect = LOCK_SPARED,
    .order = {.fault = SERVER_REFUSE},
    .add = add,
};
