/* Parts of the report: sentences that are kept once, whose row is whose, and that no `<` comes
 * through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/report/escape.h"
#include "sim/report/folder.h"
#include "sim/report/share.h"
#include "sim/report/texts.h"

static void each_sentence_has_one_number(void **unused)
{
    (void)unused;
    struct texts texts = {0};
    char text[32];
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 5000; i++) {
            snprintf(text, sizeof text, "sentence %u", i);
            assert_int_equal(texts_number(&texts, text), i);
        }
    }
    assert_int_equal(texts.count, 5000);
    assert_string_equal(texts.list[4321], "sentence 4321");
    assert_int_equal(texts_number(&texts, ""), 5000);
    assert_false(texts.failed);
    texts_free(&texts);
    assert_int_equal(texts.count, 0);
}

static void who_needs_little_leaves_the_rest_to_others(void **unused)
{
    (void)unused;
    size_t gets[4];
    share_out((const size_t[]){10, 700, 20, 5}, gets, 4, 800); /* there is room for all */
    assert_memory_equal(gets, ((size_t[]){10, 700, 20, 5}), sizeof gets);
    share_out((const size_t[]){10, 700, 200, 300}, gets, 4, 800);
    assert_memory_equal(gets, ((size_t[]){10, 295, 200, 295}), sizeof gets);
    share_out((const size_t[]){900, 900, 0, 900}, gets, 4, 300);
    assert_memory_equal(gets, ((size_t[]){100, 100, 0, 100}), sizeof gets);
    share_out(NULL, NULL, 0, 300);
}

static void no_angle_bracket_comes_through(void **unused)
{
    (void)unused;
    char *bytes = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&bytes, &length);
    FILE *stream = escaped(file);
    assert_non_null(stream);
    fputs("<\"a<b\"", stream);
    for (int i = 0; i < 100000; i++) { /* longer than any buffer */
        fputc('x', stream);
    }
    fputs("</script>", stream);
    assert_int_equal(fclose(stream), 0);
    fclose(file);
    assert_null(strchr(bytes, '<'));
    assert_memory_equal(bytes, "\\u003c\"a\\u003cb\"xx", 18);
    assert_string_equal(bytes + length - strlen("xx\\u003c/script>"), "xx\\u003c/script>");
    assert_int_equal(length, 100000 + strlen("\\u003c\"a\\u003cb\"\\u003c/script>"));
    free(bytes);
}

static void what_cannot_be_written_is_an_error(void **unused)
{
    (void)unused;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    setvbuf(full, NULL, _IONBF, 0);
    FILE *stream = escaped(full);
    assert_non_null(stream);
    fputs("a<b", stream);
    assert_int_not_equal(fclose(stream), 0);
    fclose(full);
}

/* Of two scenarios of one name, the rows of the first come first. */
static void rows_are_told_apart_by_where_they_begin_anew(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        uint64_t trial;
        double nth;
        int whose; /* of "a"; -1: another's */
    } rows[] = {{"a", 1, 1, 0}, {"a", 1, 2, 0}, {"a", 3, 1, 0}, {"b", 1, 1, -1},
                {"a", 1, 1, 1}, {"a", 2, 5, 1}, {"a", 2, 1, 2}, {"a", 2, 1, 3}};
    for (int turn = 0; turn < 4; turn++) {
        struct own_rows own = {
            .name = "a", .earlier = (size_t)turn, .has_second = true, .strictly = true};
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            bool is = is_own_row(&own, rows[i].name, rows[i].trial, rows[i].nth);
            assert_int_equal(is, rows[i].whose == turn);
        }
    }
    struct own_rows trials = {.name = "a", .earlier = 1};
    assert_false(is_own_row(&trials, "a", 1, 0));
    assert_true(is_own_row(&trials, "a", 1, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sentence_has_one_number),
        cmocka_unit_test(no_angle_bracket_comes_through),
        cmocka_unit_test(what_cannot_be_written_is_an_error),
        cmocka_unit_test(who_needs_little_leaves_the_rest_to_others),
        cmocka_unit_test(rows_are_told_apart_by_where_they_begin_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
