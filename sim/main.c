/* hustings: puts leader elections through Redis to the test. This file only finds the verb. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/printed.h"
#include "sim/results/command.h"
#include "sim/results/shipped.h"
#include "sim/system/descriptors.h"
#include "sim/text/clean.h"
#include "sim/version.h"

struct verb {
    const char *name;
    const char *summary;
    int (*run)(const char *program, int argc, char **argv);
};

/* How to add a verb: one file in sim/cli/, declared in cli.h, and one row here. */
static const struct verb verbs[] = {
    {"run", "run scenarios, check what happened, write the results", cli_run},
    {"course", "the lessons: predict, run, see why", cli_course},
    {"check", "judge again what was recorded", cli_check},
    {"play", "a recorded trial on the screen, slowly, step by step and back", cli_play},
    {"report", "one page that shows what happened, for a browser", cli_report},
    {"export", "a trial for other people's tools: Perfetto, ShiViz, Jepsen", cli_export},
    {"matrix", "stories against protocols and locks: which breaks where", cli_matrix},
    {"sweep", "a scenario at many values: what each costs, and which to choose", cli_sweep},
    {"merge", "the shards of a sweep or a matrix become one", cli_merge},
    {"compare", "two results folders side by side", cli_compare},
    {"calibrate", "measure this machine for the model", cli_calibrate},
    {"lint", "is it a good scenario? what is wrong, and how to fix it", cli_lint},
    {"list", "protocols, locks, faults, triggers, checks", cli_list},
    {"clean", "remove what runs left behind in a Redis of yours", cli_clean},
    {"node", "one node by hand, against any Redis", cli_node},
    {"master", "the master by hand, against any Redis", cli_master},
    {"redis", "a Redis for trying things by hand, gone with Ctrl-C", cli_redis},
};

#define VERB_COUNT (sizeof verbs / sizeof *verbs)

static void usage(const char *program, FILE *to)
{
    char first[SHIPPED_SIZE];
    clean_line(to, "Usage: %s VERB [OPTION]... [ARGUMENT]...", program);
    fputs("Puts leader elections through Redis to the test.\n\n", to);
    for (size_t i = 0; i < VERB_COUNT; i++) {
        fprintf(to, "  %-9s %s\n", verbs[i].name, verbs[i].summary);
    }
    fputc('\n', to);
    clean_line(to, "  %s VERB --help    explains a verb, with an example", program);
    clean_line(to, "  %s --version", program);
    if (shipped_word(program, "course/01-first-election.yaml", first, sizeof first)) {
        fputc('\n', to);
        clean_line(to, "Begin with: %s run %s", program, first);
        clean_line(to, "or be led through the lessons: %s course", program);
    }
}

/* The name that we were called by: the launcher is in front of us, and says its own. */
static const char *called_by(const char *word)
{
    const char *launcher = getenv("HUSTINGS_CALLED");
    const char *name = launcher ? launcher : word;
    return name && *name ? name : "hustings";
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(name, verbs[i].name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* Who names a scenario first wants it run. */
static int no_verb(const char *program, const char *word)
{
    const char *dot = strrchr(word, '.');
    if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) {
        char path[4096];
        clean_line(stderr, "hustings: \"%s\" is no verb; to run it, try: %s run %s", word, program,
                   shell_word(word, path, sizeof path));
    } else {
        clean_line(stderr, "hustings: \"%s\" is no verb; try: %s --help", word, program);
    }
    return EXIT_USAGE;
}

/* "hustings help run" is "hustings run --help"; "hustings help" is "hustings --help". */
static int help_of(const char *program, const char *word)
{
    char option[] = "--help";
    const struct verb *verb = word ? find_verb(word) : NULL;
    if (!word) {
        usage(program, stdout);
        return cli_printed(EXIT_HELD);
    }
    char name[32];
    snprintf(name, sizeof name, "%s", word);
    char *words[] = {name, option, NULL};
    return verb ? cli_printed(verb->run(program, 2, words)) : no_verb(program, word);
}

static int print_version(void)
{
    printf("hustings %s (commit %s, built by %s)\n"
           "MIT licence: use it, change it, pass it on; there is no warranty.\n",
           hustings_version(), hustings_commit(), hustings_compiler());
    return cli_printed(EXIT_HELD);
}

static int run_verb(const char *program, int argc, char **argv)
{
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(program, stdout);
        return cli_printed(EXIT_HELD);
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_version();
    }
    if (strcmp(argv[1], "help") == 0) {
        return help_of(program, argv[2]);
    }
    const struct verb *verb = find_verb(argv[1]);
    return verb ? cli_printed(verb->run(program, argc - 1, argv + 1)) : no_verb(program, argv[1]);
}

int main(int argc, char **argv)
{
    if (!descriptors_hold()) {
        perror("hustings: a standard descriptor is closed, and /dev/null cannot be opened");
        return EXIT_WORLD;
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet. */
    setlocale(LC_CTYPE, "");
    /* A broken connection or a full disk is an error to report, not a reason to die. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    const char *program = called_by(argc > 0 ? argv[0] : NULL);
    if (argc < 2) {
        usage(program, stderr);
        return EXIT_USAGE;
    }
    return run_verb(program, argc, argv);
}
