/* All scenarios of one `hustings run`: loaded before any of them runs, then run in their order.
 * However that ends, each of them is reported, and what broke it off is said in one line. See
 * session.h.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/chaos_plan.h"
#include "sim/cli/cli.h"
#include "sim/cli/inputs.h"
#include "sim/cli/may_run.h"
#include "sim/cli/named.h"
#include "sim/cli/session.h"
#include "sim/history/text.h"
#include "sim/results/shipped.h"
#include "sim/scenario/set.h"
#include "sim/system/interrupt.h"
#include "sim/text/clean.h"
#include "sim/text/ordinary.h"

struct series {
    struct session *session;
    struct scenario *scenarios;
    char **refusals; /* owned; why a scenario was refused, in one line; NULL: it was not */
    size_t count;
};

/* --- before anything runs --------------------------------------------------------------------- */

/* What was read from a copy is called after where it was typed, if it still is there; else it came
 * by a pipe, or as good as that, and the copy in the results will be its file. A table of pauses
 * lies beside the copy that was read. */
static bool name_copy(const struct session *session, const char *typed, struct scenario *scenario)
{
    size_t length = 0;
    char *bytes = session->copy ? ordinary_bytes(session->copy, &length) : NULL;
    bool is_there = bytes && inputs_same(typed, bytes, length);
    bool stays = !bytes || (!is_there && scenario->stalls.table);
    free(bytes);
    char *path = stays ? NULL : strdup(is_there ? typed : "-");
    if (path) {
        free(scenario->path);
        scenario->path = path;
    }
    return path || stays;
}

bool session_load(const struct session *session, const char *word, struct scenario *scenario,
                  FILE *said)
{
    char found[PATH_MAX];
    const char *path = session->copy ? shipped_named(session->program, word, found, sizeof found)
                                     : named_scenario(session->program, word, found, said);
    const struct set_words sets = {session->sets.words, session->sets.count};
    if (!path || !scenario_load_set(session->copy ? session->copy : path, &sets, scenario, said)) {
        return false;
    }
    if (!name_copy(session, path, scenario)) {
        clean_line(said, "%s: memory is out", path);
        return false;
    }
    if (session->trials) {
        scenario->trials = session->trials;
    }
    if (session->has_seed) {
        scenario->seed = session->seed;
    }
    if (session->explain > scenario->trials) {
        clean_line(said,
                   "%s: --explain %" PRIu32 ": it has but %s trial%s; give a lower number, or "
                   "--trials",
                   path, session->explain, text_count(scenario->trials).text,
                   scenario->trials == 1 ? "" : "s");
        return false;
    }
    if (session->print_plan && !chaos_plan_is_needed(scenario)) {
        clean_line(said, "%s: there is nothing random in its faults: it is its own plan", path);
        return false;
    }
    const struct may_run may = {.program = session->program,
                                .host = session->host,
                                .redis_url = session->redis_url,
                                .allow_exec = session->allow_exec};
    return may_run(&may, scenario, said);
}

/* What is left of a scenario that was refused: what it is called. */
static void keep_name(struct scenario *scenario, const char *path)
{
    struct scenario refused = {.path = strdup(path)};
    const char *slash = strrchr(path, '/');
    const char *file = strcmp(path, "-") == 0 ? "stdin" : slash ? slash + 1 : path;
    snprintf(refused.name, sizeof refused.name, "%s", *scenario->name ? scenario->name : file);
    scenario_free(scenario);
    *scenario = refused;
}

/* The first line of what was said on standard error; the caller's. NULL: memory is out. */
static char *first_line(const char *said)
{
    return strndup(said, strcspn(said, "\n"));
}

/* Loads one, or notes why it is refused. */
static void load(struct series *series, size_t i, const char *path)
{
    char *words = NULL;
    size_t size = 0;
    struct scenario *scenario = &series->scenarios[i];
    FILE *said = open_memstream(&words, &size);
    bool good = said && session_load(series->session, path, scenario, said);
    if (said) {
        fclose(said);
    }
    if (!good) {
        fputs(words ? words : "hustings: out of memory\n", stderr);
        series->refusals[i] = first_line(words && *words ? words : "out of memory");
        keep_name(scenario, path);
    }
    free(words);
}

/* --- what does not run ------------------------------------------------------------------------ */

static void report_stop(struct series *series, size_t i, enum stop_kind kind, const char *why)
{
    static const struct judgement none;
    struct session *session = series->session;
    const struct stop stop = {kind, why};
    terminal_machine_scenario(&session->terminal, &series->scenarios[i], &session->facts, NULL,
                              &none, NULL, &stop);
}

static const char *first_refusal(const struct series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        if (series->refusals[i]) {
            return series->refusals[i];
        }
    }
    return NULL;
}

/* Nothing runs: some were refused, the others wait for them in vain. */
static int refuse(struct series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        const char *refusal = series->refusals[i];
        report_stop(series, i, refusal ? STOP_REFUSED : STOP_NOT_BEGUN,
                    refusal ? refusal : "another scenario was refused");
    }
    return EXIT_USAGE;
}

