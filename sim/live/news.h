/* The news of a history: faults, elections and violations, each with its event and a few words.
 * What one wants to jump to, and the list on the screen. Pure. */
#ifndef HUSTINGS_LIVE_NEWS_H
#define HUSTINGS_LIVE_NEWS_H

#include "sim/checks/check.h"

enum news_kind {
    NEWS_FAULT,    /* a fault, its end, or why it was not done; what befell somebody from outside */
    NEWS_ELECTION, /* somebody else was published, or somebody began to lead */
    NEWS_VIOLATION,
    NEWS_KINDS
};

struct news_item {
    uint32_t event; /* at which it is told */
    uint8_t kind;   /* enum news_kind */
    int64_t at_ns;
    char text[480];
};

/* Start with {0}. */
struct news {
    struct news_item *items; /* owned; in order of events */
    size_t count, room;
    uint32_t seen; /* so many events of the history were looked at */
    struct decision published;
};

void news_free(struct news *news);

/* Takes in what has been appended to the history since. False: memory is out. */
bool news_take(struct news *news, const struct history *history);

/* Adds the violations, in the place of those that were added before. */
bool news_judge(struct news *news, const struct history *history,
                const struct violations *violations);

/* The history has only so many events now. */
void news_cut(struct news *news, const struct history *history, uint32_t count);

/* The first one of a kind at or behind a place (a number of events); the last one before. NULL. */
const struct news_item *news_next(const struct news *news, enum news_kind kind, uint32_t place);
const struct news_item *news_previous(const struct news *news, enum news_kind kind, uint32_t place);

#endif
