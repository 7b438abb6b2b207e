/* The words by which a history's enumerations go, in files and before people. Those of operations
 * and statuses are in sim/ops. */
#ifndef HUSTINGS_HISTORY_NAMES_H
#define HUSTINGS_HISTORY_NAMES_H

#include "sim/history/history.h"
#include "sim/ops/op.h"
#include "sim/ops/values.h"

#define HISTORY_PHASES (PHASE_END + 1)
#define STORE_OUTCOMES (STORE_UNREADABLE + 1)

extern const char *const kind_names[HISTORY_KINDS];
extern const char *const phase_names[HISTORY_PHASES];
extern const char *const key_names[STORE_KEYS];
extern const char *const outcome_names[STORE_OUTCOMES];

#endif
