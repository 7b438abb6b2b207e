/* Nodes in the flow style. See flow.h. */
#include "sim/matrix/flow.h"

#include <assert.h>
#include <string.h>

/* A text that was bare in block style may hold what ends it in flow style. */
static bool stays_bare(const char *text, bool plain)
{
    return plain && !strpbrk(text, ",[]{}\n\"") && *text;
}

void flow_text(FILE *file, const char *text, bool plain)
{
    if (stays_bare(text, plain)) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (const char *at = text; *at; at++) {
        if (*at == '\n') {
            fputs("\\n", file);
        } else if (*at == '\t') {
            fputs("\\t", file);
        } else {
            if (*at == '"' || *at == '\\') {
                fputc('\\', file);
            }
            fputc(*at, file);
        }
    }
    fputc('"', file);
}

static void write_map(FILE *file, const struct node *map, const struct flow *flow)
{
    const char *comma = "";
    fputc('{', file);
    for (const struct node *key = tree_next_key(map, NULL); key; key = tree_next_key(map, key)) {
        const struct node *value = key->next;
        const char *instead = flow->instead ? flow->instead(flow->self, key, value) : NULL;
        fputs(comma, file);
        flow_text(file, key->text, key->plain);
        fputs(": ", file);
        if (instead) {
            fputs(instead, file);
        } else {
            flow_write(file, value, flow);
        }
        comma = ", ";
    }
    fputc('}', file);
}

void flow_write(FILE *file, const struct node *node, const struct flow *flow)
{
    assert(node->kind != NODE_BROKEN && "only a good scenario is written");
    if (node->kind == NODE_SCALAR) {
        flow_text(file, node->text, node->plain);
    } else if (node->kind == NODE_MAP) {
        write_map(file, node, flow);
    } else {
        const char *comma = "";
        fputc('[', file);
        for (const struct node *each = node->first; each; each = each->next) {
            fputs(comma, file);
            flow_write(file, each, flow);
            comma = ", ";
        }
        fputc(']', file);
    }
}
