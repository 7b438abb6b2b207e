/* The parameters of a fault, by its row, and the text that tells a fault. See entry.h. */
#include <string.h>

#include "sim/scenario/command.h"
#include "sim/scenario/entry.h"
#include "sim/scenario/param.h"
#include "sim/scenario/redis.h"
#include "src/ballot.h"

static bool exists(const struct fault_row *row, size_t index)
{
    return index < FAULT_PARAMS_MAX && row->params[index].type != PARAM_NONE;
}

static void tell_missing(struct walk *walk, const struct node *entry, const struct fault_row *row,
                         const struct param_row *param)
{
    char hint[120];
    char sample[32];
    snprintf(hint, sizeof hint, "%s needs it, as in %s: %s", row->name, param->name,
             param_sample(param, sample, sizeof sample));
    walk_missing(walk, entry, param->name, hint);
}

/* Most last for good, some have no length at all. What lies in wait unless it lasts does that. */
char *params_default(const struct fault_row *row, const struct param_row *param, char *out,
                     size_t size)
{
    if (param->type == PARAM_DURATION && param->fallback == 0) {
        bool lasts = strcmp(param->name, "for") == 0 && !(row->add && row->wait_for);
        snprintf(out, size, "%s", lasts ? "for good" : "0s");
        return out;
    }
    return param_text(param, param->fallback, out, size);
}

static void note_fallback(struct walk *walk, const struct fault_row *row,
                          const struct param_row *param)
{
    char text[32];
    walk_default(walk, walk->entry, param->name, params_default(row, param, text, sizeof text));
}

static bool has_param(const struct fault_row *row, const char *name)
{
    for (size_t i = 0; exists(row, i); i++) {
        if (strcmp(row->params[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_of_another(const struct fault_row *row, const char *name)
{
    for (size_t i = 0; fault_rows[i]; i++) {
        if (has_param(fault_rows[i], name)) {
            return !has_param(row, name);
        }
    }
    return false;
}

bool params_read(struct walk *walk, const struct node *entry, struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    bool good = true;
    for (size_t i = 0; exists(row, i); i++) {
        const struct param_row *param = &row->params[i];
        const struct node *value = tree_get(entry, param->name);
        if (value) {
            good = param_read(walk, value, param, &spec->params[i]) && good;
        } else if (param->required) {
            tell_missing(walk, entry, row, param);
            good = false;
        } else {
            spec->params[i] = param->fallback;
            note_fallback(walk, row, param);
        }
    }
    for (const struct node *key = tree_next_key(entry, NULL); key;
         key = tree_next_key(entry, key)) {
        if (is_of_another(row, key->text)) {
            char hint[120];
            snprintf(hint, sizeof hint, "leave it away, as in %s", row->example);
            walk_problem(walk, key, hint, "%s does not take that", row->name);
            good = false;
        }
    }
    return good;
}

/* --- the text of a fault ---------------------------------------------------------------------- */

static void describe_ids(const struct target *target, char *out, size_t size)
{
    enum { SHOWN = 6 };
    size_t used = 0;
    out[0] = '\0';
    for (uint16_t i = 0; i < target->count; i++) {
        const char *joint = i == 0 ? "" : i + 1 == target->count ? " and " : ", ";
        if (i == SHOWN && target->count > SHOWN + 1) {
            snprintf(out + used, size - used, " and %d more", target->count - SHOWN);
            return;
        }
        if (target->ids[i] == MASTER_ID) {
            used += (size_t)snprintf(out + used, size - used, "%smaster", joint);
        } else {
            used += (size_t)snprintf(out + used, size - used, "%s%u", joint, target->ids[i]);
        }
    }
}

void entry_describe(struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    char whom[64] = "";
    char commands[90];
    char *text = spec->text;
    size_t size = sizeof spec->text;
    if (spec->target.kind == TARGET_IDS) {
        describe_ids(&spec->target, whom, sizeof whom);
    } else if (spec->target.kind == TARGET_REDIS && spec->target.servers != SERVERS_ALL) {
        redis_text(&spec->target, whom, sizeof whom);
    } else if (spec->target.kind != TARGET_LOCK || !strstr(row->name, "lock")) {
        snprintf(whom, sizeof whom, "%s", target_names[spec->target.kind]);
    }
    int used = snprintf(text, size, "%s%s%s", row->name, whom[0] ? " " : "", whom);
    if (spec->target.kind != TARGET_REDIS && spec->target.servers != SERVERS_ALL && used >= 0) {
        redis_text(&spec->target, whom, sizeof whom);
        used += snprintf(text + used, size - (size_t)used, " on %s", whom);
    }
    if (used >= 0 && (size_t)used < size) {
        command_of_fault(spec, commands, sizeof commands);
        used += snprintf(text + used, size - (size_t)used, "%s", commands);
    }
    for (size_t i = 0; exists(row, i); i++) {
        const struct param_row *param = &row->params[i];
        char value[32];
        if (!param->required && spec->params[i] == param->fallback) {
            continue;
        }
        param_text(param, spec->params[i], value, sizeof value);
        if (used >= 0 && (size_t)used < size) {
            used += snprintf(text + used, size - (size_t)used, " %s %s", param->name, value);
        }
    }
}
