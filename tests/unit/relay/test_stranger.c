/* The relay as a process, with a stranger: what is recorded of it, and that its traffic stands at
 * breakpoints. The test is the driver. */
#include "tests/unit/relay/strange.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

/* What the history has of it: "request put_if_absent, reply …, claim in, claim out". */
static void expect_history(const char *wanted)
{
    struct history history = {0};
    struct history_event started = {.kind = HISTORY_STARTED, .process = 3, .at_ns = 1};
    const struct history extra = {.events = &started, .count = 1};
    char told[512] = "";
    size_t used = 0;
    assert_true(shared_collect(slots.shared, &extra, 0, &history));
    for (size_t i = 1; i < history.count; i++) {
        const struct history_event *event = &history.events[i];
        const char *what = "?";
        assert_int_equal(event->process, 3);
        if (event->kind == HISTORY_REQUEST) {
            what = op_rows[event->request.op]->name;
        } else if (event->kind == HISTORY_REPLY) {
            what = event->reply.outcome == STORE_OK ? "ok" : "nil";
        } else if (event->kind == HISTORY_CLAIM) {
            what = event->claim.claim.in_section ? "in" : "out";
            assert_int_equal(event->claim.inferred, 1);
        } else if (event->kind == HISTORY_COMMAND) {
            what = event->command.answered ? "answered" : event->command.name;
        }
        used += (size_t)snprintf(told + used, sizeof told - used, "%s%s", used ? ", " : "", what);
    }
    assert_string_equal(told, wanted);
    history_free(&history);
}

static void its_traffic_is_recorded(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    int other = process_connects(stage, 0), others = redis_accepts(stage);
    sends(other, TAKE);
    hears(others, TAKE);
    sends(process, TAKE);
    hears(redis, TAKE);
    sends(redis, OK);
    hears(process, OK);
    sends(process, GET GIVE);
    hears(redis, GET GIVE);
    sends(redis, "$-1\r\n" ONE);
    hears(process, "$-1\r\n" ONE);
    relay_notices(stage);
    expect_history("put_if_absent, ok, in, GET, delete, out, answered, ok");
    close(process);
    close(other);
    hears_the_end(redis);
    hears_the_end(others);
}

static void it_stands_before(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm(MOMENT_ASKS_LOCK, true, false);
    sends(process, TAKE);
    stands();
    hears_nothing(stage, redis);
    let_go();
    hears(redis, TAKE);
    sends(redis, OK);
    hears(process, OK);
    close(process);
    hears_the_end(redis);
}

/* The request is lost with its sender. */
static void it_dies_before(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm(MOMENT_ASKS_LOCK, true, false);
    sends(process, TAKE);
    stands();
    close(process);
    let_go();
    hears_the_end(redis);
}

static void relay_stops(const struct stage *stage)
{
    int status;
    relay_notices(stage);
    assert_int_equal(kill(stage->relay, SIGSTOP), 0);
    assert_int_equal(waitpid(stage->relay, &status, WUNTRACED), stage->relay);
    assert_true(WIFSTOPPED(status));
}

/* What it sends at the moment when it goes on is lost if it is killed at that. What stood before
 * had been let go: it arrives. */
static void it_dies_at_the_next(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm(MOMENT_ASKS_LOCK, true, false);
    sends(process, TAKE);
    stands();
    arm(MOMENT_RELEASES_LOCK, true, false);
    relay_stops(stage); /* it finds both at once, the permission first */
    let_go();
    sends(process, GIVE);
    kill(stage->relay, SIGCONT);
    stands();
    close(process);
    let_go();
    hears(redis, TAKE);
    hears_the_end(redis);
}

/* Who waits to be let in when it dies is not its next life. */
static void who_waited_is_dead(void **state)
{
    struct stage *stage = *state;
    struct relay_request death = {.is_dead = true, .id = 3};
    struct relay_answer answer;
    relay_stops(stage);
    assert_int_equal(send(stage->control, &death, sizeof death, 0), sizeof death);
    int process = process_connects(stage, 3);
    sends(process, TAKE);
    kill(stage->relay, SIGCONT);
    assert_int_equal(recv(stage->control, &answer, sizeof answer, 0), sizeof answer);
    int redis = redis_accepts(stage);
    hears(redis, TAKE);
    sends(redis, OK);
    hears(process, OK);
    relay_notices(stage);
    expect_history("put_if_absent");
    close(process);
    hears_the_end(redis);
}

