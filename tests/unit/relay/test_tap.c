/* The tap: what the witness is told of a stranger's connection, and when. */
#include "tapped.h"

static void an_answer_counts_when_it_is_passed_on(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    at(through, 1);
    comes(through, WAY_REQUESTS, TAKE);
    at(through, 2);
    comes(through, WAY_REPLIES, OK);
    expect("asked-SET@1");
    at(through, 5);
    pass(tapped, OK);
    expect("told-SET-took-1@5 believes@5");
    at(through, 6);
    comes(through, WAY_REQUESTS, GIVE);
    expect("asked-DEL@6 doubts@6");
    at(through, 7);
    comes(through, WAY_REPLIES, NUMBER_1);
    pass(tapped, NUMBER_1);
    expect("told-DEL-released-2@7");
}

static void a_transaction_counts_as_a_whole(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, "MULTI\nSETNX k me\nEXPIRE k 10\nEXEC\n");
    comes(through, WAY_REPLIES, OK "+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n");
    expect("asked-MULTI@0 asked-SETNX@0 asked-EXPIRE@0 asked-EXEC@0");
    pass(tapped, OK "+QUEUED\r\n+QUEUED\r\n");
    expect("told-MULTI-nothing-1@0");
    comes(through, WAY_REPLIES, ":1\r\n");
    pass(tapped, "*2\r\n:1\r\n:1\r\n");
    expect("told-SETNX-took-2@0 believes@0 told-EXPIRE-kept-3@0 told-EXEC-nothing-4@0");
}

static void what_cannot_be_followed_is_told_once(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REPLIES, OK);
    comes(through, WAY_REPLIES, OK);
    comes(through, WAY_REQUESTS, TAKE);
    pass(tapped, OK OK);
    expect("lost@0 asked-SET@0");
}

/* More answers under way than there was room for at first. */
static void many_answers_under_way(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    for (int i = 0; i < 100; i++) {
        comes(through, WAY_REQUESTS, GET);
        comes(through, WAY_REPLIES, VALUE);
        forget();
    }
    assert_int_equal(tapped->tap->count, 100);
    tap_passed(tapped->tap, 1, 0);
    expect("told-GET-saw-1@0");
    for (uint64_t passed = 2; passed < 100; passed++) {
        tap_passed(tapped->tap, passed, 0);
        forget();
    }
    tap_passed(tapped->tap, 100, 0);
    expect("told-GET-saw-100@0");
    assert_int_equal(tapped->tap->count, 0);
}

static void it_stands_where_it_is_told_to(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    stand_at[WITNESS_BEFORE] = "DEL";
    comes(through, WAY_REQUESTS, TAKE);
    assert_false(tapped->standing.stands);
    stand_at[WITNESS_APPLIED] = "SET";
    comes(through, WAY_REPLIES, OK);
    assert_true(tapped->standing.stands && !tapped->tap->before);
    tapped->standing.stands = false;
    stand_at[WITNESS_AFTER] = "SET";
    pass(tapped, OK);
    assert_true(tapped->standing.stands && !tapped->tap->before);
    tapped->standing.stands = false;
    comes(through, WAY_REQUESTS, GIVE);
    assert_true(tapped->standing.stands && tapped->tap->before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TAPPED(an_answer_counts_when_it_is_passed_on), TAPPED(a_transaction_counts_as_a_whole),
        TAPPED(what_cannot_be_followed_is_told_once),  TAPPED(many_answers_under_way),
        TAPPED(it_stands_where_it_is_told_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
