/* A trial of the model that is held: going on in pieces makes the trial that runs by itself, an
 * order makes another future and leaves the past, and what was done by hand, saved as a scenario,
 * is the same trial again. */
#include "tests/unit/live/played.h"

#include "sim/cli/chaos_plan.h"
#include "sim/live/held.h"
#include "sim/live/keys.h"
#include "sim/model/network.h"
#include "sim/scenario/load.h"

static const char text[] = "name: held\n"
                           "nodes: 4\n"
                           "duration: 3s\n"
                           "faults:\n"
                           "  - {at: 1s, pause: 2, for: 200ms}\n"
                           "  - {randomly: {mean: 700ms}, crash: any, for: 100ms}\n";

struct theatre {
    struct scenario scenario;
    struct network network;
    struct model *model;
    struct held_trial held;
};

static void load(const char *bytes, struct scenario *scenario)
{
    struct scenario_report report;
    if (!scenario_parse("held", bytes, strlen(bytes), scenario, &report)) {
        scenario_report_print(stderr, "held", &report);
        fail();
    }
}

static void stage_begin(struct theatre *stage)
{
    *stage = (struct theatre){0};
    load(text, &stage->scenario);
    network_of(&stage->scenario, &stage->network);
    stage->model = model_new_for_hand(&stage->scenario, &stage->network);
    assert_non_null(stage->model);
    assert_true(held_begin(&stage->held, stage->model, 1, 7));
}

static void stage_end(struct theatre *stage)
{
    held_free(&stage->held);
    model_free(stage->model);
    scenario_free(&stage->scenario);
}

static void assert_same(const struct history *a, const struct history *b, size_t count)
{
    assert_true(count <= a->count && count <= b->count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(a->events[i].at_ns, b->events[i].at_ns);
        assert_int_equal(a->events[i].kind, b->events[i].kind);
        assert_int_equal(a->events[i].process, b->events[i].process);
    }
}

/* What the model makes of a scenario by itself; history_free() it. */
static struct history by_itself(const struct scenario *scenario, uint64_t seed)
{
    struct network network;
    struct history history = {0};
    network_of(scenario, &network);
    struct model *model = model_new(scenario, &network);
    assert_int_equal(model_trial(model, 1, seed, &history, NULL), TRIAL_RAN);
    model_free(model);
    return history;
}

static void pieces_make_the_whole(void **unused)
{
    (void)unused;
    struct theatre stage;
    stage_begin(&stage);
    struct history whole = by_itself(&stage.scenario, 7);
    for (int i = 0; i < 20; i++) {
        assert_true(held_go_on(&stage.held, INT64_MIN));
        assert_true(held_go_on(&stage.held, i * 37 * MS));
    }
    while (held_go_on(&stage.held, INT64_MIN)) {
    }
    assert_int_equal(stage.held.history.count, whole.count);
    assert_same(&stage.held.history, &whole, whole.count);
    assert_non_null(held_found(&stage.held));
    history_free(&whole);
    stage_end(&stage);
}

static struct hand_order order(enum hand what, uint16_t id)
{
    return (struct hand_order){.what = (uint8_t)what, .id = id};
}

static size_t count_by(const struct history *history, int64_t at_ns)
{
    size_t count = 0;
    while (count < history->count && history->events[count].at_ns <= at_ns) {
        count++;
    }
    return count;
}

static void an_order_in_the_past_leaves_what_was_before(void **unused)
{
    (void)unused;
    struct theatre stage;
    stage_begin(&stage);
    struct history whole = by_itself(&stage.scenario, 7);
    held_go_on(&stage.held, INT64_MAX);
    assert_null(held_order(&stage.held, order(HAND_CRASH, 1), 1500 * MS));
    size_t before = count_by(&whole, 1500 * MS);
    assert_same(&stage.held.history, &whole, before);
    assert_int_equal(stage.held.history.events[before].kind, HISTORY_FAULT);
    assert_int_equal(stage.held.history.events[before].fault.index, HISTORY_HAND);
    assert_true(held_go_on(&stage.held, 2000 * MS));
    /* Another one, still earlier: then the first never was. */
    assert_null(held_order(&stage.held, order(HAND_PAUSE, 3), 600 * MS));
    held_go_on(&stage.held, INT64_MAX);
    assert_int_equal(stage.held.count, 1);
    size_t by_hand = 0;
    for (size_t i = 0; i < stage.held.history.count; i++) {
        const struct history_event *event = &stage.held.history.events[i];
        by_hand += event->kind == HISTORY_FAULT && event->fault.index == HISTORY_HAND;
    }
    assert_int_equal(by_hand, 1);
    history_free(&whole);
    stage_end(&stage);
}

static void orders_at_one_moment_follow_each_other(void **unused)
{
    (void)unused;
    struct theatre stage;
    stage_begin(&stage);
    held_go_on(&stage.held, 500 * MS);
    struct held_trial *held = &stage.held;
    assert_null(held_order(held, order(HAND_CRASH, 1), held->reached_ns));
    assert_null(held_order(held, order(HAND_CRASH, 1), held->reached_ns)); /* it starts again */
    assert_null(held_order(held, order(HAND_CUT, 2), held->reached_ns));
    assert_null(held_order(held, order(HAND_HEAL, 0), held->reached_ns));
    assert_non_null(held_order(held, order(HAND_HEAL, 0), held->reached_ns));
    assert_int_equal(stage.held.count, 5);
    stage_end(&stage);
}

