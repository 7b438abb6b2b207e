/* The section `starts`: when each process begins. The more specific entry wins: an id over `nodes`
 * over `all`, and `master` over `all`. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/problem.h"
#include "sim/scenario/walk.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "src/units.h"

static const char example[] = "a time such as 500ms, or {within: 1s}";

/* A start beyond the end would never happen. */
static void check_time(struct walk *walk, const struct node *node, int64_t time_ns)
{
    if (walk->duration_known && time_ns >= walk->scenario->duration_ns) {
        char text[32];
        char hint[80];
        snprintf(hint, sizeof hint, "the scenario's duration is %s",
                 duration_text(walk->scenario->duration_ns, text, sizeof text));
        walk_problem(walk, node, hint, "starts when the scenario is over");
    }
}

static bool read_within(struct walk *walk, const struct node *node, struct start *start)
{
    static const char *const keys[] = {"within", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    walk_only(walk, node, &known);
    const struct node *within = tree_get(node, "within");
    if (!within) {
        walk_missing(walk, node, "within", "write {within: 1s}");
        return false;
    }
    start->kind = START_WITHIN;
    if (!read_duration(walk, within, "within", NS_PER_US, 24 * NS_PER_H, NULL, &start->time_ns)) {
        return false;
    }
    check_time(walk, within, start->time_ns);
    return true;
}

/* Only the master can wait for all to have reported. */
static void not_awaiting(struct walk *walk, const struct node *node)
{
    const struct settings *settings = &walk->scenario->settings;
    if (protocol_has_master(settings)) {
        walk_problem(walk, node, "give it to master, and a time to the nodes",
                     "only the master can wait for all to have reported");
    } else {
        walk_problem(walk, node, "write a time such as 500ms, or {within: 1s}",
                     "only a master can wait for all to have reported, and the protocol %s has "
                     "none",
                     owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]));
    }
}

static bool read_start(struct walk *walk, const struct node *node, bool is_master,
                       struct start *start)
{
    *start = (struct start){.kind = START_AT};
    if (node->kind == NODE_MAP) {
        return read_within(walk, node, start);
    }
    if (!walk_is(walk, node, NODE_SCALAR, example)) {
        return false;
    }
    if (strcmp(node->text, "all_reported") == 0) {
        start->kind = START_ALL_REPORTED;
        if (!is_master) {
            not_awaiting(walk, node);
        }
        return is_master;
    }
    if (is_master && strncmp(node->text, "all", 3) == 0) {
        walk_problem(walk, node, "did you mean all_reported?", "is no start");
        return false;
    }
    if (!read_duration(walk, node, "start", 0, 24 * NS_PER_H, NULL, &start->time_ns)) {
        return false;
    }
    check_time(walk, node, start->time_ns);
    return true;
}

/* Whom a key of `starts` means: -1: all, -2: the nodes, else the process. */
enum { STARTS_ALL = -1, STARTS_NODES = -2, STARTS_NOBODY = -3 };

static int whom(struct walk *walk, const struct node *key)
{
    static const char *const groups[] = {"all", "nodes", "master", NULL};
    static const char *const without_master[] = {"all", "nodes", NULL};
    bool has_master = protocol_has_master(&walk->scenario->settings);
    const struct vocabulary known = {"a process", words_of_array,
                                     has_master ? groups : without_master};
    if (strcmp(key->text, "all") == 0) {
        return STARTS_ALL;
    }
    if (strcmp(key->text, "nodes") == 0) {
        return STARTS_NODES;
    }
    if (strcmp(key->text, "master") != 0 && !is_number(key->text)) {
        const char *near = words_nearest(&known, key->text);
        char hint[80];
        if (near) {
            snprintf(hint, sizeof hint, "did you mean %s?", near);
        } else {
            snprintf(hint, sizeof hint, "write %snodes, all, or a node's number",
                     has_master ? "master, " : "");
        }
        walk_problem(walk, key, hint, "unknown key");
        return STARTS_NOBODY;
    }
    struct node plain = *key; /* a quoted key is a number as well, as in JSON */
    plain.plain = true;
    uint16_t id;
    return read_process(walk, &plain, &id) ? id : STARTS_NOBODY;
}

/* Takes the entries of one rank: those for all first, those for single processes last. */
static void take_rank(struct walk *walk, const struct node *value, int rank, bool *given)
{
    struct start *starts = walk->scenario->starts;
    uint32_t nodes = walk->scenario->settings.nodes;
    for (const struct node *key = tree_next_key(value, NULL); key;
         key = tree_next_key(value, key)) {
        bool all = strcmp(key->text, "all") == 0;
        bool group = strcmp(key->text, "nodes") == 0;
        if (rank != (all ? 0 : group ? 1 : 2)) {
            continue;
        }
        int who = whom(walk, key);
        struct start start;
        if (who == STARTS_NOBODY || !read_start(walk, key->next, who == MASTER_ID, &start)) {
            continue;
        }
        uint32_t from = who == STARTS_ALL     ? protocol_first_id(&walk->scenario->settings)
                        : who == STARTS_NODES ? 1
                                              : (uint32_t)who;
        uint32_t to = who < 0 ? nodes : (uint32_t)who;
        for (uint32_t id = from; id <= to && id <= nodes; id++) {
            starts[id] = start;
            given[id] = true;
        }
    }
}

static void note_rest(struct walk *walk, const bool *given)
{
    bool some_given = false;
    bool some_not = false;
    for (uint32_t id = 1; id <= walk->scenario->settings.nodes; id++) {
        some_given = some_given || given[id];
        some_not = some_not || !given[id];
    }
    bool has_master = protocol_has_master(&walk->scenario->settings);
    if (has_master && !given[MASTER_ID]) {
        walk_default(walk, "starts", "master", "0s");
    }
    if (some_not) {
        walk_default(walk, "starts", some_given ? "the other nodes" : "nodes", "0s");
    }
}

void starts_read(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    size_t count = (size_t)walk->scenario->settings.nodes + 1;
    struct start *starts = calloc(count, sizeof *starts);
    bool *given = calloc(count, sizeof *given);
    walk->scenario->starts = starts;
    if (!starts || !given) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
        free(given);
        return;
    }
    bool has_master = protocol_has_master(&walk->scenario->settings);
    const char *shape = has_master ? "{master: all_reported, nodes: 0s}" : "{nodes: 0s, 1: 500ms}";
    if (value && walk_is(walk, value, NODE_MAP, shape)) {
        if (has_master && tree_get(value, "master") && tree_get(value, "0")) {
            walk_problem(walk, tree_get(value, "0"), "keep one of them",
                         "0 and master are the same process");
        }
        for (int rank = 0; rank <= 2; rank++) {
            take_rank(walk, value, rank, given);
        }
    }
    note_rest(walk, given);
    free(given);
}
