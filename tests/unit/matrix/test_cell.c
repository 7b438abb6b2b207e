/* Cells: what is told of trials, and that nothing holds which was not tested. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/checks/violation.h"
#include "sim/matrix/cell.h"
#include "sim/matrix/line.h"
#include "src/lock/lock.h"
#include "src/owners.h"

#define MS INT64_C(1000000)
#define STALE_WRITE (check_find("stale_write"))
#define TWO_LEADERS (check_find("two_leaders"))
#define PROGRAM_ENDED (check_find("program_ended"))
#define NO_LEADER (check_find("no_leader"))
#define IDLE_LEADER (check_find("idle_leader"))

static struct fault_spec faults[] = {{.text = "pause leader"}, {.text = "crash 2"}};

/* A story with two faults that is about stale_write. */
struct cell_story {
    struct scenario scenario;
    struct cell cell;
    uint32_t asked, trial;
};

static struct cell_story begun(void)
{
    struct cell_story stage = {.scenario = {.faults = faults, .fault_count = 2}};
    stage.scenario.settings = settings_default(3);
    stage.scenario.settings.work_every_ns = MS;
    stage.asked = 1u << STALE_WRITE;
    cell_begin(&stage.cell, &stage.scenario);
    return stage;
}

/* A trial in which every check held. */
static struct outcome new_outcome(struct cell_story *stage)
{
    struct outcome outcome = {.trial = ++stage->trial, .idle.id = NOBODY};
    outcome.checks = calloc(check_count(), sizeof *outcome.checks);
    assert_non_null(outcome.checks);
    return outcome;
}

static void end_check(struct outcome *outcome, int check, enum check_ending ending, const char *why)
{
    outcome->checks[check] = (struct check_verdict){.ending = (uint8_t)ending, .why = why};
    if (ending == CHECK_BROKEN) {
        struct violation violation = violation_new(check_rows[check], 0);
        violation_say(&violation, "%s", why);
        violations_add(&outcome->violations, &violation);
    }
}

static void skip_fault(struct outcome *outcome, uint16_t fault, const char *why)
{
    outcome->not_done =
        realloc(outcome->not_done, (outcome->not_done_count + 1) * sizeof *outcome->not_done);
    assert_non_null(outcome->not_done);
    struct not_done *not_done = &outcome->not_done[outcome->not_done_count++];
    *not_done = (struct not_done){.fault = fault};
    snprintf(not_done->why, sizeof not_done->why, "%s", why);
}

static enum cell_trial take(struct cell_story *stage, struct outcome *outcome)
{
    enum cell_trial went = cell_take(&stage->cell, &stage->scenario, stage->asked, outcome);
    outcome_free(outcome);
    return went;
}

static void took(struct cell_story *stage, enum cell_trial expected, struct outcome outcome)
{
    assert_int_equal(take(stage, &outcome), expected);
}

static void is(struct cell_story *stage, enum cell_kind kind, const char *words, const char *why)
{
    char text[64];
    struct cell again;
    char *line = NULL;
    size_t size = 0;
    cell_end(&stage->cell);
    assert_string_equal(cell_kind_names[stage->cell.kind], cell_kind_names[kind]);
    assert_string_equal(cell_words(&stage->cell, text, sizeof text), words);
    assert_string_equal(stage->cell.why, why);
    FILE *file = open_memstream(&line, &size);
    assert_non_null(file);
    line_write(file, &stage->cell);
    assert_int_equal(fclose(file), 0);
    assert_true(line_read(line, &again));
    assert_int_equal(again.kind, stage->cell.kind);
    assert_int_equal(again.check, stage->cell.check);
    assert_int_equal(again.overlap.most_ns, stage->cell.overlap.most_ns);
    assert_string_equal(again.why, stage->cell.why);
    free(line);
}

static void holds_in_every_trial(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    took(&stage, TRIAL_HOLDS, new_outcome(&stage));
    took(&stage, TRIAL_HOLDS, new_outcome(&stage));
    is(&stage, CELL_HOLDS, "holds", "");
}

