/* Changes to a text, each at its place: everything else stays byte by byte as it is.
 *
 * Give the changes in any order, then edits_apply(). Places are bytes from the start of the text as
 * it was.
 */
#ifndef HUSTINGS_SCENARIO_EDIT_H
#define HUSTINGS_SCENARIO_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct edit {
    size_t from, to;
    char *text; /* owned */
};

/* Start with edits_begin(); edits_free() when done. */
struct edits {
    const char *bytes; /* the caller's; must outlive this */
    size_t length;
    const char *newline; /* as the text has it: "\n" or "\r\n" */
    struct edit *list;
    size_t count, capacity;
    bool failed; /* memory is out */
};

void edits_begin(struct edits *edits, const char *bytes, size_t length);
void edits_free(struct edits *edits);

/* Puts `text` (copied; in it every \n becomes the text's own newline) in place of the bytes from
 * `from` up to before `to`. Several at one place come in the order of the calls. Ranges must not
 * overlap. */
void edits_put(struct edits *edits, size_t from, size_t to, const char *text);

/* The changed text with a zero behind, owned by the caller (free). NULL: memory is out. */
char *edits_apply(struct edits *edits, size_t *length);

/* Where a place is in the changed text; only after edits_apply(). What is put at that very place
 * comes before it. */
size_t edits_moved(const struct edits *edits, size_t at);

/* Where the line of a place begins, and where its line break (or the text) ends it. */
size_t edits_line_begin(const struct edits *edits, size_t at);
size_t edits_line_end(const struct edits *edits, size_t at);

#endif
