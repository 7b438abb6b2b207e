/* What is about the lock, and what about another database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/resp/reader.h"
#include "sim/wild/talk.h"

#define TAKES "SET lock me NX PX 2000\n"

/* A connection; all share what they know of the lock. */
struct line {
    struct resp_reader asks, reads;
    struct pairs pairs;
    struct talk talk;
};

static struct talk_shared shared;
static struct line one, two;

static int begin(void **state)
{
    struct line *lines[] = {&one, &two};
    (void)state;
    memset(&shared, 0, sizeof shared);
    for (size_t i = 0; i < 2; i++) {
        memset(lines[i], 0, sizeof *lines[i]);
        resp_begin(&lines[i]->asks, RESP_COMMANDS);
        resp_begin(&lines[i]->reads, RESP_ANSWERS);
        pairs_begin(&lines[i]->pairs);
        talk_begin(&lines[i]->talk, "lock", &shared);
    }
    return 0;
}

static const struct wild_request *asks(struct line *line, const char *command)
{
    size_t size = strlen(command);
    assert_int_equal(resp_read(&line->asks, command, size), size);
    assert_true(line->asks.whole);
    bool answered = pairs_command(&line->pairs, &line->asks.message);
    return &talk_command(&line->talk, &line->asks.message, line->pairs.asked, answered)->request;
}

/* Returns why something that came after its command cannot be told; or NULL. */
static const char *reads(struct line *line, const char *answer)
{
    struct talk_reply replies[TALK_REPLIES];
    size_t size = strlen(answer);
    assert_int_equal(resp_read(&line->reads, answer, size), size);
    struct paired paired = pairs_answer(&line->pairs, &line->reads.message);
    assert_true(talk_answer(&line->talk, &line->reads.message, &line->pairs, &paired, replies) > 0);
    return replies[0].obscure;
}

static void expect(struct line *line, const char *command, uint8_t kind)
{
    const struct wild_request *request = asks(line, command);
    assert_int_equal(request->kind, kind);
    assert_null(request->obscure);
}

/* A cache beside the lock: redis-py with db=3. */
static void another_database_is_no_word_about_the_lock(void **state)
{
    (void)state;
    expect(&one, TAKES, WILD_LOCK);
    expect(&two, "SELECT 3\n", WILD_ELSEWHERE);
    expect(&two, "FLUSHDB\n", WILD_ELSEWHERE);
    expect(&two, "DEL lock\n", WILD_ELSEWHERE);
    expect(&two, "GET lock\n", WILD_ELSEWHERE);
    expect(&two, "FLUSHALL\n", WILD_LOCK);
    expect(&one, "FLUSHDB\n", WILD_LOCK);
    expect(&two, "SELECT 0\n", WILD_ELSEWHERE);
    expect(&two, "FLUSHDB\n", WILD_LOCK);
    expect(&two, "SELECT 3\n", WILD_ELSEWHERE);
    expect(&two, "RESET\n", WILD_ELSEWHERE);
    expect(&two, "DEL lock\n", WILD_LOCK);
}

/* Before anybody asks for it, where the members were sent to. */
static void the_lock_is_where_it_is_first_asked_for(void **state)
{
    (void)state;
    shared.lock.number = 5;
    expect(&two, "FLUSHDB\n", WILD_ELSEWHERE);
    expect(&one, "SELECT 5\n", WILD_ELSEWHERE);
    expect(&one, "FLUSHDB\n", WILD_LOCK);
    expect(&one, "SELECT 7\n", WILD_ELSEWHERE);
    expect(&one, TAKES, WILD_LOCK);
    expect(&one, "DEL lock\n", WILD_LOCK);
    expect(&two, "SELECT 7\n", WILD_ELSEWHERE);
    expect(&two, TAKES, WILD_LOCK);
}

/* A script with the lock's key in the cache's database: it is no word about where the lock is. */
static void what_nobody_understands_does_not_show_where_the_lock_is(void **state)
{
    static const char *const obscure[] = {"EVAL x 1 lock\n", "MOVE lock 0\n", "SWAPDB 0 1\n",
                                          "SET lock x PX 5\n"};
    (void)state;
    expect(&two, "SELECT 3\n", WILD_ELSEWHERE);
    for (size_t i = 0; i < sizeof obscure / sizeof *obscure; i++) {
        assert_non_null(asks(&two, obscure[i])->obscure);
        assert_false(shared.lock.taken);
    }
    expect(&two, "DEL lock\n", WILD_ELSEWHERE);
    expect(&one, TAKES, WILD_LOCK);
    expect(&one, "DEL lock\n", WILD_LOCK);
}

static void a_lock_in_two_databases_is_undecided(void **state)
{
    (void)state;
    expect(&one, TAKES, WILD_LOCK);
    expect(&two, "SELECT 1\n", WILD_ELSEWHERE);
    const struct wild_request *request = asks(&two, TAKES);
    assert_non_null(strstr(request->obscure, "second database"));
}

