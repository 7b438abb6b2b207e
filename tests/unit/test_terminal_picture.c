/* The moving picture: what it shows, that it is redrawn in place, and that it leaves nothing. */
#include <fcntl.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/terminal/drawn.h"

static struct canned canned;
static struct canned_moment moment;

/* --- what it shows ---------------------------------------------------------------------------- */

static void draw_at(struct capture *capture, double now_ms)
{
    draw_moment(capture, &moment, &canned.scenario, now_ms);
}

static void expect_golden(const char *name, int columns, uint16_t nodes, bool watch)
{
    struct capture capture;
    canned_dead(&canned, 5);
    canned.scenario.settings.nodes = nodes;
    capture_begin(&capture, columns, true);
    capture.options.watch = watch;
    draw_at(&capture, -1);
    draw_at(&capture, 300);
    draw_at(&capture, 1000);
    draw_at(&capture, 2500);
    draw_at(&capture, 3200);
    draw_at(&capture, 6100);
    golden_check(name, capture_text(&capture));
    capture_end(&capture);
}

static void a_cell_for_each_node(void **unused)
{
    (void)unused;
    expect_golden("picture-5.txt", 80, 5, false);
    expect_golden("picture-20.txt", 80, 20, false);
}

static void a_row_for_each_node_with_watch(void **unused)
{
    (void)unused;
    expect_golden("picture-5-watch.txt", 80, 5, true);
    expect_golden("picture-100-watch.txt", 120, 100, true);
}

static void counts_for_a_wide_cluster(void **unused)
{
    (void)unused;
    expect_golden("picture-1000.txt", 80, 1000, false);
}

static void one_line_in_a_narrow_terminal(void **unused)
{
    (void)unused;
    expect_golden("picture-narrow.txt", 50, 5, false);
}

static void leads(uint32_t id)
{
    moment.processes[id].alive = true;
    moment.processes[id].claim.leads = 1;
}

/* Two leaders at once are what one watches for. */
static void two_leaders_are_named(void **unused)
{
    (void)unused;
    struct capture capture;
    struct picture picture;
    canned_dead(&canned, 5);
    canned_moment(&moment, &canned.scenario, 1, 2500);
    leads(1);
    leads(3);
    capture_begin(&capture, 80, true);
    picture_draw(&picture, &capture.options, &moment.progress, NEVER_NS);
    line_end(&picture.lines[2]);
    assert_non_null(strstr(capture_text(&capture), "node 1 and node 3 both lead"));
    capture_end(&capture);
}

static void no_line_is_wider_than_the_terminal(void **unused)
{
    (void)unused;
    static const uint16_t sizes[] = {1, 5, 26, 99, 1000};
    for (int columns = 20; columns <= 240; columns += 11) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            for (int watch = 0; watch < 2; watch++) {
                struct capture capture;
                canned_dead(&canned, 5);
                canned.scenario.settings.nodes = sizes[i];
                capture_begin(&capture, columns, true);
                capture.options.watch = watch == 1;
                capture.options.colour = true;
                draw_at(&capture, 3200);
                capture_end(&capture);
            }
        }
    }
}

/* --- in place --------------------------------------------------------------------------------- */

#define ROWS 24
#define COLUMNS 80

/* As much of a terminal as the picture uses: it fails on any other control sequence. Letters of
 * UTF-8 are one column wide; a cell keeps their first byte. */
struct screen {
    char cells[ROWS][COLUMNS];
    int row, column;
};

static void screen_clear_from(struct screen *screen, int row, int column)
{
    for (; row < ROWS; row++, column = 0) {
        memset(&screen->cells[row][column], ' ', (size_t)(COLUMNS - column));
    }
}

static void screen_newline(struct screen *screen)
{
    screen->column = 0;
    if (++screen->row == ROWS) {
        memmove(screen->cells[0], screen->cells[1], sizeof screen->cells - COLUMNS);
        memset(screen->cells[--screen->row], ' ', COLUMNS);
    }
}

