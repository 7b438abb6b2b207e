/* FORMAT_JSON: one document, {"scenarios": [{…}, …], "exit": 0, "error": null}, a line for each
 * scenario. Of one that was stopped, `stopped` says by what and `error` why; so does the `error` of
 * the document, of whatever broke the run off.
 *
 * Trials are written as they come, so they stand before what is said of all of them: a run needs no
 * more memory for many of them.
 *
 * Of each trial, `checks` says how each check ended and why; `not_tested` is what no trial of the
 * scenario put to the test. Whether an expectation is `held` is null where it was skipped.
 *
 * Times are in ms with as many decimals as they have, as in elections.csv; null where it did not
 * happen. Seeds are strings: they have 64 bits, and JSON's numbers 53.
 */
#include <stdio.h>

#include "sim/outcome/stages.h"
#include "sim/outcome/stalls.h"
#include "sim/outcome/times.h"
#include "sim/results/command.h"
#include "sim/results/json_out.h"
#include "sim/results/not_tested.h"
#include "sim/terminal/machine.h"
#include "src/owners.h"

static void put_election(struct json_out *out, const struct election *election)
{
    json_open(out, NULL, '{');
    json_whole(out, "nth", election->nth);
    json_text(out, "cause", election->cause < CAUSES ? cause_names[election->cause] : NULL);
    json_id(out, "cause_node", election->cause_node);
    json_ms(out, "due_ms", election->due_ns);
    json_ms(out, "since_ms", election->since_ns);
    json_ms(out, "reported_ms", election->reported_ns);
    json_ms(out, "decided_ms", election->decided_ns);
    json_ms(out, "published_ms", election->published_ns);
    json_ms(out, "settled_ms", election->settled_ns);
    json_ms(out, "elect_ms", election_time_ns(election, TIME_ELECT));
    json_ms(out, "settle_ms", election_time_ns(election, TIME_SETTLE));
    json_id(out, "elected", election->elected);
    json_id(out, "rule", election->rule ? election->rule : NOBODY);
    json_text(out, "reason", election->reason);
    if (election->term) {
        json_whole(out, "term", (int64_t)election->term);
    } else {
        json_null(out, "term");
    }
    json_id(out, "rightful", election->rightful);
    json_text(out, "ended", election->ended < ENDINGS ? ending_names[election->ended] : NULL);
    json_text(out, "verdict",
              election->verdict < VERDICTS ? verdict_names[election->verdict] : NULL);
    json_whole(out, "live_nodes", election->live_nodes);
    json_ms(out, "lock_wait_ms", election->lock_wait_ns);
    bool published = election->published_ns != NEVER_NS;
    json_id(out, "round_trips", published ? (int32_t)election->round_trips : NOBODY);
    for (unsigned stage = 0; stage < STAGES; stage++) {
        char name[24];
        snprintf(name, sizeof name, "%s_ms", stage_names[stage]);
        json_ms(out, name, stage_shown_ns(election, stage));
    }
    json_close(out);
}

static void put_violation(struct json_out *out, const struct violation *violation)
{
    json_open(out, NULL, '{');
    json_text(out, "check", check_rows[violation->check]->name);
    json_ms(out, "at_ms", violation->at_ns);
    json_ms(out, "until_ms", violation->until_ns);
    json_open(out, "processes", '[');
    for (uint8_t i = 0; i < violation->process_count && i < VIOLATION_PROCESSES_MAX; i++) {
        json_whole(out, NULL, violation->processes[i]);
    }
    json_close(out);
    json_open(out, "events", '[');
    for (uint8_t i = 0; i < violation->event_count && i < VIOLATION_EVENTS_MAX; i++) {
        json_whole(out, NULL, violation->events[i]);
    }
    json_close(out);
    json_text(out, "explanation", violation->explanation);
    json_close(out);
}

static void put_trial(struct json_out *out, const struct settings *settings,
                      const struct outcome *outcome)
{
    json_open(out, NULL, '{');
    json_whole(out, "trial", outcome->trial);
    json_seed(out, "seed", outcome->seed);
    json_text(out, "verdict", trial_verdict_names[outcome->verdict]);
    json_flag(out, "passed", outcome->verdict == TRIAL_PASSED);
    json_id(out, "final_leader", outcome->final_leader);
    json_open(out, "leaders", '[');
    for (uint32_t i = 0; i < outcome->leader_count; i++) {
        json_whole(out, NULL, outcome->leaders[i]);
    }
    json_close(out);
    json_text(out, "undecided", outcome->undecided);
    json_ms(out, "duration_ms", outcome->duration_ns);
    json_ms(out, "leaderless_ms", outcome->leaderless_ns);
    json_ms(out, "two_leaders_ms", outcome->two_leaders_ns);
    json_ms(out, "two_lock_holders_ms", outcome->two_lock_holders_ns);
    json_whole(out, "requests", (int64_t)outcome->requests);
    json_whole(out, "stalls", outcome->stalls);
    if (stalls_can_cost(settings)) {
        json_whole(out, "stalls_that_cost", outcome->stalls_that_cost);
    } else {
        json_null(out, "stalls_that_cost");
    }
    json_whole(out, "writes", (int64_t)outcome->work.accepted);
    json_whole(out, "rejected_writes", (int64_t)outcome->work.rejected);
    json_whole(out, "stale_writes", (int64_t)outcome->work.stale);
    json_whole(out, "late_writes", (int64_t)outcome->work.late);
    json_open(out, "elections", '[');
    for (size_t i = 0; i < outcome->election_count; i++) {
        put_election(out, &outcome->elections[i]);
    }
    json_close(out);
    json_open(out, "violations", '[');
    for (size_t i = 0; i < outcome->violations.count; i++) {
        put_violation(out, &outcome->violations.list[i]);
    }
    json_close(out);
    json_checks(out, outcome->checks);
    json_close(out);
}

