/* A connection through the relay, without sockets: what is passed on, when, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/relay/channel.h"

#define MS INT64_C(1000000)
#define BOTH (LINK_REQUESTS | LINK_REPLIES)
#define SET "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n"
#define GET "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
#define AUTH "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n"
#define OK "+OK\r\n"
#define VALUE "$1\r\nv\r\n"

struct stage {
    struct trouble trouble;
    struct channel channel;
    int64_t now_ns;
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    trouble_init(&stage->trouble, 1);
    channel_init(&stage->channel, &stage->trouble);
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    channel_free(&stage->channel);
    free(stage);
    return 0;
}

/* --- what a test tells ------------------------------------------------------------------------ */

static void comes(struct stage *stage, enum way way, const char *bytes)
{
    assert_true(channel_take(&stage->channel, way, bytes, strlen(bytes), stage->now_ns));
}

/* So much, and no more, is passed on now. */
static void passes(struct stage *stage, enum way way, const char *wanted)
{
    const char *bytes;
    size_t size = channel_ready(&stage->channel, way, stage->now_ns, &bytes);
    assert_int_equal(size, strlen(wanted));
    if (size > 0) {
        assert_memory_equal(bytes, wanted, size);
    }
    channel_passed(&stage->channel, way, size);
}

static void at(struct stage *stage, int64_t ms)
{
    stage->now_ns = ms * MS;
}

static bool ordered(struct stage *stage, struct link_order order)
{
    bool changed = trouble_order(&stage->trouble, &order);
    return channel_heal(&stage->channel, &order) || changed;
}

static bool healed(struct stage *stage, enum link_trouble what)
{
    return ordered(stage, (struct link_order){
                              .trouble = LINK_HEAL, .undo = (uint8_t)what, .directions = BOTH});
}

static bool over(const struct stage *stage, enum way way)
{
    return channel_over(&stage->channel, way, stage->now_ns);
}

/* --- a sound link ----------------------------------------------------------------------------- */

static void whole_messages_pass_at_once(void **state)
{
    struct stage *stage = *state;
    comes(stage, WAY_REQUESTS, SET);
    passes(stage, WAY_REQUESTS, SET);
    passes(stage, WAY_REPLIES, "");
    comes(stage, WAY_REPLIES, OK);
    passes(stage, WAY_REPLIES, OK);
    assert_int_equal(channel_due(&stage->channel, WAY_REQUESTS), INT64_MAX);
}

static void parts_wait_for_the_rest(void **state)
{
    struct stage *stage = *state;
    comes(stage, WAY_REQUESTS, "*2\r\n$3\r\nGE");
    passes(stage, WAY_REQUESTS, "");
    comes(stage, WAY_REQUESTS, "T\r\n$1\r\nk\r\n" SET "*1\r\n");
    passes(stage, WAY_REQUESTS, GET SET);
    comes(stage, WAY_REQUESTS, "$4\r\nPING\r\n");
    passes(stage, WAY_REQUESTS, "*1\r\n$4\r\nPING\r\n");
}

static void receivers_take_as_much_as_they_can(void **state)
{
    struct stage *stage = *state;
    const char *bytes;
    comes(stage, WAY_REQUESTS, SET GET);
    assert_int_equal(channel_ready(&stage->channel, WAY_REQUESTS, 0, &bytes),
                     strlen(SET) + strlen(GET));
    channel_passed(&stage->channel, WAY_REQUESTS, 5);
    channel_passed(&stage->channel, WAY_REQUESTS, strlen(SET) - 5 + 3);
    passes(stage, WAY_REQUESTS, GET + 3);
    comes(stage, WAY_REQUESTS, GET);
    passes(stage, WAY_REQUESTS, GET);
}

static void the_end_comes_last(void **state)
{
    struct stage *stage = *state;
    comes(stage, WAY_REQUESTS, SET "*1\r\n$4");
    assert_true(channel_end(&stage->channel, WAY_REQUESTS, 0));
    assert_false(channel_wants(&stage->channel, WAY_REQUESTS));
    assert_true(channel_wants(&stage->channel, WAY_REPLIES));
    assert_false(over(stage, WAY_REQUESTS));
    passes(stage, WAY_REQUESTS, SET "*1\r\n$4"); /* as it came, in part */
    assert_true(over(stage, WAY_REQUESTS));
    assert_false(over(stage, WAY_REPLIES));
}

