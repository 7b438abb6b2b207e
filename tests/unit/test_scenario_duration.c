/* Durations: exact both ways, and nothing is rounded or guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/scenario/scenario.h"

#define MS INT64_C(1000000)

static void durations_are_exact(void **state)
{
    static const struct {
        const char *text;
        int64_t ns;
        const char *shortest;
    } rows[] = {
        {"0s", 0, "0s"},
        {"0ms", 0, "0s"},
        {"2s", 2000 * MS, "2s"},
        {"1500us", 1500000, "1500us"},
        {"1.5ms", 1500000, "1500us"},
        {"1.5m", 90000 * MS, "90s"},
        {"120s", 120000 * MS, "2m"},
        {"0.5us", 500, "0.5us"},
        {"0.001us", 1, "0.001us"},
        {"12.34us", 12340, "12.34us"},
        {"1440m", 86400000 * MS, "1440m"},
        {"0.000000001s", 1, "0.001us"},
        {"007s", 7000 * MS, "7s"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ns = -1;
        char text[32];
        assert_true(duration_parse(rows[i].text, &ns));
        assert_int_equal(ns, rows[i].ns);
        assert_string_equal(duration_text(ns, text, sizeof text), rows[i].shortest);
        int64_t again;
        assert_true(duration_parse(text, &again));
        assert_int_equal(again, ns);
    }
}

static void what_is_no_duration_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "2",
        "s",
        "2 s",
        "-2s",
        "+2s",
        "2h",
        "2sec",
        "1.2.3s",
        ".5s",
        "5.s",
        "1e3ms",
        "0x1s",
        "1441m",
        "86401s",
        "2S",
        "0.0001us",
        "0.0000000001s",
        "2s ",
        " 2s",
        "99999999999999999999s",
        "0.00000000000000000000000000000001m",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t ns = 77;
        if (duration_parse(texts[i], &ns)) {
            fail_msg("\"%s\" was taken", texts[i]);
        }
        assert_int_equal(ns, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_exact),
        cmocka_unit_test(what_is_no_duration_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
