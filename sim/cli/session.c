/* What one `hustings run` does with one of its scenarios: the host runs it, it is judged, written
 * and told. See session.h; all of them: series.c. */
#include "sim/cli/session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/chaos_plan.h"
#include "sim/cli/cli.h"
#include "sim/cli/watch_model.h"
#include "sim/history/text.h"
#include "sim/live/follow.h"
#include "sim/outcome/judge.h"
#include "sim/processes/address.h"
#include "sim/system/interrupt.h"
#include "sim/text/clean.h"

static bool print_plan(struct session *session, const struct history *history)
{
    char why[300];
    if (chaos_plan_write(stdout, session->scenario, history, session->latency != NULL, why,
                         sizeof why)) {
        return true;
    }
    snprintf(session->error, sizeof session->error, "the plan cannot be written: %s", why);
    session->world_failed = true;
    return false;
}

static bool digest(void *self, const struct trial *trial, uint32_t worker)
{
    struct session *session = self;
    assert(trial->place < HOST_PLACES);
    return outcome_make(session->makers[worker], session->scenario, &trial->history,
                        &session->digested[trial->place]);
}

/* Rows may wait where trials take microseconds; on processes a finished trial is worth a write. */
static bool write_trial(struct session *session, struct outcome *outcome,
                        const struct history *history)
{
    struct scenario again = *session->scenario; /* what would repeat this trial */
    char *by_hand = NULL;
    if (session_has_screen(session)) {
        by_hand = by_hand_save(&session->by_hand, session->results, session->scenario, history,
                               &session->facts);
    }
    outcome->kept = session_keeps(session, outcome);
    session->failures_kept += outcome->kept && outcome->trial > KEEP_FEW_TRIALS;
    again.path = by_hand ? by_hand : again.path;
    bool written = results_trial(session->results, &again, &session->facts, outcome,
                                 outcome->kept ? history : NULL) &&
                   (session->host->virtual_time || results_flush(session->results));
    free(by_hand);
    return written;
}

#define NO_MEMORY "out of memory for so many trials"

static bool fail(struct session *session, const char *why)
{
    snprintf(session->error, sizeof session->error, "%s", why);
    session->world_failed = true;
    return false;
}

/* What is not in the files does not count: so trials are told to machines, and taken in, only once
 * they are. */
static bool take_written(struct session *session)
{
    bool whole = true;
    size_t written = results_sealed(session->results);
    while (whole && session->all->count < written) {
        size_t number = session->all->count;
        struct outcome *outcome = &session->waiting[number % RESULTS_WAITING];
        terminal_machine_trial(&session->terminal, session->scenario, &session->facts,
                               results_path(session->results), outcome);
        if (number == 0) {
            session->first = *outcome;
            *outcome = (struct outcome){0};
            outcome = &session->first;
        }
        whole = trials_take(session->all, outcome);
        if (number > 0) {
            outcome_free(outcome);
        }
    }
    return whole || fail(session, NO_MEMORY);
}

static bool not_written(struct session *session)
{
    session->done = results_sealed(session->results);
    return fail(session, results_error(session->results));
}

static bool trial_done(void *self, struct trial *trial)
{
    struct session *session = self;
    follow_rest(session->follow); /* it is told of on the terminal as it was */
    if (session->print_plan && !print_plan(session, &trial->history)) {
        return false;
    }
    struct outcome *outcome = &session->waiting[session->done % RESULTS_WAITING];
    assert(session->done - session->all->count < RESULTS_WAITING);
    *outcome = session->digested[trial->place];
    session->digested[trial->place] = (struct outcome){0};
    assert(outcome->trial == trial->number && outcome->checks);
    if (!write_trial(session, outcome, &trial->history)) {
        outcome_free(outcome);
        return not_written(session);
    }
    session_take_story(session, outcome, &trial->history);
    session->done++;
    terminal_trial(&session->terminal, session->scenario, outcome);
    return take_written(session) && !interrupt_came();
}

