/* hustings lint: is it a good scenario, and what does it leave to the defaults? */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/results/files.h"
#include "sim/results/json_out.h"
#include "sim/results/shipped.h"
#include "sim/scenario/fix.h"
#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/source.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

struct lint_options {
    const char *program;
    bool quiet, json, fix, allow_exec;
    int format; /* 1: json */
};

static void print_text(const struct lint_options *options, const char *path,
                       const struct scenario_report *report, const struct scenario_report *warnings,
                       const struct scenario_defaults *defaults)
{
    int width = 0;
    if (report->count > 0) {
        scenario_report_print(stdout, path, report);
        return;
    }
    scenario_warnings_print(stdout, path, warnings);
    if (options->quiet) {
        return;
    }
    clean_line(stdout, "%s: ok", strcmp(path, "-") == 0 ? "stdin" : path);
    for (size_t i = 0; i < defaults->count; i++) {
        int length = (int)strlen(defaults->list[i].key);
        width = length > width ? length : width;
    }
    for (size_t i = 0; i < defaults->count; i++) {
        clean_line(stdout, "  default  %-*s  %s", width, defaults->list[i].key,
                   defaults->list[i].value);
    }
}

/* Problems or warnings as a list. */
static void put_entries(struct json_out *out, const char *key, const struct scenario_report *report)
{
    json_open(out, key, '[');
    for (uint32_t i = 0; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        const struct scenario_problem *problem = &report->problems[i];
        json_open(out, NULL, '{');
        json_whole(out, "line", problem->line);
        json_whole(out, "column", problem->column);
        json_text(out, "text", problem->text);
        json_text(out, "message", problem->message);
        json_text(out, "suggestion", problem->suggestion);
        json_close(out);
    }
    json_close(out);
}

/* One file as an object. */
static void put_file(struct json_out *out, const char *path, const struct scenario_report *report,
                     const struct scenario_report *warnings,
                     const struct scenario_defaults *defaults)
{
    json_open(out, NULL, '{');
    json_text(out, "file", path);
    json_flag(out, "ok", report->count == 0);
    json_whole(out, "count", report->count);
    put_entries(out, "problems", report);
    put_entries(out, "warnings", warnings);
    json_open(out, "defaults", '[');
    for (size_t i = 0; report->count == 0 && i < defaults->count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "key", defaults->list[i].key);
        json_text(out, "value", defaults->list[i].value);
        json_close(out);
    }
    json_close(out);
    json_close(out);
}

/* Rewrites one file if it has to be, and says so unless `silent`. False with a line on stderr. */
static bool fix(const char *path, bool silent, struct scenario_report *report)
{
    size_t length;
    size_t fixed_length;
    char *fixed = NULL;
    char why[200];
    if (strcmp(path, "-") == 0) {
        fputs("hustings lint: stdin cannot be rewritten; give --fix the name of a file\n", stderr);
        return false;
    }
    char *bytes = source_read(path, true, &length, report);
    if (!bytes) {
        return true; /* lint says so */
    }
    enum fix done = scenario_fix(bytes, length, &fixed, &fixed_length, why, sizeof why);
    bool good = done != FIX_IMPOSSIBLE;
    if (done == FIX_DONE) {
        good = rewrite_file(path, fixed, fixed_length);
        if (!good) {
            clean_line(stderr, "hustings lint: %s cannot be rewritten: %s", path,
                       error_words(errno));
        } else if (!silent) {
            clean_line(stdout, "%s: rewritten", path);
        }
    } else if (!good) {
        clean_line(stderr, "hustings lint: %s is left as it is: %s", path, why);
    }
    free(fixed);
    free(bytes);
    return good;
}

/* Lints one file, rewritten before if it is asked for. Returns whether it is good. */
static bool lint(const struct lint_options *options, const char *word, struct json_out *files)
{
    char found[PATH_MAX];
    /* What is shipped is not rewritten, unless it is named by its path. */
    const char *path =
        options->fix ? word : shipped_named(options->program, word, found, sizeof found);
    struct scenario scenario;
    struct scenario_report *report = calloc(2, sizeof *report);
    struct scenario_report *warnings = report ? report + 1 : NULL;
    struct scenario_defaults defaults = {0};
    if (!report) {
        fprintf(stderr, "hustings lint: out of memory\n");
        return false;
    }
    bool fixed = !options->fix || fix(path, options->json, report);
    bool good = scenario_load_noting(path, &scenario, report, &defaults, warnings);
    if (options->json) {
        put_file(files, path, report, warnings, &defaults);
    } else {
        print_text(options, path, report, warnings, &defaults);
    }
    scenario_defaults_free(&defaults);
    scenario_free(&scenario);
    free(report);
    return good && fixed;
}

static const struct option_row rows[] = {
    {.name = "quiet",
     .letter = 'q',
     .kind = OPTION_FLAG,
     .at = offsetof(struct lint_options, quiet),
     .help = "print problems and warnings only"},
    {.name = "fix",
     .kind = OPTION_FLAG,
     .at = offsetof(struct lint_options, fix),
     .help = "rewrite files that have keys at their old places; comments stay"},
    {.name = "format",
     .kind = OPTION_WORD,
     .at = offsetof(struct lint_options, format),
     .words = "text|json",
     .value = "FORMAT",
     .help = "how it is printed",
     .usual = "text"},
    {.name = "allow-exec",
     .kind = OPTION_FLAG,
     .at = offsetof(struct lint_options, allow_exec),
     .help = "taken as `$0 run` takes it, so that the same words can be used",
     .more = "Nothing is started here"},
    {0}};

const struct verb verb_lint = {
    .name = "lint",
    .summary = "is it a good scenario? what is wrong, and how to fix it",
    .usage = {"[OPTION]... SCENARIO..."},
    .about =
        "Checks scenario files without running them. Each problem is a line: the file, the "
        "line and the column, the text, what is wrong with it, and how to fix it. For a good "
        "scenario it shows each default that is taken, and warns of what is asked for in vain, "
        "such as a check that nothing in so short a run can break.",
    .arguments = {{"SCENARIO", TAKES_SCENARIO,
                   "a scenario file, - for stdin, or the name of one that comes with hustings"}},
    .rows = rows,
    .notes = "The manual of the language is scenarios/README.md, among the manuals of hustings.",
    .examples = {{NULL, "$0 lint my-first.yaml\n"
                        "$0 lint - < my-first.yaml"}},
    .exits = {{0, "all are good, even if there are warnings"},
              {2, "a problem was found, or wrong usage"},
              {3, "the output could not be written"}},
    .see = {"run", "list"},
};

int cli_lint(const char *program, int argc, char **argv)
{
    struct lint_options options = {.program = program};
    int code = options_read(program, argc, argv, &verb_lint, &options);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    options.json = options.format == 1;
    if (optind == argc) {
        fputs("hustings lint: which file? ", stderr);
        return cli_try_shipped(program, "lint", "course", "/*.yaml");
    }
    struct json_out files = json_out(stdout, 3);
    code = EXIT_HELD;
    if (options.json) {
        json_open(&files, NULL, '[');
    }
    for (int i = optind; i < argc; i++) {
        if (!lint(&options, argv[i], &files)) {
            code = EXIT_USAGE;
        }
    }
    if (options.json) {
        json_close(&files);
    }
    return code;
}
