/* The scripts of libraries: each is known by what it is called with, as MONITOR showed it, and by
 * its answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/wild/lock_traffic.h"
#include "strangers.h"

#define UUID "95524fee-8278-4b62-86b0-fa48be62a714"
#define HEX "e1af40d5d308b5541d1fd67c7b33d6d5"

/* How a library calls one, what that means, and what it is answered. */
static const struct call {
    const char *digest, *rest;
    uint64_t op; /* enum store_op */
    const char *token;
    uint64_t ttl_ms;
    const char *yes, *no; /* NULL: it says the same always */
} calls[] = {
    /* redis-py */
    {"c3f8721cbb97f72bc19e972846bd7aaf91901658", "1 K " HEX, STORE_DELETE_IF_EQUAL, HEX, 0,
     ":1\r\n", ":0\r\n"},
    {"a4e8783852e6b949f9ef3a97212805108459a890", "1 K " HEX " 1500 1", STORE_EXTEND_IF_EQUAL, HEX,
     1500, ":1\r\n", ":0\r\n"},
    {"1cac51482acf5858da00f6d685d68f886cd6b6b2", "1 K " HEX " 2000", STORE_EXTEND_IF_EQUAL, HEX,
     2000, ":1\r\n", ":0\r\n"},
    /* redlock 4 and 5 */
    {"e5a322e2634ef59a516e8ea150cb085afafee684", "1 K " HEX " 1000", STORE_PUT_IF_ABSENT, HEX, 1000,
     ":1\r\n", ":0\r\n"},
    {"ce46f80993d5dac20dd066eb301a4e37994bdbed", "1 K " HEX " 1500", STORE_EXTEND_IF_EQUAL, HEX,
     1500, ":1\r\n", ":0\r\n"},
    {"0f0f23b9048b36752b5be114f357ba083449f908", "1 K " HEX, STORE_DELETE_IF_EQUAL, HEX, 0,
     ":1\r\n", ":0\r\n"},
    {"96da70f7716f27d278a5218544df37fd8b0a5e4c", "3 a K b " HEX " 1000", STORE_PUT_IF_ABSENT, HEX,
     1000, ":3\r\n", ":0\r\n"},
    {"aed6f382e410db8ba7926d4e5e9aab410bf2a78a", "1 K " HEX " 1500", STORE_EXTEND_IF_EQUAL, HEX,
     1500, ":1\r\n", ":0\r\n"},
    {"e4612211c9f8f51c257e26e056b0a654b3187242", "2 K b " HEX, STORE_DELETE_IF_EQUAL, HEX, 0,
     ":2\r\n", ":1\r\n"},
    /* @sesamecare-oss/redlock: the database comes first */
    {"1b77b94aa78451d55dfa97e18819bfbfc596cb5b", "1 K 0 " HEX " 1000", STORE_PUT_IF_ABSENT, HEX,
     1000, ":1\r\n", ":0\r\n"},
    {"820e9778d2b6733e9ed771e4be90ae73a95a6f3b", "1 K 0 " HEX " 1500", STORE_EXTEND_IF_EQUAL, HEX,
     1500, ":1\r\n", ":0\r\n"},
    {"df51f6837dcfe303d334e6abea9aeae192bab216", "1 K 0 " HEX, STORE_DELETE_IF_EQUAL, HEX, 0,
     ":1\r\n", ":0\r\n"},
    /* redis-semaphore */
    {"594683e49a64ebaf975caf5f8079a1d097c438f1", "1 K " UUID " 300", STORE_EXTEND_IF_EQUAL, UUID,
     300, ":1\r\n", ":0\r\n"},
    {"7157921a7cc7cfba979acf6d63f073151df17d12", "1 K " UUID, STORE_DELETE_IF_EQUAL, UUID, 0,
     ":1\r\n", ":0\r\n"},
    /* node-redis-warlock: all are keys */
    {"78d3bb55c589f1b2edf66f3527f5017f8dfcd6bb", "3 K 1500 IzZyUOwiEfG5lz2KpDrJXg==",
     STORE_EXTEND_IF_EQUAL, "IzZyUOwiEfG5lz2KpDrJXg==", 1500, "+OK\r\n", ":0\r\n"},
    {"5cc368fb92acd8fee3a986dc8e971d6cf28c3b44", "1 K IzZyUOwiEfG5lz2KpDrJXg==",
     STORE_DELETE_IF_EQUAL, "IzZyUOwiEfG5lz2KpDrJXg==", 0, ":1\r\n", ":0\r\n"},
    /* simple-redis-mutex */
    {"02718596825c5bf6c57af391b4dc01a6d2d9d88a", "2 K @simple-redis-mutex:locks-releases 0.099861",
     STORE_DELETE_IF_EQUAL, "0.099861", 0, NULL, "$-1\r\n"},
    /* ts-safe-redis-leader */
    {"6b5149b3c05f88f59a286419448e023b593d8e27", "1 K " UUID, STORE_DELETE_IF_EQUAL, UUID, 0,
     ":1\r\n", "$-1\r\n"},
    {"ff44c34a37787da37bb4a38d8d9a1b17a4d6058f", "1 K " UUID " 300", STORE_EXTEND_IF_EQUAL, UUID,
     300, ":1\r\n", "_\r\n"},
    /* @medusajs/locking-redis */
    {"0eafb65e6aa537bcc966e2af2a66dc7f3f66e121", "1 K me 5 false", STORE_PUT_IF_ABSENT, "me", 5000,
     ":1\r\n", ":0\r\n"},
    {"4294933f08f20c8eba99ef809315810389dfb0a3", "1 K me 5", STORE_EXTEND_IF_EQUAL, "me", 5000,
     ":1\r\n", ":0\r\n"},
    {"a0b59436cc046114766453c42adbb4c9c62ca99c", "1 K me", STORE_DELETE_IF_EQUAL, "me", 0, ":1\r\n",
     ":0\r\n"},
    /* php-symfony-lock: the client's time comes first */
    {"6fdee501a3714553b74c0d67687b921b90b05d18", "1 K 1700000000.123 dG9rZW4= 300000",
     STORE_PUT_IF_ABSENT, "dG9rZW4=", 300000, ":1\r\n", "$-1\r\n"},
    {"abdbb1413a25737fc4cfb9cf79ace1a22dad6ab3", "1 K 1700000000.123 dG9rZW4= 300000",
     STORE_PUT_IF_ABSENT, "dG9rZW4=", 300000, ":1\r\n", "$-1\r\n"},
    {"63be12a3515941092212f15c08327d60916de9fa", "1 K 1700000000.123 dG9rZW4= 300000",
     STORE_EXTEND_IF_EQUAL, "dG9rZW4=", 300000, ":1\r\n", "$-1\r\n"},
    {"fe7bee082a8220c6b621ace999a1ab57c4ab5145", "1 K 1700000000.123 dG9rZW4= 300000",
     STORE_EXTEND_IF_EQUAL, "dG9rZW4=", 300000, ":1\r\n", "$-1\r\n"},
    {"a70f7f5087a0cb2c2c9ca50d1f64e234c2628f0c", "1 K dG9rZW4=", STORE_DELETE_IF_EQUAL,
     "dG9rZW4=", 0, ":1\r\n", "$-1\r\n"},
    {"3b6bdbbe16f821f49177b16c7707f331f015a779", "1 K 1700000000.123 dG9rZW4=", 0, "dG9rZW4=", 0,
     ":1\r\n", "$-1\r\n"},
    {"e27f94ac94f5d96f23f2e8697462233b6349a566", "1 K 1700000000.123 dG9rZW4=", 0, "dG9rZW4=", 0,
     ":1\r\n", "$-1\r\n"},
    /* redlock-universal */
    {"e218d686a8f90368e5cd45074f06ce766cad9987", "1 K " HEX " 1500", STORE_EXTEND_IF_EQUAL, HEX,
     1500, ":1\r\n", ":0\r\n"},
    {"c000e088bd4aca36ab429d3b7a16fc736f4cb6f1", "1 K " HEX " 200 1500", STORE_EXTEND_IF_EQUAL, HEX,
     1500, "*2\r\n:1\r\n:700\r\n", "*2\r\n:-1\r\n:-2\r\n"},
    {"fd83166fb3d7235e3ace652b700c9e217c1adc1f", "1 K " HEX, STORE_DELETE_IF_EQUAL, HEX, 0,
     ":1\r\n", ":0\r\n"},
    /* @microfleet/ioredis-lock */
    {"da225123b2af4a41136fdba7ffac1e045e344da1", "1 K " UUID, STORE_DELETE_IF_EQUAL, UUID, 0,
     ":1\r\n", ":0\r\n"},
    {"bf3108245472c550b02852e1e425128e5eb399c4", "1 K " UUID " 1500", STORE_EXTEND_IF_EQUAL, UUID,
     1500, ":1\r\n", ":0\r\n"},
    /* php-illuminate-cache */
    {"647c65a442733a1aa440f99908d249d13b4d6c4a", "1 K owner", STORE_DELETE_IF_EQUAL, "owner", 0,
     ":1\r\n", ":0\r\n"},
};

