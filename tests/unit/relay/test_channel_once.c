/* A connection through the relay, without sockets: what is done to one request, once. */
#include "tests/unit/relay/through.h"

#include <string.h>

/* --- late, lose_reply, reset ------------------------------------------------------------------ */

static void a_late_request_outlives_its_sender(void **state)
{
    struct through *through = *state;
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_LATE, .by_ns = 3000 * MS}));
    at(through, 10);
    comes(through, WAY_REQUESTS, SET);
    assert_int_equal(through->link_faults.lurks, LINK_HEAL);
    at(through, 1000);
    assert_true(channel_end(&through->channel, WAY_REQUESTS, through->now_ns));
    passes(through, WAY_REQUESTS, "");
    assert_false(over(through, WAY_REQUESTS));
    assert_int_equal(channel_due(&through->channel, WAY_REQUESTS), 3010 * MS);
    at(through, 3010);
    passes(through, WAY_REQUESTS, SET);
    assert_true(over(through, WAY_REQUESTS));
}

static void one_request_alone_is_late(void **state)
{
    struct through *through = *state;
    struct channel other;
    const char *bytes;
    channel_init(&other, &through->link_faults, NULL);
    through_ordered(through, (struct link_order){.fault = LINK_LATE, .by_ns = 3000 * MS});
    comes(through, WAY_REQUESTS, SET);
    assert_true(channel_take(&other, WAY_REQUESTS, GET, strlen(GET), 0));
    assert_int_equal(channel_ready(&other, WAY_REQUESTS, 0, &bytes), strlen(GET));
    passes(through, WAY_REQUESTS, "");
    channel_free(&other);
}

static void a_late_request_heals(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.fault = LINK_LATE, .by_ns = 3000 * MS});
    comes(through, WAY_REQUESTS, SET);
    through_healed(through, LINK_DELAY);
    passes(through, WAY_REQUESTS, "");
    assert_true(through_healed(through, LINK_LATE));
    passes(through, WAY_REQUESTS, SET);
    assert_false(through_healed(through, LINK_LATE));
}

static void greetings_are_passed_over(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.fault = LINK_LATE, .by_ns = 3000 * MS});
    comes(through, WAY_REQUESTS, AUTH "*2\r\n$6\r\nselect\r\n$1\r\n1\r\n");
    passes(through, WAY_REQUESTS, AUTH "*2\r\n$6\r\nselect\r\n$1\r\n1\r\n");
    comes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REQUESTS, "");
}

/* And so is all that comes behind it on the connection: it would be taken for the lost one. */
static void one_reply_is_lost(void **state)
{
    struct through *through = *state;
    comes(through, WAY_REQUESTS, GET);
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY}));
    comes(through, WAY_REQUESTS, SET GET);
    passes(through, WAY_REQUESTS, GET SET GET);
    comes(through, WAY_REPLIES, VALUE "+O");
    passes(through, WAY_REPLIES, VALUE);
    comes(through, WAY_REPLIES, "K\r\n" VALUE);
    passes(through, WAY_REPLIES, "");
    assert_false(through->channel.broken);
    assert_true(channel_end(&through->channel, WAY_REPLIES, through->now_ns));
    assert_true(over(through, WAY_REPLIES));
}

static void an_answer_that_waits_can_be_saved(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY});
    comes(through, WAY_REQUESTS, SET);
    assert_true(through_healed(through, LINK_LOSE_REPLY));
    comes(through, WAY_REPLIES, OK);
    passes(through, WAY_REPLIES, OK);
}

/* The request was not applied: it comes again with its script, and that is the one. */
static void an_unknown_script_is_not_the_answer(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY});
    comes(through, WAY_REQUESTS, "*2\r\n$7\r\nEVALSHA\r\n$1\r\nx\r\n");
    comes(through, WAY_REPLIES, "-NOSCRIPT No matching script.\r\n");
    passes(through, WAY_REPLIES, "-NOSCRIPT No matching script.\r\n");
    comes(through, WAY_REQUESTS, "*2\r\n$4\r\nEVAL\r\n$1\r\nx\r\n");
    comes(through, WAY_REPLIES, ":1\r\n");
    passes(through, WAY_REPLIES, "");
}

static void a_reset_before(void **state)
{
    struct through *through = *state;
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_RESET}));
    comes(through, WAY_REQUESTS, "*2\r\n$3\r\nGET\r\n");
    assert_false(through->channel.broken);
    comes(through, WAY_REQUESTS, "$1\r\nk\r\n");
    assert_true(through->channel.broken);
    assert_int_equal(through->link_faults.lurks, LINK_HEAL);
}

static void a_reset_after(void **state)
{
    struct through *through = *state;
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_RESET, .applied = true}));
    comes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REQUESTS, SET);
    assert_false(through->channel.broken);
    comes(through, WAY_REPLIES, OK);
    assert_true(through->channel.broken);
}

static void two_in_a_row(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY});
    comes(through, WAY_REQUESTS, SET);
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY}));
    comes(through, WAY_REQUESTS, GET); /* the first one's answer is still out: it waits */
    comes(through, WAY_REPLIES, OK VALUE);
    comes(through, WAY_REQUESTS, GET); /* whose answer is lost as it is */
    comes(through, WAY_REPLIES, VALUE);
    passes(through, WAY_REPLIES, "");
    assert_int_equal(through->link_faults.lurks, LINK_LOSE_REPLY); /* the next connection's */
}

