/* The check foreign_release beside faults on the Redis: what blinds it, and what does not. */
#include <string.h>

#include "sim/faults/fault.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "tests/unit/checks/judged.h"

/* By SETNX: sets the lock, dates it, and has it. */
static void sets_and_dates(struct tale *s, double ms, uint16_t id)
{
    at(s, ms);
    asks_setnx(s, id);
    gets(s, id, STORE_OK);
    at(s, ms + 1);
    dates_lock(s, id, 2000);
    is_told(s, id, 1);
    enters(s, id);
}

static void a_fault_happens(struct tale *s, const char *fault)
{
    struct history_event event = {.at_ns = s->now_ns,
                                  .kind = HISTORY_FAULT,
                                  .process = HISTORY_HARNESS,
                                  .seq = (uint32_t)s->history.count,
                                  .fault = {.kind = (uint16_t)fault_find(fault)}};
    assert_true(history_append(&s->history, &event));
}

/* SETNX by node 1, who outlives its TTL, and by node 2 after it; then comes the fault, and node 1
 * deletes. How the check ends. */
static struct check_verdict removes_after(struct tale *s, const char *fault)
{
    struct judged_trial judged;
    everybody_runs(s);
    sets_and_dates(s, 100, 1);
    at(s, 2200);
    leaves(s, 1);
    sets_and_dates(s, 2300, 2);
    at(s, 2400);
    a_fault_happens(s, fault);
    at(s, 2500);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    struct check_verdict verdict = judged.checks[check_find("foreign_release")];
    judged_trial_free(&judged);
    return verdict;
}

static void a_fault_that_spares_the_lock_blinds_nobody(void **state)
{
    assert_int_equal(removes_after(story_of(state), "stall").ending, CHECK_BROKEN);
}

/* Whatever the clock shows, node 1's lock was gone when node 2 got it. */
static void nor_does_a_shifted_clock(void **state)
{
    assert_int_equal(removes_after(story_of(state), "drift").ending, CHECK_BROKEN);
}

/* Node 1's lock may be back. */
static void a_restart_leaves_it_undecided(void **state)
{
    struct check_verdict verdict = removes_after(story_of(state), "restart");
    assert_int_equal(verdict.ending, CHECK_UNDECIDED);
    assert_non_null(strstr(verdict.why, "brought an older one back"));
}

/* Node 3 gets what node 1 has set free, and is told so before node 1 is. */
static void the_next_ones_answer_may_come_first(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    sets_and_dates(s, 100, 1);
    at(s, 2200);
    leaves(s, 1);
    sets_and_dates(s, 2300, 2);
    at(s, 2500);
    uint32_t release = deletes_lock(s, 1);
    sets_and_dates(s, 2500.1, 3);
    at(s, 2502);
    is_told(s, 1, 1);
    struct violations found = judged(s);
    assert_int_equal(found.count, 2); /* and two were inside */
    const struct violation *first = &found.list[0];
    assert_string_equal(check_rows[first->check]->name, "foreign_release");
    assert_int_equal(first->events[1], release);
    assert_says(first, "not its own, which was gone when node 2 got the lock at 2.300 s");
    violations_free(&found);
}

/* Node 2 asked before node 1 had got it, so it may have been the one before. */
static void who_asked_before_may_have_been_before(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    asks_setnx(s, 2);
    at(s, 3000);
    lock_runs_out(s);
    sets_and_dates(s, 3100, 1);
    at(s, 3200);
    gets(s, 2, STORE_OK); /* comes very late */
    clock_jumps(s);
    at(s, 3300);
    deletes_lock(s, 1);
    is_told(s, 1, 1);
    all_is_well(s);
}

static void without_a_release_it_could_not_fire(void **state)
{
    struct tale *s = story_of(state);
    struct judged_trial judged;
    everybody_runs(s);
    sets_and_dates(s, 100, 1);
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    assert_int_equal(judged.checks[check_find("foreign_release")].ending, CHECK_COULD_NOT_FIRE);
    judged_trial_free(&judged);
    s->history.facts.settings.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "none");
    assert_true(checks_judge(&s->history, &judged));
    assert_int_equal(judged.checks[check_find("foreign_release")].ending, CHECK_DOES_NOT_APPLY);
    judged_trial_free(&judged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_fault_that_spares_the_lock_blinds_nobody),
        STORY(nor_does_a_shifted_clock),
        STORY(a_restart_leaves_it_undecided),
        STORY(the_next_ones_answer_may_come_first),
        STORY(who_asked_before_may_have_been_before),
        STORY(without_a_release_it_could_not_fire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
