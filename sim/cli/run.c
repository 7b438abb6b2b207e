/* hustings run: scenarios in, a host runs them, checks judge, results and terminal tell. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/hosts.h"
#include "sim/cli/option.h"
#include "sim/cli/session.h"
#include "sim/processes/address.h"
#include "sim/results/command.h"
#include "sim/text/clean.h"

static const char help[] =
    "Usage: $0 run [OPTION]... SCENARIO...\n"
    "Runs each scenario (- is stdin), checks what happened, and writes a results folder.\n"
    "\n"
    "  --on HOST            where: processes (forked, with a real Redis, in real time: default)\n"
    "                       or model (the same machines in virtual time; same seed, same bytes)\n"
    "  --trials N           how often, instead of what the scenario says\n"
    "  --seed N             the seed of trial 1, instead of the scenario's\n"
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
    "  --watch              a larger picture of the cluster while it runs\n"
    "  --quiet              only what failed, and where the files are\n"
    "  --format FORMAT      text, json, junit or tap (default text)\n"
    "  --print-plan         run one trial of one scenario, and print the scenario's own text with\n"
    "                       every fault that chaos (randomly) drew as an entry with a fixed time:\n"
    "                       lint takes it, and run does the same again; everything else goes to\n"
    "                       stderr\n"
    "  -h, --help\n"
    "\n"
    "Example: $0 run --trials 20 --jobs 2 scenarios/course/07-the-early-bird.yaml\n"
    "\n"
    "Exit: 0 every expectation held, 1 one did not, 2 wrong usage or scenario, 3 the world failed\n"
    "(no Redis, full disk, …), 4 could not be decided, 130 interrupted.\n";

enum option_code {
    OPT_ON = 1000,
    OPT_TRIALS,
    OPT_SEED,
    OPT_JOBS,
    OPT_OUT,
    OPT_REDIS,
    OPT_SERVER,
    OPT_LATENCY,
    OPT_HISTORIES,
    OPT_WATCH,
    OPT_QUIET,
    OPT_FORMAT,
    OPT_PLAN,
    OPT_HELP
};

static const struct option long_options[] = {
    {"on", required_argument, NULL, OPT_ON},
    {"trials", required_argument, NULL, OPT_TRIALS},
    {"seed", required_argument, NULL, OPT_SEED},
    {"jobs", required_argument, NULL, OPT_JOBS},
    {"out", required_argument, NULL, OPT_OUT},
    {"redis", required_argument, NULL, OPT_REDIS},
    {"redis-server", required_argument, NULL, OPT_SERVER},
    {"latency", required_argument, NULL, OPT_LATENCY},
    {"histories", required_argument, NULL, OPT_HISTORIES},
    {"watch", no_argument, NULL, OPT_WATCH},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"print-plan", no_argument, NULL, OPT_PLAN},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

/* --- options ---------------------------------------------------------------------------------- */

static bool wrong(const char *option, const char *text, const char *hint)
{
    clean_line(stderr, "hustings run: --%s \"%s\": %s", option, text, hint);
    return false;
}

static bool read_number(const char *option, const char *text, uint64_t low, uint64_t high,
                        uint64_t *value)
{
    char *end;
    errno = 0;
    unsigned long long parsed = strtoull(text, &end, 0);
    if (*text < '0' || *text > '9' || *end != '\0' || errno || parsed < low || parsed > high) {
        char hint[96];
        snprintf(hint, sizeof hint, "give a whole number from %llu to %llu",
                 (unsigned long long)low, (unsigned long long)high);
        return wrong(option, text, hint);
    }
    *value = parsed;
    return true;
}

static bool read_format(const char *text, enum format *format)
{
    static const char *const names[] = {"text", "json", "junit", "tap"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(names[i], text) == 0) {
            *format = (enum format)i;
            return true;
        }
    }
    return wrong("format", text, "give text, json, junit or tap");
}

static bool read_host(const char *text, const struct host_row **host)
{
    *host = host_find(text);
    return *host || wrong("on", text, "there is no such host; give processes or model");
}

static bool read_keep(const char *text, enum keep *keep)
{
    static const char *const names[] = {
        [KEEP_ALL] = "all", [KEEP_FEW] = "few", [KEEP_NONE] = "none"};
    for (int i = KEEP_ALL; i <= KEEP_NONE; i++) {
        if (strcmp(names[i], text) == 0) {
            *keep = (enum keep)i;
            return true;
        }
    }
    return wrong("histories", text, "give all, few or none");
}

static bool read_url(const char *text)
{
    struct address address;
    char error[1024];
    if (address_parse(text, &address, error, sizeof error)) {
        return true;
    }
    clean_line(stderr, "hustings run: --redis %s", error);
    return false;
}

static bool read_option(struct session *session, int code)
{
    uint64_t number = 0;
    switch (code) {
    case OPT_ON:
        return read_host(optarg, &session->host);
    case OPT_TRIALS:
        if (!read_number("trials", optarg, 1, TRIALS_MAX, &number)) {
            return false;
        }
        session->trials = (uint32_t)number;
        return true;
    case OPT_SEED:
        session->has_seed = true;
        return read_number("seed", optarg, 0, UINT64_MAX, &session->seed);
    case OPT_JOBS:
        if (!read_number("jobs", optarg, 1, JOBS_MAX, &number)) {
            return false;
        }
        session->jobs = (uint32_t)number;
        return true;
    case OPT_OUT:
        session->out = optarg;
        return true;
    case OPT_REDIS:
        session->redis_url = optarg;
        return read_url(optarg);
    case OPT_SERVER:
        session->redis_server = optarg;
        return true;
    case OPT_LATENCY:
        session->latency = optarg;
        return true;
    case OPT_HISTORIES:
        session->histories = optarg;
        return read_keep(optarg, &session->keep);
    case OPT_WATCH:
        session->terminal.watch = true;
        return true;
    case OPT_QUIET:
        session->terminal.quiet = true;
        return true;
    case OPT_FORMAT:
        return read_format(optarg, &session->terminal.format);
    case OPT_PLAN:
        session->print_plan = true;
        session->terminal.out = stderr;
        return true;
    default:
        return false;
    }
}

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

int cli_run(const char *program, int argc, char **argv)
{
    struct terminal_state state = {0};
    struct session session = {
        .program = program, .host = &host_processes, .jobs = 1, .terminal.state = &state};
    char url[1024];
    int code;
    note_command(&session, argc, argv);
    optind = 1;
    while ((code = option_next(argc, argv, "h", long_options)) != -1) {
        if (code == OPT_HELP || code == 'h') {
            return cli_help(program, help);
        }
        if (!read_option(&session, code)) {
            return cli_try(program, "run");
        }
    }
    if (optind == argc) {
        fputs("hustings run: which scenario? ", stderr);
        return cli_try_shipped(program, "run", "course/01-first-election.yaml", "");
    }
    if (session.latency && !session.host->virtual_time) {
        fputs("hustings run: --latency: real processes take the time that they take; leave it out, "
              "or add --on model\n",
              stderr);
        return EXIT_USAGE;
    }
    if (!plan_fits(&session, argc - optind)) {
        return EXIT_USAGE;
    }
    if (session.redis_url) {
        snprintf(url, sizeof url, "%s", session.redis_url);
        session.redis_url = url;
    }
    for (int i = 1; i < optind; i++) {
        address_blank(argv[i]);
    }
    terminal_probe(&session.terminal);
    session.folder = getcwd(NULL, 0);
    code = session_run(&session, argv + optind, (size_t)(argc - optind));
    free(session.folder);
    return code;
}
