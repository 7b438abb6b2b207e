/* The list `faults` of a scenario's text. See fault_list.h. */
#include "sim/scenario/fault_list.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fault_text.h"

#define AT_THE_END UINT32_MAX

/* Where something is put. */
struct place {
    size_t at;
    const char *margin; /* blanks before each line */
    const char *dash;   /* "- " in block style, or "" */
    size_t left;        /* in brackets: entries that are still to come; they need commas between */
    bool in_comment;    /* what was put last is a comment, up to the end of its line */
};

/* The entry that a fault of the scenario is from. */
static const struct list_entry *entry_of(const struct fault_list *list, uint16_t fault)
{
    const struct list_entry *entry = list->entries;
    if (list->section && fault >= list->pauses.first) {
        return &list->pauses;
    }
    while (fault >= entry->first + entry->count) {
        entry++;
    }
    return entry;
}

bool fault_list_writes(const struct fault_list *list, const struct replay_fault *fault)
{
    return entry_of(list, fault->fault)->replaced;
}

size_t fault_list_end(const struct fault_list *list, const struct node *node)
{
    size_t end = tree_end(node);
    while (end > node->begin && strchr(" \t\r\n", list->edits->bytes[end - 1])) {
        end--;
    }
    return end;
}

/* --- the text --------------------------------------------------------------------------------- */

/* The next place at which something stands that is no blank and no comment. */
static size_t skip_blank(const struct edits *edits, size_t at)
{
    while (at < edits->length && strchr(" \t\r\n#", edits->bytes[at])) {
        at = edits->bytes[at] == '#' ? edits_line_end(edits, at) : at + 1;
    }
    return at;
}

/* Where blanks end that begin there. */
static size_t skip_spaces(const struct edits *edits, size_t at)
{
    while (at < edits->length && strchr(" \t", edits->bytes[at])) {
        at++;
    }
    return at;
}

/* Whether nothing but a comment follows on the line. */
static bool rest_is_blank(const struct edits *edits, size_t at)
{
    at = skip_spaces(edits, at);
    return at == edits->length || strchr("\r\n#", edits->bytes[at]);
}

static bool begins_its_line(const struct edits *edits, size_t at)
{
    return skip_spaces(edits, edits_line_begin(edits, at)) == at;
}

/* Makes comments of the lines behind the first one, up to `end`; at `column`, or further left. */
static void comment_lines(struct edits *edits, size_t begin, size_t end, size_t column)
{
    for (size_t at = begin; at < end; at++) {
        if (edits->bytes[at] != '\n') {
            continue;
        }
        size_t text = skip_spaces(edits, at + 1);
        size_t put = text < at + 1 + column ? text : at + 1 + column;
        if (!strchr("\r\n", edits->bytes[text]) && edits->bytes[put] != '#') {
            edits_put(edits, put, put, "# ");
        }
    }
}

/* --- what was done ---------------------------------------------------------------------------- */

static void put(struct fault_list *list, const struct place *place, const char *text)
{
    edits_put(list->edits, place->at, place->at, text);
}

static void put_line(struct fault_list *list, const struct place *place, const char *begin,
                     const char *text, const char *end)
{
    put(list, place, "\n");
    put(list, place, place->margin);
    put(list, place, begin);
    put(list, place, text);
    put(list, place, end);
}

static void put_fault(struct fault_list *list, struct place *place,
                      const struct replay_fault *fault)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream) {
        fault_text(stream, &fault->spec, list->json);
        if (fault->skipped) {
            fprintf(stream, ": skipped, %s", fault->skipped);
        }
    }
    if (!stream || fclose(stream) != 0) {
        list->edits->failed = true;
    } else if (!fault->skipped) {
        place->left -= place->left > 0;
        put_line(list, place, place->dash, text, place->left > 0 ? "," : "");
        place->in_comment = false;
    } else if (!list->json) {
        put_line(list, place, "# ", text, "");
        place->in_comment = true;
    }
    free(text);
}

/* What comes round stands behind all that comes once: so it does when times are equal. */
static uint32_t place_of(const struct fault_list *list, const struct replay_fault *fault)
{
    const struct list_entry *entry = entry_of(list, fault->fault);
    bool every = list->replay->scenario->faults[fault->fault].trigger.kind == TRIGGER_EVERY;
    return every || entry == &list->pauses ? AT_THE_END : (uint32_t)(entry - list->entries);
}

static bool is_drawn_from(const struct fault_list *list, uint32_t entry)
{
    const struct fault_spec *faults = list->replay->scenario->faults;
    return entry == AT_THE_END
               ? list->section != NULL
               : faults[list->entries[entry].first].trigger.kind == TRIGGER_RANDOMLY;
}

static void put_faults(struct fault_list *list, struct place *place, uint32_t entry)
{
    const struct replay *replay = list->replay;
    if (is_drawn_from(list, entry) && !list->json) {
        put_line(list, place, "# ", replay->title, "");
        place->in_comment = true;
    }
    for (size_t i = 0; i < replay->count; i++) {
        const struct replay_fault *fault = &replay->faults[i];
        if (fault_list_writes(list, fault) && place_of(list, fault) == entry) {
            put_fault(list, place, fault);
        }
    }
}

