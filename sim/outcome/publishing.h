/* How elections end: decisions and publications, as a history shows them. */
#ifndef HUSTINGS_OUTCOME_PUBLISHING_H
#define HUSTINGS_OUTCOME_PUBLISHING_H

#include "sim/outcome/electing.h"

/* Take in the HISTORY_DECIDED, the HISTORY_REPLY at `index`. */
void publishing_decided(struct elections *elections, size_t index);
void publishing_reply(struct elections *elections, size_t index);

#endif
