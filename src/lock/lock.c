/* The table of locks, and the calls that go through it. See lock.h for how to add one. */
#include "src/lock/lock.h"

#include <assert.h>

#include "src/units.h"

/* Who waits for the lock waits for an answer or for its time. */
static enum lock_progress waiting(const struct action *action, enum lock_progress progress)
{
    assert(progress != LOCK_PENDING || action->sends > 0 ||
           action->wake[TIMER_PROTOCOL].order == TIMER_SET);
    return progress;
}

const struct lock_row *const lock_rows[] = {
    &lock_none, &lock_setnx, &lock_token, &lock_redlock, &lock_record, NULL,
};

const struct param_row lock_params[] = {
    LOCK_TTL_ROW,
    LOCK_RETRY_ROW,
    LOCK_WAIT_ROW,
    {.type = PARAM_NONE},
};

bool lock_is_in_store(const struct settings *settings)
{
    return lock_rows[settings->row[OWNER_LOCK]]->moments & 1u << MOMENT_ASKS_LOCK;
}

bool lock_can_fence(const struct settings *settings)
{
    return lock_rows[settings->row[OWNER_LOCK]]->fences_by != 0;
}

enum lock_progress lock_acquire(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    return waiting(action,
                   lock_rows[settings->row[OWNER_LOCK]]->acquire(settings, lock, event, action));
}

enum lock_progress lock_release(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    return waiting(action,
                   lock_rows[settings->row[OWNER_LOCK]]->release(settings, lock, event, action));
}

enum lock_progress lock_extend(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    return waiting(action,
                   lock_rows[settings->row[OWNER_LOCK]]->extend(settings, lock, event, action));
}

enum lock_progress lock_step(const struct settings *settings, struct lock *lock,
                             const struct event *event, struct action *action)
{
    return lock_rows[settings->row[OWNER_LOCK]]->step(settings, lock, event, action);
}

bool lock_sees(const struct settings *settings, const struct lock *lock, enum lock_sight *sight,
               struct token *holder)
{
    const struct lock_row *row = lock_rows[settings->row[OWNER_LOCK]];
    *holder = (struct token){0, 0};
    *sight = row->sees ? row->sees(lock, holder) : LOCK_SEES_NOTHING;
    return row->sees;
}

void lock_drop(const struct settings *settings, const struct lock *lock, struct action *action)
{
    const struct lock_row *row = lock_rows[settings->row[OWNER_LOCK]];
    action->drop |= row->outstanding ? row->outstanding(lock) : 1u << 0;
}

bool lock_usable(const struct lock *lock, int64_t now_ns)
{
    return now_ns < lock->valid_until_ns;
}

const char *lock_text(const struct settings *settings, unsigned text)
{
    static const char *const common[LOCK_TEXTS] = {
        [LOCK_ASKS] = "asks for the lock",
        [LOCK_IS_BUSY] = "the lock is busy: waits",
        [LOCK_STORE_FAILED] = "the store failed: waits to ask again",
        [LOCK_EXTENDS] = "extends the lock",
        [LOCK_RELEASES] = "releases the lock",
        [LOCK_NO_WORD_OF_RELEASE] = "has no word that the lock is released: waits to ask again",
    };
    assert(text < LOCK_TEXTS || lock_rows[settings->row[OWNER_LOCK]]->texts);
    return text < LOCK_TEXTS ? common[text]
                             : lock_rows[settings->row[OWNER_LOCK]]->texts[text - LOCK_TEXTS];
}

struct request *lock_ask(struct lock *lock, struct action *action, uint8_t phase, uint8_t op,
                         uint8_t moment, unsigned text)
{
    assert(op < STORE_OPS);
    lock->phase = phase;
    action->why = why_of(OWNER_LOCK, text);
    return action_send(action, op, KEY_LOCK, moment);
}

enum lock_progress lock_rest(const struct settings *settings, struct lock *lock,
                             struct action *action, uint8_t phase, unsigned text)
{
    assert(action->sends == 0);
    lock->phase = phase;
    action_wait(action, lock_param(settings, LOCK_RETRY), lock_param(settings, LOCK_RETRY));
    action->why = why_of(OWNER_LOCK, text);
    return LOCK_PENDING;
}

bool lock_patient(const struct settings *settings, const struct lock *lock, int64_t now_ns)
{
    assert(lock_param(settings, LOCK_WAIT) >= 0);
    return lock_param(settings, LOCK_WAIT) == 0 ||
           now_ns + lock_param(settings, LOCK_RETRY) <=
               lock->asked_ns + lock_param(settings, LOCK_WAIT);
}

uint32_t lock_ttl_ms(const struct settings *settings)
{
    const struct lock_row *row = lock_rows[settings->row[OWNER_LOCK]];
    uint32_t unit_ms = row->ttl_unit_ms > 0 ? row->ttl_unit_ms : 1;
    int64_t unit_ns = unit_ms * NS_PER_MS;
    assert(lock_param(settings, LOCK_TTL) >= 0);
    return (uint32_t)((lock_param(settings, LOCK_TTL) + unit_ns - 1) / unit_ns) * unit_ms;
}
