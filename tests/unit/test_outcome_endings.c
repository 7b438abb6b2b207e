/* How elections end: published, withdrawn, superseded, censored or never, and since when they were
 * waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/outcomes.h"

/* The outcome of a story whose scenario wants an election within 200 ms, and all settled within
 * 300 ms. The story is freed. */
static struct outcome bounded(struct tale *s)
{
    struct scenario scenario = {
        .name = "story",
        .expect = {.elect = {.ns[BOUND_P50] = 100 * MS, .ns[BOUND_MAX] = 200 * MS},
                   .settle = {.ns[BOUND_P90] = 300 * MS}}};
    struct outcome outcome;
    assert_true(outcome_derive(&scenario, &s->history, &outcome));
    tale_free(s);
    return outcome;
}

#define expect_ending(outcome, n, ended_, since_ms, until_ms)                                      \
    do {                                                                                           \
        assert_true((n) <= (outcome).election_count);                                              \
        const struct election *e = &(outcome).elections[(n)-1];                                    \
        assert_string_equal(ending_names[e->ended], (ended_));                                     \
        assert_int_equal(e->since_ns, (since_ms)*MS);                                              \
        assert_int_equal(e->until_ns, (until_ms)*MS);                                              \
    } while (0)

static void a_result_is_published_and_settles(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    ends(s);
    struct outcome o = bounded(s);
    expect_ending(o, 1, "published", 0, 50);
    assert_false(o.elections[0].unsettled);
    assert_int_equal(o.elections[0].settled_ns, 50 * MS);
    outcome_free(&o);
}

/* A crash that nobody answers: whether it was never, depends on how long it was waited for. */
static void nothing_is_published_until_the_end(void **state)
{
    (void)state;
    static const struct {
        int64_t end_ms;
        const char *ended;
        bool unsettled;
    } cases[] = {{299, "censored", false},
                 {300, "never", false},
                 {399, "never", false},
                 {400, "never", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tale *s = settled_cluster();
        dies(s, 1); /* at 100 ms */
        at(s, (double)cases[i].end_ms);
        ends(s);
        struct outcome o = bounded(s);
        expect_ending(o, 2, cases[i].ended, 100, cases[i].end_ms);
        assert_int_equal(o.elections[1].unsettled, cases[i].unsettled);
        outcome_free(&o);
    }
}

static void an_election_that_becomes_needless_is_withdrawn(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    is_flipped(s, 0, STATUS_SUBMIT); /* rightful 0 */
    at(s, 900);
    is_flipped(s, 0, STATUS_PREPARE); /* rightful 1, as published */
    ends(s);
    struct outcome o = bounded(s);
    expect_ending(o, 2, "withdrawn", 100, 900);
    assert_false(o.elections[1].unsettled);
    outcome_free(&o);
}

static void an_election_that_nobody_can_win_is_withdrawn(void **state)
{
    (void)state;
    struct tale *s = tale_new(1);
    runs(s, 1);
    at(s, 10);
    dies(s, 1);
    at(s, 900);
    ends(s);
    struct outcome o = bounded(s);
    assert_int_equal(o.election_count, 1);
    expect_ending(o, 1, "withdrawn", 0, 10);
    outcome_free(&o);
}

static void a_superseded_clock_runs_on(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* 100 ms: rightful 2 */
    at(s, 150);
    is_flipped(s, 3, STATUS_SUBMIT); /* rightful 3 */
    at(s, 190);
    is_flipped(s, 2, STATUS_SUBMIT); /* rightful 2 */
    at(s, 250);
    elects(s, 0, 2, 2, 2);
    ends(s);
    struct outcome o = bounded(s);
    assert_int_equal(o.election_count, 4);
    expect_ending(o, 2, "superseded", 100, 150);
    expect_ending(o, 3, "superseded", 100, 190);
    assert_string_equal(ending_names[o.elections[3].ended], "published");
    assert_int_equal(o.elections[3].due_ns, 190 * MS);
    assert_int_equal(o.elections[3].since_ns, 100 * MS);
    outcome_free(&o);
}

static void the_clock_starts_anew_behind_what_was_published_late(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* 100 ms: rightful 2 */
    at(s, 110);
    has_read(s, 0);
    decides(s, 0, 2, 3);
    at(s, 150);
    is_flipped(s, 3, STATUS_SUBMIT); /* supersedes it: rightful 3 */
    has_published(s, 0, 2, 3, 2);    /* but its result comes all the same */
    at(s, 500);
    ends(s);
    struct outcome o = bounded(s);
    assert_int_equal(o.election_count, 3);
    expect_ending(o, 2, "published", 100, 500);
    assert_true(o.elections[1].unsettled);
    expect_ending(o, 3, "never", 150, 500);
    outcome_free(&o);
}

static void what_is_replaced_has_no_more_chance_to_settle(void **state)
{
    (void)state;
    struct tale *s = settled_cluster();
    dies(s, 1); /* 100 ms: rightful 2 */
    elects(s, 0, 2, 3, 2);
    at(s, 200);
    is_flipped(s, 3, STATUS_SUBMIT);
    elects(s, 0, 3, 2, 3);
    int64_t replaced_ns = s->now_ns;
    at(s, 900);
    ends(s);
    struct outcome o = bounded(s);
    assert_int_equal(o.election_count, 3);
    assert_int_equal(o.elections[1].until_ns, replaced_ns);
    assert_false(o.elections[1].unsettled); /* who knows, after 100 ms */
    assert_true(o.elections[2].unsettled);  /* nobody ever followed */
    outcome_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_is_published_and_settles),
        cmocka_unit_test(nothing_is_published_until_the_end),
        cmocka_unit_test(an_election_that_becomes_needless_is_withdrawn),
        cmocka_unit_test(an_election_that_nobody_can_win_is_withdrawn),
        cmocka_unit_test(a_superseded_clock_runs_on),
        cmocka_unit_test(the_clock_starts_anew_behind_what_was_published_late),
        cmocka_unit_test(what_is_replaced_has_no_more_chance_to_settle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
