/* The screen at the end of a scenario, and the lines before it: golden texts. */
#include <unistd.h>

#include "tests/terminal/canned.h"
#include "tests/terminal/golden.h"

#include "sim/terminal/parts.h"

#define RESULTS "results/20250102T030405Z-demo"

static struct canned canned;

/* A whole run of the canned scenario, without its pictures. */
static void run(struct capture *capture)
{
    const struct terminal_options *options = &capture->options;
    terminal_begin(options, &canned.scenario, &canned.facts, (uint32_t)canned.count);
    for (size_t i = 0; i < canned.count; i++) {
        terminal_trial(options, &canned.scenario, &canned.outcomes[i]);
    }
    struct trials *trials = canned_trials(&canned);
    terminal_end(options, &canned.facts, trials, &canned.judgement, RESULTS, canned_told(&canned));
    trials_free(trials);
}

static void expect_golden(const char *name, int columns, bool tty, bool utf8)
{
    struct capture capture;
    capture_begin(&capture, columns, tty);
    capture.options.utf8 = utf8;
    run(&capture);
    golden_check(name, capture_text(&capture));
    capture_end(&capture);
}

static int lines_of(const char *text)
{
    int lines = 0;
    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static void one_trial_fits_on_a_screen(void **unused)
{
    (void)unused;
    canned_first(&canned);
    expect_golden("first.txt", 80, false, true);
    struct capture capture;
    capture_begin(&capture, 80, true);
    run(&capture);
    assert_true(lines_of(capture_text(&capture)) < 24);
    capture_end(&capture);
}

static void an_expected_violation_is_ok(void **unused)
{
    (void)unused;
    canned_dead(&canned, 5);
    expect_golden("dead-always.txt", 80, false, true);
    canned_dead(&canned, 1);
    expect_golden("dead-once.txt", 80, false, true);
}

static void many_trials_show_who_won_how_often(void **unused)
{
    (void)unused;
    canned_early(&canned);
    expect_golden("early-bird.txt", 80, false, true);
    expect_golden("early-bird-ascii.txt", 80, false, false);
}

static void a_failure_is_told_with_its_repeat(void **unused)
{
    (void)unused;
    canned_failure(&canned);
    expect_golden("failure.txt", 80, false, true);
    expect_golden("failure-narrow.txt", 50, true, true);
}

static void quiet_tells_failures_and_files_only(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_failure(&canned);
    capture_begin(&capture, 80, false);
    capture.options.quiet = true;
    run(&capture);
    golden_check("failure-quiet.txt", capture_text(&capture));
    capture_end(&capture);

    canned_first(&canned);
    capture_begin(&capture, 80, false);
    capture.options.quiet = true;
    run(&capture);
    assert_string_equal(capture_text(&capture), "  results  " RESULTS "/elections.csv\n");
    capture_end(&capture);
}

/* Of 100 failed trials only the first few get a line. */
static void many_failures_are_no_wall(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_dead(&canned, 100);
    for (size_t i = 0; i < canned.count; i++) {
        canned.outcomes[i].verdict = TRIAL_FAILED;
    }
    for (uint32_t i = 0; i < 10; i++) {
        canned_unmet(&canned, i + 1, "dead_leader: expected never, but it was seen");
    }
    capture_begin(&capture, 80, true);
    run(&capture);
    assert_true(lines_of(capture_text(&capture)) < 45);
    assert_non_null(strstr(capture_text(&capture), "and 6 more did not hold"));
    capture_end(&capture);
}

/* A scenario's texts may be anything; what reaches the terminal is printable. */
static void hostile_text_is_made_harmless(void **unused)
{
    (void)unused;
    static char about[] =
        "red \x1b[31m bell \a csi \xc2\x9b\x33\x31m broken \xff\xc3 \xe2\x80\xae back";
    static char path[] = "course/it's \x1b[2J.yaml";
    struct capture capture;
    canned_failure(&canned);
    canned.scenario.about = about;
    canned.scenario.path = path;
    capture_begin(&capture, 80, false);
    run(&capture);
    for (const char *c = capture_text(&capture); *c; c++) {
        assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
        assert_true((unsigned char)c[0] != 0xc2 || (unsigned char)c[1] >= 0xa0);
    }
    assert_non_null(strstr(capture_text(&capture), "run '/home/ann/hustings/course/it'\\''s "));
    capture_end(&capture);
}

/* Another run on real processes may be judged; on the model it would say the same again. */
static void what_is_undecided_is_run_again(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_first(&canned);
    canned.judgement.held = false;
    canned.judgement.undecided = true;
    canned.facts.host = "processes";
    capture_begin(&capture, 80, false);
    run(&capture);
    assert_non_null(strstr(capture_text(&capture), "  again    "));
    assert_null(strstr(capture_text(&capture), "  next     "));
    capture_end(&capture);

    canned.facts.host = "model";
    capture_begin(&capture, 80, false);
    run(&capture);
    assert_null(strstr(capture_text(&capture), "  again    "));
    capture_end(&capture);
}

static void interrupted_before_any_trial(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_first(&canned);
    canned.count = 0;
    capture_begin(&capture, 80, false);
    run(&capture);
    assert_non_null(strstr(capture_text(&capture), "No trial was finished."));
    capture_end(&capture);
}

/* --- elections that went wrong ---------------------------------------------------------------- */

static void tell(struct capture *capture)
{
    struct trials *trials = canned_trials(&canned);
    const struct finish finish = {.options = &capture->options,
                                  .scenario = &canned.scenario,
                                  .facts = &canned.facts,
                                  .trials = trials,
                                  .judgement = &canned.judgement};
    part_elected(&finish);
    trials_free(trials);
    fputc('\n', capture->options.out);
}

/* Node 4 was elected by rule 2, because of node 3, and it should have been node 1. */
static struct election *node_1_was_passed_over(uint8_t cause, int32_t node)
{
    canned_first(&canned);
    canned.outcomes[0].election_count = 0;
    struct election *election = canned_election(&canned, 0, cause, node, 2000, 4, 2, 0.125, 12500);
    election->verdict = VERDICT_WRONG;
    election->rightful = 1;
    return election;
}

/* Every cause, in its sentence; what did not go wrong is told by the story alone. */
static void every_wrong_election_has_its_sentence(void **unused)
{
    (void)unused;
    struct capture capture;
    capture_begin(&capture, 80, false);
    for (int cause = 0; cause < CAUSES; cause++) {
        node_1_was_passed_over((uint8_t)cause, cause == CAUSE_START ? NOBODY : 3);
        tell(&capture);
    }
    /* Nobody was elected at all. */
    struct election *election = node_1_was_passed_over(CAUSE_CRASH, 4);
    election->elected = NOBODY;
    election->published_ns = NEVER_NS;
    tell(&capture);
    /* Nobody calls a decision right that broke the rules, or of which it is not known. */
    for (int ending = CHECK_BROKEN; ending < CHECK_ENDINGS; ending++) {
        node_1_was_passed_over(CAUSE_CRASH, 3);
        canned.outcomes[0].checks[check_find("wrong_winner")].ending = (uint8_t)ending;
        tell(&capture);
    }
    /* Rule 2 is why another should have been elected. */
    node_1_was_passed_over(CAUSE_OVERWRITE, 0)->rightful_submits = true;
    tell(&capture);
    golden_check("wrong.txt", capture_text(&capture));
    capture_end(&capture);
    for (int verdict = 0; verdict < VERDICTS; verdict++) {
        node_1_was_passed_over(CAUSE_CRASH, 3)->verdict = (uint8_t)verdict;
        capture_begin(&capture, 80, false);
        tell(&capture);
        assert_int_equal(strlen(capture_text(&capture)) > 1, verdict == VERDICT_WRONG);
        capture_end(&capture);
    }
}

/* --- the next scenario ------------------------------------------------------------------------ */

static void next_is_the_next_name_in_the_folder(void **unused)
{
    (void)unused;
    char next[64];
    assert_true(next_scenario("course/01-first-election.yaml", next, sizeof next));
    assert_string_equal(next, "course/02-a-node-submits.yaml");
    assert_true(next_scenario("./course/04-dead-leader.yaml", next, sizeof next));
    assert_string_equal(next, "./course/07-early-bird.yaml");
    assert_false(next_scenario("course/07-early-bird.yaml", next, sizeof next));
    assert_false(next_scenario("nowhere/01.yaml", next, sizeof next));
}

static void a_story_comes_before_its_cured_twin(void **unused)
{
    (void)unused;
    char next[64];
    assert_true(next_scenario("catalogue/lost.yaml", next, sizeof next));
    assert_string_equal(next, "catalogue/lost-cured.yaml");
    assert_true(next_scenario("catalogue/lost-cured.yaml", next, sizeof next));
    assert_string_equal(next, "catalogue/won.yaml");
    assert_false(next_scenario("catalogue/won.yaml", next, sizeof next));
}

/* As in summary.csv: what a trial that cannot be judged took says nothing of how long it takes. */
static void undecided_trials_have_no_say_in_times(void **state)
{
    (void)state;
    static char why[] = "at 1.000 s: the harness was late";
    canned_early(&canned);
    struct trials *trials = canned_trials(&canned);
    size_t place = 0;
    const struct group *group = groups_next(&trials->groups, &place);
    assert_true(group->ranks[TIME_ELECT].ns[BOUND_P50] > 0);
    assert_true(group->ranks[TIME_SETTLE].ns[BOUND_P50] > 0);
    uint32_t elections = group->elections;
    trials_free(trials);

    for (size_t i = 0; i < canned.count; i++) {
        canned.outcomes[i].undecided = why;
    }
    trials = canned_trials(&canned);
    place = 0;
    group = groups_next(&trials->groups, &place);
    assert_int_equal(group->elections, elections);
    assert_int_equal(group->ranks[TIME_ELECT].ns[BOUND_P50], NEVER_NS);
    assert_int_equal(group->ranks[TIME_SETTLE].ns[BOUND_P99], NEVER_NS);
    trials_free(trials);
}

int main(void)
{
    if (chdir(TESTS_DIR "/terminal") != 0) {
        perror(TESTS_DIR "/terminal");
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_trial_fits_on_a_screen),
        cmocka_unit_test(an_expected_violation_is_ok),
        cmocka_unit_test(many_trials_show_who_won_how_often),
        cmocka_unit_test(undecided_trials_have_no_say_in_times),
        cmocka_unit_test(a_failure_is_told_with_its_repeat),
        cmocka_unit_test(quiet_tells_failures_and_files_only),
        cmocka_unit_test(many_failures_are_no_wall),
        cmocka_unit_test(hostile_text_is_made_harmless),
        cmocka_unit_test(what_is_undecided_is_run_again),
        cmocka_unit_test(interrupted_before_any_trial),
        cmocka_unit_test(every_wrong_election_has_its_sentence),
        cmocka_unit_test(next_is_the_next_name_in_the_folder),
        cmocka_unit_test(a_story_comes_before_its_cured_twin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
