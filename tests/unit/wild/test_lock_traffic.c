/* What a stranger's commands mean to the lock, and what its answers say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "strangers.h"

static struct stranger stranger;

static void expect(const char *command, uint8_t kind, uint8_t op, uint32_t ttl_ms)
{
    sends(&stranger, command);
    assert_int_equal(stranger.request.kind, kind);
    if (kind == WILD_LOCK) {
        assert_int_equal(stranger.request.op, op);
        assert_int_equal(stranger.request.ttl_ms, ttl_ms);
    }
}

/* The key that it names first, as far as that is kept. */
static void expect_key(const char *command, const char *key)
{
    sends(&stranger, command);
    assert_string_equal(stranger.request.key, key);
}

static void the_key_that_is_named(void **state)
{
    (void)state;
    begin_stranger(&stranger, "p:lock");
    expect_key("SET p:lock me NX PX 2000\n", "p:lock");
    expect_key("HSET jobs 1 done\n", "jobs");
    expect_key("PING\n", "");
    expect_key("GET \"a\\x01b\"\n", "a?b");
    expect_key("GET 0123456789012345678901234567890123456789012345678901234567890123456789\n",
               "0123456789012345678901234567890123456789012345678901234567890123");
}

static void expect_answer(const char *answer, uint8_t effect, uint8_t outcome, int64_t integer)
{
    struct wild_reply reply = reads(&stranger, answer);
    assert_int_equal(reply.effect, effect);
    assert_int_equal(reply.outcome, outcome);
    assert_int_equal(reply.integer, integer);
}

static void taking(void **state)
{
    (void)state;
    begin_stranger(&stranger, "p:lock");
    expect("SET p:lock me NX PX 2000\n", WILD_LOCK, STORE_PUT_IF_ABSENT, 2000);
    assert_true(token_equal(stranger.request.token, token_named("me")));
    expect_answer("+OK\r\n", WILD_TOOK, STORE_OK, 0);
    expect_answer("$-1\r\n", WILD_BUSY, STORE_NIL, 0);
    expect_answer("_\r\n", WILD_BUSY, STORE_NIL, 0);
    expect_answer("-OOM command not allowed\r\n", WILD_REFUSED, STORE_REFUSED, 0);
    expect("set p:lock me ex 60 nx\n", WILD_LOCK, STORE_PUT_IF_ABSENT, 60000);
    expect("SET p:lock me NX\n", WILD_LOCK, STORE_PUT_IF_ABSENT, 0);
    expect("SET p:lock me NX EXAT 1700000000\n", WILD_LOCK, STORE_PUT_IF_ABSENT, WILD_TTL_UNKNOWN);
    expect("SET p:lock me NX PX many\n", WILD_LOCK, STORE_PUT_IF_ABSENT, WILD_TTL_UNKNOWN);
    expect("SET p:lock me NX PX 99999999999\n", WILD_LOCK, STORE_PUT_IF_ABSENT, WILD_TTL_UNKNOWN);
    expect("SET p:lock me NX GET PX 5\n", WILD_LOCK, STORE_PUT_IF_ABSENT, 5);
    expect_answer("$-1\r\n", WILD_TOOK, STORE_OK, 0);
    expect_answer("$5\r\nother\r\n", WILD_BUSY, STORE_NIL, 0);
    expect("SETNX p:lock me\n", WILD_LOCK, STORE_PUT_IF_ABSENT, 0);
    expect_answer(":1\r\n", WILD_TOOK, STORE_OK, 0);
    expect_answer(":0\r\n", WILD_BUSY, STORE_NIL, 0);
}

static void prolonging_and_giving_back(void **state)
{
    (void)state;
    begin_stranger(&stranger, "p:lock");
    expect("EXPIRE p:lock 3\n", WILD_LOCK, STORE_EXPIRE, 3000);
    expect_answer(":1\r\n", WILD_KEPT, STORE_OK, 1);
    expect_answer(":0\r\n", WILD_LOST, STORE_OK, 0);
    expect("PEXPIRE p:lock 3000 GT\n", WILD_LOCK, STORE_EXPIRE, 3000);
    expect("DEL p:lock\n", WILD_LOCK, STORE_DELETE, 0);
    expect_answer(":1\r\n", WILD_RELEASED, STORE_OK, 1);
    expect_answer(":0\r\n", WILD_NOT_OURS, STORE_OK, 0);
    expect("UNLINK a p:lock c\n", WILD_LOCK, STORE_DELETE, 0);
    expect_answer(":3\r\n", WILD_RELEASED, STORE_OK, 1);
    expect_answer(":2\r\n", WILD_NOTHING, STORE_UNKNOWN, 0);
    expect_answer(":0\r\n", WILD_NOT_OURS, STORE_OK, 0);
    expect("GETDEL p:lock\n", WILD_LOCK, STORE_DELETE, 0);
    expect_answer("$2\r\nme\r\n", WILD_RELEASED, STORE_OK, 1);
    expect_answer("$-1\r\n", WILD_NOT_OURS, STORE_OK, 0);
    expect("flushall\n", WILD_LOCK, STORE_DELETE, 0);
    expect_answer("+OK\r\n", WILD_RELEASED, STORE_OK, 1);
    expect("FLUSHDB ASYNC\n", WILD_LOCK, STORE_DELETE, 0);
    expect_answer("-NOPERM this user has no permissions\r\n", WILD_REFUSED, STORE_REFUSED, 0);
}

