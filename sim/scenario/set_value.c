/* One value set in the text of a scenario. See set.h.
 *
 * The tree says how far the file goes along the way; what is left of it is written as {a: {b: V}}.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/edit.h"
#include "sim/scenario/set.h"
#include "sim/scenario/source.h"
#include "sim/scenario/tree.h"
#include "sim/text/clean.h"

#define PARTS_MAX TREE_DEPTH_MAX

/* A word, taken apart: the parts of its key, and its value. */
struct way {
    char *copy; /* owned; the parts are in it */
    const char *parts[PARTS_MAX];
    size_t count;
    const char *value;
};

/* The way, and how far it has come. */
struct setter {
    const struct way *way;
    size_t at; /* parts[at] is the next one */
    struct edits edits;
    char *why;
    size_t why_size;
};

/* --- the word --------------------------------------------------------------------------------- */

static bool is_part(const char *part)
{
    bool good = *part != '\0';
    for (; *part; part++) {
        good = good && (isalnum((unsigned char)*part) || *part == '_' || *part == '-');
    }
    return good;
}

static bool split_key(struct way *way, char *key)
{
    for (char *part = key; part; way->count++) {
        char *dot = strchr(part, '.');
        if (dot) {
            *dot = '\0';
        }
        if (way->count == PARTS_MAX || !is_part(part)) {
            return false;
        }
        way->parts[way->count] = part;
        part = dot ? dot + 1 : NULL;
    }
    return true;
}

static bool way_read(struct way *way, const char *word, char *why, size_t size)
{
    *way = (struct way){.copy = strdup(word)};
    char *equals = way->copy ? strchr(way->copy, '=') : NULL;
    if (!way->copy) {
        snprintf(why, size, "out of memory");
        return false;
    }
    if (!equals) {
        snprintf(why, size, "it has no value; give KEY=VALUE, such as nodes=5 or faults.1.for=2s");
        return false;
    }
    *equals = '\0';
    way->value = equals + 1 + strspn(equals + 1, " ");
    if (!split_key(way, way->copy)) {
        snprintf(why, size,
                 "this is no key; give the way to the value through the file, with dots: "
                 "lock.token.ttl, faults.1.for");
        return false;
    }
    if (*way->value == '\0' || source_has_controls(way->value) || strpbrk(way->value, "\n\t")) {
        snprintf(why, size, "the value is %s",
                 *way->value ? "not one line of text" : "empty; give one, or leave --set out");
        return false;
    }
    return true;
}

/* --- what is put in --------------------------------------------------------------------------- */

/* What is left of the way, from `at` on, and the value: "V", or "{a: {b: V}}"; the caller's. */
static char *rest_text(const struct way *way, size_t at)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (!file) {
        return NULL;
    }
    for (size_t i = at; i < way->count; i++) {
        fprintf(file, "{%s: ", way->parts[i]);
    }
    fputs(way->value, file);
    for (size_t i = at; i < way->count; i++) {
        fputc('}', file);
    }
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* Puts `before`, the rest of the way from `at` on, and `after` in place of a part of the text. */
static void put(struct setter *setter, size_t from, size_t to, size_t at, const char *before,
                const char *after)
{
    char *rest = rest_text(setter->way, at);
    char *text = NULL;
    if (!rest || asprintf(&text, "%s%s%s", before, rest, after) < 0) {
        setter->edits.failed = true;
    } else {
        edits_put(&setter->edits, from, to, text);
        free(text);
    }
    free(rest);
}

/* In place of a value that is there. */
static void replace(struct setter *setter, const struct node *node, size_t at)
{
    const char *bytes = setter->edits.bytes;
    size_t end = tree_end(node);
    bool block = node->kind != NODE_SCALAR && !node->flow;
    bool blank =
        node->begin == 0 || bytes[node->begin - 1] == ' ' || bytes[node->begin - 1] == '\n';
    bool line = end > node->begin && bytes[end - 1] == '\n'; /* of a text in a block */
    put(setter, node->begin, end, at, block ? "  " : blank ? "" : " ", line ? "\n" : "");
}

