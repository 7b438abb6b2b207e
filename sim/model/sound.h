/* What holds of the state of every trial, between two things that happen. */
#ifndef HUSTINGS_MODEL_SOUND_H
#define HUSTINGS_MODEL_SOUND_H

#include "sim/model/state.h"

/* Asserts it: a state that is not sound is a bug of the model. In O(members * servers). */
void model_assert_sound(const struct model *model);

#endif
