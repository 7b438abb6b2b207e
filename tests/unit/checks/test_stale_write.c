/* The check stale_write: stories that it must fail, their twins, and what cannot be known. */
#include "tests/unit/checks/working.h"

static void a_paused_leader_wakes_up_and_writes(void **state)
{
    struct tale *s = story_of(state);
    the_first_is_paused(s, false);
    later(s, 0.2);
    is_told(s, 1, 3);
    at(s, 3050);
    writes(s, 1, 0);
    later(s, 0.3);
    is_told(s, 1, 4);
    struct violation found = the_violation(s, "stale_write");
    assert_interval(&found, 3000.2, 3050.3);
    assert_processes(&found, 1, 2);
    assert_string_equal(found.explanation,
                        "the resource accepted 2 writes of node 1, whose grant began at 0.100 s, "
                        "after one of node 2, whose grant began at 2.500 s (faults: pause of "
                        "node 1)");
    struct work_count work;
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.accepted, 4);
    assert_int_equal(work.stale, 2);
}

/* However their writes follow each other. */
static void a_grant_is_told_once(void **state)
{
    struct tale *s = story_of(state);
    has_work(s, false);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1000, 0, 1);
    at(s, 1100);
    begins_to_work(s, 2, 2000, 0, 2);
    at(s, 2100);
    begins_to_work(s, 3, 9000, 0, 3);
    for (int count = 4; count < 10; count++) {
        at(s, 2000 + 100 * count);
        writes_as(s, count % 2 == 0 ? 1 : 2, 0, count);
    }
    struct violations found = judged(s);
    assert_int_equal(found.count, 2);
    assert_processes(&found.list[0], 1, 3);
    assert_processes(&found.list[1], 2, 3);
    assert_interval(&found.list[0], 2400.2, 2800.2);
    assert_interval(&found.list[1], 2500.2, 2900.2);
    assert_says(&found.list[1], "3 writes of node 2");
    assert_int_equal(found.work.stale, 6);
    violations_free(&found);
}

static void a_rejected_write_is_none(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    the_first_is_paused(s, true);
    later(s, 0.2);
    gets(s, 1, STORE_NIL);
    all_is_well(s);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
    assert_int_equal(work.accepted, 2);
    assert_int_equal(work.rejected, 1);
    assert_int_equal(work.rejected_stale, 1);
}

/* Its answer comes after the newer one's, but the resource had it first. */
static void before_the_barrier_it_is_late(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, false);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, 0, 1);
    at(s, 2500);
    writes(s, 1, 0);
    begins_to_work(s, 2, 9000, 0, 3);
    is_told(s, 1, 2);
    all_is_well(s);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
    assert_int_equal(work.late, 1);
    assert_int_equal(work.stale, 0);
}

/* Nobody was told that its write was the third; but there was a third. */
static void a_gap_tells_of_an_unanswered_one(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    the_first_is_paused(s, false);
    later(s, 0.1);
    dies(s, 1);
    at(s, 3100);
    writes(s, 2, 0);
    later(s, 0.2);
    is_told(s, 2, 4);
    struct violation found = the_violation(s, "stale_write");
    assert_says(&found, "accepted 1 write of node 1");
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.accepted, 4);
}

static void without_a_gap_it_was_not_applied(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    the_first_is_paused(s, false);
    later(s, 0.1);
    dies(s, 1);
    at(s, 3100);
    writes(s, 2, 0);
    later(s, 0.2);
    is_told(s, 2, 3);
    all_is_well(s);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
}

/* The newer leader dies when its barrier has been accepted: only the next count shows that. */
static void a_gap_may_be_the_barrier(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, false);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, 0, 1);
    at(s, 1000);
    begins_fault(s, 1, "pause");
    is_paused(s, 1);
    at(s, 2500);
    uint32_t barrier = begins_its_barrier(s, 2, 9000, 0);
    later(s, 0.1);
    dies(s, 2);
    at(s, 3000);
    resumes(s, 1);
    uint32_t stale = writes(s, 1, 0);
    later(s, 0.2);
    is_told(s, 1, 3);
    struct violation found = the_violation(s, "stale_write");
    assert_interval(&found, 3000.2, 3000.2);
    assert_processes(&found, 1, 2);
    assert_int_equal(found.events[found.event_count - 2], barrier);
    assert_int_equal(found.events[found.event_count - 1], stale);
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.accepted, 3);
    assert_int_equal(work.stale, 1);
    assert_int_equal(work.late, 0);
}

