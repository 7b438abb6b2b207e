/* The lease as a protocol. See lease.h. */
#include "src/lease/lease.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/protocol.h"
#include "src/units.h"

/* --- steps ------------------------------------------------------------------------------------ */

static void go_on(struct lease *self)
{
    struct lock *lock = &self->process->lock;
    bool woke = self->event->kind == EVENT_WOKE;
    switch ((enum lease_phase)self->own.phase) {
    case PHASE_COMPETING:
        lease_compete_on(self);
        break;
    case PHASE_LEADING:
        assert(woke);
        lease_woke(self);
        break;
    case PHASE_RENEWING:
        if (woke) {
            lease_step_down(self);
        } else {
            lease_renewed(self, lock_step(self->settings, lock, self->event, self->action));
        }
        break;
    case PHASE_RELEASING:
        lease_stepped_down(self, lock_step(self->settings, lock, self->event, self->action));
        break;
    case PHASE_RESTING:
        assert(woke);
        lease_compete(self);
        break;
    }
}

static void take_event(struct lease *self)
{
    const struct event *event = self->event;
    if (event->kind == EVENT_COMMAND) {
        lease_told(self);
    } else if (event->kind == EVENT_REPLY && event->tag >= TAG_LOOK) {
        lease_heard(self);
    } else if (event->kind != EVENT_STARTED) {
        go_on(self);
    } else {
        lease_compete(self);
    }
}

static void step(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action)
{
    assert(process->id > 0); /* its value of the lock would name nobody */
    struct event signed_event = *event;
    struct lease self = {
        .settings = settings, .process = process, .event = &signed_event, .action = action};
    if (event->kind != EVENT_STARTED) {
        memcpy(&self.own, process->own, sizeof self.own);
    }
    signed_event.fresh = lease_value(process->id, self.own.term + 1, event->fresh.low);
    take_event(&self);
    memcpy(process->own, &self.own, sizeof self.own);
}

/* --- the row ---------------------------------------------------------------------------------- */

static uint32_t moments(const struct settings *settings, uint16_t id)
{
    (void)settings;
    (void)id;
    return 1u << MOMENT_EXTENDS_LOCK | 1u << MOMENT_DECIDES | 1u << MOMENT_LEADS |
           1u << MOMENT_RESIGNS | 1u << MOMENT_FOLLOWS;
}

/* Any candidate that runs. */
static bool acceptable(const struct settings *settings, const struct truth *truth, int32_t leader,
                       int32_t incumbent)
{
    (void)settings;
    (void)incumbent;
    int32_t place = truth_find(truth, leader);
    return place >= 0 && truth->up[place];
}

static const char *clash(const struct settings *settings, const char **hint)
{
    const int64_t *value = settings->value[OWNER_PROTOCOL];
    *hint = "write duration > renew_deadline > jitter x retry, as in 15s, 10s, 1.2 and 2s";
    if (value[LEASE_DURATION] <= value[LEASE_RENEW_DEADLINE]) {
        return "duration must be longer than renew_deadline: else a leader still leads when the "
               "next one may";
    }
    if (value[LEASE_RENEW_DEADLINE] <= value[LEASE_RETRY] / 1000 * value[LEASE_JITTER]) {
        return "renew_deadline must be longer than jitter x retry: else a leader may have no "
               "second try";
    }
    return NULL;
}

static const struct param_row params[] = {
    [LEASE_DURATION] = {.name = "duration",
                        .summary = "how long the lock lasts in Redis without a renewal",
                        .type = PARAM_DURATION,
                        .fallback = 15 * NS_PER_S,
                        .low = NS_PER_MS,
                        .high = 24 * NS_PER_H,
                        .unit = NS_PER_MS},
    [LEASE_RENEW_DEADLINE] = {.name = "renew_deadline",
                              .summary = "a leader steps down when its last renewal is so old",
                              .type = PARAM_DURATION,
                              .fallback = 10 * NS_PER_S,
                              .low = NS_PER_MS,
                              .high = 24 * NS_PER_H},
    [LEASE_RETRY] = {.name = "retry",
                     .summary = "between two renewals, and between two tries for the lock",
                     .type = PARAM_DURATION,
                     .fallback = 2 * NS_PER_S,
                     .low = NS_PER_MS,
                     .high = NS_PER_M},
    [LEASE_JITTER] = {.name = "jitter",
                      .summary = "a candidate waits retry x (1 ... 1 + jitter), drawn by chance",
                      .type = PARAM_RATIO,
                      .fallback = 1200,
                      .high = 10000},
    [LEASE_ON_RENEW_FAILURE] = {.name = "on_renew_failure",
                                .summary = "a leader whose renewals fail steps down at the "
                                           "deadline, leads on and renews no more after the first "
                                           "failure, or leads on and tries for ever",
                                .type = PARAM_WORD,
                                .words = "stop|go_on|retry_for_ever"},
    [LEASE_HOLDER_ID] = {.name = "holder_id",
                         .summary = "whether a restarted leader takes the lock of its former life "
                                    "for another's, or for its own, and renews it",
                         .type = PARAM_WORD,
                         .words = "fresh|stable"},
    [LEASE_RELEASE_ON_STOP] = {.name = "release_on_stop",
                               .summary = "whether a leader that steps down gives the lock back",
                               .type = PARAM_FLAG},
    {.type = PARAM_NONE},
};

static const struct governed governs[] = {
    {"ttl", LEASE_DURATION}, {"retry", LEASE_RETRY}, {"wait", GOVERNED_ABSENT}, {NULL, 0}};

static const char *const texts[] = {
    [LEASE_LOOKS] = "looks whose the lock is, and waits",
    [LEASE_FOLLOWS] = "goes by the holder of the lock",
    [LEASE_FORMER] = "the lock is of its own former life: follows nobody",
    [LEASE_STRANGER] = "the lock is a stranger's: follows nobody",
    [LEASE_IS_FREE] = "nobody has the lock",
    [LEASE_CANNOT_TELL] = "cannot tell whose the lock is",
    [LEASE_LEADS] = "holds the lock: leads",
    [LEASE_RENEWS_AGAIN] = "has renewed its lease",
    [LEASE_NOT_RENEWED] = "could not renew its lease: will try again",
    [LEASE_RENEWS_NO_MORE] = "could not renew its lease: leads on, and renews no more",
    [LEASE_LOST] = "its lease is lost: steps down",
    [LEASE_DEADLINE] = "no renewal until the deadline: steps down",
    [LEASE_RESTS] = "waits before it tries again",
    [LEASE_TOLD] = "gives the leadership up, as it was told",
    [LEASE_TOLD_IN_VAIN] = "was told what it cannot do, or has done",
};

static const char *const reasons[] = {NULL, [LEASE_BY_LOCK] = "its lock", NULL};

static const uint16_t times[] = {offsetof(struct lease_own, renewed_ns),
                                 offsetof(struct lease_own, tried_ns), NO_MORE_TIMES};

const struct protocol_row protocol_lease = {
    .name = "lease",
    .summary = "who holds the lock leads, and extends it again and again (client-go's election)",
    .asks = 1u << STORE_GET_TOKEN,
    .topologies = 1u << TOPOLOGY_SINGLE | 1u << TOPOLOGY_INDEPENDENT,
    .params = params,
    .governs = governs,
    .holds_on = true,
    .clash = clash,
    .texts = texts,
    .reasons = reasons,
    .times = times,
    .step = step,
    .moments = moments,
    .acceptable = acceptable,
};
