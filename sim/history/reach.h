/* Who can reach which server, as far as faults forbid it: for results, and for whoever shows the
 * cluster. A process is cut off by the fault `cut` on its link; a server is down while it is
 * crashed, without power, or stalled. Of several faults on one place each lasts to its own end. */
#ifndef HUSTINGS_HISTORY_REACH_H
#define HUSTINGS_HISTORY_REACH_H

#include "sim/history/history.h"

/* The faults in force that cut a process off from each server. */
struct reach_one {
    uint16_t cuts_off[SERVERS_MAX];
};

struct reach {
    const struct settings *settings;
    struct reach_one *list;     /* [0 … nodes], the caller's */
    uint32_t down[SERVERS_MAX]; /* faults in force that take each server down */
};

/* Everybody reaches everything. */
void reach_begin(struct reach *reach, const struct settings *settings, struct reach_one *list);

/* Takes in an event of any kind. Returns whose reach may have changed by it: a process, NOBODY, or
 * REACH_ALL, of everybody. */
#define REACH_ALL (-2)
int32_t reach_event(struct reach *reach, const struct history_event *event);

/* Whether faults in force cut the process off from this server. */
static inline bool reach_is_cut(const struct reach *reach, uint16_t id, uint8_t server)
{
    assert(id <= reach->settings->nodes && server < SERVERS_MAX);
    return reach->list[id].cuts_off[server] > 0;
}

static inline bool reach_is_down(const struct reach *reach, uint8_t server)
{
    assert(server < SERVERS_MAX);
    return reach->down[server] > 0;
}

#endif
