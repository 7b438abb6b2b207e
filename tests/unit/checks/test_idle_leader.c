/* The check idle_leader: stories that it must fail, and their twins. */
#include "tests/unit/checks/judged.h"

#define TOKEN 7

/* How the check ends in the story. */
static int ending_of(struct tale *s)
{
    struct judged_trial judged;
    ends(s);
    assert_true(checks_judge(&s->history, &judged));
    int ending = judged.checks[check_find("idle_leader")].ending;
    judged_trial_free(&judged);
    return ending;
}

/* A lease of 600 ms. Node 1 has asked for the lock at 100 ms and leads since 102. */
static struct tale *leased(void **state, double until_ms)
{
    struct tale *s = story_of(state);
    has_lease(s, 600);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, TOKEN);
    at(s, 102);
    gets_lock(s, 1);
    leads_until(s, 1, 1, until_ms);
    return s;
}

/* From 300 ms on no renewal is answered, and it leads for ever. */
static void a_leader_that_is_cut_off_goes_on(void **state)
{
    struct tale *s = leased(state, 1e6);
    at(s, 300);
    begins_fault(s, 1, "cut");
    extends(s, 1, TOKEN);
    at(s, 500);
    gets(s, 1, STORE_UNKNOWN);
    extends(s, 1, TOKEN);
    at(s, 900);
    gets(s, 1, STORE_UNKNOWN);
    at(s, 1204);
    steps_down(s, 1, NOBODY);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 700, 1204);
    assert_string_equal(found.explanation,
                        "node 1 stayed leader for 504.0 ms beyond its lease, which was over at "
                        "0.700 s, 600.0 ms after the last renewal that was answered was sent; "
                        "after that it sent 2 in vain (faults: cut of node 1)");
}

/* The same, but its claim ends with its deadline. */
static void a_leader_that_stops_at_its_deadline_is_well(void **state)
{
    struct tale *s = leased(state, 500);
    at(s, 300);
    begins_fault(s, 1, "cut");
    extends(s, 1, TOKEN);
    at(s, 900);
    gets(s, 1, STORE_UNKNOWN);
    steps_down(s, 1, NOBODY);
    at(s, 2000);
    assert_int_equal(ending_of(s), CHECK_HELD);
}

/* It tries no more after the first failure, though the store could be reached again. */
static void one_that_gives_up_breaks_it_until_it_dies(void **state)
{
    struct tale *s = leased(state, 1e6);
    at(s, 300);
    extends(s, 1, TOKEN);
    at(s, 301);
    gets(s, 1, STORE_REFUSED);
    at(s, 1000);
    dies(s, 1);
    at(s, 3000);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 700, 1000);
}

/* A renewal that is answered after all ends the stretch; the next lease is another one. */
static void a_late_renewal_ends_it(void **state)
{
    struct tale *s = leased(state, 1e6);
    at(s, 800);
    extends(s, 1, TOKEN);
    at(s, 810);
    is_told(s, 1, 1);
    at(s, 1300);
    ends(s);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 700, 810);
    assert_says(&found, "after that it sent no other before the one that renewed it");
}

/* Of three, the last was answered. */
static void those_before_it_were_in_vain(void **state)
{
    struct tale *s = leased(state, 1e6);
    for (int ms = 300; ms < 900; ms += 250) {
        at(s, ms);
        extends(s, 1, TOKEN);
        at(s, ms + 10);
        if (ms < 800) {
            gets(s, 1, STORE_UNKNOWN);
        } else {
            is_told(s, 1, 1);
        }
    }
    at(s, 1300);
    ends(s);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 700, 810);
    assert_says(&found, "after that it sent 2 in vain before the one that renewed it");
}

/* One that was told that the lock is not its own has not renewed. */
static void what_is_not_extended_is_no_renewal(void **state)
{
    struct tale *s = leased(state, 1e6);
    at(s, 300);
    extends(s, 1, TOKEN);
    at(s, 310);
    is_told(s, 1, 0);
    at(s, 900);
    ends(s);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 700, 900);
}

static void a_leader_that_stood_still_breaks_it_only_if_it_leads_on(void **state)
{
    struct tale *s = leased(state, 500);
    at(s, 200);
    is_paused(s, 1);
    at(s, 1500);
    resumes(s, 1);
    steps_down(s, 1, NOBODY);
    assert_int_equal(ending_of(s), CHECK_HELD);
}

/* The answer was lost; a look finds its own token there: then the lease counts from when the lock
 * was asked for first. */
