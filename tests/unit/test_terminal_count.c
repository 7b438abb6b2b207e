/* Trials that pass too fast to be looked at: which it is, of how many, and the time left. */
#include "sim/text/clock.h"
#include "tests/terminal/drawn.h"

static struct canned canned;
static struct canned_moment moment;

/* What is on the screen `since_ms` after the beginning, when so many trials are done. */
static void expect_count(double since_ms, double now_ms, uint32_t trials, uint32_t done,
                         const char *expected)
{
    struct capture capture;
    canned_dead(&canned, 5);
    canned_moment(&moment, &canned.scenario, 1, now_ms);
    moment.progress.virtual_time = true;
    moment.progress.trials = trials;
    capture_begin(&capture, 80, true);
    capture.options.tty = true;
    capture.state.trials = trials;
    capture.state.began_ns = monotonic_ns() - MS(since_ms);
    terminal_progress(&capture.options, &moment.progress, done);
    assert_string_equal(capture_text(&capture), expected);
    capture_end(&capture);
}

static void what_passes_too_fast_is_counted(void **unused)
{
    (void)unused;
    expect_count(900, 1000, 100000, 4000, "");
    expect_count(3010, 0, 4, 0, "\r  trial 1 of 4\x1b[K\n\x1b[J"); /* nothing to tell it from */
    expect_count(9010, 6000, 4, 4, "\r  trial 4 of 4\x1b[K\n\x1b[J");
}

static void expect_left(double now_ms, uint32_t trials, uint32_t done, double left_ms,
                        const char *expected)
{
    struct capture capture;
    struct picture picture;
    canned_dead(&canned, 5);
    canned_moment(&moment, &canned.scenario, 1, now_ms);
    moment.progress.trials = trials;
    capture_begin(&capture, 80, true);
    picture_count(&picture, &capture.options, &moment.progress, done, MS(left_ms));
    assert_int_equal(picture.count, 1);
    line_end(&picture.lines[0]);
    assert_string_equal(capture_text(&capture), expected);
    capture_end(&capture);
}

static void the_time_left_has_a_unit_that_one_can_read(void **unused)
{
    (void)unused;
    expect_left(0, 100000, 4511, 38000, "  trial 4,512 of 100,000  ·  38 s left\n");
    expect_left(0, 100000, 2, 50e6, "  trial 3 of 100,000  ·  14 h left\n");
    expect_left(0, 100, 2, 600e3, "  trial 3 of 100  ·  10 min left\n");
    expect_left(600, 1, 0, 18000, "  trial 1 of 1  ·  0.6 of 6.0 s  ·  18 s left\n");
    expect_left(600, 100, 98, 300, "  trial 99 of 100\n");
}

/* A trial that is done and not told of leaves the count alone. */
static void the_count_does_not_flicker(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_dead(&canned, 5);
    canned_moment(&moment, &canned.scenario, 1, 1000);
    moment.progress.virtual_time = true;
    moment.progress.trials = 100000;
    capture_begin(&capture, 80, true);
    capture.options.tty = true;
    capture.state.trials = 100000;
    capture.state.began_ns = monotonic_ns() - MS(5000);
    terminal_progress(&capture.options, &moment.progress, 10);
    size_t length = strlen(capture_text(&capture));
    const struct outcome outcome = {.trial = 11, .verdict = TRIAL_PASSED};
    terminal_trial(&capture.options, &canned.scenario, &outcome);
    assert_int_equal(strlen(capture_text(&capture)), length);
    terminal_erase(&capture.options);
    assert_string_equal(capture_text(&capture) + length, "\r\x1b[1A\x1b[J");
    capture_end(&capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes_too_fast_is_counted),
        cmocka_unit_test(the_time_left_has_a_unit_that_one_can_read),
        cmocka_unit_test(the_count_does_not_flicker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