static const struct call *call_of(const char *digest)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].digest, digest) == 0) {
            return &calls[i];
        }
    }
    return NULL;
}

static void each_is_known_by_its_digest(void **state)
{
    (void)state;
    for (size_t i = 0; i < script_count(); i++) {
        const struct script_row *row = script_at(i);
        const struct call *call = row->digest ? call_of(row->digest) : NULL;
        struct stranger stranger;
        char line[256];
        if (!row->digest) {
            continue;
        }
        assert_non_null(call);
        begin_stranger(&stranger, "K");
        snprintf(line, sizeof line, "EVALSHA %s %s\n", call->digest, call->rest);
        sends(&stranger, line);
        assert_int_equal(stranger.request.kind, row->asks ? WILD_COMMAND : WILD_LOCK);
        assert_ptr_equal(stranger.request.script, row);
        assert_int_equal(stranger.request.op, call->op);
        assert_int_equal(stranger.request.ttl_ms, call->ttl_ms);
        assert_true(stranger.request.has_token);
        assert_true(token_equal(stranger.request.token, token_named(call->token)));
        if (!call->yes) {
            assert_int_equal(reads(&stranger, call->no).outcome, STORE_UNKNOWN);
            assert_int_equal(stranger.reply.effect, WILD_NOTHING);
            continue;
        }
        assert_true(reads(&stranger, call->yes).effect == WILD_TOOK ||
                    stranger.reply.effect == WILD_KEPT || stranger.reply.effect == WILD_RELEASED);
        assert_true(reads(&stranger, call->no).effect == WILD_BUSY ||
                    stranger.reply.effect == WILD_LOST || stranger.reply.effect == WILD_NOT_OURS);
        assert_int_equal(reads(&stranger, "-NOSCRIPT No matching script.\r\n").outcome,
                         STORE_REFUSED);
    }
}