/* It reaches nobody, nor does what its connection carries behind it, but the end. Others pass. */
static void a_lost_request_takes_all_behind_it(void **state)
{
    struct through *through = *state;
    struct channel other;
    const char *bytes;
    channel_init(&other, &through->link_faults, NULL);
    comes(through, WAY_REQUESTS, GET);
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_LOSE}));
    comes(through, WAY_REQUESTS, SET GET "*2\r\n");
    passes(through, WAY_REQUESTS, GET);
    comes(through, WAY_REPLIES, VALUE);
    passes(through, WAY_REPLIES, VALUE);
    assert_true(channel_take(&other, WAY_REQUESTS, GET, strlen(GET), 0));
    assert_int_equal(channel_ready(&other, WAY_REQUESTS, 0, &bytes), strlen(GET));
    assert_true(channel_end(&through->channel, WAY_REQUESTS, through->now_ns));
    passes(through, WAY_REQUESTS, "");
    assert_true(over(through, WAY_REQUESTS));
    channel_free(&other);
}

static void so_many_are_lost(void **state)
{
    struct through *through = *state;
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_LOSE, .count = 2}));
    assert_false(through_ordered(through, (struct link_order){.fault = LINK_LATE, .by_ns = MS}));
    for (int i = 0; i < 3; i++) {
        struct channel one;
        const char *bytes;
        channel_init(&one, &through->link_faults, NULL);
        assert_true(channel_take(&one, WAY_REQUESTS, SET, strlen(SET), 0));
        assert_int_equal(channel_ready(&one, WAY_REQUESTS, 0, &bytes), i < 2 ? 0 : strlen(SET));
        channel_free(&one);
    }
    assert_false(through_healed(through, LINK_LOSE));
}

/* Between 15 and 25 % of a thousand connections' first requests; none when it is over. */
static void a_share_is_lost(void **state)
{
    struct through *through = *state;
    int lost[] = {0, 0};
    for (int over = 0; over < 2; over++) {
        through_ordered(through, (struct link_order){.fault = LINK_LOSE,
                                                     .lasts = true,
                                                     .lost_ppm = over ? 0 : LOST_WHOLE / 5});
        for (int i = 0; i < 1000; i++) {
            struct channel one;
            const char *bytes;
            channel_init(&one, &through->link_faults, NULL);
            assert_true(channel_take(&one, WAY_REQUESTS, SET, strlen(SET), 0));
            lost[over] += channel_ready(&one, WAY_REQUESTS, 0, &bytes) == 0;
            channel_free(&one);
        }
    }
    assert_in_range(lost[0], 150, 250);
    assert_int_equal(lost[1], 0);
}

/* What waits and what comes is lost; of what was never sent, nothing is missing. */
static void a_cut_that_drops(void **state)
{
    struct through *through = *state;
    struct link_order cut = {
        .fault = LINK_CUT, .directions = LINK_REQUESTS, .drops = LINK_REQUESTS};
    struct channel idle;
    const char *bytes;
    channel_init(&idle, &through->link_faults, NULL);
    through_ordered(
        through,
        (struct link_order){.fault = LINK_DELAY, .directions = LINK_REQUESTS, .by_ns = 1000 * MS});
    comes(through, WAY_REQUESTS, SET);
    assert_true(through_ordered(through, cut));
    assert_true(channel_wants(&through->channel, WAY_REQUESTS));
    comes(through, WAY_REQUESTS, GET);
    comes(through, WAY_REPLIES, VALUE); /* the other direction is whole */
    passes(through, WAY_REPLIES, VALUE);
    through_ordered(through, (struct link_order){.fault = LINK_CUT});
    at(through, 5000);
    comes(through, WAY_REQUESTS, GET); /* this connection is dead that way */
    passes(through, WAY_REQUESTS, "");
    assert_true(channel_take(&idle, WAY_REQUESTS, GET, strlen(GET), 0));
    assert_int_equal(channel_ready(&idle, WAY_REQUESTS, 6000 * MS, &bytes), strlen(GET));
    channel_free(&idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CHANNEL(a_late_request_outlives_its_sender),
        WITH_CHANNEL(one_request_alone_is_late),
        WITH_CHANNEL(a_late_request_heals),
        WITH_CHANNEL(greetings_are_passed_over),
        WITH_CHANNEL(one_reply_is_lost),
        WITH_CHANNEL(an_answer_that_waits_can_be_saved),
        WITH_CHANNEL(an_unknown_script_is_not_the_answer),
        WITH_CHANNEL(a_reset_before),
        WITH_CHANNEL(a_reset_after),
        WITH_CHANNEL(two_in_a_row),
        WITH_CHANNEL(a_lost_request_takes_all_behind_it),
        WITH_CHANNEL(so_many_are_lost),
        WITH_CHANNEL(a_share_is_lost),
        WITH_CHANNEL(a_cut_that_drops),
    };
    return cmocka_run_group_tests_name("relay: what is done once", tests, NULL, NULL);
}
