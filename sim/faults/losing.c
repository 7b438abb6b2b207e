/* How many are lost, or what share. See losing.h. */
#include "sim/faults/losing.h"

bool losing_apply(struct world *world, uint16_t id, const struct fault_spec *spec,
                  enum link_trouble trouble)
{
    struct link_order order = {.trouble = (uint8_t)trouble,
                               .count = (uint32_t)spec->params[LOSING_COUNT]};
    return world->link(world->self, id, &order);
}

bool losing_heal(struct world *world, uint16_t id, enum link_trouble trouble)
{
    struct link_order order = {.trouble = LINK_HEAL, .undo = (uint8_t)trouble};
    return world->link(world->self, id, &order);
}

/* Its share of what the others leave. */
bool losing_add(const struct fault_spec *spec, struct in_force *sum)
{
    int64_t share = spec->params[LOSING_SHARE];
    int64_t left_ppm = LOST_WHOLE - sum->lost_ppm;
    if (spec->params[LOSING_FOR] > 0) {
        sum->lost_ppm += left_ppm * (share > 0 ? share : 100) / 100;
    }
    return true;
}

bool losing_set(struct world *world, uint16_t id, const struct in_force *sum,
                enum link_trouble trouble)
{
    struct link_order order = {
        .trouble = (uint8_t)trouble, .lasts = true, .lost_ppm = sum->lost_ppm};
    return world->link(world->self, id, &order);
}

bool losing_clash(const struct fault_spec *spec, const char **what, const char **mend)
{
    bool lasts = spec->params[LOSING_FOR] > 0;
    if (spec->params[LOSING_SHARE] > 0 && !lasts) {
        *what = "share has no time: it is the share of what is sent within that";
        *mend = "add for: as in for: 2s";
        return true;
    }
    if (spec->params[LOSING_COUNT] > 1 && lasts) {
        *what = "count and for do not go together: the one says how many, the other how long";
        *mend = "leave one of them away";
        return true;
    }
    return false;
}
