/* What a stranger does with the lock's key that nobody can judge, and what only looks so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "strangers.h"

static struct stranger stranger;

static int begin(void **state)
{
    (void)state;
    begin_stranger(&stranger, "p:lock");
    return 0;
}

static void expect_obscure(const char *const *commands, size_t count, bool obscure)
{
    for (size_t i = 0; i < count; i++) {
        sends(&stranger, commands[i]);
        if ((stranger.request.obscure != NULL) != obscure) {
            fail_msg("%s is %sobscure", commands[i], obscure ? "not " : "");
        }
    }
}

static void what_may_write_the_key_unknown(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "FCALL take 1 p:lock me\n",
        "FCALL_RO mine 1 p:lock me\n",
        "EVAL 'return 1' 1 p:lock\n",
        "EVAL_RO 'return 1' 1 p:lock\n",
        "EVAL 'return 1' 0 p:lock\n",
        "SET p:lock me GET PX 300\n",
        "GETSET p:lock me\n",
        "MSET a 1 p:lock me\n",
        "MSETNX p:lock me\n",
        "HSETNX p:lock owner me\n",
        "INCR p:lock\n",
        "SADD p:lock me\n",
        "RENAME p:lock old\n",
        "RENAME mine p:lock\n",
        "COPY mine p:lock\n",
        "RESTORE p:lock 0 x\n",
        "APPEND p:lock x\n",
        "PERSIST p:lock\n",
        "EXPIRE p:lock 0 GT\n",
        "PEXPIREAT p:lock 1764454531000\n",
        "SET p:lock gone XX PX 1\n",
        "PSETEX p:lock 1 gone\n",
        "BITOP NOT p:lock a\n",
        "SWAPDB 0 1\n",
        "UNHEARDOF p:lock\n",
    };
    expect_obscure(commands, sizeof commands / sizeof *commands, true);
}

static void what_is_understood_or_writes_nothing(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "SET p:lock me NX PX 300\n",
        "SET p:lock me NX GET PX 300\n",
        "SET p:lock me PX 300\n",
        "SET p:lock me XX GET PX 300\n",
        "SET p:lock me NX PX 1\n",
        "SETEX p:lock 1 me\n",
        "PSETEX p:lock 300 me\n",
        "DEL a p:lock\n",
        "EXPIRE p:lock 0\n",
        "PEXPIREAT p:lock 1\n",
        "PEXPIRE p:lock 300 NX\n",
        "GET p:lock\n",
        "PTTL p:lock\n",
        "WATCH p:lock\n",
        "PUBLISH freed p:lock\n",
        "SUBSCRIBE p:lock\n",
        "SADD locks p:lock\n",
        "SET other p:lock\n",
        "EVAL 'return 1' 1 other\n",
        "FCALL take 1 other me\n",
        "GETSET other me\n",
    };
    expect_obscure(commands, sizeof commands / sizeof *commands, false);
}

/* A condition that did not hold says nothing of whose the lock is. */
static void a_condition_of_expire_tells_nothing(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "PEXPIRE p:lock 300 NX\n",
        "PEXPIRE p:lock 300 GT\n",
        "EXPIRE p:lock 3 LT\n",
        "EXPIRE p:lock 3 XX\n",
    };
    sends(&stranger, "SET p:lock me NX PX 300\n");
    reads(&stranger, "+OK\r\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        sends(&stranger, commands[i]);
        assert_int_equal(stranger.request.op, STORE_EXPIRE);
        reads(&stranger, ":0\r\n");
        assert_int_equal(stranger.reply.effect, WILD_NOTHING);
        assert_int_equal(stranger.reply.outcome, STORE_UNKNOWN);
        assert_true(belief_holds(&stranger.belief));
        reads(&stranger, ":1\r\n");
        assert_int_equal(stranger.reply.effect, WILD_KEPT);
    }
}

