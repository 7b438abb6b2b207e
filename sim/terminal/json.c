/* FORMAT_JSON: one document, {"scenarios": [{…}, …], "exit": 0, "error": null}, a line for each
 * scenario. Of one that was stopped, `stopped` says by what and `error` why; so does the `error` of
 * the document, of whatever broke the run off.
 *
 * Of each trial, `checks` says how each check ended and why; `not_tested` is what no trial of the
 * scenario put to the test. Whether an expectation is `held` is null where it was skipped.
 *
 * Times are in ms with as many decimals as they have, as in elections.csv; null where it did not
 * happen. Seeds are strings: they have 64 bits, and JSON's numbers 53.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "sim/outcome/times.h"
#include "sim/results/command.h"
#include "sim/results/json.h"
#include "sim/results/not_tested.h"
#include "sim/terminal/machine.h"
#include "src/owners.h"

static void put_text(cJSON *object, const char *key, const char *text)
{
    if (text) {
        json_set_text(object, key, text);
    } else {
        cJSON_AddNullToObject(object, key);
    }
}

static void put_ms(cJSON *object, const char *key, int64_t ns)
{
    if (ns == NEVER_NS) {
        cJSON_AddNullToObject(object, key);
    } else {
        cJSON_AddNumberToObject(object, key, (double)time_us(ns) / 1e3);
    }
}

static void put_id(cJSON *object, const char *key, int32_t id)
{
    if (id == NOBODY) {
        cJSON_AddNullToObject(object, key);
    } else {
        cJSON_AddNumberToObject(object, key, id);
    }
}

static cJSON *array_in(cJSON *object, const char *key)
{
    return cJSON_AddArrayToObject(object, key);
}

static void put_election(cJSON *array, const struct election *election)
{
    cJSON *object = json_append(array);
    cJSON_AddNumberToObject(object, "nth", election->nth);
    put_text(object, "cause", election->cause < CAUSES ? cause_names[election->cause] : NULL);
    put_id(object, "cause_node", election->cause_node);
    put_ms(object, "due_ms", election->due_ns);
    put_ms(object, "since_ms", election->since_ns);
    put_ms(object, "reported_ms", election->reported_ns);
    put_ms(object, "decided_ms", election->decided_ns);
    put_ms(object, "published_ms", election->published_ns);
    put_ms(object, "settled_ms", election->settled_ns);
    put_ms(object, "elect_ms", election_time_ns(election, TIME_ELECT));
    put_ms(object, "settle_ms", election_time_ns(election, TIME_SETTLE));
    put_id(object, "elected", election->elected);
    put_id(object, "rule", election->rule ? election->rule : NOBODY);
    if (election->term) {
        cJSON_AddNumberToObject(object, "term", (double)election->term);
    } else {
        cJSON_AddNullToObject(object, "term");
    }
    put_id(object, "rightful", election->rightful);
    put_text(object, "ended", election->ended < ENDINGS ? ending_names[election->ended] : NULL);
    put_text(object, "verdict",
             election->verdict < VERDICTS ? verdict_names[election->verdict] : NULL);
    cJSON_AddNumberToObject(object, "live_nodes", election->live_nodes);
    put_ms(object, "lock_wait_ms", election->lock_wait_ns);
    bool published = election->published_ns != NEVER_NS;
    put_id(object, "round_trips", published ? (int32_t)election->round_trips : NOBODY);
}

static void put_violation(cJSON *array, const struct violation *violation)
{
    cJSON *object = json_append(array);
    put_text(object, "check", check_rows[violation->check]->name);
    put_ms(object, "at_ms", violation->at_ns);
    put_ms(object, "until_ms", violation->until_ns);
    cJSON *processes = array_in(object, "processes");
    for (uint8_t i = 0; i < violation->process_count && i < VIOLATION_PROCESSES_MAX; i++) {
        cJSON_AddItemToArray(processes, cJSON_CreateNumber(violation->processes[i]));
    }
    cJSON *events = array_in(object, "events");
    for (uint8_t i = 0; i < violation->event_count && i < VIOLATION_EVENTS_MAX; i++) {
        cJSON_AddItemToArray(events, cJSON_CreateNumber(violation->events[i]));
    }
    put_text(object, "explanation", violation->explanation);
}

static cJSON *describe_trial(const struct outcome *outcome)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "trial", outcome->trial);
    json_set_seed(object, "seed", outcome->seed);
    put_text(object, "verdict", trial_verdict_names[outcome->verdict]);
    cJSON_AddBoolToObject(object, "passed", outcome->verdict == TRIAL_PASSED);
    put_id(object, "final_leader", outcome->final_leader);
    cJSON *leaders = array_in(object, "leaders");
    for (uint32_t i = 0; i < outcome->leader_count; i++) {
        cJSON_AddItemToArray(leaders, cJSON_CreateNumber(outcome->leaders[i]));
    }
    put_text(object, "undecided", outcome->undecided);
    put_ms(object, "duration_ms", outcome->duration_ns);
    put_ms(object, "leaderless_ms", outcome->leaderless_ns);
    put_ms(object, "two_leaders_ms", outcome->two_leaders_ns);
    put_ms(object, "two_lock_holders_ms", outcome->two_lock_holders_ns);
    cJSON_AddNumberToObject(object, "requests", (double)outcome->requests);
    cJSON *elections = array_in(object, "elections");
    for (size_t i = 0; i < outcome->election_count; i++) {
        put_election(elections, &outcome->elections[i]);
    }
    cJSON *violations = array_in(object, "violations");
    for (size_t i = 0; i < outcome->violations.count; i++) {
        put_violation(violations, &outcome->violations.list[i]);
    }
    json_set_checks(object, outcome->checks);
    return object;
}

static void put_point(cJSON *array, const struct finish *finish, const struct point *point)
{
    cJSON *object = json_append(array);
    put_text(object, "name", point->name);
    put_text(object, "expected", point->expected);
    if (point->skipped) {
        cJSON_AddNullToObject(object, "held");
    } else {
        cJSON_AddBoolToObject(object, "held", !point->failure);
    }
    cJSON_AddBoolToObject(object, "undecided", point->undecided);
    if (point->skipped) {
        put_text(object, "skipped", point->skipped);
    }
    if (point->error) {
        put_text(object, "failure", point->failure);
    } else if (point->failure) {
        struct shell_command command;
        machine_repeat(finish, point, &command);
        put_text(object, "failure", point->failure);
        if (point->unmet && point->unmet->trial > 0) {
            cJSON_AddNumberToObject(object, "trial", point->unmet->trial);
            json_set_seed(object, "seed", point->unmet->seed);
        }
        put_text(object, "repeat", command_text(&command));
        command_free(&command);
        cJSON_AddBoolToObject(object, "replay", is_replayed(finish->facts));
    }
}

/* What the scenario is, and how it was run; of one that was refused it is not known. */
static void put_scenario(cJSON *object, const struct finish *finish)
{
    const struct scenario *scenario = finish->scenario;
    put_text(object, "scenario", scenario->name);
    put_text(object, "path", scenario->path);
    if (is_refused(scenario)) {
        return;
    }
    put_text(object, "about", scenario->about);
    put_text(object, "protocol",
             owner_row_name(OWNER_PROTOCOL, scenario->settings.row[OWNER_PROTOCOL]));
    put_text(object, "lock", owner_row_name(OWNER_LOCK, scenario->settings.row[OWNER_LOCK]));
    cJSON_AddNumberToObject(object, "nodes", scenario->settings.nodes);
    json_set_seed(object, "seed", scenario->seed);
    cJSON_AddNumberToObject(object, "planned", scenario->trials);
    put_text(object, "host", finish->facts->host);
    put_text(object, "redis_server", finish->facts->redis_server);
    put_text(object, "redis_version", finish->facts->redis_version);
    put_text(object, "results", finish->results_path);
}

