/* Twins. See twins.h. */
#include "tests/conformance/twins.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/ops/op.h"

static const char *const key_names[STORE_KEYS] = {"node_lock", "nodes", "election_result", "epoch",
                                                  "writes"};

static void delete_key(struct real *real, const char *key)
{
    real_command(real, (const char *const[]){"DEL", key, NULL});
}

void twins_begin(struct twins *twins, struct real *real, store_function *apply, uint16_t ids)
{
    twins->real = real;
    twins->apply = apply;
    twins->difference[0] = '\0';
    store_init(&twins->store, twins->many, ids);
    for (int key = 0; key < STORE_KEYS; key++) {
        delete_key(real, key_names[key]);
    }
}

static struct keyspace keys_of(struct twins *twins)
{
    return keyspace_at(&twins->store, twins->many, twins->votes, real_clock_ms());
}

/* --- comparing -------------------------------------------------------------------------------- */

static bool same_ballot(const struct ballot *a, const struct ballot *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->votes, b->votes, a->count * sizeof *a->votes) == 0);
}

static bool same_value(const struct request *request, const struct reply *a, const struct reply *b)
{
    switch ((enum value_kind)op_rows[request->op]->answers) {
    case VALUE_NOTHING:
    case VALUE_DONE:
    case VALUE_NUMBER:
        return a->value.integer == b->value.integer;
    case VALUE_TOKEN:
        return token_equal(a->value.token, b->value.token);
    case VALUE_RECORD:
        return record_equal(&a->value.record, &b->value.record);
    case VALUE_BALLOT:
        return same_ballot(&a->value.ballot, &b->value.ballot);
    case VALUE_RESULT:
        return memcmp(&a->value.result, &b->value.result, sizeof a->value.result) == 0;
    case VALUE_STATUS:
    case VALUE_KINDS:
        break;
    }
    return false;
}

static bool same_reply(const struct request *request, const struct reply *a, const struct reply *b)
{
    return a->outcome == b->outcome && (a->outcome != STORE_OK || same_value(request, a, b));
}

static void tell_reply(const struct reply *reply, char *out, size_t size)
{
    static const char *const names[] = {"ok", "nil", "refused", "unknown", "unreadable"};
    snprintf(out, size, "%s %" PRId64 " %" PRIx64, names[reply->outcome], reply->value.integer,
             reply->value.token.low);
}

/* --- requests --------------------------------------------------------------------------------- */

/* Asks a copy of the model at `now_ms`; what it becomes is kept if it says what the real one
 * said. */
static bool agrees_at(struct twins *twins, const struct request *request, int64_t now_ms,
                      const struct reply *real, struct reply *reply)
{
    struct store tried = twins->store;
    memcpy(twins->tried_many, twins->many, tried.ids);
    struct keyspace keys = keyspace_at(&tried, twins->tried_many, twins->votes, now_ms);
    twins->apply(&keys, request, reply);
    if (!same_reply(request, reply, real)) {
        return false;
    }
    twins->store = tried;
    memcpy(twins->many, twins->tried_many, tried.ids);
    return true;
}

/* The lock is gone by right: it was deleted, or its time is over by now. An extension may be over
 * when it is made: if the server's clock moves on within the command, so that the new end is no
 * later than now, Redis deletes the key at once. */
static bool is_gone(const struct twins *twins, const struct request *request, int64_t back_ms)
{
    int64_t until_ms = twins->store.at[KEY_LOCK].until_ms;
    return twins->store.at[KEY_LOCK].content == CONTENT_NOTHING || real_clock_ms() > until_ms ||
           (op_has(request->op, OP_DATES_LOCK) && until_ms <= back_ms);
}

/* The end of the lock's TTL: exact, or off by the milliseconds from `now_ms`, for which the model
 * was asked, to the answer. From then on the model goes by what the real one has. */
static bool same_expiry(struct twins *twins, const struct request *request, int64_t now_ms,
                        int64_t back_ms)
{
    /* -1: it has none; -2: the key is not there (any more). */
    long long until =
        real_command(twins->real, (const char *const[]){"PEXPIRETIME", key_names[KEY_LOCK], NULL});
    int64_t own = twins->store.at[KEY_LOCK].until_ms == STORE_FOR_GOOD
                      ? -1
                      : twins->store.at[KEY_LOCK].until_ms;
    if (until == -2 && is_gone(twins, request, back_ms)) {
        struct keyspace keys = keys_of(twins);
        keyspace_delete(&keys, KEY_LOCK);
        return true;
    }
    if (until != -2 && until >= own && until <= own + (back_ms - now_ms)) {
        twins->store.at[KEY_LOCK].until_ms = until >= 0 ? until : STORE_FOR_GOOD;
        return true;
    }
    snprintf(twins->difference, sizeof twins->difference,
             "the lock ends at %lld, the model's at %" PRId64, until, own);
    return false;
}

