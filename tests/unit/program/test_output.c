/* Lines of a program's output, and the end of its log, in whatever portions they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/program/output.h"

/* All lines of a text that comes in portions of `size` bytes, with "|" behind each. */
static void lines_of(const char *text, size_t size, char out[256])
{
    struct line_reader reader = {.length = 0};
    size_t left = strlen(text);
    out[0] = '\0';
    while (left > 0) {
        size_t portion = left < size ? left : size;
        for (size_t taken = 0; taken < portion;) {
            bool whole;
            taken += line_take(&reader, text + taken, portion - taken, &whole);
            if (whole) {
                size_t used = strlen(out);
                snprintf(out + used, 256 - used, "%s%s|", reader.bytes, reader.overlong ? "!" : "");
            }
        }
        text += portion;
        left -= portion;
    }
}

static void lines_are_whole_however_they_come(void **state)
{
    (void)state;
    char out[256];
    for (size_t size = 1; size < 12; size++) {
        lines_of("one\n\nthree and\nrest", size, out);
        assert_string_equal(out, "one||three and|");
    }
}

static void a_line_that_is_too_long_ends_all_the_same(void **state)
{
    (void)state;
    static struct line_reader reader;
    static char text[3 * LINE_BYTES];
    bool whole;
    memset(text, 'x', sizeof text);
    assert_int_equal(line_take(&reader, text, LINE_BYTES - 1, &whole), LINE_BYTES - 1);
    assert_false(whole || reader.overlong);
    assert_int_equal(line_take(&reader, text, sizeof text, &whole), sizeof text);
    assert_true(whole && reader.overlong); /* told at once, and once */
    assert_int_equal(strlen(reader.bytes), LINE_BYTES - 1);
    assert_int_equal(line_take(&reader, text, sizeof text, &whole), sizeof text);
    assert_false(whole);
    assert_int_equal(line_take(&reader, "y\nz", 3, &whole), 2);
    assert_false(whole);
    assert_int_equal(line_take(&reader, "z\n", 2, &whole), 2);
    assert_true(whole && !reader.overlong);
    assert_string_equal(reader.bytes, "z");
}

static void the_log_keeps_its_end(void **state)
{
    (void)state;
    static struct log_tail tail;
    char out[64];
    assert_string_equal(log_last(&tail, 3, out, sizeof out), "");
    log_take(&tail, "\n\n", 2);
    assert_string_equal(log_last(&tail, 3, out, sizeof out), "");
    for (int i = 0; i < 3000; i++) {
        char line[16];
        int length = snprintf(line, sizeof line, "%d\n", i);
        log_take(&tail, line, (size_t)length);
    }
    assert_string_equal(log_last(&tail, 3, out, sizeof out), "2997 | 2998 | 2999");
    assert_string_equal(log_last(&tail, 1, out, sizeof out), "2999");
    assert_int_equal(tail.length, sizeof tail.bytes);
}

static void the_log_is_clean_whatever_was_written(void **state)
{
    (void)state;
    static struct log_tail tail;
    static char large[2 * LINE_BYTES];
    char out[32];
    memset(large, '\n', sizeof large);
    memcpy(large + sizeof large - 12, "\x1b[31ma\0b\xff\nc", 12);
    log_take(&tail, large, sizeof large);
    assert_string_equal(log_last(&tail, 2, out, sizeof out), " [31ma b? | c");
    memset(large, '\n', sizeof large);
    log_take(&tail, large, LINE_BYTES);
    assert_string_equal(log_last(&tail, 100000, out, sizeof out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_whole_however_they_come),
        cmocka_unit_test(a_line_that_is_too_long_ends_all_the_same),
        cmocka_unit_test(the_log_keeps_its_end),
        cmocka_unit_test(the_log_is_clean_whatever_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
