/* FORMAT_JUNIT: a testsuite for each scenario, a testcase for each expectation and one for its
 * trials. The subset of the Ant JUnit schema that common CI systems read.
 *
 *     <failure>   it did not hold
 *     <error>     it could not be tested: an undecided trial, a world that failed, Ctrl-C, a
 *                 scenario that was refused
 *     <skipped>   not judged, because of such an error; or not put to the test in any trial
 *
 * The history of the trial that a case failed in is its attachment: a property of the case, and, as
 * several CI systems read it, a line [[ATTACHMENT|path]] in its output.
 */
#include <inttypes.h>

#include "sim/results/command.h"
#include "sim/terminal/machine.h"
#include "sim/text/clean.h"
#include "src/owners.h"

/* Text as XML 1.0 takes it, in an attribute or an element. */
static void put_escaped(FILE *out, const char *text)
{
    char clean[8192];
    for (const char *c = clean_text(text, clean, sizeof clean); *c; c++) {
        switch (*c) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*c, out);
        }
    }
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    put_escaped(out, text);
    fputc('"', out);
}

static void put_property(FILE *out, const char *name, const char *value)
{
    if (value && *value) {
        fputs("      <property", out);
        put_attribute(out, "name", name);
        put_attribute(out, "value", value);
        fputs("/>\n", out);
    }
}

static void put_properties(const struct finish *finish)
{
    FILE *out = finish->options->out;
    char seed[32], trials[32];
    snprintf(seed, sizeof seed, "%" PRIu64, finish->scenario->seed);
    snprintf(trials, sizeof trials, "%zu", finish->trials ? finish->trials->count : 0);
    fputs("    <properties>\n", out);
    put_property(out, "path", finish->scenario->path);
    if (is_refused(finish->scenario)) {
        fputs("    </properties>\n", out);
        return;
    }
    put_property(out, "protocol",
                 owner_row_name(OWNER_PROTOCOL, finish->scenario->settings.row[OWNER_PROTOCOL]));
    put_property(out, "lock",
                 owner_row_name(OWNER_LOCK, finish->scenario->settings.row[OWNER_LOCK]));
    put_property(out, "trials", trials);
    put_property(out, "seed", seed);
    put_property(out, "host", finish->facts->host);
    put_property(out, "redis_server", finish->facts->redis_server);
    put_property(out, "redis_version", finish->facts->redis_version);
    put_property(out, "results", finish->results_path);
    fputs("    </properties>\n", out);
}

static void put_repeat(const struct finish *finish, const struct point *point)
{
    FILE *out = finish->options->out;
    struct shell_command command;
    machine_repeat(finish, point, &command);
    fputs("\nRepeat it: ", out);
    put_escaped(out, command_text(&command));
    command_free(&command);
    if (!is_replayed(finish->facts)) {
        fputs("\n" ANOTHER_RUN, out);
    }
}

static void put_point(const struct finish *finish, const struct point *point)
{
    FILE *out = finish->options->out;
    char title[160];
    snprintf(title, sizeof title, "%s%s%s", point->name, *point->expected ? ": " : "",
             point->expected);
    fputs("    <testcase", out);
    put_attribute(out, "classname", finish->scenario->name);
    put_attribute(out, "name", title);
    fputs(" time=\"0\"", out);
    if (point->skipped) {
        fputs(">\n      <skipped", out);
        put_attribute(out, "message", point->skipped);
        fputs("/>\n    </testcase>\n", out);
        return;
    }
    if (!point->failure) {
        fputs("/>\n", out);
        return;
    }
    const char *tag = point->undecided || point->error ? "error" : "failure";
    const char *type = point->error       ? stop_name(finish->stop)
                       : point->undecided ? "undecided"
                                          : "unmet";
    char history[4096];
    bool attached = machine_history(finish, point, history, sizeof history);
    fputs(">\n", out);
    if (attached) {
        fputs("      <properties>\n  ", out);
        put_property(out, "history", history);
        fputs("      </properties>\n", out);
    }
    fprintf(out, "      <%s type=\"%s\"", tag, type);
    put_attribute(out, "message", point->failure);
    fputc('>', out);
    put_escaped(out, point->failure);
    if (!point->error) {
        put_repeat(finish, point);
    }
    fprintf(out, "</%s>\n", tag);
    if (attached) {
        fputs("      <system-out>[[ATTACHMENT|", out);
        put_escaped(out, history);
        fputs("]]</system-out>\n", out);
    }
    fputs("    </testcase>\n", out);
}

static void begin(const struct terminal_options *options, size_t points)
{
    (void)points; /* nobody reads the root's attributes, and a run may be broken off */
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"hustings\">\n",
          options->out);
}

static void scenario(const struct finish *finish, const struct points *points)
{
    FILE *out = finish->options->out;
    fputs("  <testsuite", out);
    put_attribute(out, "name", finish->scenario->name);
    size_t errors = points->undecided + points->errors;
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n",
            points->count, points->failed - errors, errors, points->skipped,
            finish->trials ? finish->trials->lasted_s : 0);
    put_properties(finish);
    for (size_t i = 0; i < points->count; i++) {
        put_point(finish, &points->list[i]);
    }
    fputs("  </testsuite>\n", out);
}

/* What broke the run off is the error of a scenario. */
static void end(const struct terminal_options *options, int exit_code, const char *error)
{
    (void)exit_code, (void)error;
    fputs("</testsuites>\n", options->out);
}

const struct machine_row machine_junit = {.begin = begin, .scenario = scenario, .end = end};
