/* Collects problems and prints them. See problem.h. */
#include "sim/scenario/problem.h"

#include <stdarg.h>
#include <string.h>

#include "sim/scenario/report.h"
#include "sim/text/clean.h"

void problem_add(struct scenario_report *report, int line, int column, const char *text,
                 const char *suggestion, const char *format, ...)
{
    if (report->count++ >= SCENARIO_PROBLEMS_MAX) {
        return;
    }
    struct scenario_problem *problem = &report->problems[report->count - 1];
    char message[2 * sizeof problem->message];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    problem->line = line;
    problem->column = column;
    clean_text(message, problem->message, sizeof problem->message);
    clean_text(text ? text : "", problem->text, sizeof problem->text);
    clean_text(suggestion ? suggestion : "", problem->suggestion, sizeof problem->suggestion);
}

static bool stopped_behind(const struct scenario_problem *a, const struct scenario_problem *b)
{
    return a->line != b->line ? a->line > b->line : a->column > b->column;
}

void problems_sort(struct scenario_report *report)
{
    for (uint32_t i = 1; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        struct scenario_problem moved = report->problems[i];
        uint32_t to = i;
        for (; to > 0 && stopped_behind(&report->problems[to - 1], &moved); to--) {
            report->problems[to] = report->problems[to - 1];
        }
        report->problems[to] = moved;
    }
}

static void print_entries(FILE *file, const char *path, const struct scenario_report *report,
                          const char *kind)
{
    path = strcmp(path, "-") == 0 ? "stdin" : path;
    for (uint32_t i = 0; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        const struct scenario_problem *problem = &report->problems[i];
        const char *quote = problem->text[0] ? "\"" : "";
        char place[32] = "";
        if (problem->line > 0) {
            snprintf(place, sizeof place, "%d:%d:", problem->line, problem->column);
        }
        clean_line(file, "%s:%s%s%s%s%s%s%s %s%s%s", path, place, kind, *quote ? " " : "", quote,
                   problem->text, quote, *quote ? ":" : "", problem->message,
                   problem->suggestion[0] ? "; " : "", problem->suggestion);
    }
}

void scenario_report_print(FILE *file, const char *path, const struct scenario_report *report)
{
    print_entries(file, path, report, "");
    if (report->count > SCENARIO_PROBLEMS_MAX) {
        clean_line(file, "%s: and %u more problems; fix these first", path,
                   report->count - SCENARIO_PROBLEMS_MAX);
    }
}

void scenario_warnings_print(FILE *file, const char *path, const struct scenario_report *warnings)
{
    print_entries(file, path, warnings, " warning:");
}
