/* Foreign text is made harmless, and what is harmless stays as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/text/clean.h"

static const char *clean(const char *text)
{
    static char out[256];
    return clean_text(text, out, sizeof out);
}

static void good_text_stays(void **state)
{
    (void)state;
    assert_string_equal(clean(""), "");
    assert_string_equal(clean("the-leader-crashes: 5 nodes, \"quoted\" & <so> 'on' \\ ="),
                        "the-leader-crashes: 5 nodes, \"quoted\" & <so> 'on' \\ =");
    assert_string_equal(clean("Zürich, Łódź, 東京, עברית, 👍, a\xcc\x81"),
                        "Zürich, Łódź, 東京, עברית, 👍, a\xcc\x81");
}

static void what_moves_or_hides_is_a_blank(void **state)
{
    (void)state;
    assert_string_equal(clean("a\nok: no promise was broken\r\n\tb"),
                        "a ok: no promise was broken   b");
    assert_string_equal(clean("\x1b[2J\x1b]0;title\a\x7f\b"), " [2J ]0;title   ");
    assert_string_equal(clean("a\xc2\x9b"
                              "31mb\xc2\x85"),
                        "a 31mb ");                                   /* C1 */
    assert_string_equal(clean("a\xe2\x80\xa8\xe2\x80\xa9z"), "a  z"); /* line separators */
    assert_string_equal(clean("a\xe2\x80\xae\xe2\x81\xa6z"), "a  z"); /* override, isolate */
    assert_string_equal(clean("a\xe2\x80\x8f\xd8\x9c\xe2\x80\x8ez"), "a   z"); /* bidi marks */
    assert_string_equal(clean("a\xe2\x80\x8b\xc2\xad\xef\xbb\xbfz"), "a   z"); /* no width */
    assert_string_equal(clean("a\xf3\xa0\x81\x81z"), "a z");                   /* a tag */
}

static void what_is_no_character_is_a_question_mark(void **state)
{
    (void)state;
    assert_string_equal(clean("a\xff\xfez"), "a??z");
    assert_string_equal(clean("a\xc3"), "a?"); /* cut off */
    assert_string_equal(clean("a\xe2\x80"), "a??");
    assert_string_equal(clean("a\xc0\xafz"), "a??z"); /* overlong */
    assert_string_equal(clean("a\xe0\x80\xafz"), "a???z");
    assert_string_equal(clean("a\xed\xa0\x80z"), "a???z");            /* a surrogate */
    assert_string_equal(clean("a\xf4\x90\x80\x80z"), "a????z");       /* beyond Unicode */
    assert_string_equal(clean("a\xef\xbf\xbf\xef\xb7\x90z"), "a??z"); /* noncharacters */
}

static void too_long_a_text_is_cut_at_a_character(void **state)
{
    (void)state;
    char out[9];
    assert_string_equal(clean_text("12345678", out, sizeof out), "12345678");
    assert_string_equal(clean_text("123456789", out, sizeof out), "12345…");
    assert_string_equal(clean_text("1234ü789", out, sizeof out), "1234…");
    assert_string_equal(clean_text("123\n56789", out, sizeof out), "123 5…");
    assert_string_equal(clean_text("x", out, 4), "x");
    assert_string_equal(clean_text("xxxx", out, 4), "…");
}

static void a_text_can_be_cleaned_in_place(void **state)
{
    (void)state;
    char text[] = "a\xe2\x80\xae\xffü\n";
    assert_string_equal(clean_text(text, text, sizeof text), "a ?ü ");
}

/* Cleaning what is clean changes nothing, whatever bytes it came from. */
static void cleaning_twice_is_cleaning_once(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        char text[24], once[24], twice[24];
        size_t length = (size_t)(random >> 16) % (sizeof text - 1);
        for (size_t i = 0; i < length; i++) {
            random = random * 1664525 + 1013904223;
            text[i] = (char)(random >> 24 ? random >> 24 : 1);
        }
        text[length] = '\0';
        clean_text(text, once, sizeof once);
        assert_true(strlen(once) <= strlen(text));
        for (const char *at = once; *at; at++) {
            assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
        }
        assert_string_equal(clean_text(once, twice, sizeof twice), once);
    }
}

static void a_line_is_one_line(void **state)
{
    (void)state;
    char *out = NULL;
    size_t size = 0;
    char *longer = malloc(2001);
    assert_non_null(longer);
    memset(longer, 'x', 2000);
    longer[2000] = '\0';
    FILE *file = open_memstream(&out, &size);
    assert_non_null(file);
    clean_line(file, "%s: %s", "a\nb", "\x1b[31m");
    clean_line(file, "%s\n%s", longer, longer);
    fclose(file);
    assert_memory_equal(out, "a b:  [31m\n", 11);
    assert_int_equal(size, 11 + 4002);
    assert_ptr_equal(strchr(out + 11, '\n'), out + size - 1);
    free(out);
    free(longer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_text_stays),
        cmocka_unit_test(what_moves_or_hides_is_a_blank),
        cmocka_unit_test(what_is_no_character_is_a_question_mark),
        cmocka_unit_test(too_long_a_text_is_cut_at_a_character),
        cmocka_unit_test(a_text_can_be_cleaned_in_place),
        cmocka_unit_test(cleaning_twice_is_cleaning_once),
        cmocka_unit_test(a_line_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
