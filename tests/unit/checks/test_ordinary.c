/* What the real step machines do when nothing goes wrong breaks no promise, in the eyes of any
 * check; and what is then altered in such a history, or done to such a cluster, is found by the
 * checks whose business it is and by no other. */
#include "tests/unit/checks/judged.h"

#include <string.h>

#include "src/article/article.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "tests/unit/checks/cluster.h"

static struct settings ordinary(void)
{
    return settings_default(5);
}

static void begin(struct cluster *cluster, struct settings settings)
{
    cluster_begin(cluster, settings);
    cluster->history.facts.heals = true;
    cluster->history.facts.settles_within_ns = 1000000000;
    cluster->history.facts.lock_within_ns = 1000000000;
}

static void end(struct cluster *cluster, int64_t healed_ms, int64_t end_ms)
{
    cluster_run_until(cluster, healed_ms);
    cluster_phase(cluster, PHASE_LIVENESS);
    cluster_run_until(cluster, end_ms);
    cluster_phase(cluster, PHASE_END);
}

static uint32_t one(const char *check)
{
    int row = check_find(check);
    assert_true(row >= 0);
    return 1u << row;
}

/* Exactly these checks found something. */
static void assert_found(const struct history *history, uint32_t expected)
{
    struct violations found = {0};
    uint32_t checks = 0;
    assert_true(checks_run(history, &found));
    for (size_t i = 0; i < found.count; i++) {
        checks |= 1u << found.list[i].check;
    }
    if (checks != expected) {
        for (size_t i = 0; i < found.count; i++) {
            print_error("%s: %s\n", check_rows[found.list[i].check]->name,
                        found.list[i].explanation);
        }
    }
    assert_int_equal(checks, expected);
    violations_free(&found);
}

static void an_ordinary_election_is_well(void **state)
{
    (void)state;
    for (uint8_t variant = 0; variant < 16; variant++) {
        struct cluster cluster;
        struct settings settings = ordinary();
        settings.value[OWNER_PROTOCOL][ARTICLE_DECIDED_BY] =
            variant & 1 ? DECIDED_BY_NODES : DECIDED_BY_MASTER;
        settings.value[OWNER_PROTOCOL][ARTICLE_STICKY] = variant >> 1 & 1;
        settings.value[OWNER_PROTOCOL][ARTICLE_SUBMITS] = variant >> 2 & 1;
        settings.value[OWNER_PROTOCOL][ARTICLE_REPORT] = variant & 8 ? 300000000 : 0;
        begin(&cluster, settings);
        end(&cluster, 1500, 3000);
        /* Who reported first may have won, before the lower ids were on the ballot. */
        assert_int_not_equal(cluster.result.id, NOBODY);
        assert_true(cluster.history.count > 200);
        assert_found(&cluster.history, 0);
        history_free(&cluster.history);
    }
}

static void the_death_of_the_leader(void **state)
{
    (void)state;
    struct cluster cluster;
    begin(&cluster, ordinary());
    cluster_run_until(&cluster, 1500);
    cluster_crash(&cluster, 1);
    end(&cluster, 2500, 4000);
    assert_found(&cluster.history, one("dead_leader") | one("no_leader"));
    history_free(&cluster.history);
}

static void the_death_and_return_of_the_leader(void **state)
{
    (void)state;
    struct cluster cluster;
    begin(&cluster, ordinary());
    cluster_run_until(&cluster, 1500);
    cluster_crash(&cluster, 1);
    cluster_run_until(&cluster, 1900);
    cluster_restart(&cluster, 1);
    end(&cluster, 2500, 4000);
    assert_found(&cluster.history, one("dead_leader"));
    history_free(&cluster.history);
}

/* The healing brings it back; if it does not, nothing is settled. */
static void the_death_of_a_follower_is_well(void **state)
{
    (void)state;
    for (int comes_back = 0; comes_back < 2; comes_back++) {
        struct cluster cluster;
        begin(&cluster, ordinary());
        cluster_run_until(&cluster, 1500);
        cluster_crash(&cluster, 4);
        cluster_run_until(&cluster, 2500);
        if (comes_back) {
            cluster_restart(&cluster, 4);
        }
        end(&cluster, 2500, 4000);
        assert_found(&cluster.history, comes_back ? 0 : one("no_leader"));
        history_free(&cluster.history);
    }
}

