/* What all readers of the walk need: telling problems, noting defaults. See walk.h. */
#include "sim/scenario/walk.h"

#include <stdarg.h>

#include "sim/scenario/borrowed.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/report.h"
#include "sim/scenario/source.h"
#include "sim/text/grown.h"

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
        size_t end = node->end_line == node->line ? node->end : walk->tree->length;
        source_excerpt(walk->tree->bytes, node->begin, end, text, sizeof text);
    } else if (node->text[0]) {
        snprintf(text, sizeof text, "%s", node->text);
    } else if (key_of(node)) {
        snprintf(text, sizeof text, "%s:", key_of(node)->text);
    }
    problem_add(walk->report, node->line, node->column, text, suggestion, "%s", message);
}

void walk_unknown_key(struct walk *walk, const struct node *key, const struct vocabulary *known)
{
    char hint[320]; /* the longest: all keys of a scenario */
    borrowed_suggest(IN_KEYS, known, key->text, hint, sizeof hint);
    walk_problem(walk, key, hint, "unknown key");
}

bool walk_only(struct walk *walk, const struct node *map, const struct vocabulary *known)
{
    bool good = true;
    for (const struct node *key = tree_next_key(map, NULL); key; key = tree_next_key(map, key)) {
        if (words_find(known, key->text) < 0) {
            walk_unknown_key(walk, key, known);
            good = false;
        }
    }
    return good;
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
