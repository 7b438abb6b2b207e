/* The relay as a process, with a stranger: at which of its commands, and of the answers to them,
 * its traffic stands. The test is the driver. */
#include "tests/unit/relay/strange.h"

#include <stdio.h>

#define PING "PING\r\n"

/* Arms a breakpoint for its nth command of that name. */
static void arm_command(const char *name, uint32_t nth, bool before, bool applied)
{
    struct trigger trigger = {.kind = TRIGGER_WHEN,
                              .on = before ? ON_SENDS : ON_GETS,
                              .before = before,
                              .applied = applied,
                              .nth = nth,
                              .who = {.kind = TARGET_IDS, .count = 1, .ids = {3}}};
    snprintf(trigger.command.name, sizeof trigger.command.name, "%s", name);
    breakpoints_arm(&slots.shared->breakpoints, 0, &trigger);
}

/* Likewise, when that has left it. */
static void arm_left(const char *name, const char *key)
{
    struct trigger trigger = {.kind = TRIGGER_WHEN,
                              .on = ON_SENDS,
                              .nth = 1,
                              .who = {.kind = TARGET_IDS, .count = 1, .ids = {3}}};
    snprintf(trigger.command.name, sizeof trigger.command.name, "%s", name);
    snprintf(trigger.command.key, sizeof trigger.command.key, "%s", key);
    breakpoints_arm(&slots.shared->breakpoints, 0, &trigger);
}

/* Any command, whether it means something to the lock or not; the nth, and no other. */
static void it_stands_at_a_command(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm_command("PING", 3, true, false);
    sends(process, PING);
    hears(redis, PING);
    sends(process, "ping\r\n");
    hears(redis, "ping\r\n");
    sends(process, PING);
    stands();
    hears_nothing(stage, redis);
    let_go();
    hears(redis, PING);
    arm_command("PING", 2, false, true);
    sends(redis, "+PONG\r\n");
    hears(process, "+PONG\r\n");
    sends(redis, "-ERR not this one\r\n");
    hears(process, "-ERR not this one\r\n");
    sends(redis, "+PONG\r\n");
    stands();
    hears_nothing(stage, process);
    let_go();
    hears(process, "+PONG\r\n");
    close(process);
    hears_the_end(redis);
}

/* What has left it goes on when the fault is applied, though it is paused or dead. */
static void its_command_has_left_it(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    struct member_slot *slot = &slots.shared->slots[3];
    arm_left("SET", "lock*");
    sends(process, GET);
    hears(redis, GET);
    sends(process, TAKE);
    stands();
    hears_nothing(stage, redis);
    atomic_store(&slot->paused, 1);
    let_go();
    hears(redis, TAKE);
    atomic_store(&slot->paused, 0);
    sends(redis, "$-1\r\n" OK);
    hears(process, "$-1\r\n" OK);
    arm_left("DEL", "");
    sends(process, GIVE);
    stands();
    close(process);
    let_go();
    hears(redis, GIVE);
    hears_the_end(redis);
}

/* Two that wait for commands which come together: neither fault is forgotten. */
static void it_stands_once_more(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    struct breakpoint_hits hits;
    arm_command("GET", 1, true, false);
    arm_command("DEL", 1, true, false);
    sends(process, GET GIVE);
    stands();
    hits = slots.shared->slots[3].hits;
    assert_int_equal(breakpoint_hits_next(&slots.shared->breakpoints, &hits), 0);
    assert_int_equal(breakpoint_hits_next(&slots.shared->breakpoints, &hits), -1);
    let_go();
    stands();
    hits = slots.shared->slots[3].hits;
    assert_int_equal(breakpoint_hits_next(&slots.shared->breakpoints, &hits), 1);
    hears_nothing(stage, redis);
    let_go();
    hears(redis, GET GIVE);
    close(process);
    hears_the_end(redis);
}

/* A lock that was busy was not applied; an answer is an answer. */
static void a_busy_lock_is_an_answer(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    arm_command("SET", 1, false, true);
    sends(process, TAKE);
    hears(redis, TAKE);
    sends(redis, "$-1\r\n");
    hears(process, "$-1\r\n");
    relay_notices(stage);
    arm_command("SET", 1, false, false);
    sends(process, TAKE);
    hears(redis, TAKE);
    sends(redis, "$-1\r\n");
    hears(process, "$-1\r\n");
    stands();
    let_go();
    sends(process, TAKE);
    hears(redis, TAKE);
    sends(redis, OK);
    stands();
    hears_nothing(stage, process);
    let_go();
    hears(process, OK);
    close(process);
    hears_the_end(redis);
}

/* The times of its first two requests that remove the lock, as the history has them. */
static void removals_of(struct history *history, int64_t at_ns[2])
{
    struct history driver = {0};
    struct history_event started = {.kind = HISTORY_STARTED, .process = 3, .at_ns = 1};
    size_t count = 0;
    assert_true(history_append(&driver, &started));
    assert_true(shared_collect(slots.shared, &driver, 0, history));
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_REQUEST && event->request.op == STORE_DELETE) {
            assert_true(count < 2);
            at_ns[count++] = event->at_ns;
        }
    }
    assert_int_equal(count, 2);
    history_free(&driver);
}

/* What removes a lock meets the one that is there when it goes on: it counts from then on. What
 * never stood counts as it came. */
static void a_removal_that_stood_counts_when_it_goes_on(void **state)
{
    struct stage *stage = *state;
    struct history history = {0};
    int64_t at_ns[2];
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    sends(process, GIVE);
    hears(redis, GIVE);
    sends(redis, ":1\r\n");
    hears(process, ":1\r\n");
    arm_command("DEL", 1, true, false);
    sends(process, GIVE);
    stands();
    int64_t let_go_ns = monotonic_ns();
    let_go();
    hears(redis, GIVE);
    sends(redis, ":0\r\n");
    hears(process, ":0\r\n");
    relay_notices(stage);
    removals_of(&history, at_ns);
    assert_true(at_ns[0] < let_go_ns && at_ns[1] > let_go_ns);
    history_free(&history);
    close(process);
    hears_the_end(redis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STRANGER(it_stands_at_a_command),
        WITH_STRANGER(its_command_has_left_it),
        WITH_STRANGER(it_stands_once_more),
        WITH_STRANGER(a_busy_lock_is_an_answer),
        WITH_STRANGER(a_removal_that_stood_counts_when_it_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
