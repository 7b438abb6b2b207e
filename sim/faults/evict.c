/* Evicts the lock: the Redis is short of memory, and drops the one key that it may drop.
 *
 * Injects: a limit of memory (maxmemory) that is exceeded at once by keys that nobody needs, with
 * the policy volatile-ttl, until the lock is gone by eviction; then limit and filler are taken
 * back. No other client is served in between. Never tells the holder, who goes on in its critical
 * section, and touches no key without a time to live; a lock without one stays. On `lock` while
 * nobody holds it, it waits for the next holder. */
#include "sim/faults/fault.h"

const struct fault_row fault_evict = {
    .name = "evict",
    .summary = "lets the Redis evict the lock under its holder, for want of memory",
    .told = "is evicted",
    .example = "{when: {who: 2, does: acquires_lock}, evict: lock}",
    .targets = 1u << TARGET_LOCK,
    .harms_server = true,
    .remains = "the lock",
    .awaits_holder = true,
    .needs = STATE_UP,
    .lock_effect = LOCK_GOES,
    .order = {.fault = SERVER_EVICT_LOCK},
};
