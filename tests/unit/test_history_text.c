/* Numbers and events as they stand in sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/history/text.h"

static void thousands_are_set_apart(void **unused)
{
    static const struct {
        uint64_t count;
        const char *text;
    } rows[] = {
        {0, "0"},          {999, "999"},           {1000, "1,000"},
        {62032, "62,032"}, {1000000, "1,000,000"}, {UINT64_MAX, "18,446,744,073,709,551,615"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(text_count(rows[i].count).text, rows[i].text);
    }
}

/* The end of a program's log is longer than there is room: it ends with a whole word. */
static void the_end_of_a_log_is_cut_between_words(void **unused)
{
    struct history history = {0};
    const struct history_event died = {.kind = HISTORY_DIED,
                                       .process = 2,
                                       .why = "its log ends: LockNotOwnedError: Cannot release it",
                                       .died = {.exit_status = 1}};
    char text[100];
    (void)unused;
    history_describe(&history, &died, text, sizeof text);
    assert_string_equal(text,
                        "ends with status 1; its log ends: LockNotOwnedError: Cannot release it");
    history_describe(&history, &died, text, 65);
    assert_string_equal(text, "ends with status 1; its log ends: LockNotOwnedError: Cannot…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_are_set_apart),
        cmocka_unit_test(the_end_of_a_log_is_cut_between_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
