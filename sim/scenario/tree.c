/* Builds the tree of a scenario file from libyaml's events. See tree.h. */
#include "sim/scenario/tree.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "sim/scenario/problem.h"
#include "sim/scenario/report.h"
#include "sim/scenario/source.h"

/* --- memory: nodes never move, and all go at once --------------------------------------------- */

#define BLOCK_SIZE 32768

struct tree_block {
    struct tree_block *next;
    size_t used, size;
    max_align_t bytes[];
};

static void *tree_take(struct tree *tree, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct tree_block *block = tree->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block = malloc(sizeof *block + room);
        if (!block) {
            return NULL;
        }
        *block = (struct tree_block){.next = tree->blocks, .size = room};
        tree->blocks = block;
    }
    void *taken = (char *)block->bytes + block->used;
    block->used += size;
    return taken;
}

void tree_free(struct tree *tree)
{
    while (tree->blocks) {
        struct tree_block *next = tree->blocks->next;
        free(tree->blocks);
        tree->blocks = next;
    }
    *tree = (struct tree){0};
}

/* --- reading ---------------------------------------------------------------------------------- */

const struct node *tree_next_key(const struct node *map, const struct node *key)
{
    const struct node *next = key ? key->next->next : map ? map->first : NULL;
    while (next && next->kind == NODE_BROKEN) {
        next = next->next->next;
    }
    return next;
}

size_t tree_end(const struct node *node)
{
    while (node->kind != NODE_SCALAR && !node->flow && node->last) {
        node = node->last;
    }
    return node->end;
}

const struct node *tree_get(const struct node *map, const char *key)
{
    for (const struct node *at = tree_next_key(map, NULL); at; at = tree_next_key(map, at)) {
        if (strcmp(at->text, key) == 0) {
            return at->next;
        }
    }
    return NULL;
}

/* --- building --------------------------------------------------------------------------------- */

struct builder {
    struct tree *tree;
    struct scenario_report *report;
    struct node *open; /* the innermost list or map that has not ended */
    int depth;
    int documents;
    struct source_place place; /* of the event at hand, or near it */
    bool stop;                 /* nothing that follows can be made sense of */
};

static void out_of_memory(struct builder *builder)
{
    problem_add(builder->report, 0, 0, NULL, NULL, "cannot be read: out of memory");
    builder->stop = true;
}

static size_t byte_of(struct builder *builder, yaml_mark_t mark)
{
    const struct tree *tree = builder->tree;
    return source_go(tree->bytes, tree->length, &builder->place, mark.index);
}

static bool expects_key(const struct node *open)
{
    return open && open->kind == NODE_MAP && open->count % 2 == 0;
}

static void append(struct node *parent, struct node *node)
{
    node->parent = parent;
    if (parent->last) {
        parent->last->next = node;
    } else {
        parent->first = node;
    }
    parent->last = node;
    parent->count++;
}

/* The words around a node's start, for messages about what has no text of its own. */
static void complain(struct builder *builder, const struct node *node, const char *hint,
                     const char *what)
{
    char text[100];
    source_excerpt(builder->tree->bytes, node->begin, builder->tree->length, text, sizeof text);
    problem_add(builder->report, node->line, node->column, text, hint, "%s", what);
}

static struct node *add_node(struct builder *builder, enum node_kind kind, yaml_mark_t mark)
{
    struct node *node = NULL;
    if (builder->tree->nodes++ < TREE_NODES_MAX) {
        node = tree_take(builder->tree, sizeof *node);
        if (!node) {
            out_of_memory(builder);
            return NULL;
        }
    }
    struct node made = {.kind = kind,
                        .line = (int)mark.line + 1,
                        .column = (int)mark.column + 1,
                        .begin = byte_of(builder, mark)};
    if (!node) {
        complain(builder, &made, "is this the right file?", "a scenario of this size is not read");
        builder->stop = true;
        return NULL;
    }
    *node = made;
    if (kind != NODE_SCALAR && expects_key(builder->open)) {
        complain(builder, node, "write it as \"key: value\"", "a key must be a word");
        node->kind = NODE_BROKEN;
    }
    if (builder->open) {
        append(builder->open, node);
    } else if (!builder->tree->root) {
        builder->tree->root = node;
    }
    return node;
}

static void refuse_extras(struct builder *builder, struct node *node, const yaml_char_t *anchor,
                          const yaml_char_t *tag)
{
    if (anchor) {
        complain(builder, node, "write the text out where it is used",
                 "anchors (&) are not part of the scenario language");
    } else if (tag) {
        complain(builder, node, "leave the tag away",
                 "tags (!) are not part of the scenario language");
    }
    if (anchor || tag) {
        node->kind = NODE_BROKEN;
    }
}

static void add_scalar(struct builder *builder, const yaml_event_t *event)
{
    struct node *node = add_node(builder, NODE_SCALAR, event->start_mark);
    if (!node) {
        return;
    }
    size_t length = event->data.scalar.length;
    char *text = tree_take(builder->tree, length + 1);
    if (!text) {
        out_of_memory(builder);
        return;
    }
    memcpy(text, event->data.scalar.value, length);
    text[length] = '\0';
    node->text = text;
    node->end = byte_of(builder, event->end_mark);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (strlen(text) != length) {
        complain(builder, node, "leave the \\0 away", "a text must not contain zero bytes");
        node->kind = NODE_BROKEN;
    } else if (source_has_controls(text)) {
        complain(builder, node, "leave the escaped characters away",
                 "a text must not contain control characters, such as \\e");
        node->kind = NODE_BROKEN;
    }
    refuse_extras(builder, node, event->data.scalar.anchor, event->data.scalar.tag);
}

