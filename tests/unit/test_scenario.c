/* The scenario loader: what good files become. (Bad ones: test_scenario_bad.c.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/checks/check.h"
#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/source.h"
#include "src/article/article.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

#define HEAD "name: test\nnodes: 5\nduration: 6s\n"
#define MS INT64_C(1000000)

/* Parses a text that must be good. */
static struct scenario good(const char *text)
{
    struct scenario scenario;
    struct scenario_report report;
    if (!scenario_parse("test.yaml", text, strlen(text), &scenario, &report)) {
        scenario_report_print(stderr, "test.yaml", &report);
        fail_msg("a problem in a good scenario");
    }
    return scenario;
}

/* Parses a text that must be bad, and returns how many problems it has. */
static uint32_t problems_in(const char *text)
{
    struct scenario scenario;
    struct scenario_report report;
    assert_false(scenario_parse("test.yaml", text, strlen(text), &scenario, &report));
    assert_null(scenario.text);
    assert_true(report.count > 0);
    return report.count;
}

static void the_least_scenario_takes_every_default(void **state)
{
    struct scenario scenario = good(HEAD);
    const struct settings *settings = &scenario.settings;
    (void)state;
    assert_string_equal(scenario.name, "test");
    assert_string_equal(scenario.path, "test.yaml");
    assert_string_equal(scenario.text, HEAD);
    assert_int_equal(scenario.text_length, strlen(HEAD));
    assert_null(scenario.about);
    assert_int_equal(settings->nodes, 5);
    assert_int_equal(settings->row[OWNER_PROTOCOL], owner_find(OWNER_PROTOCOL, "article"));
    assert_int_equal(settings->row[OWNER_LOCK], owner_find(OWNER_LOCK, "token"));
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_DECIDED_BY], DECIDED_BY_MASTER);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_SUBMITS], SUBMITS_ELECTED);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_STICKY], 0);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_MASTER_LOCKS], 1);
    assert_int_equal(settings->value[OWNER_LOCK][LOCK_TTL], 2000 * MS);
    assert_int_equal(settings->value[OWNER_LOCK][LOCK_RETRY], 100 * MS);
    assert_int_equal(settings->value[OWNER_LOCK][LOCK_WAIT], 0);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_POLL], 100 * MS);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_REPORT], 0);
    assert_int_equal(scenario.request_timeout_ns, 1000 * MS);
    assert_int_equal(scenario.trials, 1);
    assert_int_equal(scenario.seed, 1);
    assert_int_equal(scenario.duration_ns, 6000 * MS);
    assert_true(scenario.heal);
    assert_int_equal(scenario.persistence, PERSIST_NONE);
    assert_int_equal(scenario.latency.shape, LATENCY_LOG_NORMAL);
    assert_int_equal(scenario.latency.times_ns[0], 60000);
    assert_int_equal(scenario.latency.times_ns[1], 300000);
    assert_int_equal(scenario.fault_count, 0);
    for (int id = 0; id <= 5; id++) {
        assert_int_equal(scenario.starts[id].kind, START_AT);
        assert_int_equal(scenario.starts[id].time_ns, 0);
    }
    assert_false(scenario.expect.has_leaders);
    for (size_t i = 0; i < check_count(); i++) {
        assert_int_equal(scenario.expect.checks[i], EXPECT_NEVER);
    }
    for (int i = 0; i < VERDICTS; i++) {
        assert_int_equal(scenario.expect.verdicts[i], EXPECT_ALLOWED);
    }
    assert_int_equal(scenario.expect.settles_within_ns, 2000 * MS);
    assert_int_equal(scenario.expect.lock_within_ns, 10000 * MS);
    assert_int_equal(scenario.expect.elect.ns[BOUND_P99], 0);
    scenario_free(&scenario);
}

