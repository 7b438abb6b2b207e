/* For how long nobody led: the one place that says what that means.
 *
 * A member *leads* while it lives, acts as leader by its own claim (cluster.h), and is acceptable
 * to the protocol (protocol.h), given what is true of the cluster: by the article's rules it is the
 * rightful one; a lease's leader is not paused. Whoever stands still leads nobody.
 *
 * Only the safety phase counts, from t0 to the end of `duration`: what comes after it is the
 * healing, and has a bound of its own, settles_within. */
#ifndef HUSTINGS_OUTCOME_LEADERLESS_H
#define HUSTINGS_OUTCOME_LEADERLESS_H

#include "sim/outcome/electing.h"

struct leaderless {
    int64_t ns;           /* so long nobody led, up to now_ns */
    int64_t now_ns;       /* all is counted up to here; t0 to begin with */
    int64_t led_until_ns; /* somebody leads until then, unless something happens before */
};

void leaderless_begin(struct leaderless *leaderless);

/* Counts the time up to `now_ns`, as the cluster stood so far. Before the view takes in the event
 * of that time. */
void leaderless_pass(struct leaderless *leaderless, const struct view *view, int64_t now_ns);

/* Looks again who leads; the view, the tally and the elections are as they are just after `event`,
 * which is no message. */
void leaderless_event(struct leaderless *leaderless, struct elections *elections,
                      const struct history_event *event);

#endif
