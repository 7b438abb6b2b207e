/* hustings compare: two results folders side by side. */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/compare/comparison.h"
#include "sim/text/clean.h"

static const char help[] =
    "Usage: $0 compare [OPTION]... A B\n"
    "\n"
    "Puts two results folders side by side: for each scenario that is in both, who was elected in\n"
    "what order, which checks were broken, the verdicts of elections, and percentiles of elect_ms\n"
    "and settle_ms. The last line says whether the two differ by more than chance gives.\n"
    "\n"
    "      --format FORMAT  text (default) or json\n"
    "  -h, --help           show this\n"
    "\n"
    "Example: did the model do what the processes did?\n"
    "    $0 run --trials 50 --out real scenarios/course/02-a-node-submits.yaml\n"
    "    $0 run --trials 50 --out model --on model scenarios/course/02-a-node-submits.yaml\n"
    "    $0 compare real/latest model/latest\n"
    "\n"
    "Exit: 0 compared, 2 wrong usage, 3 something could not be read or written.\n";

struct options {
    const char *program;
    bool json;
};

static int read_option(struct options *options, int code)
{
    switch (code) {
    case 'h':
        return cli_help(options->program, help);
    case 'f':
        options->json = strcmp(optarg, "json") == 0;
        if (options->json || strcmp(optarg, "text") == 0) {
            return -1;
        }
        clean_line(stderr, "hustings compare: --format \"%s\": write text or json", optarg);
        return cli_try(options->program, "compare");
    default:
        return cli_try(options->program, "compare");
    }
}

/* Returns an exit code to end with, or -1 to go on. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"format", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    optind = 0; /* another verb may have read its own before */
    while ((option = option_next(argc, argv, "h", names)) != -1) {
        int code = read_option(options, option);
        if (code >= 0) {
            return code;
        }
    }
    if (argc - optind != 2) {
        clean_line(stderr,
                   "hustings compare: which two results folders? For example: %s compare %s",
                   options->program, "results/A results/B");
        return EXIT_USAGE;
    }
    return -1;
}

static int tell(const struct comparison *comparison, const struct options *options)
{
    if (comparison->both == 0) {
        clean_line(stderr, "hustings compare: no scenario is in both %s and %s",
                   comparison->folder[SIDE_A], comparison->folder[SIDE_B]);
        return EXIT_USAGE;
    }
    bool told =
        options->json ? comparison_json(comparison, stdout) : comparison_text(comparison, stdout);
    if (!told && !ferror(stdout)) { /* what could not be written, is told at the end */
        fputs("hustings compare: out of memory\n", stderr);
        return EXIT_WORLD;
    }
    return EXIT_HELD;
}

int cli_compare(const char *program, int argc, char **argv)
{
    struct options options = {.program = program};
    struct comparison comparison = {0};
    int code = read_options(argc, argv, &options);
    if (code >= 0) {
        return code;
    }
    if (!comparison_read(&comparison, SIDE_A, argv[optind]) ||
        !comparison_read(&comparison, SIDE_B, argv[optind + 1]) || !comparison_match(&comparison)) {
        clean_line(stderr, "hustings compare: %s", comparison.error);
        code = EXIT_WORLD;
    } else {
        code = tell(&comparison, &options);
    }
    comparison_free(&comparison);
    return code;
}