static void every_key_is_taken(void **state)
{
    struct scenario scenario =
        good(HEAD "about: >\n  Two\n  lines.\n\n"
                  "protocol: {article: {decided_by: nodes, submits: nobody, sticky: true,\n"
                  "  master_locks: false, poll: 0ms, report: 500ms}}\n"
                  "lock: {setnx: {ttl: 3s, retry: 0s, wait: 5s}}\nrequest_timeout: 250ms\n"
                  "trials: 7\nseed: 0xfFFFffffFFFFffff\nheal: false\n"
                  "redis:\n  persistence: aof-always\n"
                  "network: {latency: {p50: 120us, p99: 1ms}}\n"
                  "expect:\n  leaders: [1, master, 1]\n  checks: {dead_leader: always}\n"
                  "  verdicts: {ok: sometimes, none: never}\n"
                  "  elect_ms: {p50: 0.25, p90: 3, p99: 500, max: 1000}\n  settle_ms: {max: 7.5}\n"
                  "  settles_within: 1s\n  lock_within: 4s\n");
    const struct settings *settings = &scenario.settings;
    const struct expectations *expect = &scenario.expect;
    (void)state;
    assert_string_equal(scenario.about, "Two lines.");
    assert_int_equal(settings->row[OWNER_LOCK], owner_find(OWNER_LOCK, "setnx"));
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_DECIDED_BY], DECIDED_BY_NODES);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_SUBMITS], SUBMITS_NOBODY);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_STICKY], 1);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_MASTER_LOCKS], 0);
    assert_int_equal(settings->value[OWNER_LOCK][LOCK_TTL], 3000 * MS);
    assert_int_equal(settings->value[OWNER_LOCK][LOCK_RETRY], 0);
    assert_int_equal(settings->value[OWNER_LOCK][LOCK_WAIT], 5000 * MS);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_POLL], 0);
    assert_int_equal(settings->value[OWNER_PROTOCOL][ARTICLE_REPORT], 500 * MS);
    assert_int_equal(scenario.request_timeout_ns, 250 * MS);
    assert_int_equal(scenario.trials, 7);
    assert_true(scenario.seed == UINT64_MAX);
    assert_false(scenario.heal);
    assert_int_equal(scenario.persistence, PERSIST_AOF_ALWAYS);
    assert_int_equal(scenario.latency.times_ns[0], 120000);
    assert_int_equal(scenario.latency.times_ns[1], MS);
    assert_true(expect->has_leaders);
    assert_int_equal(expect->leader_count, 3);
    assert_int_equal(expect->leaders[0], 1);
    assert_int_equal(expect->leaders[1], 0);
    assert_int_equal(expect->checks[check_find("dead_leader")], EXPECT_ALWAYS);
    assert_int_equal(expect->checks[check_find("two_leaders")], EXPECT_NEVER);
    assert_int_equal(expect->verdicts[VERDICT_OK], EXPECT_SOMETIMES);
    assert_int_equal(expect->verdicts[VERDICT_NONE], EXPECT_NEVER);
    assert_int_equal(expect->verdicts[VERDICT_DEAD], EXPECT_ALLOWED);
    assert_int_equal(expect->elect.ns[BOUND_P50], MS / 4);
    assert_int_equal(expect->elect.ns[BOUND_MAX], 1000 * MS);
    assert_int_equal(expect->settle.ns[BOUND_MAX], 7500000);
    assert_int_equal(expect->settles_within_ns, 1000 * MS);
    assert_int_equal(expect->lock_within_ns, 4000 * MS);
    scenario_free(&scenario);
}

static void the_starvation_bound_follows_the_ttl(void **state)
{
    struct scenario scenario = good(HEAD "lock: {token: {ttl: 100ms}}\n");
    (void)state;
    assert_int_equal(scenario.expect.lock_within_ns, 500 * MS);
    scenario_free(&scenario);
}

