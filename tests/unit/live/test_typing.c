/* Orders by hand as they are typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/live/keys.h"
#include "sim/live/typing.h"

/* Types keys that are all part of one order, among members from `first` to `last`. */
static enum typed type(const char *keys, uint16_t first, uint16_t last, struct hand_order *order,
                       struct typing *typing)
{
    enum typed typed = TYPED_NOTHING;
    *typing = (struct typing){0};
    for (; *keys; keys++) {
        typed = typing_key(typing, *keys, first, last, order);
        if (keys[1]) {
            assert_int_equal(typed, TYPED_PART);
        }
    }
    return typed;
}

static void expect_order(const char *keys, uint16_t last, enum hand what, uint16_t id)
{
    struct hand_order order;
    struct typing typing;
    assert_int_equal(type(keys, 0, last, &order, &typing), TYPED_ORDER);
    assert_int_equal(order.what, what);
    assert_int_equal(order.id, id);
    assert_int_equal(typing.letter, 0);
}

static void a_letter_and_a_number_are_an_order(void **unused)
{
    (void)unused;
    expect_order("c3", 5, HAND_CRASH, 3);
    expect_order("p0", 5, HAND_PAUSE, 0);
    expect_order("xm", 5, HAND_CUT, 0);
    expect_order("f5", 9, HAND_FLIP, 5);
    expect_order("e", 5, HAND_EXPIRE, 0);
    expect_order("h", 5, HAND_HEAL, 0);
}

static void a_number_ends_when_no_digit_can_follow(void **unused)
{
    (void)unused;
    expect_order("c12", 20, HAND_CRASH, 12);
    expect_order("c3", 29, HAND_CRASH, 3); /* there is no 30 */
    expect_order("c2\n", 29, HAND_CRASH, 2);
    expect_order("c123", 999, HAND_CRASH, 123);
    expect_order("c1\x7f"
                 "4",
                 20, HAND_CRASH, 4);
}

static void who_is_not_there_is_no_order(void **unused)
{
    (void)unused;
    struct hand_order order;
    struct typing typing;
    assert_int_equal(type("c7", 0, 5, &order, &typing), TYPED_WRONG);
    assert_int_equal(type("c0", 1, 5, &order, &typing), TYPED_WRONG); /* there is no master */
    assert_int_equal(typing.letter, 0);
}

static void other_keys_call_it_off(void **unused)
{
    (void)unused;
    struct hand_order order;
    struct typing typing = {0};
    assert_int_equal(typing_key(&typing, 'q', 0, 5, &order), TYPED_NOTHING);
    assert_int_equal(typing_key(&typing, 'c', 0, 5, &order), TYPED_PART);
    assert_int_equal(typing_key(&typing, KEY_ESCAPE, 0, 5, &order), TYPED_NOTHING);
    assert_int_equal(typing.letter, 0);
    assert_int_equal(type("cp2", 0, 5, &order, &typing), TYPED_ORDER); /* rather this one */
    assert_int_equal(order.what, HAND_PAUSE);
    assert_int_equal(type("ch", 0, 5, &order, &typing), TYPED_ORDER);
    assert_int_equal(order.what, HAND_HEAL);
}

static void it_is_asked_for_what_is_missing(void **unused)
{
    (void)unused;
    struct hand_order order;
    struct typing typing;
    char text[100];
    type("c", 0, 5, &order, &typing);
    assert_string_equal(typing_text(&typing, 0, 5, text, sizeof text),
                        "crash whom? 0 the master, 1 to 5; Esc: nobody");
    type("x", 1, 12, &order, &typing);
    assert_string_equal(typing_text(&typing, 1, 12, text, sizeof text),
                        "cut off whom? 1 to 12; Esc: nobody");
    type("x1", 1, 12, &order, &typing);
    assert_string_equal(typing_text(&typing, 1, 12, text, sizeof text),
                        "cut off node 1? Enter, or one more digit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_and_a_number_are_an_order),
        cmocka_unit_test(a_number_ends_when_no_digit_can_follow),
        cmocka_unit_test(who_is_not_there_is_no_order),
        cmocka_unit_test(other_keys_call_it_off),
        cmocka_unit_test(it_is_asked_for_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
