/* What was done by hand, saved as a scenario: however that is written, the text that is made of it
 * loads, and the model does in it what was done by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/chaos_plan.h"
#include "sim/model/model.h"
#include "sim/scenario/load.h"
#include "src/units.h"

/* An order, and when. */
struct act {
    int64_t at_ms;
    enum hand what;
    uint16_t id;
};
#define ACTS_MAX 12

static void load(const char *text, struct scenario *scenario)
{
    struct scenario_report report;
    if (!scenario_parse("saved", text, strlen(text), scenario, &report)) {
        fprintf(stderr, "%s\n", text);
        scenario_report_print(stderr, "saved", &report);
        fail();
    }
}

/* Plays the first trial, with these orders, up to one with at_ms 0. */
static void play(const struct scenario *scenario, const struct act *acts, struct history *history)
{
    struct network network;
    struct model_choice next;
    network_of(scenario, &network);
    struct model *model = model_new_for_hand(scenario, &network);
    assert_non_null(model);
    assert_true(model_begin(model, 1, scenario->seed, history));
    while (model_enabled(model, &next, 1) > 0) {
        if (acts && acts->at_ms > 0 && next.at_ns > acts->at_ms * NS_PER_MS) {
            const struct hand_order order = {.what = (uint8_t)acts->what, .id = acts->id};
            model_order(model, order, acts->at_ms * NS_PER_MS);
            acts++;
        } else {
            model_take(model, next);
        }
    }
    for (size_t i = 0; i < history->count; i++) { /* they are the model's */
        history->events[i].why = "-";
    }
    model_free(model);
}

/* The text of the trial as a scenario; free() it. */
static char *saved(const struct scenario *scenario, const struct history *history)
{
    char *text = NULL, why[300] = "";
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    if (!chaos_plan_write(file, scenario, history, false, why, sizeof why)) {
        fail_msg("%s", why);
    }
    fclose(file);
    return text;
}

/* The next event that is no skipped fault. */
static size_t next_of(const struct history *history, size_t at)
{
    while (at < history->count && history->events[at].kind == HISTORY_SKIPPED) {
        at++;
    }
    return at;
}

static void assert_alike(const struct history *one, const struct history *other)
{
    size_t j = next_of(other, 0);
    for (size_t i = next_of(one, 0); i < one->count; i = next_of(one, i + 1)) {
        struct history_event a = one->events[i], b = other->events[j];
        bool fault = a.kind == HISTORY_FAULT || a.kind == HISTORY_HEALED;
        a.seq = b.seq = 0;
        if (fault) { /* which of the file, and for how long: that is what has changed */
            a.fault.index = b.fault.index = 0;
            a.fault.instance = b.fault.instance = 0;
            a.fault.param = b.fault.param = 0;
        }
        assert_int_equal(a.at_ns, b.at_ns);
        assert_memory_equal(&a, &b, sizeof a);
        j = next_of(other, j + 1);
    }
    assert_int_equal(j, other->count);
}

/* Returns the text, which does the same; free() it. */
static char *assert_saves(const char *text, const struct act *acts)
{
    struct scenario scenario, again;
    struct history history = {0}, repeated = {0};
    load(text, &scenario);
    play(&scenario, acts, &history);
    assert_true(chaos_plan_was_by_hand(&scenario, &history));
    char *plan = saved(&scenario, &history);
    load(plan, &again);
    play(&again, NULL, &repeated);
    assert_false(chaos_plan_was_by_hand(&again, &repeated));
    assert_alike(&history, &repeated);
    history_free(&history);
    history_free(&repeated);
    scenario_free(&scenario);
    scenario_free(&again);
    return plan;
}

static const struct act some[ACTS_MAX] = {
    {1000, HAND_CRASH, 3}, {1100, HAND_PAUSE, 2},  {1200, HAND_PAUSE, 3}, {1500, HAND_CRASH, 3},
    {1700, HAND_CUT, 1},   {1800, HAND_EXPIRE, 0}, {2200, HAND_CUT, 1},   {2300, HAND_FLIP, 1},
    {2600, HAND_CUT, 0},   {3000, HAND_HEAL, 0},   {3500, HAND_PAUSE, 0}};

