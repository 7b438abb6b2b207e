/* How many are lost, or what share. See losing.h. */
#include "sim/faults/losing.h"

void losing_how_many(struct link_order *order, int64_t count, int64_t share, int64_t for_ns)
{
    order->count = (uint32_t)count;
    if (for_ns > 0) {
        order->lasts = true;
        order->lost_ppm = LOST_WHOLE / 100 * (share > 0 ? share : 100);
    }
}

void losing_wait_for(const struct fault_spec *spec, struct link_order *order)
{
    losing_how_many(order, spec->params[LOSING_COUNT], spec->params[LOSING_SHARE],
                    spec->params[LOSING_FOR]);
}

/* Its share of what the others leave. */
bool losing_add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    int64_t share = spec->params[LOSING_SHARE];
    int64_t more_ppm = 1;
    while (spec->params[LOSING_FOR] > 0 && times-- > 0 && more_ppm > 0) {
        more_ppm = (LOST_WHOLE - sum->lost_ppm) * (share > 0 ? share : 100) / 100;
        sum->lost_ppm += more_ppm;
    }
    return true;
}

bool losing_clashes(int64_t count, int64_t share, int64_t for_ns, const char **what,
                    const char **hint)
{
    if (share > 0 && for_ns == 0) {
        *what = "share has no time: it is the share of what is sent within that";
        *hint = "add for: as in for: 2s";
        return true;
    }
    if (count > 1 && for_ns > 0) {
        *what = "count and for do not go together: the one says how many, the other how long";
        *hint = "leave one of them away";
        return true;
    }
    return false;
}

bool losing_clash(const struct fault_spec *spec, const char **what, const char **hint)
{
    return losing_clashes(spec->params[LOSING_COUNT], spec->params[LOSING_SHARE],
                          spec->params[LOSING_FOR], what, hint);
}
