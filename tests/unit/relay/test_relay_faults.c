/* The relay as a process: delayed, slow and late messages, lost answers, broken connections. */
#include "tests/unit/relay/stage.h"

/* --- delay, slow, late ------------------------------------------------------------------------ */

static void a_delayed_round_trip(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    ordered(stage, (struct link_order){.fault = LINK_DELAY, .directions = BOTH, .by_ns = 20 * MS});
    int64_t begun = now_ns();
    sends(process, GET);
    hears(redis, GET);
    int64_t there = now_ns();
    assert_true(there - begun >= 20 * MS);
    sends(redis, OK);
    hears(process, OK);
    assert_true(now_ns() - there >= 20 * MS);
    assert_true(healed(stage, LINK_DELAY));
    sends(process, GET);
    hears(redis, GET);
    close(process);
    hears_the_end(redis);
}

static void a_slow_link(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    ordered(stage,
            (struct link_order){.fault = LINK_SLOW, .directions = BOTH, .bytes_per_s = 1000});
    int64_t begun = now_ns();
    sends(process, GET GET);
    hears(redis, GET GET);
    assert_true(now_ns() - begun >= (int64_t)strlen(GET GET) * MS);
    close(process);
    hears_the_end(redis);
}

static void late_from_the_dead(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    assert_true(ordered(stage, (struct link_order){.fault = LINK_LATE, .by_ns = 80 * MS}));
    int64_t begun = now_ns();
    sends(process, GET);
    close(process);
    process = process_connects(stage, 3); /* come again */
    int again = redis_accepts(stage);
    sends(process, GET);
    hears(again, GET);
    sends(again, OK);
    hears(process, OK);
    bool early = something_comes(redis, 0);
    assert_true(!early || now_ns() - begun >= 80 * MS);
    hears(redis, GET);
    assert_true(now_ns() - begun >= 80 * MS);
    send(redis, OK, 5, MSG_NOSIGNAL); /* nobody is there to hear it */
    hears_the_end(redis);
    close(process);
    close(again);
}

static void late_and_healed(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    ordered(stage, (struct link_order){.fault = LINK_LATE, .by_ns = 3600 * INT64_C(1000000000)});
    sends(process, GET);
    hears_nothing(stage, redis);
    assert_true(healed(stage, LINK_LATE));
    hears(redis, GET);
    close(process);
    hears_the_end(redis);
}

/* --- lose_reply, reset ------------------------------------------------------------------------ */

static void a_reply_is_lost(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    ordered(stage, (struct link_order){.fault = LINK_LOSE_REPLY});
    sends(process, GET);
    hears(redis, GET);
    sends(redis, "$4\r\nlost\r\n");
    hears_nothing(stage, process);
    sends(process, GET);
    hears(redis, GET);
    sends(redis, OK);
    hears_nothing(stage, process); /* it would take that for the lost one */
    close(process);
    hears_the_end(redis);
    close(redis);
    process = process_connects(stage, 3);
    redis = redis_accepts(stage);
    sends(process, GET);
    hears(redis, GET);
    sends(redis, OK);
    hears(process, OK);
    close(process);
    hears_the_end(redis);
}

static void reset_before(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    ordered(stage, (struct link_order){.fault = LINK_RESET});
    sends(process, GET);
    hears_the_end(process);
    hears_the_end(redis); /* and nothing else */
}

static void reset_after(void **state)
{
    struct stage *stage = *state;
    int process = process_connects(stage, 3), redis = redis_accepts(stage);
    ordered(stage, (struct link_order){.fault = LINK_RESET, .applied = true});
    sends(process, GET);
    hears(redis, GET);
    sends(redis, OK);
    hears_the_end(process);
    hears_the_end(redis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAGE(a_delayed_round_trip), WITH_STAGE(a_slow_link),
        WITH_STAGE(late_from_the_dead),   WITH_STAGE(late_and_healed),
        WITH_STAGE(a_reply_is_lost),      WITH_STAGE(reset_before),
        WITH_STAGE(reset_after),
    };
    return cmocka_run_group_tests_name("relay: what it does to messages", tests, NULL, NULL);
}
