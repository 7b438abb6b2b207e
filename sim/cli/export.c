/* hustings export: a recorded trial in other people's formats. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/option.h"
#include "sim/export/export.h"
#include "sim/jsonl/jsonl.h"
#include "sim/results/files.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

#define PATH_SIZE 4096

static const char help[] =
    "Usage: $0 export --to FORMAT [OPTION]... RESULTS|HISTORY\n"
    "\n"
    "Writes one recorded trial for other people's tools. HISTORY is a file of history/ (.jsonl);\n"
    "of a results folder the first trial is taken that has one.\n"
    "\n"
    "      --to FORMAT      perfetto   slices and arrows: open it at ui.perfetto.dev\n"
    "                       shiviz     events with vector clocks: load it into ShiViz\n"
    "                       edn        operations, invoked and completed: for Jepsen's checkers\n"
    "      --trial N        of a results folder: this one\n"
    "  -o, --out FILE       write there, not to the terminal\n"
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

/* --- which history ---------------------------------------------------------------------------- */

/* Looks for histories of the trial, 0: of any, in a folder of them: how many are of the one that
 * was found, whose name is the first in order. -1, errno set: the folder cannot be read. */
static int find_history(const char *folder, uint32_t trial, char *name, size_t size)
{
    struct dirent **entries;
    char pattern[64];
    int found = 0, total = scandir(folder, &entries, NULL, alphasort);
    snprintf(pattern, sizeof pattern, trial ? "*trial-%04u.jsonl" : "*trial-[0-9]*.jsonl",
             (unsigned)trial);
    for (int i = 0; i < total; i++) {
        const char *entry = entries[i]->d_name;
        if (fnmatch(pattern, entry, FNM_PERIOD) == 0) {
            bool other_scenario = found > 0 && strcmp(strrchr(name, '-'), strrchr(entry, '-')) == 0;
            if (found == 0) {
                snprintf(name, size, "%s", entry);
            }
            found += found == 0 || other_scenario;
        }
        free(entries[i]);
    }
    if (total >= 0) {
        free(entries);
    }
    return total < 0 ? -1 : found;
}

/* The path of the history that is meant, into `path`, of PATH_SIZE + 600 bytes; or the exit code to
 * end with. */
static int choose(const char *program, const char *typed, uint32_t trial, char *path)
{
    char folder[PATH_SIZE], name[512] = "";
    struct stat status = {0};
    if (strcmp(typed, "-") != 0 && stat(typed, &status) != 0) {
        return failed(typed, error_words(errno));
    }
    if (strcmp(typed, "-") == 0 || !S_ISDIR(status.st_mode)) {
        snprintf(path, PATH_SIZE, "%s", typed);
        return EXIT_HELD;
    }
    snprintf(folder, sizeof folder, "%s/history", typed);
    if (stat(folder, &status) != 0) {
        snprintf(folder, sizeof folder, "%s", typed);
    }
    int found = find_history(folder, trial, name, sizeof name);
    if (found < 0) {
        return failed(folder, error_words(errno));
    }
    if (found == 0 && trial > 0) {
        clean_line(stderr,
                   "hustings export: %s: it has no history of trial %u (run it with --histories "
                   "all, or by its seed: column reproduce of trials.csv)",
                   typed, (unsigned)trial);
        return EXIT_WORLD;
    }
    if (found == 0) {
        return failed(typed, "no history of a trial is in it");
    }
    snprintf(path, PATH_SIZE + 600, "%s/%s", folder, name);
    if (found > 1) {
        clean_line(stderr,
                   "hustings export: %s: %d scenarios have this trial; name the history: "
                   "%s export … %s",
                   typed, found, program, path);
        return EXIT_USAGE;
    }
    return EXIT_HELD;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A history that was cut off, or has gaps, is written up to there, and says so at its end. `named`:
 * by a person, so that it may be a pipe. */
static int read_history(const char *path, bool named, struct history *history)
{
    char error[256];
    bool typed = strcmp(path, "-") == 0;
    const char *why = "";
    FILE *file = typed ? stdin : named ? fopen(path, "re") : ordinary_open(path, &why);
    if (!file) {
        return failed(path, named ? error_words(errno) : why);
    }
    bool good = history_read_to_judge(history, file, error, sizeof error);
    if (!typed) {
        fclose(file);
    }
    return good ? EXIT_HELD : failed(typed ? "stdin" : path, error);
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
    } else if (!(output ? replace_file(output, text, length)
                        : write_all(STDOUT_FILENO, text, length))) {
        code = failed(output ? output : "the output", error_words(errno));
    }
    free(text);
    return code;
}

/* The same file by two names, perhaps. */
static bool is_same(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static int export_one(const struct export_row *row, const char *path, bool named,
                      const char *output)
{
    struct history history;
    struct judged_trial judged;
    if (output && is_same(path, output)) {
        return failed(output, "this is the history itself; name another file with -o");
    }
    int code = read_history(path, named, &history);
    if (code != EXIT_HELD) {
        return code;
    }
    if (!checks_judge(&history, &judged)) {
        code = failed(path, "no memory to judge it");
    } else {
        code = write_out(row, &history, &judged.violations, output);
        judged_trial_free(&judged);
    }
    history_free(&history);
    return code;
}

int cli_export(const char *program, int argc, char **argv)
{
    int format = -1;
    uint32_t trial = 0;
    const char *output = NULL;
    char path[PATH_SIZE + 600];
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
    code = choose(program, argv[optind], trial, path);
    bool named = strcmp(path, argv[optind]) == 0;
    return code == EXIT_HELD ? export_one(export_rows[format], path, named, output) : code;
}
