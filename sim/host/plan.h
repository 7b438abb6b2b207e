/* What is settled about a trial before it begins, the same on every host. */
#ifndef HUSTINGS_HOST_PLAN_H
#define HUSTINGS_HOST_PLAN_H

#include "sim/host/host.h"

/* When each process starts, after t0: fills starts_ns[0 … nodes]. INT64_MAX: not by the clock, it
 * awaits everybody's first report. Equal seeds give equal plans. */
void plan_starts(const struct scenario *scenario, uint64_t seed, int64_t *starts_ns);

/* The head of a trial's history. */
void plan_facts(const struct scenario *scenario, const char *host, uint32_t trial, uint64_t seed,
                struct history_facts *facts);

#endif
