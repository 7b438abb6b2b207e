/* One trial in virtual time. */
#ifndef HUSTINGS_MODEL_TRIAL_H
#define HUSTINGS_MODEL_TRIAL_H

#include "sim/model/state.h"

/* Runs it to its end, with model->history, model->checks and model->facts set. How it ended is then
 * in model->failed and model->interrupted. */
void trial_run(struct model *model, uint64_t seed);

#endif
