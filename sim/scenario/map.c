/* Maps of a scenario by their tables: what is there, the defaults of what is not, and keys that do
 * not belong there. See walk.h; the readers of scalars are in readers.c. */
#include <assert.h>
#include <string.h>

#include "sim/scenario/moved.h"
#include "sim/scenario/owners.h"
#include "sim/scenario/walk.h"

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
