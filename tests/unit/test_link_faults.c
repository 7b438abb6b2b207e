/* The faults of a link: what is put in force, what it does to messages, and how it heals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/host/link_faults.h"

#define MS INT64_C(1000000)
#define BOTH (LINK_REQUESTS | LINK_REPLIES)

static struct link_faults fresh(void)
{
    struct link_faults link_faults;
    link_faults_init(&link_faults, 1, 3);
    return link_faults;
}

static bool order(struct link_faults *link_faults, enum link_fault what, unsigned directions)
{
    return link_faults_order(link_faults,
                             &(struct link_order){.fault = (uint8_t)what,
                                                  .directions = (uint8_t)directions,
                                                  .by_ns = 5 * MS,
                                                  .jitter_ns = 2 * MS,
                                                  .bytes_per_s = 1000},
                             0);
}

/* Calls off what lies in wait. */
static bool heal(struct link_faults *link_faults, enum link_fault what)
{
    struct link_order undo = {.fault = LINK_HEAL, .undo = (uint8_t)what};
    return link_faults_order(link_faults, &undo, 0);
}

static int64_t held_for(struct link_faults *link_faults, enum way way, size_t size, int64_t now_ns)
{
    struct hold hold = link_faults_hold(link_faults, way, size, now_ns);
    return hold_ends(&hold) - now_ns;
}

static void a_sound_link_holds_nothing_up(void **state)
{
    struct link_faults link_faults = fresh();
    (void)state;
    assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 1000, 7 * MS), 0);
    assert_int_equal(held_for(&link_faults, WAY_REPLIES, 0, 7 * MS), 0);
}

static void an_order_says_how_it_is_from_now_on(void **state)
{
    struct link_faults link_faults = fresh();
    (void)state;
    for (unsigned directions = 0; directions <= BOTH; directions++) {
        assert_true(order(&link_faults, LINK_CUT, directions));
        assert_true(order(&link_faults, LINK_CUT, directions));
        assert_int_equal(link_faults.cut, directions);
    }
    assert_true(order(&link_faults, LINK_SLOW, BOTH));
    struct link_order fast = {.fault = LINK_SLOW, .directions = LINK_REQUESTS};
    assert_true(link_faults_order(&link_faults, &fast, 0));
    assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 10, 0), 0);
    assert_int_equal(held_for(&link_faults, WAY_REPLIES, 10, 0), 10 * MS);
    assert_true(order(&link_faults, LINK_DELAY, BOTH));
    struct link_order prompt = {.fault = LINK_DELAY, .directions = BOTH};
    assert_true(link_faults_order(&link_faults, &prompt, 0));
    assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 10, 0), 0);
}

static void a_delay_lies_within_its_jitter(void **state)
{
    struct link_faults link_faults = fresh();
    int64_t least = INT64_MAX, most = 0;
    (void)state;
    assert_true(order(&link_faults, LINK_DELAY, LINK_REPLIES));
    for (int i = 0; i < 10000; i++) {
        int64_t held = held_for(&link_faults, WAY_REPLIES, 10, i * MS);
        least = held < least ? held : least;
        most = held > most ? held : most;
        assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 10, i * MS), 0);
    }
    assert_in_range(least, 5 * MS, 5 * MS + MS / 50);
    assert_in_range(most, 7 * MS - MS / 50, 7 * MS);
}

static void each_link_has_dice_of_its_own(void **state)
{
    struct link_faults one, same, other;
    int differ = 0;
    (void)state;
    link_faults_init(&one, 42, 3);
    link_faults_init(&same, 42, 3);
    link_faults_init(&other, 42, 4);
    order(&one, LINK_DELAY, BOTH);
    order(&same, LINK_DELAY, BOTH);
    order(&other, LINK_DELAY, BOTH);
    for (int i = 0; i < 100; i++) {
        int64_t held = held_for(&one, WAY_REQUESTS, 1, 0);
        assert_int_equal(held_for(&same, WAY_REQUESTS, 1, 0), held);
        differ += held_for(&other, WAY_REQUESTS, 1, 0) != held;
    }
    assert_true(differ > 90);
}

/* 1,000 bytes a second: a byte takes a millisecond, and messages queue for the line. */
static void a_slow_line_sends_one_after_the_other(void **state)
{
    struct link_faults link_faults = fresh();
    (void)state;
    assert_true(order(&link_faults, LINK_SLOW, BOTH));
    assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 100, 0), 100 * MS);
    assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 50, 10 * MS), 140 * MS);
    assert_int_equal(held_for(&link_faults, WAY_REPLIES, 20, 10 * MS), 20 * MS);
    assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 1, 500 * MS), 1 * MS);
    struct link_order fast = {.fault = LINK_SLOW, .directions = BOTH};
    assert_true(link_faults_order(&link_faults, &fast, 500 * MS));
    assert_true(order(&link_faults, LINK_SLOW, BOTH));
    assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 1, 500 * MS), 1 * MS);
}

