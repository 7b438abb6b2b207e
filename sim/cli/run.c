/* hustings run: scenarios in, a host runs them, checks judge, results and terminal tell. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/hosts.h"
#include "sim/cli/option.h"
#include "sim/cli/pace_option.h"
#include "sim/cli/session.h"
#include "sim/processes/address.h"
#include "sim/results/command.h"
#include "sim/text/clean.h"

static const char help[] =
    "Usage: $0 run [OPTION]... SCENARIO...\n"
    "Runs each scenario (- is stdin), checks what happened, and writes a results folder. One that\n"
    "comes with hustings has a name, too: course/01, catalogue/paused-holder, or paused-holder.\n"
    "\n"
    "  --on HOST            where: processes (forked, with a real Redis, in real time: default)\n"
    "                       or model (the same machines in virtual time; same seed, same bytes)\n"
    "  --trials N           how often, instead of what the scenario says\n"
    "  --seed N             the seed of trial 1, instead of the scenario's\n"
    "  --set KEY=VALUE      sets a value of the scenario; the key is the way to it through the "
    "file:\n"
    "                       --set lock.token.ttl=500ms --set faults.1.for=2s; any number of times\n"
    "  --jobs N             so many trials side by side (default 1)\n"
    "  --out DIR            where results folders are made (default results)\n"
    "  --redis URL          use this Redis, under a prefix of our own, instead of a private one:\n"
    "                       redis://[user:password@]host[:port][/db] or\n"
    "                       unix:/path[?db=n]; the password may come from the environment\n"
    "                       variable HUSTINGS_REDIS_PASSWORD\n"
    "  --redis-server PROG  the private one's program (default: redis-server, valkey-server or\n"
    "                       keydb-server, whichever is found)\n"
    "  --latency FILE       the model's machine, as $0 calibrate measured it, instead of\n"
    "                       the scenario's network latency\n"
    "  --histories WHICH    whose events to keep, in history/: all (default on processes), few\n"
    "                       (the first 100 trials, and after them the first 100 that were not\n"
    "                       as expected; default in the model) or none\n"
    "  --explain TRIAL      at the end, tell the story of this trial in full (without: the main\n"
    "                       lines of the first that broke something, or of the first)\n"
    "  --watch              on a terminal, a screen that shows each member while it runs, and "
    "takes\n"
    "                       keys that hurt the cluster (? lists them); what was done by hand is\n"
    "                       saved as a scenario in the results folder. On the model the cluster\n"
    "                       can be held, and stepped forward and back. On processes time goes "
    "on,\n"
    "                       and the trial ends when the scenario says; each member goes through\n"
    "                       a relay, so that it can be cut off: some 20 us more a round trip\n"
    "  --slow N, --speed N  with --watch on the model: N times slower than real time, or faster\n"
    "                       (1/20 is the same as --slow 20)\n"
    "  --allow-exec         a scenario may start the programs that it names (program: ...); read "
    "it\n"
    "                       first: they do what they like, as you\n"
    "  --quiet              only what failed, and where the files are\n"
    "  --format FORMAT      text, json, junit or tap (default text)\n"
    "  --print-plan         run one trial of one scenario, and print the scenario's own text with\n"
    "                       every fault that was drawn (randomly, pauses) at a fixed time:\n"
    "                       lint takes it, and run does the same again; everything else goes to\n"
    "                       stderr\n"
    "  -h, --help\n"
    "\n"
    "Example: $0 run --trials 20 --jobs 2 scenarios/course/07-the-early-bird.yaml\n"
    "\n"
    "Exit: 0 every expectation held, 1 one did not, 2 wrong usage or scenario, 3 the world failed\n"
    "(no Redis, full disk, …), 4 could not be decided, 130 interrupted.\n";

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
static int read_options(struct session *session, int argc, char **argv, char *url,
                        struct pace_options *pace)
{
    static const char *const keep_names[] = {
        [KEEP_ALL] = "all", [KEEP_FEW] = "few", [KEEP_NONE] = "none"};
    const char *host = session->host->name;
    const struct option_row rows[] = {
        {.name = "on", .kind = OPTION_TEXT, .into = &host},
        {.name = "trials",
         .kind = OPTION_COUNT,
         .into = &session->trials,
         .low = 1,
         .high = TRIALS_MAX},
        {.name = "seed",
         .kind = OPTION_NUMBER,
         .into = &session->seed,
         .given = &session->has_seed,
         .high = UINT64_MAX},
        {.name = "jobs", .kind = OPTION_COUNT, .into = &session->jobs, .low = 1, .high = JOBS_MAX},
        {.name = "set", .kind = OPTION_LIST, .into = &session->sets},
        {.name = "out", .kind = OPTION_TEXT, .into = &session->out},
        {.name = "redis", .kind = OPTION_REDIS, .into = url},
        {.name = "redis-server", .kind = OPTION_TEXT, .into = &session->redis_server},
        {.name = "latency", .kind = OPTION_TEXT, .into = &session->latency},
        {.name = "histories", .kind = OPTION_WORD, .into = &session->keep, .words = "all|few|none"},
        {.name = "explain",
         .kind = OPTION_COUNT,
         .into = &session->explain,
         .low = 1,
         .high = TRIALS_MAX},
        {.name = "watch", .kind = OPTION_FLAG, .into = &session->terminal.watch},
        pace_slow_row(pace),
        pace_speed_row(pace),
        {.name = "quiet", .kind = OPTION_FLAG, .into = &session->terminal.quiet},
        {.name = "format",
         .kind = OPTION_WORD,
         .into = &session->terminal.format,
         .words = "text|json|junit|tap"},
        {.name = "allow-exec", .kind = OPTION_FLAG, .into = &session->allow_exec},
        {.name = "print-plan", .kind = OPTION_FLAG, .into = &session->print_plan},
        {0}};
    int code = options_read(session->program, argc, argv, rows, help);
    session->host = host_find(host);
    session->redis_url = *url ? url : NULL;
    session->histories = session->keep == KEEP_AS_HOST ? NULL : keep_names[session->keep];
    session->terminal.out = session->print_plan ? stderr : NULL;
    if (code == OPTIONS_GOOD && !session->host) {
        code = option_wrong(session->program, "run", "on", host,
                            "there is no such host; give processes or model");
    }
    return code;
}

/* Does what the words say. */
static int run_as_told(struct session *session, int argc, char **argv)
{
    const char *program = session->program;
    assert(session->host && session->jobs > 0);
    char url[OPTION_REDIS_SIZE] = "";
    note_command(session, argc, argv);
    struct pace_options pace = {0};
    int code = read_options(session, argc, argv, url, &pace);
    if (code == OPTIONS_GOOD) {
        code = pace_read(&pace, program, "run", &session->pace);
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
    bool paced = pace.slow > 0 || pace.speed;
    if (paced && !(session->terminal.watch && session->host->virtual_time)) {
        fputs("hustings run: --slow and --speed go with --watch --on model; a run on processes is "
              "played slowly afterwards, by hustings play\n",
              stderr);
        return EXIT_USAGE;
    }
    if (!plan_fits(session, argc - optind)) {
        return EXIT_USAGE;
    }
    terminal_probe(&session->terminal);
    session->folder = getcwd(NULL, 0);
    code = session_run(session, argv + optind, (size_t)(argc - optind));
    free(session->folder);
    return code;
}

int cli_run(const char *program, int argc, char **argv)
{
    struct terminal_state state = {0};
    struct session *session = malloc(sizeof *session); /* too large for a small stack */
    if (!session) {
        fputs("hustings run: there is no memory\n", stderr);
        return EXIT_WORLD;
    }
    *session = (struct session){.program = program,
                                .host = &host_processes,
                                .jobs = 1,
                                .keep = KEEP_AS_HOST,
                                .pace = {1, 1},
                                .terminal.state = &state};
    int code = run_as_told(session, argc, argv);
    free(session);
    return code;
}
