/* The section `faults`: its entries, and which fault each is, or which several. See entry.h. */
#include "sim/scenario/entry.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/borrowed.h"
#include "sim/scenario/command.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/redis.h"
#include "src/ballot.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

static const char *const trigger_keys[] = {"at",       "every",  "when",   "until", "after",
                                           "randomly", "one_of", "weight", NULL};
static const char example[] = "an entry such as {at: 2s, crash: 3}";

/* --- the keys of an entry --------------------------------------------------------------------- */

/* Every key that an entry may have: triggers, modifiers, faults, and their parameters. */
static const char *entry_word(const void *context, size_t index)
{
    static const char *const where[] = {"server", "of", "key", "nth"};
    size_t fixed = sizeof trigger_keys / sizeof trigger_keys[0] - 1;
    (void)context;
    if (index < fixed) {
        return trigger_keys[index];
    }
    index -= fixed;
    if (index < sizeof where / sizeof *where) {
        return where[index];
    }
    index -= sizeof where / sizeof *where;
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

/* Whether it is a key of the top of the file that is another thing than a fault. */
static bool is_of_the_top(const char *key)
{
    for (const struct field *field = schema_fields; field->key; field++) {
        if (strcmp(field->key, key) == 0) {
            return !borrowed_find(IN_FAULT, key);
        }
    }
    return false;
}

/* There are too many words to list them all. */
static void tell_unknown(struct walk *walk, const struct node *key)
{
    const char *hint = borrowed_find(IN_FAULT, key->text);
    if (is_of_the_top(key->text)) {
        walk_problem(walk, key, "move it there", "stands at the top of the file, not among faults");
    } else if (hint) {
        walk_problem(walk, key, hint, "unknown key");
    } else if (words_nearest(&words_entry, key->text)) {
        walk_unknown_key(walk, key, &words_entry);
    } else {
        walk_problem(walk, key, "see hustings list triggers, and hustings list faults",
                     "unknown key");
    }
}

/* Looks at every key. Returns the one that names the fault, or NULL after a problem. */
static const struct node *find_fault(struct walk *walk, const struct node *entry)
{
    const struct node *fault = NULL;
    bool good = true;
    for (const struct node *key = tree_next_key(entry, NULL); key;
         key = tree_next_key(entry, key)) {
        if (words_find(&words_entry, key->text) < 0) {
            tell_unknown(walk, key);
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

/* --- one fault -------------------------------------------------------------------------------- */

/* Whether it makes sense with the scenario's protocol; else says so. */
static bool can_do_anything(struct walk *walk, const struct node *key, const struct fault_row *row)
{
    const struct settings *settings = &walk->scenario->settings;
    if (!row->moments || protocol_all_moments(settings) & row->moments) {
        return true;
    }
    unsigned moment = 0;
    while (!(row->moments & 1u << moment)) {
        moment++;
    }
    assert(moment < MOMENTS);
    walk_problem(walk, key, "leave it away, or choose another protocol",
                 "can do nothing with protocol: %s, in which nobody %s",
                 owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]),
                 moment_rows[moment].name);
    return false;
}

/* Which fault, on whom, with which parameters; the spec's trigger is there already. `entry` has the
 * keys, `key` the one that names the fault. */
static bool read_fault(struct walk *walk, const struct node *entry, const struct node *key,
                       struct fault_spec *spec)
{
    spec->kind = (uint16_t)fault_find(key->text);
    spec->line = key->line;
    const struct fault_row *row = fault_rows[spec->kind];
    if (!can_do_anything(walk, key, row)) {
        return false;
    }
    bool aimed = target_read(walk, key->next, row->targets, row->name, &spec->target);
    bool good = params_read(walk, entry, spec) && aimed && redis_read_key(walk, entry, spec);
    good = aimed && command_read_keys(walk, entry, spec) && good;
    if (aimed && spec->target.kind == TARGET_LOCK && !lock_is_in_store(&walk->scenario->settings)) {
        walk_problem(walk, key, "choose another lock", "there is none with lock: none");
        good = false;
    }
    good = good && program_fault_is_possible(walk, key, spec);
    if (good) {
        entry_describe(spec);
    }
    return good;
}

/* One of several that are drawn among: a fault, and how often compared with the others. */
static bool read_alternative(struct walk *walk, const struct node *entry, struct fault_spec *spec,
                             const struct node **fault_key)
{
    int64_t weight = 1;
    bool good = true;
    if (!walk_is(walk, entry, NODE_MAP, "a fault such as {crash: any, for: 1s}")) {
        return false;
    }
    const struct node *key = find_fault(walk, entry);
    for (size_t i = 0; trigger_keys[i]; i++) {
        const struct node *stray = tree_get(entry, trigger_keys[i]);
        if (stray && strcmp(trigger_keys[i], "weight") != 0) {
            walk_problem(walk, stray, "the time is drawn: leave the key away",
                         "%s does not go into one_of", trigger_keys[i]);
            good = false;
        }
    }
    if (!tree_get(entry, "weight")) {
        walk_default(walk, walk->entry, "weight", "1");
    } else if (!read_number(walk, tree_get(entry, "weight"), "weight", 1, 1000, &weight)) {
        good = false;
    }
    spec->trigger.weight = (uint32_t)weight;
    *fault_key = key;
    return key && read_fault(walk, entry, key, spec) && good;
}

/* --- the list --------------------------------------------------------------------------------- */

static const struct node *alternatives_of(const struct node *entry)
{
    const struct node *list = entry->kind == NODE_MAP ? tree_get(entry, "one_of") : NULL;
    return list && list->kind == NODE_LIST && list->count > 0 ? list : NULL;
}

/* How many specs an entry becomes. */
static uint32_t specs_of(const struct node *entry)
{
    const struct node *list = alternatives_of(entry);
    return list ? list->count : 1;
}

/* An entry with one_of has its trigger, and nothing else. */
static bool has_nothing_beside(struct walk *walk, const struct node *entry)
{
    const struct vocabulary words_triggers = {"a trigger", words_of_array, trigger_keys};
    bool good = true;
    for (const struct node *key = tree_next_key(entry, NULL); key;
         key = tree_next_key(entry, key)) {
        if (words_find(&words_entry, key->text) < 0) {
            tell_unknown(walk, key);
            good = false;
        } else if (words_find(&words_triggers, key->text) < 0) {
            walk_problem(walk, key, "write it into one_of:", "does not go beside one_of");
            good = false;
        }
    }
    return good;
}

static bool read_alternatives(struct walk *walk, const struct node *entry,
                              const struct trigger *trigger, const struct node **keys)
{
    const struct node *list = tree_get(entry, "one_of");
    struct scenario *scenario = walk->scenario;
    char name[sizeof walk->entry];
    if (!walk_is(walk, list, NODE_LIST, "a list such as [{crash: any, for: 1s}, {pause: any}]")) {
        return false;
    }
    if (list->count == 0) {
        walk_problem(walk, list, "name at least one fault", "an empty list has nothing to draw");
        return false;
    }
    bool good = has_nothing_beside(walk, entry);
    snprintf(name, sizeof name, "%s", walk->entry);
    uint32_t index = 0;
    for (const struct node *item = list->first; item; item = item->next, index++) {
        struct fault_spec *spec = &scenario->faults[scenario->fault_count + index];
        snprintf(walk->entry, sizeof walk->entry, "%.16s.one_of[%u]", name, index + 1);
        spec->trigger = *trigger;
        good = read_alternative(walk, item, spec, &keys[scenario->fault_count + index]) && good;
    }
    return good;
}

/* Whether it has but one key, and that one belongs to the top of the file. */
static bool is_no_fault(const struct node *entry)
{
    const struct node *key = tree_next_key(entry, NULL);
    return key && !tree_next_key(entry, key) && is_of_the_top(key->text);
}

/* Reads an entry into the specs that it becomes. */
static bool read_entry(struct walk *walk, const struct node *entry, const struct node **keys)
{
    uint32_t first = walk->scenario->fault_count;
    struct trigger trigger;
    if (!walk_is(walk, entry, NODE_MAP, example)) {
        return false;
    }
    const struct node *one_of = tree_get(entry, "one_of");
    const struct node *key = one_of ? NULL : find_fault(walk, entry);
    if (is_no_fault(entry)) {
        return false; /* then there is no more to say of it */
    }
    bool good = trigger_read(walk, entry, &trigger);
    if (tree_get(entry, "weight")) {
        walk_problem(walk, tree_get(entry, "weight"), "leave it away, or write it into one_of",
                     "weight is of one fault among several");
        good = false;
    }
    trigger.first = (uint16_t)first;
    trigger.one_of = (uint16_t)specs_of(entry);
    trigger.weight = 1;
    if (one_of) {
        return read_alternatives(walk, entry, &trigger, keys) && good;
    }
    walk->scenario->faults[first].trigger = trigger;
    keys[first] = key;
    return key && read_fault(walk, entry, key, &walk->scenario->faults[first]) && good;
}

static void read_list(struct walk *walk, const struct node *list, const struct node **keys)
{
    struct scenario *scenario = walk->scenario;
    bool all_good = true;
    uint32_t number = 0;
    for (const struct node *entry = list->first; entry; entry = entry->next) {
        snprintf(walk->entry, sizeof walk->entry, "faults[%u]", ++number);
        all_good = read_entry(walk, entry, keys) && all_good;
        scenario->fault_count += specs_of(entry);
    }
    walk->entry[0] = '\0';
    if (all_good) { /* else what is missing could explain the rest */
        timeline_check(walk, keys);
        compose_check(walk, keys);
    }
}

void faults_read(struct walk *walk, const struct node *map, const struct node *value)
{
    uint32_t count = 0;
    (void)map;
    if (!value) {
        walk_default(walk, "", "faults", "none");
        return;
    }
    if (!walk_is(walk, value, NODE_LIST, "a list of entries such as - {at: 2s, crash: 3}") ||
        value->count == 0) {
        return;
    }
    for (const struct node *entry = value->first; entry; entry = entry->next) {
        count += specs_of(entry);
    }
    if (count > SCENARIO_FAULTS_MAX) {
        walk_problem(walk, value, "use every: for what repeats", "more than %d faults",
                     SCENARIO_FAULTS_MAX);
        return;
    }
    const struct node **keys = calloc(count + 1, sizeof(struct node *));
    walk->scenario->faults = calloc(count + 1, sizeof *walk->scenario->faults);
    if (!keys || !walk->scenario->faults) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
    } else {
        read_list(walk, value, keys);
    }
    free(keys);
}
