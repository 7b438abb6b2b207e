/* Faults and undecided elections as causes. See cause.h; who had the lock is in holders.c. */
#include "sim/checks/cause.h"

#include <assert.h>

#include "sim/faults/fault.h"
#include "src/protocol.h"

/* --- faults ----------------------------------------------------------------------------------- */

#define FAULTS_SAID 4

struct applied {
    uint16_t kind, index, process;
    uint8_t server;
};

/* The faults in force, or told already; those for which there is no room are counted. */
struct applied_list {
    struct applied list[FAULTS_SAID];
    int count, more;
};

static bool same(const struct applied *one, const struct history_event *event)
{
    assert(event->kind == HISTORY_HEALED);
    return one->kind == event->fault.kind && one->index == event->fault.index &&
           one->process == event->process && one->server == event->server;
}

static void add(struct applied_list *faults, const struct history_event *event)
{
    assert(faults->count <= FAULTS_SAID && event->kind == HISTORY_FAULT);
    for (int i = 0; i < faults->count; i++) {
        if (faults->list[i].kind == event->fault.kind &&
            faults->list[i].process == event->process && faults->list[i].server == event->server) {
            return;
        }
    }
    if (faults->count < FAULTS_SAID) {
        faults->list[faults->count++] =
            (struct applied){event->fault.kind, event->fault.index, event->process, event->server};
    } else {
        faults->more++;
    }
}

static void drop(struct applied_list *faults, const struct history_event *event)
{
    assert(faults->count <= FAULTS_SAID);
    for (int i = 0; i < faults->count; i++) {
        if (same(&faults->list[i], event)) {
            faults->list[i] = faults->list[--faults->count];
            return;
        }
    }
    faults->more -= faults->more > 0;
}

/* Those that last and were applied before `from`, then whatever was applied from there on. */
static struct applied_list find_faults(const struct history *history, uint32_t from, uint32_t to,
                                       int32_t process)
{
    struct applied_list faults = {.count = 0};
    for (uint32_t i = 0; i <= to && i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        bool concerned = event->process == process || event->process == HISTORY_HARNESS;
        if (event->kind == HISTORY_FAULT && concerned) {
            bool lasts = fault_takes_for(fault_rows[event->fault.kind]);
            if (i >= from || lasts) {
                add(&faults, event);
            }
        } else if (event->kind == HISTORY_HEALED && concerned && i < from) {
            drop(&faults, event);
        }
    }
    return faults;
}

void cause_say_faults(struct violation *violation, const struct history *history, uint32_t from,
                      uint32_t to, int32_t process)
{
    assert(from <= to && process <= UINT16_MAX);
    struct applied_list faults = find_faults(history, from, to, process);
    for (int i = 0; i < faults.count; i++) {
        const struct applied *fault = &faults.list[i];
        bool own = fault->process == process;
        struct short_text whose = own ? text_process(process) : text_server(history, fault->server);
        violation_say(violation, "%s%s of %s",
                      i ? ", " : " (faults: ", fault_rows[fault->kind]->name, whose.text);
        if (own && history->facts.settings.servers > 1 && fault->server != NO_SERVER) {
            violation_say(violation, " on %s", text_server(history, fault->server).text);
        }
        violation_say(violation, "%s", fault->index == HISTORY_HAND ? " by hand" : "");
    }
    const char *end = faults.more > 0 ? ", and more)" : ")";
    violation_say(violation, "%s", faults.count ? end : "");
}

/* --- nobody is elected ------------------------------------------------------------------------ */

/* The last time that `process` was told so. EVENT_NONE: never. */
static uint32_t last_reply(const struct history *history, uint32_t to, uint16_t process,
                           enum moment moment)
{
    assert(to < history->count);
    for (uint32_t i = to + 1; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_REPLY && event->process == process &&
            event->reply.moment == moment && event->reply.outcome == STORE_OK) {
            return i;
        }
    }
    return EVENT_NONE;
}

/* "since node 1, which died at 0.101 s, has not reported". */
static void say_awaited(struct violation *violation, const struct view *view,
                        const struct history *history)
{
    for (uint32_t id = 1; id <= view->facts->settings.nodes; id++) {
        const struct view_process *node = &view->processes[id];
        if (last_reply(history, view->index, (uint16_t)id, MOMENT_REPORTS) != EVENT_NONE) {
            continue;
        }
        violation_say(violation, ", since it waits for all nodes to report, and %s",
                      text_process((int32_t)id).text);
        if (!node->alive && node->life_event != EVENT_NONE) {
            violation_say(violation, ", which died at %s,", text_seconds(node->since_ns).text);
        }
        violation_say(violation, " never did");
        return;
    }
}

/* The statuses were in the store, and are not any more: since when they have been found gone. */
static uint32_t statuses_gone(const struct history *history, uint32_t to, uint16_t process)
{
    assert(to < history->count);
    uint32_t first = EVENT_NONE;
    bool were_there = false;
    for (uint32_t i = 0; i <= to; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind != HISTORY_REPLY || event->reply.outcome != STORE_OK) {
            continue;
        }
        if (event->reply.moment == MOMENT_REPORTS) {
            were_there = true;
            first = EVENT_NONE;
        } else if (event->reply.moment == MOMENT_READS && event->process == process) {
            bool none = event->reply.runs == 0;
            first = !none ? EVENT_NONE : first == EVENT_NONE && were_there ? i : first;
        }
    }
    return first;
}

static bool say_master(struct violation *violation, const struct view *view,
                       const struct history *history)
{
    const struct view_process *master = &view->processes[MASTER_ID];
    uint32_t gone = statuses_gone(history, view->index, MASTER_ID);
    if (!master->alive && master->life_event != EVENT_NONE) {
        violation_say(violation, "the master, who alone decides, had died at %s",
                      text_seconds(master->since_ns).text);
    } else if (master->alive && !master->started) {
        violation_say(violation, "the master never started");
        say_awaited(violation, view, history);
    } else if (master->paused) {
        violation_say(violation, "the master, who alone decides, was paused");
    } else if (master->asks_since_ns != INT64_MIN) {
        violation_say(violation, "the master had been waiting for the lock since %s",
                      text_seconds(master->asks_since_ns).text);
        cause_say_holders(violation, view, history, master->asks_event, MASTER_ID);
    } else if (gone != EVENT_NONE) {
        violation_say(violation,
                      "the Redis lost its data; since %s the master has found no statuses there",
                      text_seconds(history->events[gone].at_ns).text);
    } else {
        return false;
    }
    return true;
}

bool cause_say_undecided(struct violation *violation, const struct view *view,
                         const struct history *history)
{
    if (protocol_moments(&view->facts->settings, MASTER_ID) & 1u << MOMENT_DECIDES) {
        return say_master(violation, view, history);
    }
    uint16_t first = 0;
    for (uint32_t id = 1; id <= view->facts->settings.nodes; id++) {
        const struct view_process *node = &view->processes[id];
        if (!view_is_up(node)) {
            continue;
        }
        if (node->asks_since_ns == INT64_MIN) {
            return false;
        }
        first = first ? first : (uint16_t)id;
    }
    if (!first) {
        return false;
    }
    violation_say(violation, "all who decide were waiting for the lock");
    cause_say_holders(violation, view, history, view->processes[first].asks_event, first);
    return true;
}