static void looking(void **state)
{
    (void)state;
    begin_stranger(&stranger, "p:lock");
    expect("GET p:lock\n", WILD_LOCK, STORE_GET_TOKEN, 0);
    expect_answer("$2\r\nme\r\n", WILD_SAW, STORE_OK, 0);
    assert_true(token_equal(stranger.reply.token, token_named("me")));
    expect_answer("$-1\r\n", WILD_ABSENT, STORE_NIL, 0);
    expect_answer("-WRONGTYPE Operation against a key\r\n", WILD_REFUSED, STORE_REFUSED, 0);
    expect_answer("*0\r\n", WILD_NOTHING, STORE_UNREADABLE, 0);
}

static void what_is_not_understood(void **state)
{
    (void)state;
    begin_stranger(&stranger, "p:lock");
    expect("SET p:lock me PX 2000\n", WILD_COMMAND, 0, 0);
    expect_answer("+OK\r\n", WILD_TOOK, STORE_OK, 0);
    expect("SET p:lock me XX PX 2000\n", WILD_COMMAND, 0, 0);
    expect_answer("+OK\r\n", WILD_KEPT, STORE_OK, 0);
    expect_answer("$-1\r\n", WILD_LOST, STORE_NIL, 0);
    expect("PTTL p:lock\n", WILD_COMMAND, 0, 0);
    expect_answer(":5\r\n", WILD_NOTHING, STORE_OK, 0);
    expect("get\n", WILD_ELSEWHERE, 0, 0);
    expect("SETNX p:lock\n", WILD_ELSEWHERE, 0, 0);
    expect("SET p:lock2 me NX\n", WILD_ELSEWHERE, 0, 0);
    expect("SET other p:lock NX\n", WILD_ELSEWHERE, 0, 0);
    expect("HSET nodes 1 p\n", WILD_ELSEWHERE, 0, 0);
    assert_string_equal(stranger.request.name, "HSET");
    expect("\n", WILD_ELSEWHERE, 0, 0);
    expect("'a\\x1b b' x\n", WILD_ELSEWHERE, 0, 0);
    assert_string_equal(stranger.request.name, "A?X1B?B");
}

/* 32 small hex digits are the token itself. */
static void tokens(void **state)
{
    (void)state;
    struct token token = token_named("0123456789abcdef00000000000000ff");
    assert_true(token.high == 0x0123456789abcdef && token.low == 0xff);
    struct token large = token_named("0123456789ABCDEF00000000000000FF");
    assert_false(token_equal(token, large));
    struct token zero = token_named("00000000000000000000000000000000");
    assert_true(zero.high != 0 || zero.low != 0);
    assert_false(token_equal(token_named("1"), token_named("2")));
    /* printf abc | sha1sum */
    assert_true(token_equal(wild_token_of("abc", 3), token_named("abc")));
    assert_true(token_equal(wild_token_of("0123456789abcdef00000000000000ff", 32),
                            token_named("0123456789abcdef00000000000000ff")));
    token = token_named("abc");
    assert_true(token.high == 0xa9993e364706816a && token.low == 0xba3e25717850c26c);
}

static void undone_with_its_transaction(void **state)
{
    (void)state;
    struct wild_reply reply;
    begin_stranger(&stranger, "p:lock");
    expect("SETNX p:lock me\n", WILD_LOCK, STORE_PUT_IF_ABSENT, 0);
    wild_answer(&stranger.request, NULL, NULL, &reply);
    assert_int_equal(reply.effect, WILD_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_that_is_named),       cmocka_unit_test(taking),
        cmocka_unit_test(prolonging_and_giving_back),  cmocka_unit_test(looking),
        cmocka_unit_test(what_is_not_understood),      cmocka_unit_test(tokens),
        cmocka_unit_test(undone_with_its_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