/* What may bring something to the lock's key from elsewhere stays so. */
static void what_nobody_understands_counts_in_each_database(void **state)
{
    (void)state;
    expect(&one, TAKES, WILD_LOCK);
    expect(&two, "SELECT 1\n", WILD_ELSEWHERE);
    assert_non_null(asks(&two, "MOVE lock 0\n")->obscure);
    assert_non_null(asks(&two, "SWAPDB 0 1\n")->obscure);
}

static void a_select_that_is_put_off(void **state)
{
    (void)state;
    expect(&one, TAKES, WILD_LOCK);
    expect(&two, "MULTI\n", WILD_ELSEWHERE);
    expect(&two, "SELECT 3\n", WILD_ELSEWHERE);
    expect(&two, "DEL lock\n", WILD_ELSEWHERE);
    expect(&two, "DISCARD\n", WILD_ELSEWHERE);
    expect(&two, "DEL lock\n", WILD_LOCK);
    expect(&two, "MULTI\n", WILD_ELSEWHERE);
    expect(&two, "SELECT 3\n", WILD_ELSEWHERE);
    expect(&two, "EXEC\n", WILD_ELSEWHERE);
    expect(&two, "DEL lock\n", WILD_ELSEWHERE);
}

/* Where it is then, nobody knows: what is about the lock, if it is there, cannot be told. */
static void a_select_that_is_refused(void **state)
{
    static const char *const lost[] = {"GET lock\n",        "DEL lock\n",    "SET lock x\n",
                                       "SET lock x XX\n",   "FLUSHDB\n",     TAKES,
                                       "PEXPIRE lock 20\n", "SETNX lock x\n"};
    (void)state;
    expect(&one, TAKES, WILD_LOCK);
    expect(&two, "SELECT 99\n", WILD_ELSEWHERE);
    reads(&two, "-ERR DB index is out of range\r\n");
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        const char *why = asks(&two, lost[i])->obscure;
        assert_non_null(why);
        assert_non_null(strstr(why, "which database"));
    }
    expect(&two, "EXISTS lock\n", WILD_COMMAND);
    expect(&two, "GET other\n", WILD_ELSEWHERE);
    expect(&two, "FLUSHALL\n", WILD_LOCK);
    expect(&two, "SELECT 3\n", WILD_ELSEWHERE);
    expect(&two, "FLUSHDB\n", WILD_ELSEWHERE);
}

/* In a pipeline: what came after it was told to be in a database where it is not. */
static void a_select_that_is_refused_too_late(void **state)
{
    static const char refused[] = "-ERR DB index is out of range\r\n";
    (void)state;
    expect(&one, TAKES, WILD_LOCK);
    expect(&two, "SELECT 99\n", WILD_ELSEWHERE);
    expect(&two, "PING\n", WILD_ELSEWHERE);
    assert_null(reads(&two, refused));
    assert_null(reads(&two, "+PONG\r\n"));
    expect(&two, "SELECT 98\n", WILD_ELSEWHERE);
    expect(&two, "FLUSHDB\n", WILD_ELSEWHERE);
    const char *why = reads(&two, refused);
    assert_non_null(why);
    assert_non_null(strstr(why, "RESET was refused"));
    assert_null(reads(&two, "+OK\r\n"));
    expect(&two, "SELECT 3\n", WILD_ELSEWHERE);
    expect(&two, "DEL lock\n", WILD_ELSEWHERE);
    assert_null(reads(&two, "+OK\r\n"));
    assert_null(reads(&two, "-ERR of another kind\r\n"));
    expect(&two, "RESET\n", WILD_ELSEWHERE); /* before Redis 6.2 */
    expect(&two, "DEL lock\n", WILD_LOCK);
    assert_non_null(reads(&two, "-ERR unknown command\r\n"));
    expect(&one, "CLIENT REPLY OFF\n", WILD_ELSEWHERE);
    expect(&one, "SELECT 99\n", WILD_ELSEWHERE);
    assert_non_null(asks(&one, "FLUSHDB\n")->obscure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(another_database_is_no_word_about_the_lock, begin),
        cmocka_unit_test_setup(the_lock_is_where_it_is_first_asked_for, begin),
        cmocka_unit_test_setup(what_nobody_understands_does_not_show_where_the_lock_is, begin),
        cmocka_unit_test_setup(a_lock_in_two_databases_is_undecided, begin),
        cmocka_unit_test_setup(what_nobody_understands_counts_in_each_database, begin),
        cmocka_unit_test_setup(a_select_that_is_put_off, begin),
        cmocka_unit_test_setup(a_select_that_is_refused, begin),
        cmocka_unit_test_setup(a_select_that_is_refused_too_late, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