static void the_more_specific_start_wins(void **state)
{
    struct scenario scenario =
        good(HEAD "starts: {3: 3s, all: 1s, nodes: {within: 2s}, master: all_reported}\n");
    (void)state;
    assert_int_equal(scenario.starts[0].kind, START_ALL_REPORTED);
    assert_int_equal(scenario.starts[1].kind, START_WITHIN);
    assert_int_equal(scenario.starts[1].time_ns, 2000 * MS);
    assert_int_equal(scenario.starts[3].kind, START_AT);
    assert_int_equal(scenario.starts[3].time_ns, 3000 * MS);
    scenario_free(&scenario);
    scenario = good(HEAD "starts: {all: 1s, \"2\": 0s}\n");
    assert_int_equal(scenario.starts[0].time_ns, 1000 * MS);
    assert_int_equal(scenario.starts[1].time_ns, 1000 * MS);
    assert_int_equal(scenario.starts[2].time_ns, 0);
    scenario_free(&scenario);
}

static void faults_are_read_with_their_triggers(void **state)
{
    struct scenario scenario =
        good(HEAD "faults:\n"
                  "  - when: {who: 1, does: reports, nth: 2, before: true}\n"
                  "    crash: leader\n"
                  "  - {at: 3s, flip: 4, to: submit}\n"
                  "  - {every: 500ms, until: 2s, pause: any, for: 100ms}\n"
                  "  - {every: 500ms, pause: others, for: 1.5s}\n"
                  "  - {when: settled, after: 1s, hold_lock: [2, master, 3], for: 3s}\n"
                  "  - {when: {does: settled, nth: 3}, expire_lock: lock}\n");
    const struct fault_spec *faults = scenario.faults;
    (void)state;
    assert_int_equal(scenario.fault_count, 6);
    assert_int_equal(faults[0].trigger.kind, TRIGGER_WHEN);
    assert_int_equal(faults[0].trigger.who.kind, TARGET_IDS);
    assert_int_equal(faults[0].trigger.who.ids[0], 1);
    assert_int_equal(faults[0].trigger.moment, MOMENT_REPORTS);
    assert_int_equal(faults[0].trigger.nth, 2);
    assert_true(faults[0].trigger.before);
    assert_int_equal(faults[0].target.kind, TARGET_LEADER);
    assert_int_equal(faults[0].line, 6);
    assert_int_equal(faults[1].trigger.at_ns, 3000 * MS);
    assert_int_equal(faults[1].params[0], STATUS_SUBMIT);
    assert_int_equal(faults[2].trigger.kind, TRIGGER_EVERY);
    assert_int_equal(faults[2].trigger.at_ns, 500 * MS);
    assert_int_equal(faults[2].trigger.until_ns, 2000 * MS);
    assert_int_equal(faults[3].trigger.until_ns, 6000 * MS);
    assert_int_equal(faults[4].trigger.kind, TRIGGER_SETTLED);
    assert_int_equal(faults[4].trigger.nth, 1);
    assert_int_equal(faults[4].trigger.after_ns, 1000 * MS);
    assert_int_equal(faults[4].target.count, 3);
    assert_int_equal(faults[4].target.ids[1], 0);
    assert_int_equal(faults[4].params[0], 3000 * MS);
    assert_int_equal(faults[5].trigger.nth, 3);
    assert_int_equal(faults[5].target.kind, TARGET_LOCK);
    scenario_free(&scenario);
}