/* The old leader hears of the master's election by looking, up to 100 ms later. */
static void a_new_leader_overlaps_with_the_old_one(void **state)
{
    (void)state;
    struct cluster cluster;
    begin(&cluster, ordinary());
    cluster_run_until(&cluster, 1530);
    cluster_flip(&cluster, MASTER_ID, STATUS_SUBMIT);
    end(&cluster, 2500, 4000);
    assert_int_equal(cluster.result.id, MASTER_ID);
    assert_found(&cluster.history, one("two_leaders"));
    history_free(&cluster.history);
}

static void without_a_lock_everybody_enters(void **state)
{
    (void)state;
    struct cluster cluster;
    struct settings settings = ordinary();
    settings_choose(&settings, OWNER_LOCK, (uint8_t)owner_find(OWNER_LOCK, "none"));
    begin(&cluster, settings);
    end(&cluster, 1500, 3000);
    assert_found(&cluster.history, one("two_lock_holders"));
    history_free(&cluster.history);
}

/* --- alterations ---------------------------------------------------------------------------------
 */

typedef void (*alteration)(struct history_event *event);

static void decide_for_node_3(struct history_event *event)
{
    if (event->kind == HISTORY_DECIDED) {
        event->decided.decision.leader = 3;
    }
}

static void publish_node_3(struct history_event *event)
{
    if (event->kind == HISTORY_REQUEST && event->request.op == STORE_SET_RESULT) {
        event->request.value.result.id = 3;
    }
}

static void master_never_leaves(struct history_event *event)
{
    if (event->kind == HISTORY_CLAIM && event->process == MASTER_ID) {
        event->claim.claim.in_section = 1;
    }
}

static void node_4_leads_too(struct history_event *event)
{
    if (event->kind == HISTORY_CLAIM && event->process == 4) {
        event->claim.claim.leads = 1;
    }
}

static void node_4_follows_node_2(struct history_event *event)
{
    if (event->kind == HISTORY_CLAIM && event->process == 4) {
        event->claim.claim.follows = 2;
    }
}

static void leader_does_not_lead(struct history_event *event)
{
    if (event->kind == HISTORY_CLAIM) {
        event->claim.claim.leads = 0;
    }
}

static void node_2_never_acquires(struct history_event *event)
{
    bool gets_it = event->kind == HISTORY_CLAIM && event->process == 2;
    bool uses_it = event->kind == HISTORY_REQUEST && event->process == 2 &&
                   event->request.op != STORE_PUT_IF_ABSENT;
    if (gets_it || uses_it) {
        *event = (struct history_event){
            .at_ns = event->at_ns, .kind = HISTORY_MORE, .process = event->process};
    }
}

static void an_alteration_is_found(alteration alter, uint32_t expected)
{
    struct cluster cluster;
    begin(&cluster, ordinary());
    end(&cluster, 1500, 3000);
    for (size_t i = 0; i < cluster.history.count; i++) {
        alter(&cluster.history.events[i]);
    }
    assert_found(&cluster.history, expected);
    history_free(&cluster.history);
}

static void alterations_are_found(void **state)
{
    (void)state;
    an_alteration_is_found(decide_for_node_3, one("wrong_winner"));
    an_alteration_is_found(publish_node_3, one("wrong_winner"));
    an_alteration_is_found(master_never_leaves, one("two_lock_holders"));
    an_alteration_is_found(node_4_leads_too, one("two_leaders"));
    an_alteration_is_found(node_4_follows_node_2, one("disagreement") | one("no_leader"));
    an_alteration_is_found(leader_does_not_lead, one("no_leader"));
    an_alteration_is_found(node_2_never_acquires, one("starvation") | one("no_leader"));
}

static void the_table_is_in_order(void **state)
{
    (void)state;
    const char *names[] = {"two_lock_holders", "two_leaders",  "foreign_release",
                           "wrong_winner",     "stale_result", "dead_leader",
                           "disagreement",     "no_leader",    "starvation"};
    int last = -1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(check_find(names[i]) > last);
        last = check_find(names[i]);
    }
    for (int i = 0; i < (int)check_count(); i++) {
        assert_int_equal(check_find(check_rows[i]->name), i);
        assert_true(check_rows[i]->promise[0]);
    }
    assert_null(check_rows[check_count()]);
    assert_int_equal(check_find("bad_luck"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_election_is_well),
        cmocka_unit_test(the_death_of_the_leader),
        cmocka_unit_test(the_death_and_return_of_the_leader),
        cmocka_unit_test(the_death_of_a_follower_is_well),
        cmocka_unit_test(a_new_leader_overlaps_with_the_old_one),
        cmocka_unit_test(without_a_lock_everybody_enters),
        cmocka_unit_test(alterations_are_found),
        cmocka_unit_test(the_table_is_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
