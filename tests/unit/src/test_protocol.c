/* What the table of protocols tells of each: who may lead, by which reasons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/article/article.h"
#include "src/owners.h"
#include "src/protocol.h"

static const struct vote votes[] = {
    {.id = 1, .status = STATUS_PREPARE}, {.id = 3, .status = STATUS_SUBMIT}, {.id = 7}};
static const bool up[] = {true, false, true};
static const struct truth truth = {.live = {.votes = votes, .count = 3}, .up = up};

static struct settings of(const char *protocol)
{
    struct settings settings = settings_default(9);
    int row = owner_find(OWNER_PROTOCOL, protocol);
    assert_true(row >= 0);
    settings_choose(&settings, OWNER_PROTOCOL, (uint8_t)row);
    return settings;
}

static bool may_lead(const struct settings *settings, int32_t leader, int32_t incumbent)
{
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->acceptable(settings, &truth, leader,
                                                                    incumbent);
}

static void the_truth_knows_who_lives(void **state)
{
    (void)state;
    const struct truth empty = {.live = {.count = 0}};
    assert_int_equal(truth_find(&truth, 1), 0);
    assert_int_equal(truth_find(&truth, 3), 1);
    assert_int_equal(truth_find(&truth, 7), 2);
    assert_int_equal(truth_find(&truth, 2), -1);
    assert_int_equal(truth_find(&truth, 9), -1);
    assert_int_equal(truth_find(&truth, NOBODY), -1);
    assert_int_equal(truth_find(&empty, 1), -1);
}

/* In the article's election one is acceptable: whom the rules give, paused or not. */
static void the_article_accepts_whom_its_rules_give(void **state)
{
    (void)state;
    struct settings settings = of("article");
    assert_true(may_lead(&settings, 3, NOBODY));
    assert_false(may_lead(&settings, 1, NOBODY));
    assert_false(may_lead(&settings, NOBODY, NOBODY));
    struct decision right = protocol_article.rules(&settings, truth.live, NOBODY);
    assert_int_equal(right.leader, 3);
    assert_string_equal(protocol_reason(&settings, right.reason), "rule 2");
}

static void a_lease_accepts_anybody_who_is_up(void **state)
{
    (void)state;
    struct settings settings = of("lease");
    assert_true(may_lead(&settings, 1, NOBODY));
    assert_true(may_lead(&settings, 7, 1));
    assert_false(may_lead(&settings, 3, NOBODY)); /* it is paused */
    assert_false(may_lead(&settings, 2, NOBODY));
    assert_false(may_lead(&settings, NOBODY, NOBODY));
    assert_true(protocol_leads_by_claim(&settings));
}

/* Of programs: nobody is to lead where they only lock; who leads says so, and holds the lock. */
static void programs_lead_by_rules_of_their_own(void **state)
{
    (void)state;
    struct settings lock = of("own_lock"), leader = of("own_leader"), lease = of("lease");
    assert_false(may_lead(&lock, 1, NOBODY));
    assert_true(may_lead(&leader, 1, NOBODY));
    assert_true(may_lead(&leader, 7, 1));
    assert_false(may_lead(&leader, 3, NOBODY)); /* it is paused */
    assert_false(may_lead(&leader, 2, NOBODY));
    assert_true(protocol_is_foreign(&lock) && protocol_is_foreign(&leader));
    assert_false(protocol_is_foreign(&lease));
    assert_false(protocol_has_leaders(&lock));
    assert_true(protocol_has_leaders(&leader) && protocol_leads_by_claim(&leader));
    assert_false(protocol_has_statuses(&lock) || protocol_has_statuses(&leader));
    assert_false(protocol_holds_on(&lock));
    assert_true(protocol_holds_on(&leader));
}

/* There is no machine of ours: one that is started stops. */
static void programs_have_no_machine_of_ours(void **state)
{
    (void)state;
    struct settings settings = of("own_lock");
    struct process process = process_new(1);
    struct event event = {.kind = EVENT_STARTED};
    struct action action = {0};
    process_step(&settings, &process, &event, &action);
    assert_true(action.stop);
}

static void there_are_no_other_reasons(void **state)
{
    (void)state;
    for (size_t row = 0; protocol_rows[row]; row++) {
        struct settings settings = of(protocol_rows[row]->name);
        assert_null(protocol_reason(&settings, 0));
        assert_non_null(protocol_reason(&settings, 1));
        assert_null(protocol_reason(&settings, UINT8_MAX));
    }
}

/* Histories are told by what a protocol may do: a leader is published, or says so itself. */
static void whoever_leads_is_published_or_claims_it(void **state)
{
    (void)state;
    struct settings article = of("article");
    assert_false(protocol_leads_by_claim(&article));
    assert_true(protocol_all_moments(&article) & 1u << MOMENT_PUBLISHES);
    article.value[OWNER_PROTOCOL][ARTICLE_DECIDED_BY] = DECIDED_BY_NODES;
    assert_true(protocol_all_moments(&article) & 1u << MOMENT_DECIDES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_truth_knows_who_lives),
        cmocka_unit_test(the_article_accepts_whom_its_rules_give),
        cmocka_unit_test(a_lease_accepts_anybody_who_is_up),
        cmocka_unit_test(programs_lead_by_rules_of_their_own),
        cmocka_unit_test(programs_have_no_machine_of_ours),
        cmocka_unit_test(there_are_no_other_reasons),
        cmocka_unit_test(whoever_leads_is_published_or_claims_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
