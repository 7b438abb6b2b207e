/* The table of operations: what must hold of each row, whatever it is. That each does in the model
 * what a redis-server does is tests/conformance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/ops/op.h"
#include "sim/ops/record.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

static void names_lead_to_their_rows(void **state)
{
    (void)state;
    for (int op = 0; op < STORE_OPS; op++) {
        assert_non_null(op_rows[op]);
        assert_int_equal(op_find(op_rows[op]->name), op);
    }
    assert_int_equal(op_find("no_such_operation"), -1);
    assert_int_equal(op_find(""), -1);
}

static void rows_are_whole(void **state)
{
    (void)state;
    for (uint8_t op = 0; op < STORE_OPS; op++) {
        const struct op_row *row = op_rows[op];
        bool on_lock = row->traits & OP_ON_LOCK;
        assert_true(row->summary && row->command && row->apply);
        assert_true(op_has(op, OP_READS) != op_has(op, OP_WRITES));
        assert_int_equal(row->script != NULL, op_has(op, OP_SCRIPT));
        assert_true(row->asks < VALUE_KINDS && row->answers < VALUE_KINDS);
        assert_true(row->begins && strchr("+:$*", row->begins));
        assert_int_equal(row->answers == VALUE_BALLOT, row->begins == '*');
        assert_true(row->also == KEY_LOCK || (row->also < STORE_KEYS && row->script));
        assert_true(row->key < STORE_KEYS && (!on_lock || row->key == KEY_LOCK));
        assert_true(!op_has(op, OP_DATES_OWN_LOCK | OP_REMOVES_OWN_LOCK) ||
                    row->asks == VALUE_TOKEN);
        assert_int_equal(op_has(op, OP_TELLS_LEADER), row->answers == VALUE_RESULT);
        assert_true(!op_has(op, OP_DATES_LOCK | OP_REMOVES_LOCK) || row->answers == VALUE_DONE);
    }
}

static void sets_are_those_with_the_trait(void **state)
{
    (void)state;
    assert_int_equal(ops_with(OP_SCRIPT), 1u << STORE_DELETE_IF_EQUAL |
                                              1u << STORE_EXTEND_IF_EQUAL | 1u << STORE_PUT_FENCED |
                                              1u << STORE_TAKE_RECORD | 1u << STORE_RENEW_RECORD |
                                              1u << STORE_FREE_RECORD | 1u << STORE_WRITE |
                                              1u << STORE_GET_EPOCH);
    assert_int_equal(ops_with(OP_REMOVES_LOCK),
                     1u << STORE_DELETE_IF_EQUAL | 1u << STORE_DELETE | 1u << STORE_FREE_RECORD);
    assert_int_equal(ops_with(0), 0);
}

static struct request usual(uint8_t op)
{
    struct request request = {
        .op = op, .key = op_rows[op]->key, .ttl_ms = 2000, .id = 3, .status = STATUS_PREPARE};
    if (op_rows[op]->finds == record_is_found) {
        request.value.from.now_ms = 4000;
        request.value.from.record = (struct lease_record){.holder = {1, 2},
                                                          .acquire_ms = 1000,
                                                          .renew_ms = 3000,
                                                          .lease_ms = 2000,
                                                          .transitions = 1};
    }
    if (op_rows[op]->asks == VALUE_RESULT) {
        request.value.result = (struct result){.id = 3, .rule = 2, .term = 7};
    }
    return request;
}

/* As an array of texts, each with its length. */
static size_t size_of(const struct op_words *words)
{
    char head[32];
    size_t size = (size_t)snprintf(head, sizeof head, "*%d\r\n", words->count);
    for (int i = 0; i < words->count; i++) {
        size += (size_t)snprintf(head, sizeof head, "$%zu\r\n", words->length[i]);
        size += words->length[i] + 2;
    }
    return size;
}

