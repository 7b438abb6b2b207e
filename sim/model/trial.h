/* One trial in virtual time. */
#ifndef HUSTINGS_MODEL_TRIAL_H
#define HUSTINGS_MODEL_TRIAL_H

#include "sim/model/state.h"

/* Runs it to its end, with model->history, model->checks and model->facts set. How it ended is then
 * in model->failed and model->interrupted. */
void trial_run(struct model *model, uint64_t seed);

/* The same in steps: begins it; … */
void trial_begin(struct model *model, uint64_t seed);

/* … takes one of what is in the queue, by its number, or the alarm, whose time has come or not: the
 * clock goes on to its time, if it was not there yet; … */
void trial_take_due(struct model *model, uint32_t seq);
void trial_take_alarm(struct model *model);

/* … carries out an order by hand (host/hand.h), whose words it returns, as model_order() says; … */
const char *trial_order(struct model *model, struct hand_order order, int64_t at_ns);

/* … and notes at the end, which model->stop says, if memory was out. */
void trial_end(struct model *model);

/* For a model that loads the state of a trial: gives its nemesis what it needs of the model. */
bool trial_attach(struct model *model, uint64_t seed);

#endif
