/* Orders by hand: what they become in the nemesis, and in a trial of the model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/history/history.h"
#include "sim/model/model.h"
#include "sim/scenario/load.h"
#include "src/units.h"

struct stage {
    struct scenario scenario;
    struct network network;
    struct model *model;
    struct history history;
};

static struct stage *open_stage(const char *text)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct scenario_report report;
    assert_non_null(stage);
    if (!scenario_parse("hand", text, strlen(text), &stage->scenario, &report)) {
        scenario_report_print(stderr, "hand", &report);
        fail();
    }
    network_of(&stage->scenario, &stage->network);
    stage->model = model_new_for_hand(&stage->scenario, &stage->network);
    assert_non_null(stage->model);
    assert_true(model_begin(stage->model, 1, 1, &stage->history));
    return stage;
}

static void close_stage(struct stage *stage)
{
    history_free(&stage->history);
    model_free(stage->model);
    scenario_free(&stage->scenario);
    free(stage);
}

/* Takes all that happens before this time. */
static void go_to(struct stage *stage, int64_t at_ns)
{
    struct model_choice next;
    while (model_enabled(stage->model, &next, 1) > 0 && next.at_ns < at_ns) {
        model_take(stage->model, next);
    }
}

static const char *order(struct stage *stage, enum hand what, uint16_t id)
{
    return model_order(stage->model, (struct hand_order){.what = (uint8_t)what, .id = id}, 0);
}

/* The last event of this kind; its number among all. */
static const struct history_event *last(const struct stage *stage, uint8_t kind)
{
    for (size_t i = stage->history.count; i-- > 0;) {
        if (stage->history.events[i].kind == kind) {
            return &stage->history.events[i];
        }
    }
    return NULL;
}

static void assert_by_hand(const struct stage *stage, uint8_t kind, uint16_t process,
                           const char *why)
{
    const struct history_event *event = last(stage, kind);
    assert_non_null(event);
    assert_int_equal(event->fault.index, HISTORY_HAND);
    assert_int_equal(event->process, process);
    assert_string_equal(event->why, why);
}

static const char article[] = "name: hand\nnodes: 3\nduration: 10s\n";

static void what_is_ordered_twice_is_undone(void **state)
{
    (void)state;
    struct stage *stage = open_stage(article);
    go_to(stage, NS_PER_S);
    assert_null(order(stage, HAND_CRASH, 3));
    assert_by_hand(stage, HISTORY_FAULT, 3, "crash 3 by hand");
    assert_int_equal(last(stage, HISTORY_DIED)->process, 3);
    go_to(stage, 2 * NS_PER_S);
    assert_null(order(stage, HAND_CRASH, 3));
    assert_by_hand(stage, HISTORY_FAULT, 3, "restart 3 by hand");
    assert_null(order(stage, HAND_PAUSE, 0));
    assert_by_hand(stage, HISTORY_FAULT, 0, "pause master by hand");
    go_to(stage, 3 * NS_PER_S);
    assert_null(order(stage, HAND_PAUSE, 0));
    assert_by_hand(stage, HISTORY_FAULT, 0, "resume master by hand");
    assert_int_equal(last(stage, HISTORY_RESUMED)->process, 0);
    assert_null(order(stage, HAND_CUT, 2));
    assert_by_hand(stage, HISTORY_FAULT, 2, "cut 2 by hand");
    uint32_t instance = last(stage, HISTORY_FAULT)->fault.instance;
    go_to(stage, 4 * NS_PER_S);
    assert_null(order(stage, HAND_CUT, 2));
    assert_by_hand(stage, HISTORY_HEALED, 2, "healed");
    assert_int_equal(last(stage, HISTORY_HEALED)->fault.instance, instance);
    assert_null(order(stage, HAND_FLIP, 1));
    assert_by_hand(stage, HISTORY_FAULT, 1, "flip 1 to prepare by hand"); /* it was elected */
    close_stage(stage);
}

static void what_makes_no_sense_is_skipped_with_the_reason(void **state)
{
    (void)state;
    struct stage *stage = open_stage(article);
    go_to(stage, NS_PER_S);
    assert_null(order(stage, HAND_CRASH, 2));
    assert_string_equal(order(stage, HAND_PAUSE, 2), "it was dead");
    assert_by_hand(stage, HISTORY_SKIPPED, 2, "it was dead");
    assert_string_equal(order(stage, HAND_FLIP, 2), "it was dead");
    assert_string_equal(order(stage, HAND_CRASH, 4), "there is no such member");
    assert_by_hand(stage, HISTORY_SKIPPED, 2, "it was dead"); /* there is no other */
    assert_null(order(stage, HAND_HEAL, 0));
    assert_string_equal(order(stage, HAND_HEAL, 0), "nothing was left to heal");
    go_to(stage, 9999 * NS_PER_MS);
    assert_null(order(stage, HAND_CRASH, 1)); /* it leads */
    go_to(stage, 10 * NS_PER_S + 1);
    assert_string_equal(order(stage, HAND_CRASH, 1), "everything is being healed");
    go_to(stage, INT64_MAX);
    assert_string_equal(order(stage, HAND_CRASH, 1), "the trial is over");
    close_stage(stage);
}

