/* The modelled Redis: a pure function from a state and a request to the next state and a reply.
 *
 *     (store, request, the server's clock) ──store_apply──▶ (store, reply)
 *
 * It answers what a redis-server answers to the commands that sim/processes/wire.c makes of the
 * same requests; tests/conformance/ holds the two against each other, request by request. Requests
 * are served one at a time, so the function is all there is to a server but its time.
 *
 * Keys. Each operation has its own: the lock's operations KEY_LOCK, statuses and ballots KEY_NODES,
 * results KEY_RESULT (asserted). What strangers may have left at a key (a text that is no token, a
 * list where a hash should be) is put there by store_put_foreign().
 *
 * Time. A key expires as in Redis: by the server's clock in whole milliseconds, and lazily. It is
 * there as long as now <= the time set + its TTL, and absent from the next millisecond on; so with
 * a TTL of 1 ms it lasts longer than 1 ms and up to 2 ms. An extension to a TTL of 0 removes the
 * key.
 *
 * State. Plain bytes without pointers or padding, to be copied, compared and hashed. Statuses of
 * ids below STORE_FEW lie within; a larger cluster brings an array for all of them, which then
 * belongs to the state.
 */
#ifndef HUSTINGS_MODEL_STORE_H
#define HUSTINGS_MODEL_STORE_H

#include <stdbool.h>

#include "src/store.h"

/* Ids 0 … STORE_FEW - 1 need no array of their own. */
#define STORE_FEW 64

/* What is at a key. */
enum store_content {
    CONTENT_NOTHING,
    CONTENT_OURS,  /* the key's own: a token, a hash of statuses, a result */
    CONTENT_TEXT,  /* a string that is neither token nor result */
    CONTENT_OTHER, /* a value of a type that none of our commands reads */
    CONTENTS
};

/* No TTL. */
#define STORE_FOR_GOOD INT64_MAX

struct store {
    struct token token;          /* KEY_LOCK, CONTENT_OURS */
    struct result result;        /* KEY_RESULT, CONTENT_OURS */
    int64_t lock_until_ms;       /* the last ms of the server's clock in which the lock is there */
    uint8_t content[STORE_KEYS]; /* enum store_content */
    uint8_t zero;                /* always 0 */
    uint16_t ids;                /* statuses are of ids 0 … ids - 1 */
    uint16_t zero2;              /* always 0 */
    uint8_t few[STORE_FEW];      /* by id: 0 if not in the hash, else 1 + enum status */
};
_Static_assert(sizeof(struct store) == 112, "struct store has grown padding");

/* An empty Redis for ids 0 … ids - 1. Beyond STORE_FEW, `many` is an array of that many bytes,
 * which is zeroed here and handed to every call on this store; else it may be NULL. */
void store_init(struct store *store, uint8_t *many, uint16_t ids);

/* Serves a request at `now_ms` of the server's clock. A ballot's votes are written into
 * `votes`, which has room for all ids, and the reply points there. */
void store_apply(struct store *store, uint8_t *many, const struct request *request, int64_t now_ms,
                 struct vote *votes, struct reply *reply);

/* Lets the lock's TTL run out now. False if it was not there, or had run out already. */
bool store_expire_lock(struct store *store, int64_t now_ms);

/* Puts at a key what no process of ours would: CONTENT_TEXT, CONTENT_OTHER, or CONTENT_NOTHING (as
 * DEL does). A TTL that it had is gone. */
void store_put_foreign(struct store *store, uint8_t *many, enum store_key key,
                       enum store_content content);

/* Puts a status into the hash, as a stranger may: STATUS_UNKNOWN is any text but the two. */
void store_put_status(struct store *store, uint8_t *many, uint16_t id, enum status status);

#endif
