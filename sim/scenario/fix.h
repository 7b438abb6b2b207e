/* Rewrites a scenario that has keys at their old places (moved.h), line by line, so that comments
 * and everything else stay as they are.
 */
#ifndef HUSTINGS_SCENARIO_FIX_H
#define HUSTINGS_SCENARIO_FIX_H

#include "sim/scenario/scenario.h"

enum fix { FIX_NONE, FIX_DONE, FIX_IMPOSSIBLE };

/* Reads the scenario in `bytes` and, with FIX_DONE, puts the new text into *out (owned by the
 * caller: free) and its length into *out_length. FIX_NONE: nothing has moved. FIX_IMPOSSIBLE: one
 * line in `why`. A value that has no place any more, because the chosen lock has no such parameter,
 * becomes a comment. */
enum fix scenario_fix(const char *bytes, size_t length, char **out, size_t *out_length, char *why,
                      size_t why_size);

#endif
