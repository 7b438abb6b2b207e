/* How long a stall lasts. See stalls.h. */
#include "sim/host/stalls.h"

#include <assert.h>

#include "sim/host/rng.h"

int64_t stalls_lasts_ns(const struct nemesis *nemesis, uint16_t fault)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    const struct stalls *stalls = &nemesis->scenario->stalls;
    if (!spec->drawn) {
        return fault_lasts_ns(spec);
    }
    assert(stalls->count > 0);
    uint64_t rng = nemesis->seed ^ 0x7374616c6c73ULL; /* a stream of its own */
    rng = rng_next(&rng) + ((uint64_t)fault << 32 | nemesis->time);
    int64_t lasts_ns = stalls->ns[rng_below(&rng, stalls->count)];
    assert(lasts_ns > 0 && lasts_ns <= fault_lasts_ns(spec));
    return lasts_ns;
}
