/* The bounds and words of values that stand in Redis as texts, once for the modelled server, which
 * must know what can be read, and for those who read. */
#ifndef HUSTINGS_OPS_VALUES_H
#define HUSTINGS_OPS_VALUES_H

#include <stdbool.h>

#include "src/store.h"

/* The highest rule that a result may name. */
#define RESULT_RULE_MAX 9

/* Whether a result that stands in Redis as JSON can be read back. */
static inline bool result_is_readable(struct result result)
{
    return result.id >= 0 && result.id <= NODE_ID_MAX && result.rule >= 0 &&
           result.rule <= RESULT_RULE_MAX && result.term <= TERM_MAX;
}

#define STATUSES (STATUS_UNKNOWN + 1)

extern const char *const status_names[STATUSES];

#endif