static void progress(void *self, const struct progress *now)
{
    struct session *session = self;
    terminal_progress(&session->terminal, now, (uint32_t)session->done);
}

static bool begin_results(struct session *session)
{
    if (!session->results) {
        session->results = session->replay ? results_open_at(session->replay->beside, session->out,
                                                             session->error, sizeof session->error)
                                           : results_open(session->out, session->scenario->name,
                                                          session->error, sizeof session->error);
    }
    if (!session->results) {
        return false;
    }
    if (!session->folder_made && !session->replay) {
        session->folder_made = strdup(results_path(session->results));
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
    bool typed = strcmp(scenario->path, "-") == 0;
    char *path = strdup(typed ? results_scenario(session->results) : scenario->path);
    if (!path) {
        snprintf(session->error, sizeof session->error, "out of memory");
        return false;
    }
    free(scenario->path);
    scenario->path = path;
    return true;
}

/* Says to people and to machines what there is of it. */
static void report(struct session *session, const struct judgement *judgement,
                   const struct stop *stop)
{
    bool kept = session->results && !(session->replay && stop); /* a whole, or nothing */
    const char *path = kept ? results_path(session->results) : NULL;
    if (session->by_hand.unsaved[0]) {
        terminal_erase(&session->terminal);
        clean_line(stderr, "hustings: %s", session->by_hand.unsaved);
    }
    if (session->done > 0) {
        terminal_end(&session->terminal, &session->facts, session->all, judgement, path,
                     session->told.trial ? &session->told : NULL);
    }
    terminal_machine_scenario(&session->terminal, session->scenario, &session->facts, session->all,
                              judgement, path, stop);
}

/* Counts the scenario; returns the exit code that it is worth by itself. */
static int count(struct total *total, const struct judgement *judgement, bool whole)
{
    total->failed += judgement->unmet.count > 0;
    total->stopped += !whole && judgement->unmet.count == 0;
    total->ok += whole && judgement->held;
    total->undecided += whole && judgement->undecided;
    return judgement->held ? EXIT_HELD : judgement->undecided ? EXIT_UNDECIDED : EXIT_UNMET;
}

/* Why not all of it was run, in a line of `why`. */
static struct stop stop_of(const struct session *session, char *why, size_t size)
{
    if (session->world_failed) {
        return (struct stop){STOP_WORLD, session->error};
    }
    snprintf(why, size, "interrupted when %s of %s trials were finished",
             text_count(session->done).text, text_count(session->planned).text);
    return (struct stop){STOP_INTERRUPTED, why};
}

/* Judges and tells what there is: all trials, or those that were finished. */
static int conclude(struct session *session, struct judgement *judgement, enum trial_end end)
{
    char why[128];
    session->world_failed = session->world_failed || end == TRIAL_WORLD_FAILED;
    if (!results_flush(session->results) && !session->world_failed) {
        not_written(session);
    }
    take_written(session);
    assert(session->all->count == session->done || session->world_failed);
    if (!trials_end(session->all)) {
        fail(session, NO_MEMORY);
    }
    judge(session->all, judgement);
    if (session->done < session->planned) {
        judge_cut_short(session->scenario, judgement);
    }
    if (!results_end(session->results, &session->facts, session->all, judgement) &&
        !session->world_failed) {
        not_written(session);
    }
    bool whole = session->done == session->planned && !session->world_failed;
    struct stop stop = stop_of(session, why, sizeof why);
    report(session, judgement, whole ? NULL : &stop);
    int code = count(&session->total, judgement, whole);
    if (session->world_failed) {
        return EXIT_WORLD;
    }
    return end == TRIAL_INTERRUPTED || interrupt_came() ? EXIT_INTERRUPTED : code;
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

struct host_options session_options(const struct session *session, const struct scenario *scenario)
{
    return (struct host_options){.redis_url = session->redis_url,
                                 .redis_server = session->redis_server,
                                 .latency = session->latency_copy ? session->latency_copy
                                                                  : session->latency,
                                 .trials = scenario->trials,
                                 .jobs = session->jobs,
                                 .seed = scenario->seed};
}

static void begin(struct session *session, struct scenario *scenario)
{
    session->scenario = scenario;
    session->done = 0;
    session->failures_kept = 0;
    session->by_hand = (struct by_hand_files){0};
    session->planned = scenario->trials;
    session->all = trials_new(scenario);
    session->digested = calloc(HOST_PLACES, sizeof *session->digested);
    session->facts = (struct run_facts){.host = session->host->name,
                                        .command = session->command,
                                        .redis_server = session->store.redis_server,
                                        .redis_version = session->store.redis_version,
                                        .jobs = session->jobs,
                                        .program = session->program,
                                        .folder = session->folder,
                                        .out = session->replay ? NULL : session->out,
                                        .histories = session->histories,
                                        .latency = session->latency,
                                        .redis_url = shown_url(session),
                                        .redis_program = session->redis_server,
                                        .sets = session->sets.words,
                                        .set_count = session->sets.count,
                                        .allow_exec = session->allow_exec,
                                        .parts = session->replay ? session->replay->parts : 0,
                                        .grid = session->replay ? session->replay->grid : NULL};
}

bool session_has_screen(const struct session *session)
{
    const struct terminal_options *terminal = &session->terminal;
    return terminal->watch && terminal->tty && !terminal->quiet &&
           terminal->format == FORMAT_TEXT && !session->print_plan;
}

/* The host runs it, with its screen where there is to be one. */
static enum trial_end run_host(struct session *session, struct host_options options,
                               const struct host_events *events)
{
    const struct scenario *scenario = session->scenario;
    bool screen = session_has_screen(session);
    const struct session_replay *replay = session->replay;
    if (replay) {
        return replay->run(replay->self, session, events->trial_done);
    }
    if (screen && session->host->virtual_time) {
        return watch_model(scenario, &options, events, &session->terminal, session->pace,
                           session->error, sizeof session->error);
    }
    struct host_hand hand;
    session->follow = screen ? follow_open(&session->terminal, &scenario->settings) : NULL;
    if (session->follow) {
        hand = follow_hand(session->follow);
        options.hand = &hand;
    }
    enum trial_end end =
        session->host->run(scenario, &options, events, session->error, sizeof session->error);
    follow_close(session->follow);
    session->follow = NULL;
    return end;
}

static int run(struct session *session, struct judgement *judgement)
{
    const struct scenario *scenario = session->scenario;
    struct host_options options = session_options(session, scenario);
    struct host_events events = {.self = session,
                                 .digest = digest,
                                 .trial_done = trial_done,
                                 .progress = session->terminal.tty ? progress : NULL};
    session->facts.label = results_label(session->results);
    options.logs = results_logs(session->results);
    terminal_begin(&session->terminal, scenario, &session->facts, scenario->trials);
    return conclude(session, judgement, run_host(session, options, &events));
}

/* Frees what belonged to one scenario; some trials may be ahead of what is done. */
static void finish(struct session *session)
{
    for (size_t i = 0; session->digested && i < HOST_PLACES; i++) {
        outcome_free(&session->digested[i]);
    }
    for (size_t i = 0; i < RESULTS_WAITING; i++) {
        outcome_free(&session->waiting[i]);
    }
    outcome_free(&session->first);
    story_free(&session->story);
    session->told = (struct told_story){0};
    session->story_worth = 0;
    free(session->digested);
    trials_free(session->all);
    session->digested = NULL;
    session->all = NULL;
}

int session_run_one(struct session *session, struct scenario *scenario)
{
    struct judgement *judgement = calloc(1, sizeof *judgement);
    begin(session, scenario);
    int code = EXIT_WORLD;
    if (!judgement || !session->all || !session->digested) {
        snprintf(session->error, sizeof session->error, "out of memory");
    } else if (begin_results(session) && keep_typed(session, scenario)) {
        code = run(session, judgement);
    } else {
        report(session, judgement, &(struct stop){STOP_WORLD, session->error});
    }
    finish(session);
    free(judgement);
    return code;
}
