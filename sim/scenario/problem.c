/* Collects problems and prints them. See problem.h. */
#include "sim/scenario/problem.h"

#include <stdarg.h>
#include <string.h>

/* How many bytes the UTF-8 character that begins with `first` has; 0: none begins so. */
static size_t character_size(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Copies whole characters as far as they fit, with a sign where something was left out. What would
 * break the line or the terminal becomes a blank. */
static void copy_printable(char *out, size_t size, const char *text)
{
    static const char ellipsis[] = "…";
    size_t used = 0;
    while (*text) {
        size_t bytes = character_size((unsigned char)*text);
        bool whole = bytes > 0 && strnlen(text, bytes) == bytes;
        bool control = (unsigned char)*text < 0x20 || *text == 0x7f ||
                       (whole && bytes == 2 && (unsigned char)text[0] == 0xc2 &&
                        (unsigned char)text[1] < 0xa0);
        bytes = whole ? bytes : 1;
        bool last = text[bytes] == '\0';
        if (used + bytes + (last ? 1 : sizeof ellipsis) > size) {
            memcpy(out + used, ellipsis, sizeof ellipsis);
            return;
        }
        if (!whole || control) {
            out[used++] = whole ? ' ' : '?';
        } else {
            memcpy(out + used, text, bytes);
            used += bytes;
        }
        text += bytes;
    }
    out[used] = '\0';
}

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
    copy_printable(problem->message, sizeof problem->message, message);
    copy_printable(problem->text, sizeof problem->text, text ? text : "");
    copy_printable(problem->suggestion, sizeof problem->suggestion, suggestion ? suggestion : "");
}

static bool stands_behind(const struct scenario_problem *a, const struct scenario_problem *b)
{
    return a->line != b->line ? a->line > b->line : a->column > b->column;
}

void problems_sort(struct scenario_report *report)
{
    for (uint32_t i = 1; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        struct scenario_problem moved = report->problems[i];
        uint32_t to = i;
        for (; to > 0 && stands_behind(&report->problems[to - 1], &moved); to--) {
            report->problems[to] = report->problems[to - 1];
        }
        report->problems[to] = moved;
    }
}

void scenario_report_print(FILE *file, const char *path, const struct scenario_report *report)
{
    for (uint32_t i = 0; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        const struct scenario_problem *problem = &report->problems[i];
        fprintf(file, "%s:", path);
        if (problem->line > 0) {
            fprintf(file, "%d:%d:", problem->line, problem->column);
        }
        if (problem->text[0]) {
            fprintf(file, " \"%s\":", problem->text);
        }
        fprintf(file, " %s", problem->message);
        if (problem->suggestion[0]) {
            fprintf(file, "; %s", problem->suggestion);
        }
        fputc('\n', file);
    }
    if (report->count > SCENARIO_PROBLEMS_MAX) {
        fprintf(file, "%s: and %u more problems; mend these first\n", path,
                report->count - SCENARIO_PROBLEMS_MAX);
    }
}
