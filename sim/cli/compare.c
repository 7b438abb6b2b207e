/* hustings compare: two results folders side by side. */
#include <stdio.h>

#include "sim/cli/cli.h"
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

static int usage(const char *program)
{
    clean_line(stderr, "hustings compare: which two results folders? For example: %s compare %s",
               program, "results/A results/B");
    return EXIT_USAGE;
}

static int tell(const struct comparison *comparison, bool json)
{
    if (comparison->both == 0) {
        clean_line(stderr, "hustings compare: no scenario is in both %s and %s",
                   comparison->folder[SIDE_A], comparison->folder[SIDE_B]);
        return EXIT_USAGE;
    }
    if (json) {
        comparison_json(comparison, stdout);
    } else {
        comparison_text(comparison, stdout);
    }
    return EXIT_HELD;
}

int cli_compare(const char *program, int argc, char **argv)
{
    int format = 0;
    const struct option_row rows[] = {
        {.name = "format", .kind = OPTION_WORD, .into = &format, .words = "text|json"}, {0}};
    struct comparison comparison = {0};
    int code = options_read(program, argc, argv, rows, help);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (argc - optind != 2) {
        return usage(program);
    }
    if (!comparison_read(&comparison, SIDE_A, argv[optind]) ||
        !comparison_read(&comparison, SIDE_B, argv[optind + 1]) || !comparison_match(&comparison)) {
        clean_line(stderr, "hustings compare: %s", comparison.error);
        code = EXIT_WORLD;
    } else {
        code = tell(&comparison, format == 1);
    }
    comparison_free(&comparison);
    return code;
}
