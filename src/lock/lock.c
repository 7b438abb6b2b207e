/* The table of locks, and the calls that go through it. See lock.h for how to add one. */
#include "src/lock/lock.h"

#include <string.h>

const struct lock_row *const lock_rows[] = {
    &lock_none,
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