/* As the first key of a map: in a block on a line of its own, before the one that was first. */
static void insert(struct setter *setter, const struct node *map, size_t at)
{
    char before[128], after[128];
    snprintf(before, sizeof before, "%s: ", setter->way->parts[at]);
    if (map->flow) {
        put(setter, map->begin + 1, map->begin + 1, at + 1, before, map->count > 0 ? ", " : "");
        return;
    }
    const struct node *first = map->first;
    snprintf(after, sizeof after, "\n%*s", first->column - 1, "");
    put(setter, first->begin, first->begin, at + 1, before, after);
}

/* --- along the way ---------------------------------------------------------------------------- */

/* The key up to before `at`, as typed; "the file" at the top. */
static const char *so_far(const struct way *way, size_t at, char *out, size_t size)
{
    size_t used = 0;
    *out = '\0';
    for (size_t i = 0; i < at && used < size; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? "." : "", way->parts[i]);
    }
    return at > 0 ? out : "the file";
}

static const struct node *entry_of(struct setter *setter, const struct node *list)
{
    const struct way *way = setter->way;
    const char *part = way->parts[setter->at];
    char name[200], *end;
    unsigned long number = strtoul(part, &end, 10);
    if (*end != '\0' || number < 1 || number > list->count) {
        so_far(way, setter->at, name, sizeof name);
        snprintf(setter->why, setter->why_size,
                 "%s is a list of %u, and \"%s\" is none of them; give a number from 1 to %u: "
                 "%s.1",
                 name, list->count, part, list->count, name);
        return NULL;
    }
    const struct node *entry = list->first;
    while (--number > 0) {
        entry = entry->next;
    }
    return entry;
}

/* A value such as `token` where the way goes on: it is a short form of {token: {…}}. */
static bool grow_word(struct setter *setter, const struct node *node)
{
    const struct way *way = setter->way;
    const char *part = way->parts[setter->at];
    bool absent = node->plain && node->text[0] == '\0';
    char name[200];
    if (!absent && strcmp(node->text, part) != 0) {
        so_far(way, setter->at, name, sizeof name);
        snprintf(setter->why, setter->why_size,
                 "%s is \"%.60s\" in the file, which has no \"%s\"; give another key, or --set "
                 "%s=%s before it",
                 name, node->text, part, name, part);
        return false;
    }
    replace(setter, node, setter->at);
    return true;
}

/* Goes along the way as far as the file does. */
static bool walk_way(struct setter *setter, const struct node *node)
{
    const struct way *way = setter->way;
    while (setter->at < way->count && node->kind != NODE_SCALAR) {
        const struct node *next = NULL;
        if (node->kind == NODE_LIST) {
            next = entry_of(setter, node);
            if (!next) {
                return false;
            }
        } else {
            next = tree_get(node, way->parts[setter->at]);
        }
        if (!next) {
            insert(setter, node, setter->at);
            return true;
        }
        node = next;
        setter->at++;
    }
    if (setter->at < way->count) {
        return grow_word(setter, node);
    }
    replace(setter, node, way->count);
    return true;
}

char *set_value(const char *bytes, size_t length, const char *word, size_t *out_length,
                size_t *from, size_t *to, char *why, size_t why_size)
{
    struct way way;
    struct tree tree = {0};
    struct scenario_report *report = calloc(1, sizeof *report);
    struct setter setter = {.way = &way, .why = why, .why_size = why_size};
    char *text = NULL;
    edits_begin(&setter.edits, bytes, length);
    snprintf(why, why_size, "out of memory");
    if (report && way_read(&way, word, why, why_size)) {
        if (!tree_build(&tree, bytes, length, report) || tree.root->kind != NODE_MAP) {
            snprintf(why, why_size, "the file cannot be read with it: %s",
                     report->count > 0 ? report->problems[0].message : "it is no map");
        } else if (walk_way(&setter, tree.root)) {
            text = edits_apply(&setter.edits, out_length);
        }
    }
    if (text) {
        const struct edit *edit = &setter.edits.list[0];
        *from = edit->from;
        *to = edit->from + strlen(edit->text);
    }
    free(report ? way.copy : NULL);
    tree_free(&tree);
    edits_free(&setter.edits);
    free(report);
    return text;
}
