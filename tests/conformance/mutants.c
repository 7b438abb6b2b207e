/* Mutants. See mutants.h.
 *
 * How to add one: a function that makes the mistake around store_apply(), and a row in the
 * table. */
#include "tests/conformance/mutants.h"

static void put_takes_over(struct store *store, uint8_t *many, const struct request *request,
                           int64_t now_ms, struct vote *votes, struct reply *reply)
{
    if (request->op == STORE_PUT_IF_ABSENT) {
        store_put_foreign(store, many, KEY_LOCK, CONTENT_NOTHING);
    }
    store_apply(store, many, request, now_ms, votes, reply);
}

static void ends_too_early(struct store *store, uint8_t *many, const struct request *request,
                           int64_t now_ms, struct vote *votes, struct reply *reply)
{
    if (now_ms == store->lock_until_ms) { /* gone when now >= the end, not when now > the end */
        store_expire_lock(store, now_ms);
    }
    store_apply(store, many, request, now_ms, votes, reply);
}

static void never_ends(struct store *store, uint8_t *many, const struct request *request,
                       int64_t now_ms, struct vote *votes, struct reply *reply)
{
    store_apply(store, many, request, now_ms < store->lock_until_ms ? now_ms : store->lock_until_ms,
                votes, reply);
}

static void deletes_anybodys(struct store *store, uint8_t *many, const struct request *request,
                             int64_t now_ms, struct vote *votes, struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_DELETE_IF_EQUAL && store->content[KEY_LOCK] == CONTENT_OURS) {
        mutated.value.token = store->token;
    }
    store_apply(store, many, &mutated, now_ms, votes, reply);
}

static void extends_anybodys(struct store *store, uint8_t *many, const struct request *request,
                             int64_t now_ms, struct vote *votes, struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_EXTEND_IF_EQUAL && store->content[KEY_LOCK] == CONTENT_OURS) {
        mutated.value.token = store->token;
    }
    store_apply(store, many, &mutated, now_ms, votes, reply);
}

static void extends_by_adding(struct store *store, uint8_t *many, const struct request *request,
                              int64_t now_ms, struct vote *votes, struct reply *reply)
{
    int64_t until_ms = store->lock_until_ms;
    store_apply(store, many, request, now_ms, votes, reply);
    if (request->op == STORE_EXTEND_IF_EQUAL && reply->value.integer == 1 &&
        until_ms != STORE_FOR_GOOD && store->lock_until_ms != STORE_FOR_GOOD) {
        store->lock_until_ms += until_ms - now_ms;
    }
}

static void keeps_first_result(struct store *store, uint8_t *many, const struct request *request,
                               int64_t now_ms, struct vote *votes, struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_SET_RESULT && store->content[KEY_RESULT] == CONTENT_OURS) {
        mutated.value.result = store->result;
    }
    store_apply(store, many, &mutated, now_ms, votes, reply);
}

static void forgets_the_master(struct store *store, uint8_t *many, const struct request *request,
                               int64_t now_ms, struct vote *votes, struct reply *reply)
{
    store_apply(store, many, request, now_ms, votes, reply);
    if (request->op == STORE_READ_BALLOT && reply->outcome == STORE_OK &&
        reply->value.ballot.count > 0 && reply->value.ballot.votes[0].id == MASTER_ID) {
        reply->value.ballot.votes++;
        reply->value.ballot.count--;
    }
}

static void takes_text_for_nothing(struct store *store, uint8_t *many,
                                   const struct request *request, int64_t now_ms,
                                   struct vote *votes, struct reply *reply)
{
    if (request->key == KEY_LOCK && store->content[KEY_LOCK] == CONTENT_TEXT) {
        store_put_foreign(store, many, KEY_LOCK, CONTENT_NOTHING);
    }
    store_apply(store, many, request, now_ms, votes, reply);
}

static void deletes_only_the_tokens(struct store *store, uint8_t *many,
                                    const struct request *request, int64_t now_ms,
                                    struct vote *votes, struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_DELETE) {
        mutated.op = STORE_DELETE_IF_EQUAL;
    }
    store_apply(store, many, &mutated, now_ms, votes, reply);
}

static void dates_only_the_undated(struct store *store, uint8_t *many,
                                   const struct request *request, int64_t now_ms,
                                   struct vote *votes, struct reply *reply)
{
    int64_t until_ms = store->lock_until_ms;
    store_apply(store, many, request, now_ms, votes, reply);
    if (request->op == STORE_EXPIRE && reply->value.integer == 1 && until_ms != STORE_FOR_GOOD &&
        store->lock_until_ms != STORE_FOR_GOOD) {
        store->lock_until_ms = until_ms;
    }
}

const struct mutant mutants[] = {
    {"a lock that is held can be put again", put_takes_over},
    {"a TTL ends a millisecond too early", ends_too_early},
    {"a TTL never ends", never_ends},
    {"a lock can be deleted by anybody", deletes_anybodys},
    {"a lock can be extended by anybody", extends_anybodys},
    {"an extension is added to the TTL", extends_by_adding},
    {"a result cannot be overwritten", keeps_first_result},
    {"the master is never on a ballot", forgets_the_master},
    {"a stranger's text is overlooked", takes_text_for_nothing},
    {"a lock is deleted only by its owner", deletes_only_the_tokens},
    {"a TTL can be set only once", dates_only_the_undated},
    {NULL, NULL},
};
