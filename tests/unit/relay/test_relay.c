/* The relay as a process: its listeners, what passes through, cuts, and when somebody goes. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "tests/unit/relay/stage.h"

/* --- nothing is wrong ------------------------------------------------------------------------- */

static void it_passes_things_on(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    for (int i = 0; i < 3; i++) {
        sends(process, GET);
        hears(redis, GET);
        sends(redis, OK);
        hears(process, OK);
    }
    close(process);
    hears_the_end(redis);
}

static void the_redis_closes(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    sends(redis, OK);
    close(redis);
    hears(process, OK);
    hears_the_end(process);
    /* It is still there: one can come again. */
    process = process_connects(stage, 3);
    close(process);
}

static void each_has_its_own_link(void **state)
{
    struct stage *stage = *state;
    int master = process_connects(stage, 0), redis0 = redis_accepts(stage);
    int node = process_connects(stage, 3), redis3 = redis_accepts(stage);
    assert_true(ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = BOTH}));
    sends(node, GET);
    sends(master, GET);
    hears(redis0, GET);
    hears_nothing(stage, redis3);
    close(master);
    close(node);
    close(redis0);
    close(redis3);
}

static void a_stranger_has_no_link(void **state)
{
    struct stage *stage = *state;
    struct link_order cut = {.fault = LINK_CUT, .directions = BOTH};
    char error[RELAY_ERROR];
    bool changed = true;
    assert_true(relay_order(stage->control, 7, 0, &cut, &changed, error));
    assert_false(changed);
}

static void a_message_of_a_megabyte(void **state)
{
    enum { SIZE = 3000000 };
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    char *bytes = malloc(SIZE);
    size_t length = (size_t)sprintf(bytes, "$%d\r\n", SIZE - 12);
    memset(bytes + length, 'x', SIZE - length);
    memcpy(bytes + SIZE - 2, "\r\n", 2);
    assert_int_equal(length + SIZE - 12 + 2, SIZE - 0);
    size_t sent = 0, heard = 0;
    static char portion[65536];
    while (heard < SIZE) {
        ssize_t step = send(redis, bytes + sent, SIZE - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += step > 0 ? (size_t)step : 0;
        if (sent < SIZE || something_comes(process, TIMEOUT_MS)) {
            step = recv(process, portion, sizeof portion, MSG_DONTWAIT);
            for (ssize_t i = 0; i < step; i++) {
                assert_int_equal(portion[i], bytes[heard + (size_t)i]);
            }
            heard += step > 0 ? (size_t)step : 0;
        }
    }
    assert_int_equal(heard, SIZE);
    free(bytes);
    close(process);
    hears_the_end(redis);
}

/* --- cut -------------------------------------------------------------------------------------- */

static void cut_both_ways_and_healed(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    assert_true(ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = BOTH}));
    assert_true(ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = BOTH}));
    sends(process, GET);
    sends(redis, OK);
    hears_nothing(stage, redis);
    hears_nothing(stage, process);
    assert_true(healed(stage, LINK_CUT));
    hears(redis, GET);
    hears(process, OK);
    close(process);
    hears_the_end(redis);
}

static void cut_one_way(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    assert_true(ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = LINK_REPLIES}));
    sends(process, GET);
    hears(redis, GET);
    sends(redis, OK);
    hears_nothing(stage, process);
    assert_true(
        ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = LINK_REQUESTS}));
    hears(process, OK);
    assert_true(healed(stage, LINK_CUT));
    close(process);
    hears_the_end(redis);
}

/* Neither is told that the other has gone, until the link is whole again. */
static void going_is_cut_off_as_well(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = BOTH});
    sends(process, GET);
    close(process);
    hears_nothing(stage, redis);
    healed(stage, LINK_CUT);
    hears(redis, GET);
    hears_the_end(redis);
}

static void connecting_hangs_while_cut(void **state)
{
    struct stage *stage = *state;
    ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = LINK_REQUESTS});
    assert_int_equal(try_connect(stage, 3, 30), -EAGAIN);
    assert_int_equal(try_connect(stage, 3, 30), -EAGAIN);
    assert_false(something_comes(stage->redis, 0));

    pid_t child = fork();
    if (child == 0) {
        _exit(try_connect(stage, 3, TIMEOUT_MS) >= 0 ? 0 : 1);
    }
    healed(stage, LINK_CUT);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(redis_accepts(stage));
    assert_false(something_comes(stage->redis, 20)); /* what filled the listener never got to it */
}

/* --- the Redis is away ------------------------------------------------------------------------ */

static int comes_back(const struct stage *stage, uint16_t id)
{
    int process;
    int64_t until = now_ns() + TIMEOUT_MS * MS;
    while ((process = try_connect(stage, id, TIMEOUT_MS)) < 0 && now_ns() < until) {
        usleep(500);
    }
    assert_true(process >= 0);
    return process;
}

