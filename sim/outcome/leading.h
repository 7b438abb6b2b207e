/* Elections of a protocol that publishes nothing, such as a lease: there is no result, and whoever
 * acts as leader is the leader. One is due when nobody does any more; whoever begins to is its
 * publication. */
#ifndef HUSTINGS_OUTCOME_LEADING_H
#define HUSTINGS_OUTCOME_LEADING_H

#include "sim/outcome/electing.h"

/* Take in an event, of which the view has told already: the leader so far may have stopped (before
 * what else changed is taken in), and another may have begun (after that). */
void leading_stops(struct elections *elections, size_t index);
void leading_begins(struct elections *elections, size_t index);

#endif