static bool sets_expiry(const struct request *request, const struct reply *reply)
{
    return request->key == KEY_LOCK && op_has(request->op, OP_TAKES_LOCK | OP_DATES_LOCK) &&
           op_applied(request->op, reply->outcome, reply->value.integer);
}

static bool do_request(struct twins *twins, const struct request *request)
{
    struct reply real;
    struct reply reply;
    int64_t sent_ms = real_clock_ms();
    real_apply(twins->real, request, &real);
    int64_t back_ms = real_clock_ms();
    twins->boundaries += back_ms > sent_ms;
    for (int64_t now_ms = sent_ms; now_ms <= back_ms; now_ms++) {
        if (agrees_at(twins, request, now_ms, &real, &reply)) {
            return !sets_expiry(request, &real) || same_expiry(twins, request, now_ms, back_ms);
        }
    }
    char says[2][80];
    tell_reply(&real, says[0], sizeof says[0]);
    tell_reply(&reply, says[1], sizeof says[1]);
    snprintf(twins->difference, sizeof twins->difference,
             "the real one says \"%s\", the model \"%s\"", says[0], says[1]);
    return false;
}

/* --- strangers -------------------------------------------------------------------------------- */

static void do_foreign(struct twins *twins, enum store_key key, enum store_content content)
{
    const char *name = key_names[key];
    delete_key(twins->real, name);
    if (content == CONTENT_TEXT) {
        real_command(twins->real, (const char *const[]){"SET", name, "a stranger was here", NULL});
    } else if (content == CONTENT_NUMBER) {
        real_command(twins->real, (const char *const[]){"SET", name, "-2", NULL});
    } else if (content == CONTENT_LIST) {
        real_command(twins->real, (const char *const[]){"RPUSH", name, "a stranger", NULL});
    }
    struct keyspace keys = keys_of(twins);
    if (content == CONTENT_NUMBER) {
        keyspace_set(&keys, (uint8_t)key, content)->number = -2;
    } else {
        keyspace_put_foreign(&keys, (uint8_t)key, content);
    }
}

static void do_status(struct twins *twins, uint16_t id)
{
    char field[8];
    char json[64];
    uint8_t content = twins->store.at[KEY_NODES].content;
    if (content != CONTENT_NOTHING && content != CONTENT_HASH) {
        return; /* there is no hash to write to */
    }
    snprintf(field, sizeof field, "%u", (unsigned)id);
    snprintf(json, sizeof json, "{\"id\": %u, \"status\": \"asleep\"}", (unsigned)id);
    real_command(twins->real,
                 (const char *const[]){"HSET", key_names[KEY_NODES], field, json, NULL});
    struct keyspace keys = keys_of(twins);
    keyspace_put_status(&keys, id, STATUS_UNKNOWN);
}

/* --- all of it -------------------------------------------------------------------------------- */

bool twins_do(struct twins *twins, const struct deed *deed)
{
    switch (deed->kind) {
    case DEED_REQUEST:
        return do_request(twins, &deed->request);
    case DEED_FOREIGN:
        do_foreign(twins, deed->key, deed->content);
        break;
    case DEED_STATUS:
        do_status(twins, deed->id);
        break;
    case DEED_PAUSE:
        nanosleep(&(struct timespec){.tv_nsec = deed->pause_us * 1000L}, NULL);
        break;
    }
    return true;
}

bool twins_run(struct twins *twins, struct real *real, store_function *apply, uint64_t seed,
               uint16_t ids, uint32_t count)
{
    struct sequence sequence = sequence_new(seed, ids);
    twins_begin(twins, real, apply, ids);
    for (uint32_t i = 0; i < count; i++) {
        struct deed deed = sequence_next(&sequence);
        if (!twins_do(twins, &deed)) {
            char text[160];
            char what[160];
            snprintf(what, sizeof what, "%.150s", twins->difference);
            snprintf(twins->difference, sizeof twins->difference,
                     "sequence %" PRIu64 " of %u processes, deed %u, %s: %s", seed, (unsigned)ids,
                     (unsigned)i, deed_text(&deed, text, sizeof text), what);
            return false;
        }
    }
    return true;
}
