/* Fuzzes the scenario loader: whatever the bytes, it must end, stay within its memory, and either
 * give a whole scenario or say what is wrong. Built and run by tests/fuzz/run. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"
#include "src/ballot.h"
#include "src/owners.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Its parameters are within their bounds, or have the value of a word or their default. */
static void check_params(const struct settings *settings, enum owner owner)
{
    const struct param_row *rows = owner_params(owner, settings->row[owner]);
    for (size_t i = 0; rows[i].type != PARAM_NONE; i++) {
        int64_t value = settings->value[owner][i];
        bool bounded = rows[i].type == PARAM_DURATION && (rows[i].low || rows[i].high);
        assert(!bounded || value == rows[i].fallback || (value == 0 && rows[i].words) ||
               (value >= rows[i].low && value <= rows[i].high));
    }
}

static void check_whole(const struct scenario *scenario)
{
    assert(scenario->name[0] && strlen(scenario->name) < sizeof scenario->name);
    assert(scenario->settings.nodes >= 1 && scenario->settings.nodes <= NODE_ID_MAX);
    assert(scenario->duration_ns > 0 && scenario->trials > 0 && scenario->starts);
    check_params(&scenario->settings, OWNER_PROTOCOL);
    check_params(&scenario->settings, OWNER_LOCK);
    for (uint32_t id = 0; id <= scenario->settings.nodes; id++) {
        assert(scenario->starts[id].kind <= START_ALL_REPORTED);
        assert(scenario->starts[id].time_ns < scenario->duration_ns);
    }
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        assert(spec->text[0] && spec->line > 0 && spec->target.kind < TARGET_KINDS);
        assert(fault_rows[spec->kind]->targets & 1u << spec->target.kind);
        for (uint16_t j = 0; j < spec->target.count; j++) {
            assert(spec->target.ids[j] <= scenario->settings.nodes);
        }
    }
}

static void check_problems(const struct scenario_report *report)
{
    for (uint32_t i = 0; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        const struct scenario_problem *problem = &report->problems[i];
        assert(problem->message[0] && problem->line >= 0);
        assert(!strchr(problem->text, '\n') && !strchr(problem->message, '\n'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scenario scenario;
    struct scenario_report report;
    bool good = scenario_parse("fuzz.yaml", (const char *)data, size, &scenario, &report);

    assert(good == (report.count == 0));
    if (good) {
        check_whole(&scenario);
    } else {
        assert(!scenario.text && !scenario.starts && !scenario.faults && !scenario.about);
        check_problems(&report);
    }
    scenario_free(&scenario);
    return 0;
}
