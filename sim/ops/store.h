/* The keys of the modelled Redis, typed as Redis types them: a key is absent, a string, a hash or a
 * list, and may have a TTL. What an operation does to them is its apply() (op.h):
 *
 *     (keys, request, the server's clock) ──op_apply──▶ (keys, reply)
 *
 * It is what a redis-server answers to the commands that are made of the same requests;
 * tests/conformance/ holds the two against each other, request by request. Requests are served one
 * at a time, so this is all there is to a server but its time.
 *
 * Strings. What a string says is kept as what it can be read as: a token, a result, a record, a
 * number (which is a counter, too), or any other text.
 *
 * The hash. Its fields are the processes' ids, its values their statuses. There is room for one, at
 * whichever key (asserted). A list is known by its length
 * and its last element: nothing reads more.
 *
 * Time. A key expires as in Redis: by the server's clock in whole milliseconds, and lazily. It is
 * there as long as now <= the time set + its TTL, and absent from the next millisecond on; so with
 * a TTL of 1 ms it lasts longer than 1 ms and up to 2 ms. A TTL of 0 removes the key.
 *
 * State. Plain bytes without pointers or padding, to be copied, compared and hashed. Statuses of
 * ids below STORE_FEW lie within; a larger cluster brings an array for all of them, which then
 * belongs to the state.
 */
#ifndef HUSTINGS_OPS_STORE_H
#define HUSTINGS_OPS_STORE_H

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "src/store.h"

/* Ids 0 … STORE_FEW - 1 need no array of their own. */
#define STORE_FEW 64

/* What is at a key. */
enum store_content {
    CONTENT_NOTHING,
    CONTENT_TEXT, /* strings: one that is nothing of what follows */
    CONTENT_TOKEN,
    CONTENT_RESULT,
    CONTENT_RECORD,
    CONTENT_NUMBER,
    CONTENT_HASH,
    CONTENT_LIST,
    CONTENTS
};

/* No TTL. */
#define STORE_FOR_GOOD INT64_MAX

struct store_value {
    int64_t until_ms; /* the last ms of the server's clock in which the key is there */
    union {
        struct token token;
        struct result result;
        struct lease_record record;
        int64_t number;
        struct {
            int64_t length;
            uint64_t last; /* as a number; 0: it is none */
        } list;
    };
    uint8_t content; /* enum store_content */
    uint8_t zero[7]; /* always 0 */
};

struct store {
    struct store_value at[STORE_KEYS];
    uint16_t ids;           /* statuses are of ids 0 … ids - 1 */
    uint8_t zero[6];        /* always 0 */
    uint8_t few[STORE_FEW]; /* by id: 0 if not in the hash, else 1 + enum status */
};
_Static_assert(sizeof(struct store) == 56 * STORE_KEYS + 8 + STORE_FEW, "the store has padding");

/* A server at one moment: what an operation works on. */
struct keyspace {
    struct store *store;
    uint8_t *fields;    /* of the hash, as store.few */
    struct vote *votes; /* room for all ids, if a ballot may be asked for */
    int64_t now_ms;     /* the server's clock */
};

/* `many` is the array of a larger cluster, else it may be NULL; `votes` likewise, if no ballot will
 * be asked for. */
static inline struct keyspace keyspace_at(struct store *store, uint8_t *many, struct vote *votes,
                                          int64_t now_ms)
{
    assert(store->ids <= STORE_FEW || many);
    return (struct keyspace){.store = store,
                             .fields = store->ids <= STORE_FEW ? store->few : many,
                             .votes = votes,
                             .now_ms = now_ms};
}

/* An empty Redis for ids 0 … ids - 1. Beyond STORE_FEW, `many` is an array of that many bytes,
 * which is zeroed here and handed to every keyspace of this store; else it may be NULL. */
void store_init(struct store *store, uint8_t *many, uint16_t ids);

static inline bool content_is_string(uint8_t content)
{
    assert(content < CONTENTS);
    return content >= CONTENT_TEXT && content <= CONTENT_NUMBER;
}

/* DEL: whatever is at the key is gone, with its TTL. False if nothing was. */
bool keyspace_delete(const struct keyspace *keys, uint8_t key);

/* What an access finds at a key; once its time is over, being looked at removes it. */
static inline struct store_value *keyspace_look(const struct keyspace *keys, uint8_t key)
{
    assert(key < STORE_KEYS);
    struct store_value *value = &keys->store->at[key];
    if (keys->now_ms > value->until_ms) {
        keyspace_delete(keys, key);
    }
    return value;
}

/* SET: takes the place of whatever is at the key, without a TTL. The caller fills the value. */
struct store_value *keyspace_set(const struct keyspace *keys, uint8_t key,
                                 enum store_content content);

/* PEXPIRE at a key where something is: from now; 0 removes it. */
void keyspace_expire(const struct keyspace *keys, uint8_t key, int64_t ttl_ms);

/* The fields of the hash at a key; an absent one becomes a hash, as with HSET. NULL: the key has
 * another type. */
uint8_t *keyspace_hash(const struct keyspace *keys, uint8_t key);

/* Whether the key's string is the request's token. */
bool keyspace_holds(const struct keyspace *keys, const struct request *request);

/* The first half of a script that compares: whether the key's string is the request's token. If
 * not, the answer is 0, or an error where there is no string. */
bool keyspace_is_holder(const struct keyspace *keys, const struct request *request,
                        struct reply *reply);

/* --- what does not come from our processes ---------------------------------------------------- */

/* Puts at a key what no process of ours would: CONTENT_TEXT, CONTENT_LIST, or CONTENT_NOTHING (as
 * DEL does). A TTL that it had is gone. */
void keyspace_put_foreign(const struct keyspace *keys, uint8_t key, enum store_content content);

/* Puts a status into the hash at KEY_NODES, as a stranger may: STATUS_UNKNOWN is any text but the
 * two. */
void keyspace_put_status(const struct keyspace *keys, uint16_t id, enum status status);

#endif
