/* How checks ended, what was not tested and which faults were not done, for machines. */
#ifndef HUSTINGS_RESULTS_NOT_TESTED_H
#define HUSTINGS_RESULTS_NOT_TESTED_H

#include "sim/outcome/trials.h"
#include "sim/results/json_out.h"

/* Each of these writes a member of an object. `trials` NULL: there are none. */

/* `checks`: an object for each check, by their rows, with its name, how it ended, and why (null: no
 * reason). */
void json_checks(struct json_out *out, const struct check_verdict *checks);

/* `not_tested`: a list of {"check", "why", "sentence"}; `check` is null in one that is about no
 * check. */
void json_untested(struct json_out *out, const struct trials *trials);

/* `not_done`: a list of faults, each with its place in the scenario, its text, the reason, and the
 * number of trials. */
void json_not_done(struct json_out *out, const struct trials *trials);

/* The same of a history whose scenario is not known. False: memory is out, and the list is not
 * whole. */
bool json_not_done_of_history(struct json_out *out, const struct history *history);

#endif
