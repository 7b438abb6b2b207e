/* The story of a trial: what happened, in order of time and in words, causes first. It is made from
 * the history and from the violations that were found in it, the same for every host, protocol and
 * lock. The terminal, `hustings check`, the report's page and the live screen tell it as it is.
 *
 *      0.301 s  the lock runs out under node 2, which stands still
 *      0.500 s  node 1 acquires the lock, while node 2 still is in its critical section
 *               (two_lock_holders for 0.5 ms)
 *
 * Faults are told as they were applied, with where they hit their victim; then who lost the lock
 * and who took it, who believes that it holds or leads, what was published and over whom. A
 * violation is named in the line where it begins. What is done again and again is one line with its
 * number: "node 3 renews 14 times, until 5.200 s".
 *
 * Where it is to be short, lines are chosen by their weight: where a promise begins to be broken,
 * the faults that led there, the guilty events; then what elections made; what is routine is never
 * among them. It only thinks. */
#ifndef HUSTINGS_STORY_STORY_H
#define HUSTINGS_STORY_STORY_H

#include "sim/checks/check.h"
#include "sim/history/history.h"

#define STORY_TEXT 480

struct story_line {
    int64_t at_ns;
    uint32_t event;        /* of the history, to look at; the last one before it, if it has none */
    uint16_t weight;       /* how much it tells: enum story_weight and above */
    int32_t violation;     /* the first one that begins here, of those given; -1: none */
    char text[STORY_TEXT]; /* a sentence without time and full stop; to be cleaned (text/clean.h) */
};

/* What the weights begin at. */
enum story_weight {
    STORY_ROUTINE = 0,  /* told in full only */
    STORY_NEWS = 1000,  /* what elections are made of */
    STORY_CAUSE = 6000, /* faults, and what a broken promise rests on */
    STORY_BROKEN = 9000 /* here one begins */
};

struct story {
    struct story_line *lines; /* in order of time; owned: story_free() */
    size_t count;
    size_t left_out; /* lines that the whole story has beside these */
};

/* Tells at most so many lines (SIZE_MAX: all, routine as well). `found` is what the checks found in
 * this history. The history may have gaps. False: memory is out, and there is nothing to be freed.
 */
bool story_tell(struct story *story, const struct history *history, const struct violations *found,
                size_t most);
void story_free(struct story *story);

#endif
