/* Which answer belongs to which command. Conversations as a redis-server 7.0.15 has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/resp/pairs.h"
#include "told.h"

/* A conversation: what the client sends begins with '>', what the server sends with '<'. */
struct talk {
    struct pairs pairs;
    struct resp_reader sides[2];
    char told[1024];
    size_t used;
};

static void tell(struct talk *talk, const char *what, uint64_t number)
{
    int used = snprintf(talk->told + talk->used, sizeof talk->told - talk->used, "%s%s",
                        talk->used ? " " : "", what);
    talk->used += (size_t)used;
    if (number) {
        talk->used += (size_t)snprintf(talk->told + talk->used, sizeof talk->told - talk->used,
                                       "%llu", (unsigned long long)number);
    }
}

static void take_answer(struct talk *talk)
{
    static const char *const names[] = {
        [PAIRS_ANSWER] = "",    [PAIRS_PART] = "part-", [PAIRS_WAITS] = "waits-",
        [PAIRS_EXEC] = "exec-", [PAIRS_PUSH] = "push",  [PAIRS_UNKNOWN] = "unknown",
    };
    const struct resp_message *answer = &talk->sides[RESP_ANSWERS].message;
    struct paired paired = pairs_answer(&talk->pairs, answer);
    tell(talk, names[paired.kind], paired.number);
    if (paired.kind == PAIRS_EXEC) {
        for (uint32_t i = 0; i < pairs_executed(&talk->pairs, answer); i++) {
            tell(talk, "of-", talk->pairs.numbers[i]);
        }
    }
}

static void say(struct talk *talk, enum resp_side side, const char *bytes)
{
    struct resp_reader *reader = &talk->sides[side];
    size_t left = strlen(bytes);
    while (left > 0) {
        size_t taken = resp_read(reader, bytes, left);
        bytes += taken;
        left -= taken;
        if (reader->whole && side == RESP_COMMANDS) {
            pairs_command(&talk->pairs, &reader->message);
        } else if (reader->whole) {
            take_answer(talk);
        }
    }
}

static void begin(struct talk *talk)
{
    memset(talk, 0, sizeof *talk);
    pairs_begin(&talk->pairs);
    resp_begin(&talk->sides[RESP_COMMANDS], RESP_COMMANDS);
    resp_begin(&talk->sides[RESP_ANSWERS], RESP_ANSWERS);
}

#define C(bytes) say(&talk, RESP_COMMANDS, bytes)
#define S(bytes) say(&talk, RESP_ANSWERS, bytes)
#define TOLD(wanted) assert_string_equal(talk.told, wanted)

static void one_after_the_other(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("SET k v\n");
    S("+OK\r\n");
    C("GET k\n");
    S("$1\r\nv\r\n");
    TOLD("1 2");
}

static void pipelines(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("PING\nPING\nGET k\n\nPING\n");
    S("+PONG\r\n+PONG\r\n");
    C("PING\n");
    S("$-1\r\n+PONG\r\n+PONG\r\n");
    TOLD("1 2 3 5 6");
}

static void pipelines_of_any_length(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    for (int i = 0; i < 10000; i++) {
        C("PING\n");
    }
    C("MULTI\n");
    for (int i = 0; i < 9999; i++) {
        S("+PONG\r\n");
        talk.used = 0;
    }
    S("+PONG\r\n+OK\r\n");
    TOLD("10000 10001");
}

static void too_many_of_many_kinds(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    for (int i = 0; i < PAIRS_RUNS / 2; i++) {
        C("PING\nMULTI\n");
    }
    assert_int_equal(talk.pairs.lost, PAIRS_FOLLOWS);
    C("PING\n");
    assert_int_equal(talk.pairs.lost, PAIRS_TOO_MANY);
    S("+PONG\r\n");
    TOLD("unknown");
}

static void transactions(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("MULTI\nSETNX k 1\nEXPIRE k 10\nEXEC\n");
    S("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n:1\r\n");
    TOLD("1 waits-2 waits-3 exec-4 of-2 of-3");
    C("MULTI\nNONE\nSET k v\nEXEC\nEXEC\n");
    S("+OK\r\n-ERR unknown command\r\n+QUEUED\r\n-EXECABORT Transaction discarded\r\n"
      "-ERR EXEC without MULTI\r\n");
    TOLD("1 waits-2 waits-3 exec-4 of-2 of-3 5 6 waits-7 exec-8 9");
    talk.used = 0;
    C("WATCH k\nMULTI\nMULTI\nSET k v\nEXEC\nMULTI\nSET k v\nDISCARD\nPING\n");
    S("+OK\r\n+OK\r\n-ERR MULTI calls can not be nested\r\n+QUEUED\r\n*-1\r\n");
    S("+OK\r\n+QUEUED\r\n+OK\r\n+PONG\r\n");
    TOLD("10 11 12 waits-13 exec-14 15 waits-16 17 18");
}

