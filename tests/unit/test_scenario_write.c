/* A scenario that is written and loaded again is the same: all scenarios that there are, and one
 * that uses everything. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/write.h"

static const char everything[] =
    "name: everything\n"
    "about: \"It says \\\"never\\\",\\nC:\\\\ and a\\ttab: ok\"\n"
    "nodes: 5\n"
    "trials: 7\n"
    "seed: 18446744073709551615\n"
    "duration: 9.5s\n"
    "heal: false\n"
    "protocol:\n"
    "  article: {decided_by: nodes, submits: nobody, sticky: true, poll: 1.5us, report: 20ms}\n"
    "lock: {setnx: {ttl: 1500ms, retry: 0s, wait: 3s}}\n"
    "redis: {persistence: aof-always}\n"
    "network: {latency: {p50: 1us, p99: 1.001us}}\n"
    "starts: {all: 1s, nodes: {within: 2s}, 2: {within: 1s}, 3: 3s, master: all_reported}\n"
    "faults:\n"
    "  - {at: 1.000000001s, crash: [1, 2, master], for: 1s}\n"
    "  - {every: 700ms, until: 6s, pause: any, for: 10us}\n"
    "  - {when: settled, after: 3s, flip: others, to: prepare}\n"
    "  - {when: {does: settled, nth: 3}, expire_lock: lock}\n"
    "  - {when: {who: [1, 2], does: asks_lock, nth: 2, before: true}, crash: lock_holder}\n"
    "  - {when: {who: leader, does: reports, applied: true}, pause: leader}\n"
    "  - {randomly: {mean: 1.2345ms, until: 2s, at_most_down: 0}, hold_lock: any, for: 3s}\n"
    "  - randomly: {mean: 2s}\n"
    "    one_of: [{crash: any, weight: 9}, {flip: master, to: submit}]\n"
    "expect:\n"
    "  leaders: [1, master, 2]\n"
    "  checks: {no_leader: sometimes, starvation: always, two_leaders: allowed}\n"
    "  verdicts: {ok: never, none: always}\n"
    "  elect_ms: {p50: 0.000001, max: 86399999.999999}\n"
    "  settle_ms: {p90: 3}\n"
    "  settles_within: 59m\n"
    "  lock_within: 24ms\n";

static void assert_parses(const char *path, const char *text, struct scenario *scenario)
{
    struct scenario_report report;
    if (!scenario_parse(path, text, strlen(text), scenario, &report)) {
        scenario_report_print(stderr, path, &report);
        fail();
    }
}

static char *written(const struct scenario *scenario)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_true(scenario_write(stream, scenario));
    fclose(stream);
    return text;
}

/* Field by field: what lies between the fields may differ. */
static void assert_same_target(const struct target *a, const struct target *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->ids, b->ids, a->count * sizeof *a->ids);
}

static void assert_same_trigger(const struct trigger *a, const struct trigger *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->moment, b->moment);
    assert_int_equal(a->before, b->before);
    assert_int_equal(a->applied, b->applied);
    assert_same_target(&a->who, &b->who);
    assert_int_equal(a->nth, b->nth);
    assert_true(a->at_ns == b->at_ns && a->until_ns == b->until_ns && a->after_ns == b->after_ns);
    assert_int_equal(a->first, b->first);
    assert_int_equal(a->one_of, b->one_of);
    assert_int_equal(a->weight, b->weight);
    assert_int_equal(a->at_most_down, b->at_most_down);
}

static void assert_same_faults(const struct scenario *a, const struct scenario *b)
{
    assert_int_equal(a->fault_count, b->fault_count);
    for (uint32_t i = 0; i < a->fault_count; i++) {
        const struct fault_spec *one = &a->faults[i];
        const struct fault_spec *other = &b->faults[i];
        assert_int_equal(one->kind, other->kind);
        assert_same_target(&one->target, &other->target);
        assert_same_trigger(&one->trigger, &other->trigger);
        assert_memory_equal(one->params, other->params, sizeof one->params);
        assert_string_equal(one->text, other->text);
    }
}

