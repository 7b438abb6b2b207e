/* A table of stalls: what is read of it, to the nanosecond, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/stall_table.h"

static void lengths_are_ms_unless_they_have_a_unit(void **state)
{
    (void)state;
    static const char text[] =
        "# of Tuesday\n12.5\n\n  35ms   # short\r\n0.0421 s\n7us\n1.5m\n2 # x";
    static const int64_t wanted[] = {12500000, 35000000, 42100000, 7000, 90000000000, 2000000};
    struct stalls table;
    struct stall_problem problem;
    assert_true(stall_table_parse(text, sizeof text - 1, &table, &problem));
    assert_int_equal(table.count, sizeof wanted / sizeof *wanted);
    assert_memory_equal(table.ns, wanted, sizeof wanted);
    free(table.ns);
}

static void what_is_no_length_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
        const char *what;
    } cases[] = {
        {"1\n2\nlong\n", 3, "\"long\" is not the length of a stall"},
        {"-5", 1, "\"-5\" is not the length of a stall"},
        {"5.", 1, "\"5.\" is not the length of a stall"},
        {"1,2s", 1, "\"1,2s\" is not the length of a stall"},
        {"1e3", 1, "\"1e3\" has a unit that is not known"},
        {"# no\n3 sec", 2, "\"3 sec\" has a unit that is not known"},
        {"0.0000001us", 1, "\"0.0000001us\" is no time at all"},
        {"1441m", 1, "\"1441m\" is longer than a day"},
        {"1234567890123", 1, "\"1234567890123\" is not the length of a stall"},
        {"# nothing\n\n", 0, "has no length of a stall in it"},
        {"", 0, "has no length of a stall in it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stalls table;
        struct stall_problem problem;
        size_t length = strlen(cases[i].text);
        assert_false(stall_table_parse(cases[i].text, length, &table, &problem));
        assert_int_equal(problem.line, cases[i].line);
        assert_string_equal(problem.what, cases[i].what);
        assert_true(problem.hint[0] != '\0');
        assert_null(table.ns);
    }
}

static void garbage_is_refused(void **state)
{
    (void)state;
    char text[300];
    struct stalls table;
    struct stall_problem problem;
    memset(text, 'x', sizeof text);
    assert_false(stall_table_parse(text, sizeof text, &table, &problem));
    memcpy(text, "12\0003", 4);
    assert_false(stall_table_parse(text, 4, &table, &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_ms_unless_they_have_a_unit),
        cmocka_unit_test(what_is_no_length_is_told_with_its_line),
        cmocka_unit_test(garbage_is_refused),
    };
    return cmocka_run_group_tests_name("stall table", tests, NULL, NULL);
}
