/* Interned texts: each text that a file repeats is kept once, so that events can point to it. */
#ifndef HUSTINGS_HISTORY_TEXTS_H
#define HUSTINGS_HISTORY_TEXTS_H

#include "sim/history/history.h"

/* A hash table of places in history.texts, with open addressing. Zeroed to begin with; owned by
 * whoever reads, texts_forget(). The texts themselves are the history's. */
struct texts {
    uint32_t *slots; /* place + 1; 0: free */
    size_t slot_count;
};

/* The history's one copy of `text`, or NULL when memory is out. */
const char *texts_intern(struct texts *texts, struct history *history, const char *text);
void texts_forget(struct texts *texts);

#endif
