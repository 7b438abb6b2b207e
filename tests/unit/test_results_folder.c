/* The results folder: what is in it, and where it cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "sim/jsonl/jsonl.h"
#include "sim/outcome/judge.h"
#include "tests/support/trials.h"
#include "tests/unit/place.h"

static const char *member(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_true(cJSON_IsString(value));
    return value->valuestring;
}

static void a_new_folder_is_whole_before_its_first_trial(void **state)
{
    struct place *place = *state;
    struct results *results = open_results(place);
    char link_path[128];
    char target[256] = "";
    for (int table = 0; table < TABLES; table++) {
        assert_int_equal(whole_rows(results, (enum results_table)table), 0);
    }
    assert_true(is_there(results, "datapackage.json"));
    assert_true(is_there(results, "load.sqlite.sql"));
    assert_true(is_there(results, "load.duckdb.sql"));
    assert_true(is_there(results, "history"));
    snprintf(link_path, sizeof link_path, "%s/latest", place->base);
    assert_true(readlink(link_path, target, sizeof target - 1) > 0);
    assert_string_equal(target, strrchr(results_path(results), '/') + 1);
    assert_non_null(strstr(target, "Z-two"));
}

static void two_runs_in_a_second_get_two_folders(void **state)
{
    struct place *place = *state;
    char error[512];
    struct results *first = open_results(place);
    struct results *second = results_open(place->base, "two", error, sizeof error);
    assert_non_null(second);
    assert_string_not_equal(results_path(first), results_path(second));
    assert_true(results_close(second));
}

static void a_run_leaves_what_it_was_and_what_it_saw(void **state)
{
    struct place *place = *state;
    struct results *results = open_results(place);
    struct judgement judgement;
    assert_true(results_begin(results, &place->scenario, &facts));
    cJSON *run;
    char *json = contents(results, "run.json");
    assert_non_null(strstr(json, "\"finished_at\":\tnull"));
    free(json);

    assert_true(write_trial(place, 1));
    assert_true(write_trial(place, 2));
    struct trials *trials = trials_of(&place->scenario, &place->outcome, 1);
    judge(trials, &judgement);
    assert_true(results_end(results, &facts, trials, &judgement));
    trials_free(trials);
    assert_int_equal(whole_rows(results, TABLE_TRIALS), 2);
    assert_int_equal(whole_rows(results, TABLE_ELECTIONS), 2 * place->outcome.election_count);
    assert_int_equal(whole_rows(results, TABLE_VIOLATIONS), 2 * place->outcome.violations.count);
    assert_int_equal(whole_rows(results, TABLE_SUMMARY), 3); /* all, start, crash */
    assert_true(is_there(results, "history/trial-0001.jsonl"));
    assert_true(is_there(results, "history/trial-0002.jsonl"));
    char *copy = contents(results, "scenario.yaml");
    assert_string_equal(copy, text);
    free(copy);

    json = contents(results, "run.json");
    assert_null(strstr(json, "secret"));
    run = cJSON_Parse(json);
    free(json);
    assert_string_equal(member(run, "seed"), "18446744073709551615");
    assert_string_equal(member(run, "host"), "processes");
    assert_string_equal(member(run, "redis_version"), "7.0.15");
    assert_string_equal(member(run, "command"),
                        "hustings run --redis redis://me:***@127.0.0.1:6379/0 two.yaml");
    assert_string_equal(member(run, "reproduce"), "hustings run scenarios/two.yaml --seed "
                                                  "18446744073709551615 --trials 2 --jobs 2");
    assert_int_equal(strlen(member(run, "finished_at")), strlen("2026-01-31T09:30:15Z"));
    assert_true(cJSON_HasObjectItem(run, "machine"));
    cJSON *entry = cJSON_GetArrayItem(cJSON_GetObjectItem(run, "scenarios"), 0);
    assert_string_equal(member(entry, "name"), "two");
    assert_string_equal(member(cJSON_GetObjectItem(entry, "summary"), "expectations"), "failed");
    cJSON_Delete(run);
}