/* Takes a sequence after its ESC; returns its end. */
static const char *screen_control(struct screen *screen, const char *text)
{
    assert_int_equal(*text++, '[');
    char *end;
    long number = strtol(text, &end, 10);
    while (*end == ';') { /* colours only */
        strtol(end + 1, &end, 10);
    }
    switch (*end) {
    case 'm':
        break;
    case 'A':
        assert_true(number <= screen->row);
        screen->row -= (int)number;
        break;
    case 'K':
        memset(&screen->cells[screen->row][screen->column], ' ',
               (size_t)(COLUMNS - screen->column));
        break;
    case 'J':
        assert_int_equal(number, 0); /* never the whole screen */
        screen_clear_from(screen, screen->row, screen->column);
        break;
    default:
        fail_msg("unexpected control sequence %c", *end);
    }
    return end + 1;
}

static void screen_put(struct screen *screen, const char *text)
{
    while (*text) {
        unsigned char c = (unsigned char)*text++;
        if (c == 0x1b) {
            text = screen_control(screen, text);
        } else if (c == '\n') {
            screen_newline(screen);
        } else if (c == '\r') {
            screen->column = 0;
        } else if ((c & 0xc0) != 0x80) {
            assert_true(screen->column < COLUMNS);
            screen->cells[screen->row][screen->column++] = (char)c;
        }
    }
}

static bool row_says(const struct screen *screen, int row, const char *text)
{
    return memmem(screen->cells[row], COLUMNS, text, strlen(text)) != NULL;
}

static int rows_used(const struct screen *screen)
{
    int used = 0;
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            used = screen->cells[row][column] != ' ' ? row + 1 : used;
        }
    }
    return used;
}

/* Shows frames as fast as the test wishes. */
static void show(struct capture *capture, double now_ms)
{
    canned_moment(&moment, &canned.scenario, 2, now_ms);
    capture->state.drawn_ns = 0;
    terminal_progress(&capture->options, &moment.progress, 1);
}

static void begin_screen(struct capture *capture, struct screen *screen, int row, bool watch)
{
    canned_dead(&canned, 5);
    capture_begin(capture, COLUMNS, true);
    capture->options.colour = true;
    capture->options.watch = watch;
    capture->state.trials = 5;
    memset(screen, ' ', sizeof screen->cells);
    screen->row = row;
    screen->column = 0;
}

static void the_picture_stays_in_place_and_goes(void **unused)
{
    (void)unused;
    static struct screen screen;
    struct capture capture;
    begin_screen(&capture, &screen, 0, false);
    show(&capture, 300);
    show(&capture, 1000);
    capture.options.columns = 50; /* a smaller picture after a larger one */
    show(&capture, 2500);
    capture.options.columns = COLUMNS;
    show(&capture, 3200);
    screen_put(&screen, capture_text(&capture));
    assert_true(row_says(&screen, 0, "trial 2/5"));
    assert_true(row_says(&screen, 2, "crash leader (node 1)"));
    assert_int_equal(rows_used(&screen), 4);
    capture_end(&capture);

    begin_screen(&capture, &screen, 5, false);
    show(&capture, 300);
    show(&capture, 2500);
    terminal_erase(&capture.options);
    terminal_erase(&capture.options);
    screen_put(&screen, capture_text(&capture));
    assert_int_equal(rows_used(&screen), 0);
    assert_int_equal(screen.row, 5);
    capture_end(&capture);
}

/* At the bottom of the screen the picture makes room for itself, once. */
static void the_picture_scrolls_once(void **unused)
{
    (void)unused;
    static struct screen screen;
    struct capture capture;
    begin_screen(&capture, &screen, ROWS - 1, false);
    for (int now_ms = 0; now_ms < 6000; now_ms += 250) {
        show(&capture, now_ms);
    }
    terminal_trial(&capture.options, &canned.scenario, &canned.outcomes[1]);
    screen_put(&screen, capture_text(&capture));
    assert_true(row_says(&screen, ROWS - 5, "trial 2/5  ok  elected node 1 (rule 3, 211.5 ms)"));
    assert_int_equal(rows_used(&screen), ROWS - 4);
    capture_end(&capture);
}

