/* The news of a history: what its story tells (story/story.h), but for the routine. What one wants
 * to jump to, and the list on the screen. Pure. */
#ifndef HUSTINGS_LIVE_NEWS_H
#define HUSTINGS_LIVE_NEWS_H

#include "sim/story/story.h"

enum news_kind {
    NEWS_STEP,     /* none of the following */
    NEWS_FAULT,    /* a fault, its end, or why it was not done; what came from outside */
    NEWS_ELECTION, /* somebody was published, or began to lead */
    NEWS_VIOLATION,
    NEWS_KINDS
};

struct news_item {
    uint32_t event; /* at which it is told */
    uint8_t kind;   /* enum news_kind */
    int64_t at_ns;
    char text[STORY_TEXT + 16];
};

/* Start with {0}. */
struct news {
    struct news_item *items; /* owned; in order of time, and so of places */
    size_t count;
};

void news_free(struct news *news);

/* Tells all news of the history so far, anew. `found` is what the checks found in it. False: memory
 * is out, and there are the old ones. */
bool news_tell(struct news *news, const struct history *history, const struct violations *found);

/* The history has only so many events now. */
void news_cut(struct news *news, uint32_t count);

/* The first one of a kind at or behind a place (a number of events); the last one before. NULL. */
const struct news_item *news_next(const struct news *news, enum news_kind kind, uint32_t place);
const struct news_item *news_previous(const struct news *news, enum news_kind kind, uint32_t place);

#endif