/* With blanks and quotes of one's own, and comments. */
static void what_people_copy_is_known_by_its_text(void **state)
{
    (void)state;
    struct stranger stranger;
    begin_stranger(&stranger, "K");
    sends(&stranger, "EVAL \"if redis.call('get',KEYS[1]) == ARGV[1] then\\n -- mine\\n"
                     " return redis.call('del',KEYS[1]); else return 0 end\" 1 K " HEX "\n");
    assert_int_equal(stranger.request.kind, WILD_LOCK);
    assert_int_equal(stranger.request.op, STORE_DELETE_IF_EQUAL);
    sends(&stranger, "eval \"IF redis.call('GET', KEYS[1]) == ARGV[1] then return "
                     "redis.call('EXPIRE', KEYS[1], ARGV[2]) end return 0\" 1 K me 7\n");
    assert_int_equal(stranger.request.op, STORE_EXTEND_IF_EQUAL);
    assert_int_equal(stranger.request.ttl_ms, 7000);
    sends(&stranger, "EVAL 'return redis.call(\"get\",KEYS[1])' 1 K\n");
    assert_int_equal(stranger.request.kind, WILD_SCRIPT);
    assert_null(stranger.request.script);
    sends(&stranger, "EVAL 'return 1' 1 other\n");
    assert_int_equal(stranger.request.kind, WILD_ELSEWHERE);
}

/* printf %s "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
 * return 0" | sha1sum: nobody's row. */
static void a_digest_is_learnt_from_a_text(void **state)
{
    (void)state;
    struct stranger stranger;
    static const char call[] = "EVALSHA " MANUALS_DIGEST " 1 K " HEX "\n";
    begin_stranger(&stranger, "K");
    sends(&stranger, call);
    assert_int_equal(stranger.request.kind, WILD_SCRIPT);
    sends(&stranger, "SCRIPT LOAD \"" MANUALS_TEXT "\"\n");
    assert_int_equal(stranger.request.kind, WILD_ELSEWHERE);
    sends(&stranger, call);
    assert_int_equal(stranger.request.kind, WILD_LOCK);
    assert_int_equal(stranger.request.op, STORE_DELETE_IF_EQUAL);
    begin_stranger(&stranger, "K");
    sends(&stranger, "EVAL \"" MANUALS_TEXT "\" 1 K " HEX "\n");
    sends(&stranger, call);
    assert_int_equal(stranger.request.op, STORE_DELETE_IF_EQUAL);
}

static void wrong_calls_are_scripts_on_the_lock(void **state)
{
    (void)state;
    static const char *const rests[] = {"0 K", "2 other K x", "9 K x", "x K", "-1 K"};
    struct stranger stranger;
    char line[128];
    begin_stranger(&stranger, "K");
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        snprintf(line, sizeof line, "EVALSHA %s %s\n", script_at(6)->digest, rests[i]);
        sends(&stranger, line);
        assert_int_equal(stranger.request.kind, WILD_SCRIPT);
    }
    sends(&stranger, "EVALSHA\n");
    sends(&stranger, "EVAL\n");
    sends(&stranger, "SCRIPT LOAD\n");
    assert_int_equal(stranger.request.kind, WILD_ELSEWHERE);
}

/* redis-py's extend adds to what is left. */
static void a_ttl_that_is_added_is_unknown(void **state)
{
    (void)state;
    struct stranger stranger;
    begin_stranger(&stranger, "K");
    sends(&stranger, "EVALSHA a4e8783852e6b949f9ef3a97212805108459a890 1 K " HEX " 1500 0\n");
    assert_int_equal(stranger.request.ttl_ms, WILD_TTL_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_known_by_its_digest),
        cmocka_unit_test(what_people_copy_is_known_by_its_text),
        cmocka_unit_test(a_digest_is_learnt_from_a_text),
        cmocka_unit_test(wrong_calls_are_scripts_on_the_lock),
        cmocka_unit_test(a_ttl_that_is_added_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
