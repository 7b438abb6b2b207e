/* Mutants. See mutants.h.
 *
 * How to add one: a function that makes the mistake around op_apply(), and a row in the
 * table. */
#include "tests/conformance/mutants.h"

#include "sim/ops/op.h"
#include "sim/ops/record.h"

static void put_takes_over(const struct keyspace *keys, const struct request *request,
                           struct reply *reply)
{
    if (request->op == STORE_PUT_IF_ABSENT) {
        keyspace_delete(keys, KEY_LOCK);
    }
    op_apply(keys, request, reply);
}

static void ends_too_early(const struct keyspace *keys, const struct request *request,
                           struct reply *reply)
{
    if (keys->now_ms ==
        keys->store->at[KEY_LOCK].until_ms) { /* gone when now >= the end, not when now > the end */
        keyspace_delete(keys, KEY_LOCK);
    }
    op_apply(keys, request, reply);
}

static void never_ends(const struct keyspace *keys, const struct request *request,
                       struct reply *reply)
{
    struct keyspace early = *keys;
    int64_t until_ms = keys->store->at[KEY_LOCK].until_ms;
    early.now_ms = keys->now_ms < until_ms ? keys->now_ms : until_ms;
    op_apply(&early, request, reply);
}

static void deletes_anybodys(const struct keyspace *keys, const struct request *request,
                             struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_DELETE_IF_EQUAL &&
        keys->store->at[KEY_LOCK].content == CONTENT_TOKEN) {
        mutated.value.token = keys->store->at[KEY_LOCK].token;
    }
    op_apply(keys, &mutated, reply);
}

static void extends_anybodys(const struct keyspace *keys, const struct request *request,
                             struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_EXTEND_IF_EQUAL &&
        keys->store->at[KEY_LOCK].content == CONTENT_TOKEN) {
        mutated.value.token = keys->store->at[KEY_LOCK].token;
    }
    op_apply(keys, &mutated, reply);
}

static void extends_by_adding(const struct keyspace *keys, const struct request *request,
                              struct reply *reply)
{
    int64_t until_ms = keys->store->at[KEY_LOCK].until_ms;
    op_apply(keys, request, reply);
    if (request->op == STORE_EXTEND_IF_EQUAL && reply->value.integer == 1 &&
        until_ms != STORE_FOR_GOOD && keys->store->at[KEY_LOCK].until_ms != STORE_FOR_GOOD) {
        keys->store->at[KEY_LOCK].until_ms += until_ms - keys->now_ms;
    }
}

static void keeps_first_result(const struct keyspace *keys, const struct request *request,
                               struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_SET_RESULT && keys->store->at[KEY_RESULT].content == CONTENT_RESULT) {
        mutated.value.result = keys->store->at[KEY_RESULT].result;
    }
    op_apply(keys, &mutated, reply);
}

static void forgets_the_master(const struct keyspace *keys, const struct request *request,
                               struct reply *reply)
{
    op_apply(keys, request, reply);
    if (request->op == STORE_READ_BALLOT && reply->outcome == STORE_OK &&
        reply->value.ballot.count > 0 && reply->value.ballot.votes[0].id == MASTER_ID) {
        reply->value.ballot.votes++;
        reply->value.ballot.count--;
    }
}

static void takes_text_for_nothing(const struct keyspace *keys, const struct request *request,
                                   struct reply *reply)
{
    if (request->key == KEY_LOCK && keys->store->at[KEY_LOCK].content == CONTENT_TEXT) {
        keyspace_delete(keys, KEY_LOCK);
    }
    op_apply(keys, request, reply);
}

static void deletes_only_the_tokens(const struct keyspace *keys, const struct request *request,
                                    struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_DELETE) {
        mutated.op = STORE_DELETE_IF_EQUAL;
    }
    op_apply(keys, &mutated, reply);
}

static void dates_only_the_undated(const struct keyspace *keys, const struct request *request,
                                   struct reply *reply)
{
    int64_t until_ms = keys->store->at[KEY_LOCK].until_ms;
    op_apply(keys, request, reply);
    if (request->op == STORE_EXPIRE && reply->value.integer == 1 && until_ms != STORE_FOR_GOOD &&
        keys->store->at[KEY_LOCK].until_ms != STORE_FOR_GOOD) {
        keys->store->at[KEY_LOCK].until_ms = until_ms;
    }
}

static void counts_anew(const struct keyspace *keys, const struct request *request,
                        struct reply *reply)
{
    if (request->op == STORE_PUT_FENCED && keys->store->at[KEY_EPOCH].content == CONTENT_NUMBER &&
        keyspace_look(keys, KEY_LOCK)->content == CONTENT_NOTHING) {
        keyspace_delete(keys, KEY_EPOCH); /* as if it had gone with the lock */
    }
    op_apply(keys, request, reply);
}

static void counts_each_asking(const struct keyspace *keys, const struct request *request,
                               struct reply *reply)
{
    op_apply(keys, request, reply);
    if (request->op == STORE_PUT_FENCED && reply->outcome == STORE_NIL &&
        keys->store->at[KEY_EPOCH].content == CONTENT_NUMBER) {
        keys->store->at[KEY_EPOCH].number++;
    }
}

static void tells_anybodys_epoch(const struct keyspace *keys, const struct request *request,
                                 struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_GET_EPOCH && keyspace_look(keys, KEY_LOCK)->content == CONTENT_TOKEN) {
        mutated.value.token = keys->store->at[KEY_LOCK].token;
    }
    op_apply(keys, &mutated, reply);
}

static void accepts_old_epochs(const struct keyspace *keys, const struct request *request,
                               struct reply *reply)
{
    struct request mutated = *request;
    if (request->op == STORE_WRITE) {
        mutated.value.number = TERM_MAX;
    }
    op_apply(keys, &mutated, reply);
}

static void sets_any_record(const struct keyspace *keys, const struct request *request,
                            struct reply *reply)
{
    struct request mutated = *request;
    if (op_rows[request->op]->finds == record_is_found &&
        keyspace_look(keys, KEY_LOCK)->content == CONTENT_RECORD) {
        mutated.value.from.record = keys->store->at[KEY_LOCK].record;
    }
    op_apply(keys, &mutated, reply);
}

static void counts_the_rejected(const struct keyspace *keys, const struct request *request,
                                struct reply *reply)
{
    op_apply(keys, request, reply);
    if (request->op == STORE_WRITE && reply->outcome == STORE_NIL) {
        keys->store->at[KEY_WRITES].list.length++;
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
    {"an epoch does not outlive its lock", counts_anew},
    {"an epoch grows although the lock was busy", counts_each_asking},
    {"anybody is told the epoch of a lock", tells_anybodys_epoch},
    {"the resource accepts an old epoch", accepts_old_epochs},
    {"the resource counts what it rejects", counts_the_rejected},
    {"a record is set whatever it was", sets_any_record},
    {NULL, NULL},
};
