/* hustings list --format json: the tables as data, from which the schema of scenarios and the
 * manual's tables are made (tests/scenarios/manual). */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "sim/checks/check.h"
#include "sim/cli/list.h"
#include "sim/faults/fault.h"
#include "sim/scenario/param.h"
#include "src/owners.h"

static const char *const type_names[] = {
    [PARAM_NONE] = "none",     [PARAM_DURATION] = "duration", [PARAM_SHIFT] = "shift",
    [PARAM_NUMBER] = "number", [PARAM_RATIO] = "ratio",       [PARAM_FLAG] = "flag",
    [PARAM_WORD] = "word",
};

/* A value as one writes it in a file. */
static void put_value(cJSON *object, const char *key, const struct param_row *param, int64_t value)
{
    char text[32];
    cJSON_AddStringToObject(object, key, param_text(param, value, text, sizeof text));
}

static cJSON *param_json(const struct param_row *param)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", param->name);
    cJSON_AddStringToObject(object, "summary", param->summary ? param->summary : "");
    cJSON_AddStringToObject(object, "type", type_names[param->type]);
    cJSON_AddBoolToObject(object, "required", param->required);
    if (!param->required) {
        put_value(object, "default", param, param->fallback);
    }
    if (param->type == PARAM_WORD) {
        cJSON *words = cJSON_AddArrayToObject(object, "words");
        char word[32];
        for (size_t i = 0; param_word(param, i, word, sizeof word); i++) {
            cJSON_AddItemToArray(words, cJSON_CreateString(word));
        }
    } else if (param->type == PARAM_NUMBER || param->type == PARAM_RATIO ||
               param->type == PARAM_DURATION) {
        const struct param_row plain = {.type = param->type}; /* 0 is 0s here, not its word */
        put_value(object, "low", &plain, param_low(param));
        put_value(object, "high", &plain, param_high(param));
        if (param->words) {
            cJSON_AddStringToObject(object, "zero", param->words);
        }
    }
    return object;
}

static void put_owner(cJSON *all, const char *key, enum owner owner)
{
    cJSON *rows = cJSON_AddArrayToObject(all, key);
    for (size_t row = 0; owner_row_name(owner, row); row++) {
        const struct param_row *params = owner_params(owner, row);
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "name", owner_row_name(owner, row));
        cJSON_AddStringToObject(object, "summary", owner_row_summary(owner, row));
        cJSON_AddBoolToObject(object, "default", owner_default(owner) == row);
        cJSON *takes = cJSON_AddArrayToObject(object, "topologies");
        for (size_t i = 0; i < TOPOLOGIES; i++) {
            if (owner_topologies(owner, row) & 1u << i) {
                cJSON_AddItemToArray(takes, cJSON_CreateString(topology_rows[i].name));
            }
        }
        cJSON *list = cJSON_AddArrayToObject(object, "params");
        for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
            cJSON_AddItemToArray(list, param_json(&params[i]));
        }
        cJSON_AddItemToArray(rows, object);
    }
}

static void put_topologies(cJSON *all)
{
    cJSON *rows = cJSON_AddArrayToObject(all, "topologies");
    for (size_t i = 0; i < TOPOLOGIES; i++) {
        const struct topology_row *row = &topology_rows[i];
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "name", row->name);
        cJSON_AddStringToObject(object, "summary", row->summary);
        cJSON_AddBoolToObject(object, "default", i == TOPOLOGY_SINGLE);
        cJSON *servers = cJSON_AddObjectToObject(object, "servers");
        cJSON_AddNumberToObject(servers, "low", row->least);
        cJSON_AddNumberToObject(servers, "high", row->most);
        cJSON_AddNumberToObject(servers, "default", row->usual);
        cJSON_AddItemToArray(rows, object);
    }
}

static void put_faults(cJSON *all)
{
    cJSON *rows = cJSON_AddArrayToObject(all, "faults");
    for (size_t i = 0; fault_rows[i]; i++) {
        const struct fault_row *row = fault_rows[i];
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "name", row->name);
        cJSON_AddStringToObject(object, "summary", row->summary);
        cJSON_AddStringToObject(object, "example", row->example);
        cJSON *list = cJSON_AddArrayToObject(object, "params");
        for (size_t j = 0; j < FAULT_PARAMS_MAX && row->params[j].type != PARAM_NONE; j++) {
            cJSON_AddItemToArray(list, param_json(&row->params[j]));
        }
        cJSON_AddItemToArray(rows, object);
    }
}

static void put_checks(cJSON *all)
{
    cJSON *rows = cJSON_AddArrayToObject(all, "checks");
    for (size_t i = 0; check_rows[i]; i++) {
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "name", check_rows[i]->name);
        cJSON_AddStringToObject(object, "promise", check_rows[i]->promise);
        cJSON_AddItemToArray(rows, object);
    }
}

bool list_as_json(FILE *file)
{
    cJSON *all = cJSON_CreateObject();
    put_owner(all, "protocols", OWNER_PROTOCOL);
    put_owner(all, "locks", OWNER_LOCK);
    put_topologies(all);
    put_faults(all);
    put_checks(all);
    cJSON *moments = cJSON_AddArrayToObject(all, "moments");
    for (size_t i = 0; i < MOMENTS; i++) {
        cJSON_AddItemToArray(moments, cJSON_CreateString(moment_rows[i].name));
    }
    char *text = cJSON_Print(all);
    bool good = text && fputs(text, file) >= 0 && fputc('\n', file) != EOF;
    free(text);
    cJSON_Delete(all);
    return good;
}
