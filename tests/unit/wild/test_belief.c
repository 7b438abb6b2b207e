/* From when until when a stranger believes that it has the lock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "strangers.h"

static struct stranger stranger;

static void take(const char *token)
{
    char line[80];
    snprintf(line, sizeof line, "SET k %s NX PX 1000\n", token);
    assert_false(sends(&stranger, line));
    reads(&stranger, "+OK\r\n");
    assert_true(belief_holds(&stranger.belief));
}

static int begin(void **state)
{
    (void)state;
    begin_stranger(&stranger, "k");
    return 0;
}

static void from_the_answer_until_the_release_is_sent(void **state)
{
    (void)state;
    sends(&stranger, "SET k me NX PX 1000\n");
    assert_false(belief_holds(&stranger.belief));
    reads(&stranger, "$-1\r\n");
    assert_false(belief_holds(&stranger.belief));
    sends(&stranger, "SET k me NX PX 1000\n");
    reads(&stranger, "+OK\r\n");
    assert_true(stranger.change.begins && stranger.change.hold.number == 2);
    assert_true(sends(&stranger, "EVALSHA " MANUALS_DIGEST " 1 k me\n") == false);
    sends(&stranger, "EVAL \"" MANUALS_TEXT "\" 1 k me\n");
    assert_true(stranger.change.ends && stranger.change.why == BELIEF_RELEASED);
    assert_int_equal(stranger.change.hold.number, 2);
    assert_false(belief_holds(&stranger.belief));
}

static void until_a_plain_delete(void **state)
{
    (void)state;
    take("me");
    sends(&stranger, "GET k\n");
    reads(&stranger, "$2\r\nme\r\n");
    assert_true(belief_holds(&stranger.belief));
    assert_true(sends(&stranger, "DEL k\n"));
    assert_int_equal(stranger.change.why, BELIEF_RELEASED);
}

static void until_it_is_told(void **state)
{
    (void)state;
    take("me");
    sends(&stranger, "PEXPIRE k 1000\n");
    reads(&stranger, ":1\r\n");
    assert_true(belief_holds(&stranger.belief));
    reads(&stranger, ":0\r\n");
    assert_true(stranger.change.ends && stranger.change.why == BELIEF_LOST);
    take("me");
    sends(&stranger, "GET k\n");
    reads(&stranger, "$5\r\nother\r\n");
    assert_true(stranger.change.ends && stranger.change.why == BELIEF_LOST);
    take("me");
    sends(&stranger, "GET k\n");
    reads(&stranger, "$-1\r\n");
    assert_true(stranger.change.ends);
}

/* An error says nothing about the lock: it believes on. */
static void errors_end_nothing(void **state)
{
    (void)state;
    take("me");
    sends(&stranger, "EVALSHA 1cac51482acf5858da00f6d685d68f886cd6b6b2 1 k me 1000\n");
    reads(&stranger, "-MISCONF Redis is configured to save\r\n");
    assert_true(belief_holds(&stranger.belief));
    reads(&stranger, ":0\r\n");
    assert_false(belief_holds(&stranger.belief));
}

static void until_it_closes_or_dies(void **state)
{
    (void)state;
    stranger.connection = 7;
    take("me");
    assert_false(belief_closed(&stranger.belief, 8).ends);
    struct belief_change change = belief_closed(&stranger.belief, 7);
    assert_true(change.ends && change.why == BELIEF_CLOSED);
    stranger.belief.outlives = true;
    take("me");
    assert_false(belief_closed(&stranger.belief, 7).ends);
    change = belief_died(&stranger.belief);
    assert_true(change.ends && change.why == BELIEF_DIED);
    assert_false(belief_died(&stranger.belief).ends);
}

/* A shell takes the lock by one redis-cli, and releases it by the next: it had believed on. */
static void what_it_left_with_its_connection_it_may_still_act_on(void **state)
{
    (void)state;
    const char *const acts[] = {"EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k me\n",
                                "DEL k\n", "PEXPIRE k 1000\n"};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        stranger.connection = 7;
        take("me");
        assert_true(belief_closed(&stranger.belief, 7).ends);
        stranger.connection = 8;
        sends(&stranger, "GET k\n");
        assert_false(stranger.change.outlived);
        sends(&stranger, acts[i]);
        assert_true(stranger.change.outlived);
        sends(&stranger, acts[i]);
        assert_false(stranger.change.outlived); /* once */
    }
}

/* It took the lock anew: what it deletes is that. And a dead one left nothing. */
static void what_it_took_since_is_what_it_deletes(void **state)
{
    (void)state;
    stranger.connection = 7;
    take("a");
    belief_closed(&stranger.belief, 7);
    stranger.connection = 8;
    take("b");
    sends(&stranger, "DEL k\n");
    assert_true(stranger.change.ends && !stranger.change.outlived);
    sends(&stranger, "EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k a\n");
    assert_true(stranger.change.outlived);
    take("c");
    belief_closed(&stranger.belief, 8);
    belief_died(&stranger.belief);
    sends(&stranger, "DEL k\n");
    assert_false(stranger.change.outlived);
    stranger.belief.outlives = true;
    take("d");
    belief_closed(&stranger.belief, 8);
    sends(&stranger, "DEL k\n");
    assert_true(stranger.change.ends && !stranger.change.outlived);
}

