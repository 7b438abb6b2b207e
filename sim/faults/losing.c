/* How many are lost, or what share. See losing.h. */
#include "sim/faults/losing.h"

void losing_wait_for(const struct fault_spec *spec, struct link_order *order)
{
    order->count = (uint32_t)spec->params[LOSING_COUNT];
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

bool losing_clash(const struct fault_spec *spec, const char **what, const char **hint)
{
    bool lasts = spec->params[LOSING_FOR] > 0;
    if (spec->params[LOSING_SHARE] > 0 && !lasts) {
        *what = "share has no time: it is the share of what is sent within that";
        *hint = "add for: as in for: 2s";
        return true;
    }
    if (spec->params[LOSING_COUNT] > 1 && lasts) {
        *what = "count and for do not go together: the one says how many, the other how long";
        *hint = "leave one of them away";
        return true;
    }
    return false;
}