/* Nobody was told of the second: it may have been the first leader's, or the newer one's. */
static void one_of_two_is_in_a_gap(struct tale *s)
{
    has_work(s, false);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 9000, 0, 1);
    at(s, 300);
    writes(s, 1, 0);
    later(s, 500);
    gets(s, 1, STORE_UNKNOWN);
    at(s, 2500);
    begins_its_barrier(s, 2, 9000, 0);
    later(s, 500);
    gets(s, 2, STORE_UNKNOWN);
}

static void whose_the_gap_was_matters_to_the_older(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    one_of_two_is_in_a_gap(s);
    writes_as(s, 1, 0, 3);
    assert_int_equal(ending_of_work(s, &work), CHECK_UNDECIDED);
    assert_int_equal(work.stale, 0);
}

static void whose_the_gap_was_does_not_matter_to_the_newer(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    one_of_two_is_in_a_gap(s);
    writes_as(s, 2, 0, 3);
    writes_as(s, 2, 0, 4);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
    writes_as(s, 1, 0, 5);
    assert_int_equal(ending_of_work(s, &work), CHECK_BROKEN);
    assert_int_equal(work.stale, 1);
}

/* It died with a write under way, and nothing that came later tells what became of it. */
static void at_the_very_end_it_cannot_be_known(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    the_first_is_paused(s, false);
    later(s, 0.1);
    dies(s, 1);
    all_is_well(s);
    assert_int_equal(ending_of_work(s, &work), CHECK_UNDECIDED);
}

/* Whose request took the lock first? Both were under way at once. */
static void grants_that_overlap_have_no_order(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, false);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 1);
    begins_to_work(s, 2, 150, 0, 1);
    at(s, 200);
    s->claims[1].until_ns = INT64_C(9000000000);
    gets_lock(s, 1);
    leads_until(s, 1, 1, 9000);
    writes(s, 1, 0);
    later(s, 0.2);
    is_told(s, 1, 2);
    all_is_well(s);
    assert_int_equal(ending_of_work(s, &work), CHECK_UNDECIDED);
}

static void one_alone_cannot_be_stale(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, false);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 9000, 0, 1);
    all_is_well(s);
    assert_int_equal(ending_of_work(s, &work), CHECK_COULD_NOT_FIRE);
    assert_int_equal(work.accepted, 1);
}

/* It works by two grants, one after the other, and nobody else is running. */
static void one_process_alone_has_nobody_older(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    has_work(s, false);
    runs(s, 1);
    at(s, 100);
    begins_to_work(s, 1, 9000, 0, 1);
    at(s, 200);
    dies(s, 1);
    at(s, 300);
    runs(s, 1);
    at(s, 3000);
    begins_to_work(s, 1, 9000, 0, 2);
    assert_int_equal(ending_of_work(s, &work), CHECK_COULD_NOT_FIRE);
    runs(s, 2);
    later(s, 1);
    assert_int_equal(ending_of_work(s, &work), CHECK_HELD);
    assert_int_equal(work.accepted, 2);
}

static void without_work_it_does_not_apply(void **state)
{
    struct tale *s = story_of(state);
    struct work_count work;
    everybody_runs(s);
    assert_int_equal(ending_of_work(s, &work), CHECK_DOES_NOT_APPLY);
    assert_int_equal(work.accepted, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_paused_leader_wakes_up_and_writes),
        STORY(a_grant_is_told_once),
        STORY(a_rejected_write_is_none),
        STORY(before_the_barrier_it_is_late),
        STORY(a_gap_tells_of_an_unanswered_one),
        STORY(without_a_gap_it_was_not_applied),
        STORY(at_the_very_end_it_cannot_be_known),
        STORY(grants_that_overlap_have_no_order),
        STORY(one_alone_cannot_be_stale),
        STORY(one_process_alone_has_nobody_older),
        STORY(without_work_it_does_not_apply),
        STORY(a_gap_may_be_the_barrier),
        STORY(whose_the_gap_was_matters_to_the_older),
        STORY(whose_the_gap_was_does_not_matter_to_the_newer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
