/* The faults of a scenario as entries of a file. See write.h. */
#include <inttypes.h>
#include <string.h>

#include "sim/scenario/entry.h"
#include "sim/scenario/param.h"
#include "sim/scenario/write.h"
#include "src/ballot.h"

/* What was drawn has a time down to the nanosecond: it reads best in milliseconds. */
static void write_duration_of(FILE *file, const char *key, int64_t ns)
{
    char text[32];
    if (ns < NS_PER_MS || ns % NS_PER_MS == 0) {
        duration_text(ns, text, sizeof text);
    } else {
        snprintf(text, sizeof text, "%" PRId64 ".%06" PRId64, ns / NS_PER_MS, ns % NS_PER_MS);
        size_t length = strlen(text);
        while (text[length - 1] == '0') {
            length--;
        }
        snprintf(text + length, sizeof text - length, "ms");
    }
    fprintf(file, "%s: %s", key, text);
}

static void write_id(FILE *file, uint16_t id)
{
    if (id == MASTER_ID) {
        fputs("master", file);
    } else {
        fprintf(file, "%u", (unsigned)id);
    }
}

static void write_target(FILE *file, const char *key, const struct target *target)
{
    fprintf(file, "%s: ", key);
    if (target->kind != TARGET_IDS) {
        fputs(target_names[target->kind], file);
        return;
    }
    if (target->count == 1) {
        write_id(file, target->ids[0]);
        return;
    }
    for (uint16_t i = 0; i < target->count; i++) {
        fputs(i == 0 ? "[" : ", ", file);
        write_id(file, target->ids[i]);
    }
    fputs("]", file);
}

/* --- triggers ------------------------------------------------------------------------------------
 */

static void write_when(FILE *file, const struct trigger *trigger)
{
    fputs("when: {", file);
    if (trigger->kind == TRIGGER_SETTLED) {
        fputs("does: settled", file);
    } else {
        write_target(file, "who", &trigger->who);
        fprintf(file, ", does: %s", moment_names[trigger->moment]);
    }
    fprintf(file, ", nth: %" PRIu32 "%s%s}", trigger->nth, trigger->before ? ", before: true" : "",
            trigger->applied ? ", applied: true" : "");
    if (trigger->after_ns > 0) {
        fputs(", ", file);
        write_duration_of(file, "after", trigger->after_ns);
    }
}

static void write_trigger(FILE *file, const struct trigger *trigger)
{
    switch ((enum trigger_kind)trigger->kind) {
    case TRIGGER_AT:
        write_duration_of(file, "at", trigger->at_ns);
        break;
    case TRIGGER_EVERY:
        write_duration_of(file, "every", trigger->at_ns);
        write_duration_of(file, ", until", trigger->until_ns);
        break;
    case TRIGGER_WHEN:
    case TRIGGER_SETTLED:
        write_when(file, trigger);
        break;
    case TRIGGER_RANDOMLY:
        write_duration_of(file, "randomly: {mean", trigger->at_ns);
        write_duration_of(file, ", until", trigger->until_ns);
        fprintf(file, ", at_most_down: %" PRIu32 "}", trigger->at_most_down);
        break;
    case TRIGGER_KINDS:
        break;
    }
}

/* --- faults --------------------------------------------------------------------------------------
 */

/* The fault, its target and its parameters; those that are as by default are left away. */
static void write_fault(FILE *file, const struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    write_target(file, row->name, &spec->target);
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        const struct param_row *param = &row->params[i];
        char text[32];
        if (param->required || spec->params[i] != param->fallback) {
            fprintf(file, ", %s: %s", param->name,
                    param_text(param, spec->params[i], text, sizeof text));
        }
    }
}

static void write_alternatives(FILE *file, const char *margin, const struct fault_spec *specs)
{
    for (uint16_t i = 0; i < specs[0].trigger.one_of; i++) {
        fprintf(file, "%s      - {", margin);
        write_fault(file, &specs[i]);
        fprintf(file, ", weight: %" PRIu32 "}\n", specs[i].trigger.weight);
    }
}

void write_faults(FILE *file, const char *margin, const struct scenario *scenario)
{
    if (scenario->fault_count == 0) {
        return;
    }
    fprintf(file, "%sfaults:\n", margin);
    for (uint32_t i = 0; i < scenario->fault_count;) {
        const struct fault_spec *spec = &scenario->faults[i];
        bool several = spec->trigger.kind == TRIGGER_RANDOMLY;
        fprintf(file, "%s  - %s", margin, several ? "" : "{");
        write_trigger(file, &spec->trigger);
        if (several) {
            fprintf(file, "\n%s    one_of:\n", margin);
            write_alternatives(file, margin, spec);
        } else {
            fputs(", ", file);
            write_fault(file, spec);
            fputs("}\n", file);
        }
        i += several ? spec->trigger.one_of : 1;
    }
}