/* Refusing is what a process would meet without the relay. */
static void the_door_closes_with_the_redis(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    redis_goes(stage);
    close(redis);
    hears_the_end(process);
    assert_int_equal(try_connect(stage, 3, TIMEOUT_MS), -ECONNREFUSED);
    assert_int_equal(try_connect(stage, 0, TIMEOUT_MS), -ECONNREFUSED);

    close(stage->monitor);
    redis_comes(stage);
    monitor_comes(stage);
    process = comes_back(stage, 3);
    redis = redis_accepts(stage);
    sends(process, GET);
    hears(redis, GET);
    close(process);
    hears_the_end(redis);
}

/* Nobody is let in to nobody, not even who comes first. */
static void the_door_closes_though_nobody_was_connected(void **state)
{
    struct stage *stage = *state;
    redis_goes(stage);
    close(stage->monitor);
    relay_notices(stage);
    assert_int_equal(try_connect(stage, 3, TIMEOUT_MS), -ECONNREFUSED);
    redis_comes(stage);
    monitor_comes(stage);
    close(comes_back(stage, 3));
    assert_false(something_comes(stage->monitor, 0)); /* it has not said a word */
}

/* A dying server closes its connections before it stops listening. */
static void the_door_closes_when_the_redis_dies_slowly(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    close(redis);
    close(stage->monitor);
    hears_the_end(process);
    relay_notices(stage);
    redis_goes(stage);
    relay_notices(stage);
    assert_int_equal(try_connect(stage, 3, TIMEOUT_MS), -ECONNREFUSED);
    assert_int_equal(try_connect(stage, 0, TIMEOUT_MS), -ECONNREFUSED);
    stage->monitor = -1;
}

/* The relay may be kept from seeing the end of that: who killed the Redis tells it. */
static void the_door_closes_when_the_driver_says_so(void **state)
{
    struct stage *stage = *state;
    char error[RELAY_ERROR];
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    close(redis);
    close(stage->monitor);
    hears_the_end(process);
    relay_notices(stage);
    kill(stage->relay, SIGSTOP);
    redis_goes(stage);
    process = process_connects(stage, 3); /* to nobody: this is what must not happen */
    kill(stage->relay, SIGCONT);
    assert_true(relay_redis_gone(stage->control, 0, error));
    assert_int_equal(try_connect(stage, 3, TIMEOUT_MS), -ECONNREFUSED);
    assert_int_equal(try_connect(stage, 0, TIMEOUT_MS), -ECONNREFUSED);
    hears_the_end(process);
    stage->monitor = -1;
}

/* … but it is not besieged: every try takes it work. */
static void a_redis_that_turns_it_away_is_looked_at_seldom(void **state)
{
    struct stage *stage = *state;
    int tries = 0;
    close(stage->monitor);
    for (int64_t until = now_ns() + 200 * MS; now_ns() < until;) {
        if (something_comes(stage->redis, 5)) {
            close(redis_accepts(stage));
            tries++;
        }
    }
    assert_in_range(tries, 4, 30);
    close(process_connects(stage, 3));
    stage->monitor = -1;
}

static void a_cut_link_hides_that_the_redis_is_away(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    int master = process_connects(stage, 0), redis0 = redis_accepts(stage);
    ordered(stage, (struct link_order){.fault = LINK_CUT, .directions = BOTH});
    redis_goes(stage);
    close(redis);
    close(redis0);
    hears_the_end(master);
    hears_nothing(stage, process);
    assert_int_equal(try_connect(stage, 3, 30), -EAGAIN);
    healed(stage, LINK_CUT);
    hears_the_end(process);
    assert_int_equal(try_connect(stage, 3, TIMEOUT_MS), -ECONNREFUSED);
}

/* --- the relay dies --------------------------------------------------------------------------- */

static void a_dead_relay_is_told(void **state)
{
    struct stage *stage = *state;
    struct link_order cut = {.fault = LINK_CUT, .directions = BOTH};
    char error[RELAY_ERROR] = "";
    bool changed;
    kill(stage->relay, SIGKILL);
    waitpid(stage->relay, NULL, 0);
    stage->relay = 0;
    assert_false(relay_order(stage->control, 3, 0, &cut, &changed, error));
    assert_true(error[0] != '\0');
    relay_last_words(stage->control, error);
    assert_string_equal(error, "it said nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAGE(it_passes_things_on),
        WITH_STAGE(the_redis_closes),
        WITH_STAGE(each_has_its_own_link),
        WITH_STAGE(a_stranger_has_no_link),
        WITH_STAGE(a_message_of_a_megabyte),
        WITH_STAGE(cut_both_ways_and_healed),
        WITH_STAGE(cut_one_way),
        WITH_STAGE(going_is_cut_off_as_well),
        WITH_STAGE(connecting_hangs_while_cut),
        WITH_STAGE(the_door_closes_with_the_redis),
        WITH_STAGE(the_door_closes_though_nobody_was_connected),
        WITH_STAGE(the_door_closes_when_the_redis_dies_slowly),
        WITH_STAGE(the_door_closes_when_the_driver_says_so),
        WITH_STAGE(a_redis_that_turns_it_away_is_looked_at_seldom),
        WITH_STAGE(a_cut_link_hides_that_the_redis_is_away),
        WITH_STAGE(a_dead_relay_is_told),
    };
    return cmocka_run_group_tests_name("relay: the process", tests, NULL, NULL);
}
