/* What is shown of a protocol without a master and without statuses: neither has a place there. */
#include "tests/terminal/drawn.h"

#include "sim/terminal/parts.h"
#include "sim/terminal/terminal.h"

static struct canned canned;
static struct canned_moment moment;

static void take_lease(void)
{
    settings_choose(&canned.scenario.settings, OWNER_PROTOCOL,
                    (uint8_t)owner_find(OWNER_PROTOCOL, "lease"));
}

static void expect_golden(const char *name, uint16_t nodes, bool watch)
{
    static const double moments_ms[] = {-1, 300, 1000, 2500, 3200, 6100};
    struct capture capture;
    canned_dead(&canned, 5);
    canned.scenario.settings.nodes = nodes;
    take_lease();
    capture_begin(&capture, 80, true);
    capture.options.watch = watch;
    for (size_t i = 0; i < sizeof moments_ms / sizeof *moments_ms; i++) {
        draw_moment(&capture, &moment, &canned.scenario, moments_ms[i]);
    }
    assert_null(strstr(capture_text(&capture), "master"));
    golden_check(name, capture_text(&capture));
    capture_end(&capture);
}

static void the_picture(void **unused)
{
    (void)unused;
    expect_golden("picture-lease-5.txt", 5, false);
    expect_golden("picture-lease-20.txt", 20, false);
    expect_golden("picture-lease-5-watch.txt", 5, true);
    expect_golden("picture-lease-1000.txt", 1000, false);
}

/* Where there are no rules, there is no column for them, nor a reason that is always the same. */
static void the_table_of_elections(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_dead(&canned, 1);
    capture_begin(&capture, 80, true);
    struct trials *trials = trials_of(&canned.scenario, canned.outcomes, 1);
    struct finish finish = {
        .options = &capture.options, .scenario = &canned.scenario, .trials = trials};
    part_elections(&finish);
    assert_non_null(strstr(capture_text(&capture), "elected    rule elect ms  settle ms  verd"));
    capture_end(&capture);

    take_lease();
    capture_begin(&capture, 80, true);
    finish.options = &capture.options;
    part_elections(&finish);
    assert_non_null(strstr(capture_text(&capture), "elected   elect ms  settle ms  verdict\n"));
    assert_null(strstr(capture_text(&capture), "rule"));
    capture_end(&capture);
    trials_free(trials);
}

static void first_sentence(const char *expected, uint16_t nodes)
{
    struct capture capture;
    canned_dead(&canned, 1);
    canned.scenario.settings.nodes = nodes;
    take_lease();
    capture_begin(&capture, 80, true);
    terminal_begin(&capture.options, &canned.scenario, &canned.facts, 1);
    assert_non_null(strstr(capture_text(&capture), expected));
    capture_end(&capture);
}

static void the_first_sentence(void **unused)
{
    (void)unused;
    first_sentence("\n  5 nodes elect a leader, ", 5);
    first_sentence("\n  1 node elects a leader, ", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture),
        cmocka_unit_test(the_table_of_elections),
        cmocka_unit_test(the_first_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
