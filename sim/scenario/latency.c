/* The latency of the model's links: one time, or a map whose keys say which distribution it is. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/problem.h"
#include "sim/scenario/walk.h"
#include "src/units.h"

/* The distributions that a map can name. How to add one: a row here, with the key of each time that
 * it is given by, and its keys and example in the two lists below; a value of enum latency_shape; a
 * case in latency_of() (sim/model/latency.c); a line in scenarios/README.md and in
 * scenarios/scenario.schema.json. */
static const struct shape {
    enum latency_shape shape;
    const char *keys[3]; /* times in ascending order; ends with NULL */
    const char *example;
} shapes[] = {
    {LATENCY_LOG_NORMAL, {"p50", "p99", NULL}, "{p50: 120us, p99: 1ms}"},
    {LATENCY_UNIFORM, {"min", "max", NULL}, "{min: 50us, max: 200us}"},
    {LATENCY_EXPONENTIAL, {"mean", NULL}, "{mean: 120us}"},
    {LATENCY_TABLE, {"table", NULL}, "{table: [80us, 100us, 1ms]}"},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

static const char *const all_keys[] = {"p50", "p99", "min", "max", "mean", "table", NULL};

static const char all_examples[] = "a time, {p50: 120us, p99: 1ms}, {min: 50us, max: 200us}, "
                                   "{mean: 120us} or {table: [80us, 100us, 1ms]}";

/* The row of a key, or NULL. */
static const struct shape *shape_of(const char *key)
{
    for (size_t i = 0; i < SHAPES; i++) {
        for (const char *const *one = shapes[i].keys; *one; one++) {
            if (strcmp(*one, key) == 0) {
                return &shapes[i];
            }
        }
    }
    return NULL;
}

static bool read_one(struct walk *walk, const struct node *node, const char *name, int64_t *ns)
{
    return read_duration(walk, node, name, NS_PER_US, NS_PER_M, NULL, ns);
}

/* Which distribution the keys name: the first one does. NULL after a problem. */
static const struct shape *read_shape(struct walk *walk, const struct node *map)
{
    const struct vocabulary known = {"a key of latency", words_of_array, all_keys};
    const struct shape *named = NULL;
    const char *first = NULL;
    bool strange = false;
    for (const struct node *key = tree_next_key(map, NULL); key; key = tree_next_key(map, key)) {
        const struct shape *shape = shape_of(key->text);
        char hint[160];
        if (!shape) {
            walk_unknown_key(walk, key, &known);
            strange = true;
        } else if (!named) {
            named = shape;
            first = key->text;
        } else if (shape != named) {
            snprintf(hint, sizeof hint, "write %s or %s", named->example, shape->example);
            walk_problem(walk, key, hint, "%s and %s are keys of two distributions", first,
                         key->text);
            return NULL;
        }
    }
    if (!named && !strange) {
        char hint[160];
        snprintf(hint, sizeof hint, "write %s", all_examples);
        walk_problem(walk, map, hint, "names no distribution");
    }
    return named;
}

static void read_table(struct walk *walk, const struct node *list, struct latency *latency)
{
    uint32_t count = 0;
    bool good = true;
    if (!walk_is(walk, list, NODE_LIST, "a list of measured times such as [80us, 100us, 1ms]")) {
        return;
    }
    if (list->count < 2 || list->count > LATENCY_TIMES_MAX) {
        const char *what = list->count == 0  ? "is empty"
                           : list->count < 2 ? "has one time only"
                                             : "has too many times";
        walk_problem(walk, list, "give 2 to 1001 measured times, as in [80us, 100us, 1ms]",
                     "table %s", what);
        return;
    }
    int64_t *ns = latency->table_ns = calloc((size_t)list->count, sizeof *ns);
    if (!ns) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
        return;
    }
    for (const struct node *item = list->first; item; item = item->next) {
        good = read_one(walk, item, "a time of the table", &ns[count]) && good;
        if (good && count > 0 && ns[count] < ns[count - 1]) {
            walk_problem(walk, item, "sort the table", "is less than the time before it");
            good = false;
        }
        count++;
    }
    latency->count = count;
}

/* One time, or two that must ascend. */
static void read_times(struct walk *walk, const struct node *map, const struct shape *shape,
                       struct latency *latency)
{
    bool good = true;
    for (const char *const *key = shape->keys; *key; key++) {
        const struct node *value = tree_get(map, *key);
        if (!value) {
            char hint[80];
            snprintf(hint, sizeof hint, "give both, as in %s", shape->example);
            walk_missing(walk, map, *key, hint);
        }
        good = value && read_one(walk, value, *key, &latency->times_ns[latency->count]) && good;
        latency->count++;
    }
    if (good && latency->count == 2 && latency->times_ns[1] < latency->times_ns[0]) {
        char hint[80];
        snprintf(hint, sizeof hint, "make it at least %s", shape->keys[0]);
        walk_problem(walk, tree_get(map, shape->keys[1]), hint, "%s is less than %s",
                     shape->keys[1], shape->keys[0]);
    }
}

void latency_read(struct walk *walk, const struct node *map, const struct node *value)
{
    struct latency *latency = &walk->scenario->latency;
    (void)map;
    if (!value) {
        walk_default(walk, "network", "latency", "{p50: 60us, p99: 300us}");
        latency->shape = LATENCY_LOG_NORMAL;
        latency->count = 2;
        latency->times_ns[0] = 60 * NS_PER_US;
        latency->times_ns[1] = 300 * NS_PER_US;
        return;
    }
    if (value->kind == NODE_SCALAR) {
        latency->shape = LATENCY_CONSTANT;
        latency->count = 1;
        read_one(walk, value, "latency", &latency->times_ns[0]);
        return;
    }
    const struct shape *shape =
        walk_is(walk, value, NODE_MAP, all_examples) ? read_shape(walk, value) : NULL;
    if (!shape) {
        return;
    }
    latency->shape = (uint8_t)shape->shape;
    if (shape->shape == LATENCY_TABLE) {
        read_table(walk, tree_get(value, "table"), latency);
    } else {
        read_times(walk, value, shape, latency);
    }
}
