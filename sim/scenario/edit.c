/* Changes to a text. See edit.h. */
#include "sim/scenario/edit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"

void edits_begin(struct edits *edits, const char *bytes, size_t length)
{
    const char *first = memchr(bytes, '\n', length);
    *edits = (struct edits){.bytes = bytes, .length = length, .newline = "\n"};
    if (first && first > bytes && first[-1] == '\r') {
        edits->newline = "\r\n";
    }
}

void edits_free(struct edits *edits)
{
    for (size_t i = 0; i < edits->count; i++) {
        free(edits->list[i].text);
    }
    free(edits->list);
    *edits = (struct edits){0};
}

/* A copy with the text's own newlines; NULL: memory is out. */
static char *own_newlines(const struct edits *edits, const char *text)
{
    size_t width = strlen(edits->newline);
    size_t size = 1;
    for (const char *at = text; *at; at++) {
        size += *at == '\n' ? width : 1;
    }
    char *copy = malloc(size);
    char *out = copy;
    for (const char *at = text; copy && *at; at++) {
        if (*at == '\n') {
            memcpy(out, edits->newline, width);
            out += width;
        } else {
            *out++ = *at;
        }
    }
    if (copy) {
        *out = '\0';
    }
    return copy;
}

static bool make_room(struct edits *edits)
{
    struct edit *list = grown(edits->list, edits->count, &edits->capacity, sizeof *list);
    edits->list = list ? list : edits->list;
    return list != NULL;
}

void edits_put(struct edits *edits, size_t from, size_t to, const char *text)
{
    assert(from <= to && to <= edits->length);
    char *copy = own_newlines(edits, text);
    if (!copy || !make_room(edits)) {
        free(copy);
        edits->failed = true;
        return;
    }
    size_t place = edits->count++;
    while (place > 0 && edits->list[place - 1].from > from) {
        edits->list[place] = edits->list[place - 1];
        place--;
    }
    edits->list[place] = (struct edit){.from = from, .to = to, .text = copy};
}

char *edits_apply(struct edits *edits, size_t *length)
{
    size_t size = edits->length + 1;
    for (size_t i = 0; i < edits->count; i++) {
        size += strlen(edits->list[i].text);
    }
    char *out = edits->failed ? NULL : malloc(size);
    size_t used = 0;
    size_t at = 0;
    for (size_t i = 0; out && i < edits->count; i++) {
        const struct edit *edit = &edits->list[i];
        assert(edit->from >= at);
        memcpy(out + used, edits->bytes + at, edit->from - at);
        used += edit->from - at;
        memcpy(out + used, edit->text, strlen(edit->text));
        used += strlen(edit->text);
        at = edit->to;
    }
    if (out) {
        memcpy(out + used, edits->bytes + at, edits->length - at);
        used += edits->length - at;
        out[used] = '\0';
        *length = used;
    }
    return out;
}

size_t edits_moved(const struct edits *edits, size_t at)
{
    size_t moved = at;
    for (size_t i = 0; i < edits->count && edits->list[i].from <= at; i++) {
        const struct edit *edit = &edits->list[i];
        moved += strlen(edit->text);
        moved -= (edit->to < at ? edit->to : at) - edit->from;
    }
    return moved;
}

size_t edits_line_begin(const struct edits *edits, size_t at)
{
    while (at > 0 && edits->bytes[at - 1] != '\n') {
        at--;
    }
    return at;
}

size_t edits_line_end(const struct edits *edits, size_t at)
{
    while (at < edits->length && edits->bytes[at] != '\n') {
        at++;
    }
    return at > 0 && at < edits->length && edits->bytes[at - 1] == '\r' ? at - 1 : at;
}