/* By which the model's slow links go. */
static void requests_are_as_large_as_their_rows_say(void **state)
{
    static const char *const keys[STORE_KEYS] = {"node_lock", "nodes", "election_result", "epoch",
                                                 "writes"};
    (void)state;
    for (uint8_t op = 0; op < STORE_OPS; op++) {
        struct request request = usual(op);
        struct op_words words;
        uint8_t also = op_rows[op]->also;
        op_encode(&words, &request, keys[request.key], also == KEY_LOCK ? NULL : keys[also], false);
        if (size_of(&words) != op_rows[op]->request_bytes) {
            fail_msg("%s takes %zu bytes, not %u", op_rows[op]->name, size_of(&words),
                     (unsigned)op_rows[op]->request_bytes);
        }
    }
}

/* What is there is not what is looked for: no operation may take it for its own. */
static void strangers_are_not_taken_for_ours(void **state)
{
    static const enum store_content contents[] = {CONTENT_TEXT, CONTENT_LIST};
    struct store store;
    struct vote votes[6];
    (void)state;
    for (uint8_t op = 0; op < STORE_OPS; op++) {
        for (int i = 0; i < 2; i++) {
            struct request request = usual(op);
            struct reply reply;
            store_init(&store, NULL, 6);
            struct keyspace keys = keyspace_at(&store, NULL, votes, 5);
            keyspace_put_foreign(&keys, request.key, contents[i]);
            op_apply(&keys, &request, &reply);
            if (op_has(op, OP_READS)) {
                /* One that compares says that it is not ours. */
                assert_int_equal(reply.outcome,
                                 op_has(op, OP_SCRIPT) ? STORE_NIL : STORE_UNREADABLE);
            } else if (op_has(op, OP_DATES_OWN_LOCK | OP_REMOVES_OWN_LOCK | OP_TAKES_LOCK)) {
                assert_false(op_applied(op, reply.outcome, reply.value.integer));
            }
        }
    }
}

static void seconds_are_whole(void **state)
{
    (void)state;
    assert_int_equal(op_ttl_ms(STORE_EXPIRE, 1999), 1000);
    assert_int_equal(op_ttl_ms(STORE_EXPIRE, 999), 0);
    assert_int_equal(op_ttl_ms(STORE_EXTEND_IF_EQUAL, 1999), 1999);
    assert_int_equal(op_ttl_ms(STORE_PUT_IF_ABSENT, UINT32_MAX), UINT32_MAX);
}

static void applied_is_what_was_done(void **state)
{
    (void)state;
    assert_true(op_applied(STORE_PUT_IF_ABSENT, STORE_OK, 0));
    assert_false(op_applied(STORE_PUT_IF_ABSENT, STORE_NIL, 0));
    assert_true(op_applied(STORE_DELETE, STORE_OK, 1));
    assert_false(op_applied(STORE_DELETE, STORE_OK, 0));
    assert_true(op_applied(STORE_GET_TOKEN, STORE_NIL, 0));
    assert_true(op_applied(STORE_SET_STATUS, STORE_OK, 0));
    assert_true(op_applied(STORE_PUT_FENCED, STORE_OK, 7));
    assert_false(op_applied(STORE_PUT_FENCED, STORE_NIL, 0));
    assert_true(op_applied(STORE_GET_EPOCH, STORE_OK, 7));
    for (uint8_t op = 0; op < STORE_OPS; op++) {
        assert_false(op_applied(op, STORE_REFUSED, 1));
        assert_false(op_applied(op, STORE_UNKNOWN, 1));
        assert_false(op_applied(op, STORE_UNREADABLE, 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lead_to_their_rows),
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test(sets_are_those_with_the_trait),
        cmocka_unit_test(requests_are_as_large_as_their_rows_say),
        cmocka_unit_test(strangers_are_not_taken_for_ours),
        cmocka_unit_test(seconds_are_whole),
        cmocka_unit_test(applied_is_what_was_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
