/* The lines of a story while it is being told: in the order of their events, some still open.
 *
 * What is done again and again is folded: one line for each member and kind, which counts until
 * something else is told of that member. */
#ifndef HUSTINGS_STORY_DRAFTS_H
#define HUSTINGS_STORY_DRAFTS_H

#include "sim/story/story.h"

/* What is folded, or told otherwise if it happened once. */
enum fold {
    FOLD_NONE,
    FOLD_ROUND,      /* had the lock, and gave it back */
    FOLD_RENEWAL,    /* holds its lock for longer */
    FOLD_FOREIGN,    /* … that of another */
    FOLD_BUSY,       /* found the lock busy */
    FOLD_UNANSWERED, /* got no answer */
    FOLD_REFUSED,    /* was refused */
    FOLD_NO_WAY,     /* could not send its request */
    FOLD_UNREADABLE, /* could not read what it found */
    FOLD_WRITE,      /* a write was accepted */
    FOLD_REJECTED,   /* a write was rejected */
    FOLDS
};

#define DRAFT_EVENTS 4
#define NO_DRAFT SIZE_MAX

struct draft {
    struct story_line line;
    uint32_t events[DRAFT_EVENTS]; /* that it tells of, beside line.event; EVENT_NONE */
    uint16_t process;              /* HISTORY_HARNESS: none */
    uint8_t fold;                  /* enum fold */
    bool dropped;                  /* another line tells it */
    uint32_t count;                /* FOLD_…: how often */
    int64_t until_ns;              /* … the last time */
};

struct drafts {
    struct draft *list; /* owned: drafts_free() */
    size_t count, capacity;
    size_t news; /* the last one that is no routine; NO_DRAFT */
    bool lost;   /* memory ran out */
};

void drafts_free(struct drafts *drafts);

/* A line with an empty text. The first when memory is out is no line: writing to it is harmless.
 * Returns its place; NO_DRAFT when memory is out. */
size_t drafts_add(struct drafts *drafts, int64_t at_ns, uint32_t event, uint16_t process,
                  uint16_t weight);

/* Appends to the text of a line; what does not fit is left out. Nothing for NO_DRAFT. */
void draft_say(struct drafts *drafts, size_t place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The line tells of this event, too. */
void draft_tells(struct drafts *drafts, size_t place, uint32_t event);

/* Writes the texts of all folded lines. */
void drafts_close(struct drafts *drafts);

#endif
