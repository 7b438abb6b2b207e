/* hustings compare: two results folders side by side. */
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/cli/folder_kind.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/compare/comparison.h"
#include "sim/text/clean.h"

static int usage(const char *program)
{
    clean_line(stderr, "hustings compare: which two results folders? For example: %s compare %s",
               cli_name(program).text, "results/A results/B");
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

struct compare_verb {
    int format; /* 1: json */
};

static const struct option_row rows[] = {{.name = "format",
                                          .kind = OPTION_WORD,
                                          .at = offsetof(struct compare_verb, format),
                                          .words = "text|json",
                                          .value = "FORMAT",
                                          .help = "how it is printed",
                                          .usual = "text"},
                                         {0}};

const struct verb verb_compare = {
    .name = "compare",
    .summary = "two results folders side by side",
    .usage = {"[OPTION]... A B"},
    .about =
        "Puts two results folders side by side. For each scenario that is in both it shows who "
        "was elected, in what order, which checks were broken, the verdicts of the elections, "
        "and percentiles of elect_ms and settle_ms. The last line says whether the two differ "
        "by more than chance gives.",
    .arguments = {{"A", TAKES_RESULTS, "a results folder"},
                  {"B", TAKES_RESULTS, "the one that it is compared with"}},
    .rows = rows,
    .examples = {{"did the model do what the processes did",
                  "$0 run --trials 50 --out real course/02\n"
                  "$0 run --trials 50 --out model --on model "
                  "course/02\n"
                  "$0 compare real/latest model/latest"}},
    .exits = {{0, "they were compared, whatever came of it"},
              {2, "wrong usage, or no scenario is in both"},
              {3, "something could not be read or written"}},
    .see = {"run", "calibrate"},
};

int cli_compare(const char *program, int argc, char **argv)
{
    struct compare_verb verb = {.format = 0};
    struct comparison comparison = {0};
    int code = options_read(program, argc, argv, &verb_compare, &verb);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (argc - optind != 2) {
        return usage(program);
    }
    if (say_other_folders(program, "compare", argv + optind, 2)) {
        return EXIT_WORLD;
    }
    if (!comparison_read(&comparison, SIDE_A, argv[optind]) ||
        !comparison_read(&comparison, SIDE_B, argv[optind + 1]) || !comparison_match(&comparison)) {
        clean_line(stderr, "hustings compare: %s", comparison.error);
        code = EXIT_WORLD;
    } else {
        code = tell(&comparison, verb.format == 1);
    }
    comparison_free(&comparison);
    return code;
}
