/* A link on which several requests are outstanding: their order, their time, and their end. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/text/clock.h"
#include "src/units.h"
#include "tests/unit/processes/redis_here.h"

static const struct request set = {
    .op = STORE_PUT_IF_ABSENT, .key = KEY_LOCK, .tag = 1, .ttl_ms = 60000, .value.token = {1, 2}};
static const struct request get = {.op = STORE_GET_TOKEN, .key = KEY_LOCK, .tag = 2};
static const struct request del = {
    .op = STORE_DELETE_IF_EQUAL, .key = KEY_LOCK, .tag = 3, .value.token = {1, 2}};
static const struct request quick_get = {
    .op = STORE_GET_TOKEN, .key = KEY_LOCK, .tag = 4, .timeout_ms = 100};

/* Waits for the next answer, as a member does; no longer than 20 s. */
static struct link_answer next(struct link *link)
{
    struct link_answer answer;
    int64_t until_ns = monotonic_ns() + 20 * NS_PER_S;
    while (!link_answered(link, &answer)) {
        struct pollfd polled = link_polled(link);
        int64_t rest_ns = link_due(link) - monotonic_ns();
        rest_ns = rest_ns > 0 ? rest_ns : 0;
        struct timespec rest = {.tv_sec = rest_ns / NS_PER_S, .tv_nsec = rest_ns % NS_PER_S};
        assert_true(monotonic_ns() < until_ns);
        link_turn(link, ppoll(&polled, 1, &rest, NULL) > 0 ? polled.revents : 0);
    }
    return answer;
}

static void expect(struct link *link, uint32_t number, enum store_outcome outcome)
{
    struct link_answer answer = next(link);
    assert_int_equal(answer.asked.number, number);
    assert_int_equal(answer.reply.outcome, outcome);
}

static void answers_come_in_the_order_of_the_requests(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    link_init(&link, &here->server.address, "", 5000);
    for (uint32_t turn = 0; turn < 3; turn++) {
        assert_true(link_ask(&link, &get, 10, false));
        assert_true(link_ask(&link, &set, 11, false));
        assert_true(link_ask(&link, &get, 12, false));
        assert_true(link_ask(&link, &del, 13, false));
        assert_true(link_ask(&link, &get, 14, false));
        expect(&link, 10, STORE_NIL);
        expect(&link, 11, STORE_OK);
        expect(&link, 12, STORE_OK);
        expect(&link, 13, STORE_OK);
        expect(&link, 14, STORE_NIL);
    }
    /* With others, a script goes as a text. */
    assert_int_equal(redis_here_stat(here, "eval", "calls"), 3);
    assert_int_equal(redis_here_stat(here, "evalsha", "calls"), 0);
    link_close(&link);
}

/* One whose time is up takes the connection with it, and all that waits there. */
static void a_time_that_is_up_ends_all(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    link_init(&link, &here->server.address, "", 60000);
    assert_true(link_open(&link));
    kill(here->server.pid, SIGSTOP);
    assert_true(link_ask(&link, &set, 1, false));
    assert_true(link_ask(&link, &quick_get, 2, false));
    assert_true(link_ask(&link, &del, 3, false));
    int64_t asked_ns = monotonic_ns();
    expect(&link, 1, STORE_UNKNOWN);
    assert_true(monotonic_ns() - asked_ns >= 90 * NS_PER_MS);
    assert_non_null(strstr(link.error, "no answer in time"));
    /* What is asked meanwhile goes on another connection, and is told later. */
    kill(here->server.pid, SIGCONT);
    assert_true(link_ask(&link, &get, 4, true));
    expect(&link, 2, STORE_UNKNOWN);
    expect(&link, 3, STORE_UNKNOWN);
    struct link_answer answer = next(&link);
    assert_int_equal(answer.asked.number, 4);
    assert_true(answer.reply.outcome == STORE_OK || answer.reply.outcome == STORE_NIL);
    link_close(&link);
}

static void what_came_in_time_is_told_before_the_rest_is_lost(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    const char *const cut[] = {"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes", NULL};
    link_init(&link, &here->server.address, "", 5000);
    assert_true(link_ask(&link, &set, 1, false));
    struct pollfd answered = link_polled(&link);
    assert_int_equal(poll(&answered, 1, 20000), 1); /* it is there, and not read yet */
    assert_int_equal(redis_here_do(here, cut), 1);
    assert_true(link_ask(&link, &get, 2, false));
    expect(&link, 1, STORE_OK);
    expect(&link, 2, STORE_UNKNOWN);
    assert_true(link_ask(&link, &get, 3, true));
    expect(&link, 3, STORE_OK);
    link_close(&link);
}

