/* The section `faults`: its entries, which fault each is, and its parameters. See entry.h. */
#include "sim/scenario/entry.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/problem.h"
#include "src/ballot.h"

static const char *const trigger_keys[] = {"at", "every", "when", "until", "after", NULL};
static const char example[] = "an entry such as {at: 2s, crash: 3}";

/* --- the keys of an entry ------------------------------------------------------------------------
 */

static bool is_parameter(const struct fault_row *row, const char *name)
{
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        if (strcmp(row->params[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_any_parameter(const char *name)
{
    for (size_t i = 0; fault_rows[i]; i++) {
        if (is_parameter(fault_rows[i], name)) {
            return true;
        }
    }
    return false;
}

/* Every key that an entry may have: triggers, modifiers, faults, and their parameters. */
static const char *entry_word(const void *context, size_t index)
{
    size_t fixed = sizeof trigger_keys / sizeof trigger_keys[0] - 1;
    (void)context;
    if (index < fixed) {
        return trigger_keys[index];
    }
    index -= fixed;
    for (size_t i = 0; fault_rows[i]; i++) {
        if (index-- == 0) {
            return fault_rows[i]->name;
        }
    }
    for (size_t i = 0; fault_rows[i]; i++) {
        for (size_t j = 0; j < FAULT_PARAMS_MAX && fault_rows[i]->params[j].name; j++) {
            if (index-- == 0) {
                return fault_rows[i]->params[j].name;
            }
        }
    }
    return NULL;
}
static const struct vocabulary words_entry = {"a key of a fault", entry_word, NULL};

/* Looks at every key. Returns the one that names the fault, or NULL after a problem. */
static const struct node *find_fault(struct walk *walk, const struct node *entry)
{
    const struct node *fault = NULL;
    bool good = true;
    for (const struct node *key = tree_next_key(entry, NULL); key;
         key = tree_next_key(entry, key)) {
        if (words_find(&words_entry, key->text) < 0) {
            walk_unknown_key(walk, key, &words_entry);
            good = false;
        } else if (fault_find(key->text) >= 0) {
            if (fault) {
                walk_problem(walk, key, "make it two entries", "a second fault in one entry");
                good = false;
            }
            fault = key;
        }
    }
    if (!fault && good) {
        walk_problem(walk, entry, "add a fault such as crash: 3 (hustings list faults)",
                     "does not say what happens");
    }
    return good ? fault : NULL;
}

/* --- parameters ----------------------------------------------------------------------------------
 */

static bool read_param(struct walk *walk, const struct node *value, const struct fault_param *param,
                       int64_t *out)
{
    int status;
    if (param->type == PARAM_DURATION) {
        return read_duration(walk, value, param->name, NS_PER_US, 24 * NS_PER_H, NULL, out);
    }
    if (!read_word(walk, value, &words_statuses, &status)) {
        return false;
    }
    *out = status;
    return true;
}

static void note_fallback(struct walk *walk, const struct fault_param *param)
{
    char text[32] = "for good";
    if (param->type == PARAM_STATUS) {
        snprintf(text, sizeof text, "%s",
                 words_statuses.word(words_statuses.context, (size_t)param->fallback));
    } else if (param->fallback != 0) {
        duration_text(param->fallback, text, sizeof text);
    }
    walk_default(walk, walk->entry, param->name, text);
}

static bool read_params(struct walk *walk, const struct node *entry, struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    bool good = true;
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        const struct fault_param *param = &row->params[i];
        const struct node *value = tree_get(entry, param->name);
        if (value) {
            good = read_param(walk, value, param, &spec->params[i]) && good;
        } else if (param->required) {
            char mend[80];
            snprintf(mend, sizeof mend, "%s needs it, as in %s: %s", row->name, param->name,
                     param->type == PARAM_STATUS ? "submit" : "3s");
            walk_missing(walk, entry, param->name, mend);
            good = false;
        } else {
            spec->params[i] = param->fallback;
            note_fallback(walk, param);
        }
    }
    for (const struct node *key = tree_next_key(entry, NULL); key;
         key = tree_next_key(entry, key)) {
        if (is_any_parameter(key->text) && !is_parameter(row, key->text)) {
            char mend[120];
            snprintf(mend, sizeof mend, "leave it away, as in %s", row->example);
            walk_problem(walk, key, mend, "%s does not take that", row->name);
            good = false;
        }
    }
    return good;
}

/* --- the text of a fault -------------------------------------------------------------------------
 */

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
    char *text = spec->text;
    size_t size = sizeof spec->text;
    if (spec->target.kind == TARGET_IDS) {
        describe_ids(&spec->target, whom, sizeof whom);
    } else if (spec->target.kind != TARGET_LOCK) { /* "expire_lock" says it already */
        snprintf(whom, sizeof whom, "%s", target_names[spec->target.kind]);
    }
    int used = snprintf(text, size, "%s%s%s", row->name, whom[0] ? " " : "", whom);
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        const struct fault_param *param = &row->params[i];
        char value[32];
        if (param->type == PARAM_DURATION && spec->params[i] == 0) {
            continue; /* for good */
        }
        if (param->type == PARAM_DURATION) {
            duration_text(spec->params[i], value, sizeof value);
        } else {
            snprintf(value, sizeof value, "%s",
                     words_statuses.word(words_statuses.context, (size_t)spec->params[i]));
        }
        if (used >= 0 && (size_t)used < size) {
            used += snprintf(text + used, size - (size_t)used, " %s %s", param->name, value);
        }
    }
}

/* --- the list ------------------------------------------------------------------------------------
 */

static bool read_entry(struct walk *walk, const struct node *entry, struct fault_spec *spec,
                       const struct node **fault_key)
{
    if (!walk_is(walk, entry, NODE_MAP, example)) {
        return false;
    }
    const struct node *key = find_fault(walk, entry);
    bool timely = trigger_read(walk, entry, &spec->trigger);
    if (!key) {
        return false;
    }
    *fault_key = key;
    spec->kind = (uint16_t)fault_find(key->text);
    spec->line = key->line;
    const struct fault_row *row = fault_rows[spec->kind];
    bool aimed = target_read(walk, key->next, row->targets, row->name, &spec->target);
    bool good = read_params(walk, entry, spec) && aimed && timely;
    if (row == &fault_expire_lock &&
        strcmp(words_locks.word(NULL, walk->scenario->settings.lock), "none") == 0) {
        walk_problem(walk, key, "choose another lock", "there is none with lock: none");
        good = false;
    }
    if (good) {
        entry_describe(spec);
    }
    return good;
}

static void read_list(struct walk *walk, const struct node *list, const struct node **keys)
{
    struct scenario *scenario = walk->scenario;
    bool all_good = true;
    for (const struct node *entry = list->first; entry; entry = entry->next) {
        struct fault_spec *spec = &scenario->faults[scenario->fault_count];
        snprintf(walk->entry, sizeof walk->entry, "faults[%u]", scenario->fault_count + 1);
        if (!read_entry(walk, entry, spec, &keys[scenario->fault_count])) {
            all_good = false;
            *spec = (struct fault_spec){0}; /* the report has a problem: nobody will see it */
        }
        scenario->fault_count++;
    }
    if (all_good) { /* else what is missing could explain the rest */
        timeline_check(walk, keys);
    }
}

void faults_read(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    if (!value) {
        walk_default(walk, "", "faults", "none");
        return;
    }
    if (!walk_is(walk, value, NODE_LIST, "a list of entries such as - {at: 2s, crash: 3}") ||
        value->count == 0) {
        return;
    }
    if (value->count > SCENARIO_FAULTS_MAX) {
        walk_problem(walk, value, "use every: for what repeats", "more than %d faults",
                     SCENARIO_FAULTS_MAX);
        return;
    }
    const struct node **keys = calloc(value->count, sizeof(struct node *));
    walk->scenario->faults = calloc(value->count, sizeof *walk->scenario->faults);
    if (!keys || !walk->scenario->faults) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
    } else {
        read_list(walk, value, keys);
    }
    free(keys);
}
