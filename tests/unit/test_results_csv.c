/* Cells, rows and percentiles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/outcome/times.h"
#include "sim/results/command.h"
#include "sim/results/csv.h"
#include "sim/results/results.h"
#include "sim/results/rows.h"

static void assert_row(struct csv *csv, size_t columns, const char *expected)
{
    csv_end_row(csv, columns);
    assert_false(csv->failed);
    assert_int_equal(csv->length, strlen(expected));
    assert_memory_equal(csv->bytes, expected, csv->length);
    csv_free(csv);
}

static void text_is_quoted_only_where_it_must_be(void **state)
{
    (void)state;
    struct csv csv = {0};
    csv_text(&csv, "plain text");
    csv_text(&csv, "");
    csv_text(&csv, "a, b");
    csv_text(&csv, "he said \"no\"");
    csv_text(&csv, "two\nlines");
    csv_text(&csv, "a\rb");
    csv_text(&csv, "\"");
    assert_row(&csv, 7, "plain text,,\"a, b\",\"he said \"\"no\"\"\",two lines,a b,\"\"\"\"\r\n");
}

/* A spreadsheet would run a cell that begins so. */
static void text_never_begins_a_formula(void **state)
{
    (void)state;
    struct csv csv = {0};
    csv_text(&csv, "=1+1");
    csv_text(&csv, "+1");
    csv_text(&csv, "-x");
    csv_text(&csv, "@SUM(A1)");
    csv_text(&csv, "\t=1");
    csv_text(&csv, "'=1");
    csv_text(&csv, "'quoted'");
    csv_text(&csv, "=\"a\",b");
    csv_text(&csv, "a=b");
    csv_integer(&csv, -5);
    assert_row(&csv, 10, "'=1+1,'+1,'-x,'@SUM(A1),' =1,''=1,'quoted',\"'=\"\"a\"\",b\",a=b,-5\r\n");
}