static void breaks_by_the_gravest(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    took(&stage, TRIAL_HOLDS, new_outcome(&stage));
    struct outcome one = new_outcome(&stage);
    end_check(&one, TWO_LEADERS, CHECK_BROKEN, "two led");
    one.two_leaders_ns = 7 * MS;
    one.leaderless_ns = 4 * MS;
    took(&stage, TRIAL_BREAKS, one);
    one = new_outcome(&stage);
    end_check(&one, STALE_WRITE, CHECK_BROKEN, "a stale write");
    end_check(&one, NO_LEADER, CHECK_BROKEN, "nobody led");
    one.two_lock_holders_ns = 9 * MS;
    one.work.stale = 3;
    took(&stage, TRIAL_BREAKS, one);
    is(&stage, CELL_BREAKS, "breaks in 2 of 3", "two led");
    assert_int_equal(stage.cell.check, STALE_WRITE);
    assert_int_equal(stage.cell.broken, 1u << STALE_WRITE | 1u << TWO_LEADERS | 1u << NO_LEADER);
    assert_int_equal(stage.cell.first, 2);
    assert_int_equal(stage.cell.overlap.sum_ns, 16 * MS);
    assert_int_equal(stage.cell.overlap.most_ns, 9 * MS);
    assert_int_equal(stage.cell.leaderless.most_ns, 4 * MS);
    assert_int_equal(stage.cell.unfenced, 3);
}

/* That a program ended is told apart, unless a promise was broken as well. */
static void ends_if_no_more_than_a_program_did(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    struct outcome one = new_outcome(&stage);
    end_check(&one, PROGRAM_ENDED, CHECK_BROKEN, "it ended");
    took(&stage, TRIAL_BREAKS, one);
    took(&stage, TRIAL_HOLDS, new_outcome(&stage));
    is(&stage, CELL_BREAKS, "breaks in 1 of 2", "it ended");
    assert_true(cell_ends(&stage.cell));
    one = new_outcome(&stage);
    end_check(&one, PROGRAM_ENDED, CHECK_BROKEN, "it ended");
    end_check(&one, TWO_LEADERS, CHECK_BROKEN, "two led");
    took(&stage, TRIAL_BREAKS, one);
    is(&stage, CELL_BREAKS, "breaks in 2 of 3", "it ended");
    assert_false(cell_ends(&stage.cell));
}

/* With no program left nobody leads: that is no promise of the lock. */
static void ends_also_if_nobody_was_left_to_lead(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct cell_story stage = begun();
        for (int i = 0; i < 2; i++) {
            struct outcome one = new_outcome(&stage);
            bool blocks = i == turn;
            end_check(&one, PROGRAM_ENDED, CHECK_BROKEN, "it ended");
            if (blocks) {
                end_check(&one, NO_LEADER, CHECK_BROKEN, "nobody led");
            }
            took(&stage, blocks ? TRIAL_BLOCKS : TRIAL_BREAKS, one);
        }
        is(&stage, CELL_BREAKS, "breaks in 1 of 2", "it ended");
        assert_int_equal(stage.cell.check, PROGRAM_ENDED);
        assert_true(cell_ends(&stage.cell));
    }
}

static void blocks_when_nothing_else_broke(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    struct outcome one = new_outcome(&stage);
    end_check(&one, NO_LEADER, CHECK_BROKEN, "nobody led");
    took(&stage, TRIAL_BLOCKS, one);
    is(&stage, CELL_BLOCKS, "blocks", "nobody led");
}

static void what_the_story_allows_is_no_break(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    stage.scenario.expect.checks[TWO_LEADERS] = EXPECT_ALLOWED;
    struct outcome one = new_outcome(&stage);
    end_check(&one, TWO_LEADERS, CHECK_BROKEN, "two led");
    took(&stage, TRIAL_HOLDS, one);
    is(&stage, CELL_HOLDS, "holds", "");
}

