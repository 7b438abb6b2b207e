/* Who had the lock while somebody waited for it. See cause.h.
 *
 * Told by what was answered: whoever was told that it took the lock has it until it is told that it
 * gave it back, or the lock is gone. A request whose answer never came may have taken it; if it is
 * the only such one, and others find the lock busy that nobody else has, then it did.
 *
 * Where there are several servers, no single answer gives the lock: whoever says that it is in the
 * critical section has it, until it says that it is not, or until another one is. */
#include "sim/checks/cause.h"

#include "sim/faults/fault.h"
#include <assert.h>

#define SHARES 8
#define SAID 3
#define SEVERAL INT32_MAX /* more than one may have it */

struct share {
    int32_t id;
    uint32_t times;
    int64_t held_ns;
    bool unawares; /* it was never told that it had the lock */
};

struct tenures {
    const struct history *history;
    int64_t since_ns; /* the window begins */
    int32_t holder;   /* NOBODY: nobody, as far as is known */
    int64_t held_since_ns;
    bool unawares;
    int32_t perhaps; /* asked, and never got an answer; NOBODY, or SEVERAL */
    int64_t perhaps_ns;
    struct share shares[SHARES];
    int count;
};

static void end_tenure(struct tenures *tenures, int64_t now_ns)
{
    assert(tenures->count <= SHARES);
    int32_t id = tenures->holder;
    int64_t begin = tenures->held_since_ns;
    begin = begin < tenures->since_ns ? tenures->since_ns : begin;
    tenures->holder = NOBODY;
    if (id == NOBODY || now_ns <= begin) {
        return;
    }
    int i = 0;
    while (i < tenures->count && tenures->shares[i].id != id) {
        i++;
    }
    if (i == SHARES) {
        return;
    }
    if (i == tenures->count) {
        tenures->shares[tenures->count++] = (struct share){.id = id};
    }
    tenures->shares[i].times++;
    tenures->shares[i].held_ns += now_ns - begin;
    tenures->shares[i].unawares = tenures->unawares;
}

static void begin_tenure(struct tenures *tenures, int32_t id, int64_t at_ns, bool unawares)
{
    assert(id != NOBODY && id != SEVERAL);
    end_tenure(tenures, at_ns);
    tenures->holder = id;
    tenures->held_since_ns = at_ns;
    tenures->unawares = unawares;
    tenures->perhaps = NOBODY;
}

static void may_have_it(struct tenures *tenures, uint16_t id, int64_t at_ns)
{
    if (tenures->holder == NOBODY) {
        bool other = tenures->perhaps != NOBODY && tenures->perhaps != id;
        tenures->perhaps = other ? SEVERAL : id;
        tenures->perhaps_ns = at_ns;
    }
}

/* The lock is free, or gone. */
static void ends(struct tenures *tenures, int64_t at_ns)
{
    end_tenure(tenures, at_ns);
    tenures->perhaps = NOBODY;
}

static void take_reply(struct tenures *tenures, const struct history_event *event)
{
    assert(event->kind == HISTORY_REPLY);
    const struct history_reply *reply = &event->reply;
    if (op_has(reply->op, OP_REMOVES_LOCK) && history_applied(reply)) {
        ends(tenures, event->at_ns);
    }
    if (!op_has(reply->op, OP_TAKES_LOCK)) {
        return;
    }
    if (reply->outcome == STORE_OK) {
        begin_tenure(tenures, event->process, event->at_ns, false);
    } else if (reply->outcome == STORE_UNKNOWN) {
        may_have_it(tenures, event->process, event->at_ns);
    } else if (reply->outcome == STORE_NIL && tenures->holder == NOBODY &&
               tenures->perhaps != NOBODY && tenures->perhaps != SEVERAL) {
        begin_tenure(tenures, tenures->perhaps, tenures->perhaps_ns, true);
    }
}

/* It died while it asked for the lock: it may have got it. */
static void take_death(struct tenures *tenures, uint32_t index)
{
    assert(tenures->history->events[index].kind == HISTORY_DIED);
    const struct history_event *died = &tenures->history->events[index];
    for (uint32_t i = index; i-- > 0;) {
        const struct history_event *event = &tenures->history->events[i];
        if (event->process != died->process) {
            continue;
        }
        if (event->kind == HISTORY_REQUEST && op_has(event->request.op, OP_TAKES_LOCK)) {
            may_have_it(tenures, died->process, died->at_ns);
        }
        if (event->kind == HISTORY_REQUEST || event->kind == HISTORY_REPLY ||
            event->kind == HISTORY_BORN) {
            return;
        }
    }
}