static void nobody_is_drowned(void **state)
{
    struct stage *stage = *state;
    for (int i = 0; channel_wants(&stage->channel, WAY_REPLIES); i++) {
        assert_true(i < 300000);
        comes(stage, WAY_REPLIES, VALUE);
    }
    const char *bytes;
    size_t size = channel_ready(&stage->channel, WAY_REPLIES, 0, &bytes);
    assert_in_range(size, 1 << 20, (1 << 20) + 100);
    channel_passed(&stage->channel, WAY_REPLIES, 100);
    assert_true(channel_wants(&stage->channel, WAY_REPLIES));
}

static void the_deaf_get_nothing(void **state)
{
    struct stage *stage = *state;
    comes(stage, WAY_REPLIES, OK "$1");
    channel_deafen(&stage->channel, WAY_REPLIES);
    passes(stage, WAY_REPLIES, "");
    comes(stage, WAY_REPLIES, "\r\nv\r\n" OK);
    passes(stage, WAY_REPLIES, "");
    assert_true(channel_end(&stage->channel, WAY_REPLIES, 0));
    assert_true(over(stage, WAY_REPLIES));
    channel_deafen(&stage->channel, WAY_REPLIES);
    assert_true(over(stage, WAY_REPLIES));
}

/* --- cut, delay, slow ------------------------------------------------------------------------- */

static void a_cut_is_a_black_hole(void **state)
{
    struct stage *stage = *state;
    comes(stage, WAY_REQUESTS, SET);
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_CUT, .directions = BOTH}));
    passes(stage, WAY_REQUESTS, "");
    assert_false(channel_wants(&stage->channel, WAY_REQUESTS));
    assert_false(channel_wants(&stage->channel, WAY_REPLIES));
    assert_int_equal(channel_due(&stage->channel, WAY_REQUESTS), INT64_MAX);
    assert_true(healed(stage, LINK_CUT));
    assert_true(channel_wants(&stage->channel, WAY_REQUESTS));
    passes(stage, WAY_REQUESTS, SET);
}

static void half_a_cut(void **state)
{
    struct stage *stage = *state;
    assert_true(
        ordered(stage, (struct link_order){.trouble = LINK_CUT, .directions = LINK_REPLIES}));
    comes(stage, WAY_REQUESTS, SET);
    passes(stage, WAY_REQUESTS, SET);
    assert_true(channel_wants(&stage->channel, WAY_REQUESTS));
    assert_false(channel_wants(&stage->channel, WAY_REPLIES));
}

static void the_end_is_cut_off_as_well(void **state)
{
    struct stage *stage = *state;
    assert_true(channel_end(&stage->channel, WAY_REQUESTS, 0));
    ordered(stage, (struct link_order){.trouble = LINK_CUT, .directions = BOTH});
    assert_false(over(stage, WAY_REQUESTS));
    healed(stage, LINK_CUT);
    assert_true(over(stage, WAY_REQUESTS));
}

static void delayed(struct stage *stage, int64_t by_ms, int64_t jitter_ms)
{
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_DELAY,
                                                   .directions = BOTH,
                                                   .by_ns = by_ms * MS,
                                                   .jitter_ns = jitter_ms * MS}));
}

static void a_delay_delays(void **state)
{
    struct stage *stage = *state;
    delayed(stage, 5, 0);
    at(stage, 100);
    comes(stage, WAY_REQUESTS, SET);
    assert_int_equal(channel_due(&stage->channel, WAY_REQUESTS), 105 * MS);
    at(stage, 102);
    comes(stage, WAY_REQUESTS, GET);
    assert_true(channel_end(&stage->channel, WAY_REQUESTS, stage->now_ns));
    passes(stage, WAY_REQUESTS, "");
    at(stage, 105);
    passes(stage, WAY_REQUESTS, SET);
    assert_false(over(stage, WAY_REQUESTS));
    at(stage, 107);
    passes(stage, WAY_REQUESTS, GET);
    assert_true(over(stage, WAY_REQUESTS));
}

