/* What is put into a list of faults. See fault_puts.h. */
#include "sim/scenario/fault_puts.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fault_text.h"

/* Places behind those of the entries. */
#define AT_THE_END UINT32_MAX
#define BY_HAND (UINT32_MAX - 1)

/* The entry that a fault of the scenario is from. */
static const struct list_entry *entry_of(const struct fault_list *list, uint16_t fault)
{
    const struct list_entry *entry = list->entries;
    if (fault == REPLAY_HAND) {
        return &list->hand;
    }
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

size_t puts_skip_blank(const struct edits *edits, size_t at)
{
    while (at < edits->length && strchr(" \t\r\n#", edits->bytes[at])) {
        at = edits->bytes[at] == '#' ? edits_line_end(edits, at) : at + 1;
    }
    return at;
}

size_t puts_skip_spaces(const struct edits *edits, size_t at)
{
    while (at < edits->length && strchr(" \t", edits->bytes[at])) {
        at++;
    }
    return at;
}

bool puts_rest_is_blank(const struct edits *edits, size_t at)
{
    at = puts_skip_spaces(edits, at);
    return at == edits->length || strchr("\r\n#", edits->bytes[at]);
}

bool puts_begins_its_line(const struct edits *edits, size_t at)
{
    return puts_skip_spaces(edits, edits_line_begin(edits, at)) == at;
}

void puts_comment_lines(struct edits *edits, size_t begin, size_t end, size_t column)
{
    for (size_t at = begin; at < end; at++) {
        if (edits->bytes[at] != '\n') {
            continue;
        }
        size_t text = puts_skip_spaces(edits, at + 1);
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
    if (entry == &list->hand) {
        return BY_HAND;
    }
    bool every = list->replay->scenario->faults[fault->fault].trigger.kind == TRIGGER_EVERY;
    return every || entry == &list->pauses ? AT_THE_END : (uint32_t)(entry - list->entries);
}

/* What is said above what an entry did; NULL: nothing. */
static const char *title_of(const struct fault_list *list, uint32_t entry)
{
    const struct fault_spec *faults = list->replay->scenario->faults;
    if (entry == BY_HAND) {
        return list->replay->hand_title;
    }
    if (entry == AT_THE_END) {
        return list->section ? list->replay->title : NULL;
    }
    bool drawn = faults[list->entries[entry].first].trigger.kind == TRIGGER_RANDOMLY;
    return drawn                            ? list->replay->title
           : list->entries[entry].cut_short ? list->replay->cut_short_title
                                            : NULL;
}

static void put_faults(struct fault_list *list, struct place *place, uint32_t entry)
{
    const struct replay *replay = list->replay;
    const char *title = title_of(list, entry);
    if (title && !list->json) {
        put_line(list, place, "# ", title, "");
        place->in_comment = true;
    }
    for (size_t i = 0; i < replay->count; i++) {
        const struct replay_fault *fault = &replay->faults[i];
        if (fault_list_writes(list, fault) && place_of(list, fault) == entry) {
            put_fault(list, place, fault);
        }
    }
}

void puts_of_entry(struct fault_list *list, struct place *place, uint32_t entry)
{
    put_faults(list, place, entry);
}

void puts_last(struct fault_list *list, struct place *place)
{
    put_faults(list, place, AT_THE_END);
    if (list->hand.count > 0) {
        put_faults(list, place, BY_HAND);
    }
}

size_t puts_count(const struct fault_list *list)
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

char *puts_blanks(struct fault_list *list, size_t width)
{
    char *blanks = malloc(width + 1);
    if (!blanks) {
        list->edits->failed = true;
        return NULL;
    }
    memset(blanks, ' ', width);
    blanks[width] = '\0';
    return blanks;
}