static void a_protocol_without_statuses_has_none_to_flip(void **state)
{
    (void)state;
    struct stage *stage = open_stage("name: hand\nnodes: 3\nduration: 10s\nprotocol: lease\n");
    go_to(stage, NS_PER_S);
    assert_string_equal(order(stage, HAND_FLIP, 1), "this protocol has no statuses");
    assert_string_equal(order(stage, HAND_CRASH, 0), "there is no such member");
    assert_null(order(stage, HAND_EXPIRE, 0)); /* a leader has it as long as it leads */
    assert_by_hand(stage, HISTORY_FAULT, HISTORY_HARNESS, "expire_lock lock by hand");
    close_stage(stage);
    stage = open_stage("name: hand\nnodes: 3\nduration: 10s\nlock: none\n");
    assert_string_equal(order(stage, HAND_EXPIRE, 0), "there is no lock");
    close_stage(stage);
}

/* Nobody is inside for long: it is met by lying in wait, once, however often that was ordered. */
static void a_lock_that_nobody_has_is_waited_for(void **state)
{
    (void)state;
    struct stage *stage = open_stage(article);
    go_to(stage, NS_PER_S);
    for (int i = 0; i < 300; i++) {
        assert_string_equal(order(stage, HAND_EXPIRE, 0),
                            "nobody is inside: it waits for the next one who is");
    }
    assert_null(last(stage, HISTORY_FAULT));
    go_to(stage, 2 * NS_PER_S);
    assert_by_hand(stage, HISTORY_FAULT, HISTORY_HARNESS, "expire_lock lock by hand");
    assert_null(last(stage, HISTORY_SKIPPED));
    size_t count = stage->history.count;
    assert_non_null(order(stage, HAND_EXPIRE, 0));
    assert_null(order(stage, HAND_HEAL, 0)); /* calls it off */
    go_to(stage, 3 * NS_PER_S);
    for (size_t i = count; i < stage->history.count; i++) {
        assert_int_not_equal(stage->history.events[i].kind, HISTORY_FAULT);
    }
    close_stage(stage);
}

/* All that is in force, whoever did it; what the scenario had planned for later still comes. */
static void healing_ends_the_scenarios_faults_as_well(void **state)
{
    (void)state;
    struct stage *stage = open_stage("name: hand\nnodes: 3\nduration: 10s\nfaults:\n"
                                     "  - {at: 1s, crash: 3, for: 5s}\n"
                                     "  - {at: 8s, pause: 1}\n");
    go_to(stage, 2 * NS_PER_S);
    assert_null(order(stage, HAND_CUT, 2));
    assert_null(order(stage, HAND_HEAL, 0));
    size_t healed = 0;
    for (size_t i = 0; i < stage->history.count; i++) {
        healed += stage->history.events[i].kind == HISTORY_HEALED;
    }
    assert_int_equal(healed, 2);
    assert_int_equal(last(stage, HISTORY_HEALED)->fault.index, HISTORY_HAND);
    go_to(stage, 9 * NS_PER_S);
    assert_string_equal(last(stage, HISTORY_FAULT)->why, "pause 1");
    close_stage(stage);
}

/* Where nobody orders anything, a model for hands is as any other. */
static void without_orders_the_bytes_are_the_same(void **state)
{
    (void)state;
    struct stage *stage = open_stage(article);
    go_to(stage, INT64_MAX);
    assert_true(model_is_over(stage->model));
    struct model *plain = model_new(&stage->scenario, &stage->network);
    struct history history = {0};
    assert_int_equal(model_trial(plain, 1, 1, &history, NULL), TRIAL_RAN);
    assert_int_equal(history.count, stage->history.count);
    assert_memory_equal(history.events, stage->history.events,
                        history.count * sizeof *history.events);
    history_free(&history);
    model_free(plain);
    close_stage(stage);
}

/* A state from before an order is gone back to, and what was ordered is not done in it. */
static void one_can_step_back_behind_an_order(void **state)
{
    (void)state;
    struct stage *stage = open_stage(article);
    go_to(stage, NS_PER_S);
    void *before = malloc(model_state_size(stage->model));
    assert_non_null(before);
    model_save(stage->model, before);
    assert_null(order(stage, HAND_CRASH, 3));
    void *after = malloc(model_state_size(stage->model));
    assert_non_null(after);
    model_save(stage->model, after);
    struct history history = {0};
    assert_true(model_load(stage->model, before, &history));
    history_free(&stage->history);
    stage->history = (struct history){0};
    assert_true(model_load(stage->model, after, &stage->history));
    assert_null(order(stage, HAND_HEAL, 0));
    assert_by_hand(stage, HISTORY_HEALED, 3, "healed");
    history_free(&history);
    free(before);
    free(after);
    close_stage(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_ordered_twice_is_undone),
        cmocka_unit_test(what_makes_no_sense_is_skipped_with_the_reason),
        cmocka_unit_test(a_protocol_without_statuses_has_none_to_flip),
        cmocka_unit_test(a_lock_that_nobody_has_is_waited_for),
        cmocka_unit_test(healing_ends_the_scenarios_faults_as_well),
        cmocka_unit_test(without_orders_the_bytes_are_the_same),
        cmocka_unit_test(one_can_step_back_behind_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
