/* Who can reach which server. See reach.h. */
#include "sim/history/reach.h"

#include <assert.h>

#include "sim/faults/fault.h"

void reach_begin(struct reach *reach, const struct settings *settings, struct reach_one *list)
{
    assert(settings->servers <= SERVERS_MAX);
    *reach = (struct reach){.settings = settings, .list = list};
    for (uint32_t id = 0; id <= settings->nodes; id++) {
        list[id] = (struct reach_one){{0}};
    }
}

static bool takes_down(const struct fault_row *row)
{
    return row == &fault_stall || row == &fault_crash || row == &fault_power_loss;
}

static int32_t take_in_server(struct reach *reach, const struct history_event *event)
{
    assert(event->process == HISTORY_HARNESS && event->server < SERVERS_MAX);
    const struct fault_row *row = fault_rows[event->fault.kind];
    uint32_t *down = &reach->down[event->server];
    uint32_t before = *down;
    if (event->kind == HISTORY_FAULT && row == &fault_restart) {
        *down = 0;
    } else if (takes_down(row) && event->kind == HISTORY_FAULT) {
        (*down)++;
    } else if (takes_down(row) && *down > 0) {
        (*down)--;
    }
    return *down != before ? REACH_ALL : NOBODY;
}

int32_t reach_event(struct reach *reach, const struct history_event *event)
{
    bool on_or_off = event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED;
    if (!on_or_off || event->server >= reach->settings->servers) {
        return NOBODY; /* it is no fault, or one about a process alone */
    }
    if (event->process == HISTORY_HARNESS) {
        return take_in_server(reach, event);
    }
    if (fault_rows[event->fault.kind] != &fault_cut) {
        return NOBODY;
    }
    assert(event->process <= reach->settings->nodes);
    uint16_t *cuts_off = &reach->list[event->process].cuts_off[event->server];
    if (event->kind == HISTORY_FAULT) {
        (*cuts_off)++;
    } else if (*cuts_off > 0) {
        (*cuts_off)--;
    }
    return event->process;
}
