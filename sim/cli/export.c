/* hustings export: a recorded trial in other people's formats. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/histories.h"
#include "sim/cli/option.h"
#include "sim/export/export.h"
#include "sim/results/output.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

static int failed(const char *path, const char *what)
{
    clean_line(stderr, "hustings export: %s: %s", path, what);
    return EXIT_WORLD;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Nobody wants to lose what is exported. */
static bool is_recorded(const char *output, const struct histories *histories, size_t place)
{
    if (output_is(output, histories->paths[place])) {
        failed(output, "this is the history itself; name another file with -o");
        return true;
    }
    if (output_is_recorded(output, histories->folder)) {
        failed(output, "the run left this file; name another one with -o");
        return true;
    }
    return false;
}

/* Made in memory first: a file is whole, or is not there. */
static int write_out(const struct export_row *row, const struct history *history,
                     const struct violations *found, const char *output)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    bool good = memory && row->write(history, found, memory);
    good = memory && fclose(memory) == 0 && good;
    int code = EXIT_HELD;
    if (!good) {
        code = failed("memory", "there is none left");
    } else if (!output_write(output, text, length)) {
        code = failed(strcmp(output, "-") == 0 ? "the output" : output, error_words(errno));
    }
    free(text);
    return code;
}

/* A history that was cut off, or has gaps, is written up to there, and says so at its end. */
static int export_one(const struct export_row *row, const struct histories *histories, size_t place,
                      const char *output)
{
    struct recorded_trial trial;
    if (is_recorded(output, histories, place) || !recorded_trial_load(&trial, histories, place)) {
        return EXIT_WORLD;
    }
    int code = write_out(row, &trial.history, &trial.judged.violations, output);
    recorded_trial_free(&trial);
    return code;
}

struct export_verb {
    int format; /* -1: none was given */
    uint32_t trial;
    const char *output;
};

static const struct option_row rows[] = {
    {.name = "to",
     .kind = OPTION_WORD,
     .at = offsetof(struct export_verb, format),
     .words = "perfetto|shiviz|edn",
     .value = "FORMAT",
     .help = "for which tool; it must be given",
     .more =
         "`perfetto` draws slices and arrows: open it at ui.perfetto.dev. `shiviz` has events "
         "with vector clocks: load it into ShiViz. `edn` has operations, invoked and completed: "
         "for Jepsen's checkers"},
    {.name = "trial",
     .kind = OPTION_COUNT,
     .at = offsetof(struct export_verb, trial),
     .low = 1,
     .high = UINT32_MAX,
     .value = "N",
     .help = "this trial of a results folder"},
    {.name = "out",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .at = offsetof(struct export_verb, output),
     .high = 4000,
     .value = "FILE",
     .takes = TAKES_FILE,
     .help = "write to this file, not to the terminal"},
    {0}};

const struct verb verb_export = {
    .name = "export",
    .summary = "a trial for other people's tools: Perfetto, ShiViz, Jepsen",
    .usage = {"--to FORMAT [OPTION]... RESULTS|HISTORY"},
    .about = "Writes one recorded trial in a format that another tool reads.",
    .arguments =
        {{"RESULTS", TAKES_HISTORY,
          "a results folder: the first trial in it that broke a promise, or else the first"},
         {"HISTORY", TAKES_ANY, "one trial: a file of its folder history/ (.jsonl)"}},
    .rows = rows,
    .notes = "results/README.md among the manuals of hustings says what stands for what in these "
             "formats: its section `hustings export`.",
    .examples = {{NULL, "$0 export --to perfetto results/latest -o trace.json"}},
    .exits = {{0, "it was written"},
              {2, "wrong usage"},
              {3, "something could not be read or written"}},
    .see = {"play", "report"},
};

int cli_export(const char *program, int argc, char **argv)
{
    struct export_verb verb = {.format = -1, .output = "-"};
    struct histories histories;
    size_t place = 0;
    int code = options_read(program, argc, argv, &verb_export, &verb);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (verb.format < 0 || argc - optind != 1) {
        clean_line(stderr, "hustings export: %s For example: %s export --to perfetto %s",
                   verb.format < 0 ? "to which format? --to perfetto, shiviz or edn."
                                   : "which results folder, or which history? One at a time.",
                   cli_name(program).text, "results/latest -o trace.json");
        return EXIT_USAGE;
    }
    code = histories_list(&histories, program, "export", argv[optind]);
    if (code == EXIT_HELD) {
        code = histories_choose(&histories, verb.trial, &place);
    }
    if (code == EXIT_HELD) {
        code = export_one(export_rows[verb.format], &histories, place, verb.output);
    }
    histories_free(&histories);
    return code;
}
