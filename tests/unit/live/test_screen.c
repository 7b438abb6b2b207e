/* The screen at moments of a story, against golden files: sizes, colours, letters; and that never
 * started is not dead. */
#include "tests/unit/live/played.h"

/* A size of the terminal, and whether it has colours and more than ASCII. */
static void draw_at(struct capture *capture, struct player *player, int64_t at_ns)
{
    struct frame frame = {0};
    player_go(player, at_ns);
    const struct screen screen = player_screen(player);
    assert_true(screen_draw(&screen, &capture->options, &frame));
    assert_int_equal(frame.rows, capture->options.rows);
    for (int i = 0; i < frame.rows; i++) {
        assert_true(frame.lines[i].width < capture->options.columns);
        line_end(&frame.lines[i]);
    }
    fputs("========\n", capture->options.out);
    frame_free(&frame);
}

static void begin(struct capture *capture, int columns, int rows)
{
    capture_begin(capture, columns, true);
    capture->options.rows = rows;
}

static void expect_golden(const char *name, struct capture *capture, uint16_t nodes)
{
    struct tale *s = stalled_holder(nodes);
    struct player player;
    play_story(&player, s);
    player.pace = (struct pace){1, 20};
    draw_at(capture, &player, -1);
    draw_at(capture, &player, 1300 * MS);
    draw_at(capture, &player, 2310 * MS + 900000);
    draw_at(capture, &player, 3000 * MS);
    golden_check(name, capture_text(capture));
    player_free(&player);
    tale_free(s);
    capture_end(capture);
}

static void the_usual_size(void **unused)
{
    (void)unused;
    struct capture capture;
    begin(&capture, 80, 24);
    expect_golden("live-80x24.txt", &capture, 4);
}

static void small_and_in_ascii(void **unused)
{
    (void)unused;
    struct capture capture;
    begin(&capture, 40, 12);
    capture.options.utf8 = false;
    expect_golden("live-40x12-ascii.txt", &capture, 4);
}

static void in_colour(void **unused)
{
    (void)unused;
    struct capture capture;
    begin(&capture, 110, 20);
    capture.options.colour = true;
    expect_golden("live-110x20-colour.txt", &capture, 4);
}

static void of_many_those_that_matter(void **unused)
{
    (void)unused;
    struct capture capture;
    begin(&capture, 80, 24);
    expect_golden("live-20-nodes.txt", &capture, 20);
}

static void whatever_the_size(void **unused)
{
    (void)unused;
    struct tale *s = stalled_holder(20);
    struct player player;
    play_story(&player, s);
    static const int sizes[][2] = {{1, 1},   {10, 3},  {20, 5},    {40, 4},  {79, 9},
                                   {80, 15}, {80, 16}, {300, 100}, {500, 7}, {1000, 300}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct capture capture;
        struct frame frame = {0};
        begin(&capture, sizes[i][0], sizes[i][1]);
        for (int help = 0; help < 2; help++) {
            player.help = help;
            const struct screen screen = player_screen(&player);
            assert_true(screen_draw(&screen, &capture.options, &frame));
            assert_true(frame.rows == (sizes[i][1] < 4 ? 4 : sizes[i][1]));
        }
        frame_free(&frame);
        capture_end(&capture);
    }
    player_free(&player);
    tale_free(s);
}

static void each_of_five_servers_has_a_row(void **unused)
{
    (void)unused;
    struct tale *s = tale_new(2);
    struct player player;
    struct capture capture;
    has_servers(s, 5);
    everybody_runs(s);
    for (uint8_t server = 0; server < 5; server++) {
        on_server(s, server);
        asks_lock(s, server < 2 ? 1 : 2, 70u + server);
        gets(s, server < 2 ? 1 : 2, STORE_OK);
    }
    play_story(&player, s);
    begin(&capture, 80, 24);
    draw_at(&capture, &player, 2500 * MS);
    const char *text = capture_text(&capture);
    assert_non_null(strstr(text, "redis 2:   the lock is node 1's for "));
    assert_non_null(strstr(text, "redis 5:   the lock is node 2's for "));
    assert_non_null(strstr(text, " 3 of 5 "));
    capture_end(&capture);
    player_free(&player);
    tale_free(s);
}

static void keys_are_explained(void **unused)
{
    (void)unused;
    struct tale *s = stalled_holder(4);
    struct player player;
    struct capture capture;
    play_story(&player, s);
    begin(&capture, 80, 24);
    assert_true(player_key(&player, '?'));
    draw_at(&capture, &player, 0);
    player.by_hand = true;
    draw_at(&capture, &player, 0);
    player.timeless = true;
    draw_at(&capture, &player, 0);
    golden_check("live-keys.txt", capture_text(&capture));
    capture_end(&capture);
    player_free(&player);
    tale_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_size),     cmocka_unit_test(small_and_in_ascii),
        cmocka_unit_test(in_colour),          cmocka_unit_test(of_many_those_that_matter),
        cmocka_unit_test(whatever_the_size),  cmocka_unit_test(each_of_five_servers_has_a_row),
        cmocka_unit_test(keys_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
