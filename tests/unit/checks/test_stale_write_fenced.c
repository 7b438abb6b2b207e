/* The check stale_write with fencing: what the numbers tell and what not, and whose writes were
 * rejected. */
#include "tests/unit/checks/working.h"

/* Node 1 leads with this epoch and is paused; the Redis forgets its counter; node 2 leads. */
static void the_counter_is_lost(struct tale *s, uint64_t older, uint64_t newer)
{
    has_work(s, true);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, older, 1);
    at(s, 1000);
    begins_fault(s, 1, "pause");
    is_paused(s, 1);
    at(s, 1200);
    begins_fault(s, HISTORY_HARNESS, "power_loss");
    at(s, 2500);
    begins_to_work(s, 2, 9000, newer, 2);
    at(s, 3000);
    resumes(s, 1);
}

static void two_have_the_same_number(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    the_counter_is_lost(s, 1, 1);
    writes_as(s, 1, 1, 3);
    struct violation found = the_violation(s, "stale_write");
    assert_interval(&found, 3000.2, 3000.2);
    assert_processes(&found, 1, 2);
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.stale, 1);
}

/* The newer one has the lower number, and wrote first: the older one's barrier gets through. */
static void the_newer_has_the_lower_number(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, true);
    everybody_runs(s);
    at(s, 100);
    begins_its_barrier(s, 1, 1500, 7);
    later(s, 900);
    gets(s, 1, STORE_REFUSED);
    begins_fault(s, HISTORY_HARNESS, "power_loss");
    at(s, 2500);
    begins_to_work(s, 2, 9000, 1, 1);
    at(s, 3000);
    writes_as(s, 1, 7, 2);
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.stale, 1);
    is_rejected(s, 2, 1); /* what fencing makes of it */
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.rejected_newest, 1);
    assert_int_equal(work.rejected_stale, 0);
}

/* Their requests for the lock overlap: node 1's lasts from 100 to 200 ms. */
static void two_overlap(struct tale *s, uint64_t first, uint64_t second, const char *fault)
{
    has_work(s, true);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 1);
    later(s, 1);
    if (fault) {
        begins_fault(s, HISTORY_HARNESS, fault);
    }
    begins_to_work(s, 2, 150, second, 1);
    at(s, 200);
    s->claims[1].until_ns = INT64_C(9000000000);
    gets_lock(s, 1);
    leads_until(s, 1, 1, 9000);
    writes_as(s, 1, first, 2);
}

static void of_two_that_overlap_the_numbers_tell(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    two_overlap(s, 33, 34, "stall");
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.stale, 1);
}

static void in_the_order_of_their_numbers_all_is_well(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    two_overlap(s, 34, 33, NULL);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
}

static void unless_the_counter_may_be_lost_in_between(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    two_overlap(s, 33, 34, "crash");
    assert_int_equal(ending_of_work(s, &work), CHECK_UNDECIDED);
    assert_int_equal(work.stale, 0);
}

static void the_same_number_tells_nothing(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    two_overlap(s, 33, 33, NULL);
    assert_int_equal(ending_of_work(s, &work), CHECK_UNDECIDED);
}

/* --- rejections ------------------------------------------------------------------------------- */

/* The only one who leads can do nothing, and nobody else wrote before it who could be stale. */
static void all_of_the_rightful_leader_are_rejected(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, true);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, 3, 1);
    at(s, 1000);
    begins_fault(s, HISTORY_HARNESS, "power_loss");
    dies(s, 1);
    at(s, 2500);
    begins_its_barrier(s, 2, 9000, 1);
    later(s, 0.2);
    gets(s, 2, STORE_NIL);
    at(s, 2550);
    is_rejected(s, 2, 1);
    assert_int_equal(ending_of_work(s, &work), CHECK_COULD_NOT_FIRE);
    assert_int_equal(work.rejected, 2);
    assert_int_equal(work.rejected_newest, 2);
    assert_int_equal(work.rejected_stale, 0);
}

/* It is not stale yet when it is rejected: a newer leader writes only later. */
static void whoever_leads_later_does_not_matter(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, true);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, 2, 1);
    at(s, 1000);
    begins_fault(s, HISTORY_HARNESS, "power_loss");
    dies(s, 1);
    at(s, 2500);
    begins_its_barrier(s, 2, 4000, 1);
    later(s, 0.2);
    gets(s, 2, STORE_NIL);
    at(s, 4500);
    begins_to_work(s, 3, 9000, 2, 2);
    at(s, 4600);
    is_rejected(s, 2, 1);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
    assert_int_equal(work.rejected_newest, 1);
    assert_int_equal(work.rejected_stale, 1);
}

/* The newer one died before it was told that its barrier was accepted: the rejection tells. */
static void a_rejection_tells_of_a_barrier(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, true);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, 33, 1);
    at(s, 2500);
    begins_its_barrier(s, 2, 9000, 34);
    later(s, 0.1);
    dies(s, 2);
    at(s, 3000);
    is_rejected(s, 1, 33);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
    assert_int_equal(work.rejected_stale, 1);
}

/* Nothing in the history explains it. */
static void a_rejection_without_a_cause_is_not_told_as_stale(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, true);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, 33, 1);
    is_rejected(s, 1, 33);
    ending_of_work(s, &work);
    assert_int_equal(work.rejected, 1);
    assert_int_equal(work.rejected_stale, 0);
    assert_int_equal(work.rejected_newest, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(two_have_the_same_number),
        STORY(the_newer_has_the_lower_number),
        STORY(of_two_that_overlap_the_numbers_tell),
        STORY(in_the_order_of_their_numbers_all_is_well),
        STORY(unless_the_counter_may_be_lost_in_between),
        STORY(the_same_number_tells_nothing),
        STORY(all_of_the_rightful_leader_are_rejected),
        STORY(whoever_leads_later_does_not_matter),
        STORY(a_rejection_tells_of_a_barrier),
        STORY(a_rejection_without_a_cause_is_not_told_as_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
