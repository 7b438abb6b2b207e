/* Idle leaders. See idle.h. */
#include "sim/outcome/idle.h"

#include <assert.h>

#include "sim/faults/fault.h"

void idle_begin(struct idle *idle, const struct view *view, struct idle_one *list, uint16_t nodes)
{
    *idle = (struct idle){.view = view, .list = list, .longest = {.id = NOBODY}};
    for (uint32_t id = 0; id <= nodes; id++) {
        list[id] = (struct idle_one){.since_ns = INT64_MAX};
    }
}

static enum idleness idleness_of(const struct idle *idle, uint16_t id)
{
    assert(id <= idle->view->facts->settings.nodes);
    uint8_t servers = idle->view->facts->settings.servers;
    unsigned reached = 0, cut = 0;
    for (uint8_t server = 0; server < servers; server++) {
        bool is_cut = idle->list[id].cuts_off[server] > 0;
        cut += is_cut;
        reached += !is_cut && idle->down[server] == 0;
    }
    return idle->view->processes[id].paused ? IDLE_PAUSED
           : reached > servers / 2u         ? IDLE_NOT
           : cut > 0                        ? IDLE_CUT_OFF
                                            : IDLE_NO_REDIS;
}

/* `how` is what has made it idle until now. */
static void stop(struct idle *idle, uint16_t id, enum idleness how)
{
    struct idle_one *one = &idle->list[id];
    int64_t lasted_ns = idle->view->now_ns - one->since_ns;
    assert(one->since_ns != INT64_MAX && lasted_ns >= 0);
    one->since_ns = INT64_MAX;
    if (lasted_ns > idle->longest.lasted_ns) {
        idle->longest = (struct idle_leader){lasted_ns, id, (uint8_t)how};
    }
}

/* Something has changed with a process that was idle as `how` says, if it was. */
static void look(struct idle *idle, uint16_t id, enum idleness how)
{
    struct idle_one *one = &idle->list[id];
    const struct view *view = idle->view;
    const struct view_process *process = &view->processes[id];
    bool is_idle = idleness_of(idle, id) != IDLE_NOT && view_acts_as_leader(view, process) &&
                   process->claim.until_ns == INT64_MAX;
    if (is_idle && one->since_ns == INT64_MAX) {
        one->since_ns = view->now_ns;
    } else if (!is_idle && one->since_ns != INT64_MAX) {
        stop(idle, id, how);
    }
}

static bool takes_redis_down(const struct fault_row *row)
{
    return row == &fault_stall || row == &fault_crash || row == &fault_power_loss;
}

static void take_in_redis(struct idle *idle, const struct history_event *event)
{
    assert(event->process == HISTORY_HARNESS);
    const struct fault_row *row = fault_rows[event->fault.kind];
    uint32_t *down = &idle->down[event->server];
    uint32_t before = *down;
    if (event->kind == HISTORY_FAULT && row == &fault_restart) {
        *down = 0;
    } else if (takes_redis_down(row) && event->kind == HISTORY_FAULT) {
        (*down)++;
    } else if (takes_redis_down(row) && *down > 0) {
        (*down)--;
    }
    for (uint32_t id = 0; before != *down && id <= idle->view->facts->settings.nodes; id++) {
        look(idle, (uint16_t)id, IDLE_NO_REDIS);
    }
}

static void take_in_fault(struct idle *idle, const struct history_event *event)
{
    assert(event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED);
    idle->ever = true;
    if (event->server >= idle->view->facts->settings.servers) {
        return; /* it is about a process alone */
    }
    if (event->process == HISTORY_HARNESS) {
        take_in_redis(idle, event);
    } else if (fault_rows[event->fault.kind] == &fault_cut) {
        uint16_t *cuts_off = &idle->list[event->process].cuts_off[event->server];
        if (event->kind == HISTORY_FAULT) {
            (*cuts_off)++;
        } else if (*cuts_off > 0) {
            (*cuts_off)--;
        }
        look(idle, event->process, IDLE_CUT_OFF);
    }
}

void idle_event(struct idle *idle, const struct history_event *event)
{
    switch ((enum history_kind)event->kind) {
    case HISTORY_FAULT:
    case HISTORY_HEALED:
        take_in_fault(idle, event);
        break;
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
        idle->ever = true;
        look(idle, event->process, IDLE_PAUSED);
        break;
    case HISTORY_CLAIM:
    case HISTORY_DIED:
        if (idle->ever) {
            look(idle, event->process, idleness_of(idle, event->process));
        }
        break;
    default:
        break;
    }
}

void idle_end(struct idle *idle)
{
    for (uint32_t id = 0; idle->ever && id <= idle->view->facts->settings.nodes; id++) {
        if (idle->list[id].since_ns != INT64_MAX) {
            stop(idle, (uint16_t)id, idleness_of(idle, (uint16_t)id));
        }
    }
}
