/* What run.json says of how the trials of a scenario met its expectations. */
#ifndef HUSTINGS_RESULTS_CONCLUSION_H
#define HUSTINGS_RESULTS_CONCLUSION_H

#include <cjson/cJSON.h>

#include "sim/outcome/trials.h"

/* Sets it in the summary of a scenario: `expectations` (the verdict), `points` (each expectation),
 * `unmet`, `open`, `not_tested` and `not_done`. After trials_end(). False: memory is out. */
bool conclusion_json(cJSON *summary, const struct trials *trials,
                     const struct judgement *judgement);

#endif
