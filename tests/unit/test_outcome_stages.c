/* Where an election's time goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/outcome/stages.h"
#include "sim/outcome/times.h"
#include "src/owners.h"
#include "tests/unit/outcomes.h"

#define NONE (-1.0) /* ms: it did not happen */

static void expect_stages(const struct election *election, const double (*ms)[STAGES])
{
    int64_t sum_ns = 0;
    for (unsigned stage = 0; stage < STAGES; stage++) {
        int64_t expected_ns = (*ms)[stage] < 0 ? NEVER_NS : (int64_t)((*ms)[stage] * MS);
        assert_int_equal(election->stage_ns[stage], expected_ns);
        sum_ns += expected_ns == NEVER_NS ? 0 : expected_ns;
    }
    bool settled = election->settled_ns != NEVER_NS;
    if (election->stage_ns[STAGE_DETECT] != NEVER_NS) {
        assert_int_equal(sum_ns, election_time_ns(election, settled ? TIME_SETTLE : TIME_ELECT));
    }
}

#define expect(election, ...) expect_stages(election, &(const double[STAGES]){__VA_ARGS__})

static void each_begins_where_the_last_one_ended(void **state)
{
    (void)state;
    struct tale *s = tale_new(1);
    everybody_runs(s); /* 0: due */
    acquires_lock(s, 0);
    releases_lock(s, 0); /* a round that led to nothing */
    at(s, 100);
    finds_lock_busy(s, 0); /* to 101 */
    at(s, 200);
    acquires_lock(s, 0); /* to 201 */
    at(s, 210);
    elects(s, 0, 1, 3, 1); /* reads to 211, publishes to 212 */
    releases_lock(s, 0);
    at(s, 300);
    all_obey(s, 1, 1);
    ends(s);
    struct outcome o = outcome_of(s);
    expect(&o.elections[0], 100, 101, 10, 0, 1, 88);
    outcome_free(&o);
}

/* At 100 ms; rule 2 has nobody, so whoever turns to submit makes an election due. */
static struct tale *flippable_cluster(void)
{
    struct tale *s = settled_cluster();
    s->claims[1].status = STATUS_PREPARE;
    is_flipped(s, 1, STATUS_PREPARE);
    return s;
}

static void what_was_before_does_not_count(void **state)
{
    (void)state;
    struct tale *s = flippable_cluster();
    asks_lock(s, 0, 77);
    at(s, 101);
    finds_it_busy(s, 0); /* and gives up */
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT); /* due */
    at(s, 130);
    acquires_lock(s, 0);   /* asks anew, by another token, at 130, has it at 131 */
    elects(s, 0, 3, 2, 2); /* reads to 132, publishes to 133 */
    at(s, 140);
    ends(s);
    struct outcome o = outcome_of(s);
    expect(&o.elections[1], 20, 1, 1, 0, 1, NONE);
    outcome_free(&o);
}

/* Between two tries of one wait it waits, too. */
static void who_waits_already_need_not_notice(void **state)
{
    (void)state;
    struct tale *s = flippable_cluster();
    finds_lock_busy(s, 0);
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT); /* due, while the master waits */
    at(s, 120);
    finds_lock_busy(s, 0);
    at(s, 130);
    acquires_lock(s, 0);   /* has it at 131 */
    elects(s, 0, 3, 2, 2); /* reads to 132, publishes to 133 */
    at(s, 140);
    ends(s);
    struct outcome o = outcome_of(s);
    expect(&o.elections[1], 0, 21, 1, 0, 1, NONE);
    outcome_free(&o);
}

/* It had asked, and the answer was under way. */
static void who_had_asked_already_need_not_notice(void **state)
{
    (void)state;
    struct tale *s = flippable_cluster();
    asks_lock(s, 0, 77);
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT);
    at(s, 125);
    gets_lock(s, 0);
    elects(s, 0, 3, 2, 2); /* to 127 */
    ends(s);
    struct outcome o = outcome_of(s);
    expect(&o.elections[1], 0, 15, 1, 0, 1, NONE);
    outcome_free(&o);
}

