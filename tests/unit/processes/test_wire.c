/* The edge: requests as the very bytes of Redis commands, and bytes of Redis as replies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/ops/op.h"
#include "sim/processes/wire.h"

#define TOKEN                                                                                      \
    {                                                                                              \
        0x0123456789abcdef, 0xfedcba9876543210                                                     \
    }
#define DIGITS "0123456789abcdeffedcba9876543210"

/* The words of a request's command, one blank between them. */
static char *words_of(const char *prefix, const struct request *request, bool whole)
{
    static char text[1024]; /* of one assertion */
    struct wire_keys keys;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    redisContext *redis = redisConnectFd(ends[0]);
    wire_keys_make(&keys, prefix);
    assert_true(wire_append(redis, &keys, request, whole));
    redisReader *reader = redisReaderCreate();
    void *command = NULL;
    redisReaderFeed(reader, redis->obuf, strlen(redis->obuf));
    assert_int_equal(redisReaderGetReply(reader, &command), REDIS_OK);
    const redisReply *array = command;
    text[0] = '\0';
    for (size_t i = 0; i < array->elements; i++) {
        strcat(strcat(text, i ? " " : ""), array->element[i]->str);
    }
    freeReplyObject(command);
    redisReaderFree(reader);
    redisFree(redis);
    close(ends[1]);
    return text;
}

