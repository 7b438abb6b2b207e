/* A fault as one writes it. See fault_text.h. */
#include "sim/scenario/fault_text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "sim/scenario/param.h"
#include "src/ballot.h"
#include "src/units.h"

/* Where it goes, and what stands around keys and words. */
struct writer {
    FILE *file;
    const char *quote;
};

static void put_key(const struct writer *to, const char *key)
{
    fprintf(to->file, "%s%s%s: ", to->quote, key, to->quote);
}

static void put_word(const struct writer *to, const char *word)
{
    fprintf(to->file, "%s%s%s", to->quote, word, to->quote);
}

/* What was measured in a trial is known down to the nanosecond: it reads best in milliseconds. */
static void put_moment(const struct writer *to, int64_t ns)
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
    put_word(to, text);
}

static void put_id(const struct writer *to, uint16_t id)
{
    if (id == MASTER_ID) {
        put_word(to, "master");
    } else {
        fprintf(to->file, "%u", (unsigned)id);
    }
}

/* Which servers; not with SERVERS_ALL. */
static void put_servers(const struct writer *to, const struct target *target)
{
    bool several = (target->listed & (target->listed - 1u)) != 0;
    const char *comma = "";
    if (target->servers != SERVERS_LISTED) {
        put_word(to, target_servers_names[target->servers]);
        return;
    }
    fputs(several ? "[" : "", to->file);
    for (unsigned server = 0; server < SERVERS_MAX; server++) {
        if (target->listed & 1u << server) {
            char name[16];
            snprintf(name, sizeof name, "redis %u", server + 1);
            fputs(comma, to->file);
            put_word(to, name);
            comma = ", ";
        }
    }
    fputs(several ? "]" : "", to->file);
}

static void put_target(const struct writer *to, const struct target *target)
{
    if (target->kind == TARGET_REDIS && target->servers != SERVERS_ALL) {
        put_servers(to, target);
        return;
    }
    if (target->kind != TARGET_IDS) {
        put_word(to, target_names[target->kind]);
        return;
    }
    fputs(target->count > 1 ? "[" : "", to->file);
    for (uint16_t i = 0; i < target->count; i++) {
        fputs(i > 0 ? ", " : "", to->file);
        put_id(to, target->ids[i]);
    }
    fputs(target->count > 1 ? "]" : "", to->file);
}

static void put_trigger(const struct writer *to, const struct trigger *trigger)
{
    if (trigger->kind == TRIGGER_AT) {
        put_key(to, "at");
        put_moment(to, trigger->at_ns);
        return;
    }
    assert(trigger->kind == TRIGGER_WHEN && trigger->nth_to == 0);
    put_key(to, "when");
    fputs("{", to->file);
    put_key(to, "who");
    put_target(to, &trigger->who);
    fputs(", ", to->file);
    put_key(to, "does");
    put_word(to, moment_rows[trigger->moment].name);
    fputs(", ", to->file);
    put_key(to, "nth");
    fprintf(to->file, "%" PRIu32 "}", trigger->nth);
}

static void put_param(const struct writer *to, const struct param_row *param, int64_t value)
{
    char text[64];
    param_text(param, value, text, sizeof text);
    fputs(", ", to->file);
    put_key(to, param->name);
    if (param->type == PARAM_DURATION) { /* it may be as long as it lasted in a trial */
        put_moment(to, value);
        return;
    }
    if (param->type == PARAM_NUMBER || param->type == PARAM_FLAG) {
        fputs(text, to->file);
    } else {
        put_word(to, text);
    }
}

/* Which commands it is about. */
static void put_commands(const struct writer *to, const struct fault_spec *spec)
{
    const char *const texts[] = {"of", spec->of.name, "key", spec->of.key};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i += 2) {
        if (texts[i + 1][0]) { /* in quotes: a star would be an alias */
            fputs(", ", to->file);
            put_key(to, texts[i]);
            fputc('"', to->file);
            for (const char *c = texts[i + 1]; *c; c++) {
                fprintf(to->file, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
            }
            fputc('"', to->file);
        }
    }
    if (spec->nth > 0) {
        fputs(", ", to->file);
        put_key(to, "nth");
        fprintf(to->file, "%" PRIu32, spec->nth);
    }
}

void fault_text(FILE *file, const struct fault_spec *spec, bool json)
{
    const struct writer to = {.file = file, .quote = json ? "\"" : ""};
    const struct fault_row *row = fault_rows[spec->kind];
    fputs("{", file);
    put_trigger(&to, &spec->trigger);
    fputs(", ", file);
    put_key(&to, row->name);
    put_target(&to, &spec->target);
    if (spec->target.kind != TARGET_REDIS && spec->target.servers != SERVERS_ALL) {
        fputs(", ", file);
        put_key(&to, "server");
        put_servers(&to, &spec->target);
    }
    put_commands(&to, spec);
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        if (row->params[i].required || spec->params[i] != row->params[i].fallback) {
            put_param(&to, &row->params[i], spec->params[i]);
        }
    }
    fputs("}", file);
}