/* Half of 100 bytes are left when the rate changes; a message behind it waits for them. */
static void what_is_left_goes_out_at_the_new_rate(void **state)
{
    static const struct {
        int64_t rate, first_ms, second_ms;
    } cases[] = {{2000, 75, 100}, {500, 150, 250}, {1000, 100, 150}, {0, 50, 50}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct link_faults link_faults = fresh();
        struct link_order other = {
            .fault = LINK_SLOW, .directions = BOTH, .bytes_per_s = cases[i].rate};
        order(&link_faults, LINK_SLOW, BOTH);
        struct hold gone = link_faults_hold(&link_faults, WAY_REPLIES, 20, 0);
        struct hold first = link_faults_hold(&link_faults, WAY_REQUESTS, 100, 0);
        struct hold second = link_faults_hold(&link_faults, WAY_REQUESTS, 50, 10 * MS);
        struct link_faults before = link_faults;
        assert_true(link_faults_order(&link_faults, &other, 50 * MS));
        assert_false(hold_follow(&gone, WAY_REPLIES, &other, &before, 50 * MS));
        assert_int_equal(hold_ends(&gone), 20 * MS);
        hold_follow(&first, WAY_REQUESTS, &other, &before, 50 * MS);
        hold_follow(&second, WAY_REQUESTS, &other, &before, 50 * MS);
        assert_int_equal(hold_ends(&first), cases[i].first_ms * MS);
        assert_int_equal(hold_ends(&second), cases[i].second_ms * MS);
        if (cases[i].rate > 0) { /* and the next one behind both */
            int64_t free_ns = cases[i].second_ms * MS;
            assert_int_equal(held_for(&link_faults, WAY_REQUESTS, 1, 50 * MS),
                             free_ns + 1000 * MS / cases[i].rate - 50 * MS);
        }
    }
}

/* Sent slowly, and then long under way; and late on top of that. */
static void troubles_add_up(void **state)
{
    struct link_faults link_faults = fresh();
    struct link_order slow = {.fault = LINK_SLOW, .directions = BOTH};
    struct link_order less = {.fault = LINK_DELAY, .directions = BOTH, .by_ns = 10 * MS};
    struct link_order delay = {.fault = LINK_DELAY, .directions = BOTH};
    struct link_order late = {.fault = LINK_HEAL, .undo = LINK_LATE};
    const int64_t now = 1000 * MS;
    (void)state;
    link_faults_order(
        &link_faults,
        &(struct link_order){.fault = LINK_DELAY, .directions = BOTH, .by_ns = 30 * MS}, now);
    order(&link_faults, LINK_SLOW, BOTH);
    struct hold hold = link_faults_hold(&link_faults, WAY_REQUESTS, 100, now);
    assert_int_equal(hold_ends(&hold), 1130 * MS);
    hold.until_ns = 2000 * MS;
    assert_int_equal(hold_ends(&hold), 2000 * MS);

    assert_true(hold_follow(&hold, WAY_REQUESTS, &late, &link_faults, now));
    assert_int_equal(hold_ends(&hold), 1130 * MS);
    assert_true(hold_follow(&hold, WAY_REQUESTS, &slow, &link_faults, now));
    assert_int_equal(hold_ends(&hold), 1030 * MS);
    assert_true(hold_follow(&hold, WAY_REQUESTS, &less, &link_faults, now));
    assert_int_equal(hold_ends(&hold), 1010 * MS);
    assert_true(hold_follow(&hold, WAY_REQUESTS, &delay, &link_faults, now));
    assert_int_equal(hold_ends(&hold), 1000 * MS);
    assert_false(hold_follow(&hold, WAY_REQUESTS, &delay, &link_faults, now));
}

static void a_direction_is_left_alone(void **state)
{
    struct link_faults link_faults = fresh();
    struct link_order replies = {.fault = LINK_DELAY, .directions = LINK_REPLIES};
    (void)state;
    order(&link_faults, LINK_DELAY, BOTH);
    struct hold hold = link_faults_hold(&link_faults, WAY_REQUESTS, 1, 0);
    assert_false(hold_follow(&hold, WAY_REQUESTS, &replies, &link_faults, 0));
    assert_true(hold_ends(&hold) >= 5 * MS);
}

static void one_thing_lies_in_wait(void **state)
{
    static const enum link_fault once[] = {LINK_LATE, LINK_LOSE_REPLY, LINK_RESET};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct link_faults link_faults = fresh();
        assert_true(order(&link_faults, once[i], 0));
        for (size_t j = 0; j < 3; j++) {
            assert_false(order(&link_faults, once[j], 0));
            assert_true(heal(&link_faults, once[j]) == (i == j));
            assert_true(i != j || order(&link_faults, once[i], 0));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_link_holds_nothing_up),
        cmocka_unit_test(an_order_says_how_it_is_from_now_on),
        cmocka_unit_test(a_delay_lies_within_its_jitter),
        cmocka_unit_test(each_link_has_dice_of_its_own),
        cmocka_unit_test(a_slow_line_sends_one_after_the_other),
        cmocka_unit_test(what_is_left_goes_out_at_the_new_rate),
        cmocka_unit_test(troubles_add_up),
        cmocka_unit_test(a_direction_is_left_alone),
        cmocka_unit_test(one_thing_lies_in_wait),
    };
    return cmocka_run_group_tests_name("troubles of a link", tests, NULL, NULL);
}
