/* Why a leader lost its office, although it lives: what kept it from holding it. */
#ifndef HUSTINGS_OUTCOME_END_OF_OFFICE_H
#define HUSTINGS_OUTCOME_END_OF_OFFICE_H

#include "sim/outcome/outcome.h"

/* The cause (enum cause) for which `leader` stopped by the event at `index`, by what befell it, its
 * links, its clock, the store or the lock since it last held the lock for sure, as far as it lasted
 * that long; `otherwise` if nothing did. Walks over the history, so it is called when an office
 * ends only. */
uint8_t end_of_office(const struct history *history, size_t index, uint16_t leader,
                      uint8_t otherwise);

#endif
