/* The walk itself: maps by their tables, unknown and missing keys, defaults. See walk.h; the
 * readers of scalars are in readers.c. */
#include "sim/scenario/walk.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "sim/scenario/borrowed.h"
#include "sim/scenario/moved.h"
#include "sim/scenario/owners.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/source.h"
#include "sim/text/grown.h"

/* --- problems and defaults -----------------------------------------------------------------------
 */

/* The key of a value, or NULL. */
static const struct node *key_of(const struct node *value)
{
    const struct node *map = value->parent;
    if (!map || map->kind != NODE_MAP) {
        return NULL;
    }
    for (const struct node *key = map->first; key && key->next; key = key->next->next) {
        if (key->next == value) {
            return key;
        }
    }
    return NULL;
}

void walk_problem(struct walk *walk, const struct node *node, const char *suggestion,
                  const char *format, ...)
{
    char message[300];
    char text[100] = "";
    va_list arguments;

    if (walk->report->count >= SCENARIO_PROBLEMS_MAX) {
        walk->report->count++; /* counted, not kept: spare the search for its text */
        return;
    }
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (node->kind != NODE_SCALAR) {
        int end = node->end_line == node->line ? node->end_column : 0;
        source_excerpt(walk->tree->bytes, walk->tree->length, node->line, node->column, end, text,
                       sizeof text);
    } else if (node->text[0]) {
        snprintf(text, sizeof text, "%s", node->text);
    } else if (key_of(node)) {
        snprintf(text, sizeof text, "%s:", key_of(node)->text);
    }
    problem_add(walk->report, node->line, node->column, text, suggestion, "%s", message);
}

void walk_unknown_key(struct walk *walk, const struct node *key, const struct vocabulary *known)
{
    char hint[160];
    borrowed_suggest(IN_KEYS, known, key->text, hint, sizeof hint);
    walk_problem(walk, key, hint, "unknown key");
}

void walk_missing(struct walk *walk, const struct node *map, const char *key,
                  const char *suggestion)
{
    problem_add(walk->report, map->line, map->column, key, suggestion, "missing");
}

void walk_default(struct walk *walk, const char *path, const char *key, const char *value)
{
    struct scenario_defaults *defaults = walk->defaults;
    if (!defaults) {
        return;
    }
    struct scenario_default *list =
        grown(defaults->list, defaults->count, &defaults->capacity, sizeof *list);
    if (!list) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be checked: out of memory");
        return;
    }
    defaults->list = list;
    struct scenario_default *taken = &defaults->list[defaults->count++];
    snprintf(taken->key, sizeof taken->key, "%.40s%s%.20s", path, path[0] ? "." : "", key);
    snprintf(taken->value, sizeof taken->value, "%s", value);
}

bool walk_is(struct walk *walk, const struct node *node, enum node_kind kind, const char *expected)
{
    static const char *const names[] = {
        [NODE_SCALAR] = "a single value", [NODE_LIST] = "a list", [NODE_MAP] = "a map"};
    if (node->kind == kind || node->kind == NODE_BROKEN) {
        return node->kind == kind;
    }
    bool empty = node->kind == NODE_SCALAR && node->plain && !node->text[0];
    char hint[160];
    snprintf(hint, sizeof hint, "write %s", expected);
    if (empty) {
        walk_problem(walk, node, hint, "has no value");
    } else {
        walk_problem(walk, node, hint, "must be %s, not %s", names[kind], names[node->kind]);
    }
    return false;
}

/* --- fields --------------------------------------------------------------------------------------
 */

static const char *field_word(const void *context, size_t index)
{
    return ((const struct field *)context)[index].key;
}

/* Whether the key belongs into one of the sections below; then says so. */
static bool belongs_below(struct walk *walk, const struct node *key, const struct field *fields)
{
    for (const struct field *field = fields; field->key; field++) {
        for (const struct field *inner = field->fields; inner && inner->key; inner++) {
            if (strcmp(inner->key, key->text) == 0) {
                char hint[80];
                snprintf(hint, sizeof hint, "it belongs under %s:", field->key);
                walk_problem(walk, key, hint, "unknown key");
                return true;
            }
        }
    }
    return false;
}

static void check_keys(struct walk *walk, const struct node *map, const struct field *fields)
{
    const struct vocabulary known = {"a key", field_word, fields};
    for (const struct node *key = tree_next_key(map, NULL); key; key = tree_next_key(map, key)) {
        if (words_find(&known, key->text) < 0 && !moved_tell(walk, key) &&
            !belongs_below(walk, key, fields) && !owner_tell_place(walk, key)) {
            walk_unknown_key(walk, key, &known);
        }
    }
}

static void read_field(struct walk *walk, const struct node *node, const struct field *field)
{
    char *member = (char *)walk->scenario + field->member;
    if (field->kind == FIELD_NUMBER) {
        int64_t value;
        if (read_number(walk, node, field->key, field->low, field->high, &value)) {
            uint32_t number = (uint32_t)value;
            memcpy(member, &number, sizeof number);
        }
    } else if (field->kind == FIELD_DURATION) {
        int64_t ns;
        if (read_duration(walk, node, field->key, field->low, field->high, field->zero_word, &ns)) {
            memcpy(member, &ns, sizeof ns);
        }
    } else if (field->kind == FIELD_WORD) {
        int index;
        if (read_word(walk, node, field->words, &index)) {
            *(uint8_t *)member = (uint8_t)index;
        }
    } else {
        _Static_assert(sizeof(bool) == 1, "a flag is a byte");
        bool flag;
        assert(field->kind == FIELD_FLAG);
        if (read_flag(walk, node, field->key, &flag)) {
            memcpy(member, &flag, sizeof flag);
        }
    }
}

static void read_section(struct walk *walk, const struct node *value, const struct field *field)
{
    char expected[80];
    snprintf(expected, sizeof expected, "keys below it, as in %s: {%s: …}", field->key,
             field->fields[0].key);
    bool there = value && walk_is(walk, value, NODE_MAP, expected);
    walk_map(walk, there ? value : NULL, field->fields, field->key);
}

void walk_map(struct walk *walk, const struct node *map, const struct field *fields,
              const char *path)
{
    for (const struct field *field = fields; field->key; field++) {
        const struct node *value = tree_get(map, field->key);
        if (field->kind == FIELD_SECTION) {
            read_section(walk, value, field);
        } else if (field->kind == FIELD_OWN) {
            field->read(walk, map, value);
        } else if (value) {
            read_field(walk, value, field);
        } else {
            assert(field->fallback); /* what is required has a reader of its own */
            struct node fallback = {.kind = NODE_SCALAR, .plain = true, .text = field->fallback};
            read_field(walk, &fallback, field);
            walk_default(walk, path, field->key, field->fallback);
        }
    }
    check_keys(walk, map, fields); /* at the end: then it is known which protocol and lock it is */
}
