/* The formats for machines: which there are, and what they share. */
#include "sim/terminal/machine.h"

#include <assert.h>

#include "sim/results/command.h"
#include "sim/text/clean.h"

static const struct machine_row *const machine_rows[] = {
    [FORMAT_TEXT] = NULL, /* people's */
    [FORMAT_JSON] = &machine_json,
    [FORMAT_JUNIT] = &machine_junit,
    [FORMAT_TAP] = &machine_tap,
};

static const struct machine_row *machine(const struct terminal_options *options)
{
    assert(options->state && options->out);
    assert(options->format <= FORMAT_TAP);
    return machine_rows[options->format];
}

void terminal_machine_begin(const struct terminal_options *options, size_t scenarios)
{
    (void)scenarios;
    if (machine(options)) {
        machine(options)->begin(options);
        fflush(options->out);
    }
}

void terminal_machine_scenario(const struct terminal_options *options,
                               const struct scenario *scenario, const struct run_facts *facts,
                               const struct outcome *outcomes, size_t count,
                               const struct judgement *judgement, const char *results_path)
{
    const struct finish finish = {.options = options,
                                  .scenario = scenario,
                                  .facts = facts,
                                  .outcomes = outcomes,
                                  .count = count,
                                  .judgement = judgement,
                                  .results_path = results_path};
    if (machine(options)) {
        struct points points;
        points_make(scenario, judgement, &points);
        machine(options)->scenario(&finish, &points);
        options->state->reported++;
        fflush(options->out);
    }
}

void terminal_machine_end(const struct terminal_options *options)
{
    if (machine(options)) {
        machine(options)->end(options);
        fflush(options->out);
    }
}

void machine_repeat(const struct finish *finish, const struct point *point, char *out, size_t size)
{
    bool one = point->unmet && point->unmet->trial > 0;
    reproduce_command(finish->scenario, finish->facts,
                      one ? point->unmet->seed : finish->scenario->seed,
                      one ? 1 : finish->scenario->trials, out, size);
}

void machine_quoted(FILE *out, const char *text)
{
    char clean[8192];
    fputc('"', out);
    for (const char *c = clean_text(text, clean, sizeof clean); *c; c++) {
        if (*c == '"' || *c == '\\') {
            fputc('\\', out);
        }
        fputc(*c, out);
    }
    fputc('"', out);
}
