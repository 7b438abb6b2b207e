/* hustings export: a recorded trial in other people's formats. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/histories.h"
#include "sim/cli/option.h"
#include "sim/export/export.h"
#include "sim/results/output.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

static const char help[] =
    "Usage: $0 export --to FORMAT [OPTION]... RESULTS|HISTORY\n"
    "\n"
    "Writes one recorded trial for other people's tools. HISTORY is a file of history/ (.jsonl);\n"
    "of a results folder it is the first trial that broke a promise, or else the first.\n"
    "\n"
    "      --to FORMAT      perfetto   slices and arrows: open it at ui.perfetto.dev\n"
    "                       shiviz     events with vector clocks: load it into ShiViz\n"
    "                       edn        operations, invoked and completed: for Jepsen's checkers\n"
    "      --trial N        of a results folder: this one\n"
    "  -o, --out FILE       write there, not to the terminal (-)\n"
    "  -h, --help           show this\n"
    "\n"
    "What stands for what in them: results/README.md, \"hustings export\".\n"
    "\n"
    "Example:\n"
    "    $0 export --to perfetto results/latest -o trace.json\n"
    "\n"
    "Exit: 0 written, 2 wrong usage, 3 something could not be read or written.\n";

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

int cli_export(const char *program, int argc, char **argv)
{
    int format = -1;
    uint32_t trial = 0;
    const char *output = "-";
    struct histories histories;
    size_t place = 0;
    const struct option_row rows[] = {
        {.name = "to", .kind = OPTION_WORD, .into = &format, .words = "perfetto|shiviz|edn"},
        {.name = "trial", .kind = OPTION_COUNT, .into = &trial, .low = 1, .high = UINT32_MAX},
        {.name = "out", .letter = 'o', .kind = OPTION_TEXT, .into = &output, .high = 4000},
        {0}};
    int code = options_read(program, argc, argv, rows, help);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (format < 0 || argc - optind != 1) {
        clean_line(stderr, "hustings export: %s For example: %s export --to perfetto %s",
                   format < 0 ? "to which format? --to perfetto, shiviz or edn."
                              : "which results folder, or which history? One at a time.",
                   program, "results/latest -o trace.json");
        return EXIT_USAGE;
    }
    code = histories_list(&histories, "export", argv[optind]);
    if (code == EXIT_HELD) {
        code = histories_choose(&histories, trial, &place);
    }
    if (code == EXIT_HELD) {
        code = export_one(export_rows[format], &histories, place, output);
    }
    histories_free(&histories);
    return code;
}
