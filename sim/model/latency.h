/* Latencies: how long a message takes on its way, drawn from a distribution by seeded random
 * numbers.
 *
 *     constant       always the same
 *     uniform        anything between two bounds, alike
 *     exponential    given by its mean
 *     log-normal     given by its median and 99th percentile: what networks and queues look like
 *     table          given by measured quantiles
 *
 * Every distribution is turned into one table of quantiles, and a draw is a look into it: a cell
 * chosen by the random numbers, and a place within the cell. The outermost cells are divided once
 * more, so that the tail reaches to the quantile 1 - 2^-19, where it is cut off.
 *
 * All of it is integer arithmetic, so that equal seeds give equal times whatever compiler, flags or
 * libc there are.
 */
#ifndef HUSTINGS_MODEL_LATENCY_H
#define HUSTINGS_MODEL_LATENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/host/rng.h"
#include "sim/scenario/scenario.h"
#include "src/units.h"

#define LATENCY_CELLS 512 /* each of the same probability */

/* The longest time that a distribution may give: 24 h. */
#define LATENCY_MAX_NS (24 * NS_PER_H)

struct latency_table {
    bool constant;                   /* at[0] always; needs no random numbers */
    int64_t at[LATENCY_CELLS + 1];   /* at[i] is the quantile i / LATENCY_CELLS, in ns */
    int64_t low[LATENCY_CELLS + 1];  /* the same within the first cell */
    int64_t high[LATENCY_CELLS + 1]; /* and within the last */
};

/* Bounds are asserted: times from 0 to LATENCY_MAX_NS, the second not below the first. */
void latency_constant(struct latency_table *table, int64_t ns);
void latency_uniform(struct latency_table *table, int64_t low_ns, int64_t high_ns);
void latency_exponential(struct latency_table *table, int64_t mean_ns);

/* 0 < p50_ns. With p50_ns == p99_ns it is constant. */
void latency_log_normal(struct latency_table *table, int64_t p50_ns, int64_t p99_ns);

/* `ns[i]` is the quantile i / (count - 1), ascending; count >= 2. Straight lines in between. */
void latency_measured(struct latency_table *table, const int64_t *ns, uint32_t count);

/* What a scenario names, which its loader has checked. */
void latency_of(struct latency_table *table, const struct latency *named);

/* A draw. */
static inline int64_t latency_draw(const struct latency_table *table, uint64_t *rng)
{
    if (table->constant) {
        return table->at[0];
    }
    uint64_t roll = rng_next(rng);
    const int64_t *at = table->at;
    uint32_t cell = (uint32_t)(roll >> 55);
    if (cell == 0 || cell == LATENCY_CELLS - 1) {
        at = cell == 0 ? table->low : table->high;
        cell = (uint32_t)(roll >> 46) % LATENCY_CELLS;
    }
    uint64_t rises = (uint64_t)(at[cell + 1] - at[cell]); /* quantiles ascend */
    return at[cell] + (int64_t)(rises * (roll >> 16 & UINT16_MAX) / 65536);
}

/* The median. */
int64_t latency_median(const struct latency_table *table);

/* The mean of what is drawn. */
int64_t latency_mean(const struct latency_table *table);

#endif
