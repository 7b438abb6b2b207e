/* hustings run: scenarios in, a host runs them, checks judge, results and terminal tell. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/grid_options.h"
#include "sim/cli/help.h"
#include "sim/cli/hosts.h"
#include "sim/cli/inputs.h"
#include "sim/cli/merge.h"
#include "sim/cli/option.h"
#include "sim/cli/pace_option.h"
#include "sim/cli/plan_words.h"
#include "sim/cli/run_options.h"
#include "sim/cli/run_parts.h"
#include "sim/cli/session.h"
#include "sim/processes/address.h"
#include "sim/results/command.h"
#include "sim/text/clean.h"

/* --- options ---------------------------------------------------------------------------------- */

/* The plan is one trial's, of one scenario. */
static bool plan_fits(struct session *session, int scenarios)
{
    if (!session->print_plan) {
        return true;
    }
    if (scenarios > 1 || session->trials > 1) {
        fprintf(stderr, "hustings run: --print-plan prints the plan of one trial: give one "
                        "scenario, and --seed for another trial than the first\n");
        return false;
    }
    session->trials = 1;
    return true;
}

/* Everything as typed, but for the password of a URL. */
static void note_command(struct session *session, int argc, char **argv)
{
    char word[1024], quoted[4096];
    size_t size = sizeof session->command;
    size_t used = (size_t)snprintf(session->command, size, "%s",
                                   shell_word(session->program, quoted, sizeof quoted));
    for (int i = 0; i < argc && used < size; i++) {
        address_without_password(argv[i], word, sizeof word);
        used += (size_t)snprintf(session->command + used, size - used, " %s",
                                 shell_word(word, quoted, sizeof quoted));
    }
}

/* Fills the session. OPTIONS_GOOD or the exit code to end with. */
static int read_options(struct run_asked *asked, int argc, char **argv)
{
    static const char *const keep_names[] = {
        [KEEP_ALL] = "all", [KEEP_FEW] = "few", [KEEP_NONE] = "none"};
    struct session *session = &asked->session;
    asked->host = session->host->name;
    int code = options_read(session->program, argc, argv, &verb_run, asked);
    session->host = host_find(asked->host);
    session->redis_url = asked->url[0] ? asked->url : NULL;
    session->histories = session->keep == KEEP_AS_HOST ? NULL : keep_names[session->keep];
    session->terminal.out = session->print_plan ? stderr : NULL;
    if (code == OPTIONS_GOOD && !session->host) {
        code = option_wrong(session->program, "run", "on", asked->host,
                            "there is no such host; give processes or model");
    }
    return code;
}

/* Whether parts can be run of what was asked for: one line, if not. */
static bool parts_fit(const struct run_asked *asked, int scenarios)
{
    const struct session *session = &asked->session;
    const struct terminal_options *terminal = &session->terminal;
    const char *why = NULL;
    if (!asked->shard) {
        why = "--into goes with --shard; --out is where results go";
    } else if (!session->host->virtual_time) {
        why = "--shard goes with --on model, where equal seeds leave equal bytes; on processes "
              "give each machine a --seed";
    } else if (scenarios > 1) {
        why = "--shard goes with one scenario";
    } else if (session->out) {
        why = "--shard goes with --into instead of --out";
    } else if (terminal->watch || session->print_plan || session->explain > 0 ||
               terminal->format != FORMAT_TEXT) {
        why = "--shard goes without --watch, --print-plan, --explain and --format";
    }
    if (why) {
        clean_line(stderr, "hustings run: %s", why);
    }
    return !why;
}

/* Which part it is. OPTIONS_GOOD, or the exit code to end with. */
static int read_part(const struct run_asked *asked, struct shard *shard)
{
    struct grid_asked grid = {0};
    const struct grid_texts texts = {.host = asked->host, .shard = asked->shard};
    int code = grid_options(&grid, &texts, asked->session.program, "run", false);
    *shard = grid.shard;
    return code;
}

/* Runs a part, or makes the results of all of them. */
static int run_in_parts(struct run_asked *asked, char **words, int count,
                        const struct merged *merged)
{
    struct session *session = &asked->session;
    struct shard shard = shard_all();
    int code = OPTIONS_GOOD;
    if (!merged) {
        code = parts_fit(asked, count) ? read_part(asked, &shard) : EXIT_USAGE;
    } else if (!session->host->virtual_time) {
        clean_line(stderr, "hustings merge: %s/" PLAN_FILE ": parts are of runs on the model",
                   merged->folders[0]);
        code = EXIT_USAGE;
    }
    if (code != OPTIONS_GOOD) {
        return code;
    }
    char *copy = merged ? inputs_scenario(merged->folders[0], 1) : NULL;
    char *latency = merged && session->latency ? inputs_latency(merged->folders[0]) : NULL;
    session->copy = copy;
    session->latency_copy = latency;
    struct run_parts *parts = run_parts_open(session, words[0], shard, asked->into, merged, &code);
    if (parts) {
        terminal_probe(&session->terminal);
        code = merged ? run_parts_tell(parts, session, words, merged) : run_parts_run(parts);
        run_parts_close(parts);
    }
    free(copy);
    free(latency);
    return code;
}

/* Does what the words say. */
static int run_as_told(struct run_asked *asked, int argc, char **argv, const struct merged *merged)
{
    struct session *session = &asked->session;
    const char *program = session->program;
    assert(session->host && session->jobs > 0);
    note_command(session, argc, argv);
    int code = read_options(asked, argc, argv);
    if (code == OPTIONS_GOOD) {
        code = pace_read(&asked->pace, program, "run", &session->pace);
    }
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind == argc) {
        fputs("hustings run: which scenario? ", stderr);
        return cli_try_shipped(program, "run", "course/01-first-election.yaml", "");
    }
    if (session->latency && !session->host->virtual_time) {
        fputs("hustings run: --latency: real processes take the time that they take; leave it out, "
              "or add --on model\n",
              stderr);
        return EXIT_USAGE;
    }
    bool paced = asked->pace.slow > 0 || asked->pace.speed;
    if (paced && !(session->terminal.watch && session->host->virtual_time)) {
        fputs("hustings run: --slow and --speed go with --watch --on model; a run on processes is "
              "played slowly afterwards, by hustings play\n",
              stderr);
        return EXIT_USAGE;
    }
    if (!plan_fits(session, argc - optind)) {
        return EXIT_USAGE;
    }
    if (asked->shard || asked->into || merged) {
        return run_in_parts(asked, argv + optind, argc - optind, merged);
    }
    terminal_probe(&session->terminal);
    session->folder = getcwd(NULL, 0);
    code = session_run(session, argv + optind, (size_t)(argc - optind));
    free(session->folder);
    return code;
}

int run_with(const char *program, int argc, char **argv, const struct merged *merged)
{
    struct terminal_state state = {0};
    struct run_asked *asked = calloc(1, sizeof *asked); /* too large for a small stack */
    if (!asked) {
        fputs("hustings run: there is no memory\n", stderr);
        return EXIT_WORLD;
    }
    asked->session = (struct session){.program = program,
                                      .host = &host_processes,
                                      .jobs = 1,
                                      .keep = KEEP_AS_HOST,
                                      .pace = {1, 1},
                                      .terminal.state = &state};
    int code = run_as_told(asked, argc, argv, merged);
    free(asked);
    return code;
}

int cli_run(const char *program, int argc, char **argv)
{
    return run_with(program, argc, argv, NULL);
}
