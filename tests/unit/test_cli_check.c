/* The verb check: what it says and how it ends, on results folders and single histories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "tests/unit/place.h"

/* A results folder of two trials in each of which the dead node 1 is elected, as the scenario
 * expects or not. (The statuses of that story are left out, so that twice the winner is wrong.) */
static char expects_dead[] = "name: two\nnodes: 2\nduration: 1s\nheal: false\n"
                             "expect: {checks: {dead_leader: always, wrong_winner: always}}\n";
static char expects_none[] = "name: two\nnodes: 2\nduration: 1s\nheal: false\n"
                             "expect: {checks: {wrong_winner: always}}\n";

static void begin_folder(struct place *place, char *scenario)
{
    place->scenario.text = scenario;
    place->scenario.text_length = strlen(scenario);
    open_results(place);
    assert_true(results_begin(place->results, &place->scenario, &facts));
}

static void write_folder(struct place *place, char *scenario)
{
    begin_folder(place, scenario);
    assert_true(write_trial(place, 1));
    assert_true(write_trial(place, 2));
}

/* Runs the verb with its output going to a file, whose contents are then in `said`. */
static int check(char said[16384], const char *option, const char *file)
{
    char *argv[] = {"check", (char[32]){0}, (char[600]){0}, NULL};
    snprintf(argv[1], 32, "%s", option);
    snprintf(argv[2], 600, "%s", file);
    FILE *caught = tmpfile();
    assert_non_null(caught);
    fflush(NULL);
    int out = dup(STDOUT_FILENO);
    int err = dup(STDERR_FILENO);
    dup2(fileno(caught), STDOUT_FILENO);
    dup2(fileno(caught), STDERR_FILENO);
    int code = cli_check("hustings", file[0] ? 3 : 2, argv);
    fflush(NULL);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    rewind(caught);
    size_t length = fread(said, 1, 16383, caught);
    said[length] = '\0';
    fclose(caught);
    return code;
}

static void assert_said(const char *said, const char *words)
{
    if (!strstr(said, words)) {
        fail_msg("\"%s\" is not in: %s", words, said);
    }
}

static void a_folder_is_judged_by_its_scenario(void **state)
{
    struct place *place = *state;
    char said[16384];
    write_folder(place, expects_dead);
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_HELD);
    assert_said(said, "two, 2 trials: every expectation held");
    assert_said(said, "  dead_leader, ");
    assert_said(said, "node 1 was elected at ");
    assert_said(said, "node 1      dies by");
    assert_said(said, "2 histories, 6 violations");
}

static void an_expectation_that_does_not_hold(void **state)
{
    struct place *place = *state;
    char said[16384];
    write_folder(place, expects_none);
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_UNMET);
    assert_said(said, "1 expectation did not hold\n  dead_leader: expected never, but trial 1");
}

static void a_single_history_must_be_without_fault(void **state)
{
    struct place *place = *state;
    char said[16384];
    char file[600];
    write_folder(place, expects_dead);
    snprintf(file, sizeof file, "%s/history/trial-0001.jsonl", results_path(place->results));
    assert_int_equal(check(said, "--format=text", file), EXIT_UNMET);
    assert_said(said, "21 events: 3 violations\n");
    snprintf(file, sizeof file, "%s/scenario.yaml", results_path(place->results));
    assert_int_equal(unlink(file), 0);
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_UNMET);
    assert_said(said, "2 histories, 6 violations");
}

static void as_json(void **state)
{
    struct place *place = *state;
    char said[16384];
    write_folder(place, expects_none);
    assert_int_equal(check(said, "--format=json", results_path(place->results)), EXIT_UNMET);
    cJSON *document = cJSON_Parse(said);
    const cJSON *history = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "histories"), 0);
    const cJSON *violation = cJSON_GetArrayItem(cJSON_GetObjectItem(history, "violations"), 2);
    const cJSON *scenario = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "scenarios"), 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(violation, "check")),
                        "dead_leader");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(violation, "events")), 3);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(scenario, "held")));
    assert_int_equal(cJSON_GetObjectItem(document, "violations")->valueint, 6);
    cJSON_Delete(document);
}

/* Of three trials that were asked for, two are there. */
static void a_run_that_was_broken_off_is_undecided(void **state)
{
    struct place *place = *state;
    char said[16384];
    place->scenario.trials = 3;
    write_folder(place, expects_dead);
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_UNDECIDED);
    assert_said(said, "two, 2 trials: it could not be decided\n"
                      "  the run was broken off: 2 of 3 trials were finished\n");
    assert_int_equal(check(said, "--format=json", results_path(place->results)), EXIT_UNDECIDED);
    cJSON *document = cJSON_Parse(said);
    const cJSON *scenario = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "scenarios"), 0);
    assert_int_equal(cJSON_GetObjectItem(scenario, "planned")->valueint, 3);
    assert_int_equal(cJSON_GetObjectItem(scenario, "ran")->valueint, 2);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(scenario, "held")));
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(scenario, "undecided")));
    cJSON_Delete(document);
}

