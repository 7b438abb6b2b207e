/* The first line of a history's file, written and read: under which rules the trial was run.
 *
 * The head
 *
 *   hustings           "history"
 *   version            2; hustings refuses histories of another
 *   scenario, host     text
 *   trial              number, from 1
 *   seed               string: of this trial
 *   nodes              number: nodes are 1 to nodes; 0 is the master, if there is one
 *   topology           text: as in `hustings list topologies`; if it is left out, single
 *   servers            number: how many Redis servers there are; with a topology only
 *   protocol, lock     object: its name, as in `hustings list`, and the value of each of its
 *                      parameters: a word as text, a flag as true or false, a whole number as a
 *                      string, a duration as a string with _ns behind the parameter's name
 *   settles_within_ns  string: bound of the checks no_leader and disagreement; "0": not demanded
 *   lock_within_ns     string: bound of the check starvation; "0": not demanded
 *   heals              true: the run has a liveness phase
 */
#include "sim/jsonl/head.h"

#include <stdio.h>
#include <string.h>

#include "src/owners.h"

#define HISTORY_VERSION 2

/* --- writing -------------------------------------------------------------------------------------
 */

/* What follows a parameter's name, for what is not told as it is written in a scenario. */
static const char *param_suffix(const struct param_row *param)
{
    return param->type == PARAM_DURATION ? "_ns" : param->type == PARAM_RATIO ? "_thousandths" : "";
}

/* Which row the owner has, and the values of its parameters. */
static void write_owner(struct out *out, const struct settings *settings, enum owner owner)
{
    const struct param_row *params = owner_params(owner, settings->row[owner]);
    out_key(out, owner_names[owner]);
    out_put(out, "{\"name\":");
    out_quoted(out, owner_row_name(owner, settings->row[owner]));
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        int64_t value = settings->value[owner][i];
        char key[48];
        snprintf(key, sizeof key, "%s%s", params[i].name, param_suffix(&params[i]));
        if (params[i].type == PARAM_FLAG) {
            field_bool(out, key, value != 0);
        } else if (params[i].type == PARAM_WORD) {
            char word[32];
            param_word(&params[i], (size_t)value, word, sizeof word);
            field_text(out, key, word);
        } else {
            field_signed(out, key, value);
        }
    }
    out_put(out, "}");
}

void head_write(struct out *out, const struct history_facts *facts)
{
    const struct settings *settings = &facts->settings;
    out_put(out, "{\"hustings\":\"history\"");
    field_number(out, "version", HISTORY_VERSION);
    field_text(out, "scenario", facts->scenario);
    field_text(out, "host", facts->host);
    field_number(out, "trial", facts->trial);
    field_unsigned(out, "seed", facts->seed);
    field_number(out, "nodes", settings->nodes);
    field_text(out, "topology", topology_rows[settings->topology].name);
    field_number(out, "servers", settings->servers);
    for (int owner = 0; owner < OWNERS; owner++) {
        write_owner(out, settings, (enum owner)owner);
    }
    field_signed(out, "settles_within_ns", facts->settles_within_ns);
    field_signed(out, "lock_within_ns", facts->lock_within_ns);
    field_bool(out, "heals", facts->heals);
    out_put(out, "}\n");
}

/* --- reading -------------------------------------------------------------------------------------
 */

static void copy_text(struct in *in, const char *key, char *out, size_t size)
{
    const char *text = in_text(in, key);
    if (strlen(text) >= size) {
        in_fail(in, "\"%s\" is longer than %zu bytes", key, size - 1);
        return;
    }
    memcpy(out, text, strlen(text) + 1);
}

static int64_t read_param(struct in *in, const struct param_row *param)
{
    char key[48];
    snprintf(key, sizeof key, "%s%s", param->name, param_suffix(param));
    switch (param->type) {
    case PARAM_DURATION:
        return in_duration(in, key);
    case PARAM_FLAG:
        return in_bool(in, key);
    case PARAM_WORD: {
        int word = param_word_find(param, in_text(in, key));
        if (word < 0) {
            in_fail(in, "\"%s\" is none of %s", key, param->words);
        }
        return word;
    }
    case PARAM_NUMBER:
    case PARAM_RATIO:
    case PARAM_SHIFT:
    case PARAM_NONE:
        break;
    }
    int64_t value = in_signed(in, key);
    bool bounded = param->type == PARAM_NUMBER || param->type == PARAM_RATIO;
    if (bounded && (value < param->low || value > param->high)) {
        in_fail(in, "\"%s\" is out of bounds", key);
    }
    return value;
}

static void read_owner(struct in *in, struct settings *settings, enum owner owner)
{
    const cJSON *head = in->object;
    const cJSON *object = in_member(in, owner_names[owner]);
    settings_choose(settings, owner, owner_default(owner));
    if (!cJSON_IsObject(object)) {
        in_fail(in, "\"%s\" is no object", owner_names[owner]);
        return;
    }
    in->object = object;
    int row = owner_find(owner, in_text(in, "name"));
    if (row < 0) {
        in_fail(in, "this hustings has no %s of that name", owner_names[owner]);
    } else {
        settings_choose(settings, owner, (uint8_t)row);
        const struct param_row *params = owner_params(owner, (size_t)row);
        for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
            settings->value[owner][i] = read_param(in, &params[i]);
        }
    }
    in->object = head;
}

/* Histories from before there were several servers have none. */
static void read_topology(struct in *in, struct settings *settings)
{
    settings_choose_topology(settings, TOPOLOGY_SINGLE);
    if (!cJSON_HasObjectItem(in->object, "topology")) {
        return;
    }
    const struct topology_row *row = &topology_rows[in_row(in, "topology", topology_find)];
    settings_choose_topology(settings, (enum topology)(row - topology_rows));
    settings->servers = (uint8_t)in_number(in, "servers", row->least, row->most);
}

void head_read(struct in *in, struct history_facts *facts)
{
    struct settings *settings = &facts->settings;
    const cJSON *kind = cJSON_GetObjectItemCaseSensitive(in->object, "hustings");
    if (!cJSON_IsString(kind) || strcmp(kind->valuestring, "history") != 0) {
        in_fail(in,
                "this is no history of hustings: its first line has no \"hustings\":\"history\"");
        return;
    }
    if (in_number(in, "version", 1, INT32_MAX) != HISTORY_VERSION) {
        in_fail(in, "\"version\": this hustings reads version %d; run the scenario again",
                HISTORY_VERSION);
    }
    copy_text(in, "scenario", facts->scenario, sizeof facts->scenario);
    copy_text(in, "host", facts->host, sizeof facts->host);
    facts->trial = (uint32_t)in_number(in, "trial", 0, UINT32_MAX);
    facts->seed = in_unsigned(in, "seed");
    settings->nodes = (uint16_t)in_number(in, "nodes", 0, NODE_ID_MAX);
    read_topology(in, settings);
    for (int owner = 0; owner < OWNERS; owner++) {
        read_owner(in, settings, (enum owner)owner);
    }
    facts->settles_within_ns = in_duration(in, "settles_within_ns");
    facts->lock_within_ns = in_duration(in, "lock_within_ns");
    facts->heals = in_bool(in, "heals");
}
