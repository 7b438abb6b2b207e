/* A history as the page has it: columns of events, and beside them what the harness knows of them.
 * An event is its place in the history, a member its place in `members`, a server its place in
 * `servers`; times are ns after t0. page/store.js decodes it. */
#ifndef HUSTINGS_REPORT_HISTORY_JSON_H
#define HUSTINGS_REPORT_HISTORY_JSON_H

#include "sim/outcome/outcome.h"
#include "sim/report/data.h"

/* A trial with its outcome, of the run at `run` in the page. */
struct told_trial {
    const struct history *history;
    const struct outcome *outcome;
    const char *command; /* that repeats it */
    size_t run;
};

/* One object of `histories`. */
void history_json(struct data *data, const struct told_trial *trial);

/* Its parts: members of that object. */

/* `states`, `locks`, and `lifetimes`: [server, from when, until when or null], whenever a lock got
 * a time to live: when it was taken, and when that was extended. */
void history_states(struct data *data, const struct history *history);

/* `reads`: [reply, request], where the value that the reply tells proves that this request, of
 * another process, was before it. What follows from an earlier row is left out. */
void history_reads(struct data *data, const struct history *history);

/* `unheard`: replies that the server did not give itself, so that their requests may not have
 * reached it, and prove nothing. */
void history_unheard(struct data *data, const struct history *history);

void history_faults(struct data *data, const struct history *history); /* `faults` */
void history_told(struct data *data, const struct told_trial *trial);  /* `violations`,
                                                                          `elections`, `story` */

#endif
