/* A scenario loaded with values set: one after the other into its text, then read as any other. See
 * set.h; one value: set_value.c. */
#include "sim/scenario/set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/load.h"
#include "sim/scenario/source.h"
#include "sim/text/clean.h"

/* The text with the values so far, and where each of them stands in it. */
struct setting {
    const char *path; /* as it is told */
    const struct set_words *sets;
    char *text; /* owned */
    size_t length;
    size_t from[SETS_MAX], to[SETS_MAX];
    FILE *said;
};

/* Puts in one value; those before it move. */
static bool apply(struct setting *setting, size_t which)
{
    char why[600];
    size_t length = 0, from = 0, to = 0;
    char *text = set_value(setting->text, setting->length, setting->sets->words[which], &length,
                           &from, &to, why, sizeof why);
    if (!text) {
        clean_line(setting->said, "%s: with --set %s: %s", setting->path,
                   setting->sets->words[which], why);
        return false;
    }
    for (size_t i = 0; i < which; i++) {
        if (setting->from[i] >= from) {
            size_t moved = length - setting->length; /* may wrap: so does the sum */
            setting->from[i] += moved;
            setting->to[i] += moved;
        }
    }
    setting->from[which] = from;
    setting->to[which] = to;
    free(setting->text);
    setting->text = text;
    setting->length = length;
    return true;
}

/* Where a line and column of the text is, in bytes. */
static size_t byte_at(const struct setting *setting, int line, int column)
{
    const char *at = setting->text;
    for (int i = 1; i < line && at; i++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    return at && line > 0 ? (size_t)(at - setting->text) + (size_t)column - 1 : SIZE_MAX;
}

/* The value that a problem points at; `count`: none of them. */
static size_t to_blame(const struct setting *setting, const struct scenario_problem *problem)
{
    size_t place = byte_at(setting, problem->line, problem->column);
    for (size_t i = setting->sets->count; i-- > 0;) {
        if (place >= setting->from[i] && place < setting->to[i]) {
            return i;
        }
    }
    return setting->sets->count == 1 ? 0 : setting->sets->count;
}

static void say_sets(FILE *file, const struct set_words *sets, size_t which)
{
    for (size_t i = 0; i < sets->count; i++) {
        if (i == which || which == sets->count) {
            fprintf(file, " --set %s", sets->words[i]);
        }
    }
}

static void say_problems(const struct setting *setting, const struct scenario_report *report)
{
    for (uint32_t i = 0; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        const struct scenario_problem *problem = &report->problems[i];
        const char *quote = problem->text[0] ? "\"" : "";
        char *which = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&which, &size);
        if (file) {
            say_sets(file, setting->sets, to_blame(setting, problem));
            fclose(file);
        }
        clean_line(setting->said, "%s: with%s: %s%s%s%s%s%s%s", setting->path, which ? which : "",
                   quote, problem->text, quote, *quote ? ": " : "", problem->message,
                   problem->suggestion[0] ? "; " : "", problem->suggestion);
        free(which);
    }
}

/* The file must be good by itself: so whatever is wrong afterwards is by the values. */
static bool parse(struct setting *setting, const char *path, struct scenario *scenario,
                  struct scenario_report *report)
{
    if (!scenario_parse(path, setting->text, setting->length, scenario, report)) {
        scenario_report_print(setting->said, path, report);
        return false;
    }
    for (size_t i = 0; i < setting->sets->count; i++) {
        if (!apply(setting, i)) {
            scenario_free(scenario);
            return false;
        }
    }
    scenario_free(scenario);
    if (!scenario_parse(path, setting->text, setting->length, scenario, report)) {
        say_problems(setting, report);
        return false;
    }
    return true;
}

bool scenario_parse_set(const char *path, const char *bytes, size_t length,
                        const struct set_words *sets, struct scenario *scenario, FILE *said)
{
    size_t mark = source_mark(bytes, length);
    struct scenario_report *report = calloc(1, sizeof *report);
    struct setting setting = {.path = strcmp(path, "-") == 0 ? "stdin" : path,
                              .sets = sets,
                              .text = strndup(bytes + mark, length - mark),
                              .length = length - mark,
                              .said = said};
    assert(sets->count <= SETS_MAX);
    bool good = false;
    if (!report || !setting.text) {
        clean_line(said, "%s: cannot be loaded: out of memory", setting.path);
    } else if (sets->count == 0 || strlen(setting.text) < setting.length) {
        good = scenario_parse(path, bytes, length, scenario, report); /* or it has a zero in it */
        if (!good) {
            scenario_report_print(said, path, report);
        }
    } else {
        good = parse(&setting, path, scenario, report);
    }
    free(setting.text);
    free(report);
    return good;
}

bool scenario_load_set(const char *path, const struct set_words *sets, struct scenario *scenario,
                       FILE *said)
{
    struct scenario_report *report = calloc(1, sizeof *report);
    size_t length = 0;
    *scenario = (struct scenario){0};
    char *bytes = report ? source_read(path, true, &length, report) : NULL;
    bool good = bytes && scenario_parse_set(path, bytes, length, sets, scenario, said);
    if (!report) {
        clean_line(said, "%s: cannot be loaded: out of memory", path);
    } else if (!bytes) {
        scenario_report_print(said, path, report);
    }
    free(bytes);
    free(report);
    return good;
}
