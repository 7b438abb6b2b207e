/* FORMAT_TAP: the Test Anything Protocol, version 13. A test point for each expectation, numbered
 * through all scenarios, with a YAML block where one did not hold. The plan comes first, so that a
 * run that was killed has not passed. What was not judged, or not put to the test, is skipped; what
 * broke the run off bails out.
 */
#include <inttypes.h>

#include "sim/results/command.h"
#include "sim/results/json_out.h"
#include "sim/terminal/machine.h"
#include "sim/text/clean.h"

/* In a description `#` begins a directive and `\` escapes. */
static void put_description(FILE *out, const char *text)
{
    char clean[1024];
    for (const char *c = clean_text(text, clean, sizeof clean); *c; c++) {
        if (*c == '#' || *c == '\\') {
            fputc('\\', out);
        }
        fputc(*c, out);
    }
}

static void put_key(FILE *out, const char *key, const char *text)
{
    fprintf(out, "  %s: ", key);
    json_quoted(out, text);
    fputc('\n', out);
}

static void put_diagnostics(const struct finish *finish, const struct point *point)
{
    FILE *out = finish->options->out;
    fputs("  ---\n", out);
    put_key(out, "message", point->failure);
    if (point->error) {
        put_key(out, "severity", stop_name(finish->stop));
        fputs("  ...\n", out);
        return;
    }
    if (point->undecided) {
        put_key(out, "severity", "undecided");
    }
    if (point->unmet && point->unmet->trial > 0) {
        fprintf(out, "  trial: %" PRIu32 "\n  seed: \"%" PRIu64 "\"\n", point->unmet->trial,
                point->unmet->seed);
    }
    struct shell_command command;
    machine_repeat(finish, point, &command);
    put_key(out, "repeat", command_text(&command));
    command_free(&command);
    fprintf(out, "  replay: %s\n", is_replayed(finish->facts) ? "true" : "false");
    if (finish->results_path) {
        put_key(out, "results", finish->results_path);
    }
    char history[4096];
    if (machine_history(finish, point, history, sizeof history)) {
        put_key(out, "history", history);
    }
    fputs("  ...\n", out);
}

static void put_point(const struct finish *finish, const struct point *point, uint32_t number)
{
    FILE *out = finish->options->out;
    char title[256];
    snprintf(title, sizeof title, "%s: %s%s%s", finish->scenario->name, point->name,
             *point->expected ? " " : "", point->expected);
    fprintf(out, "%sok %" PRIu32 " - ", point->failure ? "not " : "", number);
    put_description(out, title);
    if (point->skipped) {
        fputs(" # SKIP ", out);
        put_description(out, point->skipped);
    }
    fputc('\n', out);
    if (point->failure) {
        put_diagnostics(finish, point);
    }
}

static void begin(const struct terminal_options *options, size_t points)
{
    fprintf(options->out, "TAP version 13\n1..%zu\n", points);
}

static void scenario(const struct finish *finish, const struct points *points)
{
    for (size_t i = 0; i < points->count; i++) {
        put_point(finish, &points->list[i], ++finish->options->state->points);
    }
}

static void end(const struct terminal_options *options, int exit_code, const char *error)
{
    (void)exit_code;
    if (error) {
        fputs("Bail out! ", options->out);
        put_description(options->out, error);
        fputc('\n', options->out);
    }
}

const struct machine_row machine_tap = {.begin = begin, .scenario = scenario, .end = end};
