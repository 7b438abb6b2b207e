/* The keys `protocol`, `lock` and `fencing`. See owners.h. */
#include "sim/scenario/owners.h"

#include <assert.h>
#include <string.h>

#include "sim/scenario/borrowed.h"
#include "sim/scenario/param.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

/* --- words ------------------------------------------------------------------------------------ */

static const char *row_word(const void *context, size_t index)
{
    return owner_row_name(*(const enum owner *)context, index);
}

static const char *param_name(const void *context, size_t index)
{
    return ((const struct param_row *)context)[index].name;
}

/* The vocabulary of the owner's rows; it lives as long as *owner. */
static struct vocabulary rows_of(const enum owner *owner)
{
    static const char *const what[OWNERS] = {"a protocol", "a lock"};
    return (struct vocabulary){what[*owner], row_word, owner};
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool has_param(enum owner owner, size_t row, const char *name)
{
    const struct param_row *params = owner_params(owner, row);
    const struct vocabulary known = {"a parameter", param_name, params};
    return words_find(&known, name) >= 0;
}

/* The row that has a parameter of that name: the one that the scenario has chosen, or else the
 * default, or else the first. NULL: none has it. */
static const char *row_with(const struct settings *settings, enum owner owner, const char *param)
{
    const char *name;
    const uint8_t likely[] = {settings->row[owner], owner_default(owner)};
    for (size_t i = 0; i < sizeof likely; i++) {
        if (has_param(owner, likely[i], param)) {
            return owner_row_name(owner, likely[i]);
        }
    }
    for (size_t row = 0; (name = owner_row_name(owner, row)) != NULL; row++) {
        if (has_param(owner, row, param)) {
            return name;
        }
    }
    return NULL;
}

bool owner_tell_place(struct walk *walk, const struct node *key)
{
    const struct settings *settings = &walk->scenario->settings;
    const char *governor = settings_governor(settings, key->text);
    for (int owner = 0; owner < OWNERS; owner++) {
        const char *param = key->text, *name = row_with(settings, (enum owner)owner, param);
        if (owner == OWNER_PROTOCOL && !name && governor && governor[0]) {
            param = governor; /* the lock's own is not to be written */
            name = owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]);
        }
        if (name) {
            char hint[120];
            snprintf(hint, sizeof hint, "it belongs below its owner: %s: {%s: {%.40s: …}}",
                     owner_names[owner], name, param);
            walk_problem(walk, key, hint, "unknown key here");
            return true;
        }
    }
    return false;
}

/* Whether it is another word for one of the row's own parameters; then says so. */
static bool tell_synonym(struct walk *walk, const struct node *key, const char *row,
                         const struct vocabulary *known)
{
    const char *param;
    for (size_t i = 0; (param = borrowed_param(key->text, i)) != NULL; i++) {
        if (words_find(known, param) >= 0) {
            char hint[120];
            snprintf(hint, sizeof hint, "%.40s says %s: %.30s", row, param,
                     key->next->kind == NODE_SCALAR ? key->next->text : "…");
            walk_problem(walk, key, hint, "unknown key");
            return true;
        }
    }
    return false;
}

static void check_params(struct walk *walk, const struct node *map, const char *row,
                         const struct param_row *params)
{
    const struct vocabulary known = {"a parameter", param_name, params};
    for (const struct node *key = tree_next_key(map, NULL); key; key = tree_next_key(map, key)) {
        if (words_find(&known, key->text) >= 0) {
            continue;
        }
        if (params->type == PARAM_NONE) {
            char hint[80];
            snprintf(hint, sizeof hint, "write only %.40s", row);
            walk_problem(walk, key, hint, "%.40s has no parameters", row);
        } else if (!tell_synonym(walk, key, row, &known) &&
                   (words_nearest(&known, key->text) || !owner_tell_place(walk, key))) {
            walk_unknown_key(walk, key, &known);
        }
    }
}

/* Whether the protocol sets this parameter of the lock by one of its own: it is no place to write
 * then. */
static bool is_governed(struct walk *walk, const struct node *map, enum owner owner,
                        const struct param_row *param)
{
    const struct settings *settings = &walk->scenario->settings;
    const char *governor = settings_governor(settings, param->name);
    const char *protocol = owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]);
    const struct node *value = tree_get(map, param->name);
    char hint[120];
    if (owner != OWNER_LOCK || !governor) {
        return false;
    }
    if (value && governor[0]) {
        snprintf(hint, sizeof hint, "write protocol: {%s: {%s: %.40s}}", protocol, governor,
                 value->kind == NODE_SCALAR ? value->text : "…");
        walk_problem(walk, value, hint, "with protocol: %s it is what %s says", protocol, governor);
    } else if (value) {
        walk_problem(walk, value, "leave it away", "has no meaning with protocol: %s", protocol);
    }
    return true;
}

