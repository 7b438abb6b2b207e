/* hustings compare: two results folders side by side. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/compare/comparison.h"
#include "sim/compare/tables.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

static const char help[] =
    "Usage: $0 compare [OPTION]... A B\n"
    "\n"
    "Puts two results folders side by side: for each scenario that is in both, who was elected in\n"
    "what order, the verdicts, the checks, and the distributions of elect_ms and settle_ms with\n"
    "their Kolmogorov-Smirnov distance.\n"
    "\n"
    "      --csv FILE       write it as CSV, too\n"
    "      --format FORMAT  text (default) or json\n"
    "      --within D       demand that no distance, and no difference between the shares of an\n"
    "                       order of leaders or of a check, is above D, unless chance explains it\n"
    "                       (it is below the bound of 95 %); D from 0 to 1\n"
    "  -h, --help           show this\n"
    "\n"
    "Example: did the model do what the processes did?\n"
    "    $0 run --trials 50 --out real scenarios/course/02-a-node-submits.yaml\n"
    "    $0 run --trials 50 --out model --on model scenarios/course/02-a-node-submits.yaml\n"
    "    $0 compare real/latest model/latest\n"
    "\n"
    "Exit: 0 compared (and within D), 1 not within D, 2 wrong usage, 3 something could not be "
    "read\n"
    "or written.\n";

struct options {
    const char *program;
    const char *csv;
    double within; /* below 0: not demanded */
    bool json;
};

static int wrong(const struct options *options, const char *option, const char *text,
                 const char *hint)
{
    clean_line(stderr, "hustings compare: --%s \"%s\": %s", option, text, hint);
    return cli_try(options->program, "compare");
}

static int read_option(struct options *options, int code)
{
    char *end;
    switch (code) {
    case 'h':
        return cli_help(options->program, help);
    case 'c':
        options->csv = optarg;
        return -1;
    case 'f':
        options->json = strcmp(optarg, "json") == 0;
        return options->json || strcmp(optarg, "text") == 0
                   ? -1
                   : wrong(options, "format", optarg, "write text or json");
    case 'w':
        options->within = strtod(optarg, &end);
        return end != optarg && !*end && options->within >= 0 && options->within <= 1
                   ? -1
                   : wrong(options, "within", optarg, "give a number from 0 to 1, such as 0.15");
    default:
        return cli_try(options->program, "compare");
    }
}

/* Returns an exit code to end with, or -1 to go on. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"csv", required_argument, NULL, 'c'},
        {"format", required_argument, NULL, 'f'},
        {"within", required_argument, NULL, 'w'},
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
    if (options->csv && !comparison_csv(comparison, options->csv)) {
        clean_line(stderr, "hustings compare: %s: %s", options->csv, error_words(errno));
        return EXIT_WORLD;
    }
    bool told = options->json ? comparison_json(comparison, options->within, stdout)
                              : comparison_text(comparison, options->within, stdout);
    if (!told && !ferror(stdout)) { /* what could not be written, is told at the end */
        fputs("hustings compare: out of memory\n", stderr);
        return EXIT_WORLD;
    }
    bool far = options->within >= 0 && comparison_differences(comparison, options->within) > 0;
    return far ? EXIT_UNMET : EXIT_HELD;
}

int cli_compare(const char *program, int argc, char **argv)
{
    struct options options = {.program = program, .within = -1};
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
