/* What was not tested and which faults were not done, for machines. */
#ifndef HUSTINGS_RESULTS_NOT_TESTED_H
#define HUSTINGS_RESULTS_NOT_TESTED_H

#include <cjson/cJSON.h>

#include "sim/outcome/outcome.h"

/* Each of these sets a member of `object`. False: memory is out. */

/* `not_tested`: a list of {"check", "why", "sentence"}; `check` is null in one that is about no
 * check. */
bool json_set_untested(cJSON *object, const struct outcome *outcomes, size_t count);

/* `not_done`: a list of faults, each with its place in the scenario, its text, the reason, and the
 * number of trials. */
bool json_set_not_done(cJSON *object, const struct scenario *scenario,
                       const struct outcome *outcomes, size_t count);

/* The same of a history whose scenario is not known. */
bool json_set_not_done_of_history(cJSON *object, const struct history *history);

#endif