static void watch_keeps_the_last_picture(void **unused)
{
    (void)unused;
    static struct screen screen;
    struct capture capture;
    begin_screen(&capture, &screen, 0, true);
    show(&capture, 1000);
    show(&capture, 3200);
    terminal_trial(&capture.options, &canned.scenario, &canned.outcomes[1]);
    screen_put(&screen, capture_text(&capture));
    assert_true(row_says(&screen, 2, "node 1"));
    assert_true(row_says(&screen, 2, "dead"));
    assert_true(row_says(&screen, 8, "trial 2/5  ok"));
    assert_int_equal(rows_used(&screen), 9);
    capture_end(&capture);
}

/* A pipe, --quiet and the machine formats get no picture. */
static void only_a_terminal_gets_a_picture(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_dead(&canned, 5);
    capture_begin(&capture, COLUMNS, false);
    show(&capture, 1000);
    capture.options.tty = true;
    capture.options.quiet = true;
    show(&capture, 1000);
    capture.options.quiet = false;
    capture.options.format = FORMAT_JSON;
    show(&capture, 1000);
    assert_string_equal(capture_text(&capture), "");
    capture_end(&capture);
}

/* --- the probe -------------------------------------------------------------------------------- */

static struct terminal_options probe(FILE *out)
{
    struct terminal_options options = {.out = out};
    terminal_probe(&options);
    return options;
}

static void a_pipe_has_no_escapes(void **unused)
{
    (void)unused;
    FILE *file = tmpfile();
    assert_non_null(file);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    setenv("COLUMNS", "132", 1);
    struct terminal_options options = probe(file);
    assert_false(options.tty);
    assert_false(options.colour);
    assert_int_equal(options.columns, 132);
    setenv("COLUMNS", "wide", 1);
    assert_int_equal(probe(file).columns, 80);
    fclose(file);
}

static void a_terminal_is_measured(void **unused)
{
    (void)unused;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    FILE *file = fopen(ptsname(master), "w");
    assert_non_null(file);
    struct winsize size = {.ws_row = 33, .ws_col = 101};
    assert_int_equal(ioctl(fileno(file), TIOCSWINSZ, &size), 0);

    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    struct terminal_options options = probe(file);
    assert_true(options.tty && options.colour);
    assert_int_equal(options.columns, 101);
    assert_int_equal(options.rows, 33);

    setenv("NO_COLOR", "1", 1);
    options = probe(file);
    assert_true(options.tty);
    assert_false(options.colour);
    setenv("NO_COLOR", "", 1);
    assert_true(probe(file).colour);

    setenv("TERM", "dumb", 1);
    options = probe(file);
    assert_false(options.tty || options.colour);
    fclose(file);
    close(master);
}

static void glyphs_go_by_the_locale(void **unused)
{
    (void)unused;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_non_null(setlocale(LC_ALL, "C"));
    assert_false(probe(file).utf8);
    if (setlocale(LC_ALL, "C.UTF-8")) {
        assert_true(probe(file).utf8);
    }
    setlocale(LC_ALL, "C");
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_for_each_node),
        cmocka_unit_test(a_row_for_each_node_with_watch),
        cmocka_unit_test(counts_for_a_wide_cluster),
        cmocka_unit_test(one_line_in_a_narrow_terminal),
        cmocka_unit_test(two_leaders_are_named),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
        cmocka_unit_test(the_picture_stays_in_place_and_goes),
        cmocka_unit_test(the_picture_scrolls_once),
        cmocka_unit_test(watch_keeps_the_last_picture),
        cmocka_unit_test(only_a_terminal_gets_a_picture),
        cmocka_unit_test(a_pipe_has_no_escapes),
        cmocka_unit_test(a_terminal_is_measured),
        cmocka_unit_test(glyphs_go_by_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
