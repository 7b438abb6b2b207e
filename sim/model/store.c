/* The modelled Redis. See store.h. */
#include "sim/model/store.h"

#include <assert.h>
#include <string.h>

static uint8_t *statuses(struct store *store, uint8_t *many)
{
    return store->ids <= STORE_FEW ? store->few : many;
}

void store_init(struct store *store, uint8_t *many, uint16_t ids)
{
    memset(store, 0, sizeof *store);
    store->ids = ids;
    store->lock_until_ms = STORE_FOR_GOOD;
    if (ids > STORE_FEW) {
        memset(many, 0, ids);
    }
}

static void clear_lock(struct store *store)
{
    store->content[KEY_LOCK] = CONTENT_NOTHING;
    store->token = (struct token){0};
    store->lock_until_ms = STORE_FOR_GOOD;
}

/* What an access finds at the lock's key; once its time is over, being looked at removes it. */
static enum store_content look_at_lock(struct store *store, int64_t now_ms)
{
    if (now_ms > store->lock_until_ms) {
        clear_lock(store);
    }
    return (enum store_content)store->content[KEY_LOCK];
}

/* --- the lock: SET NX PX, GET, and the two scripts -------------------------------------------- */

static void put_if_absent(struct store *store, const struct request *request, int64_t now_ms,
                          struct reply *reply)
{
    if (look_at_lock(store, now_ms) != CONTENT_NOTHING) {
        reply->outcome = STORE_NIL;
        return;
    }
    store->content[KEY_LOCK] = CONTENT_OURS;
    store->token = request->value.token;
    store->lock_until_ms = request->ttl_ms > 0 ? now_ms + request->ttl_ms : STORE_FOR_GOOD;
}

static void get_token(struct store *store, int64_t now_ms, struct reply *reply)
{
    switch (look_at_lock(store, now_ms)) {
    case CONTENT_NOTHING:
        reply->outcome = STORE_NIL;
        break;
    case CONTENT_OURS:
        reply->value.token = store->token;
        break;
    case CONTENT_TEXT:
    case CONTENT_OTHER:
    case CONTENTS:
        reply->outcome = STORE_UNREADABLE;
        break;
    }
}

/* The scripts' first half, GET and compare. The answer is 0, or an error, unless it says true. */
static bool is_holder(struct store *store, const struct request *request, int64_t now_ms,
                      struct reply *reply)
{
    enum store_content content = look_at_lock(store, now_ms);
    if (content == CONTENT_OTHER) {
        reply->outcome = STORE_REFUSED;
    }
    return content == CONTENT_OURS && token_equal(store->token, request->value.token);
}

static void delete_if_equal(struct store *store, const struct request *request, int64_t now_ms,
                            struct reply *reply)
{
    if (is_holder(store, request, now_ms, reply)) {
        clear_lock(store);
        reply->value.integer = 1;
    }
}

static void extend_if_equal(struct store *store, const struct request *request, int64_t now_ms,
                            struct reply *reply)
{
    if (!is_holder(store, request, now_ms, reply)) {
        return;
    }
    reply->value.integer = 1;
    if (request->ttl_ms == 0) {
        clear_lock(store); /* PEXPIRE with a time that is over deletes */
    } else {
        store->lock_until_ms = now_ms + request->ttl_ms;
    }
}

/* EXPIRE, whoever has it, of whatever type it is. */
static void expire(struct store *store, const struct request *request, int64_t now_ms,
                   struct reply *reply)
{
    if (look_at_lock(store, now_ms) == CONTENT_NOTHING) {
        return;
    }
    reply->value.integer = 1;
    if (request->ttl_ms == 0) {
        clear_lock(store);
    } else {
        store->lock_until_ms = now_ms + (int64_t)(request->ttl_ms / 1000) * 1000;
    }
}

/* DEL, whoever has it. */
static void delete_lock(struct store *store, int64_t now_ms, struct reply *reply)
{
    reply->value.integer = look_at_lock(store, now_ms) != CONTENT_NOTHING;
    clear_lock(store);
}

/* --- the hash of statuses: HSET, HGETALL ------------------------------------------------------ */

static void set_status(struct store *store, uint8_t *many, const struct request *request,
                       struct reply *reply)
{
    uint8_t content = store->content[KEY_NODES];
    if (content == CONTENT_TEXT || content == CONTENT_OTHER) {
        reply->outcome = STORE_REFUSED;
        return;
    }
    assert(request->id < store->ids);
    uint8_t *field = &statuses(store, many)[request->id];
    reply->value.integer = *field == 0; /* HSET counts the fields that are new */
    *field = request->status == STATUS_SUBMIT ? 1 + STATUS_SUBMIT : 1 + STATUS_PREPARE;
    store->content[KEY_NODES] = CONTENT_OURS;
}

