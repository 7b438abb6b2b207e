/* hustings list --format json: the tables as data, from which the schema of scenarios and the
 * manual's tables are made (tests/scenarios/manual). */
#include "sim/checks/check.h"
#include "sim/cli/list.h"
#include "sim/faults/fault.h"
#include "sim/results/json_out.h"
#include "sim/scenario/entry.h"
#include "sim/scenario/param.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

static const char *const type_names[] = {
    [PARAM_NONE] = "none",     [PARAM_DURATION] = "duration", [PARAM_SHIFT] = "shift",
    [PARAM_NUMBER] = "number", [PARAM_RATIO] = "ratio",       [PARAM_FLAG] = "flag",
    [PARAM_WORD] = "word",
};

/* A value as one writes it in a file. */
static void put_value(struct json_out *out, const char *key, const struct param_row *param,
                      int64_t value)
{
    char text[32];
    json_text(out, key, param_text(param, value, text, sizeof text));
}

/* `usual` is its default, NULL if it has none. */
static void put_param(struct json_out *out, const struct param_row *param, const char *usual)
{
    json_open(out, NULL, '{');
    json_text(out, "name", param->name);
    json_text(out, "summary", param->summary ? param->summary : "");
    json_text(out, "type", type_names[param->type]);
    json_flag(out, "required", param->required);
    if (usual) {
        json_text(out, "default", usual);
    }
    if (param->type == PARAM_WORD) {
        json_open(out, "words", '[');
        char word[32];
        for (size_t i = 0; param_word(param, i, word, sizeof word); i++) {
            json_text(out, NULL, word);
        }
        json_close(out);
    } else if (param->type == PARAM_NUMBER || param->type == PARAM_RATIO ||
               param->type == PARAM_DURATION) {
        const struct param_row plain = {.type = param->type}; /* 0 is 0s here, not its word */
        put_value(out, "low", &plain, param_low(param));
        put_value(out, "high", &plain, param_high(param));
        json_flag(out, "not_zero", param->not_zero);
        if (param->words) {
            json_text(out, "zero", param->words);
        }
    }
    json_close(out);
}

static void put_owner(struct json_out *out, const char *key, enum owner owner)
{
    json_open(out, key, '[');
    for (size_t row = 0; owner_row_name(owner, row); row++) {
        const struct param_row *params = owner_params(owner, row);
        json_open(out, NULL, '{');
        json_text(out, "name", owner_row_name(owner, row));
        json_text(out, "summary", owner_row_summary(owner, row));
        json_flag(out, "default", owner_default(owner) == row);
        if (owner == OWNER_PROTOCOL) {
            json_flag(out, "master", protocol_rows[row]->has_master);
        } else {
            json_flag(out, "fences", lock_rows[row]->fences_by != 0);
            if (lock_rows[row]->fences_by) {
                json_text(out, "counter", lock_rows[row]->counter);
            }
        }
        json_open(out, "topologies", '[');
        for (size_t i = 0; i < TOPOLOGIES; i++) {
            if (owner_topologies(owner, row) & 1u << i) {
                json_text(out, NULL, topology_rows[i].name);
            }
        }
        json_close(out);
        json_open(out, "params", '[');
        for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
            char usual[32];
            param_text(&params[i], params[i].fallback, usual, sizeof usual);
            put_param(out, &params[i], params[i].required ? NULL : usual);
        }
        json_close(out);
        json_close(out);
    }
    json_close(out);
}

static void put_topologies(struct json_out *out)
{
    json_open(out, "topologies", '[');
    for (size_t i = 0; i < TOPOLOGIES; i++) {
        const struct topology_row *row = &topology_rows[i];
        json_open(out, NULL, '{');
        json_text(out, "name", row->name);
        json_text(out, "summary", row->summary);
        json_flag(out, "default", i == TOPOLOGY_SINGLE);
        json_open(out, "servers", '{');
        json_whole(out, "low", row->least);
        json_whole(out, "high", row->most);
        json_whole(out, "default", row->usual);
        json_close(out);
        json_close(out);
    }
    json_close(out);
}

/* What it is done to, by which the manual sorts its tables. */
static const char *group_of(const struct fault_row *row)
{
    if (fault_is_on_links(row)) {
        return "links";
    }
    if (fault_is_on_clocks(row)) {
        return "clocks";
    }
    return row->targets & ~(1u << TARGET_LOCK | 1u << TARGET_REDIS) ? "processes" : "redis";
}

/* On whom it can be done; "process" is a number, master, or a list of them. */
static void put_targets(struct json_out *out, const struct fault_row *row)
{
    json_open(out, "targets", '[');
    for (size_t kind = 0; kind < TARGET_KINDS; kind++) {
        if (row->targets & 1u << kind) {
            json_text(out, NULL, kind == TARGET_IDS ? "process" : target_names[kind]);
        }
    }
    json_close(out);
}

/* None has a default that one could not write: that one means something else, which its summary
 * says. */
static void put_fault_params(struct json_out *out, const struct fault_row *row)
{
    json_open(out, "params", '[');
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        const struct param_row *param = &row->params[i];
        bool beyond = param->type == PARAM_NUMBER && param->fallback < param_low(param);
        char usual[32];
        params_default(row, param, usual, sizeof usual);
        put_param(out, param, param->required || beyond ? NULL : usual);
    }
    json_close(out);
}

static void put_faults(struct json_out *out)
{
    json_open(out, "faults", '[');
    for (size_t i = 0; fault_rows[i]; i++) {
        const struct fault_row *row = fault_rows[i];
        json_open(out, NULL, '{');
        json_text(out, "name", row->name);
        json_text(out, "summary", row->summary);
        json_text(out, "details", row->details ? row->details : "");
        json_text(out, "example", row->example);
        json_text(out, "group", group_of(row));
        json_flag(out, "by_command", row->wait_for != NULL);
        put_targets(out, row);
        put_fault_params(out, row);
        json_close(out);
    }
    json_close(out);
}

static void put_checks(struct json_out *out)
{
    json_open(out, "checks", '[');
    for (size_t i = 0; check_rows[i]; i++) {
        json_open(out, NULL, '{');
        json_text(out, "name", check_rows[i]->name);
        json_text(out, "promise", check_rows[i]->promise);
        json_close(out);
    }
    json_close(out);
}

static void put_moments(struct json_out *out)
{
    json_open(out, "moments", '[');
    for (size_t i = 0; i < MOMENTS; i++) {
        json_open(out, NULL, '{');
        json_text(out, "name", moment_rows[i].name);
        json_text(out, "summary", moment_rows[i].summary);
        json_flag(out, "request", moment_rows[i].is_request);
        json_close(out);
    }
    json_close(out);
}

static void put_sections(struct json_out *out)
{
    const char *name = "";
    json_open(out, "sections", '[');
    for (const struct section_row *row = section_rows; row->name; row++) {
        name = row->name[0] ? row->name : name;
        json_open(out, NULL, '{');
        json_text(out, "name", name);
        json_text(out, "summary", row->summary);
        json_text(out, "example", row->example);
        json_close(out);
    }
    json_close(out);
}

void list_as_json(FILE *file)
{
    struct json_out all = json_out(file, 5);
    json_open(&all, NULL, '{');
    put_owner(&all, "protocols", OWNER_PROTOCOL);
    put_owner(&all, "locks", OWNER_LOCK);
    put_topologies(&all);
    put_faults(&all);
    put_checks(&all);
    put_moments(&all);
    put_sections(&all);
    json_close(&all);
}