/* --- what runs -------------------------------------------------------------------------------- */

/* Whether what the scenarios need is there, before the first of them runs. Returns how many have
 * what they need: all, or those before the one that lacks something. */
static size_t probe(struct series *series)
{
    struct session *session = series->session;
    for (size_t i = 0; i < series->count; i++) {
        const struct scenario *scenario = &series->scenarios[i];
        struct host_options options = session_options(session, scenario);
        if (!session->host->probe(scenario, &options, &session->store, session->error,
                                  sizeof session->error)) {
            return i;
        }
    }
    return series->count;
}

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

/* Runs them until the end, or until something breaks it off. Returns how many began. */
static size_t run_them(struct series *series, int *code)
{
    struct session *session = series->session;
    size_t begun = 0;
    while (begun < series->count && *code != EXIT_INTERRUPTED && *code != EXIT_WORLD) {
        session->terminal.more = begun + 1 < series->count;
        *code = graver(*code, session_run_one(session, &series->scenarios[begun++]));
    }
    terminal_erase(&session->terminal);
    terminal_total(&session->terminal, &session->total);
    return begun;
}

static int run_all(struct series *series)
{
    struct session *session = series->session;
    char why[sizeof session->error + 32] = "the run was interrupted";
    int code = EXIT_HELD;
    session->total.scenarios = (uint32_t)series->count;
    interrupt_catch();
    size_t there = probe(series);
    size_t begun = there == series->count ? run_them(series, &code) : 0;
    if (there < series->count) {
        code = EXIT_WORLD;
    }
    if (session->results && !results_close(session->results) && code != EXIT_WORLD) {
        snprintf(session->error, sizeof session->error, "cannot finish the results folder");
        code = graver(code, EXIT_WORLD);
    }
    if (code == EXIT_WORLD) {
        snprintf(why, sizeof why, "the world failed: %s", session->error);
    }
    for (size_t i = begun; i < series->count; i++) {
        bool guilty = i == there;
        report_stop(series, i, guilty ? STOP_WORLD : STOP_NOT_BEGUN, guilty ? session->error : why);
    }
    return code;
}

/* One line: why it ends here, and what was finished. */
static void say_why(const struct series *series, const char *why)
{
    const struct session *session = series->session;
    const struct total *total = &session->total;
    size_t begun = total->ok + total->failed + total->undecided + total->stopped;
    char finished[4400] = "", left[96] = "";
    if (session->done > 0 && session->folder_made) {
        snprintf(finished, sizeof finished, "; %s of %s trials were finished: %s",
                 text_count(session->done).text, text_count(session->planned).text,
                 session->folder_made);
    } else if (begun > 0 && session->folder_made) {
        snprintf(finished, sizeof finished, "; no trial%s%s was finished: %s",
                 begun > 1 ? " of " : "", begun > 1 ? session->scenario->name : "",
                 session->folder_made);
    }
    if (begun > 0 && begun < series->count) {
        snprintf(left, sizeof left, "; %zu of %zu scenarios were not begun", series->count - begun,
                 series->count);
    }
    clean_line(stderr, "hustings: %s%s%s", why, finished, left);
}

/* Whatever is wrong with any scenario is said before anything runs. */
static int load_and_run(struct series *series, char **paths)
{
    struct session *session = series->session;
    for (size_t i = 0; i < series->count; i++) {
        load(series, i, paths[i]);
    }
    const char *refusal = first_refusal(series);
    terminal_machine_begin(&session->terminal, series->scenarios, series->count);
    session->facts.host = session->host->name;
    int code = refusal ? refuse(series) : run_all(series);
    const char *error = code == EXIT_WORLD         ? session->error
                        : code == EXIT_INTERRUPTED ? "interrupted"
                                                   : refusal;
    terminal_machine_end(&session->terminal, code, error);
    if (error && !refusal) {
        say_why(series, error);
    }
    return code;
}

/* --- memory ----------------------------------------------------------------------------------- */

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
    struct series series = {.session = session,
                            .scenarios = calloc(count, sizeof *series.scenarios),
                            .refusals = calloc(count, sizeof *series.refusals),
                            .count = count};
    int code = EXIT_WORLD;
    if (session->keep == KEEP_AS_HOST) {
        session->keep = session->host->virtual_time ? KEEP_FEW : KEEP_ALL;
    }
    if (series.scenarios && series.refusals && make_makers(session)) {
        code = load_and_run(&series, paths);
    } else {
        fprintf(stderr, "hustings: out of memory\n");
    }
    for (uint32_t i = 0; i < session->jobs; i++) {
        outcome_maker_free(session->makers[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (series.scenarios) {
            scenario_free(&series.scenarios[i]);
        }
        free(series.refusals ? series.refusals[i] : NULL);
    }
    free(series.scenarios);
    free(series.refusals);
    free(session->folder_made);
    return code;
}
