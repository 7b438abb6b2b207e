/* A small cluster in virtual time. See cluster.h. */
#include "tests/unit/checks/cluster.h"
#include "src/article/article.h"
#include "src/lock/lock.h"

#include <assert.h>
#include <string.h>

#define HALF_TRIP_NS 50000

static void tell(struct cluster *cluster, uint8_t kind, uint16_t id, struct history_event event)
{
    event.kind = kind;
    event.process = id;
    event.at_ns = cluster->now_ns;
    event.seq = (uint32_t)cluster->history.count;
    bool told = history_append(&cluster->history, &event);
    assert(told);
}

static void tell_ballot(void *cluster, struct history_event *event)
{
    tell(cluster, event->kind, event->process, *event);
}

/* --- the store -----------------------------------------------------------------------------------
 */

static struct reply read_ballot(struct cluster *cluster)
{
    uint32_t count = 0;
    for (uint16_t id = 0; id < CLUSTER_MAX; id++) {
        if (cluster->known[id]) {
            cluster->votes[count++] = (struct vote){.id = id, .status = cluster->statuses[id]};
        }
    }
    return (struct reply){.outcome = STORE_OK,
                          .value.ballot = {.votes = cluster->votes, .count = count}};
}

static struct reply answer(struct cluster *cluster, const struct request *request)
{
    struct reply reply = {.outcome = STORE_OK};
    bool held = cluster->now_ns < cluster->held_until_ns;
    switch ((enum store_op)request->op) {
    case STORE_PUT_IF_ABSENT:
        reply.outcome = held ? STORE_NIL : STORE_OK;
        if (!held) {
            cluster->holder = request->value.token;
            cluster->held_until_ns = cluster->now_ns + request->ttl_ms * INT64_C(1000000);
        }
        break;
    case STORE_DELETE_IF_EQUAL:
        reply.value.integer = held && token_equal(cluster->holder, request->value.token);
        cluster->held_until_ns = reply.value.integer ? 0 : cluster->held_until_ns;
        break;
    case STORE_SET_STATUS:
        cluster->known[request->id] = true;
        cluster->statuses[request->id] = request->status;
        break;
    case STORE_READ_BALLOT:
        return read_ballot(cluster);
    case STORE_GET_RESULT:
        reply.outcome = cluster->result.id == NOBODY ? STORE_NIL : STORE_OK;
        reply.value.result = cluster->result;
        break;
    case STORE_SET_RESULT:
        cluster->result = request->value.result;
        break;
    default:
        assert(false && "not asked in this cluster");
    }
    return reply;
}

/* --- the processes -------------------------------------------------------------------------------
 */

static void tell_request(struct cluster *cluster, uint16_t id, const struct action *action)
{
    struct cluster_process *one = &cluster->list[id];
    const struct request *request = &action->send[0];
    struct history_request asked = {.number = ++one->number,
                                    .moment = request->moment,
                                    .op = request->op,
                                    .key = request->key,
                                    .status = request->status,
                                    .id = request->id,
                                    .ttl_ms = request->ttl_ms};
    if (request->op == STORE_SET_RESULT) {
        asked.value.result = request->value.result;
    } else {
        asked.value.token = request->value.token;
    }
    if (request->op == STORE_READ_BALLOT) {
        one->read_number = one->number;
    }
    tell(cluster, HISTORY_REQUEST, id,
         (struct history_event){.request = asked,
                                .why = process_why(&cluster->history.facts.settings, action->why)});
}

static void act(struct cluster *cluster, uint16_t id, const struct action *action)
{
    struct cluster_process *one = &cluster->list[id];
    if (action->sends > 0) {
        tell_request(cluster, id, action);
        one->asked = action->send[0];
        one->next = CLUSTER_ASKS;
        one->at_ns = cluster->now_ns + HALF_TRIP_NS;
    } else if (action->wake[TIMER_PROTOCOL].order == TIMER_SET) {
        one->next = CLUSTER_WAITS;
        one->at_ns = cluster->now_ns + action->wake[TIMER_PROTOCOL].min_ns;
    } else if (action->stop) {
        one->next = CLUSTER_STOPPED;
    }
}

static void step(struct cluster *cluster, uint16_t id, struct event event)
{
    struct cluster_process *one = &cluster->list[id];
    struct claim before = one->process.claim;
    struct action action;
    event.now_ns = cluster->now_ns;
    event.fresh = (struct token){.high = 1, .low = cluster->tokens + 1};
    process_step(&cluster->history.facts.settings, &one->process, &event, &action);
    cluster->tokens += action.took_token;
    if (action.happened & (1u << MOMENT_DECIDES)) {
        tell(cluster, HISTORY_DECIDED, id,
             (struct history_event){
                 .decided = {.decision = action.decided, .number = one->read_number}});
    }
    if (action.happened || memcmp(&before, &one->process.claim, sizeof before) != 0) {
        tell(cluster, HISTORY_CLAIM, id,
             (struct history_event){
                 .claim = {.claim = one->process.claim, .happened = action.happened}});
    }
    act(cluster, id, &action);
}

