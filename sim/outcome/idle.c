/* Idle leaders. See idle.h. */
#include "sim/outcome/idle.h"

#include <assert.h>

void idle_begin(struct idle *idle, const struct view *view, struct idle_one *list,
                struct reach_one *reaches)
{
    *idle = (struct idle){.view = view, .list = list, .longest = {.id = NOBODY}};
    reach_begin(&idle->reach, &view->facts->settings, reaches);
    for (uint32_t id = 0; id <= view->facts->settings.nodes; id++) {
        list[id] = (struct idle_one){.since_ns = INT64_MAX};
    }
}

static enum idleness idleness_of(const struct idle *idle, uint16_t id)
{
    assert(id <= idle->view->facts->settings.nodes);
    uint8_t servers = idle->view->facts->settings.servers;
    unsigned reached = 0, cut = 0;
    for (uint8_t server = 0; server < servers; server++) {
        bool is_cut = reach_is_cut(&idle->reach, id, server);
        cut += is_cut;
        reached += !is_cut && !reach_is_down(&idle->reach, server);
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

static void take_in_fault(struct idle *idle, const struct history_event *event)
{
    assert(event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED);
    idle->ever = true;
    int32_t whose = reach_event(&idle->reach, event);
    if (whose >= 0) {
        look(idle, (uint16_t)whose, IDLE_CUT_OFF);
    }
    for (uint32_t id = 0; whose == REACH_ALL && id <= idle->view->facts->settings.nodes; id++) {
        look(idle, (uint16_t)id, IDLE_NO_REDIS);
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
