/* The trials of a scenario, folded together as they come: counts, the first of each kind, and
 * spreads of times. That is all that is told of many trials at the end of a run, and it takes the
 * same memory for ten thousand of them as for a million.
 *
 *     outcome ──▶ trials_take() ──▶ counts …  (the outcome may be freed)
 *                 trials_end()  ──▶ percentiles
 *                 judge(), results, terminal
 */
#ifndef HUSTINGS_OUTCOME_TRIALS_H
#define HUSTINGS_OUTCOME_TRIALS_H

#include "sim/outcome/bounds.h"
#include "sim/outcome/groups.h"
#include "sim/outcome/price.h"
#include "sim/outcome/stalls.h"
#include "sim/outcome/trial_verdict.h"

/* The first trial that gave an answer. */
struct witness {
    struct guilty trial;
    bool kept;                  /* its history is in the results folder */
    bool undecided;             /* it is so as a whole */
    struct check_verdict check; /* how the check ended, if it is about one */
    char why[200];              /* UNKNOWN: the reason; may be empty */
};

/* The trials by their answers. */
struct poll {
    size_t count[ANSWERS];
    struct witness first[ANSWERS]; /* if the count is not 0 */
};

/* A check over all trials. */
struct check_sum {
    struct poll broken;
    size_t endings[CHECK_ENDINGS]; /* how many trials ended so */
    struct check_verdict first;    /* how the first one did */
    bool has_violation;
    struct violation violation; /* the first one of broken.first[YES] */
};

/* A verdict over all trials. */
struct verdict_sum {
    struct poll had;
    size_t elections;         /* that ended so */
    struct election election; /* the first one, if some trial had one */
};

/* A bound on what a trial comes to, over all trials. */
struct total_sum {
    struct poll exceeded;
    int64_t value;   /* in the first trial that exceeds it */
    int64_t largest; /* of the trials that are decided */
};

/* A fault over all trials: in how many it was not done, and the first time. */
struct not_done_sum {
    size_t trials;
    struct not_done first;
};

/* Undecided trials that are told one by one. */
#define UNDECIDED_TOLD 4

struct trials {
    const struct scenario *scenario;
    size_t count;
    const struct outcome *first; /* of the first trial; borrowed, NULL: there was none */
    size_t passed;
    size_t undecided;                               /* as a whole; … */
    struct witness undecided_first[UNDECIDED_TOLD]; /* … the first ones of these */
    bool kept;                                      /* some history is in the results folder */
    double lasted_s;                                /* all together */
    struct stall_sum stalls;
    struct price_sum price;
    struct idle_leader idle;             /* the longest */
    struct check_sum checks[CHECKS_MAX]; /* by their rows */
    struct verdict_sum verdicts[VERDICTS];
    struct poll leaders_differ; /* from those expected */
    char leaders[160];          /* of the first trial in which they do */
    struct total_sum totals[TOTALS];
    struct bound_watch bounds[ELECTION_TIMES];
    struct groups groups;
    struct not_done_sum *not_done; /* by the scenario's faults; owned */
    bool ended;
};

/* No trials yet. The scenario is borrowed. NULL: memory is out. */
struct trials *trials_new(const struct scenario *scenario);
void trials_free(struct trials *trials);

/* Takes in the outcome of a trial, which stays the caller's; the first one must live as long as the
 * trials do, any other may be freed. False: memory is out, and not all of its times are in. */
bool trials_take(struct trials *trials, const struct outcome *outcome);

/* All have come: takes the percentiles. Before this, nothing of them may be told. Once. False:
 * memory is out. */
bool trials_end(struct trials *trials);

/* In how many trials a check (its row) was broken. */
size_t trials_with_check(const struct trials *trials, size_t check);

/* Whether a check could not fire, or does not apply, in all of them: nobody may say it held. */
bool check_is_untested(const struct trials *trials, size_t check);

#endif
