/* How the times of a protocol stand to the length of the lease. */
#ifndef HUSTINGS_MATRIX_SHARE_H
#define HUSTINGS_MATRIX_SHARE_H

#include "src/settings.h"

/* So much of `part` as `length` is of `whole`, in whole ms unless nothing changes: how a time of a
 * protocol keeps its proportion to the length of the lease. */
int64_t share_of_time(int64_t part, int64_t length, int64_t whole);

/* How long the lease lasts by these settings: as its holder counts, under a protocol that extends
 * it, else in the store. 0: there is none. */
int64_t share_lease_length(const struct settings *settings);

/* The place of the protocol's parameter that is the length of the lease, or -1. */
int share_lease_place(const struct settings *settings);

#endif
