/* Settings as options of the command line. See settings_options.h.
 *
 * What was given is written as a scenario of one line, and the loader of scenarios reads it: so
 * there is one place that knows what a value may be, and what to say of a wrong one.
 */
#include "sim/cli/settings_options.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/load.h"
#include "sim/scenario/param.h"
#include "sim/scenario/scenario.h"
#include "src/owners.h"

static void add(struct settings_options *options, enum owner owner, const struct param_row *param)
{
    struct settings_option option = {.owner = owner, .param = param};
    if (!param) {
        snprintf(option.name, sizeof option.name, "%s", owner_names[owner]);
    } else {
        snprintf(option.name, sizeof option.name, "%s%s", owner == OWNER_PROTOCOL ? "" : "lock-",
                 param->name);
    }
    for (char *at = option.name; *at; at++) {
        if (*at == '_') {
            *at = '-';
        }
    }
    for (size_t i = 0; i < options->count; i++) {
        if (strcmp(options->options[i].name, option.name) == 0) {
            return; /* another row has one of this name: they share the option */
        }
    }
    assert(options->count < SETTINGS_OPTIONS_MAX);
    options->options[options->count++] = option;
}

void settings_options_begin(struct settings_options *options)
{
    *options = (struct settings_options){.count = 0};
    for (int owner = 0; owner < OWNERS; owner++) {
        add(options, (enum owner)owner, NULL);
    }
    for (int owner = 0; owner < OWNERS; owner++) {
        for (size_t row = 0; owner_row_name((enum owner)owner, row); row++) {
            const struct param_row *params = owner_params((enum owner)owner, row);
            for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
                add(options, (enum owner)owner, &params[i]);
            }
        }
    }
}

/* What is taken if the option is not given. */
static void put_usual(const struct settings_option *option, char *out, size_t size)
{
    if (option->param) {
        param_text(option->param, option->param->fallback, out, size);
    } else {
        snprintf(out, size, "%s", owner_row_name(option->owner, owner_default(option->owner)));
    }
}

static struct option_row row_of(const struct settings_option *option)
{
    const struct param_row *param = option->param;
    if (!param) {
        return (struct option_row){
            .kind = OPTION_TEXT, .value = "NAME", .help = "one of those that `$0 list` shows"};
    }
    bool flag = param->type == PARAM_FLAG;
    bool words = param->type == PARAM_WORD;
    return (struct option_row){.kind = flag ? OPTION_SWITCH : OPTION_TEXT,
                               .value = param->type == PARAM_DURATION ? "TIME"
                                        : words                       ? "WORD"
                                        : flag                        ? "false"
                                                                      : "N",
                               .words = words ? param->words : NULL,
                               .help = param->summary};
}

void settings_options_list(struct options *rows, size_t at)
{
    struct settings_options options;
    settings_options_begin(&options);
    for (size_t i = 0; i < options.count; i++) {
        assert(rows->count < OPTIONS_MAX);
        struct option_row *row = &rows->rows[rows->count];
        char(*texts)[OPTION_TEXT_SIZE] = rows->texts[rows->count++];
        *row = row_of(&options.options[i]);
        snprintf(texts[0], sizeof texts[0], "%s", options.options[i].name);
        row->name = texts[0];
        put_usual(&options.options[i], texts[1], sizeof texts[1]);
        row->usual = texts[1];
        row->heading = i == 0 ? "Of the election" : NULL;
        row->at = at + offsetof(struct settings_options, options) + i * sizeof *options.options +
                  offsetof(struct settings_option, value);
    }
    assert(rows->count < OPTIONS_MAX);
    rows->rows[rows->count++] = (struct option_row){
        .name = "fencing",
        .kind = OPTION_FLAG,
        .at = at + offsetof(struct settings_options, fencing),
        .help =
            "the lock numbers its grants, each higher than the last; for a leader that holds it"};
}

/* --- as a scenario ---------------------------------------------------------------------------- */

/* A value, in quotes where it might otherwise be more than a value. */
static void put_value(FILE *file, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (value[0] && strspn(value, plain) == strlen(value)) {
        fputs(value, file);
        return;
    }
    fputc('"', file);
    for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
        if (*at == '"' || *at == '\\' || *at < ' ') {
            fprintf(file, "\\x%02x", *at);
        } else {
            fputc(*at, file);
        }
    }
    fputc('"', file);
}

static void put_owner(FILE *file, const struct settings_options *options, enum owner owner)
{
    const struct settings_option *named = &options->options[owner];
    fprintf(file, ", %s: {", owner_names[owner]);
    put_value(file, named->value ? named->value : owner_row_name(owner, owner_default(owner)));
    fputs(": {", file);
    for (size_t i = OWNERS; i < options->count; i++) {
        const struct settings_option *option = &options->options[i];
        if (option->owner == owner && option->value) {
            fprintf(file, "%s: ", option->param->name);
            put_value(file, option->value);
            fputs(", ", file);
        }
    }
    fputs("}}", file);
}

static void tell(const struct scenario_report *report, char *error, size_t error_size)
{
    const struct scenario_problem *problem = &report->problems[0];
    snprintf(error, error_size, "\"%s\": %s%s%s", problem->text, problem->message,
             problem->suggestion[0] ? "; " : "", problem->suggestion);
}

bool settings_options_end(const struct settings_options *options, uint16_t nodes,
                          struct settings *settings, char *error, size_t error_size)
{
    struct scenario scenario;
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    struct scenario_report *report = malloc(sizeof *report);
    bool good = false;
    if (file) {
        fprintf(file, "{name: by-hand, nodes: %" PRIu16 ", duration: 1s", nodes);
        for (int owner = 0; owner < OWNERS; owner++) {
            put_owner(file, options, (enum owner)owner);
        }
        fputs(options->fencing ? ", fencing: true}\n" : "}\n", file);
    }
    if (!file || fclose(file) != 0 || !report) {
        snprintf(error, error_size, "no memory");
    } else if (scenario_parse("options", text, length, &scenario, report)) {
        *settings = scenario.settings;
        scenario_free(&scenario);
        good = true;
    } else {
        tell(report, error, error_size);
    }
    free(report);
    free(text);
    return good;
}
