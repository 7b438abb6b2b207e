/* How elections end: decisions and publications, as a history shows them. */
#ifndef HUSTINGS_RESULTS_PUBLISHING_H
#define HUSTINGS_RESULTS_PUBLISHING_H

#include "sim/results/electing.h"

/* Take in the HISTORY_DECIDED, the HISTORY_REPLY at `index`. */
void publishing_decided(struct elections *elections, size_t index);
void publishing_reply(struct elections *elections, size_t index);

#endif