static void read_ballot(struct store *store, uint8_t *many, struct vote *votes, struct reply *reply)
{
    uint8_t content = store->content[KEY_NODES];
    const uint8_t *fields = statuses(store, many);
    uint32_t count = 0;
    if (content == CONTENT_TEXT || content == CONTENT_OTHER) {
        reply->outcome = STORE_UNREADABLE;
        return;
    }
    for (uint32_t id = 0; id < store->ids; id++) {
        if (fields[id] != 0) {
            votes[count++] = (struct vote){.id = (uint16_t)id, .status = (uint8_t)(fields[id] - 1)};
        }
    }
    reply->value.ballot = (struct ballot){.votes = votes, .count = count};
}

/* --- the result: GET, SET --------------------------------------------------------------------- */

static void get_result(const struct store *store, struct reply *reply)
{
    switch ((enum store_content)store->content[KEY_RESULT]) {
    case CONTENT_NOTHING:
        reply->outcome = STORE_NIL;
        break;
    case CONTENT_OURS:
        reply->value.result = store->result;
        break;
    case CONTENT_TEXT:
    case CONTENT_OTHER:
    case CONTENTS:
        reply->outcome = STORE_UNREADABLE;
        break;
    }
}

/* What one of our processes can read back: the bounds of the JSON at the edge. */
static bool is_readable(struct result result)
{
    return result.id >= 0 && result.id <= NODE_ID_MAX && result.rule >= 0 && result.rule <= 9 &&
           result.term <= TERM_MAX;
}

/* SET takes the place of anything. */
static void set_result(struct store *store, struct result result)
{
    bool readable = is_readable(result);
    store->content[KEY_RESULT] = readable ? CONTENT_OURS : CONTENT_TEXT;
    store->result = readable ? result : (struct result){0};
}

/* --- all of them ------------------------------------------------------------------------------ */

static const uint8_t keys[STORE_OPS] = {
    [STORE_PUT_IF_ABSENT] = KEY_LOCK,   [STORE_DELETE_IF_EQUAL] = KEY_LOCK,
    [STORE_EXTEND_IF_EQUAL] = KEY_LOCK, [STORE_GET_TOKEN] = KEY_LOCK,
    [STORE_SET_STATUS] = KEY_NODES,     [STORE_READ_BALLOT] = KEY_NODES,
    [STORE_GET_RESULT] = KEY_RESULT,    [STORE_SET_RESULT] = KEY_RESULT,
};

void store_apply(struct store *store, uint8_t *many, const struct request *request, int64_t now_ms,
                 struct vote *votes, struct reply *reply)
{
    enum store_op op = (enum store_op)request->op;
    memset(reply, 0, sizeof *reply);
    reply->outcome = STORE_OK;
    assert(op < STORE_OPS && request->key == keys[op]);
    switch (op) {
    case STORE_PUT_IF_ABSENT:
        put_if_absent(store, request, now_ms, reply);
        return;
    case STORE_DELETE_IF_EQUAL:
        delete_if_equal(store, request, now_ms, reply);
        return;
    case STORE_EXTEND_IF_EQUAL:
        extend_if_equal(store, request, now_ms, reply);
        return;
    case STORE_GET_TOKEN:
        get_token(store, now_ms, reply);
        return;
    case STORE_SET_STATUS:
        set_status(store, many, request, reply);
        return;
    case STORE_READ_BALLOT:
        read_ballot(store, many, votes, reply);
        return;
    case STORE_GET_RESULT:
        get_result(store, reply);
        return;
    case STORE_SET_RESULT:
        set_result(store, request->value.result);
        return;
    case STORE_EXPIRE:
        expire(store, request, now_ms, reply);
        return;
    case STORE_DELETE:
        delete_lock(store, now_ms, reply);
        return;
    case STORE_OPS:
        break;
    }
    assert(false && "a request without an answer");
}

/* --- what does not come from our processes ---------------------------------------------------- */

bool store_expire_lock(struct store *store, int64_t now_ms)
{
    bool there = look_at_lock(store, now_ms) != CONTENT_NOTHING;
    clear_lock(store);
    return there;
}

void store_put_foreign(struct store *store, uint8_t *many, enum store_key key,
                       enum store_content content)
{
    assert(content != CONTENT_OURS && content < CONTENTS);
    if (key == KEY_LOCK) {
        clear_lock(store);
    } else if (key == KEY_RESULT) {
        store->result = (struct result){0};
    } else {
        memset(statuses(store, many), 0, store->ids);
    }
    store->content[key] = (uint8_t)content;
}

void store_put_status(struct store *store, uint8_t *many, uint16_t id, enum status status)
{
    assert(id < store->ids);
    assert(store->content[KEY_NODES] <= CONTENT_OURS);
    statuses(store, many)[id] = (uint8_t)(1 + status);
    store->content[KEY_NODES] = CONTENT_OURS;
}
