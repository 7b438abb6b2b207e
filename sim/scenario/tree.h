/* A YAML document as a tree in which every node knows its place in the file.
 *
 * libyaml splits the text into events; what it lets pass and a scenario must not contain is refused
 * here: duplicate keys, anchors and aliases, tags, keys that are not words, a second document, and
 * nesting or size beyond all need.
 */
#ifndef HUSTINGS_SCENARIO_TREE_H
#define HUSTINGS_SCENARIO_TREE_H

#include "sim/scenario/report.h"
#include "sim/scenario/scenario.h"

#define TREE_DEPTH_MAX 16
#define TREE_NODES_MAX 100000

enum node_kind {
    NODE_SCALAR,
    NODE_LIST,
    NODE_MAP,
    NODE_BROKEN /* a problem has been told already: pass over it in silence */
};

struct node {
    enum node_kind kind;
    bool plain; /* NODE_SCALAR: written without quotes, and not as a block */
    bool flow;  /* NODE_LIST, NODE_MAP: written in brackets */
    int line, column;
    int end_line;        /* of a list or map; 0: not known */
    size_t begin, end;   /* the same in bytes of the text; of all kinds. The end of a list or
                               * map in block style is where the next thing begins: tree_end() */
    const char *text;    /* NODE_SCALAR */
    uint32_t count;      /* children; those of a map alternate: key, value, key, value */
    struct node *parent; /* NULL for the root */
    struct node *first, *last, *next;
};

struct tree {
    struct node *root;
    const char *bytes; /* the caller's; must outlive the tree */
    size_t length;
    struct tree_block *blocks; /* what the nodes and their texts live in */
    uint32_t nodes;
};

/* Builds it. All problems go into the report; returns false if there is no tree to go on with. Call
 * tree_free in either case. */
bool tree_build(struct tree *tree, const char *bytes, size_t length,
                struct scenario_report *report);

void tree_free(struct tree *tree);

/* Just behind the last byte that belongs to a node, in bytes of the text. */
size_t tree_end(const struct node *node);

/* The value of a map's key, or NULL. `map` may be NULL. */
const struct node *tree_get(const struct node *map, const char *key);

/* The pairs of a map, one after the other: pass NULL for the first. Broken keys are left out. */
const struct node *tree_next_key(const struct node *map, const struct node *key);

#endif
