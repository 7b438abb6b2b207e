/* The words by which a history's enumerations go, in files and before people. */
#ifndef HUSTINGS_NAMES_H
#define HUSTINGS_NAMES_H

#include "sim/history/history.h"

#define HISTORY_PHASES (PHASE_END + 1)
#define STORE_OUTCOMES (STORE_UNREADABLE + 1)
#define STATUSES (STATUS_UNKNOWN + 1)

extern const char *const kind_names[HISTORY_KINDS];
extern const char *const phase_names[HISTORY_PHASES];
extern const char *const op_names[STORE_OPS];
extern const char *const key_names[STORE_KEYS];
extern const char *const outcome_names[STORE_OUTCOMES];
extern const char *const status_names[STATUSES];

/* What a request or a reply carries, by its op. */
bool op_has_token(uint8_t op); /* the requests about a lock */
bool op_has_ttl(uint8_t op);
bool op_answers_integer(uint8_t op);

#endif
