/* A cell: what became of one story under one combination, over all its trials.
 *
 *     outcome of a trial ──▶ cell_take()  …  cell_end() ──▶ its kind, the check, the price
 *
 * Nothing holds that could not fail: a trial counts as held only if every fault of the story was
 * done in it, the lock lasted as long as the story says (a program may ask for another time), and
 * the checks that the story is about could have found a broken promise. Whether they can may be a
 * matter of chance (whether two candidates split the servers of a Redlock, so that somebody
 * releases). So a cell holds if some trials tested it and held, and the others did not test it;
 * cell_partly() says that it is such a one.
 */
#ifndef HUSTINGS_MATRIX_CELL_H
#define HUSTINGS_MATRIX_CELL_H

#include "sim/outcome/outcome.h"

enum cell_kind {
    CELL_HOLDS,     /* in every trial that tested it */
    CELL_BREAKS,    /* a promise was broken in n of m */
    CELL_BLOCKS,    /* nobody led, or got the lock, in n of m; nothing else was broken */
    CELL_UNDECIDED, /* of some trials it cannot be known, and in the others nothing broke */
    CELL_NOT_APPLICABLE,
    CELL_KINDS
};
extern const char *const cell_kind_names[CELL_KINDS]; /* "holds", …, "does not apply" */

/* How a trial went, for its cell. */
enum cell_trial { TRIAL_HOLDS, TRIAL_BREAKS, TRIAL_BLOCKS, TRIAL_NOT_KNOWN, TRIAL_NOT_TESTED };

/* What a trial costs, whatever it broke. */
struct cell_price {
    int64_t sum_ns, most_ns;
};

struct cell {
    uint8_t kind; /* enum cell_kind; from cell_end() on */
    uint32_t trials, held, broke, blocked, unknown, untested;
    int check;                    /* the row of the gravest check that was broken, first of those
                                   * that do not only block; -1: none */
    uint32_t broken;              /* bits 1u << row: all of them, also without the faults */
    uint32_t first;               /* the first trial with that; 0: none */
    char why[400];                /* a sentence: what the first one broke, or why it is not known */
    struct cell_price overlap;    /* two led, or were inside the lock, at once */
    struct cell_price leaderless; /* nobody acted as leader */
    uint64_t unfenced;            /* stale writes that were accepted */
    bool works;                   /* members write, so that there could be such */
    bool leads;                   /* there are leaders, so that there could be none */
};

/* An empty cell of a moved story that will run; `asked`: the checks that it is about, as bits. */
void cell_begin(struct cell *cell, const struct scenario *scenario);

/* Takes in a trial. */
enum cell_trial cell_take(struct cell *cell, const struct scenario *scenario, uint32_t asked,
                          const struct outcome *outcome);

/* All trials are in. */
void cell_end(struct cell *cell);

/* One that did not run. */
void cell_not_applicable(struct cell *cell, const char *why);

/* Whether it holds, and some trials did not test it. */
bool cell_partly(const struct cell *cell);

/* Whether it breaks, but no more than that a program of the user's ended by itself (and that, with
 * none left, perhaps nobody led): no promise of its lock was broken. */
bool cell_ends(const struct cell *cell);

/* "breaks", "breaks in 3 of 100", "holds in the 2 of 100 that tested it": for people. Returns
 * `out`. */
char *cell_words(const struct cell *cell, char *out, size_t size);

/* For how long two were at once what only one may be, in a trial. */
int64_t cell_overlap_ns(const struct scenario *scenario, const struct outcome *outcome);

#endif