static void commands_are_the_articles_own(void **state)
{
    static const struct {
        struct request request;
        const char *words;
    } pairs[] = {
        {{.op = STORE_PUT_IF_ABSENT, .key = KEY_LOCK, .ttl_ms = 2000, .value.token = TOKEN},
         "SET node_lock " DIGITS " NX PX 2000"},
        {{.op = STORE_PUT_IF_ABSENT, .key = KEY_LOCK, .value.token = TOKEN},
         "SET node_lock " DIGITS " NX"},
        {{.op = STORE_SET_STATUS, .key = KEY_NODES, .id = 3, .status = STATUS_PREPARE},
         "HSET nodes 3 {\"id\": 3, \"status\": \"prepare\"}"},
        {{.op = STORE_SET_STATUS, .key = KEY_NODES, .id = 0, .status = STATUS_SUBMIT},
         "HSET nodes 0 {\"id\": 0, \"status\": \"submit\"}"},
        {{.op = STORE_SET_RESULT, .key = KEY_RESULT, .value.result = {3, 2, UINT64_C(1) << 40}},
         "SET election_result {\"id\": 3, \"rule\": 2, \"term\": 1099511627776}"},
        {{.op = STORE_READ_BALLOT, .key = KEY_NODES}, "HGETALL nodes"},
        {{.op = STORE_GET_TOKEN, .key = KEY_LOCK}, "GET node_lock"},
        {{.op = STORE_GET_RESULT, .key = KEY_RESULT}, "GET election_result"},
        {{.op = STORE_DELETE_IF_EQUAL, .key = KEY_LOCK, .value.token = TOKEN},
         "EVALSHA 6fbe84d1140fd2047394924af9d845b83c070bec 1 node_lock " DIGITS},
        {{.op = STORE_EXTEND_IF_EQUAL, .key = KEY_LOCK, .ttl_ms = 700, .value.token = TOKEN},
         "EVALSHA e50f848e374a94192aa6f2e444e7eb8acc16501d 1 node_lock " DIGITS " 700"},
        {{.op = STORE_PUT_FENCED, .key = KEY_LOCK, .ttl_ms = 700, .value.token = TOKEN},
         "EVALSHA 8d9e78dc018c3b4e853dfc34d3b7926afd0622c1 2 node_lock epoch " DIGITS " PX 700"},
        {{.op = STORE_PUT_FENCED, .key = KEY_LOCK, .value.token = TOKEN},
         "EVALSHA 8d9e78dc018c3b4e853dfc34d3b7926afd0622c1 2 node_lock epoch " DIGITS},
        {{.op = STORE_GET_EPOCH, .key = KEY_LOCK, .value.token = TOKEN},
         "EVALSHA b6f3a50bd3135784d2f6f8424a8bda04b9368c91 2 node_lock epoch " DIGITS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_string_equal(words_of("", &pairs[i].request, false), pairs[i].words);
    }
}

static void keys_bear_the_prefix(void **state)
{
    const struct request read = {.op = STORE_READ_BALLOT, .key = KEY_NODES};
    (void)state;
    assert_string_equal(words_of("mine:7:", &read, false), "HGETALL mine:7:nodes");
}

/* --- in --------------------------------------------------------------------------------------- */

static struct wire_votes votes;

static int free_votes(void **state)
{
    (void)state;
    free(votes.list);
    votes = (struct wire_votes){0};
    return 0;
}

static struct reply reply_to(uint8_t op, const char *bytes)
{
    redisReader *reader = redisReaderCreate();
    struct request request = {.op = op};
    struct reply reply;
    void *raw = NULL;
    redisReaderFeed(reader, bytes, strlen(bytes));
    assert_int_equal(redisReaderGetReply(reader, &raw), REDIS_OK);
    assert_non_null(raw);
    wire_reply(raw, &request, &votes, &reply);
    freeReplyObject(raw);
    redisReaderFree(reader);
    return reply;
}

static void plain_replies(void **state)
{
    (void)state;
    assert_int_equal(reply_to(STORE_PUT_IF_ABSENT, "+OK\r\n").outcome, STORE_OK);
    assert_int_equal(reply_to(STORE_PUT_IF_ABSENT, "$-1\r\n").outcome, STORE_NIL);
    assert_int_equal(reply_to(STORE_PUT_IF_ABSENT, "-OOM no\r\n").outcome, STORE_REFUSED);
    assert_int_equal(reply_to(STORE_GET_RESULT, "-NOPERM no\r\n").outcome, STORE_REFUSED);
    struct reply deleted = reply_to(STORE_DELETE_IF_EQUAL, ":1\r\n");
    assert_int_equal(deleted.outcome, STORE_OK);
    assert_int_equal(deleted.value.integer, 1);
}

static void tokens(void **state)
{
    const struct token token = TOKEN;
    char text[33];
    (void)state;
    token_text(token, text);
    assert_string_equal(text, DIGITS);
    struct reply reply = reply_to(STORE_GET_TOKEN, "$32\r\n" DIGITS "\r\n");
    assert_true(token_equal(reply.value.token, token));
    /* What is no token of ours is there all the same: somebody's. */
    static const char *const others[] = {"$3\r\nabc\r\n", "$0\r\n\r\n",
                                         "$32\r\n0123456789ABCDEFfedcba9876543210\r\n",
                                         "$32\r\n0123456789abcdef-edcba9876543210\r\n"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        reply = reply_to(STORE_GET_TOKEN, others[i]);
        assert_int_equal(reply.outcome, STORE_UNREADABLE);
        assert_true(token_equal(reply.value.token, (struct token){0}));
    }
}

static void results(void **state)
{
    struct result result;
    const char *good = " {\"term\":9007199254740991,\"id\":0,\"rule\":1,\"by\":[\"x\"]}";
    (void)state;
    assert_true(wire_parse_result(good, strlen(good), &result));
    assert_int_equal(result.id, 0);
    assert_int_equal(result.rule, 1);
    assert_int_equal(result.term,
                     9007199254740991); /* TERM_MAX: the last one that is not rounded */
    static const char *const bad[] = {"",
                                      "3",
                                      "{}",
                                      "[1]",
                                      "{\"id\": 1, \"rule\": 3}",
                                      "{\"id\": 1.5, \"rule\": 3, \"term\": 1}",
                                      "{\"id\": -1, \"rule\": 3, \"term\": 1}",
                                      "{\"id\": 1, \"rule\": 3, \"term\": 1e300}",
                                      "{\"id\": 1, \"rule\": 3, \"term\": 9007199254740992}",
                                      "{\"id\": 1, \"rule\": 3, \"term\": 9007199254740993}",
                                      "{\"id\": \"1\", \"rule\": 3, \"term\": 1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(wire_parse_result(bad[i], strlen(bad[i]), &result));
    }
    assert_int_equal(reply_to(STORE_GET_RESULT, "$2\r\n{}\r\n").outcome, STORE_UNREADABLE);
}

/* What is there and is not what was asked for is no answer that one could go by: of a read it is
 * unreadable; a request that changes something may have been carried out. */
static void answers_of_another_kind(void **state)
{
    static const char *const kinds[] = {"+OK\r\n", ":1\r\n", "$2\r\n{}\r\n", "*0\r\n", "$-1\r\n"};
    static const struct {
        uint8_t op;
        const char *good; /* the kinds that may be good */
        uint8_t outcome;
    } ops[] = {
        {STORE_PUT_IF_ABSENT, "04", STORE_UNKNOWN},  {STORE_DELETE_IF_EQUAL, "1", STORE_UNKNOWN},
        {STORE_EXTEND_IF_EQUAL, "1", STORE_UNKNOWN}, {STORE_EXPIRE, "1", STORE_UNKNOWN},
        {STORE_DELETE, "1", STORE_UNKNOWN},          {STORE_SET_STATUS, "1", STORE_UNKNOWN},
        {STORE_SET_RESULT, "0", STORE_UNKNOWN},      {STORE_READ_BALLOT, "3", STORE_UNREADABLE},
        {STORE_GET_TOKEN, "4", STORE_UNREADABLE},    {STORE_GET_RESULT, "4", STORE_UNREADABLE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        for (int kind = 0; kind < 5; kind++) {
            struct reply reply = reply_to(ops[i].op, kinds[kind]);
            if (strchr(ops[i].good, '0' + kind)) {
                assert_int_equal(reply.outcome, kind == 4 ? STORE_NIL : STORE_OK);
            } else {
                assert_int_equal(reply.outcome, ops[i].outcome);
                assert_int_equal(reply.value.integer, 0);
                assert_true(ops[i].outcome == STORE_UNREADABLE ||
                            !op_applied(ops[i].op, reply.outcome, 0));
            }
        }
    }
}

/* Redis 6 wraps the errors of a script. */
static void another_type_is_something_that_cannot_be_read(void **state)
{
    static const char error[] = "-WRONGTYPE Operation against a key holding the wrong kind\r\n";
    static const char in_script[] =
        "-ERR Error running script (call to f_1): @user_script:1: WRONGTYPE Operation against\r\n";
    (void)state;
    assert_int_equal(reply_to(STORE_GET_RESULT, error).outcome, STORE_UNREADABLE);
    assert_int_equal(reply_to(STORE_GET_TOKEN, error).outcome, STORE_UNREADABLE);
    assert_int_equal(reply_to(STORE_READ_BALLOT, error).outcome, STORE_UNREADABLE);
    assert_int_equal(reply_to(STORE_SET_STATUS, error).outcome, STORE_REFUSED);
    assert_int_equal(reply_to(STORE_DELETE_IF_EQUAL, in_script).outcome, STORE_REFUSED);
    assert_true(wire_says_wrong_type(in_script));
}

/* The bytes of an HGETALL of `count` pairs of field and value. */
static void hash_of(char *bytes, size_t size, const char *const pairs[][2], size_t count)
{
    size_t used = (size_t)snprintf(bytes, size, "*%zu\r\n", count * 2);
    for (size_t i = 0; i < count; i++) {
        for (int j = 0; j < 2; j++) {
            used += (size_t)snprintf(bytes + used, size - used, "$%zu\r\n%s\r\n",
                                     strlen(pairs[i][j]), pairs[i][j]);
        }
    }
}

static void a_ballot_is_sorted_and_without_nonsense(void **state)
{
    static const char *const pairs[][2] = {
        {"30", "{\"id\": 30, \"status\": \"submit\"}"},
        {"x", "no JSON"},
        {"4", "{\"status\":\"prepare\",\"id\":4}"},
        {"2", "{\"id\": 2, \"status\": \"prepare\"}"},
        {"7", "{\"id\": 2, \"status\": \"submit\"}"}, /* a second who says he is 2 */
        {"5", "{\"id\": 5, \"status\": \"retired\"}"},
        {"6", "{\"id\": 99999, \"status\": \"submit\"}"},
        {"8", "{\"id\": 8, \"status\": null}"},
    };
    char bytes[1024];
    (void)state;
    hash_of(bytes, sizeof bytes, pairs, sizeof pairs / sizeof *pairs);
    struct reply reply = reply_to(STORE_READ_BALLOT, bytes);
    assert_int_equal(reply.outcome, STORE_OK);
    assert_int_equal(reply.value.ballot.count, 4);
    static const struct vote expected[] = {{2, STATUS_PREPARE, 0},
                                           {4, STATUS_PREPARE, 0},
                                           {5, STATUS_UNKNOWN, 0},
                                           {30, STATUS_SUBMIT, 0}};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(reply.value.ballot.votes[i].id, expected[i].id);
        if (expected[i].id != 2) { /* either of the two may be believed */
            assert_int_equal(reply.value.ballot.votes[i].status, expected[i].status);
        }
    }
}

static void a_hash_without_anybody_is_an_empty_ballot(void **state)
{
    (void)state;
    struct reply reply = reply_to(STORE_READ_BALLOT, "*0\r\n");
    assert_int_equal(reply.outcome, STORE_OK);
    assert_int_equal(reply.value.ballot.count, 0);
    static const char *const nobody[][2] = {{"a", "x"}, {"b", "y"}};
    char bytes[128];
    hash_of(bytes, sizeof bytes, nobody, 2);
    assert_int_equal(reply_to(STORE_READ_BALLOT, bytes).value.ballot.count, 0);
}

/* The short way through what everybody writes must say the same as the long way. */
static void the_short_way_agrees_with_the_long_way(void **state)
{
    static const char *const ids[] = {"0", "7", "16383", "16384", "00", "007", "123456", "", "-1"};
    static const char *const words[] = {"prepare", "submit", "Submit", "submit ", ""};
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        for (size_t j = 0; j < sizeof words / sizeof *words; j++) {
            struct vote quick, slow;
            char usual[80], spaced[80];
            int length =
                snprintf(usual, sizeof usual, "{\"id\": %s, \"status\": \"%s\"}", ids[i], words[j]);
            bool good = wire_parse_status(usual, (size_t)length, &quick);
            length =
                snprintf(spaced, sizeof spaced, "{\"id\":%s,\"status\":\"%s\"}", ids[i], words[j]);
            assert_int_equal(good, wire_parse_status(spaced, (size_t)length, &slow));
            if (good) {
                assert_memory_equal(&quick, &slow, sizeof quick);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_the_articles_own),
        cmocka_unit_test(keys_bear_the_prefix),
        cmocka_unit_test(plain_replies),
        cmocka_unit_test(tokens),
        cmocka_unit_test(results),
        cmocka_unit_test_teardown(a_ballot_is_sorted_and_without_nonsense, free_votes),
        cmocka_unit_test_teardown(a_hash_without_anybody_is_an_empty_ballot, free_votes),
        cmocka_unit_test(answers_of_another_kind),
        cmocka_unit_test(another_type_is_something_that_cannot_be_read),
        cmocka_unit_test(the_short_way_agrees_with_the_long_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