/* How many entries there will be. */
static size_t count_all(const struct fault_list *list)
{
    size_t count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        count += !list->entries[i].replaced;
    }
    for (size_t i = 0; i < list->replay->count; i++) {
        const struct replay_fault *fault = &list->replay->faults[i];
        count += fault_list_writes(list, fault) && !fault->skipped;
    }
    return count;
}

/* --- in block style --------------------------------------------------------------------------- */

/* Where the hyphen of an entry stands. */
static size_t hyphen_of(const struct fault_list *list, uint32_t index)
{
    if (index > 0) {
        return skip_blank(list->edits, tree_end(list->entries[index - 1].node));
    }
    return skip_blank(list->edits, skip_blank(list->edits, list->key->end) + 1);
}

static void edit_block(struct fault_list *list, char *margin)
{
    struct edits *edits = list->edits;
    struct place place = {.margin = margin, .dash = "- "};
    if (count_all(list) == 0) {
        size_t colon = skip_blank(edits, list->key->end);
        edits_put(edits, colon + 1, colon + 1, " []");
    }
    for (uint32_t i = 0; i < list->count; i++) {
        size_t hyphen = hyphen_of(list, i);
        size_t end = fault_list_end(list, list->entries[i].node);
        if (list->entries[i].replaced) {
            edits_put(edits, hyphen, hyphen, "# ");
            comment_lines(edits, hyphen, end, strlen(margin));
        }
        place.at = edits_line_end(edits, end);
        put_faults(list, &place, i);
    }
    put_faults(list, &place, AT_THE_END);
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
    if (!begins_its_line(edits, begin)) {
        size_t from = begin;
        while (strchr(" \t", edits->bytes[from - 1])) {
            from--;
        }
        break_line(list, place, from, begin);
    }
    edits_put(edits, begin, begin, "# ");
    comment_lines(edits, begin, end, SIZE_MAX / 2);
    place->in_comment = true;
}

static void edit_entry(struct fault_list *list, struct place *place, uint32_t index)
{
    struct edits *edits = list->edits;
    const struct list_entry *entry = &list->entries[index];
    bool last = index + 1 == list->count;
    size_t end = tree_end(entry->node);
    size_t next = skip_blank(edits, end);
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
    bool blank = !list->json && rest_is_blank(edits, behind);
    place->at = blank ? edits_line_end(edits, behind) : behind;
    put_faults(list, place, index);
    if (last) {
        put_faults(list, place, AT_THE_END);
    }
    bool next_breaks = !last && list->entries[index + 1].replaced &&
                       !begins_its_line(edits, list->entries[index + 1].node->begin);
    if (place->in_comment && !blank && !next_breaks) {
        break_line(list, place, behind, skip_spaces(edits, behind));
    }
}

static void edit_flow(struct fault_list *list, const char *margin)
{
    struct place place = {.margin = margin, .dash = "", .left = count_all(list)};
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
    bool own = begins_its_line(edits, first);
    size_t line = edits_line_begin(edits, own ? first : list->key->begin);
    return skip_spaces(edits, line) - line + (own ? 0 : 2);
}

/* --- the section `pauses` --------------------------------------------------------------------- */

/* Takes `pauses: {…}` out of a map in brackets, with one of the commas around it. */
static void take_section_away(struct fault_list *list, size_t end)
{
    struct edits *edits = list->edits;
    size_t begin = list->section->begin;
    size_t next = skip_blank(edits, end);
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
    struct place place = {.at = end, .margin = "  ", .dash = "", .left = count_all(list)};
    edits_put(list->edits, begin, end, head);
    put_faults(list, &place, AT_THE_END);
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

/* It becomes a comment. What it drew stands in the list of faults, or else below, in one of its
 * own. */
static void edit_section_in_block(struct fault_list *list, size_t end)
{
    struct edits *edits = list->edits;
    const struct node *section = list->section;
    struct place place = {.margin = "  ", .dash = "- ", .at = edits_line_end(edits, end)};
    edits_put(edits, section->begin, section->begin, "# ");
    comment_lines(edits, section->begin, end, (size_t)section->column - 1);
    if (list->count > 0) {
        return;
    }
    bool any = count_all(list) > 0;
    if (list->list && any) { /* which is empty as yet */
        place.at = edits_line_end(edits, tree_end(list->list));
        edits_put(edits, list->list->begin, tree_end(list->list), "");
    } else if (!list->list) {
        edits_put(edits, place.at, place.at, any ? "\nfaults:" : "\nfaults: []");
    }
    if (any) {
        put_faults(list, &place, AT_THE_END);
    }
}

void fault_list_edit(struct fault_list *list)
{
    if (list->section) {
        size_t end = fault_list_end(list, list->pauses.node);
        (list->section->parent->flow ? edit_section_in_brackets : edit_section_in_block)(list, end);
    }
    if (list->count == 0) {
        return;
    }
    size_t width = margin_of(list);
    char *margin = malloc(width + 1);
    if (!margin) {
        list->edits->failed = true;
        return;
    }
    memset(margin, ' ', width);
    margin[width] = '\0';
    if (list->list->flow) {
        edit_flow(list, margin);
    } else {
        edit_block(list, margin);
    }
    free(margin);
}