static void a_dropped_one_is_read_all_the_same(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    link_init(&link, &here->server.address, "", 5000);
    assert_true(link_ask(&link, &set, 1, false));
    assert_true(link_ask(&link, &get, 2, false));
    link_drop(&link, 1u << set.tag);
    struct link_answer answer = next(&link);
    assert_int_equal(answer.asked.number, 1);
    assert_true(answer.asked.dropped);
    assert_int_equal(answer.reply.outcome, STORE_OK);
    answer = next(&link);
    assert_false(answer.asked.dropped);
    link_close(&link);
}

/* The server has forgotten a script: what is asked behind it is not done before it. */
static void a_forgotten_script_keeps_its_place(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    const char *const flush[] = {"SCRIPT", "FLUSH", NULL};
    link_init(&link, &here->server.address, "", 5000);
    assert_true(link_ask(&link, &del, 1, true));
    expect(&link, 1, STORE_OK);
    assert_true(link_ask(&link, &set, 2, true));
    expect(&link, 2, STORE_OK);
    redis_here_do(here, flush);
    assert_true(link_ask(&link, &del, 3, true));
    assert_true(link_ask(&link, &get, 4, true));
    struct link_answer answer = next(&link);
    assert_int_equal(answer.asked.number, 3);
    assert_int_equal(answer.reply.value.integer, 1);
    expect(&link, 4, STORE_NIL);
    assert_int_equal(redis_here_stat(here, "evalsha", "failed_calls"), 1);
    assert_int_equal(redis_here_stat(here, "eval", "calls"), 2);
    link_close(&link);
}

/* Who was stopped has all its time once more. */
static void time_begins_anew(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    struct link_answer answer;
    const struct timespec most_of_it = {.tv_nsec = 80 * NS_PER_MS};
    link_init(&link, &here->server.address, "", 5000);
    assert_true(link_open(&link));
    kill(here->server.pid, SIGSTOP);
    assert_true(link_ask(&link, &quick_get, 1, true));
    int64_t asked_ns = monotonic_ns();
    nanosleep(&most_of_it, NULL);
    link_begin_anew(&link);
    bool early = link_answered(&link, &answer);
    assert_false(early && monotonic_ns() - asked_ns < 180 * NS_PER_MS);
    if (!early) {
        expect(&link, 1, STORE_UNKNOWN);
        assert_true(monotonic_ns() - asked_ns >= 180 * NS_PER_MS);
    }
    kill(here->server.pid, SIGCONT);
    link_close(&link);
}

/* Nobody lets it in: it does not wait in there, and its request was never sent. */
static void connecting_does_not_wait(void **state)
{
    struct redis_here *here = *state;
    struct link link;
    struct address address;
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    int stuffing[8], stuffed = 0;
    snprintf(path.sun_path, sizeof path.sun_path, "%.90s/full", here->guardian.folder);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&path, sizeof path), 0);
    assert_int_equal(listen(listener, 0), 0);
    do {
        stuffing[stuffed] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    } while (connect(stuffing[stuffed++], (struct sockaddr *)&path, sizeof path) == 0);
    assert_true(address_of_socket(path.sun_path, &address));
    link_init(&link, &address, "", 5000);
    int64_t asked_ns = monotonic_ns();
    assert_true(link_ask(&link, &quick_get, 1, true));
    assert_true(monotonic_ns() - asked_ns < 90 * NS_PER_MS);
    expect(&link, 1, STORE_REFUSED);
    assert_non_null(strstr(link.error, "no answer in time"));
    /* Now there is room. */
    assert_true(link_ask(&link, &get, 2, true));
    for (int i = 0; i < stuffed; i++) {
        int let_in = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        close(stuffing[i]);
        if (let_in >= 0) {
            close(let_in);
        }
        if (i + 1 == stuffed - 1) {
            break; /* the last of them was not let in */
        }
    }
    while (link.state == LINK_CONNECTING) {
        struct pollfd polled = link_polled(&link);
        poll(&polled, 1, 1);
        link_turn(&link, polled.revents);
        assert_true(monotonic_ns() - asked_ns < 20 * NS_PER_S);
    }
    assert_int_equal(link.state, LINK_OPEN);
    close(stuffing[stuffed - 1]);
    close(listener);
    link_close(&link);
}

#define WITH_REDIS(test) cmocka_unit_test_setup_teardown(test, redis_here_start, redis_here_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REDIS(answers_come_in_the_order_of_the_requests),
        WITH_REDIS(a_time_that_is_up_ends_all),
        WITH_REDIS(what_came_in_time_is_told_before_the_rest_is_lost),
        WITH_REDIS(a_dropped_one_is_read_all_the_same),
        WITH_REDIS(a_forgotten_script_keeps_its_place),
        WITH_REDIS(time_begins_anew),
        WITH_REDIS(connecting_does_not_wait),
    };
    signal(SIGPIPE, SIG_IGN); /* as main() does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