/* All but its trials. */
static cJSON *describe(const struct finish *finish, const struct points *points)
{
    cJSON *object = cJSON_CreateObject();
    put_scenario(object, finish);
    put_text(object, "stopped", finish->stop ? stop_name(finish->stop) : NULL);
    put_text(object, "error", finish->stop ? finish->stop->why : NULL);
    cJSON_AddBoolToObject(object, "held", finish->judgement->held && !finish->stop);
    cJSON_AddBoolToObject(object, "undecided", finish->judgement->undecided);
    cJSON *expectations = array_in(object, "expectations");
    for (size_t i = 0; i < points->count; i++) {
        put_point(expectations, finish, &points->list[i]);
    }
    json_set_not_done(object, finish->scenario, finish->outcomes, finish->count);
    json_set_untested(object, finish->outcomes, finish->count);
    return object;
}

/* Writes the object without its last brace, and frees it. Out of memory: the document stays JSON,
 * and says so. */
static void put_open(FILE *out, cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);
    size_t length = text ? strlen(text) : 0;
    if (length > 0) {
        fwrite(text, 1, length - 1, out);
    } else {
        fputs("{\"error\":\"out of memory\"", out);
    }
    cJSON_free(text);
    cJSON_Delete(object);
}

/* A document of 100,000 trials is written trial by trial. */
static void put_trials(const struct finish *finish)
{
    FILE *out = finish->options->out;
    fputs(",\"trials\":[", out);
    for (size_t i = 0; i < finish->count; i++) {
        fputs(i > 0 ? "," : "", out);
        put_open(out, describe_trial(&finish->outcomes[i]));
        fputc('}', out);
    }
    fputc(']', out);
}

static void begin(const struct terminal_options *options, size_t points)
{
    (void)points;
    fputs("{\"scenarios\": [", options->out);
}

static void scenario(const struct finish *finish, const struct points *points)
{
    const struct terminal_options *options = finish->options;
    fputs(options->state->reported ? ",\n" : "\n", options->out);
    put_open(options->out, describe(finish, points));
    put_trials(finish);
    fputc('}', options->out);
}

static void end(const struct terminal_options *options, int exit_code, const char *error)
{
    fprintf(options->out, "\n],\n\"exit\": %d, \"error\": ", exit_code);
    if (error) {
        machine_quoted(options->out, error);
    } else {
        fputs("null", options->out);
    }
    fputs("}\n", options->out);
}

const struct machine_row machine_json = {.begin = begin, .scenario = scenario, .end = end};
