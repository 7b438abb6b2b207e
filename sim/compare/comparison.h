/* Two results folders side by side: what each scenario that is in both came to.
 *
 *     folder A ─▶ comparison_read ─┐
 *     folder B ─▶ comparison_read ─┴─▶ comparison_match ─▶ tables (tables.h)
 *
 * It reads trials.csv, elections.csv and violations.csv. A trial without a row in trials.csv was
 * not finished; what the other files say of it is left out. */
#ifndef HUSTINGS_COMPARE_COMPARISON_H
#define HUSTINGS_COMPARE_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/compare/sample.h"

enum side { SIDE_A, SIDE_B, SIDES };

enum measure { MEASURE_ELECT, MEASURE_SETTLE, MEASURES };

/* Elections of one kind: those that were the nth of their trial and had this cause; or all of the
 * scenario (`nth` 0, `cause` empty). */
struct group {
    uint32_t nth;
    char cause[24];
    struct sample times[MEASURES][SIDES]; /* matched: ascending */
};

/* How many had it, by name: of an order of leaders and of a check trials, of a verdict
 * elections. */
struct share {
    char *name;
    size_t count[SIDES];
};
struct shares {
    struct share *list;
    size_t count, capacity;
};

/* A trial while it is read. */
struct trial_seen {
    uint64_t number;
    char *leaders;   /* "1 4 3": whom published results named, in order, repeats as one */
    uint64_t checks; /* bits by the place in the scenario's `checks` */
};
struct trials {
    struct trial_seen *list; /* ascending */
    size_t count, capacity;
    size_t at; /* where the last one was found */
};

struct compared {
    char *scenario;
    char host[SIDES][16];
    struct trials trials[SIDES];
    size_t elections[SIDES];
    struct shares leaders; /* matched: the most frequent first */
    struct shares verdicts, endings, checks;
    struct group *groups; /* [0]: all; the others ascending by nth and cause once matched */
    size_t group_count, group_capacity;
};

/* Owned by the caller: comparison_free(). Start with a zeroed one. */
struct comparison {
    const char *folder[SIDES];
    struct compared *list; /* matched: those in both folders, in A's order, come first */
    size_t count, capacity;
    size_t both;     /* matched: how many are in both */
    char error[512]; /* one line */
};

/* Reads a folder as one side. False with `error` set. `folder` must outlive the comparison. */
bool comparison_read(struct comparison *comparison, enum side side, const char *folder);

/* After both sides were read. False with `error` set: memory is out. */
bool comparison_match(struct comparison *comparison);

/* The share of a side that has it: 0 to 1. `of` is how many there are on each side. */
double share_of(const struct share *share, const size_t of[SIDES], enum side side);

/* Whether a difference (a distance, or one between two shares) over so many on each side is more
 * than `within`, and more than chance explains: ks_bound(). */
bool differs(double difference, size_t n, size_t m, double within);

/* How many differences there are: among the orders of leaders, the checks, and the distances of all
 * groups that are on both sides. */
size_t comparison_differences(const struct comparison *comparison, double within);

void comparison_free(struct comparison *comparison);

#endif
