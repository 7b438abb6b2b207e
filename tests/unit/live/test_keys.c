/* Keys from bytes, and speeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/live/keys.h"
#include "sim/live/pace.h"

/* The keys that the bytes are, and what is left open when nothing follows. */
static void expect_keys(const char *bytes, const int *expected, int quiet)
{
    struct keys keys = {0};
    for (; *bytes; bytes++) {
        int key = keys_feed(&keys, (unsigned char)*bytes);
        if (key != KEY_NONE) {
            assert_int_equal(key, *expected++);
        }
    }
    assert_int_equal(*expected, KEY_NONE);
    assert_int_equal(keys_quiet(&keys), quiet);
}

static void letters_are_themselves(void **unused)
{
    (void)unused;
    expect_keys("c3 ?\r\n", (int[]){'c', '3', ' ', '?', KEY_ENTER, KEY_ENTER, 0}, KEY_NONE);
    expect_keys("\x7f\x08\x01", (int[]){KEY_BACKSPACE, KEY_BACKSPACE, 0}, KEY_NONE);
    expect_keys("\xc3\xa9", (int[]){0}, KEY_NONE); /* é: no key of ours */
}

static void sequences_are_one_key(void **unused)
{
    (void)unused;
    expect_keys("\x1b[A\x1b[B\x1b[C\x1b[D", (int[]){KEY_UP, KEY_DOWN, KEY_RIGHT, KEY_LEFT, 0},
                KEY_NONE);
    expect_keys("\x1bOC\x1bOH", (int[]){KEY_RIGHT, KEY_HOME, 0}, KEY_NONE);
    expect_keys("\x1b[1~\x1b[4~\x1b[5~\x1b[6~q",
                (int[]){KEY_HOME, KEY_END, KEY_PAGE_UP, KEY_PAGE_DOWN, 'q', 0}, KEY_NONE);
    expect_keys("\x1b[1;2Cq", (int[]){KEY_RIGHT, 'q', 0}, KEY_NONE); /* with shift */
    expect_keys("\x1b[200~q", (int[]){'q', 0}, KEY_NONE);            /* none that we know */
}

static void escape_alone_is_known_by_the_silence_after_it(void **unused)
{
    (void)unused;
    expect_keys("\x1b", (int[]){0}, KEY_ESCAPE);
    expect_keys("\x1b\x1b[A", (int[]){KEY_ESCAPE, KEY_UP, 0}, KEY_NONE);
    expect_keys("\x1b[", (int[]){0}, KEY_NONE); /* half a sequence is nothing */
}

static void expect_pace(const char *text, uint32_t times, uint32_t in)
{
    struct pace pace;
    assert_true(pace_parse(text, &pace));
    assert_int_equal(pace.times, times);
    assert_int_equal(pace.in, in);
}

static void speeds_are_fractions(void **unused)
{
    (void)unused;
    struct pace pace;
    expect_pace("1/20", 1, 20);
    expect_pace("4", 4, 1);
    expect_pace("1/1000000", 1, 1000000);
    const char *bad[] = {"", "0", "1/0", "-1", "1/", "/2", "1.5", "2000", "1/2000000", "1/20x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(pace_parse(bad[i], &pace));
    }
}

static void expect_next(const char *from, const char *slower, const char *faster)
{
    struct pace pace;
    assert_true(pace_parse(from, &pace));
    assert_string_equal(pace_text(pace_slower(pace)).text, slower);
    assert_string_equal(pace_text(pace_faster(pace)).text, faster);
}

static void speeds_go_by_ones_twos_and_fives(void **unused)
{
    (void)unused;
    expect_next("1", "1/2", "2");
    expect_next("1/20", "1/50", "1/10");
    expect_next("1/30", "1/50", "1/20");
    expect_next("1/1000000", "1/1000000", "1/500000");
    expect_next("1000", "500", "1000");
}

static void a_slow_second_is_short(void **unused)
{
    (void)unused;
    assert_int_equal(pace_passes((struct pace){1, 20}, 1000000000), 50000000);
    assert_int_equal(pace_passes((struct pace){4, 1}, 50), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_themselves),
        cmocka_unit_test(sequences_are_one_key),
        cmocka_unit_test(escape_alone_is_known_by_the_silence_after_it),
        cmocka_unit_test(speeds_are_fractions),
        cmocka_unit_test(speeds_go_by_ones_twos_and_fives),
        cmocka_unit_test(a_slow_second_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