static void subscriptions(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("SUBSCRIBE a b\n");
    S("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
    S("*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n");
    S("*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n");
    C("PSUBSCRIBE p*\nPING\nUNSUBSCRIBE\n");
    S("*3\r\n$10\r\npsubscribe\r\n$2\r\np*\r\n:3\r\n");
    S("*4\r\n$8\r\npmessage\r\n$2\r\np*\r\n$2\r\np1\r\n$1\r\nx\r\n");
    S("*2\r\n$4\r\npong\r\n$0\r\n\r\n");
    S("*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:2\r\n*3\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:1\r\n");
    C("PUNSUBSCRIBE\nUNSUBSCRIBE\nLRANGE l 0 -1\n");
    S("*3\r\n$12\r\npunsubscribe\r\n$2\r\np*\r\n:0\r\n*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n");
    S("*1\r\n$7\r\nmessage\r\n");
    TOLD("part-1 push 1 2 push 3 part-4 4 5 6 7");
}

static void subscriptions_of_resp3(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("HELLO 3\nSUBSCRIBE a b\nPING\nLRANGE l 0 -1\n");
    S("%1\r\n+server\r\n+redis\r\n");
    assert_int_equal(talk.pairs.protocol, 3);
    S(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n");
    S(">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n");
    S(">3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n+PONG\r\n*1\r\n$7\r\nmessage\r\n");
    TOLD("1 push part-2 push 2 3 4");
}

static void refused_subscriptions(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("SUBSCRIBE a b\nSUBSCRIBE\nPING\n");
    S("-NOPERM no\r\n-ERR wrong number of arguments\r\n+PONG\r\n");
    TOLD("1 2 3");
}

static void no_answers(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("CLIENT REPLY SKIP\nPING\nPING\n");
    S("+PONG\r\n");
    C("client reply off\nSET k v\nSET k v\nCLIENT REPLY ON\nPING\n");
    S("+OK\r\n+PONG\r\n");
    C("REPLCONF ACK 0\nPING\n");
    S("+PONG\r\n");
    TOLD("3 7 8 10");
    talk.used = 0;
    C("CLIENT REPLY SKIP\n\nPING\nCLIENT REPLY SKIP\nCLIENT REPLY SKIP\nPING\nPING\n");
    S("+PONG\r\n+PONG\r\n");
    TOLD("13 17");
    talk.used = 0;
    C("CLIENT REPLY OFF\nSUBSCRIBE a\nPING\nRESET\n");
    S("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n+RESET\r\n");
    TOLD("19 21");
}

static void reset_and_quit(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("HELLO 3\nMULTI\nSET k v\nRESET\nPING\nHELLO 4\nQUIT\nPING\n");
    S("%0\r\n+OK\r\n+QUEUED\r\n+RESET\r\n+PONG\r\n-NOPROTO\r\n+OK\r\n");
    assert_int_equal(talk.pairs.protocol, 2);
    TOLD("1 2 waits-3 4 5 6 7");
    S("+PONG\r\n");
    assert_int_equal(talk.pairs.lost, PAIRS_NOT_ASKED);
}

static void monitors(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("MONITOR\nPING\n");
    S("+OK\r\n+1339518083.107412 [0 127.0.0.1:60866] \"keys\" \"*\"\r\n+PONG\r\n");
    TOLD("1 push 2");
}

static void what_cannot_be_followed(void **state)
{
    (void)state;
    struct talk talk;
    begin(&talk);
    C("PSYNC ? -1\n");
    S("+FULLRESYNC x 0\r\n");
    assert_int_equal(talk.pairs.lost, PAIRS_SYNC);
    begin(&talk);
    C("MULTI\nCLIENT REPLY OFF\n");
    assert_int_equal(talk.pairs.lost, PAIRS_UNFORESEEN);
    begin(&talk);
    C("CLIENT REPLY SKIP\nMULTI\n");
    assert_int_equal(talk.pairs.lost, PAIRS_UNFORESEEN);
    begin(&talk);
    S("+OK\r\n");
    assert_int_equal(talk.pairs.lost, PAIRS_NOT_ASKED);
    for (unsigned why = 0; why < PAIRS_LOST; why++) {
        assert_true(strlen(pairs_why((uint8_t)why)) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(pipelines),
        cmocka_unit_test(pipelines_of_any_length),
        cmocka_unit_test(too_many_of_many_kinds),
        cmocka_unit_test(transactions),
        cmocka_unit_test(subscriptions),
        cmocka_unit_test(subscriptions_of_resp3),
        cmocka_unit_test(refused_subscriptions),
        cmocka_unit_test(no_answers),
        cmocka_unit_test(reset_and_quit),
        cmocka_unit_test(monitors),
        cmocka_unit_test(what_cannot_be_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
