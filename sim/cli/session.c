/* What one `hustings run` does. See session.h. */
#include "sim/cli/session.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/chaos_plan.h"
#include "sim/cli/cli.h"
#include "sim/host/interrupt.h"
#include "sim/processes/address.h"
#include "sim/results/judge.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

/* --- before anything runs --------------------------------------------------------------------- */

/* Refuses faults that the host has no verb for, or that would harm a Redis that is not ours. */
static bool host_can(const struct session *session, const struct scenario *scenario)
{
    bool good = true;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        const struct fault_row *row = fault_rows[spec->kind];
        if (!row->possible(session->host->verbs)) {
            clean_line(stderr,
                       "%s:%d: \"%s\": the host %s cannot do this; see: hustings list faults",
                       scenario->path, spec->line, spec->text, session->host->name);
            good = false;
        } else if (fault_harms_server(spec) && session->redis_url) {
            clean_line(
                stderr,
                "%s:%d: \"%s\": this would harm a Redis that hustings did not start; leave out "
                "--redis",
                scenario->path, spec->line, spec->text);
            good = false;
        }
    }
    return good;
}

static bool load_one(const struct session *session, const char *path, struct scenario *scenario)
{
    struct scenario_report *report = calloc(1, sizeof *report);
    bool good = report && scenario_load(path, scenario, report);
    if (report && !good) {
        scenario_report_print(stderr, path, report);
    }
    free(report);
    if (!good) {
        return false;
    }
    if (session->trials) {
        scenario->trials = session->trials;
    }
    if (session->has_seed) {
        scenario->seed = session->seed;
    }
    if (session->print_plan && !chaos_plan_is_needed(scenario)) {
        clean_line(stderr, "%s: there is nothing random in its faults: it is its own plan", path);
        return false;
    }
    return host_can(session, scenario);
}

/* --- one scenario ----------------------------------------------------------------------------- */

static bool print_plan(struct session *session, const struct history *history)
{
    if (chaos_plan_write(stdout, session->scenario, history)) {
        return true;
    }
    snprintf(session->error, sizeof session->error, "the plan cannot be written: %s",
             errno == E2BIG ? "chaos drew more faults than a scenario can have; make mean: longer"
                            : error_words(errno));
    session->world_failed = true;
    return false;
}

static bool digest(void *self, const struct trial *trial, uint32_t worker)
{
    struct session *session = self;
    return outcome_make(session->makers[worker], session->scenario, &trial->history,
                        &session->outcomes[trial->number - 1]);
}

static bool keeps_history(struct session *session, const struct outcome *outcome)
{
    if (session->keep != KEEP_FEW) {
        return session->keep == KEEP_ALL;
    }
    if (outcome->trial <= KEEP_FEW_TRIALS) {
        return true;
    }
    return !as_expected(session->scenario, outcome) && session->failures_kept++ < KEEP_FEW_TRIALS;
}

/* A trial before it may not have run to its end: then it takes that one's place. */
static struct outcome *next_outcome(struct session *session, uint32_t number)
{
    struct outcome *digested = &session->outcomes[number - 1];
    struct outcome *next = &session->outcomes[session->done];
    assert(digested->trial == number && next <= digested);
    if (next != digested) {
        outcome_free(next);
        *next = *digested;
        *digested = (struct outcome){0};
    }
    return next;
}

/* Rows may wait where trials take microseconds; on processes a finished trial is worth a write. */
static bool write_trial(struct session *session, struct outcome *outcome,
                        const struct history *history)
{
    outcome->kept = keeps_history(session, outcome);
    return results_trial(session->results, session->scenario, &session->facts, outcome,
                         outcome->kept ? history : NULL) &&
           (session->host->virtual_time || results_flush(session->results));
}

/* What is not in the files does not count. */
static bool not_written(struct session *session)
{
    snprintf(session->error, sizeof session->error, "%s", results_error(session->results));
    session->world_failed = true;
    session->done = results_sealed(session->results);
    return false;
}

static bool trial_done(void *self, struct trial *trial)
{
    struct session *session = self;
    if (session->print_plan && !print_plan(session, &trial->history)) {
        return false;
    }
    struct outcome *outcome = next_outcome(session, trial->number);
    if (!write_trial(session, outcome, &trial->history)) {
        return not_written(session);
    }
    session->done++;
    terminal_trial(&session->terminal, session->scenario, outcome);
    return !interrupt_came();
}

