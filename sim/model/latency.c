/* Latencies. See latency.h. */
#include "sim/model/latency.h"

#include <assert.h>

#include "sim/model/fixed.h"
#include "sim/model/normal.h"

_Static_assert(LATENCY_CELLS == NORMAL_CELLS, "quantiles are looked up by the same cells");

/* A quantile as a whole number of these. */
#define PLACES ((int64_t)LATENCY_CELLS * LATENCY_CELLS)

/* Fills a table from the quantile function at `place` / PLACES, for place from 0 to PLACES. */
static void fill(struct latency_table *table, const void *shape,
                 int64_t (*quantile)(const void *shape, int64_t place))
{
    for (int64_t i = 0; i <= LATENCY_CELLS; i++) {
        table->at[i] = quantile(shape, i * LATENCY_CELLS);
        table->low[i] = quantile(shape, i);
        table->high[i] = quantile(shape, PLACES - LATENCY_CELLS + i);
    }
    table->constant = table->at[0] == table->at[LATENCY_CELLS];
}

static void check_bounds(int64_t low_ns, int64_t high_ns)
{
    assert(low_ns >= 0 && low_ns <= high_ns && high_ns <= LATENCY_MAX_NS);
}

/* --- shapes ----------------------------------------------------------------------------------- */

struct between {
    int64_t low, high;
};

static int64_t quantile_between(const void *shape, int64_t place)
{
    const struct between *between = shape;
    int64_t width = between->high - between->low;
    /* In two parts, as the product would not fit. */
    return between->low + width / PLACES * place + width % PLACES * place / PLACES;
}

void latency_uniform(struct latency_table *table, int64_t low_ns, int64_t high_ns)
{
    check_bounds(low_ns, high_ns);
    fill(table, &(struct between){low_ns, high_ns}, quantile_between);
}

void latency_constant(struct latency_table *table, int64_t ns)
{
    latency_uniform(table, ns, ns);
}

/* -mean × ln(1 - p): from the logarithm to the base 2 of what is left above. */
static int64_t quantile_exponential(const void *shape, int64_t place)
{
    const int64_t *mean = shape;
    int64_t halves_left = place < PLACES ? 2 * (PLACES - place) : 1;
    int64_t log = fixed_log2((uint64_t)(2 * PLACES)) - fixed_log2((uint64_t)halves_left);
    /* log × ln 2, with 24 bits after the point; it is below 2^4, the mean below 2^47. */
    int64_t times = log / 256 * 11629080 / NORMAL_ONE;
    int64_t ns = *mean / 65536 * times / 256 + *mean % 65536 * times / NORMAL_ONE;
    return ns < LATENCY_MAX_NS ? ns : LATENCY_MAX_NS;
}

void latency_exponential(struct latency_table *table, int64_t mean_ns)
{
    check_bounds(0, mean_ns);
    fill(table, &mean_ns, quantile_exponential);
}

struct log_normal {
    int64_t middle; /* the median's logarithm */
    int64_t step;   /* of the logarithm, a standard deviation */
};

static int64_t normal_at(int64_t place)
{
    if (place < LATENCY_CELLS) {
        return -normal_tail(LATENCY_CELLS - (int)place);
    }
    if (place > PLACES - LATENCY_CELLS) {
        return normal_tail((int)(place - (PLACES - LATENCY_CELLS)));
    }
    return normal_body((int)(place / LATENCY_CELLS));
}

static int64_t quantile_log_normal(const void *shape, int64_t place)
{
    const struct log_normal *log_normal = shape;
    int64_t power = log_normal->middle + log_normal->step * normal_at(place) / NORMAL_ONE;
    int64_t most = fixed_log2((uint64_t)LATENCY_MAX_NS);
    return power < 0 ? 0 : fixed_exp2(power < most ? power : most);
}

void latency_log_normal(struct latency_table *table, int64_t p50_ns, int64_t p99_ns)
{
    check_bounds(1, p50_ns);
    check_bounds(p50_ns, p99_ns);
    if (p50_ns == p99_ns) {
        latency_constant(table, p50_ns);
        return;
    }
    struct log_normal shape = {.middle = fixed_log2((uint64_t)p50_ns)};
    int64_t apart = fixed_log2((uint64_t)p99_ns) - shape.middle;
    shape.step = apart * (NORMAL_ONE / 64) / (NORMAL_P99 / 64);
    fill(table, &shape, quantile_log_normal);
}

struct measured {
    const int64_t *ns;
    uint32_t count;
};

static int64_t quantile_measured(const void *shape, int64_t place)
{
    const struct measured *measured = shape;
    int64_t along = place * (int64_t)(measured->count - 1);
    int64_t from = along / PLACES;
    if (from == (int64_t)measured->count - 1) {
        return measured->ns[from];
    }
    struct between between = {measured->ns[from], measured->ns[from + 1]};
    return quantile_between(&between, along % PLACES);
}

void latency_measured(struct latency_table *table, const int64_t *ns, uint32_t count)
{
    assert(count >= 2);
    check_bounds(ns[0], ns[count - 1]);
    fill(table, &(struct measured){ns, count}, quantile_measured);
}

void latency_of(struct latency_table *table, const struct latency *named)
{
    const int64_t *ns = named->times_ns;
    switch ((enum latency_shape)named->shape) {
    case LATENCY_CONSTANT:
        latency_constant(table, ns[0]);
        break;
    case LATENCY_LOG_NORMAL:
        latency_log_normal(table, ns[0], ns[1]);
        break;
    case LATENCY_UNIFORM:
        latency_uniform(table, ns[0], ns[1]);
        break;
    case LATENCY_EXPONENTIAL:
        latency_exponential(table, ns[0]);
        break;
    case LATENCY_TABLE:
        latency_measured(table, named->table_ns, named->count);
        break;
    }
}

/* --- looking it up ---------------------------------------------------------------------------- */

int64_t latency_median(const struct latency_table *table)
{
    return table->at[LATENCY_CELLS / 2];
}

static int64_t mean_of_cells(const int64_t *at, int from, int to)
{
    int64_t sum = 0;
    for (int i = from; i < to; i++) {
        sum += (at[i] + at[i + 1]) / 2;
    }
    return sum / LATENCY_CELLS;
}

int64_t latency_mean(const struct latency_table *table)
{
    if (table->constant) {
        return table->at[0];
    }
    int64_t outermost = mean_of_cells(table->low, 0, LATENCY_CELLS) / LATENCY_CELLS +
                        mean_of_cells(table->high, 0, LATENCY_CELLS) / LATENCY_CELLS;
    return outermost + mean_of_cells(table->at, 1, LATENCY_CELLS - 1);
}