static void add_alias(struct builder *builder, const yaml_event_t *event)
{
    struct node *node = add_node(builder, NODE_SCALAR, event->start_mark);
    if (node) {
        complain(builder, node, "write the text out where it is used",
                 "aliases (*) are not part of the scenario language");
        node->kind = NODE_BROKEN;
    }
}

static void open_node(struct builder *builder, enum node_kind kind, const yaml_event_t *event,
                      const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct node *node = add_node(builder, kind, event->start_mark);
    if (!node) {
        return;
    }
    if (++builder->depth > TREE_DEPTH_MAX) {
        complain(builder, node, "no part of a scenario needs that", "nested too deeply");
        builder->stop = true;
        return;
    }
    node->flow = kind == NODE_MAP ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                                  : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    refuse_extras(builder, node, anchor, tag);
    builder->open = node;
}

static int compare_keys(const void *left, const void *right)
{
    const struct node *a = *(struct node *const *)left;
    const struct node *b = *(struct node *const *)right;
    int order = strcmp(a->text, b->text);
    if (order == 0) {
        order = a->line != b->line ? a->line - b->line : a->column - b->column;
    }
    return order;
}

/* Keeps the first of several equal keys; libyaml lets all of them pass. */
static void refuse_duplicates(struct builder *builder, struct node *map)
{
    struct node **keys = malloc((map->count / 2 + 1) * sizeof(struct node *));
    size_t count = 0;
    if (!keys) {
        out_of_memory(builder);
        return;
    }
    for (struct node *key = map->first; key && key->next; key = key->next->next) {
        if (key->kind == NODE_SCALAR) {
            keys[count++] = key;
        }
    }
    qsort(keys, count, sizeof(struct node *), compare_keys);
    size_t kept = 0;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i]->text, keys[kept]->text) == 0) {
            problem_add(builder->report, keys[i]->line, keys[i]->column, keys[i]->text,
                        "keep one of them", "given twice, first on line %d", keys[kept]->line);
            keys[i]->kind = NODE_BROKEN;
        } else {
            kept = i;
        }
    }
    free(keys);
}

static void close_node(struct builder *builder, yaml_mark_t end)
{
    struct node *node = builder->open;
    assert(node); /* libyaml pairs its events */
    node->end_line = (int)end.line + 1;
    node->end = byte_of(builder, end);
    if (node->kind == NODE_MAP) {
        refuse_duplicates(builder, node);
    }
    builder->open = node->parent;
    builder->depth--;
}

static void begin_document(struct builder *builder, const yaml_event_t *event)
{
    if (++builder->documents > 1) {
        problem_add(builder->report, (int)event->start_mark.line + 1,
                    (int)event->start_mark.column + 1, "---",
                    "put each scenario into a file of its own", "a second document");
        builder->stop = true;
    }
}

static void take_event(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        begin_document(builder, event);
        break;
    case YAML_ALIAS_EVENT:
        add_alias(builder, event);
        break;
    case YAML_SCALAR_EVENT:
        add_scalar(builder, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_node(builder, NODE_LIST, event, event->data.sequence_start.anchor,
                  event->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        open_node(builder, NODE_MAP, event, event->data.mapping_start.anchor,
                  event->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_node(builder, event->end_mark);
        break;
    case YAML_STREAM_END_EVENT:
        builder->stop = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

/* libyaml could not go on: tells where and why, in its words where ours don't know better. */
static void syntax_error(struct builder *builder, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        out_of_memory(builder);
        return;
    }
    char text[100];
    char what[160];
    char hint[100] = "look for a bracket, quote, colon or indentation that is not as it should be";
    const char *problem = parser->problem ? parser->problem : "cannot be understood";
    int line = (int)parser->problem_mark.line + 1;
    int column = (int)parser->problem_mark.column + 1;

    source_excerpt(builder->tree->bytes, byte_of(builder, parser->problem_mark),
                   builder->tree->length, text, sizeof text);
    snprintf(what, sizeof what, "not YAML: %s", problem);
    size_t tabs = strspn(text, "\t");
    if (tabs > 0) {
        snprintf(what, sizeof what, "a tab, where YAML wants blanks");
        snprintf(hint, sizeof hint, "indent with blanks");
    } else if (text[0] == '[' && isdigit((unsigned char)text[1])) {
        snprintf(hint, sizeof hint, "if that is the number of a Redis, write redis %c", text[1]);
    } else if (parser->context && parser->context_mark.line + 1 < (size_t)line) {
        snprintf(hint, sizeof hint, "see also line %d, where it began",
                 (int)parser->context_mark.line + 1);
    }
    problem_add(builder->report, line, column, text + tabs, hint, "%s", what);
}

static void parse(struct builder *builder, yaml_parser_t *parser)
{
    while (!builder->stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            syntax_error(builder, parser);
            builder->stop = true;
            builder->tree->root = NULL; /* half a tree would only bring false alarms */
            return;
        }
        take_event(builder, &event);
        yaml_event_delete(&event);
    }
    if (builder->open) { /* stopped half-way */
        builder->tree->root = NULL;
    }
}

bool tree_build(struct tree *tree, const char *bytes, size_t length, struct scenario_report *report)
{
    *tree = (struct tree){.bytes = bytes, .length = length};
    struct builder builder = {.tree = tree, .report = report};
    yaml_parser_t parser;

    if (!yaml_parser_initialize(&parser)) {
        out_of_memory(&builder);
        return false;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
    parse(&builder, &parser);
    yaml_parser_delete(&parser);
    return tree->root != NULL;
}