/* The lock ran out or was lost, by itself or by a fault. */
static bool is_gone(const struct history_event *event)
{
    return (event->kind == HISTORY_EXPIRED && event->key == KEY_LOCK) ||
           (event->kind == HISTORY_FAULT && fault_rows[event->fault.kind] == &fault_expire_lock);
}

static void take_claim(struct tenures *tenures, const struct history_event *event)
{
    bool inside = event->claim.claim.in_section;
    if (inside && tenures->holder != event->process) {
        begin_tenure(tenures, event->process, event->at_ns, false);
    } else if (!inside && tenures->holder == event->process) {
        ends(tenures, event->at_ns);
    }
}

static void take_in(struct tenures *tenures, uint32_t index)
{
    assert(index < tenures->history->count);
    const struct history_event *event = &tenures->history->events[index];
    if (tenures->history->facts.settings.servers > 1) {
        if (event->kind == HISTORY_CLAIM) {
            take_claim(tenures, event);
        }
    } else if (event->kind == HISTORY_REPLY) {
        take_reply(tenures, event);
    } else if (event->kind == HISTORY_DIED) {
        take_death(tenures, index);
    } else if (is_gone(event)) {
        ends(tenures, event->at_ns);
    }
}

/* The one who had it for nearly all of the time; NULL: there is none. */
static const struct share *owner(const struct tenures *tenures, int64_t now_ns)
{
    assert(now_ns >= tenures->since_ns);
    for (int i = 0; i < tenures->count; i++) {
        if (tenures->shares[i].held_ns >= (now_ns - tenures->since_ns) / 10 * 9) {
            return &tenures->shares[i];
        }
    }
    return NULL;
}

static void say_owner(struct violation *violation, const struct view *view,
                      const struct share *share, uint16_t id)
{
    assert(share->id >= 0 && share->id <= view->facts->settings.nodes);
    const struct view_process *process = &view->processes[share->id];
    if (share->id == id) {
        violation_say(violation, "; it waits for a lock that it holds itself%s",
                      share->unawares ? ": it took it, and the answer never came" : "");
        return;
    }
    violation_say(violation, "; %s had it all the time", text_process(share->id).text);
    if (!process->alive) {
        violation_say(violation, ", although it had died at %s",
                      text_seconds(process->since_ns).text);
    } else if (process->paused) {
        violation_say(violation, ", and was paused");
    } else if (share->unawares) {
        violation_say(violation, " without knowing it: the answer to its request never came");
    }
}

static void say_shares(struct violation *violation, struct tenures *tenures)
{
    int said = 0;
    for (; said < SAID && said < tenures->count; said++) {
        struct share *most = &tenures->shares[0];
        for (int i = 1; i < tenures->count; i++) {
            most = tenures->shares[i].times > most->times ? &tenures->shares[i] : most;
        }
        assert(most->times > 0);
        bool last = said + 1 == SAID || said + 1 == tenures->count;
        violation_say(violation, "%s%s%s ",
                      said == 0 ? "; meanwhile "
                      : last    ? " and "
                                : ", ",
                      text_process(most->id).text, said == 0 ? " had it" : "");
        if (most->times == 1) {
            violation_say(violation, "once");
        } else {
            violation_say(violation, "%s times", text_count(most->times).text);
        }
        most->times = 0;
    }
}

void cause_say_holders(struct violation *violation, const struct view *view,
                       const struct history *history, uint32_t from, uint16_t id)
{
    assert(from <= view->index && id <= view->facts->settings.nodes);
    struct tenures tenures = {.history = history,
                              .since_ns = history->events[from].at_ns,
                              .holder = NOBODY,
                              .perhaps = NOBODY};
    for (uint32_t i = 0; i <= view->index; i++) {
        take_in(&tenures, i);
    }
    end_tenure(&tenures, view->now_ns);
    const struct share *share = owner(&tenures, view->now_ns);
    if (share) {
        say_owner(violation, view, share, id);
    } else {
        say_shares(violation, &tenures);
    }
}
