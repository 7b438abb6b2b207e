/* Sentences, each kept once: events name them by their numbers. */
#ifndef HUSTINGS_REPORT_TEXTS_H
#define HUSTINGS_REPORT_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed: empty. Ends with texts_free(). */
struct texts {
    char **list; /* owned */
    size_t count, capacity;
    uint32_t *places; /* a hash table of numbers + 1; 0: free */
    size_t room;      /* of it, a power of two */
    bool failed;      /* memory was out: numbers since then are 0 */
};

/* The number of a sentence, from 0. */
uint32_t texts_number(struct texts *texts, const char *text);

void texts_free(struct texts *texts);

#endif