/* However it is written. Last but one, JSON; CR LF; without a newline at the end. */
static const char *const texts[] = {
    "name: hand\nnodes: 3\nduration: 4s\n",
    "name: hand\nnodes: 3\nduration: 4s",
    "# one\nname: hand   # two\nnodes: 3\nduration: 4s   # three\n# four\n",
    "name: hand\nduration: 4s\nnodes: 3\nabout: >\n  A text\n  over two lines.\n\n# the end\n",
    "name: hand\nnodes: 3\nduration: 4s\nexpect:\n  checks:\n    no_leader: allowed\n\n\n",
    "name: hand\nnodes: 3\nduration: 4s\nfaults: []   # none\nseed: 7\n",
    "name: hand\nfaults:\n  # a\n  - {at: 500ms, crash: 2}   # b\n\nnodes: 3\nduration: 4s\n",
    "name: hand\nnodes: 3\nduration: 4s\nfaults:\n- at: 500ms\n  crash: 1\n  for: 100ms\n# end\n",
    "name: hand\nnodes: 3\nduration: 4s\nfaults: [{at: 500ms, flip: 2, to: submit}]\n",
    "name: hand\nnodes: 3\nduration: 4s\nfaults: [\n  {at: 500ms, flip: 2, to: submit},  # a\n]\n",
    "{name: hand, nodes: 3, duration: 4s}\n",
    "{name: hand, nodes: 3, duration: 4s, faults: [], seed: 9,}\n",
    "{\"name\": \"hand\", \"nodes\": 3, \"duration\": \"4s\"}",
    "{\"name\": \"hand\", \"nodes\": 3, \"duration\": \"4s\", \"faults\": []}",
    "  name: hand\n  nodes: 3\n  duration: 4s\n",
    "name: hand\r\nnodes: 3\r\nduration: 4s\r\nfaults:\r\n  - {at: 1s, flip: 2, to: submit}\r\n",
    "name: h\nnodes: 3\nduration: 4s\nfaults:\n  - {randomly: {mean: 1s}, crash: any, for: 9ms}\n",
    "name: hand\nnodes: 3\nduration: 4s\nprotocol: lease\n",
    "{name: h, nodes: 3, duration: 4s, lock: redlock, redis: {topology: independent, servers: 3}}",
};

static void however_it_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(assert_saves(texts[i], some));
    }
}

/* What the section `pauses` drew stands there, too. */
static void beside_a_table_of_pauses(void **state)
{
    static const char *const forms[] = {
        "name: hand\nnodes: 3\nduration: 4s\npauses: {table: %s, mean: 500ms}   # mine\n",
        "name: hand\nfaults: []\npauses:\n  table: %s\n  mean: 500ms\nnodes: 3\nduration: 4s\n",
        "{name: hand, nodes: 3, pauses: {table: %s, mean: 500ms}, duration: 4s}\n"};
    char table[] = "/tmp/hustings-test-XXXXXX";
    (void)state;
    FILE *file = fdopen(mkstemp(table), "w");
    assert_non_null(file);
    fputs("10ms\n200ms\n", file);
    fclose(file);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char text[400];
        snprintf(text, sizeof text, forms[i], table);
        char *plan = assert_saves(text, some);
        free(plan);
    }
    remove(table);
}

static void it_says_who_did_it(void **state)
{
    static const struct act acts[] = {{1000, HAND_CRASH, 3}, {1500, HAND_HEAL, 0}, {0}};
    (void)state;
    char *plan = assert_saves("name: hand\nnodes: 3\nduration: 4s\n# the end\n", acts);
    assert_string_equal(plan, "name: hand\nnodes: 3\nduration: 4s\nfaults:\n"
                              "  # Done by hand in trial 1 with seed 1, on model:\n"
                              "  - {at: 1s, crash: 3, for: 500ms}\n# the end\n");
    free(plan);
}

/* A fault of the scenario that somebody healed lasts as long as it did, and others stay. */
static void what_was_healed_by_hand_is_cut_short(void **state)
{
    static const struct act acts[] = {{1500, HAND_HEAL, 0}, {0}};
    (void)state;
    char *plan = assert_saves("name: hand\ntrials: 1\nnodes: 3\nduration: 4s\nfaults:\n"
                              "  - {at: 500ms, crash: 3, for: 2s}   # long\n"
                              "  - {at: 600ms, pause: 2, for: 100ms}\n"
                              "  - {at: 700ms, cut: 1}\n",
                              acts);
    assert_string_equal(plan, "name: hand\ntrials: 1\nnodes: 3\nduration: 4s\nfaults:\n"
                              "  # - {at: 500ms, crash: 3, for: 2s}   # long\n"
                              "  # Healed by hand in trial 1 with seed 1, on model:\n"
                              "  - {at: 500ms, crash: 3, for: 1s}\n"
                              "  - {at: 600ms, pause: 2, for: 100ms}\n"
                              "  # - {at: 700ms, cut: 1}\n"
                              "  # Healed by hand in trial 1 with seed 1, on model:\n"
                              "  - {at: 700ms, cut: 1, for: 800ms}\n");
    free(plan);
}

static void a_trial_that_nobody_touched_is_not_by_hand(void **state)
{
    struct scenario scenario;
    struct history history = {0};
    (void)state;
    load("name: hand\nnodes: 3\nduration: 4s\nfaults:\n  - {at: 1s, crash: 3, for: 1s}\n"
         "  - {at: 3s, pause: 2}\n  - {at: 3500ms, cut: 1, for: 2s}\n",
         &scenario);
    play(&scenario, NULL, &history);
    assert_false(chaos_plan_was_by_hand(&scenario, &history));
    history_free(&history);
    scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_it_is_written),
        cmocka_unit_test(beside_a_table_of_pauses),
        cmocka_unit_test(it_says_who_did_it),
        cmocka_unit_test(what_was_healed_by_hand_is_cut_short),
        cmocka_unit_test(a_trial_that_nobody_touched_is_not_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
