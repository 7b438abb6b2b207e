/* Interned texts. See texts.h. */
#include "sim/history/texts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 64

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++) {
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    }
    return hash;
}

/* The slot where `text` is, or where it would go. There is always a free one. */
static uint32_t *slot_of(const struct texts *texts, const struct history *history, const char *text)
{
    size_t mask = texts->slot_count - 1;
    assert(texts->slot_count > history->text_count && (texts->slot_count & mask) == 0);
    size_t place = (size_t)hash_of(text) & mask;
    while (texts->slots[place] && strcmp(history->texts[texts->slots[place] - 1], text) != 0) {
        place = (place + 1) & mask;
    }
    return &texts->slots[place];
}

/* Keeps the table at most half full. */
static bool make_room(struct texts *texts, struct history *history)
{
    if (2 * (history->text_count + 1) <= texts->slot_count) {
        return true;
    }
    struct texts larger = {.slot_count = texts->slot_count ? 2 * texts->slot_count : SLOTS_FIRST};
    char **list = realloc(history->texts, larger.slot_count / 2 * sizeof *list);
    if (!list) {
        return false;
    }
    history->texts = list;
    larger.slots = calloc(larger.slot_count, sizeof *larger.slots);
    if (!larger.slots) {
        return false;
    }
    for (size_t i = 0; i < history->text_count; i++) {
        *slot_of(&larger, history, list[i]) = (uint32_t)i + 1;
    }
    free(texts->slots);
    *texts = larger;
    return true;
}

const char *texts_intern(struct texts *texts, struct history *history, const char *text)
{
    if (!make_room(texts, history)) {
        return NULL;
    }
    uint32_t *slot = slot_of(texts, history, text);
    if (!*slot) {
        char *copy = strdup(text);
        if (!copy) {
            return NULL;
        }
        history->texts[history->text_count++] = copy;
        *slot = (uint32_t)history->text_count;
    }
    assert(*slot <= history->text_count);
    return history->texts[*slot - 1];
}

void texts_forget(struct texts *texts)
{
    free(texts->slots);
    memset(texts, 0, sizeof *texts);
}
