/* The player: forward and back are the same way, jumps find their news, time stops at the end. */
#include "tests/unit/live/played.h"

#include "sim/live/keys.h"
#include "sim/live/steps.h"
#include "sim/outcome/outcome.h"

/* What of a scene the screen shows. */
struct shown {
    uint32_t bits[TALE_NODES_MAX + 1], last[TALE_NODES_MAX + 1];
    int32_t holder;
    int64_t now_ns;
};

static struct shown look(const struct player *player)
{
    const struct scene *scene = &player->reel.scene;
    struct shown shown = {.holder = scene->locks[0].holder, .now_ns = player->now_ns};
    for (uint16_t id = 0; id <= scene->view.facts->settings.nodes; id++) {
        shown.bits[id] = scene_bits(scene, id);
        shown.last[id] = scene->members[id].last;
    }
    return shown;
}

static void back_is_the_way_forward(void **unused)
{
    (void)unused;
    struct tale *s = stalled_holder(4);
    struct player player;
    static struct shown way[60];
    uint32_t steps = 0;
    play_story(&player, s);
    assert_true(player_key(&player, KEY_HOME));
    while (!player.over) {
        way[steps++] = look(&player);
        player_key(&player, KEY_RIGHT);
        assert_true(steps < 60);
    }
    assert_true(steps > 35);
    for (uint32_t i = steps - 1; i > 0; i--) {
        player_key(&player, KEY_LEFT);
        struct shown now = look(&player);
        assert_memory_equal(&now, &way[i - 1], sizeof now);
        assert_false(player.over);
    }
    player_free(&player);
    tale_free(s);
}

/* More events than lie between two copies of the scene. */
static void long_ways_back_are_right(void **unused)
{
    (void)unused;
    struct tale *s = tale_new(3);
    struct player player, fresh;
    everybody_runs(s);
    for (int i = 0; i < 700; i++) {
        later(s, 10);
        acquires_lock(s, (uint16_t)(1 + i % 3));
        releases_lock(s, (uint16_t)(1 + i % 3));
    }
    play_story(&player, s);
    player_key(&player, KEY_END);
    static const uint32_t places[] = {3000, 2048, 2047, 511, 512, 513, 1, 0, 2600};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        play_story(&fresh, s);
        reel_go(&player.reel, places[i]);
        reel_go(&fresh.reel, places[i]);
        struct shown there = look(&player), expected = look(&fresh);
        there.now_ns = expected.now_ns;
        assert_memory_equal(&there, &expected, sizeof there);
        player_free(&fresh);
    }
    assert_true(player.reel.frame_count >= 4);
    player_free(&player);
    tale_free(s);
}

static void expect_step(const struct player *player, const char *words)
{
    char text[400];
    assert_string_equal(
        step_sentence(player->reel.history, reel_event(&player->reel), text, sizeof text), words);
}

static void jumps_find_their_news(void **unused)
{
    (void)unused;
    struct tale *s = stalled_holder(4);
    struct player player;
    play_story(&player, s);
    player_key(&player, 'n');
    expect_step(&player, "the master sends set_result: node 1 by rule 3, term 1");
    player_key(&player, 'n');
    expect_step(&player, "node 1 leads, term 1");
    player_key(&player, 't');
    expect_step(&player, "node 4 fault: crash");
    player_key(&player, 'v');
    expect_step(&player, "node 1 is inside");
    assert_int_equal(player.now_ns, 2310 * MS + 600000);
    player_key(&player, 'T');
    expect_step(&player, "node 2 fault: pause");
    player_key(&player, 'N');
    expect_step(&player, "node 1 leads, term 1");
    player_key(&player, 'V');
    assert_string_equal(player.message, "there is no earlier broken promise");
    expect_step(&player, "node 1 leads, term 1");
    player_free(&player);
    tale_free(s);
}

static void time_passes_at_its_speed_and_stops_at_the_end(void **unused)
{
    (void)unused;
    struct tale *s = stalled_holder(4);
    struct player player;
    play_story(&player, s);
    player_go(&player, 0);
    player_pass(&player, 1000 * MS);
    assert_int_equal(player.now_ns, 0); /* held */
    player_key(&player, ' ');
    player_key(&player, '-');
    player_pass(&player, 1000 * MS);
    assert_int_equal(player.now_ns, 500 * MS); /* at half the speed */
    player_key(&player, '+');
    player_pass(&player, 1000 * MS);
    assert_int_equal(player.now_ns, 1500 * MS);
    player_pass(&player, 5000 * MS);
    assert_int_equal(player.now_ns, 2500 * MS);
    assert_true(player.over && !player.running);
    player_key(&player, ' ');
    assert_false(player.running);
    assert_true(player.message[0] != '\0');
    player_free(&player);
    tale_free(s);
}

/* The same as the outcome counts, as it grows. */
static void leaderless_time_is_that_of_the_outcome(void **unused)
{
    (void)unused;
    struct tale *s = tale_new(2);
    struct player player;
    phase(s, PHASE_SAFETY);
    everybody_runs(s);
    at(s, 400);
    obeys(s, 1, 1, 1);
    at(s, 1000);
    begins_fault(s, 1, "crash");
    dies(s, 1);
    at(s, 3000);
    phase(s, PHASE_END);
    play_story(&player, s);
    player_go(&player, 300 * MS);
    struct led_now led = led_at(&player.led, player.reel.place, player.now_ns);
    assert_int_equal(led.leaderless_ns, 300 * MS);
    assert_int_equal(led.since_ns, 0);
    player_go(&player, 700 * MS);
    led = led_at(&player.led, player.reel.place, player.now_ns);
    assert_int_equal(led.leaderless_ns, 400 * MS);
    assert_int_equal(led.since_ns, INT64_MAX);
    player_go(&player, 1500 * MS);
    led = led_at(&player.led, player.reel.place, player.now_ns);
    assert_int_equal(led.leaderless_ns, 900 * MS);
    assert_int_equal(led.since_ns, 1000 * MS);
    player_go(&player, 3000 * MS);
    led = led_at(&player.led, player.reel.place, player.now_ns);
    struct scenario scenario = {.settings = s->history.facts.settings};
    struct outcome outcome;
    assert_true(outcome_derive(&scenario, &s->history, &outcome));
    assert_int_equal(led.leaderless_ns, outcome.leaderless_ns);
    outcome_free(&outcome);
    player_free(&player);
    tale_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_is_the_way_forward),
        cmocka_unit_test(long_ways_back_are_right),
        cmocka_unit_test(jumps_find_their_news),
        cmocka_unit_test(leaderless_time_is_that_of_the_outcome),
        cmocka_unit_test(time_passes_at_its_speed_and_stops_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
