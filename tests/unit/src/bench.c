/* The bench for a lock's machine, see bench.h. */
#include "bench.h"
#include "src/lock/lock.h"
#include "src/owners.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct bench new_bench(void)
{
    return (struct bench){
        .settings = {.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "token"),
                     .value[OWNER_LOCK][LOCK_TTL] = 2000 * MS,
                     .value[OWNER_LOCK][LOCK_RETRY] = 100 * MS},
        .now_ns = 1000 * MS,
    };
}

typedef enum lock_progress lock_call(const struct settings *, struct lock *, const struct event *,
                                     struct action *);

static enum lock_progress drive(struct bench *bench, lock_call *call, struct event event)
{
    event.now_ns = bench->now_ns;
    event.fresh = (struct token){.high = 7, .low = bench->tokens + 1};
    memset(&bench->action, 0, sizeof bench->action);
    bench->progress = call(&bench->settings, &bench->lock, &event, &bench->action);
    bench->tokens += bench->action.took_token;
    return bench->progress;
}

enum lock_progress acquire(struct bench *bench)
{
    return drive(bench, lock_acquire, (struct event){.kind = EVENT_STARTED});
}

enum lock_progress release(struct bench *bench)
{
    return drive(bench, lock_release, (struct event){.kind = EVENT_STARTED});
}

enum lock_progress extend(struct bench *bench)
{
    return drive(bench, lock_extend, (struct event){.kind = EVENT_WOKE});
}

enum lock_progress answer(struct bench *bench, struct reply reply)
{
    return drive(bench, lock_step, (struct event){.kind = EVENT_REPLY, .reply = &reply});
}

enum lock_progress outcome(struct bench *bench, enum store_outcome outcome)
{
    return answer(bench, (struct reply){.outcome = (uint8_t)outcome});
}

enum lock_progress integer(struct bench *bench, int64_t integer)
{
    return answer(bench, (struct reply){.outcome = STORE_OK, .value.integer = integer});
}

enum lock_progress token(struct bench *bench, struct token token)
{
    return answer(bench, (struct reply){.outcome = STORE_OK, .value.token = token});
}

enum lock_progress wake(struct bench *bench)
{
    assert_int_equal(bench->action.wake[TIMER_PROTOCOL].order, TIMER_SET);
    bench->now_ns += bench->action.wake[TIMER_PROTOCOL].min_ns;
    return drive(bench, lock_step, (struct event){.kind = EVENT_WOKE});
}

/* The last call left a request of this kind, for the lock's key, with the lock's token. */
void asks(const struct bench *bench, enum store_op op, enum moment moment)
{
    assert_int_equal(bench->progress, LOCK_PENDING);
    assert_int_equal(bench->action.sends, 1);
    assert_int_equal(bench->action.send[0].op, op);
    assert_int_equal(bench->action.send[0].key, KEY_LOCK);
    assert_int_equal(bench->action.send[0].moment, moment);
    assert_true(token_equal(bench->action.send[0].value.token, bench->lock.token));
    assert_non_null(bench->action.why);
}

void waits(const struct bench *bench, int64_t wait_ns)
{
    assert_int_equal(bench->progress, LOCK_PENDING);
    assert_int_equal(bench->action.wake[TIMER_PROTOCOL].order, TIMER_SET);
    assert_int_equal(bench->action.wake[TIMER_PROTOCOL].min_ns, wait_ns);
    assert_int_equal(bench->action.wake[TIMER_PROTOCOL].max_ns, wait_ns);
}

void asks_for_lock(const struct bench *bench)
{
    asks(bench, STORE_PUT_IF_ABSENT, MOMENT_ASKS_LOCK);
}

void deletes_quietly(const struct bench *bench)
{
    asks(bench, STORE_DELETE_IF_EQUAL, MOMENT_NONE);
}

struct bench held_bench(void)
{
    struct bench bench = new_bench();
    acquire(&bench);
    assert_int_equal(outcome(&bench, STORE_OK), LOCK_HELD);
    return bench;
}

struct bench doubting_bench(void)
{
    struct bench bench = new_bench();
    acquire(&bench);
    bench.now_ns += 200 * MS;
    outcome(&bench, STORE_UNKNOWN);
    asks(&bench, STORE_GET_TOKEN, MOMENT_NONE);
    return bench;
}
