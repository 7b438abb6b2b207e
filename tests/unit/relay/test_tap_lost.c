/* The tap: what becomes of what is lost, comes late, or comes to who is stopped, dead or gone. */
#include "tapped.h"

#include <stdio.h>

/* What comes to it while it is stopped it reads when it goes on. */
static void who_is_stopped_reads_later(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    expect("asked-SET@0");
    stopped = true;
    at(through, 2);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("");
    stopped = false;
    at(through, 900);
    pass(tapped, "");
    expect("told-SET-took-1@900 believes@900");
}

/* What it had sent is told of; what comes for it is not. */
static void who_is_dead_reads_nothing(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    tap_died(tapped->tap);
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    tap_closed(tapped->tap, through->now_ns);
    expect("asked-SET@0");
}

/* The kernel closes the connections of one who is killed before the driver can say that it died:
 * that is no end of its belief of its own accord. */
static void who_is_killed_has_closed_nothing(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    stopped = true;
    tap_closed(tapped->tap, through->now_ns);
    stopped = false;
    tap_died(tapped->tap);
    tap_closed(tapped->tap, through->now_ns);
    expect("");
}

/* A connection that the Redis closes is not closed by it: it believes on, until it asks anew. */
static void who_loses_its_connection_believes_on(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    tap_cut(tapped->tap);
    expect("");
    at(through, 3);
    comes(through, WAY_REQUESTS, TAKE);
    expect("asked-SET@3 doubts@3");
}

static void a_lost_answer_gives_no_belief(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY, .count = 1}));
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, "");
    assert_false(belief_holds(&tapped->belief));
    expect("asked-SET@0");
    comes(through, WAY_REQUESTS, GIVE);
    expect("asked-DEL@0");
}

/* What a server pushes meanwhile is not the answer that is to be lost. */
static void a_push_is_not_the_answer(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY, .count = 1}));
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, ">1\r\n+invalidate\r\n" OK);
    pass(tapped, ">1\r\n+invalidate\r\n");
    assert_false(belief_holds(&tapped->belief));
}

static void a_lost_request_was_sent(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_LOSE, .count = 1}));
    comes(through, WAY_REQUESTS, TAKE);
    passes(through, WAY_REQUESTS, "");
    at(through, 3);
    comes(through, WAY_REQUESTS, GIVE);
    passes(through, WAY_REQUESTS, "");
    expect("asked-SET@0 asked-DEL@3");
}

/* It gives the lock back in a cut: that it does so is known at once. */
static void a_cut_is_heard_through(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    passes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_CUT, .directions = BOTH}));
    assert_true(channel_wants(&through->channel, WAY_REQUESTS));
    at(through, 4);
    comes(through, WAY_REQUESTS, GIVE);
    passes(through, WAY_REQUESTS, "");
    expect("asked-DEL@4 doubts@4");
    assert_true(through_healed(through, LINK_CUT));
    passes(through, WAY_REQUESTS, GIVE);
}

static void closing_ends_it(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    tap_closed(tapped->tap, 9 * MS);
    tap_closed(tapped->tap, 10 * MS);
    expect("doubts@9");
}

/* It has waited long enough: the OK that is passed on to nobody tells it nothing. */
static void who_has_closed_reads_no_answer(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE GET);
    comes(through, WAY_REPLIES, OK);
    at(through, 3);
    tap_closed(tapped->tap, through->now_ns);
    pass(tapped, OK);
    at(through, 6);
    comes(through, WAY_REPLIES, VALUE);
    pass(tapped, VALUE);
    expect("asked-SET@0 asked-GET@0");
    assert_false(belief_holds(&tapped->belief));
}

/* A release that is sent behind the request is no less sent if its answer comes later. */
static void what_is_given_back_early_is_not_believed(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE GIVE);
    comes(through, WAY_REPLIES, OK NUMBER_1);
    pass(tapped, OK NUMBER_1);
    expect("asked-SET@0 asked-DEL@0 told-SET-took-1@0 told-DEL-released-2@0");
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-3@0 believes@0");
}

/* Nor if it is lost with what it came behind, in the same portion. */
static void what_follows_a_lost_request_was_sent(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_LOSE, .count = 1}));
    comes(through, WAY_REQUESTS, GET GIVE);
    expect("asked-GET@0 asked-DEL@0 doubts@0");
    passes(through, WAY_REQUESTS, TAKE);
}

/* An OK that nobody can tell whose it is may be the lock's: so it is told to be missed. */
static void a_forgotten_answer_is_missed(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, GET TAKE);
    for (int i = 0; i < TALK_OPEN; i++) {
        comes(through, WAY_REQUESTS, "PING\n");
        forget();
    }
    comes(through, WAY_REPLIES, VALUE OK);
    pass(tapped, VALUE OK);
    expect("lost@0 forgotten@0 lost@0 forgotten@0");
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("told-PING-nothing-3@0");
}

static void what_is_beyond_in_a_transaction_is_missed(void **state)
{
    char list[32];
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    for (int locks = 0; locks < 2; locks++) {
        comes(through, WAY_REQUESTS, "MULTI\n");
        comes(through, WAY_REPLIES, OK);
        for (unsigned i = 0; i < PAIRS_QUEUED; i++) {
            comes(through, WAY_REQUESTS, "PING\n");
            comes(through, WAY_REPLIES, "+QUEUED\r\n");
        }
        comes(through, WAY_REQUESTS, locks ? "SETNX k me\nEXEC\n" : "PING\nEXEC\n");
        snprintf(list, sizeof list, "+QUEUED\r\n*%d\r\n", PAIRS_QUEUED + 1);
        comes(through, WAY_REPLIES, list);
        for (unsigned i = 0; i < PAIRS_QUEUED + 1; i++) {
            comes(through, WAY_REPLIES, NUMBER_1);
        }
        forget();
        tap_passed(tapped->tap, through->channel.flows[WAY_REPLIES].queued, 0);
        assert_int_equal(told_of("lost"), locks);
    }
}

/* What came after it was told already, as of a database where it is not. */
static void a_select_that_is_refused_too_late_is_told(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, "SELECT 99\nFLUSHDB\n");
    forget();
    comes(through, WAY_REPLIES, "-ERR DB index is out of range\r\n" OK);
    expect("lost@0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TAPPED(who_is_stopped_reads_later),
        TAPPED(who_is_dead_reads_nothing),
        TAPPED(who_is_killed_has_closed_nothing),
        TAPPED(who_loses_its_connection_believes_on),
        TAPPED(a_lost_answer_gives_no_belief),
        TAPPED(a_push_is_not_the_answer),
        TAPPED(a_lost_request_was_sent),
        TAPPED(a_cut_is_heard_through),
        TAPPED(closing_ends_it),
        TAPPED(who_has_closed_reads_no_answer),
        TAPPED(what_is_given_back_early_is_not_believed),
        TAPPED(what_follows_a_lost_request_was_sent),
        TAPPED(a_forgotten_answer_is_missed),
        TAPPED(what_is_beyond_in_a_transaction_is_missed),
        TAPPED(a_select_that_is_refused_too_late_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
