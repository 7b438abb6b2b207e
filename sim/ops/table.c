/* The table of operations. See op.h. */
#include "sim/ops/op.h"

#include <assert.h>
#include <string.h>

const struct op_row *const op_rows[STORE_OPS] = {
    [STORE_PUT_IF_ABSENT] = &op_put_if_absent,
    [STORE_DELETE_IF_EQUAL] = &op_delete_if_equal,
    [STORE_EXTEND_IF_EQUAL] = &op_extend_if_equal,
    [STORE_GET_TOKEN] = &op_get_token,
    [STORE_SET_STATUS] = &op_set_status,
    [STORE_READ_BALLOT] = &op_read_ballot,
    [STORE_GET_RESULT] = &op_get_result,
    [STORE_SET_RESULT] = &op_set_result,
    [STORE_EXPIRE] = &op_expire,
    [STORE_DELETE] = &op_delete,
    [STORE_PUT_FENCED] = &op_put_fenced,
    [STORE_WRITE] = &op_write,
    [STORE_GET_RECORD] = &op_get_record,
    [STORE_TAKE_RECORD] = &op_take_record,
    [STORE_RENEW_RECORD] = &op_renew_record,
    [STORE_FREE_RECORD] = &op_free_record,
    [STORE_GET_EPOCH] = &op_get_epoch,
};

const char *const op_keys[STORE_KEYS] = {
    [KEY_LOCK] = "node_lock", [KEY_NODES] = "nodes",   [KEY_RESULT] = "election_result",
    [KEY_EPOCH] = "epoch",    [KEY_WRITES] = "writes",
};

_Static_assert(STORE_OPS <= 31, "a set of operations is 32 bits, and the checks want one more");

/* Whether a modelled server may answer so: what is no error is as the row says. */
static bool may_answer(const struct op_row *row, uint8_t outcome)
{
    return outcome == STORE_OK || outcome == STORE_REFUSED ||
           (outcome == STORE_NIL && row->traits & OP_MAY_BE_NIL) ||
           (outcome == STORE_UNREADABLE && row->traits & OP_READS);
}

uint32_t ops_with(uint32_t traits)
{
    uint32_t ops = 0;
    for (int op = 0; op < STORE_OPS; op++) {
        ops |= op_has((uint8_t)op, traits) ? 1u << op : 0;
    }
    return ops;
}

int op_find(const char *name)
{
    assert(name);
    for (int op = 0; op < STORE_OPS; op++) {
        if (strcmp(op_rows[op]->name, name) == 0) {
            return op;
        }
    }
    return -1;
}

void op_apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    assert(request->op < STORE_OPS && request->key < STORE_KEYS);
    memset(reply, 0, sizeof *reply);
    reply->outcome = STORE_OK;
    op_rows[request->op]->apply(keys, request, reply);
    assert(may_answer(op_rows[request->op], reply->outcome));
}
