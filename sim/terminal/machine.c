/* The formats for machines: which there are. See machine.h; machine_parts.c is what they share. */
#include "sim/terminal/machine.h"

#include <assert.h>

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

void terminal_machine_begin(const struct terminal_options *options,
                            const struct scenario *scenarios, size_t count)
{
    static const struct judgement held = {.held = true};
    struct points points;
    size_t planned = 0;
    if (!machine(options)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        points_make(&scenarios[i], NULL, &held, &points);
        points_of_run(&points, NULL);
        planned += is_refused(&scenarios[i]) ? 1 : points.count;
    }
    machine(options)->begin(options, planned);
    fflush(options->out);
}

void terminal_machine_trial(const struct terminal_options *options, const struct scenario *scenario,
                            const struct run_facts *facts, const char *results_path,
                            const struct outcome *outcome)
{
    const struct finish finish = {
        .options = options, .scenario = scenario, .facts = facts, .results_path = results_path};
    if (machine(options) && machine(options)->trial) {
        machine(options)->trial(&finish, outcome);
    }
}

void terminal_machine_scenario(const struct terminal_options *options,
                               const struct scenario *scenario, const struct run_facts *facts,
                               const struct trials *trials, const struct judgement *judgement,
                               const char *results_path, const struct stop *stop)
{
    const struct finish finish = {.options = options,
                                  .scenario = scenario,
                                  .facts = facts,
                                  .trials = trials,
                                  .judgement = judgement,
                                  .results_path = results_path,
                                  .stop = stop};
    if (machine(options)) {
        struct points points;
        points_make(scenario, trials, judgement, &points);
        points_of_run(&points, stop);
        machine(options)->scenario(&finish, &points);
        options->state->reported++;
        fflush(options->out);
    }
}

void terminal_machine_end(const struct terminal_options *options, int exit_code, const char *error)
{
    if (machine(options)) {
        machine(options)->end(options, exit_code, error);
        fflush(options->out);
    }
}
