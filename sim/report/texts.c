/* Sentences, each kept once. See texts.h. */
#include "sim/report/texts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"

static size_t hash(const char *text)
{
    uint64_t sum = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *text; text++) {
        sum = (sum ^ (unsigned char)*text) * UINT64_C(1099511628211);
    }
    return (size_t)(sum ^ sum >> 32);
}

/* Where in the table it is, or where it belongs. */
static size_t place_of(const struct texts *texts, const char *text)
{
    assert(texts->room > texts->count);
    size_t at = hash(text) & (texts->room - 1);
    while (texts->places[at] && strcmp(texts->list[texts->places[at] - 1], text) != 0) {
        at = (at + 1) & (texts->room - 1);
    }
    return at;
}

/* At most half of the table is in use. */
static bool make_room(struct texts *texts)
{
    if (2 * (texts->count + 1) <= texts->room) {
        return true;
    }
    size_t room = texts->room ? 2 * texts->room : 1024;
    uint32_t *places = calloc(room, sizeof *places);
    if (!places) {
        return false;
    }
    free(texts->places);
    texts->places = places;
    texts->room = room;
    for (size_t i = 0; i < texts->count; i++) {
        places[place_of(texts, texts->list[i])] = (uint32_t)i + 1;
    }
    return true;
}

static bool add(struct texts *texts, size_t at, const char *text)
{
    char **list = grown(texts->list, texts->count, &texts->capacity, sizeof *list);
    char *copy = list ? strdup(text) : NULL;
    if (list) {
        texts->list = list;
    }
    if (!copy) {
        return false;
    }
    list[texts->count++] = copy;
    texts->places[at] = (uint32_t)texts->count;
    return true;
}

uint32_t texts_number(struct texts *texts, const char *text)
{
    if (texts->failed || !make_room(texts)) {
        texts->failed = true;
        return 0;
    }
    size_t at = place_of(texts, text);
    if (!texts->places[at] && !add(texts, at, text)) {
        texts->failed = true;
        return 0;
    }
    return texts->places[at] - 1;
}

void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(texts->list[i]);
    }
    free(texts->list);
    free(texts->places);
    *texts = (struct texts){0};
}
