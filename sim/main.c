/* hustings: puts leader elections through Redis to the test. This file only finds the verb. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help_verb.h"
#include "sim/cli/printed.h"
#include "sim/cli/verbs.h"
#include "sim/system/descriptors.h"
#include "sim/version.h"

/* The name that we were called by: the launcher is in front of us, and says its own. */
static const char *called_by(const char *word)
{
    const char *launcher = getenv("HUSTINGS_CALLED");
    const char *name = launcher ? launcher : word;
    return name && *name ? name : "hustings";
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
        help_usage(program, stdout);
        return cli_printed(EXIT_HELD);
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_version();
    }
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        if (strcmp(row->verb->name, argv[1]) == 0) {
            return cli_printed(row->run(program, argc - 1, argv + 1));
        }
    }
    return help_no_verb(program, argv[1]);
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
        help_usage(program, stderr);
        return EXIT_USAGE;
    }
    return run_verb(program, argc, argv);
}