static void hear(struct cluster *cluster, uint16_t id)
{
    struct cluster_process *one = &cluster->list[id];
    struct history_event event = {.kind = HISTORY_REPLY,
                                  .process = id,
                                  .reply = {.number = one->number,
                                            .op = one->asked.op,
                                            .outcome = one->reply.outcome,
                                            .moment = one->asked.moment}};
    if (one->asked.op == STORE_READ_BALLOT) {
        history_put_ballot(&event, one->reply.value.ballot, tell_ballot, cluster);
    } else {
        if (one->asked.op == STORE_GET_RESULT && one->reply.outcome == STORE_OK) {
            event.reply.value.result = one->reply.value.result;
        } else if (one->asked.op == STORE_DELETE_IF_EQUAL) {
            event.reply.value.integer = one->reply.value.integer;
        }
        tell(cluster, HISTORY_REPLY, id, event);
    }
    step(cluster, id, (struct event){.kind = EVENT_REPLY, .reply = &one->reply});
}

static void go_on(struct cluster *cluster, uint16_t id)
{
    struct cluster_process *one = &cluster->list[id];
    if (one->next == CLUSTER_ASKS) {
        one->reply = answer(cluster, &one->asked);
        one->next = CLUSTER_HEARS;
        one->at_ns += HALF_TRIP_NS;
    } else if (one->next == CLUSTER_HEARS) {
        hear(cluster, id);
    } else if (one->alive && one->number == 0) {
        tell(cluster, HISTORY_STARTED, id, (struct history_event){.why = "\"go\"\n"});
        step(cluster, id, (struct event){.kind = EVENT_STARTED});
    } else {
        step(cluster, id, (struct event){.kind = EVENT_WOKE});
    }
}

static void is_born(struct cluster *cluster, uint16_t id, int64_t starts_ns)
{
    cluster->list[id] = (struct cluster_process){
        .process = process_new(id), .next = CLUSTER_WAITS, .at_ns = starts_ns, .alive = true};
    tell(cluster, HISTORY_BORN, id, (struct history_event){0});
}

void cluster_begin(struct cluster *cluster, struct settings settings)
{
    memset(cluster, 0, sizeof *cluster);
    assert(settings.nodes < CLUSTER_MAX);
    memcpy(cluster->history.facts.scenario, "ordinary", sizeof "ordinary");
    memcpy(cluster->history.facts.host, "model", sizeof "model");
    cluster->history.facts.settings = settings;
    cluster->history.facts.trial = 1;
    cluster->history.facts.seed = UINT64_MAX;
    cluster->result.id = NOBODY;
    cluster->now_ns = -1500000;
    for (uint16_t id = 0; id <= settings.nodes; id++) {
        is_born(cluster, id, id == MASTER_ID ? 10000000 : 0);
    }
}

void cluster_run_until(struct cluster *cluster, int64_t ms)
{
    for (;;) {
        uint16_t first = CLUSTER_MAX;
        for (uint16_t id = 0; id <= cluster->history.facts.settings.nodes; id++) {
            const struct cluster_process *one = &cluster->list[id];
            if (one->alive && one->next != CLUSTER_STOPPED &&
                (first == CLUSTER_MAX || one->at_ns < cluster->list[first].at_ns)) {
                first = id;
            }
        }
        if (first == CLUSTER_MAX || cluster->list[first].at_ns > ms * 1000000) {
            break;
        }
        cluster->now_ns = cluster->list[first].at_ns;
        go_on(cluster, first);
    }
    cluster->now_ns = ms * 1000000;
}

void cluster_flip(struct cluster *cluster, uint16_t id, enum status to)
{
    step(cluster, id,
         (struct event){.kind = EVENT_COMMAND, .command = COMMAND_FLIP, .value = (int32_t)to});
}

void cluster_crash(struct cluster *cluster, uint16_t id)
{
    cluster->list[id].alive = false;
    tell(cluster, HISTORY_DIED, id,
         (struct history_event){.died = {.by_fault = 1, .exit_status = -1, .signal = 9}});
}

void cluster_restart(struct cluster *cluster, uint16_t id)
{
    is_born(cluster, id, cluster->now_ns + 1000000);
}

void cluster_phase(struct cluster *cluster, enum history_phase phase)
{
    tell(cluster, HISTORY_PHASE, HISTORY_HARNESS, (struct history_event){.phase = (uint8_t)phase});
}
