/* No lock at all: every process believes at once that it is alone. What the other locks prevent can
 * be seen by taking them away. */
#include <assert.h>

#include "src/lock/lock.h"

static enum lock_progress acquire(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    (void)settings;
    (void)event;
    (void)action;
    lock->valid_until_ns = INT64_MAX;
    return LOCK_HELD;
}

static enum lock_progress release(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    (void)settings;
    (void)lock;
    (void)event;
    (void)action;
    return LOCK_FREE;
}

static enum lock_progress extend(const struct settings *settings, struct lock *lock,
                                 const struct event *event, struct action *action)
{
    (void)settings;
    (void)lock;
    (void)event;
    (void)action;
    return LOCK_HELD;
}

static enum lock_progress step(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    (void)settings;
    (void)lock;
    (void)event;
    (void)action;
    assert(false && "the lock 'none' is never pending");
    return LOCK_FREE;
}

static const uint16_t times[] = {NO_MORE_TIMES};

static const struct param_row params[] = {
    {.type = PARAM_NONE},
};

const struct lock_row lock_none = {
    .name = "none",
    .summary = "no lock: everybody enters at once",
    .topologies = 1u << TOPOLOGY_SINGLE | 1u << TOPOLOGY_INDEPENDENT,
    .params = params,
    .moments = 1u << MOMENT_ACQUIRES_LOCK,
    .times = times,
    .acquire = acquire,
    .release = release,
    .extend = extend,
    .step = step,
};