static void what_failed_before_it_was_broken_off_has_failed(void **state)
{
    struct place *place = *state;
    char said[16384];
    place->scenario.trials = 3;
    write_folder(place, expects_none);
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_UNMET);
    assert_said(said, "1 expectation did not hold\n"
                      "  the run was broken off: 2 of 3 trials were finished\n");
}

static void before_its_first_trial_was_finished(void **state)
{
    struct place *place = *state;
    char said[16384];
    begin_folder(place, expects_dead);
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_UNDECIDED);
    assert_said(said, "two, 0 trials: it could not be decided\n"
                      "  the run was broken off: 0 of 2 trials were finished\n");
}

/* The second one of this name lacks a trial; the first one's rows are not taken for its own. */
static void scenarios_of_one_name_are_told_apart(void **state)
{
    struct place *place = *state;
    char said[16384];
    write_folder(place, expects_dead);
    assert_true(results_begin(place->results, &place->scenario, &facts));
    assert_true(write_trial(place, 1));
    assert_true(results_flush(place->results));
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_UNDECIDED);
    assert_said(said, "two, 2 trials: every expectation held\n");
    assert_said(said, "two, 1 trial: it could not be decided\n"
                      "  the run was broken off: 1 of 2 trials were finished\n");
}

static void write_run_json(const struct place *place, const char *json)
{
    char file[600];
    snprintf(file, sizeof file, "%s/run.json", results_path(place->results));
    assert_true(replace_file(file, json, strlen(json)));
}

static void a_run_json_that_is_none(void **state)
{
    static const struct {
        const char *json, *said;
    } bad[] = {
        {"", "run.json: this is no JSON"},
        {"{\"scenarios\": 3}", "run.json: it does not have the scenario of scenario.yaml"},
        {"{\"scenarios\": [3, {\"file\": 1}]}", "run.json: it does not have the scenario of"},
        {"{\"scenarios\": [{\"file\": \"scenario.yaml\", \"trials\": -1}]}",
         "run.json: \"trials\" of a scenario must be a whole number, from 1"},
        {"{\"scenarios\": [{\"file\": \"scenario.yaml\", \"trials\": 1e99}]}", "whole number"},
    };
    struct place *place = *state;
    char said[16384];
    write_folder(place, expects_dead);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_run_json(place, bad[i].json);
        assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_WORLD);
        assert_said(said, bad[i].said);
    }
}

static void what_cannot_be_read(void **state)
{
    struct place *place = *state;
    char said[16384];
    char file[600];
    assert_int_equal(check(said, "--format=text", "/no/such/file"), EXIT_WORLD);
    assert_said(said, "/no/such/file: No such file or directory");
    assert_int_equal(check(said, "--format=text", place->base), EXIT_WORLD);
    assert_said(said, "neither a results folder nor one of histories");

    write_folder(place, expects_dead);
    snprintf(file, sizeof file, "%s/history/trial-0002.jsonl", results_path(place->results));
    assert_int_equal(truncate(file, 2000), 0); /* in the midst of an event: it was cut off */
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_UNDECIDED);
    assert_said(said, "the file ends in the midst of it");
    assert_said(said, "two, 2 trials: it could not be decided");
    assert_int_equal(truncate(file, 300), 0); /* in the midst of its head: it is no history */
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_WORLD);
    assert_said(said, "trial-0002.jsonl: line 1: no JSON object");
    /* Of the other one. */
    assert_said(said, "two, 1 trial of 2 (those with a whole history): every expectation held");

    snprintf(file, sizeof file, "%s/scenario.yaml", results_path(place->results));
    assert_int_equal(truncate(file, 3), 0);
    assert_int_equal(check(said, "--format=text", results_path(place->results)), EXIT_WORLD);
    assert_said(said, "scenario.yaml:1");
}

static void wrong_usage(void **state)
{
    char said[16384];
    (void)state;
    assert_int_equal(check(said, "--format=yaml", "x"), EXIT_USAGE);
    assert_said(said, "give text or json");
    assert_int_equal(check(said, "--frmt", "x"), EXIT_USAGE);
    assert_int_equal(check(said, "--format=json", ""), EXIT_USAGE);
    assert_said(said, "which history or results folder?");
    assert_int_equal(check(said, "--help", ""), EXIT_HELD);
    assert_said(said, "Example:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_is_judged_by_its_scenario, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_expectation_that_does_not_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_single_history_must_be_without_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(as_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_run_that_was_broken_off_is_undecided, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_failed_before_it_was_broken_off_has_failed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(before_its_first_trial_was_finished, set_up, tear_down),
        cmocka_unit_test_setup_teardown(scenarios_of_one_name_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_run_json_that_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_read, set_up, tear_down),
        cmocka_unit_test(wrong_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