static void faults_are_told_in_english(void **state)
{
    static const char *const texts[] = {
        "crash leader",         "flip 4 to submit",
        "pause 2 for 3s",       "hold_lock 2, master and 3 for 1500us",
        "expire_lock",          "expire_lock lock_holder",
        "crash master",         "restart master",
        "crash 1 and 2 for 1s", "crash 1, 2, 3, 4, 5, 6 and 3 more",
    };
    struct scenario scenario =
        good("name: t\nnodes: 9\nduration: 6s\nfaults:\n"
             "- {when: settled, crash: leader}\n- {at: 0s, flip: 4, to: submit}\n"
             "- {at: 0s, pause: 2, for: 3s}\n- {at: 0s, hold_lock: [2, 0, 3], for: 1.5ms}\n"
             "- {at: 0s, expire_lock: lock}\n- {at: 0s, expire_lock: lock_holder}\n"
             "- {at: 0s, crash: master}\n- {at: 1s, restart: 0}\n"
             "- {at: 0s, crash: [1, 2], for: 1s}\n"
             "- {at: 4s, crash: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n");
    (void)state;
    assert_int_equal(scenario.fault_count, sizeof texts / sizeof texts[0]);
    for (uint32_t i = 0; i < scenario.fault_count; i++) {
        assert_string_equal(scenario.faults[i].text, texts[i]);
    }
    scenario_free(&scenario);
}

/* What might be possible must pass: only what no run could make happen is refused. */
static void possible_sequences_are_accepted(void **state)
{
    static const char *const lists[] = {
        "[{at: 1s, crash: 3}, {at: 2s, restart: 3}, {at: 3s, crash: 3}]",
        "[{at: 1s, crash: 3, for: 1s}, {at: 2s, crash: 3}]",
        "[{at: 1s, pause: 3}, {at: 2s, crash: 3}, {at: 3s, restart: 3}]",
        "[{at: 1s, crash: leader}, {at: 2s, restart: 3}]",
        "[{at: 1s, crash: any}, {at: 2s, crash: 3}, {at: 3s, restart: 2}]",
        "[{when: settled, pause: leader}, {at: 2s, resume: 1}]",
        "[{at: 3s, restart: 3}, {at: 2s, crash: 3}]",
        "[{every: 1s, crash: 3, for: 500ms}]",
        "[{every: 1s, crash: 3}, {at: 1500ms, restart: 3}]",
        "[{every: 4s, crash: 3}]",
        "[{at: 1s, pause: 3}, {at: 2s, flip: 3, to: submit}]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char text[400];
        snprintf(text, sizeof text, HEAD "faults: %s\n", lists[i]);
        struct scenario scenario = good(text);
        scenario_free(&scenario);
    }
}

static void flow_block_comments_and_json_are_the_same(void **state)
{
    static const char *const texts[] = {
        "# a comment\nname: t # here too\nnodes: 2\nduration: 1s\nfaults:\n- at: 500ms\n  crash: "
        "2\n",
        "{name: t, nodes: 2, duration: 1s, faults: [{at: 500ms, crash: 2}]}",
        "{\"name\": \"t\", \"nodes\": 2, \"duration\": \"1s\",\n"
        " \"faults\": [{\"at\": \"500ms\", \"crash\": 2}]}",
        "\xef\xbb\xbf---\r\nname: t\r\nnodes: 2\r\nduration: 1s\r\nfaults: [{at: 500ms, crash: "
        "2}]\r\n...",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct scenario scenario = good(texts[i]);
        assert_string_equal(scenario.name, "t");
        assert_int_equal(scenario.settings.nodes, 2);
        assert_string_equal(scenario.faults[0].text, "crash 2");
        assert_string_equal(scenario.text, texts[i]);
        scenario_free(&scenario);
    }
}

static void every_node_may_have_its_own_start(void **state)
{
    size_t size = 16383 * 20 + 100;
    char *text = malloc(size);
    size_t used = (size_t)snprintf(text, size, "name: t\nnodes: 16383\nduration: 6s\nstarts:\n");
    (void)state;
    for (int id = 1; id <= 16383; id++) {
        used += (size_t)snprintf(text + used, size - used, "  %d: %dus\n", id, id);
    }
    struct scenario scenario = good(text);
    assert_int_equal(scenario.starts[16383].time_ns, 16383000);
    scenario_free(&scenario);
    free(text);
}