static void who_had_the_lock_already_waits_no_time(void **state)
{
    (void)state;
    struct tale *s = flippable_cluster(); /* at 100 */
    acquires_lock(s, 0);
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT);
    at(s, 125);
    elects(s, 0, 3, 2, 2); /* to 127 */
    ends(s);
    struct outcome o = outcome_of(s);
    expect(&o.elections[1], 0, 0, 16, 0, 1, NONE);
    outcome_free(&o);
}

static void without_a_lock_there_is_no_wait(void **state)
{
    (void)state;
    struct outcome o = outcome_of(settled_cluster());
    const struct election *e = &o.elections[0];
    assert_int_equal(e->stage_ns[STAGE_LOCK], NEVER_NS);
    assert_int_equal(e->stage_ns[STAGE_READ], 1 * MS);
    assert_int_equal(e->stage_ns[STAGE_PUBLISH], 1 * MS);
    outcome_free(&o);
}

static void what_is_not_published_has_no_stages(void **state)
{
    (void)state;
    struct tale *s = flippable_cluster();
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT);
    has_read(s, 0);
    ends(s);
    struct outcome o = outcome_of(s);
    expect(&o.elections[1], NONE, NONE, NONE, NONE, NONE, NONE);
    outcome_free(&o);
}

/* Its answer is lost, and when somebody sees the result, the master has the lock anew. */
static void what_is_seen_late_is_told_by_the_lock_of_its_time(void **state)
{
    (void)state;
    struct tale *s = flippable_cluster();
    at(s, 110);
    is_flipped(s, 3, STATUS_SUBMIT); /* due */
    at(s, 120);
    acquires_lock(s, 0); /* to 121 */
    has_read(s, 0);      /* to 122 */
    decides(s, 0, 3, 2);
    publishes(s, 0, 3, 2, 2);
    at(s, 130);
    gets(s, 0, STORE_UNKNOWN);
    releases_lock(s, 0);
    at(s, 140);
    acquires_lock(s, 0);
    at(s, 149);
    finds_result(s, 2, 3, 2, 2); /* to 150 */
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.elections[1].lock_wait_ns, 1 * MS);
    expect(&o.elections[1], 10, 1, 1, 0, 28, NONE);
    outcome_free(&o);
}

/* Under a lease nothing is read and nothing is published. */
static void a_lease_waits_for_the_lock(void **state)
{
    (void)state;
    struct tale *s = tale_new(2);
    int row = owner_find(OWNER_PROTOCOL, "lease");
    assert_true(row >= 0);
    settings_choose(&s->history.facts.settings, OWNER_PROTOCOL, (uint8_t)row);
    everybody_runs(s);
    at(s, 9);
    asks_lock(s, 1, 11);
    at(s, 10);
    gets_lock(s, 1);
    leads_until(s, 1, 1, 1000);
    at(s, 20);
    follows(s, 2, 1);
    at(s, 100);
    dies(s, 1); /* due */
    at(s, 140);
    asks_lock(s, 2, 12);
    at(s, 141);
    finds_it_busy(s, 2);
    at(s, 240);
    asks_lock(s, 2, 12);
    at(s, 242);
    gets_lock(s, 2);
    decides(s, 2, 2, 1);
    leads_until(s, 2, 2, 2000);
    ends(s);
    struct outcome o = outcome_of(s);
    assert_int_equal(o.election_count, 2);
    expect(&o.elections[1], 40, 102, NONE, 0, NONE, 0);
    outcome_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_begins_where_the_last_one_ended),
        cmocka_unit_test(what_was_before_does_not_count),
        cmocka_unit_test(who_waits_already_need_not_notice),
        cmocka_unit_test(who_had_asked_already_need_not_notice),
        cmocka_unit_test(who_had_the_lock_already_waits_no_time),
        cmocka_unit_test(without_a_lock_there_is_no_wait),
        cmocka_unit_test(what_is_not_published_has_no_stages),
        cmocka_unit_test(what_is_seen_late_is_told_by_the_lock_of_its_time),
        cmocka_unit_test(a_lease_waits_for_the_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
