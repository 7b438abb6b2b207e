/* Makes the lock's time to live run out now, whoever holds it.
 *
 * Injects: the removal of the lock's key, as if its TTL had ended. Never tells the holder, who goes
 * on in its critical section, and touches no other key. On `lock_holder`, or on `lock` while nobody
 * holds it, it waits for the next holder. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->expire_lock(ops->self, at.server);
}

const struct fault_row fault_expire_lock = {
    .name = "expire_lock",
    .summary = "lets the lock's TTL run out under its holder",
    .details = "The holder does not notice.",
    .told = "is made to run out",
    .example = "{when: {who: 2, does: acquires_lock}, expire_lock: lock}",
    .targets = 1u << TARGET_LOCK | 1u << TARGET_LOCK_HOLDER,
    .awaits_holder = true,
    .lock_effect = LOCK_GOES,
    .verbs = VERB_EXPIRE_LOCK,
    .apply = apply,
    .remains = "the lock",
};