static void put_point(struct json_out *out, const struct finish *finish, const struct point *point)
{
    json_open(out, NULL, '{');
    json_text(out, "name", point->name);
    json_text(out, "expected", point->expected);
    if (point->skipped) {
        json_null(out, "held");
    } else {
        json_flag(out, "held", !point->failure);
    }
    json_flag(out, "undecided", point->undecided);
    if (point->skipped) {
        json_text(out, "skipped", point->skipped);
    }
    if (point->error) {
        json_text(out, "failure", point->failure);
    } else if (point->failure) {
        struct shell_command command;
        machine_repeat(finish, point, &command);
        json_text(out, "failure", point->failure);
        if (point->unmet && point->unmet->trial > 0) {
            json_whole(out, "trial", point->unmet->trial);
            json_seed(out, "seed", point->unmet->seed);
        }
        char history[4096];
        bool there = machine_history(finish, point, history, sizeof history);
        json_text(out, "history", there ? history : NULL);
        json_text(out, "repeat", command_text(&command));
        command_free(&command);
        json_flag(out, "replay", is_replayed(finish->facts));
    }
    json_close(out);
}

/* What the scenario is, and how it was run; of one that was refused it is not known. */
static void put_scenario(struct json_out *out, const struct finish *finish)
{
    const struct scenario *scenario = finish->scenario;
    json_text(out, "scenario", scenario->name);
    json_text(out, "path", scenario->path);
    if (is_refused(scenario)) {
        return;
    }
    json_text(out, "about", scenario->about);
    json_text(out, "protocol",
              owner_row_name(OWNER_PROTOCOL, scenario->settings.row[OWNER_PROTOCOL]));
    json_text(out, "lock", owner_row_name(OWNER_LOCK, scenario->settings.row[OWNER_LOCK]));
    json_whole(out, "nodes", scenario->settings.nodes);
    json_seed(out, "seed", scenario->seed);
    json_whole(out, "planned", scenario->trials);
    json_text(out, "host", finish->facts->host);
    json_text(out, "redis_server", finish->facts->redis_server);
    json_text(out, "redis_version", finish->facts->redis_version);
    json_text(out, "results", finish->results_path);
}

static void begin(const struct terminal_options *options, size_t points)
{
    (void)points;
    fputs("{\"scenarios\": [", options->out);
}

/* The object of a scenario, down to the list of its trials: it begins with the first of them. */
static struct json_out *opened(const struct finish *finish)
{
    const struct terminal_options *options = finish->options;
    struct json_out *out = &options->state->json;
    if (!options->state->json_open) {
        options->state->json_open = true;
        *out = json_out(options->out, 0);
        fputs(options->state->reported ? ",\n" : "\n", options->out);
        json_open(out, NULL, '{');
        put_scenario(out, finish);
        json_open(out, "trials", '[');
    }
    return out;
}

static void trial(const struct finish *finish, const struct outcome *outcome)
{
    put_trial(opened(finish), &finish->scenario->settings, outcome);
}

static void scenario(const struct finish *finish, const struct points *points)
{
    struct json_out *out = opened(finish);
    finish->options->state->json_open = false;
    json_close(out);
    json_text(out, "stopped", finish->stop ? stop_name(finish->stop) : NULL);
    json_text(out, "error", finish->stop ? finish->stop->why : NULL);
    json_flag(out, "held", finish->judgement->held && !finish->stop);
    json_flag(out, "undecided", finish->judgement->undecided);
    json_open(out, "expectations", '[');
    for (size_t i = 0; i < points->count; i++) {
        put_point(out, finish, &points->list[i]);
    }
    json_close(out);
    json_not_done(out, finish->trials);
    json_untested(out, finish->trials);
    json_close(out);
}

static void end(const struct terminal_options *options, int exit_code, const char *error)
{
    fprintf(options->out, "\n],\n\"exit\": %d, \"error\": ", exit_code);
    if (error) {
        json_quoted(options->out, error);
    } else {
        fputs("null", options->out);
    }
    fputs("}\n", options->out);
}

const struct machine_row machine_json = {
    .begin = begin, .trial = trial, .scenario = scenario, .end = end};
