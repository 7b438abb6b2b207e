/* A scenario's tree written anew, a node on one line, in the flow style of YAML. */
#ifndef HUSTINGS_MATRIX_FLOW_H
#define HUSTINGS_MATRIX_FLOW_H

#include <stdio.h>

#include "sim/scenario/tree.h"

/* How nodes are changed while they are written. Zeroed: not at all. */
struct flow {
    void *self;
    /* What is to be written in place of the value of `key`, as it would stand there; NULL: the
     * value. May be NULL. */
    const char *(*instead)(void *self, const struct node *key, const struct node *value);
};

/* Writes the node, without a line break: scenario_parse() reads the same from it. */
void flow_write(FILE *file, const struct node *node, const struct flow *flow);

/* Writes a text as a scalar: bare where that is the same, else in double quotes. `plain`: it was
 * written bare. */
void flow_text(FILE *file, const char *text, bool plain);

#endif
