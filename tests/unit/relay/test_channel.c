/* A connection through the relay, without sockets: what passes and when; cut, delayed, slow. */
#include "tests/unit/relay/through.h"

#include <string.h>

/* --- a sound link ----------------------------------------------------------------------------- */

static void whole_messages_pass_at_once(void **state)
{
    struct through *through = *state;
    comes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REPLIES, "");
    comes(through, WAY_REPLIES, OK);
    passes(through, WAY_REPLIES, OK);
    assert_int_equal(channel_due(&through->channel, WAY_REQUESTS), INT64_MAX);
}

static void parts_wait_for_the_rest(void **state)
{
    struct through *through = *state;
    comes(through, WAY_REQUESTS, "*2\r\n$3\r\nGE");
    passes(through, WAY_REQUESTS, "");
    comes(through, WAY_REQUESTS, "T\r\n$1\r\nk\r\n" SET "*1\r\n");
    passes(through, WAY_REQUESTS, GET SET);
    comes(through, WAY_REQUESTS, "$4\r\nPING\r\n");
    passes(through, WAY_REQUESTS, "*1\r\n$4\r\nPING\r\n");
}

static void receivers_take_as_much_as_they_can(void **state)
{
    struct through *through = *state;
    const char *bytes;
    comes(through, WAY_REQUESTS, SET GET);
    assert_int_equal(channel_ready(&through->channel, WAY_REQUESTS, 0, &bytes),
                     strlen(SET) + strlen(GET));
    channel_passed(&through->channel, WAY_REQUESTS, 5);
    channel_passed(&through->channel, WAY_REQUESTS, strlen(SET) - 5 + 3);
    passes(through, WAY_REQUESTS, &GET[3]);
    comes(through, WAY_REQUESTS, GET);
    passes(through, WAY_REQUESTS, GET);
}

static void the_end_comes_last(void **state)
{
    struct through *through = *state;
    comes(through, WAY_REQUESTS, SET "*1\r\n$4");
    assert_true(channel_end(&through->channel, WAY_REQUESTS, 0));
    assert_false(channel_wants(&through->channel, WAY_REQUESTS));
    assert_true(channel_wants(&through->channel, WAY_REPLIES));
    assert_false(over(through, WAY_REQUESTS));
    passes(through, WAY_REQUESTS, SET "*1\r\n$4"); /* as it came, in part */
    assert_true(over(through, WAY_REQUESTS));
    assert_false(over(through, WAY_REPLIES));
}

static void nobody_is_drowned(void **state)
{
    struct through *through = *state;
    for (int i = 0; channel_wants(&through->channel, WAY_REPLIES); i++) {
        assert_true(i < 300000);
        comes(through, WAY_REPLIES, VALUE);
    }
    const char *bytes;
    size_t size = channel_ready(&through->channel, WAY_REPLIES, 0, &bytes);
    assert_in_range(size, 1 << 20, (1 << 20) + 100);
    channel_passed(&through->channel, WAY_REPLIES, 100);
    assert_true(channel_wants(&through->channel, WAY_REPLIES));
}

static void the_deaf_get_nothing(void **state)
{
    struct through *through = *state;
    comes(through, WAY_REPLIES, OK "$1");
    channel_deafen(&through->channel, WAY_REPLIES);
    passes(through, WAY_REPLIES, "");
    comes(through, WAY_REPLIES, "\r\nv\r\n" OK);
    passes(through, WAY_REPLIES, "");
    assert_true(channel_end(&through->channel, WAY_REPLIES, 0));
    assert_true(over(through, WAY_REPLIES));
    channel_deafen(&through->channel, WAY_REPLIES);
    assert_true(over(through, WAY_REPLIES));
}

/* --- cut, delay, slow ------------------------------------------------------------------------- */

static void a_cut_is_a_black_hole(void **state)
{
    struct through *through = *state;
    comes(through, WAY_REQUESTS, SET);
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_CUT, .directions = BOTH}));
    passes(through, WAY_REQUESTS, "");
    assert_false(channel_wants(&through->channel, WAY_REQUESTS));
    assert_false(channel_wants(&through->channel, WAY_REPLIES));
    assert_int_equal(channel_due(&through->channel, WAY_REQUESTS), INT64_MAX);
    assert_true(through_healed(through, LINK_CUT));
    assert_true(channel_wants(&through->channel, WAY_REQUESTS));
    passes(through, WAY_REQUESTS, SET);
}

