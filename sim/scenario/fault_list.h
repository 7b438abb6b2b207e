/* The list `faults` of a scenario's text, and the section `pauses`: entries become comments, and
 * others take their places. In block style and in brackets, and in JSON, which has no comments:
 * there they go.
 */
#ifndef HUSTINGS_SCENARIO_FAULT_LIST_H
#define HUSTINGS_SCENARIO_FAULT_LIST_H

#include "sim/scenario/drawn.h"
#include "sim/scenario/edit.h"
#include "sim/scenario/tree.h"

/* An entry of the list. */
struct list_entry {
    const struct node *node;
    uint32_t first, count; /* the faults that it became */
    bool replaced;         /* by what it did in the trial */
};

struct fault_list {
    const struct replay *replay;
    const struct node *key, *list; /* `faults` and its value; NULL: there is none */
    const struct node *section;    /* the key `pauses`; NULL: there is none */
    struct list_entry pauses;      /* and as an entry */
    struct list_entry *entries;
    uint32_t count;
    bool json;
    struct edits *edits; /* of the text that the nodes are from */
};

/* Whether something that a fault did is to be written: its entry is replaced. */
bool fault_list_writes(const struct fault_list *list, const struct replay_fault *fault);

/* Puts the changes of the list into `edits`. */
void fault_list_edit(struct fault_list *list);

/* Just behind an entry, without the blanks behind it. */
size_t fault_list_end(const struct fault_list *list, const struct node *node);

#endif
