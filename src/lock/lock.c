/* The table of locks, and the calls that go through it. See lock.h for how to add one. */
#include "src/lock/lock.h"

#include <string.h>

const struct lock_row *const lock_rows[] = {
    &lock_none,
    &lock_setnx,
    &lock_token,
    NULL,
};

int lock_find(const char *name)
{
    for (int i = 0; lock_rows[i]; i++) {
        if (strcmp(lock_rows[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

enum lock_progress lock_acquire(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    return lock_rows[settings->lock]->acquire(settings, lock, event, action);
}

enum lock_progress lock_release(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    return lock_rows[settings->lock]->release(settings, lock, event, action);
}

enum lock_progress lock_step(const struct settings *settings, struct lock *lock,
                             const struct event *event, struct action *action)
{
    return lock_rows[settings->lock]->step(settings, lock, event, action);
}

bool lock_usable(const struct lock *lock, int64_t now_ns)
{
    return now_ns < lock->valid_until_ns;
}

enum lock_progress lock_ask(struct lock *lock, struct action *action, uint8_t phase, uint8_t op,
                            uint8_t moment, const char *why)
{
    lock->phase = phase;
    action->kind = ACTION_REQUEST;
    action->request_moment = moment;
    action->request = (struct request){.op = op, .key = KEY_LOCK};
    action->why = why;
    return LOCK_PENDING;
}

enum lock_progress lock_rest(const struct settings *settings, struct lock *lock,
                             struct action *action, uint8_t phase, const char *why)
{
    lock->phase = phase;
    action->kind = ACTION_WAIT;
    action->wake_min_ns = settings->lock_retry_ns;
    action->wake_max_ns = settings->lock_retry_ns;
    action->why = why;
    return LOCK_PENDING;
}

bool lock_patient(const struct settings *settings, const struct lock *lock, int64_t now_ns)
{
    return settings->lock_wait_ns == 0 ||
           now_ns + settings->lock_retry_ns <= lock->asked_ns + settings->lock_wait_ns;
}

uint32_t lock_ttl_ms(const struct settings *settings, uint32_t unit_ms)
{
    int64_t unit_ns = unit_ms * INT64_C(1000000);
    return (uint32_t)((settings->lock_ttl_ns + unit_ns - 1) / unit_ns) * unit_ms;
}