static void scenarios_share_a_folder(void **state)
{
    struct place *place = *state;
    struct results *results = open_results(place);
    for (int i = 0; i < 3; i++) {
        assert_true(results_begin(results, &place->scenario, &facts));
        assert_true(write_trial(place, 1));
    }
    assert_int_equal(whole_rows(results, TABLE_TRIALS), 3);
    assert_true(is_there(results, "scenario.yaml"));
    assert_true(is_there(results, "scenario-two.yaml"));
    assert_true(is_there(results, "scenario-two-2.yaml"));
    assert_true(is_there(results, "history/trial-0001.jsonl"));
    assert_true(is_there(results, "history/two-trial-0001.jsonl"));
    assert_true(is_there(results, "history/two-2-trial-0001.jsonl"));
}

/* Field by field: what lies between the fields may differ. */
static void assert_same_election(const struct election *a, const struct election *b)
{
    assert_int_equal(a->nth, b->nth);
    assert_int_equal(a->cause, b->cause);
    assert_int_equal(a->cause_node, b->cause_node);
    assert_int_equal(a->due_ns, b->due_ns);
    assert_int_equal(a->reported_ns, b->reported_ns);
    assert_int_equal(a->decided_ns, b->decided_ns);
    assert_int_equal(a->published_ns, b->published_ns);
    assert_int_equal(a->settled_ns, b->settled_ns);
    assert_int_equal(a->elected, b->elected);
    assert_int_equal(a->rule, b->rule);
    assert_int_equal(a->term, b->term);
    assert_int_equal(a->rightful, b->rightful);
    assert_int_equal(a->since_ns, b->since_ns);
    assert_int_equal(a->until_ns, b->until_ns);
    assert_int_equal(a->ended, b->ended);
    assert_int_equal(a->unsettled, b->unsettled);
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->live_nodes, b->live_nodes);
    assert_int_equal(a->lock_wait_ns, b->lock_wait_ns);
    assert_int_equal(a->round_trips, b->round_trips);
}

static void a_history_in_the_folder_is_read_back(void **state)
{
    struct place *place = *state;
    struct results *results = open_results(place);
    struct history back = {0};
    char error[256] = "";
    char file_path[512];
    assert_true(results_begin(results, &place->scenario, &facts));
    assert_true(write_trial(place, 1));
    snprintf(file_path, sizeof file_path, "%s/history/trial-0001.jsonl", results_path(results));
    FILE *file = fopen(file_path, "r");
    assert_non_null(file);
    if (!history_read_jsonl(&back, file, error, sizeof error)) {
        fail_msg("%s", error);
    }
    fclose(file);
    assert_int_equal(back.count, place->history.count);

    struct outcome again;
    assert_true(outcome_derive(&place->scenario, &back, &again));
    assert_int_equal(again.election_count, place->outcome.election_count);
    for (size_t i = 0; i < again.election_count; i++) {
        assert_same_election(&again.elections[i], &place->outcome.elections[i]);
    }
    outcome_free(&again);
    history_free(&back);
}

static void a_place_that_is_no_folder_is_refused_in_one_line(void **state)
{
    struct place *place = *state;
    char error[512] = "";
    char in_the_way[128];
    snprintf(in_the_way, sizeof in_the_way, "%s/file", place->base);
    assert_true(replace_file(in_the_way, "x", 1));
    assert_null(results_open(in_the_way, "two", error, sizeof error));
    assert_non_null(strstr(error, "/file: cannot write: Not a directory; "));
    assert_null(strchr(error, '\n'));
}

static void a_folder_named_latest_is_not_overwritten(void **state)
{
    struct place *place = *state;
    char error[512] = "";
    char latest[128];
    snprintf(latest, sizeof latest, "%s/latest/mine", place->base);
    assert_true(make_folders(latest));
    assert_null(results_open(place->base, "two", error, sizeof error));
    assert_non_null(strstr(error, "/latest: cannot write: "));
    assert_int_equal(rmdir(latest), 0); /* still there */
    *strrchr(latest, '/') = '\0';
    assert_int_equal(rmdir(latest), 0);
    assert_int_equal(rmdir(place->base), 0); /* and nothing else: no half-made folder */
    assert_int_equal(mkdir(place->base, 0700), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_folder_is_whole_before_its_first_trial, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_runs_in_a_second_get_two_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_run_leaves_what_it_was_and_what_it_saw, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(scenarios_share_a_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_history_in_the_folder_is_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_that_is_no_folder_is_refused_in_one_line, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_folder_named_latest_is_not_overwritten, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
