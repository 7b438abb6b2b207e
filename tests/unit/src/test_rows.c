/* What the rows of src/ answer to those who stand outside: moments and topologies by name, reasons,
 * who is acceptable, what goes badly together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/article/article.h"
#include "src/lease/lease.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "src/topology.h"
#include "src/units.h"

static struct settings settings_of(const char *protocol, const char *lock)
{
    struct settings settings = settings_default(3);
    settings_choose(&settings, OWNER_PROTOCOL, (uint8_t)owner_find(OWNER_PROTOCOL, protocol));
    settings_choose(&settings, OWNER_LOCK, (uint8_t)owner_find(OWNER_LOCK, lock));
    return settings;
}

static void every_moment_and_topology_is_found_by_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < MOMENTS; i++) {
        assert_int_equal(moment_find(moment_rows[i].name), i);
    }
    for (int i = 0; i < TOPOLOGIES; i++) {
        const struct topology_row *row = &topology_rows[i];
        assert_int_equal(topology_find(row->name), i);
        assert_true(1 <= row->least && row->least <= row->usual && row->usual <= row->most);
        assert_true(row->most <= SERVERS_MAX);
    }
    assert_int_equal(moment_find("asks"), -1);
    assert_int_equal(topology_find("singles"), -1);
}

static void reasons_are_the_protocols_own(void **state)
{
    (void)state;
    struct settings article = settings_of("article", "token");
    struct settings lease = settings_of("lease", "token");
    assert_null(protocol_reason(&article, 0));
    assert_string_equal(protocol_reason(&article, 3), "rule 3");
    assert_null(protocol_reason(&article, 4));
    assert_non_null(protocol_reason(&lease, 1));
    assert_null(strstr(protocol_reason(&lease, 1), "rule"));
    assert_null(process_why(&article, 0));
}

/* A lease is extended by its lock; the article never extends one, so it does not ask for that. */
static void what_is_asked_depends_on_both_rows(void **state)
{
    (void)state;
    struct settings article = settings_of("article", "token");
    struct settings lease = settings_of("lease", "token");
    const uint32_t extends = 1u << MOMENT_EXTENDS_LOCK;
    assert_false(protocol_all_moments(&article) & extends);
    assert_true(protocol_all_moments(&lease) & extends);
    assert_false(protocol_asks(&article) & 1u << STORE_EXTEND_IF_EQUAL);
    assert_true(protocol_asks(&lease) & 1u << STORE_EXTEND_IF_EQUAL);
    assert_false(protocol_leads_by_claim(&article)); /* it publishes who leads */
    assert_true(protocol_leads_by_claim(&lease));
}

static const struct vote votes[] = {{.id = 1, .status = STATUS_PREPARE},
                                    {.id = 2, .status = STATUS_SUBMIT},
                                    {.id = 3, .status = STATUS_SUBMIT}};

static bool may_lead(const char *protocol, int32_t leader, int32_t incumbent)
{
    const bool up[] = {true, true, false};
    struct truth truth = {.live = {.votes = votes, .count = 3}, .up = up};
    struct settings settings = settings_of(protocol, "token");
    settings.value[OWNER_PROTOCOL][ARTICLE_STICKY] = strcmp(protocol, "article") == 0;
    const struct protocol_row *row = protocol_rows[settings.row[OWNER_PROTOCOL]];
    return row->acceptable(&settings, &truth, leader, incumbent);
}

static void who_may_lead_is_the_protocols_business(void **state)
{
    (void)state;
    /* The article: whom its rules give, here the lowest in submit, or a sticky one. */
    assert_true(may_lead("article", 2, NOBODY));
    assert_false(may_lead("article", 1, NOBODY));
    assert_true(may_lead("article", 3, 3));
    assert_false(may_lead("article", NOBODY, NOBODY));
    /* A lease: any candidate that runs. */
    assert_true(may_lead("lease", 1, NOBODY));
    assert_true(may_lead("lease", 2, 1));
    assert_false(may_lead("lease", 3, 3)); /* not up */
    assert_false(may_lead("lease", NOBODY, NOBODY));
}

static const char *clash_of(int64_t duration, int64_t deadline, int64_t retry)
{
    const char *hint = NULL;
    struct settings settings = settings_of("lease", "token");
    settings.value[OWNER_PROTOCOL][LEASE_DURATION] = duration * NS_PER_MS;
    settings.value[OWNER_PROTOCOL][LEASE_RENEW_DEADLINE] = deadline * NS_PER_MS;
    settings.value[OWNER_PROTOCOL][LEASE_RETRY] = retry * NS_PER_MS;
    const char *what = protocol_clash(&settings, &hint);
    if (what) {
        assert_non_null(hint);
    }
    return what;
}

/* "Refused unless duration > deadline > jitter × retry", with the jitter of 1.2. */
static void times_of_a_lease_that_go_badly_together_are_told(void **state)
{
    (void)state;
    const char *hint;
    struct settings article = settings_of("article", "token");
    assert_null(protocol_clash(&article, &hint));
    assert_null(clash_of(15000, 10000, 2000));
    assert_non_null(strstr(clash_of(10000, 10000, 2000), "duration must be longer"));
    assert_null(clash_of(10001, 10000, 2000));
    assert_non_null(strstr(clash_of(3000, 2400, 2000), "renew_deadline must be longer"));
    assert_null(clash_of(3000, 2401, 2000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_moment_and_topology_is_found_by_its_name),
        cmocka_unit_test(reasons_are_the_protocols_own),
        cmocka_unit_test(what_is_asked_depends_on_both_rows),
        cmocka_unit_test(who_may_lead_is_the_protocols_business),
        cmocka_unit_test(times_of_a_lease_that_go_badly_together_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