static void what_could_not_fire_does_not_hold(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    struct outcome one = new_outcome(&stage);
    end_check(&one, STALE_WRITE, CHECK_COULD_NOT_FIRE, "nobody wrote");
    took(&stage, TRIAL_NOT_TESTED, one);
    is(&stage, CELL_NOT_APPLICABLE, "does not apply", "stale_write could not fire: nobody wrote");
    stage = begun();
    one = new_outcome(&stage);
    end_check(&one, STALE_WRITE, CHECK_DOES_NOT_APPLY, "nobody works");
    took(&stage, TRIAL_NOT_TESTED, one);
    is(&stage, CELL_NOT_APPLICABLE, "does not apply", "stale_write does not apply: nobody works");
    /* One of two that it is about is enough, if the other one cannot apply, but not if it could. */
    stage = begun();
    stage.asked |= 1u << TWO_LEADERS;
    one = new_outcome(&stage);
    end_check(&one, STALE_WRITE, CHECK_DOES_NOT_APPLY, "nobody works");
    took(&stage, TRIAL_HOLDS, one);
    one = new_outcome(&stage);
    end_check(&one, STALE_WRITE, CHECK_COULD_NOT_FIRE, "nobody wrote");
    took(&stage, TRIAL_NOT_TESTED, one);
    is(&stage, CELL_HOLDS, "holds in the 1 of 2 that tested it",
       "stale_write could not fire: nobody wrote");
    assert_true(cell_partly(&stage.cell));
}

static void a_story_that_names_no_check_is_about_who_is_where_at_once(void **state)
{
    (void)state;
    static const char *const grave[] = {"stale_write", "two_leaders", "two_lock_holders",
                                        "foreign_release"};
    struct cell_story stage = begun();
    stage.asked = 0;
    took(&stage, TRIAL_HOLDS, new_outcome(&stage));
    struct outcome one = new_outcome(&stage);
    for (size_t i = 0; i < 3; i++) {
        end_check(&one, check_find(grave[i]), CHECK_COULD_NOT_FIRE, "nobody was there");
    }
    took(&stage, TRIAL_HOLDS, one);
    is(&stage, CELL_HOLDS, "holds", "");
    one = new_outcome(&stage);
    for (size_t i = 0; i < 4; i++) {
        end_check(&one, check_find(grave[i]), CHECK_COULD_NOT_FIRE, "nobody was there");
    }
    took(&stage, TRIAL_NOT_TESTED, one);
    is(&stage, CELL_HOLDS, "holds in the 2 of 3 that tested it",
       "foreign_release could not fire: nobody was there");
}

static void without_its_faults_nothing_is_told(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    struct outcome one = new_outcome(&stage);
    skip_fault(&one, 1, "node 2 was dead");
    took(&stage, TRIAL_NOT_TESTED, one);
    /* All were skipped: what broke, broke without the story. */
    one = new_outcome(&stage);
    skip_fault(&one, 0, "nobody led");
    skip_fault(&one, 1, "node 2 was dead");
    end_check(&one, TWO_LEADERS, CHECK_BROKEN, "two led");
    took(&stage, TRIAL_NOT_TESTED, one);
    is(&stage, CELL_NOT_APPLICABLE, "does not apply", "crash 2 was not done: node 2 was dead");
    /* Neither holds what held beside that. */
    took(&stage, TRIAL_HOLDS, new_outcome(&stage));
    is(&stage, CELL_UNDECIDED, "undecided in 2 of 3", "crash 2 was not done: node 2 was dead");
    /* One was done: what broke, broke. */
    stage = begun();
    one = new_outcome(&stage);
    skip_fault(&one, 1, "node 2 was dead");
    end_check(&one, TWO_LEADERS, CHECK_BROKEN, "two led");
    took(&stage, TRIAL_BREAKS, one);
    is(&stage, CELL_BREAKS, "breaks", "two led");
}

static void what_cannot_be_known_is_undecided(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    struct outcome one = new_outcome(&stage);
    one.undecided = strdup("the harness was late");
    took(&stage, TRIAL_NOT_KNOWN, one);
    one = new_outcome(&stage);
    end_check(&one, STALE_WRITE, CHECK_UNDECIDED, "an answer is missing");
    took(&stage, TRIAL_NOT_KNOWN, one);
    took(&stage, TRIAL_HOLDS, new_outcome(&stage));
    is(&stage, CELL_UNDECIDED, "undecided in 2 of 3", "the harness was late");
}