static void it_stands_while_its_answer_is_there(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm(MOMENT_ASKS_LOCK, false, true);
    sends(process, TAKE);
    hears(redis, TAKE);
    sends(redis, OK);
    stands();
    hears_nothing(stage, process);
    expect_history("put_if_absent");
    let_go();
    hears(process, OK);
    relay_notices(stage);
    expect_history("put_if_absent, ok, in");
    close(process);
    hears_the_end(redis);
}

/* It has read that it has the lock: what it sends then, on any connection, goes nowhere. */
static void it_stands_after(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    int second = process_connects(stage, 3), seconds = redis_accepts(stage);
    arm(MOMENT_ACQUIRES_LOCK, false, false);
    sends(process, TAKE);
    hears(redis, TAKE);
    sends(redis, OK);
    hears(process, OK);
    stands();
    sends(process, GIVE);
    sends(second, GET);
    hears_nothing(stage, redis);
    hears_nothing(stage, seconds);
    let_go();
    hears(redis, GIVE);
    hears(seconds, GET);
    close(process);
    close(second);
    hears_the_end(redis);
    hears_the_end(seconds);
}

/* A pause begins at the breakpoint and ends later. */
static void it_stands_while_it_is_paused(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    struct member_slot *slot = &slots.shared->slots[3];
    arm(MOMENT_ASKS_LOCK, true, false);
    sends(process, TAKE);
    stands();
    atomic_store(&slot->paused, 1);
    let_go();
    hears_nothing(stage, redis);
    atomic_store(&slot->paused, 0);
    slot_wake(&slots.shared->slots[slots.log]);
    hears(redis, TAKE);
    close(process);
    hears_the_end(redis);
}

/* What the driver sets on its link while it stands, this very request meets, and none before. */
static void its_request_meets_the_fault(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm(MOMENT_RELEASES_LOCK, true, false);
    sends(process, GET GIVE GET);
    stands();
    assert_true(ordered(stage, (struct link_order){.fault = LINK_LOSE_REPLY, .count = 1}));
    hears_nothing(stage, redis);
    let_go();
    hears(redis, GET GIVE GET);
    sends(redis, "$-1\r\n" ONE "$-1\r\n");
    hears(process, "$-1\r\n");
    hears_nothing(stage, process);
    close(process);
    hears_the_end(redis);
}

static void its_request_is_lost(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm(MOMENT_RELEASES_LOCK, true, false);
    sends(process, GET GIVE GET);
    stands();
    assert_true(ordered(stage, (struct link_order){.fault = LINK_LOSE, .count = 1}));
    let_go();
    hears(redis, GET);
    hears_nothing(stage, redis);
    close(process);
    hears_the_end(redis);
}

static void its_request_is_late(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm(MOMENT_RELEASES_LOCK, true, false);
    sends(process, GIVE);
    stands();
    assert_true(ordered(stage, (struct link_order){.fault = LINK_LATE, .by_ns = 50 * MS}));
    int64_t begun = now_ns();
    let_go();
    hears(redis, GIVE);
    assert_true(now_ns() - begun >= 50 * MS);
    close(process);
    hears_the_end(redis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STRANGER(its_traffic_is_recorded),
        WITH_STRANGER(it_stands_before),
        WITH_STRANGER(it_dies_before),
        WITH_STRANGER(it_dies_at_the_next),
        WITH_STRANGER(who_waited_is_dead),
        WITH_STRANGER(it_stands_while_its_answer_is_there),
        WITH_STRANGER(it_stands_after),
        WITH_STRANGER(it_stands_while_it_is_paused),
        WITH_STRANGER(its_request_meets_the_fault),
        WITH_STRANGER(its_request_is_lost),
        WITH_STRANGER(its_request_is_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
