/* A connection to a real Redis: what is answered, what is refused, and what nobody can know. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/processes/redis_here.h"

static const struct request set = {
    .op = STORE_PUT_IF_ABSENT, .key = KEY_LOCK, .ttl_ms = 60000, .value.token = {1, 2}};
static const struct request get = {.op = STORE_GET_TOKEN, .key = KEY_LOCK};
static const struct request del = {
    .op = STORE_DELETE_IF_EQUAL, .key = KEY_LOCK, .value.token = {1, 2}};
static const struct request others_del = {
    .op = STORE_DELETE_IF_EQUAL, .key = KEY_LOCK, .value.token = {1, 3}};
static const struct request extend = {
    .op = STORE_EXTEND_IF_EQUAL, .key = KEY_LOCK, .ttl_ms = 90000, .value.token = {1, 2}};

static void the_lock_as_requests(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    const char *const pttl[] = {"PTTL", "its:node_lock", NULL};
    link_init(&link, &here->server.address, "its:", 1000);
    assert_int_equal(link_request(&link, &get).outcome, STORE_NIL);
    assert_int_equal(link_request(&link, &set).outcome, STORE_OK);
    assert_int_equal(link_request(&link, &set).outcome, STORE_NIL);
    assert_true(token_equal(link_request(&link, &get).value.token, set.value.token));
    assert_int_equal(link_request(&link, &extend).value.integer, 1);
    assert_true(redis_here_do(here, pttl) > 60000);
    assert_int_equal(link_request(&link, &others_del).value.integer, 0);
    assert_int_equal(link_request(&link, &del).value.integer, 1);
    assert_int_equal(link_request(&link, &del).value.integer, 0);
    assert_int_equal(link_request(&link, &extend).value.integer, 0);
    assert_int_equal(link_request(&link, &get).outcome, STORE_NIL);
    link_close(&link);
}

/* The text of a script once, then its digest, which the server must know: else it would be asked
 * twice each time, and nobody would notice. */
static void digests_are_those_of_the_scripts(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    link_init(&link, &here->server.address, "", 1000);
    for (int i = 0; i < 3; i++) {
        link_request(&link, &del);
        link_request(&link, &extend);
    }
    assert_int_equal(redis_here_stat(here, "eval", "calls"), 2);
    assert_int_equal(redis_here_stat(here, "evalsha", "calls"), 4);
    assert_int_equal(redis_here_stat(here, "evalsha", "failed_calls"), 0);
    link_close(&link);
}

static void a_server_that_forgot_a_script_is_told_it_again(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    const char *const flush[] = {"SCRIPT", "FLUSH", NULL};
    link_init(&link, &here->server.address, "", 1000);
    link_request(&link, &del);
    link_request(&link, &set);
    redis_here_do(here, flush);
    struct reply reply = link_request(&link, &del);
    assert_int_equal(reply.outcome, STORE_OK);
    assert_int_equal(reply.value.integer, 1);
    assert_int_equal(redis_here_stat(here, "evalsha", "failed_calls"), 1);
    link_close(&link);
}

/* No answer in time is "unknown", and its late answer is never taken for another's. */
static void a_stalled_server(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    link_init(&link, &here->server.address, "", 1000);
    assert_true(link_open(&link));
    kill(here->server.pid, SIGSTOP);
    assert_int_equal(link_request(&link, &set).outcome, STORE_UNKNOWN);
    assert_non_null(strstr(link.error, "no answer in time"));
    assert_null(link.redis);
    kill(here->server.pid, SIGCONT);
    struct reply reply = link_request(&link, &get);
    assert_int_equal(reply.outcome, STORE_OK);
    assert_true(token_equal(reply.value.token, set.value.token));
    link_close(&link);
}

static void a_cut_connection(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    const char *const cut[] = {"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes", NULL};
    link_init(&link, &here->server.address, "", 1000);
    assert_int_equal(link_request(&link, &get).outcome, STORE_NIL);
    assert_int_equal(redis_here_do(here, cut), 1);
    assert_int_equal(link_request(&link, &set).outcome,
                     STORE_UNKNOWN);                                /* it was sent, nobody knows */
    assert_int_equal(link_request(&link, &get).outcome, STORE_NIL); /* connected anew */
    link_close(&link);
}

static void a_server_that_is_gone(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    link_init(&link, &here->server.address, "", 1000);
    assert_int_equal(link_request(&link, &get).outcome, STORE_NIL);
    server_stop(&here->server);
    assert_int_equal(link_request(&link, &set).outcome, STORE_UNKNOWN);
    assert_int_equal(link_request(&link, &set).outcome, STORE_REFUSED); /* never sent */
    assert_false(link.refused_by_server);
    assert_false(link_open(&link));
    assert_non_null(strstr(link.error, here->server.address.shown));
    link_close(&link);
}

static void a_refusal_has_the_servers_words(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    const char *const full[] = {"CONFIG", "SET", "maxmemory", "1", NULL};
    link_init(&link, &here->server.address, "", 1000);
    redis_here_do(here, full);
    assert_int_equal(link_request(&link, &set).outcome, STORE_REFUSED);
    assert_true(link.refused_by_server);
    assert_memory_equal(link.error, "OOM ", 4);
    assert_int_equal(link_request(&link, &get).outcome,
                     STORE_NIL); /* the connection is as good as before */
    assert_false(link.refused_by_server);
    link_close(&link);
}

static void a_password_and_a_database(void **state)
{
    struct redis_here *here = *state;
    struct address address = here->server.address;
    struct link link;
    const char *const protect[] = {"CONFIG", "SET", "requirepass", "right", NULL};
    redis_here_do(here, protect);
    strcpy(address.password, "wrong");
    link_init(&link, &address, "", 1000);
    assert_false(link_open(&link));
    assert_non_null(strstr(link.error, "WRONGPASS"));
    assert_null(strstr(link.error, "wrong"));
    strcpy(link.address.password, "right");
    link.address.db = 3;
    assert_int_equal(link_request(&link, &set).outcome, STORE_OK);
    link_close(&link);
    link.address.db = 0;
    assert_int_equal(link_request(&link, &get).outcome, STORE_NIL);
    link.address.db = 1 << 20;
    link_close(&link);
    assert_false(link_open(&link));
    assert_non_null(strstr(link.error, "out of range"));
    link_close(&link);
}

#define WITH_REDIS(test) cmocka_unit_test_setup_teardown(test, redis_here_start, redis_here_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REDIS(the_lock_as_requests),
        WITH_REDIS(digests_are_those_of_the_scripts),
        WITH_REDIS(a_server_that_forgot_a_script_is_told_it_again),
        WITH_REDIS(a_stalled_server),
        WITH_REDIS(a_cut_connection),
        WITH_REDIS(a_server_that_is_gone),
        WITH_REDIS(a_refusal_has_the_servers_words),
        WITH_REDIS(a_password_and_a_database),
    };
    signal(SIGPIPE, SIG_IGN); /* as main() does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
