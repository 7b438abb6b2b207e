/* Whether a scenario may run on a host. See may_run.h. */
#include "sim/cli/may_run.h"
#include "sim/cli/help.h"

#include "sim/text/clean.h"

/* Refuses faults that the host has no verb for, or that would harm a Redis that is not ours; and
 * several servers where there is one. */
static bool host_can(const struct may_run *may, const struct scenario *scenario, FILE *said)
{
    bool good = true;
    if (may->redis_url && scenario->settings.servers > 1) {
        clean_line(said,
                   "%s: it has %u Redis servers, and --redis names one; leave out --redis to have "
                   "them all started",
                   scenario->path, (unsigned)scenario->settings.servers);
        good = false;
    }
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        const struct fault_row *row = fault_rows[spec->kind];
        if (!fault_possible(row, may->host->verbs)) {
            clean_line(said, "%s:%d: \"%s\": the host %s cannot do this; see: %s list faults",
                       scenario->path, spec->line, spec->text, may->host->name,
                       cli_name(may->program).text);
            good = false;
        } else if (fault_harms_server(spec) && may->redis_url) {
            clean_line(
                said,
                "%s:%d: \"%s\": this would harm a Redis that hustings did not start; leave out "
                "--redis",
                scenario->path, spec->line, spec->text);
            good = false;
        }
    }
    return good;
}

/* The first program that it names; NULL: none. */
static const struct program *first_program(const struct scenario *scenario)
{
    for (uint32_t id = 1; scenario->programs && id <= scenario->settings.nodes; id++) {
        if (scenario->programs[id].words) {
            return &scenario->programs[id];
        }
    }
    return NULL;
}

/* Refuses a scenario that starts programs where they cannot be, or nobody has allowed that. */
static bool may_start_programs(const struct may_run *may, const struct scenario *scenario,
                               FILE *said)
{
    const struct program *program = first_program(scenario);
    if (!program) {
        return true;
    }
    if (may->host->virtual_time) {
        clean_line(said, "%s:%d: it starts %s, and the model runs no program; leave out --on %s",
                   scenario->path, program->line, program->words[0], may->host->name);
        return false;
    }
    if (!may->allow_exec) {
        clean_line(
            said,
            "%s:%d: it starts a program, %s, which may do whatever you may; if you trust it, "
            "add --allow-exec",
            scenario->path, program->line, program->words[0]);
    }
    return may->allow_exec;
}

bool may_run(const struct may_run *may, const struct scenario *scenario, FILE *said)
{
    return host_can(may, scenario, said) && may_start_programs(may, scenario, said);
}
