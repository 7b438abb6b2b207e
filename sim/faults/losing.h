/* What the loss of requests and the loss of answers have in common: how many, or what share. */
#ifndef HUSTINGS_FAULTS_LOSING_H
#define HUSTINGS_FAULTS_LOSING_H

#include "sim/faults/fault.h"

enum { LOSING_COUNT, LOSING_SHARE, LOSING_FOR };

#define LOSING_COUNT_MAX 1000000

/* The rows' parameters, in the order of the enum. */
#define LOSING_PARAMS                                                                              \
    {                                                                                              \
        LOSING_ROWS                                                                                \
    }
#define LOSING_ROWS                                                                                \
    {.name = "count",                                                                              \
     .summary = "how many, one after the other",                                                   \
     .type = PARAM_NUMBER,                                                                         \
     .fallback = 1,                                                                                \
     .low = 1,                                                                                     \
     .high = LOSING_COUNT_MAX},                                                                    \
        {.name = "share",                                                                          \
         .summary = "percent of what is sent during `for`, all of it unless given",                \
         .type = PARAM_NUMBER,                                                                     \
         .low = 1,                                                                                 \
         .high = 100},                                                                             \
    {                                                                                              \
        .name = "for", .summary = "how long, instead of how many", .type = PARAM_DURATION          \
    }

/* Fills in how many, or what share for how long: of what awaits certain commands. */
void losing_how_many(struct link_order *order, int64_t count, int64_t share, int64_t for_ns);

/* Whether these do not go together: a share is one of those within a time; a count is not. */
bool losing_clashes(int64_t count, int64_t share, int64_t for_ns, const char **what,
                    const char **hint);

/* The rows' functions. */
void losing_wait_for(const struct fault_spec *spec, struct link_order *order);
bool losing_add(const struct fault_spec *spec, int64_t times, struct in_force *sum);

bool losing_clash(const struct fault_spec *spec, const char **what, const char **hint);

#endif
