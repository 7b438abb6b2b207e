/* The list `faults` of a scenario's text. See fault_list.h. */
#include "sim/scenario/fault_list.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fault_puts.h"
#include "sim/scenario/fault_section.h"

/* --- in block style --------------------------------------------------------------------------- */

/* Where the hyphen of an entry stands. */
static size_t hyphen_of(const struct fault_list *list, uint32_t index)
{
    if (index > 0) {
        return puts_skip_blank(list->edits, tree_end(list->entries[index - 1].node));
    }
    return puts_skip_blank(list->edits, puts_skip_blank(list->edits, list->key->end) + 1);
}

static void edit_block(struct fault_list *list, char *margin)
{
    struct edits *edits = list->edits;
    struct place place = {.margin = margin, .dash = "- "};
    if (puts_count(list) == 0) {
        size_t colon = puts_skip_blank(edits, list->key->end);
        edits_put(edits, colon + 1, colon + 1, " []");
    }
    for (uint32_t i = 0; i < list->count; i++) {
        size_t hyphen = hyphen_of(list, i);
        size_t end = fault_list_end(list, list->entries[i].node);
        if (list->entries[i].replaced) {
            edits_put(edits, hyphen, hyphen, "# ");
            puts_comment_lines(edits, hyphen, end, strlen(margin));
        }
        place.at = edits_line_end(edits, end);
        puts_of_entry(list, &place, i);
    }
    puts_last(list, &place);
}

/* --- in brackets ------------------------------------------------------------------------------ */

/* Begins a new line, in place of blanks. */
static void break_line(struct fault_list *list, const struct place *place, size_t from, size_t to)
{
    edits_put(list->edits, from, to, "\n");
    edits_put(list->edits, to, to, place->margin);
}

/* Takes an entry away: makes a comment of it, on lines of its own. */
static void take_away(struct fault_list *list, struct place *place, size_t begin, size_t end)
{
    struct edits *edits = list->edits;
    if (list->json) {
        edits_put(edits, begin, end, "");
        return;
    }
    if (!puts_begins_its_line(edits, begin)) {
        size_t from = begin;
        while (strchr(" \t", edits->bytes[from - 1])) {
            from--;
        }
        break_line(list, place, from, begin);
    }
    edits_put(edits, begin, begin, "# ");
    puts_comment_lines(edits, begin, end, SIZE_MAX / 2);
    place->in_comment = true;
}

static void edit_entry(struct fault_list *list, struct place *place, uint32_t index)
{
    struct edits *edits = list->edits;
    const struct list_entry *entry = &list->entries[index];
    bool last = index + 1 == list->count;
    size_t end = tree_end(entry->node);
    size_t next = puts_skip_blank(edits, end);
    bool comma = edits->bytes[next] == ',';

    place->in_comment = false;
    if (entry->replaced) {
        take_away(list, place, entry->node->begin, end);
    } else {
        place->left -= place->left > 0;
    }
    if (comma && (entry->replaced || (place->left == 0 && !last))) {
        edits_put(edits, next, next + 1, "");
    } else if (!comma && !entry->replaced && place->left > 0) {
        edits_put(edits, end, end, ",");
    }
    size_t behind = comma ? next + 1 : end;
    bool blank = !list->json && puts_rest_is_blank(edits, behind);
    place->at = blank ? edits_line_end(edits, behind) : behind;
    puts_of_entry(list, place, index);
    if (last) {
        puts_last(list, place);
    }
    bool next_breaks = !last && list->entries[index + 1].replaced &&
                       !puts_begins_its_line(edits, list->entries[index + 1].node->begin);
    if (place->in_comment && !blank && !next_breaks) {
        break_line(list, place, behind, puts_skip_spaces(edits, behind));
    }
}

static void edit_flow(struct fault_list *list, const char *margin)
{
    struct place place = {.margin = margin, .dash = "", .left = puts_count(list)};
    for (uint32_t i = 0; i < list->count; i++) {
        edit_entry(list, &place, i);
    }
}

/* --- both ------------------------------------------------------------------------------------- */

/* The blanks before what is put: as before the first entry, if that begins a line. */
static size_t margin_of(const struct fault_list *list)
{
    const struct edits *edits = list->edits;
    size_t first = list->list->flow ? list->entries[0].node->begin : hyphen_of(list, 0);
    bool own = puts_begins_its_line(edits, first);
    size_t line = edits_line_begin(edits, own ? first : list->key->begin);
    return puts_skip_spaces(edits, line) - line + (own ? 0 : 2);
}

void fault_list_edit(struct fault_list *list)
{
    fault_section_edit(list);
    if (list->count == 0) {
        return;
    }
    char *margin = puts_blanks(list, margin_of(list));
    if (!margin) {
        return;
    }
    if (list->list->flow) {
        edit_flow(list, margin);
    } else {
        edit_block(list, margin);
    }
    free(margin);
}