static void all_problems_are_counted_and_the_first_kept(void **state)
{
    char text[4000] = HEAD;
    (void)state;
    size_t used = strlen(text);
    for (int i = 0; i < 70; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "key%d: 1\n", i);
    }
    assert_int_equal(problems_in(text), 70);
    assert_int_equal(problems_in("name: A\nnodes: 0\nduration: 1\n"), 3);
}

static void the_size_is_bounded(void **state)
{
    struct scenario scenario;
    struct scenario_report report;
    char *text = malloc(SCENARIO_FILE_MAX + 1);
    (void)state;
    memset(text, '#', SCENARIO_FILE_MAX + 1);
    memcpy(text, HEAD, sizeof HEAD - 1); /* what follows is a comment */
    assert_false(scenario_parse("t", text, SCENARIO_FILE_MAX + 1, &scenario, &report));
    assert_int_equal(report.problems[0].line, 0);
    assert_true(scenario_parse("t", text, SCENARIO_FILE_MAX, &scenario, &report));
    scenario_free(&scenario);
    free(text);
}

static bool has_default(const struct scenario_defaults *defaults, const char *key,
                        const char *value)
{
    for (size_t i = 0; i < defaults->count; i++) {
        if (strcmp(defaults->list[i].key, key) == 0) {
            return strcmp(defaults->list[i].value, value) == 0;
        }
    }
    return false;
}

static void defaults_taken_are_noted(void **state)
{
    struct scenario scenario;
    struct scenario_report report;
    struct scenario_defaults defaults = {0};
    (void)state;
    assert_true(scenario_load_noting(TESTS_DIR "/fuzz/corpus/everything.yaml", &scenario, &report,
                                     &defaults, NULL));
    assert_true(has_default(&defaults, "protocol.article.sticky", "false"));
    assert_true(has_default(&defaults, "lock.token.wait", "forever"));
    assert_true(has_default(&defaults, "faults[1].for", "for good"));
    assert_true(has_default(&defaults, "expect.lock_within",
                            "10s (5 x the lock's ttl); no trial lasts longer"));
    assert_false(has_default(&defaults, "protocol", "article"));
    scenario_defaults_free(&defaults);
    scenario_free(&scenario);
}

static void times_of_faults_may_be_told_in_leases(void **state)
{
    (void)state;
    struct scenario scenario =
        good(HEAD "protocol: {lease: {duration: 1200ms, renew_deadline: 1s, retry: 100ms}}\n"
                  "faults:\n"
                  "  - {at: 1.5 x lease, pause: 1, for: 0.001 x lease}\n"
                  "  - {when: {who: any, does: leads}, after: 2 x lease, crash: leader}\n");
    assert_int_equal(scenario.faults[0].trigger.at_ns, 1800 * MS);
    assert_int_equal(fault_lasts_ns(&scenario.faults[0]), 1200 * 1000);
    assert_int_equal(scenario.faults[1].trigger.after_ns, 2400 * MS);
    scenario_free(&scenario);
    scenario = good(HEAD "lock: {token: {ttl: 500ms}}\nfaults: [{at: 3 x lease, crash: 1}]\n");
    assert_int_equal(scenario.faults[0].trigger.at_ns, 1500 * MS);
    scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_scenario_takes_every_default),
        cmocka_unit_test(every_key_is_taken),
        cmocka_unit_test(the_starvation_bound_follows_the_ttl),
        cmocka_unit_test(the_more_specific_start_wins),
        cmocka_unit_test(faults_are_read_with_their_triggers),
        cmocka_unit_test(faults_are_told_in_english),
        cmocka_unit_test(possible_sequences_are_accepted),
        cmocka_unit_test(flow_block_comments_and_json_are_the_same),
        cmocka_unit_test(every_node_may_have_its_own_start),
        cmocka_unit_test(all_problems_are_counted_and_the_first_kept),
        cmocka_unit_test(the_size_is_bounded),
        cmocka_unit_test(defaults_taken_are_noted),
        cmocka_unit_test(times_of_faults_may_be_told_in_leases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
