/* What the files of the model share: the state of a trial. Each file calls those below it; upwards
 * there is only what stands in the queue, and what a call returns.
 *
 *     trial.c      the loop and the phases (as run_states.c of the processes host)
 *     verbs.c      what faults are made of
 *     member.c     a process: what it does, and when (as member.c there)
 *     requests.c   its requests go out, over connections that it makes
 *     step.c       a process's steps, and what is seen of them
 *     wire.c       the way that messages take
 *     links.c      the links' faults: messages that are held up, lost, or cut off
 *     server*.c    the servers: what they hold, and what can be done to them
 *     channel.c    what each member has of each server
 *     exchange.c   requests and their answers, connections
 *     model.c      memory, events, and the calls of model.h
 */
#ifndef HUSTINGS_MODEL_STATE_H
#define HUSTINGS_MODEL_STATE_H

#include "sim/checks/check.h"
#include "sim/host/nemesis.h"
#include "sim/model/network.h"
#include "sim/model/parts.h"
#include "sim/model/queue.h"
#include "src/protocol.h"
#include "src/units.h"

/* What can be due: `what` of an entry of the queue, and what its `whom` is. */
enum due_kind {
    DUE_START,    /* a process: it is to start */
    DUE_LOOK,     /* a process: there may be something for it to do; if not, nothing happens */
    DUE_ARRIVAL,  /* an exchange: its request reaches the server */
    DUE_SERVICE,  /* an exchange: the server comes to its request */
    DUE_ANSWER,   /* an exchange: the answer reaches the process */
    DUE_BOOT,     /* a server: it is up */
    DUE_RELEASE,  /* an exchange: what is held up on it may go on, perhaps */
    DUE_RING,     /* a process: whoever starts them has come to it */
    DUE_REPORTED, /* all nodes have reported: whoever awaits that is to start */
};

/* Where the clocks stood when the trial began: no clock that means anything shows 0. */
#define MODEL_CLOCK_NS (1000 * NS_PER_S)

struct model {
    const struct scenario *scenario;
    const struct network *network;
    uint32_t count; /* of members: nodes + 1 */
    uint32_t server_count;
    struct member *members;
    struct channel *channels; /* of each member to each server */
    struct modelled_server *servers;
    struct route *links; /* as channels; NULL: the scenario has no faults on links */
    struct exchanges exchanges;
    struct cluster_member *progress; /* [0 … nodes]: what nemesis and picture see */
    int64_t *starts_ns;

    /* Of the trial that runs: plain bytes, up to `plain_end`. */
    int64_t now_ns;
    int64_t alarm_ns; /* look for what is due but not in the queue, at this time at the latest */
    int64_t quiet_ns; /* nothing is due before then but what the process at work causes itself */
    uint64_t link_rng, token_rng, machine_rng;
    uint64_t
        timers_seed; /* of the trial: what its timers are late is drawn from it, see member.c */
    int64_t starts_free_ns; /* whoever starts processes is busy until then */
    int64_t phase_until_ns;
    uint32_t event_count;
    uint32_t unheard; /* nodes whose first report was not yet acknowledged */
    enum history_phase phase;
    bool stop, failed, interrupted; /* the trial is to end; why, unless because it is over */
    bool changed;                   /* somebody's claim or life, since it was last looked at */
    bool cares;                     /* somebody waits for the cluster to settle */
    bool settled;                   /* it was, when last looked at */
    char plain_end;

    struct queue queue;
    struct history *history;
    struct history_event *place,
        *places_end;          /* in the history: of the next event; after the last */
    uint32_t first_event;     /* the history begins with the event of this number */
    struct check_run *checks; /* NULL: not run */
    struct history own;       /* when nobody wants the events but the checks */
    struct check_run *check_run;
    struct breakpoints breakpoints;
    struct nemesis nemesis;
    struct {
        uint64_t trials, steps, requests, events, virtual_ns;
    } counts;                   /* of all its trials */
    model_step *step;           /* of every process */
    struct process newborn;     /* as a process begins, but for its id */
    struct history_facts facts; /* of every trial, but for its number and seed */
    bool detours;               /* quiet_ns is never used */
    bool (*look)(void *self);
    void *look_self;
    char error[160];
};

/* The world failed: the first reason is kept, and the trial ends. */
void model_fail(struct model *model, const char *what);

/* --- what is due ------------------------------------------------------------------------------ */

/* Puts something into the queue. */
static inline void model_put(struct model *model, int64_t at_ns, enum due_kind what, uint32_t whom)
{
    queue_put(&model->queue, at_ns, (uint8_t)what, whom);
    if (at_ns < model->quiet_ns) {
        model->quiet_ns = at_ns;
    }
}

/* There may be something for this member to do at that time. */
static inline void model_look_at(struct model *model, const struct member *member, int64_t at_ns)
{
    model_put(model, at_ns, DUE_LOOK, member->process.id);
}

/* Lets the alarm ring at this time, if it would not before. */
static inline void model_set_alarm(struct model *model, int64_t at_ns)
{
    if (at_ns < model->alarm_ns) {
        model->alarm_ns = at_ns;
        model->quiet_ns = at_ns < model->quiet_ns ? at_ns : model->quiet_ns;
    }
}

/* The nemesis has set timers: the alarm is set by the first. */
static inline void model_mind_nemesis(struct model *model)
{
    model_set_alarm(model, nemesis_due(&model->nemesis));
}

/* Somebody's claim or life is another: perhaps the moment must be looked at before it passes. */
static inline void model_changed(struct model *model)
{
    model->changed = true;
    if (model->cares) {
        model->quiet_ns = INT64_MIN;
    }
}

/* --- events ----------------------------------------------------------------------------------- */

/* More room for events. */
struct history_event *model_more_room(struct model *model);

/* The place of the next event. It is part of the history once model_recorded() is called. */
static inline struct history_event *model_event(struct model *model)
{
    return model->place < model->places_end ? model->place : model_more_room(model);
}

static inline void model_recorded(struct model *model, struct history_event *event,
                                  uint16_t process)
{
    event->at_ns = model->now_ns;
    event->process = process;
    event->seq = model->event_count++;
    model->place++;
}

/* From now on events go into this history, which has room for one at least, and is emptied. */
void model_write_to(struct model *model, struct history *history);

/* Brings the history's count up to date, for those who read it. */
void model_sync(struct model *model);

/* An event without payload. */
void model_record(struct model *model, enum history_kind kind, uint16_t process);

/* Adds a copy, stamped; for those who have an event ready. `self` is the model. */
void model_record_event(void *self, struct history_event *event);

/* The time of the history. `self` is the model. */
int64_t model_now(void *self);

/* Turns the event of this `seq` into one of another kind. `self` is the model. */
void model_amend_event(void *self, uint32_t seq, uint8_t kind, const char *why);

/* --- the network ------------------------------------------------------------------------------ */

/* How many channels there are. */
static inline size_t model_channels(const struct model *model)
{
    return (size_t)model->count * model->server_count;
}

static inline struct channel *model_channel(const struct model *model, uint16_t id, uint8_t server)
{
    return &model->channels[id * model->server_count + server];
}

/* The link that the channel goes over; where there are faults on links. */
static inline struct route *model_link(const struct model *model, uint16_t id, uint8_t server)
{
    return &model->links[id * model->server_count + server];
}

/* How long a message is under way. */
static inline int64_t model_one_way(struct model *model)
{
    return latency_draw(&model->network->one_way, &model->link_rng);
}

/* A message there and back, without work for the server. */
static inline int64_t model_round_trip(struct model *model)
{
    int64_t out = model_one_way(model);
    return out + model_one_way(model);
}

#endif
