/* The tap: what is put off by MULTI, and an answer that nobody wants. */
#include "tapped.h"

static void ask(struct tapped *tapped, const char *line)
{
    comes(&tapped->through, WAY_REQUESTS, line);
}

static void answer(struct tapped *tapped, const char *line)
{
    comes(&tapped->through, WAY_REPLIES, line);
    pass(tapped, line);
}

static void take(struct tapped *tapped)
{
    ask(tapped, TAKE);
    answer(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
}

/* What was put off is done with EXEC, and with DISCARD not at all. */
static void a_release_that_is_put_off(void **state)
{
    struct tapped *tapped = *state;
    take(tapped);
    ask(tapped, "MULTI\r\n" GIVE "DISCARD\r\n");
    expect("asked-MULTI@0 asked-DEL@0 asked-DISCARD@0");
    answer(tapped, OK "+QUEUED\r\n" OK);
    expect("told-MULTI-nothing-2@0 told-DISCARD-nothing-4@0");
    ask(tapped, "MULTI\r\n" GIVE);
    expect("asked-MULTI@0 asked-DEL@0");
    ask(tapped, "EXEC\r\n");
    expect("asked-EXEC@0 doubts@0");
    answer(tapped, OK "+QUEUED\r\n*1\r\n:1\r\n");
    expect("told-MULTI-nothing-5@0 told-DEL-released-6@0 told-EXEC-nothing-7@0");
}

/* Whether it got the lock, nobody can tell. */
static void an_answer_that_it_does_not_want(void **state)
{
    struct tapped *tapped = *state;
    ask(tapped, "CLIENT REPLY SKIP\r\n");
    expect("asked-CLIENT@0");
    ask(tapped, TAKE);
    expect("asked-SET@0 obscure@0");
    ask(tapped, "CLIENT REPLY OFF\r\n" GIVE "PING\r\n");
    expect("asked-CLIENT@0 asked-DEL@0 asked-PING@0");
}

/* It may have given the lock back so, or taken it over. */
static void another_value_is_written_over_the_lock(void **state)
{
    struct tapped *tapped = *state;
    take(tapped);
    ask(tapped, "SET k me XX PX 1000\r\n");
    answer(tapped, OK);
    expect("asked-SET@0 told-SET-kept-2@0");
    ask(tapped, "SET k gone XX PX 1000\r\n");
    answer(tapped, "$-1\r\n");
    expect("asked-SET@0 told-SET-lost-3@0");
    ask(tapped, "SET k gone XX PX 1000\r\n");
    answer(tapped, OK);
    expect("asked-SET@0 told-SET-kept-4@0 lost@0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TAPPED(a_release_that_is_put_off),
        TAPPED(an_answer_that_it_does_not_want),
        TAPPED(another_value_is_written_over_the_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
