/* The list `faults` of a scenario's text as it is read, what is put into it, and what stands around
 * a place in it. How the list is changed: fault_list.h.
 */
#ifndef HUSTINGS_SCENARIO_FAULT_PUTS_H
#define HUSTINGS_SCENARIO_FAULT_PUTS_H

#include "sim/scenario/drawn.h"
#include "sim/scenario/edit.h"
#include "sim/scenario/tree.h"

/* An entry of the list. */
struct list_entry {
    const struct node *node;
    uint32_t first, count; /* the faults that it became */
    bool replaced;         /* by what it did in the trial */
    bool cut_short;        /* since what it did was healed by hand */
};

struct fault_list {
    const struct replay *replay;
    const struct node *key, *list; /* `faults` and its value; NULL: there is none */
    const struct node *section;    /* the key `pauses`; NULL: there is none */
    struct list_entry pauses;      /* and as an entry */
    struct list_entry hand;        /* what was done by hand, as an entry; `count`: so much */
    const struct node *root;       /* of the text */
    struct list_entry *entries;
    uint32_t count;
    bool json;
    struct edits *edits; /* of the text that the nodes are from */
};

/* Whether something that a fault did is to be written: its entry is replaced. */
bool fault_list_writes(const struct fault_list *list, const struct replay_fault *fault);

/* Just behind an entry, without the blanks behind it. */
size_t fault_list_end(const struct fault_list *list, const struct node *node);

/* Where something is put. */
struct place {
    size_t at;
    const char *margin; /* blanks before each line */
    const char *dash;   /* "- " in block style, or "" */
    size_t left;        /* in brackets: entries that are still to come; they need commas between */
    bool in_comment;    /* what was put last is a comment, up to the end of its line */
};

/* Puts what an entry, by its number, did in the trial, if it is replaced. */
void puts_of_entry(struct fault_list *list, struct place *place, uint32_t entry);

/* Puts what stands behind all entries: what came again and again, what the section `pauses` drew,
 * and what was done by hand. */
void puts_last(struct fault_list *list, struct place *place);

/* So many blanks; the caller's to free. NULL: memory is out, which is noted. */
char *puts_blanks(struct fault_list *list, size_t width);

/* How many entries there will be. */
size_t puts_count(const struct fault_list *list);

/* The next place at which something stands that is no blank and no comment. */
size_t puts_skip_blank(const struct edits *edits, size_t at);

/* Where blanks end that begin there. */
size_t puts_skip_spaces(const struct edits *edits, size_t at);

/* Whether nothing but a comment follows on the line. */
bool puts_rest_is_blank(const struct edits *edits, size_t at);

bool puts_begins_its_line(const struct edits *edits, size_t at);

/* Makes comments of the lines behind the first one, up to `end`; at `column`, or further left. */
void puts_comment_lines(struct edits *edits, size_t begin, size_t end, size_t column);

#endif