static void an_idle_leader_whom_nobody_watches_is_not_tested(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    struct outcome one = new_outcome(&stage);
    one.idle = (struct idle_leader){.lasted_ns = 2000 * MS, .id = 1, .how = IDLE_CUT_OFF};
    end_check(&one, IDLE_LEADER, CHECK_DOES_NOT_APPLY, "nobody leads by a lock");
    took(&stage, TRIAL_NOT_TESTED, one);
    is(&stage, CELL_NOT_APPLICABLE, "does not apply",
       "Not tested: whether node 1 should have stayed leader while it was cut off from the Redis "
       "for 2.0 s; no check watches how long a leader may be idle.");
    stage = begun();
    one = new_outcome(&stage);
    one.idle = (struct idle_leader){.lasted_ns = 2000 * MS, .id = 1, .how = IDLE_CUT_OFF};
    took(&stage, TRIAL_HOLDS, one);
    is(&stage, CELL_HOLDS, "holds", "");
}

/* A program that asks for a lock of a time of its own does not undergo what the story tells. */
static void a_lock_that_lasts_for_another_time_is_not_tested(void **state)
{
    (void)state;
    struct cell_story stage = begun();
    int64_t ttl_ns = lock_param(&stage.scenario.settings, LOCK_TTL);
    struct outcome one = new_outcome(&stage);
    assert_int_equal(ttl_ns, 2000 * MS);
    one.asked_ttl_ns = 1900 * MS;
    took(&stage, TRIAL_HOLDS, one);
    is(&stage, CELL_HOLDS, "holds", "");
    stage = begun();
    one = new_outcome(&stage);
    one.asked_ttl_ns = 4000 * MS;
    took(&stage, TRIAL_NOT_TESTED, one);
    is(&stage, CELL_NOT_APPLICABLE, "does not apply",
       "the program asks for a lock of 4s, and the story is of one of 2s; in a file of the "
       "combination, lock: {token: {ttl: 4s}} makes it a story of the program's lock");
    stage = begun();
    one = new_outcome(&stage);
    one.asked_ttl_ns = 500 * MS;
    end_check(&one, STALE_WRITE, CHECK_BROKEN, "an older leader wrote");
    took(&stage, TRIAL_BREAKS, one); /* whatever its lock */
}

static void no_line_but_ours_is_read(void **state)
{
    (void)state;
    struct cell cell;
    static const char good[] = "0\t1\t1\t0\t0\t0\t0\t-1\t0\t0\t0\t0\t0\t0\t0\t0\t1\t";
    assert_true(line_read(good, &cell));
    assert_int_equal(cell.check, -1);
    assert_false(line_read("", &cell));
    assert_false(line_read("0\t1\t1\t0\t0\t0\t0\t-1\t0\t0\t0\t0\t0\t0\t0\t0\t1", &cell));
    assert_false(line_read("9\t1\t1\t0\t0\t0\t0\t-1\t0\t0\t0\t0\t0\t0\t0\t0\t1\t", &cell));
    assert_false(line_read("0\t1\t1\t0\t0\t0\t0\t-2\t0\t0\t0\t0\t0\t0\t0\t0\t1\t", &cell));
    assert_false(line_read("0\t1\t1\t0\t0\t0\t0\t99\t0\t0\t0\t0\t0\t0\t0\t0\t1\t", &cell));
    assert_false(line_read("0\tx\t1\t0\t0\t0\t0\t-1\t0\t0\t0\t0\t0\t0\t0\t0\t1\t", &cell));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_in_every_trial),
        cmocka_unit_test(breaks_by_the_gravest),
        cmocka_unit_test(ends_if_no_more_than_a_program_did),
        cmocka_unit_test(ends_also_if_nobody_was_left_to_lead),
        cmocka_unit_test(blocks_when_nothing_else_broke),
        cmocka_unit_test(what_the_story_allows_is_no_break),
        cmocka_unit_test(what_could_not_fire_does_not_hold),
        cmocka_unit_test(a_story_that_names_no_check_is_about_who_is_where_at_once),
        cmocka_unit_test(without_its_faults_nothing_is_told),
        cmocka_unit_test(what_cannot_be_known_is_undecided),
        cmocka_unit_test(an_idle_leader_whom_nobody_watches_is_not_tested),
        cmocka_unit_test(a_lock_that_lasts_for_another_time_is_not_tested),
        cmocka_unit_test(no_line_but_ours_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