/* It is asked to go on when it is over: by the same key again, or because nobody watches. */
static void at_its_end_it_stays(void **unused)
{
    (void)unused;
    static const int64_t asked[] = {INT64_MAX, INT64_MIN, INT64_MAX, 9000 * MS, INT64_MAX};
    struct theatre stage;
    stage_begin(&stage);
    struct history whole = by_itself(&stage.scenario, 7);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_false(held_go_on(&stage.held, asked[i]));
        assert_int_equal(stage.held.history.count, whole.count);
    }
    assert_string_equal(held_order(&stage.held, order(HAND_CRASH, 1), 9000 * MS),
                        "the trial is over");
    assert_false(held_go_on(&stage.held, INT64_MAX));
    assert_same(&stage.held.history, &whole, whole.count);
    /* It was not done, so it is not done by an order before it either. */
    assert_null(held_order(&stage.held, order(HAND_PAUSE, 3), 600 * MS));
    assert_false(held_go_on(&stage.held, INT64_MAX));
    assert_int_equal(stage.held.count, 1);
    history_free(&whole);
    stage_end(&stage);
}

/* "for 200 ms by hand" and the fault's place in the file are all that differs. */
static void what_was_done_by_hand_happens_again(void **unused)
{
    (void)unused;
    static const struct {
        enum hand what;
        uint16_t id;
        int64_t at_ns;
    } acts[] = {{HAND_CUT, 2, 301 * MS + 77}, {HAND_PAUSE, 1, 400 * MS}, {HAND_PAUSE, 1, 400 * MS},
                {HAND_FLIP, 3, 800 * MS},     {HAND_CRASH, 4, 900 * MS}, {HAND_HEAL, 0, 950 * MS},
                {HAND_CRASH, 0, 1700 * MS}};
    struct theatre stage;
    char *plan = NULL, why[300] = "";
    size_t size;
    stage_begin(&stage);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        held_go_on(&stage.held, acts[i].at_ns);
        held_order(&stage.held, order(acts[i].what, acts[i].id), acts[i].at_ns);
    }
    held_go_on(&stage.held, INT64_MAX);
    FILE *file = open_memstream(&plan, &size);
    bool written =
        chaos_plan_write(file, &stage.scenario, &stage.held.history, false, why, sizeof why);
    fclose(file);
    assert_true(written);
    struct scenario again;
    load(plan, &again);
    assert_int_equal(again.seed, 7);
    struct history repeated = by_itself(&again, again.seed);
    assert_int_equal(repeated.count, stage.held.history.count);
    assert_same(&repeated, &stage.held.history, repeated.count);
    history_free(&repeated);
    scenario_free(&again);
    free(plan);
    stage_end(&stage);
}

/* The player on it: forward beyond what there is, back, and to the end. */
static void it_is_played_forward_and_back(void **unused)
{
    (void)unused;
    struct theatre stage;
    struct player player;
    stage_begin(&stage);
    const struct live_world world = {.self = &stage.held, .go_on = held_go_on, .found = held_found};
    assert_true(player_new(&player, &stage.held.history, world, 3000 * MS));
    player_go(&player, 0);
    uint32_t place = player.reel.place;
    for (int i = 0; i < 200; i++) {
        assert_true(player_key(&player, KEY_RIGHT));
    }
    assert_true(player.reel.place >= place + 200);
    for (int i = 0; i < 200; i++) {
        player_key(&player, KEY_LEFT);
    }
    assert_int_equal(player.reel.place, place);
    player_key(&player, 't');
    assert_string_equal(player.message, "");
    assert_int_equal(reel_event(&player.reel)->kind, HISTORY_FAULT);
    player_key(&player, KEY_END);
    assert_true(player.over);
    struct history whole = by_itself(&stage.scenario, 7);
    assert_int_equal(player.reel.place, whole.count);
    static const int more[] = {KEY_END, KEY_RIGHT, '.', 'n', 't', 'v', ' ', KEY_END};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        assert_true(player_key(&player, more[i]));
        assert_true(player.over && !player.running);
        assert_int_equal(player.reel.place, whole.count);
    }
    player_key(&player, KEY_LEFT);
    assert_true(!player.over && player.reel.place < whole.count);
    player_key(&player, ' ');
    player_pass(&player, 500 * MS);
    player_pass(&player, 500 * MS);
    assert_true(player.over && player.reel.place == whole.count);
    history_free(&whole);
    player_free(&player);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(an_order_in_the_past_leaves_what_was_before),
        cmocka_unit_test(orders_at_one_moment_follow_each_other),
        cmocka_unit_test(at_its_end_it_stays),
        cmocka_unit_test(what_was_done_by_hand_happens_again),
        cmocka_unit_test(it_is_played_forward_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
