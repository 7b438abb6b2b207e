/* The keys of a scenario, with their bounds and defaults: the tables that the walk goes by. See
 * walk.h for how to add one. Order matters: what others are checked against (nodes, duration)
 * stands above them. */
#include <ctype.h>
#include <string.h>

#include "sim/scenario/owners.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/redis.h"
#include "sim/scenario/walk.h"
#include "src/ballot.h"
#include "src/units.h"

/* --- readers of single keys ------------------------------------------------------------------- */

static void read_name(struct walk *walk, const struct node *map, const struct node *value)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    static const char example[] = "a name such as dead-leader";
    struct scenario *scenario = walk->scenario;
    if (!value && map) {
        walk_missing(walk, map, "name", "add a line such as name: dead-leader");
    }
    if (!value || !walk_is(walk, value, NODE_SCALAR, example)) {
        return;
    }
    size_t length = strlen(value->text);
    if (length == 0) {
        walk_problem(walk, value, "write a name such as dead-leader", "has no value");
    } else if (length >= sizeof scenario->name) {
        walk_problem(walk, value, "63 letters at the most", "name is too long");
    } else if (strspn(value->text, letters) != length || value->text[0] == '-') {
        char hint[sizeof scenario->name + 8] = "write ";
        size_t used = strlen(hint);
        for (size_t i = 0; i < length; i++) {
            const char *letter = strchr(letters, tolower((unsigned char)value->text[i]));
            letter = letter ? letter : "-";
            if (used > 6 || *letter != '-') {
                hint[used++] = *letter;
            }
        }
        while (hint[used - 1] == '-') {
            used--;
        }
        hint[used] = '\0';
        walk_problem(walk, value, used > 6 ? hint : "write a name such as dead-leader",
                     "name may hold small letters, digits and hyphens only");
    } else {
        memcpy(scenario->name, value->text, length + 1);
    }
}

static void read_about(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    if (!value) {
        walk_default(walk, "", "about", "none");
        return;
    }
    if (!walk_is(walk, value, NODE_SCALAR, "a few sentences")) {
        return;
    }
    size_t length = strlen(value->text);
    while (length > 0 && strchr(" \n\t", value->text[length - 1])) {
        length--;
    }
    if (length == 0) {
        walk_problem(walk, value, "write a few sentences, or leave the line away", "has no value");
        return;
    }
    walk->scenario->about = strndup(value->text, length);
    if (!walk->scenario->about) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
    }
}

static void read_nodes(struct walk *walk, const struct node *map, const struct node *value)
{
    int64_t nodes;
    if (!value && map) {
        walk_missing(walk, map, "nodes", "add a line such as nodes: 5");
    }
    if (value && read_number(walk, value, "nodes", 1, NODE_ID_MAX, &nodes)) {
        walk->scenario->settings.nodes = (uint16_t)nodes;
        walk->nodes_known = true;
    }
}

static void read_duration_of_run(struct walk *walk, const struct node *map,
                                 const struct node *value)
{
    if (!value && map) {
        walk_missing(walk, map, "duration", "add a line such as duration: 5s");
    }
    walk->duration_known = value && read_duration(walk, value, "duration", NS_PER_MS, 24 * NS_PER_H,
                                                  NULL, &walk->scenario->duration_ns);
}

static void read_seed(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    walk->scenario->seed = 1;
    if (value) {
        read_unsigned_64(walk, value, "seed", &walk->scenario->seed);
    } else {
        walk_default(walk, "", "seed", "1");
    }
}

/* --- the tables ------------------------------------------------------------------------------- */

static const struct field redis_fields[] = {
    {.key = "topology", .kind = FIELD_OWN, .read = topology_read},
    {.key = "servers", .kind = FIELD_OWN, .read = servers_read},
    {.key = "persistence",
     .kind = FIELD_WORD,
     .fallback = "none",
     .member = offsetof(struct scenario, persistence),
     .words = &words_persistence},
    {.key = NULL},
};

static const struct field work_fields[] = {
    {.key = "every",
     .kind = FIELD_DURATION,
     .fallback = "never",
     .zero_word = "never",
     .member = offsetof(struct scenario, settings.work_every_ns),
     .low = NS_PER_MS,
     .high = NS_PER_H},
    {.key = NULL},
};

static const struct field network_fields[] = {
    {.key = "latency", .kind = FIELD_OWN, .read = latency_read},
    {.key = NULL},
};

const struct field schema_fields[] = {
    {.key = "name", .kind = FIELD_OWN, .read = read_name},
    {.key = "about", .kind = FIELD_OWN, .read = read_about},
    {.key = "nodes", .kind = FIELD_OWN, .read = read_nodes},
    {.key = "program", .kind = FIELD_OWN, .read = program_read},
    {.key = "programs", .kind = FIELD_OWN, .read = programs_read},
    {.key = "protocol", .kind = FIELD_OWN, .read = protocol_read}, /* behind who takes part */
    {.key = "lock", .kind = FIELD_OWN, .read = lock_read},
    {.key = "fencing", .kind = FIELD_OWN, .read = fencing_read},
    {.key = "trials",
     .kind = FIELD_NUMBER,
     .fallback = "1",
     .member = offsetof(struct scenario, trials),
     .low = 1,
     .high = 1000000},
    {.key = "seed", .kind = FIELD_OWN, .read = read_seed},
    {.key = "duration", .kind = FIELD_OWN, .read = read_duration_of_run},
    {.key = "heal",
     .kind = FIELD_FLAG,
     .fallback = "true",
     .member = offsetof(struct scenario, heal)},
    {.key = "request_timeout",
     .kind = FIELD_DURATION,
     .fallback = "1s",
     .member = offsetof(struct scenario, request_timeout_ns),
     .low = NS_PER_MS,
     .high = NS_PER_M},
    {.key = "work", .kind = FIELD_SECTION, .fields = work_fields},
    {.key = "redis", .kind = FIELD_SECTION, .fields = redis_fields},
    {.key = "network", .kind = FIELD_SECTION, .fields = network_fields},
    {.key = "env", .kind = FIELD_OWN, .read = env_read},
    {.key = "must_live", .kind = FIELD_OWN, .read = must_live_read},
    {.key = "lock_key", .kind = FIELD_OWN, .read = lock_key_read},
    {.key = "lock_outlives", .kind = FIELD_OWN, .read = lock_outlives_read},
    {.key = "starts", .kind = FIELD_OWN, .read = starts_read},
    {.key = "faults", .kind = FIELD_OWN, .read = faults_read},
    {.key = "pauses", .kind = FIELD_OWN, .read = pauses_read}, /* behind all other faults */
    {.key = "expect", .kind = FIELD_SECTION, .fields = expect_fields},
    {.key = "ask", .kind = FIELD_OWN, .read = ask_read},
    {.key = "answer", .kind = FIELD_OWN, .read = answer_read}, /* behind what it answers */
    {.key = "cure", .kind = FIELD_OWN, .read = cure_read},
    {.key = "texts", .kind = FIELD_OWN, .read = texts_read}, /* behind what they translate */
    {.key = NULL},
};