/* Several threads of one program, each with its token. */
static void as_long_as_one_of_several_holds(void **state)
{
    (void)state;
    take("a");
    take("b");
    assert_false(stranger.change.begins);
    sends(&stranger, "EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k a\n");
    assert_false(stranger.change.ends);
    assert_true(belief_holds(&stranger.belief));
    sends(&stranger, "GET k\n");
    reads(&stranger, "$1\r\nb\r\n");
    assert_true(belief_holds(&stranger.belief));
    assert_true(sends(&stranger, "EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k b\n"));
}

/* Several requests are under way at once: what counts is in which order they were sent. */
static void what_was_given_back_before_the_ok(void **state)
{
    struct wild_request takes, gives, takes_again;
    const struct wild_reply took = {.effect = WILD_TOOK}, gone = {.effect = WILD_NOT_OURS};
    (void)state;
    sends(&stranger, "SET k me NX PX 1000\n");
    takes = stranger.request;
    sends(&stranger, "EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k me\n");
    gives = stranger.request;
    assert_false(belief_told(&stranger.belief, &takes, &took, 1, 1).begins);
    sends(&stranger, "SET k me NX PX 1000\n");
    takes_again = stranger.request;
    assert_true(belief_told(&stranger.belief, &takes_again, &took, 2, 3).begins);
    assert_false(belief_told(&stranger.belief, &gives, &gone, 1, 2).ends);
    sends(&stranger, "SET k other NX PX 1000\n");
    takes = stranger.request;
    assert_true(sends(&stranger, "EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k me\n"));
    assert_true(belief_told(&stranger.belief, &takes, &took, 1, 4).begins);
}

/* More releases than are kept: their answers end what they gave back. */
static void a_release_that_is_forgotten_ends_it_when_it_is_answered(void **state)
{
    char line[80];
    struct wild_request takes, gives;
    const struct wild_reply took = {.effect = WILD_TOOK}, gone = {.effect = WILD_RELEASED};
    (void)state;
    sends(&stranger, "SET k me NX PX 1000\n");
    takes = stranger.request;
    sends(&stranger, "EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k me\n");
    gives = stranger.request;
    for (int i = 0; i < BELIEF_HOLDS; i++) {
        snprintf(line, sizeof line, "EVALSHA c3f8721cbb97f72bc19e972846bd7aaf91901658 1 k t%d\n",
                 i);
        sends(&stranger, line);
    }
    assert_true(belief_told(&stranger.belief, &takes, &took, 1, 1).begins);
    assert_true(belief_told(&stranger.belief, &gives, &gone, 1, 2).ends);
}

/* Its own script may have released the lock. */
static void an_unknown_script_ends_nothing(void **state)
{
    (void)state;
    take("me");
    sends(&stranger, "EVAL 'return 1' 1 other\n");
    sends(&stranger, "EVAL 'return redis.call(\"DEL\", KEYS[1])' 1 k\n");
    assert_true(belief_holds(&stranger.belief));
    take("me");
}

static void its_memory_is_bounded(void **state)
{
    (void)state;
    char token[16];
    for (int i = 0; i < 3 * BELIEF_HOLDS; i++) {
        snprintf(token, sizeof token, "t%d", i);
        take(token);
    }
    assert_int_equal(stranger.belief.count, BELIEF_HOLDS);
    take(token);
    assert_int_equal(stranger.belief.count, BELIEF_HOLDS);
    assert_true(sends(&stranger, "DEL k\n"));
    for (unsigned why = 0; why < BELIEF_ENDS; why++) {
        assert_true(strlen(belief_end_words((uint8_t)why)) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(from_the_answer_until_the_release_is_sent, begin),
        cmocka_unit_test_setup(until_a_plain_delete, begin),
        cmocka_unit_test_setup(until_it_is_told, begin),
        cmocka_unit_test_setup(errors_end_nothing, begin),
        cmocka_unit_test_setup(until_it_closes_or_dies, begin),
        cmocka_unit_test_setup(what_it_left_with_its_connection_it_may_still_act_on, begin),
        cmocka_unit_test_setup(what_it_took_since_is_what_it_deletes, begin),
        cmocka_unit_test_setup(as_long_as_one_of_several_holds, begin),
        cmocka_unit_test_setup(what_was_given_back_before_the_ok, begin),
        cmocka_unit_test_setup(a_release_that_is_forgotten_ends_it_when_it_is_answered, begin),
        cmocka_unit_test_setup(an_unknown_script_ends_nothing, begin),
        cmocka_unit_test_setup(its_memory_is_bounded, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