static void set_xx_get_keeps(void **state)
{
    (void)state;
    sends(&stranger, "SET p:lock me NX PX 300\n");
    reads(&stranger, "+OK\r\n");
    sends(&stranger, "SET p:lock me XX GET PX 300\n");
    reads(&stranger, "$2\r\nme\r\n");
    assert_int_equal(stranger.reply.effect, WILD_KEPT);
    assert_true(belief_holds(&stranger.belief));
    reads(&stranger, "$-1\r\n");
    assert_int_equal(stranger.reply.effect, WILD_LOST);
    assert_false(belief_holds(&stranger.belief));
}

static void a_set_with_a_time_takes(void **state)
{
    (void)state;
    sends(&stranger, "PSETEX p:lock 300 me\n");
    assert_int_equal(stranger.request.ttl_ms, 300);
    assert_true(token_equal(stranger.request.token, token_named("me")));
    reads(&stranger, "+OK\r\n");
    assert_int_equal(stranger.reply.effect, WILD_TOOK);
    assert_true(belief_holds(&stranger.belief));
    sends(&stranger, "SETEX p:lock 2 me\n");
    assert_int_equal(stranger.request.ttl_ms, 2000);
}

/* A time that is past deletes a key. */
static void a_time_that_is_past_gives_back(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "EXPIRE p:lock 0\n",
        "PEXPIRE p:lock -1\n",
        "EXPIREAT p:lock 1\n",
        "PEXPIREAT p:lock 1\n",
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        sends(&stranger, "SET p:lock me NX PX 300\n");
        reads(&stranger, "+OK\r\n");
        assert_true(sends(&stranger, commands[i]));
        assert_int_equal(stranger.change.why, BELIEF_RELEASED);
        reads(&stranger, ":1\r\n");
        assert_int_equal(stranger.reply.effect, WILD_RELEASED);
    }
}

/* The key may stand in the text; and a loaded script is called with nothing but its digest. */
static void a_script_that_has_the_key_in_its_text(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "EVAL \"return redis.call('set','p:lock','me','NX','PX',300)\" 0\n",
        "EVAL \"return redis.call('del', 'p:lp:lock')\" 1 other\n",
        "EVAL \"-- 01234567890123456789012345678901234567890123456789 p:p:lock\" 0\n",
        "SCRIPT LOAD \"return redis.call('del', 'p:lock')\"\n",
        "FUNCTION LOAD REPLACE \"#!lua name=a\\nredis.call('del', 'p:lock')\"\n",
    };
    static const char *const others[] = {
        "EVAL \"return redis.call('set','p:loc','me')\" 0\n",
        "SCRIPT LOAD \"return redis.call('del', KEYS[1])\"\n",
        ("EVAL \"" MANUALS_TEXT "\" 1 other me\n"),
        "SET note \"the key is p:lock\"\n",
    };
    expect_obscure(commands, sizeof commands / sizeof *commands, true);
    expect_obscure(others, sizeof others / sizeof *others, false);
}

/* Behind more keys than are kept. */
static void a_release_with_many_keys(void **state)
{
    (void)state;
    char line[8192] = "DEL";
    sends(&stranger, "SET p:lock me NX PX 300\n");
    reads(&stranger, "+OK\r\n");
    for (int i = 0; i < 2 * RESP_ITEMS; i++) {
        snprintf(line + strlen(line), sizeof line - strlen(line), " tmp:%d", i);
    }
    size_t end = strlen(line);
    snprintf(line + end, sizeof line - end, " p:lock2 xp:lock\n");
    assert_false(sends(&stranger, line));
    snprintf(line + end, sizeof line - end, " p:lock\n");
    assert_true(sends(&stranger, line));
    assert_int_equal(stranger.change.why, BELIEF_RELEASED);
    assert_int_equal(stranger.request.keys, 2 * RESP_ITEMS + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_may_write_the_key_unknown, begin),
        cmocka_unit_test_setup(what_is_understood_or_writes_nothing, begin),
        cmocka_unit_test_setup(a_condition_of_expire_tells_nothing, begin),
        cmocka_unit_test_setup(set_xx_get_keeps, begin),
        cmocka_unit_test_setup(a_set_with_a_time_takes, begin),
        cmocka_unit_test_setup(a_script_that_has_the_key_in_its_text, begin),
        cmocka_unit_test_setup(a_release_with_many_keys, begin),
        cmocka_unit_test_setup(a_time_that_is_past_gives_back, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