/* However the dice fall, nothing is overtaken. */
static void jitter_keeps_the_order(void **state)
{
    struct stage *stage = *state;
    delayed(stage, 1, 50);
    for (int i = 0; i < 40; i++) {
        at(stage, i);
        comes(stage, WAY_REPLIES, i % 2 ? OK : VALUE);
    }
    char all[40 * 8] = "";
    while (channel_due(&stage->channel, WAY_REPLIES) < INT64_MAX) {
        const char *bytes;
        stage->now_ns = channel_due(&stage->channel, WAY_REPLIES);
        size_t size = channel_ready(&stage->channel, WAY_REPLIES, stage->now_ns, &bytes);
        strncat(all, bytes, size);
        channel_passed(&stage->channel, WAY_REPLIES, size);
    }
    for (int i = 0; i < 40; i += 2) {
        assert_memory_equal(all + i / 2 * 12, VALUE OK, 12);
    }
    assert_in_range(stage->now_ns, 40 * MS, 90 * MS);
}

static void healing_sends_what_waits_on_its_way(void **state)
{
    struct stage *stage = *state;
    delayed(stage, 1000, 0);
    comes(stage, WAY_REQUESTS, SET);
    at(stage, 10);
    passes(stage, WAY_REQUESTS, "");
    assert_true(healed(stage, LINK_DELAY));
    passes(stage, WAY_REQUESTS, SET);
}

static void a_slow_link_takes_its_time(void **state)
{
    struct stage *stage = *state;
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_SLOW,
                                                   .directions = LINK_REPLIES,
                                                   .bytes_per_s = 1000}));
    comes(stage, WAY_REPLIES, VALUE OK); /* 7 bytes, 5 bytes */
    at(stage, 6);
    passes(stage, WAY_REPLIES, "");
    at(stage, 7);
    passes(stage, WAY_REPLIES, VALUE);
    at(stage, 12);
    passes(stage, WAY_REPLIES, OK);
    comes(stage, WAY_REQUESTS, SET);
    passes(stage, WAY_REQUESTS, SET);
}

/* --- late, lose_reply, reset ------------------------------------------------------------------ */

static void a_late_request_outlives_its_sender(void **state)
{
    struct stage *stage = *state;
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS}));
    at(stage, 10);
    comes(stage, WAY_REQUESTS, SET);
    assert_int_equal(stage->trouble.lurks, LINK_HEAL);
    at(stage, 1000);
    assert_true(channel_end(&stage->channel, WAY_REQUESTS, stage->now_ns));
    passes(stage, WAY_REQUESTS, "");
    assert_false(over(stage, WAY_REQUESTS));
    assert_int_equal(channel_due(&stage->channel, WAY_REQUESTS), 3010 * MS);
    at(stage, 3010);
    passes(stage, WAY_REQUESTS, SET);
    assert_true(over(stage, WAY_REQUESTS));
}

static void one_request_alone_is_late(void **state)
{
    struct stage *stage = *state;
    struct channel other;
    const char *bytes;
    channel_init(&other, &stage->trouble);
    ordered(stage, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS});
    comes(stage, WAY_REQUESTS, SET);
    assert_true(channel_take(&other, WAY_REQUESTS, GET, strlen(GET), 0));
    assert_int_equal(channel_ready(&other, WAY_REQUESTS, 0, &bytes), strlen(GET));
    passes(stage, WAY_REQUESTS, "");
    channel_free(&other);
}

static void a_late_request_heals(void **state)
{
    struct stage *stage = *state;
    ordered(stage, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS});
    comes(stage, WAY_REQUESTS, SET);
    assert_false(healed(stage, LINK_DELAY));
    passes(stage, WAY_REQUESTS, "");
    assert_true(healed(stage, LINK_LATE));
    passes(stage, WAY_REQUESTS, SET);
    assert_false(healed(stage, LINK_LATE));
}

static void greetings_are_passed_over(void **state)
{
    struct stage *stage = *state;
    ordered(stage, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS});
    comes(stage, WAY_REQUESTS, AUTH "*2\r\n$6\r\nselect\r\n$1\r\n1\r\n");
    passes(stage, WAY_REQUESTS, AUTH "*2\r\n$6\r\nselect\r\n$1\r\n1\r\n");
    comes(stage, WAY_REQUESTS, SET);
    passes(stage, WAY_REQUESTS, "");
}

static void one_reply_is_lost(void **state)
{
    struct stage *stage = *state;
    comes(stage, WAY_REQUESTS, GET);
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_LOSE_REPLY}));
    comes(stage, WAY_REQUESTS, SET GET);
    passes(stage, WAY_REQUESTS, GET SET GET);
    comes(stage, WAY_REPLIES, VALUE "+O");
    passes(stage, WAY_REPLIES, VALUE);
    comes(stage, WAY_REPLIES, "K\r\n" VALUE);
    passes(stage, WAY_REPLIES, VALUE);
    assert_false(stage->channel.broken);
}

