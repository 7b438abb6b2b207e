/* Changes to a text, each at its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/edit.h"

static void assert_becomes(struct edits *edits, const char *expected)
{
    size_t length = 0;
    char *out = edits_apply(edits, &length);
    assert_non_null(out);
    assert_string_equal(out, expected);
    assert_int_equal(length, strlen(expected));
    free(out);
}

static void changes_come_at_their_places(void **state)
{
    static const char text[] = "name: a\nseed: 1\n";
    struct edits edits;
    (void)state;
    edits_begin(&edits, text, strlen(text));
    assert_becomes(&edits, text);
    edits_put(&edits, 14, 15, "77");
    edits_put(&edits, 0, 0, "# first\n");
    edits_put(&edits, 0, 0, "# second\n");
    edits_put(&edits, 16, 16, "nodes: 2");
    edits_put(&edits, 6, 7, "");
    assert_becomes(&edits, "# first\n# second\nname: \nseed: 77\nnodes: 2");
    assert_int_equal(edits_moved(&edits, 0), 17);
    assert_int_equal(edits_moved(&edits, 8), 24);
    assert_int_equal(edits_moved(&edits, 15), 32);
    edits_free(&edits);
}

static void lines_end_as_the_text_has_them(void **state)
{
    static const char text[] = "a: 1\r\nb: 2";
    struct edits edits;
    (void)state;
    edits_begin(&edits, text, strlen(text));
    assert_int_equal(edits_line_end(&edits, 1), 4);
    assert_int_equal(edits_line_begin(&edits, 8), 6);
    assert_int_equal(edits_line_end(&edits, 8), 10);
    edits_put(&edits, 4, 4, "\nc: 3");
    edits_put(&edits, 10, 10, "\nd: 4\n");
    assert_becomes(&edits, "a: 1\r\nc: 3\r\nb: 2\r\nd: 4\r\n");
    edits_free(&edits);
}

static void an_empty_text_can_grow(void **state)
{
    struct edits edits;
    (void)state;
    edits_begin(&edits, "", 0);
    edits_put(&edits, 0, 0, "a");
    assert_becomes(&edits, "a");
    assert_int_equal(edits_line_end(&edits, 0), 0);
    edits_free(&edits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_come_at_their_places),
        cmocka_unit_test(lines_end_as_the_text_has_them),
        cmocka_unit_test(an_empty_text_can_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