/* `map` NULL: nothing is said of any. */
static void read_params(struct walk *walk, const struct node *map, enum owner owner)
{
    struct settings *settings = &walk->scenario->settings;
    uint8_t row = settings->row[owner];
    const struct param_row *params = owner_params(owner, row);
    const char *name = owner_row_name(owner, row);
    char path[48];
    snprintf(path, sizeof path, "%s.%s", owner_names[owner], name);
    check_params(walk, map, name, params);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        const struct node *value = tree_get(map, params[i].name);
        char text[32];
        if (is_governed(walk, map, owner, &params[i])) {
            continue;
        }
        if (value) {
            param_read(walk, value, &params[i], &settings->value[owner][i]);
        } else {
            walk_default(walk, path, params[i].name,
                         param_text(&params[i], params[i].fallback, text, sizeof text));
        }
    }
}

/* The name of a row, and below it its parameters: {token: {ttl: 500ms}}. */
static void read_map(struct walk *walk, const struct node *map, enum owner owner)
{
    const struct vocabulary rows = rows_of(&owner);
    const struct node *key = tree_next_key(map, NULL);
    char hint[160];
    if (!key) {
        walk_problem(walk, map, words_suggest(&rows, "", hint, sizeof hint), "names no %s",
                     owner_names[owner]);
        return;
    }
    if (tree_next_key(map, key)) {
        walk_problem(walk, tree_next_key(map, key), "leave one of them away",
                     "there can be only one %s", owner_names[owner]);
        return;
    }
    int row = words_find(&rows, key->text);
    if (row < 0) {
        walk_problem(walk, key, borrowed_suggest(IN_VALUES, &rows, key->text, hint, sizeof hint),
                     "is not %s", rows.what);
        return;
    }
    settings_choose(&walk->scenario->settings, owner, (uint8_t)row);
    snprintf(hint, sizeof hint, "parameters below it, or only %s: %s", owner_names[owner],
             owner_row_name(owner, (size_t)row));
    if (walk_is(walk, key->next, NODE_MAP, hint)) {
        read_params(walk, key->next, owner);
    }
}

/* `usual`: the row that is chosen unless another is named. */
static void owner_read(struct walk *walk, const struct node *value, enum owner owner, uint8_t usual)
{
    struct settings *settings = &walk->scenario->settings;
    const struct vocabulary rows = rows_of(&owner);
    settings_choose(settings, owner, usual);
    if (value && value->kind == NODE_MAP) {
        read_map(walk, value, owner);
        return;
    }
    int row = settings->row[owner];
    if (!value) {
        walk_default(walk, "", owner_names[owner], owner_row_name(owner, (size_t)row));
    } else if (!read_word(walk, value, &rows, &row)) {
        return;
    }
    settings_choose(settings, owner, (uint8_t)row);
    read_params(walk, NULL, owner);
}

/* The first node that is a machine of ours; 0: every node is a program. */
static uint32_t first_of_ours(const struct scenario *scenario)
{
    uint32_t id = 1;
    while (id <= scenario->settings.nodes && scenario_program(scenario, (uint16_t)id)) {
        id++;
    }
    return id <= scenario->settings.nodes ? id : 0;
}

/* There is no machine of ours for the protocol, and this node is no program. */
static void refuse_ours(struct walk *walk, const struct node *value, uint32_t id)
{
    char hint[120];
    snprintf(hint, sizeof hint, "add program: [python3, worker.py], or choose %s or %s",
             protocol_article.name, protocol_lease.name);
    walk_problem(walk, value, hint, "is a protocol of programs alone, and node %u is none",
                 (unsigned)id);
}

void protocol_read(struct walk *walk, const struct node *map, const struct node *value)
{
    uint32_t ours = first_of_ours(walk->scenario);
    bool programs = walk->scenario->programs && ours == 0;
    owner_read(walk, value, OWNER_PROTOCOL,
               programs ? (uint8_t)owner_find(OWNER_PROTOCOL, protocol_own_lock.name)
                        : owner_default(OWNER_PROTOCOL));
    const struct settings *settings = &walk->scenario->settings;
    const char *hint;
    const char *clash = protocol_clash(settings, &hint);
    if (clash) {
        walk_problem(walk, value, hint, "%s", clash);
    }
    if (value && protocol_is_foreign(settings) && ours > 0 && !tree_get(map, "program")) {
        refuse_ours(walk, value, ours);
    }
}

/* Whether the file has several servers, which are read later. */
static bool is_several(const struct node *map)
{
    const struct node *topology = tree_get(tree_get(map, "redis"), "topology");
    return topology && topology->kind == NODE_SCALAR && strcmp(topology->text, "single") != 0;
}