static void progress(void *self, const struct progress *now)
{
    struct session *session = self;
    terminal_progress(&session->terminal, now, (uint32_t)session->done);
}

static bool begin_results(struct session *session)
{
    if (!session->results) {
        session->results = results_open(session->out, session->scenario->name, session->error,
                                        sizeof session->error);
    }
    if (!session->results) {
        return false;
    }
    if (!results_begin(session->results, session->scenario, &session->facts)) {
        snprintf(session->error, sizeof session->error, "%s", results_error(session->results));
        return false;
    }
    return true;
}

/* What came through stdin cannot be read again: from now on its copy is its file. */
static bool keep_typed(struct session *session, struct scenario *scenario)
{
    if (strcmp(scenario->path, "-") == 0) {
        char *copy = strdup(results_scenario(session->results));
        if (!copy) {
            snprintf(session->error, sizeof session->error, "out of memory");
            return false;
        }
        free(scenario->path);
        scenario->path = copy;
    }
    return true;
}

/* One line: why it ends here, and what was finished. */
static int ends_early(struct session *session, const char *why, int code)
{
    terminal_erase(&session->terminal);
    if (session->results && session->done > 0) {
        clean_line(stderr, "hustings: %s; %zu of %zu trials were finished: %s", why, session->done,
                   session->planned, results_path(session->results));
    } else {
        clean_line(stderr, "hustings: %s", why);
    }
    return code;
}

static int world_failure(struct session *session)
{
    return ends_early(session, session->error, EXIT_WORLD);
}

/* Judges and tells what there is: all trials, or those that were finished. */
static int conclude(struct session *session, enum trial_end end)
{
    struct judgement *judgement = calloc(1, sizeof *judgement);
    int code = EXIT_HELD;
    if (!results_flush(session->results)) {
        not_written(session);
    }
    if (!judgement) {
        snprintf(session->error, sizeof session->error, "out of memory");
        return world_failure(session);
    }
    judge(session->scenario, session->outcomes, session->done, judgement);
    bool written = results_end(session->results, session->scenario, &session->facts,
                               session->outcomes, session->done, judgement);
    if (session->done > 0) {
        const char *path = results_path(session->results);
        terminal_end(&session->terminal, session->scenario, &session->facts, session->outcomes,
                     session->done, judgement, path);
        terminal_machine_scenario(&session->terminal, session->scenario, &session->facts,
                                  session->outcomes, session->done, judgement, path);
    }
    if (!judgement->held) {
        code = judgement->undecided ? EXIT_UNDECIDED : EXIT_UNMET;
    }
    free(judgement);
    if (!written && !session->world_failed) {
        snprintf(session->error, sizeof session->error, "%s", results_error(session->results));
        session->world_failed = true;
    }
    if (end == TRIAL_WORLD_FAILED || session->world_failed) {
        return world_failure(session);
    }
    if (end == TRIAL_INTERRUPTED || interrupt_came()) {
        return ends_early(session, "interrupted", EXIT_INTERRUPTED);
    }
    return code;
}

/* NULL: a private Redis. */
static const char *shown_url(struct session *session)
{
    if (!session->redis_url) {
        return NULL;
    }
    address_without_password(session->redis_url, session->redis_shown, sizeof session->redis_shown);
    return session->redis_shown;
}

static struct host_options options_for(const struct session *session,
                                       const struct scenario *scenario)
{
    return (struct host_options){.redis_url = session->redis_url,
                                 .redis_server = session->redis_server,
                                 .latency = session->latency,
                                 .trials = scenario->trials,
                                 .jobs = session->jobs,
                                 .seed = scenario->seed};
}

