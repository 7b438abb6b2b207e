/* The section `pauses` of a scenario's text, and a list `faults` where there was none. See
 * fault_section.h. */
#include "sim/scenario/fault_section.h"

#include <stdlib.h>

#include "sim/scenario/fault_puts.h"

/* --- the section `pauses` --------------------------------------------------------------------- */

/* Takes `pauses: {…}` out of a map in brackets, with one of the commas around it. */
static void take_section_away(struct fault_list *list, size_t end)
{
    struct edits *edits = list->edits;
    size_t begin = list->section->begin;
    size_t next = puts_skip_blank(edits, end);
    if (edits->bytes[next] == ',') {
        end = next + 1;
    } else {
        while (begin > 0 && edits->bytes[begin - 1] != ',') {
            begin--;
        }
        begin -= begin > 0;
    }
    edits_put(edits, begin, end, "");
}

/* What it drew as a list in brackets; `head` is put before it, all in place of this range. */
static void put_in_brackets(struct fault_list *list, const char *head, size_t begin, size_t end)
{
    struct place place = {.at = end, .margin = "  ", .dash = "", .left = puts_count(list)};
    edits_put(list->edits, begin, end, head);
    puts_last(list, &place);
    edits_put(list->edits, end, end, place.in_comment ? "\n]" : "]");
}

static void edit_section_in_brackets(struct fault_list *list, size_t end)
{
    if (!list->list) {
        put_in_brackets(list, list->json ? "\"faults\": [" : "faults: [", list->section->begin,
                        end);
        return;
    }
    take_section_away(list, end);
    if (list->count == 0) {
        put_in_brackets(list, "[", list->list->begin, tree_end(list->list));
    }
}

/* --- a list of its own ------------------------------------------------------------------------ */

/* In block style: below `at`, or in place of a list that is empty as yet. */
static void put_in_block(struct fault_list *list, size_t at)
{
    struct edits *edits = list->edits;
    bool any = puts_count(list) > 0;
    char *margin = puts_blanks(list, (size_t)list->root->first->column + 1);
    struct place place = {.margin = margin, .dash = "- ", .at = at};
    if (!margin) {
        return;
    }
    if (list->list && any) {
        place.at = edits_line_end(edits, tree_end(list->list));
        edits_put(edits, list->list->begin, tree_end(list->list), "");
    } else if (!list->list) {
        edits_put(edits, at, at, "\n");
        edits_put(edits, at, at, margin + 2);
        edits_put(edits, at, at, any ? "faults:" : "faults: []");
    }
    if (any) {
        puts_last(list, &place);
    }
    free(margin);
}

/* There is neither a section nor an entry: only what was done by hand. */
static void put_new_list(struct fault_list *list)
{
    size_t end = fault_list_end(list, list->root->last);
    if (!list->root->flow) {
        put_in_block(list, edits_line_end(list->edits, end));
    } else if (list->list) {
        put_in_brackets(list, "[", list->list->begin, tree_end(list->list));
    } else {
        put_in_brackets(list, list->json ? ", \"faults\": [" : ", faults: [", end, end);
    }
}

/* It becomes a comment. What it drew stands in the list of faults, or else below, in one of its
 * own. */
static void edit_section_in_block(struct fault_list *list, size_t end)
{
    struct edits *edits = list->edits;
    const struct node *section = list->section;
    edits_put(edits, section->begin, section->begin, "# ");
    puts_comment_lines(edits, section->begin, end, (size_t)section->column - 1);
    if (list->count == 0) {
        put_in_block(list, edits_line_end(edits, end));
    }
}

void fault_section_edit(struct fault_list *list)
{
    if (list->section) {
        size_t end = fault_list_end(list, list->pauses.node);
        (list->section->parent->flow ? edit_section_in_brackets : edit_section_in_block)(list, end);
    } else if (list->count == 0 && list->hand.count > 0) {
        put_new_list(list);
    }
}
