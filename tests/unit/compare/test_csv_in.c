/* CSV is read as RFC 4180 has it, and what is not CSV is refused with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/compare/csv_in.h"

static char path[] = "/tmp/hustings-csv-XXXXXX";

static void write_file(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* All cells of all rows, each in brackets, rows on lines of their own; or what is wrong. */
static const char *read_all(const char *bytes, size_t length)
{
    static char out[1024];
    struct csv_in in;
    size_t used = 0;
    write_file(bytes, length);
    out[0] = '\0';
    bool good = csv_in_open(&in, path);
    while (good && csv_in_row(&in)) {
        for (size_t i = 0; i < in.columns; i++) {
            used +=
                (size_t)snprintf(out + used, sizeof out - used, "[%s]", csv_in_cell(&in, (int)i));
        }
        used += (size_t)snprintf(out + used, sizeof out - used, "\n");
    }
    if (!csv_in_close(&in)) {
        const char *after = strstr(in.error, path);
        assert_ptr_equal(after, in.error);
        snprintf(out, sizeof out, "%s", in.error + strlen(path) + 1);
    }
    return out;
}

#define READ(text) read_all(text, sizeof(text) - 1)

static void what_is_csv(void **state)
{
    (void)state;
    assert_string_equal(READ("a,b\r\n1,2\r\n3,4\r\n"), "[1][2]\n[3][4]\n");
    assert_string_equal(READ("a,b\n1,2\n3,4\n"), "[1][2]\n[3][4]\n");
    /* What a killed run leaves of its last row is no row. */
    assert_string_equal(READ("a,b,c\r\n1,2,3\r\n4,5"), "[1][2][3]\n");
    assert_string_equal(READ("a,b\r\n1,2\r\n3,4"), "[1][2]\n"); /* 4 may have been 4.5 */
    assert_string_equal(READ("a,b,c\r\n1,2,3\r\n4,\"5, 6"), "[1][2][3]\n");
    assert_string_equal(READ("a,b\r\n,\r\n"), "[][]\n");
    assert_string_equal(READ("a,b\r\n\"\",\"x\"\r\n"), "[][x]\n");
    assert_string_equal(READ("a,b\r\n\"1,2\",\"say \"\"so\"\"\"\r\n"), "[1,2][say \"so\"]\n");
    assert_string_equal(READ("a,b\r\n\"two\r\nlines\",x\r\n"), "[two\r\nlines][x]\n");
    assert_string_equal(READ("a\r\n\"\"\"\"\r\n"), "[\"]\n");
    assert_string_equal(READ("\xef\xbb\xbf"
                             "a,b\r\n\xc3\xa4,2\r\n"),
                        "[\xc3\xa4][2]\n");
    assert_string_equal(READ("a,b\r\n"), "");
    assert_string_equal(READ("\"a\",\"b\"\r\n1,2\r\n"), "[1][2]\n");
}

/* What csv_text() puts before a formula is taken off, and nothing else. */
static void text_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_string_equal(READ("a,b,c\r\n'=1,''=1,' @\r\n"), "[=1]['=1][ @]\n");
    assert_string_equal(READ("a,b,c\r\n'x,'quoted',-5\r\n"), "['x]['quoted'][-5]\n");
    assert_string_equal(READ("a,b\r\n',\"'-a,b\"\r\n"), "['][-a,b]\n");
}

static void what_is_not(void **state)
{
    (void)state;
    assert_string_equal(READ(""), "1: the file is empty; its first row must name the columns");
    assert_string_equal(READ("a,b\r\n1\r\n"), "2: 1 cells, and there are 2 columns");
    assert_string_equal(READ("a,b\r\n1,2\r\n1,2,3\r\n"), "3: 3 cells, and there are 2 columns");
    assert_string_equal(READ("a,b\r\n1,2\"\r\n"), "2: a quote stands in the midst of a cell");
    assert_string_equal(READ("a,b\r\n1,\"2\r\n"), "2: a quote is opened and not closed");
    assert_string_equal(READ("a,b\r\n\"1\"2,3\r\n"), "2: a cell goes on after its closing quote");
    assert_string_equal(READ("a,b\r\n1\r,2\r\n"),
                        "2: a carriage return stands without its line feed");
    assert_string_equal(READ("a,b\r\n1,\0\r\n"), "2: there is a zero byte: this is no CSV");
    assert_string_equal(READ("a,b\r\n\"x\r\ny\",2\r\n1\r\n"),
                        "4: 1 cells, and there are 2 columns");
}

static void columns_by_their_names(void **state)
{
    (void)state;
    static const char text[] = "scenario,\"elect,ms\"\r\nx,7\r\n";
    struct csv_in in;
    write_file(text, sizeof text - 1);
    assert_true(csv_in_open(&in, path));
    assert_int_equal(csv_in_column(&in, "elect,ms"), 1);
    assert_true(csv_in_row(&in));
    assert_string_equal(csv_in_cell(&in, 1), "7");
    assert_int_equal(csv_in_column(&in, "trial"), -1);
    assert_false(csv_in_row(&in));
    assert_false(csv_in_close(&in));
    assert_non_null(strstr(in.error, ":1: there is no column trial"));
}

static void a_file_that_is_not_there(void **state)
{
    (void)state;
    struct csv_in in;
    assert_false(csv_in_open(&in, "/nowhere/trials.csv"));
    assert_false(csv_in_close(&in));
    assert_string_equal(in.error, "/nowhere/trials.csv: No such file or directory");
}

static int make(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int take_away(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_csv),
        cmocka_unit_test(text_comes_back_as_it_was),
        cmocka_unit_test(what_is_not),
        cmocka_unit_test(columns_by_their_names),
        cmocka_unit_test(a_file_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, make, take_away);
}