static int run_one(struct session *session, struct scenario *scenario)
{
    struct host_options options = options_for(session, scenario);
    struct host_events events = {.self = session,
                                 .digest = digest,
                                 .trial_done = trial_done,
                                 .progress = session->terminal.tty ? progress : NULL};
    session->scenario = scenario;
    session->done = 0;
    session->failures_kept = 0;
    session->planned = scenario->trials;
    session->outcomes = calloc(scenario->trials, sizeof *session->outcomes);
    session->facts = (struct run_facts){.host = session->host->name,
                                        .command = session->command,
                                        .redis_server = session->store.redis_server,
                                        .redis_version = session->store.redis_version,
                                        .jobs = session->jobs,
                                        .program = session->program,
                                        .folder = session->folder,
                                        .out = session->out,
                                        .histories = session->histories,
                                        .latency = session->latency,
                                        .redis_url = shown_url(session),
                                        .redis_program = session->redis_server};
    if (!session->outcomes) {
        snprintf(session->error, sizeof session->error, "out of memory for %u trials",
                 scenario->trials);
        return world_failure(session);
    }
    int code = EXIT_WORLD;
    if (!begin_results(session) || !keep_typed(session, scenario)) {
        code = world_failure(session);
    } else {
        terminal_begin(&session->terminal, scenario, &session->facts, scenario->trials);
        enum trial_end end =
            session->host->run(scenario, &options, &events, session->error, sizeof session->error);
        code = conclude(session, end);
    }
    for (size_t i = 0; i < session->planned; i++) { /* some may be ahead of what is done */
        outcome_free(&session->outcomes[i]);
    }
    free(session->outcomes);
    return code;
}

/* --- all of them ------------------------------------------------------------------------------ */

/* Of several codes the gravest: interrupted, world, unmet, undecided, held. */
static int graver(int a, int b)
{
    static const int order[] = {EXIT_INTERRUPTED, EXIT_WORLD, EXIT_UNMET, EXIT_UNDECIDED};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (a == order[i] || b == order[i]) {
            return order[i];
        }
    }
    return EXIT_HELD;
}

/* Whether what the scenarios need is there, before the first of them runs. */
static bool world_is_there(struct session *session, const struct scenario *scenarios, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct host_options options = options_for(session, &scenarios[i]);
        if (!session->host->probe(&scenarios[i], &options, &session->store, session->error,
                                  sizeof session->error)) {
            return false;
        }
    }
    return true;
}

static int run_all(struct session *session, struct scenario *scenarios, size_t count)
{
    int code = EXIT_HELD;
    interrupt_catch();
    if (!world_is_there(session, scenarios, count)) {
        return world_failure(session);
    }
    terminal_machine_begin(&session->terminal, count);
    for (size_t i = 0; i < count; i++) {
        session->terminal.more = i + 1 < count;
        code = graver(code, run_one(session, &scenarios[i]));
        if (code == EXIT_INTERRUPTED || code == EXIT_WORLD) {
            break;
        }
    }
    terminal_machine_end(&session->terminal);
    if (session->results && !results_close(session->results) && code != EXIT_WORLD) {
        fprintf(stderr, "hustings: cannot finish the results folder\n");
        code = EXIT_WORLD;
    }
    return code;
}

/* Whatever is wrong with any scenario is said before anything runs. */
static int load_and_run(struct session *session, char **paths, struct scenario *scenarios,
                        size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        good = load_one(session, paths[i], &scenarios[i]) && good;
    }
    int code = good ? run_all(session, scenarios, count) : EXIT_USAGE;
    for (size_t i = 0; i < count; i++) {
        scenario_free(&scenarios[i]);
    }
    return code;
}

static bool make_makers(struct session *session)
{
    bool whole = true;
    for (uint32_t i = 0; i < session->jobs; i++) {
        session->makers[i] = outcome_maker_new();
        whole = whole && session->makers[i];
    }
    return whole;
}

int session_run(struct session *session, char **paths, size_t count)
{
    struct scenario *scenarios = calloc(count, sizeof *scenarios);
    int code = EXIT_WORLD;
    if (session->keep == KEEP_AS_HOST) {
        session->keep = session->host->virtual_time ? KEEP_FEW : KEEP_ALL;
    }
    if (scenarios && make_makers(session)) {
        code = load_and_run(session, paths, scenarios, count);
    } else {
        fprintf(stderr, "hustings: out of memory\n");
    }
    for (uint32_t i = 0; i < session->jobs; i++) {
        outcome_maker_free(session->makers[i]);
    }
    free(scenarios);
    return code;
}