/* Programs alone: what they send is read as a lock of one key, or of one on each of several. */
static void refuse_unread(struct walk *walk, const struct node *map, const struct node *value)
{
    const struct settings *settings = &walk->scenario->settings;
    const struct lock_row *lock = lock_rows[settings->row[OWNER_LOCK]];
    const char *protocol = owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]);
    const char *hint = "write one such as {token: {ttl: 2s}}, or leave the line away";
    assert(protocol_is_foreign(settings));
    if (lock == &lock_none) {
        walk_problem(walk, value, hint, "with protocol: %s the programs have a lock", protocol);
    } else if (lock == &lock_record) {
        walk_problem(walk, value, hint,
                     "is a lock of ours alone: what programs send (protocol: %s) is never read so",
                     protocol);
    } else if (lock == &lock_redlock && !is_several(map)) {
        walk_problem(walk, value,
                     "add redis: {topology: independent, servers: 3}, or write {token: {ttl: 2s}}",
                     "is a lock of several servers, and there is one");
    }
}

void lock_read(struct walk *walk, const struct node *map, const struct node *value)
{
    owner_read(walk, value, OWNER_LOCK, owner_default(OWNER_LOCK));
    settings_govern(&walk->scenario->settings);
    if (value && protocol_is_foreign(&walk->scenario->settings)) {
        refuse_unread(walk, map, value);
    }
}

static bool fences(size_t lock)
{
    return lock_rows[lock]->fences_by != 0;
}

static bool holds_on(size_t protocol)
{
    return protocol_rows[protocol]->holds_on && !protocol_rows[protocol]->foreign;
}

/* The rows of an owner that can do what is asked for, as a hint. */
static char *those_that(const char *advice, enum owner owner, bool (*can)(size_t row), char *out,
                        size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s", advice);
    const char *joint = " ";
    for (size_t row = 0; owner_row_name(owner, row) && used < size; row++) {
        if (can(row)) {
            used += (size_t)snprintf(out + used, size - used, "%s%s", joint,
                                     owner_row_name(owner, row));
            joint = ", ";
        }
    }
    return out;
}

/* A write bears the number of the lock that its member holds, so who leads must hold one. */
static void refuse_fencing(struct walk *walk, const struct node *value)
{
    const struct settings *settings = &walk->scenario->settings;
    char hint[120];
    if (!lock_can_fence(settings)) {
        walk_problem(walk, value,
                     those_that("choose a lock that can:", OWNER_LOCK, fences, hint, sizeof hint),
                     "the lock %s cannot fence: it numbers no grants",
                     owner_row_name(OWNER_LOCK, settings->row[OWNER_LOCK]));
    } else if (protocol_is_foreign(settings)) {
        walk_problem(walk, value,
                     "leave it out, and let the programs write {\"write\": {\"token\": 7}}",
                     "fencing has no effect on programs: they number their grants themselves");
    } else {
        walk_problem(walk, value,
                     those_that("leave it out, or choose a protocol whose leader holds the lock:",
                                OWNER_PROTOCOL, holds_on, hint, sizeof hint),
                     "fencing has no effect in the protocol %s: its leader holds no lock, so its "
                     "writes have no number",
                     owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]));
    }
}

/* Where nobody is elected, whoever holds the lock works. */
static bool can_fence(const struct settings *settings)
{
    bool leaders = protocol_has_leaders(settings);
    return lock_can_fence(settings) && !protocol_is_foreign(settings) &&
           (!leaders || protocol_holds_on(settings));
}

void fencing_read(struct walk *walk, const struct node *map, const struct node *value)
{
    struct settings *settings = &walk->scenario->settings;
    bool fencing = false;
    (void)map;
    settings->fencing = 0;
    if (!value) {
        walk_default(walk, "", "fencing", "false");
    } else if (read_flag(walk, value, "fencing", &fencing) && fencing && !can_fence(settings)) {
        refuse_fencing(walk, value);
    } else {
        settings->fencing = fencing;
    }
}

/* --- for people ------------------------------------------------------------------------------- */

char *owner_changes(const struct settings *settings, enum owner owner, char *out, size_t size)
{
    const struct param_row *params = owner_params(owner, settings->row[owner]);
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; params[i].type != PARAM_NONE && used < size; i++) {
        char text[32];
        int64_t value = settings->value[owner][i];
        bool governed = owner == OWNER_LOCK && settings_governor(settings, params[i].name);
        if (value != params[i].fallback && !governed) {
            used +=
                (size_t)snprintf(out + used, size - used, "%s%s %s", used ? ", " : "",
                                 params[i].name, param_text(&params[i], value, text, sizeof text));
        }
    }
    return out;
}