static void a_look_may_tell_that_the_lock_is_its_own(void **state)
{
    struct tale *s = leased(state, 300);
    at(s, 400);
    steps_down(s, 1, NOBODY);
    at(s, 700);
    asks_lock(s, 1, TOKEN + 1);
    finds_it_busy(s, 1);
    at(s, 1000);
    asks_lock(s, 1, TOKEN + 1);
    at(s, 1100);
    gets(s, 1, STORE_UNKNOWN);
    looks_whose(s, 1, TOKEN + 1);
    at(s, 1101);
    finds_token(s, 1, TOKEN + 1);
    leads_until(s, 1, 2, 1e6);
    at(s, 1300);
    extends(s, 1, TOKEN + 1);
    at(s, 1301);
    gets(s, 1, STORE_REFUSED);
    at(s, 1800);
    ends(s);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 1600, 1800);
}

/* It stops at its deadline, and is given the lock anew long after: no stretch reaches from the one
 * to the other. */
static void what_is_between_two_reigns_is_no_stretch(void **state)
{
    struct tale *s = leased(state, 500);
    at(s, 300);
    begins_fault(s, 1, "stall");
    extends(s, 1, TOKEN);
    at(s, 500);
    gets(s, 1, STORE_UNKNOWN);
    steps_down(s, 1, NOBODY);
    at(s, 1000);
    asks_fenced(s, 1, TOKEN + 1);
    at(s, 1001);
    is_told(s, 1, 2);
    leads_until(s, 1, 2, 1400);
    at(s, 1400);
    steps_down(s, 1, NOBODY);
    assert_int_equal(ending_of(s), CHECK_HELD);
}

/* Its clock steps back when its time was over: it leads again by a lease of long ago. */
static void one_that_leads_again_without_a_lease_breaks_it_from_then_on(void **state)
{
    struct tale *s = leased(state, 500);
    at(s, 200);
    is_paused(s, 1);
    at(s, 1500);
    resumes(s, 1);
    begins_fault(s, 1, "jump");
    leads_until(s, 1, 1, 1900);
    at(s, 2500);
    steps_down(s, 1, NOBODY);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 1500, 1900);
    assert_says(&found,
                "node 1 was leader for 400.0 ms beyond its lease, which was over at 0.700 s");
}

/* It stood still while the answer came. That one tells of a lease that is over, too. */
static void stretches_do_not_overlap(void **state)
{
    struct tale *s = leased(state, 1e6);
    at(s, 200);
    extends(s, 1, TOKEN);
    is_paused(s, 1);
    at(s, 921);
    resumes(s, 1);
    is_told(s, 1, 1);
    at(s, 1500);
    ends(s);
    struct violations found = judged(s);
    assert_int_equal(found.count, 2);
    assert_interval(&found.list[0], 700, 921);
    assert_interval(&found.list[1], 921, 1500);
    assert_says(&found.list[1],
                "node 1 was leader for 579.0 ms beyond its lease, which was over at "
                "0.800 s");
    violations_free(&found);
}

/* Cut off by its deadline, it drops what is not answered yet: that was a test. */
static void a_deadline_without_any_answer_is_a_test(void **state)
{
    struct tale *s = leased(state, 500);
    at(s, 300);
    extends(s, 1, TOKEN);
    at(s, 500);
    steps_down(s, 1, NOBODY);
    at(s, 1300);
    gets(s, 1, STORE_UNKNOWN);
    assert_int_equal(ending_of(s), CHECK_HELD);
}

static void it_is_not_tested_while_all_is_well(void **state)
{
    struct tale *s = leased(state, 1e6);
    for (int i = 1; i < 10; i++) {
        at(s, 100 + i * 200);
        extends(s, 1, TOKEN);
        later(s, 1);
        is_told(s, 1, 1);
    }
    assert_int_equal(ending_of(s), CHECK_COULD_NOT_FIRE);
}

static void it_does_not_apply_where_nobody_leads_by_a_lock(void **state)
{
    struct tale *s = story_of(state);
    everybody_runs(s);
    at(s, 100);
    leads(s, 1, 1);
    at(s, 9000);
    assert_int_equal(ending_of(s), CHECK_DOES_NOT_APPLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_leader_that_is_cut_off_goes_on),
        STORY(a_leader_that_stops_at_its_deadline_is_well),
        STORY(one_that_gives_up_breaks_it_until_it_dies),
        STORY(a_late_renewal_ends_it),
        STORY(those_before_it_were_in_vain),
        STORY(what_is_not_extended_is_no_renewal),
        STORY(a_leader_that_stood_still_breaks_it_only_if_it_leads_on),
        STORY(a_look_may_tell_that_the_lock_is_its_own),
        STORY(what_is_between_two_reigns_is_no_stretch),
        STORY(one_that_leads_again_without_a_lease_breaks_it_from_then_on),
        STORY(stretches_do_not_overlap),
        STORY(a_deadline_without_any_answer_is_a_test),
        STORY(it_is_not_tested_while_all_is_well),
        STORY(it_does_not_apply_where_nobody_leads_by_a_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
