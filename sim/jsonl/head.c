/* The head of a history. See head.h. */
#include "sim/jsonl/head.h"

#include <string.h>

#include "src/lock/lock.h"
#include "src/owners.h"

#define HISTORY_VERSION 2

static int64_t word_field(struct fields *fields, const char *key, const struct param_row *param,
                          int64_t value)
{
    char word[32] = "";
    if (fields->out) {
        param_word(param, (size_t)value, word, sizeof word);
    }
    field_text(fields, key, word, sizeof word);
    int place = param_word_find(param, word);
    if (place < 0) {
        in_fail(fields->in, "\"%s\" is none of %s", key, param->words);
    }
    return place;
}

/* The value of a parameter; behind its name stands the unit, if it is told otherwise than in a
 * scenario. */
static int64_t param_field(struct fields *fields, const struct param_row *param, int64_t value)
{
    char key[48];
    bool ratio = param->type == PARAM_RATIO, duration = param->type == PARAM_DURATION;
    snprintf(key, sizeof key, "%s%s", param->name, duration ? "_ns" : ratio ? "_thousandths" : "");
    if (param->type == PARAM_FLAG) {
        return field_bool(fields, key, value != 0);
    }
    if (param->type == PARAM_WORD) {
        return word_field(fields, key, param, value);
    }
    if (duration) {
        return field_duration(fields, key, value, param_high(param));
    }
    value = field_signed(fields, key, value);
    bool bounded = param->type == PARAM_NUMBER || ratio;
    if (fields->in && bounded && (value < param->low || value > param->high)) {
        in_fail(fields->in, "\"%s\" is out of bounds", key);
    }
    return value;
}

/* Which row the owner has, and the values of its parameters. */
static void owner_fields(struct fields *fields, struct settings *settings, enum owner owner)
{
    const cJSON *outer = NULL;
    char name[32] = "";
    if (fields->in) {
        settings_choose(settings, owner, owner_default(owner));
    }
    if (!field_begin(fields, owner_names[owner], &outer)) {
        return;
    }
    snprintf(name, sizeof name, "%s", owner_row_name(owner, settings->row[owner]));
    field_text(fields, "name", name, sizeof name);
    int row = owner_find(owner, name);
    if (row < 0) {
        in_fail(fields->in, "this hustings has no %s of that name", owner_names[owner]);
        row = owner_default(owner);
    }
    if (fields->in) {
        settings_choose(settings, owner, (uint8_t)row);
    }
    const struct param_row *params = owner_params(owner, (size_t)row);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        settings->value[owner][i] = param_field(fields, &params[i], settings->value[owner][i]);
    }
    field_end(fields, outer);
}

/* Histories from before there were several servers have none. */
static void topology_fields(struct fields *fields, struct settings *settings)
{
    uint8_t topology = fields->in ? TOPOLOGY_SINGLE : settings->topology;
    uint8_t servers = fields->in ? 1 : settings->servers;
    if (field_is_there(fields, "topology", true)) {
        topology = (uint8_t)field_row(fields, "topology", topology, topology_rows[topology].name,
                                      topology_find);
        servers = (uint8_t)field_number(fields, "servers", servers, topology_rows[topology].least,
                                        topology_rows[topology].most);
    }
    settings_choose_topology(settings, (enum topology)topology);
    settings->servers = servers;
}

static void fencing_field(struct fields *fields, struct settings *settings)
{
    bool there = field_is_there(fields, "fencing", settings->fencing);
    settings->fencing = there && field_bool(fields, "fencing", settings->fencing);
    if (fields->in && settings->fencing && !lock_can_fence(settings)) {
        in_fail(fields->in, "\"fencing\": its lock numbers no grants");
    }
}

/* Histories in which nobody works have none. */
static int64_t work_field(struct fields *fields, int64_t every_ns)
{
    return field_is_there(fields, "work_every_ns", every_ns > 0)
               ? field_duration(fields, "work_every_ns", every_ns, HISTORY_TIME_MAX)
               : 0;
}

/* Whether it is the head of a history of ours. */
static bool kind_field(struct fields *fields)
{
    char kind[16] = "history";
    const cJSON *read =
        fields->in ? cJSON_GetObjectItemCaseSensitive(fields->in->object, "hustings") : NULL;
    if (fields->in && (!cJSON_IsString(read) || strcmp(read->valuestring, kind) != 0)) {
        in_fail(fields->in,
                "this is no history of hustings: its first line has no \"hustings\":\"history\"");
        return false;
    }
    field_text(fields, "hustings", kind, sizeof kind);
    if (field_number(fields, "version", HISTORY_VERSION, 1, INT32_MAX) != HISTORY_VERSION) {
        in_fail(fields->in, "\"version\": this hustings reads version %d; run the scenario again",
                HISTORY_VERSION);
    }
    return true;
}

void head_fields(struct fields *fields, struct history_facts *facts)
{
    struct settings *settings = &facts->settings;
    if (!kind_field(fields)) {
        return;
    }
    field_text(fields, "scenario", facts->scenario, sizeof facts->scenario);
    field_text(fields, "host", facts->host, sizeof facts->host);
    facts->trial = (uint32_t)field_number(fields, "trial", facts->trial, 0, UINT32_MAX);
    facts->seed = field_unsigned(fields, "seed", facts->seed);
    settings->nodes = (uint16_t)field_number(fields, "nodes", settings->nodes, 0, NODE_ID_MAX);
    topology_fields(fields, settings);
    for (int owner = 0; owner < OWNERS; owner++) {
        owner_fields(fields, settings, (enum owner)owner);
    }
    fencing_field(fields, settings);
    settings->work_every_ns = work_field(fields, fields->in ? 0 : settings->work_every_ns);
    facts->settles_within_ns =
        field_duration(fields, "settles_within_ns", facts->settles_within_ns, HISTORY_TIME_MAX);
    facts->lock_within_ns =
        field_duration(fields, "lock_within_ns", facts->lock_within_ns, HISTORY_TIME_MAX);
    facts->heals = field_bool(fields, "heals", facts->heals);
    facts->programs = field_is_there(fields, "programs", facts->programs) &&
                      field_bool(fields, "programs", facts->programs);
}