static void assert_same(const struct scenario *a, const struct scenario *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->about ? a->about : "", b->about ? b->about : "");
    assert_memory_equal(&a->settings, &b->settings, sizeof a->settings);
    assert_int_equal(a->trials, b->trials);
    assert_true(a->seed == b->seed);
    assert_true(a->duration_ns == b->duration_ns && a->heal == b->heal);
    assert_true(a->request_timeout_ns == b->request_timeout_ns);
    for (uint32_t id = 0; id <= a->settings.nodes; id++) {
        assert_int_equal(a->starts[id].kind, b->starts[id].kind);
        assert_true(a->starts[id].time_ns == b->starts[id].time_ns);
    }
    assert_int_equal(a->persistence, b->persistence);
    assert_int_equal(a->latency.shape, b->latency.shape);
    assert_int_equal(a->latency.count, b->latency.count);
    assert_memory_equal(a->latency.times_ns, b->latency.times_ns,
                        a->latency.count * sizeof *a->latency.times_ns);
    assert_memory_equal(&a->expect, &b->expect, sizeof a->expect);
    assert_same_faults(a, b);
}

/* Loads what was written of it, and compares. */
static void assert_comes_back(const struct scenario *scenario)
{
    struct scenario again;
    char *text = written(scenario);
    assert_parses(scenario->path, text, &again);
    assert_same(scenario, &again);
    scenario_free(&again);
    free(text);
}

static void everything_comes_back(void **state)
{
    struct scenario scenario;
    (void)state;
    assert_parses("everything", everything, &scenario);
    assert_comes_back(&scenario);
    scenario_free(&scenario);
}

static void every_scenario_comes_back(void **state)
{
    glob_t files;
    (void)state;
    assert_int_equal(glob(TESTS_DIR "/../scenarios/*/*.yaml", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 5);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct scenario scenario;
        struct scenario_report report;
        assert_true(scenario_load(files.gl_pathv[i], &scenario, &report));
        assert_comes_back(&scenario);
        scenario_free(&scenario);
    }
    globfree(&files);
}

static void the_shortest_comes_back(void **state)
{
    struct scenario scenario;
    (void)state;
    assert_parses("short", "name: short\nnodes: 1\nduration: 1ms\n", &scenario);
    assert_comes_back(&scenario);
    scenario_free(&scenario);
}

/* As it was given, too. */
static void every_latency_comes_back(void **state)
{
    static const char *const latencies[] = {"120us", "{p50: 60us, p99: 60us}",
                                            "{min: 1us, max: 1m}", "{mean: 1500us}",
                                            "{table: [1us, 1us, 2.001us, 30s]}"};
    (void)state;
    for (size_t i = 0; i < sizeof latencies / sizeof *latencies; i++) {
        struct scenario scenario;
        char yaml[200];
        snprintf(yaml, sizeof yaml, "name: a\nnodes: 1\nduration: 1s\nnetwork:\n  latency: %s\n",
                 latencies[i]);
        assert_parses("latency", yaml, &scenario);
        assert_comes_back(&scenario);
        char *text = written(&scenario);
        assert_non_null(strstr(text, strstr(yaml, "  latency")));
        free(text);
        scenario_free(&scenario);
    }
}

static void a_full_disk_is_told(void **state)
{
    struct scenario scenario;
    FILE *full = fopen("/dev/full", "w");
    (void)state;
    assert_non_null(full);
    assert_parses("everything", everything, &scenario);
    assert_false(scenario_write(full, &scenario));
    fclose(full);
    scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back),   cmocka_unit_test(every_scenario_comes_back),
        cmocka_unit_test(the_shortest_comes_back), cmocka_unit_test(every_latency_comes_back),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