static void an_answer_that_waits_can_be_saved(void **state)
{
    struct stage *stage = *state;
    ordered(stage, (struct link_order){.trouble = LINK_LOSE_REPLY});
    comes(stage, WAY_REQUESTS, SET);
    assert_true(healed(stage, LINK_LOSE_REPLY));
    comes(stage, WAY_REPLIES, OK);
    passes(stage, WAY_REPLIES, OK);
}

/* The request was not applied: it comes again with its script, and that is the one. */
static void an_unknown_script_is_not_the_answer(void **state)
{
    struct stage *stage = *state;
    ordered(stage, (struct link_order){.trouble = LINK_LOSE_REPLY});
    comes(stage, WAY_REQUESTS, "*2\r\n$7\r\nEVALSHA\r\n$1\r\nx\r\n");
    comes(stage, WAY_REPLIES, "-NOSCRIPT No matching script.\r\n");
    passes(stage, WAY_REPLIES, "-NOSCRIPT No matching script.\r\n");
    comes(stage, WAY_REQUESTS, "*2\r\n$4\r\nEVAL\r\n$1\r\nx\r\n");
    comes(stage, WAY_REPLIES, ":1\r\n");
    passes(stage, WAY_REPLIES, "");
}

static void a_reset_before(void **state)
{
    struct stage *stage = *state;
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_RESET}));
    comes(stage, WAY_REQUESTS, "*2\r\n$3\r\nGET\r\n");
    assert_false(stage->channel.broken);
    comes(stage, WAY_REQUESTS, "$1\r\nk\r\n");
    assert_true(stage->channel.broken);
    assert_int_equal(stage->trouble.lurks, LINK_HEAL);
}

static void a_reset_after(void **state)
{
    struct stage *stage = *state;
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_RESET, .applied = true}));
    comes(stage, WAY_REQUESTS, SET);
    passes(stage, WAY_REQUESTS, SET);
    assert_false(stage->channel.broken);
    comes(stage, WAY_REPLIES, OK);
    assert_true(stage->channel.broken);
}

static void two_in_a_row(void **state)
{
    struct stage *stage = *state;
    ordered(stage, (struct link_order){.trouble = LINK_LOSE_REPLY});
    comes(stage, WAY_REQUESTS, SET);
    assert_true(ordered(stage, (struct link_order){.trouble = LINK_LOSE_REPLY}));
    comes(stage, WAY_REQUESTS, GET); /* the first one's answer is still out: it waits */
    comes(stage, WAY_REPLIES, OK VALUE);
    passes(stage, WAY_REPLIES, VALUE);
    comes(stage, WAY_REQUESTS, GET);
    comes(stage, WAY_REPLIES, VALUE);
    passes(stage, WAY_REPLIES, "");
}

#define WITH_STAGE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAGE(whole_messages_pass_at_once),
        WITH_STAGE(parts_wait_for_the_rest),
        WITH_STAGE(receivers_take_as_much_as_they_can),
        WITH_STAGE(the_end_comes_last),
        WITH_STAGE(nobody_is_drowned),
        WITH_STAGE(the_deaf_get_nothing),
        WITH_STAGE(a_cut_is_a_black_hole),
        WITH_STAGE(half_a_cut),
        WITH_STAGE(the_end_is_cut_off_as_well),
        WITH_STAGE(a_delay_delays),
        WITH_STAGE(jitter_keeps_the_order),
        WITH_STAGE(healing_sends_what_waits_on_its_way),
        WITH_STAGE(a_slow_link_takes_its_time),
        WITH_STAGE(a_late_request_outlives_its_sender),
        WITH_STAGE(one_request_alone_is_late),
        WITH_STAGE(a_late_request_heals),
        WITH_STAGE(greetings_are_passed_over),
        WITH_STAGE(one_reply_is_lost),
        WITH_STAGE(an_answer_that_waits_can_be_saved),
        WITH_STAGE(an_unknown_script_is_not_the_answer),
        WITH_STAGE(a_reset_before),
        WITH_STAGE(a_reset_after),
        WITH_STAGE(two_in_a_row),
    };
    return cmocka_run_group_tests_name("relay: a channel", tests, NULL, NULL);
}