static void times_have_three_decimals(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {
        {0, "0.000\r\n"},
        {1000, "0.001\r\n"},
        {499, "0.000\r\n"},
        {500, "0.001\r\n"},
        {-499, "0.000\r\n"},
        {-1500000, "-1.500\r\n"},
        {212400000, "212.400\r\n"},
        {999999500, "1000.000\r\n"},
        {86400000000000, "86400000.000\r\n"},
        {NEVER_NS + 1, "-9223372036854.776\r\n"},
        {FOREVER_NS - 1, "9223372036854.776\r\n"},
        {FOREVER_NS, "\r\n"},
        {NEVER_NS, "\r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csv csv = {0};
        csv_ms(&csv, cases[i].ns);
        assert_row(&csv, 1, cases[i].text);
    }
}

static void whole_numbers_are_exact(void **state)
{
    (void)state;
    struct csv csv = {0};
    csv_integer(&csv, 0);
    csv_integer(&csv, -7);
    csv_integer(&csv, INT64_MIN);
    csv_unsigned(&csv, UINT64_MAX);
    csv_id(&csv, 0);
    csv_id(&csv, NOBODY);
    csv_empty(&csv);
    csv_id(&csv, 16383);
    assert_row(&csv, 8, "0,-7,-9223372036854775808,18446744073709551615,0,,,16383\r\n");
}

static void a_buffer_grows_over_many_rows(void **state)
{
    (void)state;
    struct csv csv = {0};
    for (int i = 0; i < 10000; i++) {
        csv_integer(&csv, 1234567);
        csv_end_row(&csv, 1);
    }
    assert_int_equal(csv.length, 10000 * 9);
    csv_free(&csv);
}

static void percentiles_are_values_that_occurred(void **state)
{
    (void)state;
    int64_t values[100];
    for (int i = 0; i < 100; i++) {
        values[i] = 100 - i; /* 100 … 1: must be sorted */
    }
    assert_int_equal(percentile(values, 100, 50), 50);
    assert_int_equal(percentile(values, 100, 90), 90);
    assert_int_equal(percentile(values, 100, 99), 99);
    assert_int_equal(percentile(values, 100, 100), 100);
    assert_int_equal(percentile(values, 100, 0), 1);
    assert_int_equal(percentile(values, 1, 99), 1);
    assert_int_equal(percentile(values, 3, 50), 2);
    assert_int_equal(percentile(values, 2, 50), 1);
    assert_int_equal(percentile(NULL, 0, 50), NEVER_NS);
}

static void a_trial_is_reproduced_by_its_command(void **state)
{
    (void)state;
    struct shell_command command;
    char plain[] = "scenarios/course/01-first-election.yaml";
    char odd[] = "./my folder/it's.yaml";
    char whole[] = "/srv/one.yaml";
    struct scenario scenario = {.path = plain};
    struct run_facts facts = {.host = "processes", .jobs = 2};
    reproduce_command(&scenario, &facts, UINT64_MAX, 1, &command);
    assert_string_equal(command.text, "hustings run scenarios/course/01-first-election.yaml "
                                      "--seed 18446744073709551615 --trials 1");
    command_free(&command);
    assert_false(is_replayed(&facts));
    /* Every file is named from the root, once it is known where the others begin. */
    scenario.path = odd;
    facts = (struct run_facts){.host = "model",
                               .jobs = 2,
                               .program = "sim/hustings",
                               .folder = "/home/ann",
                               .latency = "my folder/latency.json",
                               .out = "../there"};
    reproduce_command(&scenario, &facts, 3, 5, &command);
    assert_string_equal(command.text,
                        "/home/ann/sim/hustings run '/home/ann/my folder/it'\\''s.yaml' "
                        "--seed 3 --trials 5 --on model --jobs 2 "
                        "--latency '/home/ann/my folder/latency.json' "
                        "--out /home/ann/../there");
    command_free(&command);
    assert_true(is_replayed(&facts));
    /* What is looked for on PATH, and what is named from the root, stays as it is. */
    scenario.path = whole;
    facts = (struct run_facts){.host = "processes",
                               .program = "hustings",
                               .folder = "/",
                               .histories = "none",
                               .out = "there",
                               .redis_program = "valkey-server"};
    reproduce_command(&scenario, &facts, 3, 1, &command);
    assert_string_equal(command.text, "hustings run /srv/one.yaml --seed 3 --trials 1 "
                                      "--redis-server valkey-server --histories none --out /there");
    command_free(&command);
    facts = (struct run_facts){.host = "processes",
                               .program = "/opt/a=b/hustings",
                               .folder = "/home/ann",
                               .redis_url = "redis://me@127.0.0.1:7000/2"};
    reproduce_command(&scenario, &facts, 3, 5, &command);
    assert_string_equal(command.text, "'/opt/a=b/hustings' run /srv/one.yaml --seed 3 --trials 5 "
                                      "--redis redis://me@127.0.0.1:7000/2");
    command_free(&command);
    facts = (struct run_facts){
        .host = "processes", .folder = "/home/ann", .redis_program = "./my redis"};
    reproduce_command(&scenario, &facts, 3, 5, &command);
    assert_string_equal(command.text, "hustings run /srv/one.yaml --seed 3 --trials 5 "
                                      "--redis-server '/home/ann/my redis'");
    command_free(&command);
}

static void cells_stand_in_the_order_of_the_columns(void **state)
{
    (void)state;
    struct election election = {.nth = 2,
                                .cause = CAUSE_CRASH,
                                .cause_node = 0,
                                .due_ns = 1000000,
                                .since_ns = 500000,
                                .reported_ns = 2000000,
                                .decided_ns = 3000000,
                                .published_ns = 4000000,
                                .settled_ns = 6000000,
                                .elected = 3,
                                .rule = 2,
                                .reason = "rule 2",
                                .term = 7,
                                .rightful = 1,
                                .verdict = VERDICT_WRONG,
                                .outdated = true,
                                .live_nodes = 5,
                                .lock_wait_ns = 8000000,
                                .round_trips = 9,
                                .stage_ns = {1000400, 500400, 500400, 0, 998800, 2000000}};
    struct outcome outcome = {.trial = 4, .seed = 11, .elections = &election, .election_count = 1};
    struct scenario scenario = {.name = "a,b"};
    struct csv csv = {0};
    rows_elections(&csv, &scenario, "model", &outcome);
    static const char row[] =
        "\"a,b\",article,none,model,4,11,2,crash,0,1.000,0.500,2.000,3.000,4.000,"
        "6.000,3.000,5.000,3,2,rule 2,7,1,published,wrong,5,8.000,9,"
        "1.000,0.501,0.500,0.000,0.999,2.000,1\r\n";
    assert_int_equal(csv.length, strlen(row));
    assert_memory_equal(csv.bytes, row, strlen(row));
    csv.length = 0;

    election =
        (struct election){.nth = 1,
                          .cause_node = NOBODY,
                          .reported_ns = NEVER_NS,
                          .decided_ns = NEVER_NS,
                          .published_ns = NEVER_NS,
                          .settled_ns = NEVER_NS,
                          .elected = NOBODY,
                          .rightful = NOBODY,
                          .ended = ENDED_NEVER,
                          .verdict = VERDICT_NONE,
                          .lock_wait_ns = NEVER_NS,
                          .stage_ns = {NEVER_NS, NEVER_NS, NEVER_NS, NEVER_NS, NEVER_NS, NEVER_NS}};
    rows_elections(&csv, &scenario, "model", &outcome);
    static const char empty[] = "\"a,b\",article,none,model,4,11,1,start,,0.000,0.000,,,,,,,,,,,,"
                                "never,none,0,,,,,,,,,0\r\n";
    assert_int_equal(csv.length, strlen(empty));
    assert_memory_equal(csv.bytes, empty, strlen(empty));
    csv_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_quoted_only_where_it_must_be),
        cmocka_unit_test(text_never_begins_a_formula),
        cmocka_unit_test(times_have_three_decimals),
        cmocka_unit_test(whole_numbers_are_exact),
        cmocka_unit_test(a_buffer_grows_over_many_rows),
        cmocka_unit_test(percentiles_are_values_that_occurred),
        cmocka_unit_test(a_trial_is_reproduced_by_its_command),
        cmocka_unit_test(cells_stand_in_the_order_of_the_columns),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
