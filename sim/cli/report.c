/* hustings report: one page that shows what is in results folders. */
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/cli/folder_kind.h"
#include "sim/cli/help.h"
#include "sim/cli/map_of.h"
#include "sim/cli/option.h"
#include "sim/history/text.h"
#include "sim/report/report.h"
#include "sim/results/output.h"
#include "sim/text/clean.h"

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* What somebody may miss in the page, a line each. */
static void tell_damage(const struct report_written *written)
{
    if (written->cut > 0) {
        clean_line(stdout, "%s histor%s %s not whole: %s before the trial did; see the page",
                   text_count(written->cut).text, written->cut == 1 ? "y" : "ies",
                   written->cut == 1 ? "is" : "are", written->cut == 1 ? "it ends" : "they end");
    }
    if (written->missing > 0) {
        clean_line(stdout, "%s scenario%s %s not in the page, since the copy is missing: %s%s",
                   text_count(written->missing).text, plural(written->missing),
                   written->missing == 1 ? "is" : "are", written->first_missing,
                   written->missing == 1 ? "" : ", …");
    }
}

static void tell(const struct report_written *written)
{
    char left_out[80] = "", bare[80] = "";
    if (written->bare > 0) {
        snprintf(bare, sizeof bare, "; %s trial%s no history", text_count(written->bare).text,
                 written->bare == 1 ? " has" : "s have");
    }
    if (written->left_out > 0) {
        snprintf(left_out, sizeof left_out, "; %zu others are left out (--histories, --trial)",
                 written->left_out);
    }
    clean_line(stdout, "%s: %zu scenario%s, %zu histor%s, %.1f MB%s%s", written->path,
               written->runs, written->runs == 1 ? "" : "s", written->histories,
               written->histories == 1 ? "y" : "ies", (double)written->bytes / 1e6, left_out, bare);
    tell_damage(written);
}

static void tell_map(const struct report_map *map, const struct report_written *written)
{
    char left_out[80] = "", first[60] = "";
    if (written->cells < written->runs) {
        snprintf(first, sizeof first, " (the page has the first %s)",
                 text_count(written->cells).text);
    }
    if (written->left_out > 0) {
        snprintf(left_out, sizeof left_out, "; %s cell%s no trial in it: the page says why",
                 text_count(written->left_out).text, written->left_out == 1 ? " has" : "s have");
    }
    clean_line(stdout, "%s: a %s of %s cell%s%s, %s trial%s, %.1f MB%s", written->path, map->kind,
               text_count(written->runs).text, plural(written->runs), first,
               text_count(written->histories).text, plural(written->histories),
               (double)written->bytes / 1e6, left_out);
}

/* A folder that is there twice would be told twice. */
static bool named_twice(char *const *folders, int count)
{
    for (int i = 1; i < count; i++) {
        for (int k = 0; k < i; k++) {
            if (output_is(folders[k], folders[i])) {
                clean_line(stderr, "hustings report: %s and %s are the same folder; name it once",
                           folders[k], folders[i]);
                return true;
            }
        }
    }
    return false;
}

static bool on_stdout(const struct report_options *options)
{
    return options->out && options->out[0] == '-' && options->out[1] == '\0';
}

/* Of results folders, or of a map. */
static int write_report(const struct report_options *options, char *const *folders, int count)
{
    struct report_written written;
    char error[5200];
    if (!report_is_built(error, sizeof error) ||
        !report_write(options, folders, (size_t)count, &written, error, sizeof error)) {
        clean_line(stderr, "hustings report: %s", error);
        return EXIT_WORLD;
    }
    if (on_stdout(options)) {
        return EXIT_HELD;
    }
    if (options->map) {
        tell_map(options->map, &written);
    } else {
        tell(&written);
    }
    return EXIT_HELD;
}

/* Whether one of the folders is that of a matrix or a sweep. */
static bool some_map(char *const *folders, int count)
{
    bool some = false;
    for (int i = 0; i < count; i++) {
        some = some || is_map_folder(folders[i]);
    }
    return some;
}

static int report_map(const char *program, const struct report_options *asked, char *const *folders,
                      int count)
{
    struct report_options options = *asked;
    struct map_of of;
    char error[5200];
    if (count > 1 || options.trial) {
        clean_line(stderr, count > 1
                               ? "hustings report: a matrix or a sweep has a page of its own; name "
                                 "its folder alone"
                               : "hustings report: --trial: a matrix or a sweep has many trials of "
                                 "each number; leave it out, and choose a cell in the page");
        return EXIT_USAGE;
    }
    int code = EXIT_WORLD;
    if (map_of_read(&of, program, folders[0], error, sizeof error)) {
        options.map = &of.map;
        code = write_report(&options, folders, count);
    } else {
        clean_line(stderr, "hustings report: %s", error);
    }
    map_of_free(&of);
    return code;
}

static const struct option_row rows[] = {
    {.name = "out",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .at = offsetof(struct report_options, out),
     .high = 4000,
     .value = "FILE",
     .takes = TAKES_FILE,
     .help = "write the page to this file; - is stdout",
     .usual = "report.html in the first folder"},
    {.name = "histories",
     .kind = OPTION_WORD,
     .at = offsetof(struct report_options, histories),
     .words = "few|all|none",
     .value = "WHICH",
     .help = "show the histories of these trials",
     .more = "`few` are 20 of each scenario, those that were not as expected first; and of a "
             "matrix or a sweep one of each cell, if it is no long one",
     .usual = "few"},
    {.name = "trial",
     .kind = OPTION_COUNT,
     .at = offsetof(struct report_options, trial),
     .low = 1,
     .high = UINT32_MAX,
     .value = "N",
     .help = "only the history of this trial"},
    {0}};

const struct verb verb_report = {
    .name = "report",
    .summary = "one page that shows what happened, for a browser",
    .usage = {"[OPTION]... RESULTS..."},
    .about =
        "Writes one HTML file that shows results folders: what was expected and what came of "
        "it, all elections and violations, the story of each trial, and its timeline, which "
        "can be played step by step. Open it in a browser: it needs no network and no other "
        "file. Several folders are drawn with the same axes. The folder of a matrix or a sweep "
        "becomes a map of its cells, each of which leads to a trial: that is run again for the "
        "page, on the model.",
    .arguments = {{"RESULTS", TAKES_RESULTS, "a results folder, or one of a matrix or a sweep"}},
    .rows = rows,
    .examples = {{NULL, "$0 run course/04\n"
                        "$0 report results/latest"}},
    .exits = {{0, "the page was written"},
              {2, "wrong usage"},
              {3, "something could not be read or written"}},
    .see = {"run", "play"},
};

int cli_report(const char *program, int argc, char **argv)
{
    struct report_options options = {0};
    int code = options_read(program, argc, argv, &verb_report, &options);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind == argc) {
        clean_line(stderr, "hustings report: which results folder? For example: %s %s",
                   cli_name(program).text, "report results/latest");
        return EXIT_USAGE;
    }
    char *const *folders = argv + optind;
    int count = argc - optind;
    if (named_twice(folders, count)) {
        return EXIT_USAGE;
    }
    if (some_map(folders, count)) {
        return report_map(program, &options, folders, count);
    }
    return say_other_folders(program, "report", folders, count)
               ? EXIT_WORLD
               : write_report(&options, folders, count);
}
