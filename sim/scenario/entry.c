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
    bool good = params_read(walk, entry, spec) && aimed && timely;
    if (spec->target.kind == TARGET_LOCK &&
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
