/* What came of the trials of one point of a sweep: figures, which fit into a line of text. Or why
 * it was not run: its values make no valid scenario.
 *
 * Trials that are undecided count as such, and in no other figure. */
#ifndef HUSTINGS_SWEEP_POINT_H
#define HUSTINGS_SWEEP_POINT_H

#include <stdio.h>

#include "sim/outcome/spread.h"

/* How to add a figure: here, a row in point.c, and its value in point_end(); results/README.md has
 * a row for each, too. */
enum figure {
    FIGURE_TRIALS,
    FIGURE_FAILED,    /* in which an expectation is broken */
    FIGURE_UNDECIDED, /* as a whole, or of which an expectation cannot be judged */
    FIGURE_UNTESTED,  /* without a split brain, and none could have been seen: see could_split() */
    FIGURE_ELECTIONS, /* that were published */
    FIGURE_ELECT_P50,
    FIGURE_ELECT_P90,
    FIGURE_ELECT_P99,
    FIGURE_ELECT_MAX,
    FIGURE_SETTLE_P50,
    FIGURE_SETTLE_P90,
    FIGURE_SETTLE_P99,
    FIGURE_SETTLE_MAX,
    FIGURE_LEADERLESS_MEAN, /* of a trial; likewise the next three */
    FIGURE_LEADERLESS_P50,
    FIGURE_LEADERLESS_P99,
    FIGURE_LEADERLESS_MAX,
    FIGURE_FALSE_TAKEOVERS, /* see is_false_takeover() */
    FIGURE_LEADER_CRASHES,  /* after which another had to be elected */
    FIGURE_SPLIT_TRIALS,    /* in which the brain was split, see splits() */
    FIGURE_FIRST_SPLIT,     /* the number of the first of these */
    FIGURE_OVERLAP_MEAN,    /* of a trial: two led, or were inside, at once */
    FIGURE_OVERLAP_MAX,
    FIGURE_UNFENCED, /* stale writes that got through */
    FIGURE_LATE,     /* late writes */
    FIGURE_REQUESTS, /* a second, in thousandths */
    FIGURES
};

enum figure_kind { KIND_COUNT, KIND_TIME, KIND_RATE, KIND_TRIAL };

struct figure_row {
    const char *name; /* the column of sweep.csv */
    enum figure_kind kind;
    const char *meaning;
};
extern const struct figure_row figure_rows[FIGURES];

#define POINT_WHY 400

struct point {
    int64_t of[FIGURES]; /* times in ns; NEVER_NS: there is none; FOREVER_NS: never came */
    char why[POINT_WHY]; /* why it was not run, and has no figures; "": it was */
};

/* What is known of a point. */
enum point_kind {
    POINT_NOT_RUN,   /* its values make no valid scenario */
    POINT_SPLIT,     /* the brain was split in some trial */
    POINT_UNDECIDED, /* some trials cannot be judged, and in the others it was not split */
    POINT_UNTESTED,  /* no trial could have shown a split brain */
    POINT_HOLDS,     /* it was not split in those trials that could have shown it, see below */
    POINT_KINDS
};
enum point_kind point_kind(const struct point *point);

/* How many trials could have shown a split brain, and showed none. */
uint64_t point_tested(const struct point *point);

/* Of trials as they come. All zero: none. point_sum_free(). */
struct point_sum {
    struct spread times[ELECTION_TIMES], leaderless;
    uint64_t trials, failed, undecided, untested, elections, false_takeovers, crashes, split_trials,
        unfenced, late, requests;
    uint32_t first_split; /* 0: none */
    int64_t leaderless_ns, overlap_ns, overlap_max_ns, lasted_ns;
};

/* False: memory is out. */
bool point_take(struct point_sum *sum, const struct outcome *outcome);
void point_end(struct point_sum *sum, struct point *point);
void point_sum_free(struct point_sum *sum);

/* Somebody else was elected although the leader lived: it stood still, could not be heard, its
 * clock was wrong, or it gave up. */
bool is_false_takeover(const struct election *election);

/* Whether a split brain would have been seen in a trial: its faults were done, its pauses were over
 * before it ended, one of the checks that find one could have fired, and none is undecided. */
bool could_split(const struct outcome *outcome);

/* Notes that its values make no valid scenario: `why` in one line. */
void point_not_valid(struct point *point, const char *why);

/* As a line of text, and back. False: it is none. */
void point_write(const struct point *point, FILE *line);
bool point_read(const char *line, struct point *point);

#endif
