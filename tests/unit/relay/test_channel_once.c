/* A connection through the relay, without sockets: what is done to one request, once. */
#include "tests/unit/relay/through.h"

#include <string.h>

/* --- late, lose_reply, reset ------------------------------------------------------------------ */

static void a_late_request_outlives_its_sender(void **state)
{
    struct through *through = *state;
    assert_true(
        through_ordered(through, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS}));
    at(through, 10);
    comes(through, WAY_REQUESTS, SET);
    assert_int_equal(through->trouble.lurks, LINK_HEAL);
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
    channel_init(&other, &through->trouble);
    through_ordered(through, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS});
    comes(through, WAY_REQUESTS, SET);
    assert_true(channel_take(&other, WAY_REQUESTS, GET, strlen(GET), 0));
    assert_int_equal(channel_ready(&other, WAY_REQUESTS, 0, &bytes), strlen(GET));
    passes(through, WAY_REQUESTS, "");
    channel_free(&other);
}

static void a_late_request_heals(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS});
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
    through_ordered(through, (struct link_order){.trouble = LINK_LATE, .by_ns = 3000 * MS});
    comes(through, WAY_REQUESTS, AUTH "*2\r\n$6\r\nselect\r\n$1\r\n1\r\n");
    passes(through, WAY_REQUESTS, AUTH "*2\r\n$6\r\nselect\r\n$1\r\n1\r\n");
    comes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REQUESTS, "");
}

static void one_reply_is_lost(void **state)
{
    struct through *through = *state;
    comes(through, WAY_REQUESTS, GET);
    assert_true(through_ordered(through, (struct link_order){.trouble = LINK_LOSE_REPLY}));
    comes(through, WAY_REQUESTS, SET GET);
    passes(through, WAY_REQUESTS, GET SET GET);
    comes(through, WAY_REPLIES, VALUE "+O");
    passes(through, WAY_REPLIES, VALUE);
    comes(through, WAY_REPLIES, "K\r\n" VALUE);
    passes(through, WAY_REPLIES, VALUE);
    assert_false(through->channel.broken);
}

static void an_answer_that_waits_can_be_saved(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.trouble = LINK_LOSE_REPLY});
    comes(through, WAY_REQUESTS, SET);
    assert_true(through_healed(through, LINK_LOSE_REPLY));
    comes(through, WAY_REPLIES, OK);
    passes(through, WAY_REPLIES, OK);
}

/* The request was not applied: it comes again with its script, and that is the one. */
static void an_unknown_script_is_not_the_answer(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.trouble = LINK_LOSE_REPLY});
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
    assert_true(through_ordered(through, (struct link_order){.trouble = LINK_RESET}));
    comes(through, WAY_REQUESTS, "*2\r\n$3\r\nGET\r\n");
    assert_false(through->channel.broken);
    comes(through, WAY_REQUESTS, "$1\r\nk\r\n");
    assert_true(through->channel.broken);
    assert_int_equal(through->trouble.lurks, LINK_HEAL);
}

static void a_reset_after(void **state)
{
    struct through *through = *state;
    assert_true(
        through_ordered(through, (struct link_order){.trouble = LINK_RESET, .applied = true}));
    comes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REQUESTS, SET);
    assert_false(through->channel.broken);
    comes(through, WAY_REPLIES, OK);
    assert_true(through->channel.broken);
}

static void two_in_a_row(void **state)
{
    struct through *through = *state;
    through_ordered(through, (struct link_order){.trouble = LINK_LOSE_REPLY});
    comes(through, WAY_REQUESTS, SET);
    assert_true(through_ordered(through, (struct link_order){.trouble = LINK_LOSE_REPLY}));
    comes(through, WAY_REQUESTS, GET); /* the first one's answer is still out: it waits */
    comes(through, WAY_REPLIES, OK VALUE);
    passes(through, WAY_REPLIES, VALUE);
    comes(through, WAY_REQUESTS, GET);
    comes(through, WAY_REPLIES, VALUE);
    passes(through, WAY_REPLIES, "");
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
    };
    return cmocka_run_group_tests_name("relay: what is done once", tests, NULL, NULL);
}