static void half_a_cut(void **state)
{
    struct through *through = *state;
    assert_true(through_ordered(
        through, (struct link_order){.fault = LINK_CUT, .directions = LINK_REPLIES}));
    comes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REQUESTS, SET);
    assert_true(channel_wants(&through->channel, WAY_REQUESTS));
    assert_false(channel_wants(&through->channel, WAY_REPLIES));
}

static void the_end_is_cut_off_as_well(void **state)
{
    struct through *through = *state;
    assert_true(channel_end(&through->channel, WAY_REQUESTS, 0));
    through_ordered(through, (struct link_order){.fault = LINK_CUT, .directions = BOTH});
    assert_false(over(through, WAY_REQUESTS));
    through_healed(through, LINK_CUT);
    assert_true(over(through, WAY_REQUESTS));
}

static void delayed(struct through *through, int64_t by_ms, int64_t jitter_ms)
{
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_DELAY,
                                                             .directions = BOTH,
                                                             .by_ns = by_ms * MS,
                                                             .jitter_ns = jitter_ms * MS}));
}

static void a_delay_delays(void **state)
{
    struct through *through = *state;
    delayed(through, 5, 0);
    at(through, 100);
    comes(through, WAY_REQUESTS, SET);
    assert_int_equal(channel_due(&through->channel, WAY_REQUESTS), 105 * MS);
    at(through, 102);
    comes(through, WAY_REQUESTS, GET);
    assert_true(channel_end(&through->channel, WAY_REQUESTS, through->now_ns));
    passes(through, WAY_REQUESTS, "");
    at(through, 105);
    passes(through, WAY_REQUESTS, SET);
    assert_false(over(through, WAY_REQUESTS));
    at(through, 107);
    passes(through, WAY_REQUESTS, GET);
    assert_true(over(through, WAY_REQUESTS));
}

/* However the random numbers fall, nothing is overtaken. */
static void jitter_keeps_the_order(void **state)
{
    struct through *through = *state;
    delayed(through, 1, 50);
    for (int i = 0; i < 40; i++) {
        at(through, i);
        comes(through, WAY_REPLIES, i % 2 ? OK : VALUE);
    }
    char all[40 * 8] = "";
    while (channel_due(&through->channel, WAY_REPLIES) < INT64_MAX) {
        const char *bytes;
        through->now_ns = channel_due(&through->channel, WAY_REPLIES);
        size_t size = channel_ready(&through->channel, WAY_REPLIES, through->now_ns, &bytes);
        strncat(all, bytes, size);
        channel_passed(&through->channel, WAY_REPLIES, size);
    }
    for (int i = 0; i < 40; i += 2) {
        assert_memory_equal(all + i / 2 * 12, VALUE OK, 12);
    }
    assert_in_range(through->now_ns, 40 * MS, 90 * MS);
}

static void healing_sends_what_waits_on_its_way(void **state)
{
    struct through *through = *state;
    delayed(through, 1000, 0);
    comes(through, WAY_REQUESTS, SET);
    at(through, 10);
    passes(through, WAY_REQUESTS, "");
    assert_true(through_healed(through, LINK_DELAY));
    passes(through, WAY_REQUESTS, SET);
}

static void a_slow_link_takes_its_time(void **state)
{
    struct through *through = *state;
    assert_true(through_ordered(
        through,
        (struct link_order){.fault = LINK_SLOW, .directions = LINK_REPLIES, .bytes_per_s = 1000}));
    comes(through, WAY_REPLIES, VALUE OK); /* 7 bytes, 5 bytes */
    at(through, 6);
    passes(through, WAY_REPLIES, "");
    at(through, 7);
    passes(through, WAY_REPLIES, VALUE);
    at(through, 12);
    passes(through, WAY_REPLIES, OK);
    comes(through, WAY_REQUESTS, SET);
    passes(through, WAY_REQUESTS, SET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CHANNEL(whole_messages_pass_at_once),
        WITH_CHANNEL(parts_wait_for_the_rest),
        WITH_CHANNEL(receivers_take_as_much_as_they_can),
        WITH_CHANNEL(the_end_comes_last),
        WITH_CHANNEL(nobody_is_drowned),
        WITH_CHANNEL(the_deaf_get_nothing),
        WITH_CHANNEL(a_cut_is_a_black_hole),
        WITH_CHANNEL(half_a_cut),
        WITH_CHANNEL(the_end_is_cut_off_as_well),
        WITH_CHANNEL(a_delay_delays),
        WITH_CHANNEL(jitter_keeps_the_order),
        WITH_CHANNEL(healing_sends_what_waits_on_its_way),
        WITH_CHANNEL(a_slow_link_takes_its_time),
    };
    return cmocka_run_group_tests_name("relay: a channel", tests, NULL, NULL);
}
