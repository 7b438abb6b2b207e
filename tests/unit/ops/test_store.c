/* The modelled Redis by itself: what needs no real one to be known. tests/conformance/ has the
 * rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/ops/op.h"
#include "sim/ops/store.h"

#define IDS 300

static struct store store;
static uint8_t many[IDS];
static struct vote votes[IDS];

static struct reply ask(enum store_op op, struct request request, int64_t now_ms)
{
    struct reply reply;
    request.op = (uint8_t)op;
    struct keyspace keys = keyspace_at(&store, many, votes, now_ms);
    op_apply(&keys, &request, &reply);
    return reply;
}

static bool delete_lock(int64_t now_ms)
{
    struct keyspace keys = keyspace_at(&store, many, votes, now_ms);
    return keyspace_delete(&keys, KEY_LOCK);
}

static struct request lock_of(uint64_t who, uint32_t ttl_ms)
{
    return (struct request){.key = KEY_LOCK, .ttl_ms = ttl_ms, .value.token.low = who};
}

static struct request nothing_at(enum store_key key)
{
    return (struct request){.key = (uint8_t)key};
}

static int empty(void **state)
{
    (void)state;
    store_init(&store, many, 6);
    return 0;
}

/* Redis counts in milliseconds, and a key is there in the last one. */
static void a_ttl_ends_after_its_last_millisecond(void **state)
{
    (void)state;
    assert_int_equal(ask(STORE_PUT_IF_ABSENT, lock_of(1, 5), 100).outcome, STORE_OK);
    assert_int_equal(ask(STORE_PUT_IF_ABSENT, lock_of(2, 5), 105).outcome, STORE_NIL);
    assert_int_equal(ask(STORE_GET_TOKEN, lock_of(0, 0), 105).value.token.low, 1);
    assert_int_equal(ask(STORE_PUT_IF_ABSENT, lock_of(2, 5), 106).outcome, STORE_OK);
    assert_int_equal(ask(STORE_DELETE_IF_EQUAL, lock_of(1, 0), 106).value.integer, 0);
    assert_int_equal(ask(STORE_DELETE_IF_EQUAL, lock_of(2, 0), 106).value.integer, 1);
    assert_int_equal(ask(STORE_GET_TOKEN, lock_of(0, 0), 106).outcome, STORE_NIL);
}

/* Lazily: nothing happens when the time comes, and everything when somebody looks. */
static void expiry_is_lazy(void **state)
{
    (void)state;
    ask(STORE_PUT_IF_ABSENT, lock_of(1, 5), 100);
    struct store before = store;
    ask(STORE_GET_RESULT, nothing_at(KEY_RESULT), 1000);
    assert_memory_equal(&store, &before, sizeof store);
    assert_false(delete_lock(1000));
    assert_int_equal(store.at[KEY_LOCK].content, CONTENT_NOTHING);
}

static void without_ttl_for_good(void **state)
{
    (void)state;
    ask(STORE_PUT_IF_ABSENT, lock_of(1, 0), 100);
    assert_int_equal(ask(STORE_PUT_IF_ABSENT, lock_of(2, 0), INT64_MAX - 1).outcome, STORE_NIL);
    assert_true(delete_lock(200));
    assert_int_equal(ask(STORE_GET_TOKEN, lock_of(0, 0), 200).outcome, STORE_NIL);
}

static void an_extension_replaces_the_ttl(void **state)
{
    (void)state;
    ask(STORE_PUT_IF_ABSENT, lock_of(1, 1000), 100);
    assert_int_equal(ask(STORE_EXTEND_IF_EQUAL, lock_of(2, 10), 100).value.integer, 0);
    assert_int_equal(ask(STORE_EXTEND_IF_EQUAL, lock_of(1, 10), 100).value.integer, 1);
    assert_int_equal(store.at[KEY_LOCK].until_ms, 110);
    assert_int_equal(ask(STORE_EXTEND_IF_EQUAL, lock_of(1, 0), 100).value.integer, 1);
    assert_int_equal(ask(STORE_GET_TOKEN, lock_of(0, 0), 100).outcome, STORE_NIL);
}

/* For small clusters and large ones, whose statuses lie elsewhere. */
static void a_ballot_is_sorted(void **state)
{
    static const uint16_t sizes[] = {6, STORE_FEW, STORE_FEW + 1, IDS};
    (void)state;
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        uint16_t last = (uint16_t)(sizes[size] - 1);
        store_init(&store, many, sizes[size]);
        const uint16_t ids[] = {last, 2, 0, 2};
        for (int i = 0; i < 4; i++) {
            struct request request = {.key = KEY_NODES, .id = ids[i], .status = (uint8_t)(i % 2)};
            assert_int_equal(ask(STORE_SET_STATUS, request, 0).value.integer, i < 3);
        }
        struct reply reply = ask(STORE_READ_BALLOT, nothing_at(KEY_NODES), 0);
        const struct vote expected[] = {{.id = 0, .status = STATUS_PREPARE},
                                        {.id = 2, .status = STATUS_SUBMIT},
                                        {.id = last, .status = STATUS_PREPARE}};
        assert_int_equal(reply.value.ballot.count, 3);
        assert_memory_equal(reply.value.ballot.votes, expected, sizeof expected);
    }
}

/* So that states can be copied, compared and hashed. */
static void equal_deeds_leave_equal_bytes(void **state)
{
    (void)state;
    struct store copies[2];
    for (int i = 0; i < 2; i++) {
        memset(&store, i ? 0xff : 0, sizeof store);
        store_init(&store, many, 6);
        ask(STORE_PUT_IF_ABSENT, lock_of(1, 10), 5);
        ask(STORE_SET_STATUS, (struct request){.key = KEY_NODES, .id = 3}, 6);
        if (i) {
            struct keyspace keys = keyspace_at(&store, many, votes, 6);
            keyspace_put_foreign(&keys, KEY_RESULT, CONTENT_TEXT);
            ask(STORE_DELETE_IF_EQUAL, lock_of(1, 0), 7);
            ask(STORE_PUT_IF_ABSENT, lock_of(1, 3), 12);
        }
        ask(STORE_SET_RESULT, (struct request){.key = KEY_RESULT, .value.result.id = 3}, 7);
        copies[i] = store;
    }
    assert_memory_equal(&copies[0], &copies[1], sizeof *copies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_ttl_ends_after_its_last_millisecond, empty),
        cmocka_unit_test_setup(expiry_is_lazy, empty),
        cmocka_unit_test_setup(without_ttl_for_good, empty),
        cmocka_unit_test_setup(an_extension_replaces_the_ttl, empty),
        cmocka_unit_test(a_ballot_is_sorted),
        cmocka_unit_test(equal_deeds_leave_equal_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
