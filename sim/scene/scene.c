/* How the cluster stands after each event. See scene.h. */
#include "sim/scene/scene.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/view.h"
#include "sim/faults/fault.h"

#define SEVERAL INT32_MAX /* more than one may have taken the lock unheard */

const char *const scene_ended_words[] = {
    [SCENE_HELD] = "is held",
    [SCENE_RELEASED] = "was released",
    [SCENE_RAN_OUT] = "ran out",
    [SCENE_LOST] = "was lost with the data",
    [SCENE_TAKEN_OVER] = "was taken over",
};

/* --- memory ----------------------------------------------------------------------------------- */

static struct scene_hold free_lock(uint8_t server)
{
    return (struct scene_hold){
        .holder = NOBODY, .server = server, .until_ns = INT64_MAX, .event = EVENT_NONE};
}

static void forget_requests(struct scene_member *member)
{
    for (unsigned server = 0; server < SERVERS_MAX; server++) {
        member->asked[server] = EVENT_NONE;
    }
}

bool scene_new(struct scene *scene, const struct history_facts *facts)
{
    *scene = (struct scene){0};
    assert(facts->settings.servers <= SERVERS_MAX);
    size_t count = facts->settings.nodes + 1u;
    struct view_process *processes = calloc(count, sizeof *processes);
    uint32_t *followers = calloc(count + 1, sizeof *followers);
    struct reach_one *reaches = calloc(count, sizeof *reaches);
    scene->members = calloc(count, sizeof *scene->members);
    if (!processes || !followers || !reaches || !scene->members) {
        free(processes);
        free(followers);
        free(reaches);
        free(scene->members);
        *scene = (struct scene){0};
        return false;
    }
    view_begin(&scene->view, facts, processes, followers);
    reach_begin(&scene->reach, &facts->settings, reaches);
    for (size_t id = 0; id < count; id++) {
        scene->members[id].last = EVENT_NONE;
        forget_requests(&scene->members[id]);
        memcpy(scene->members[id].bids, scene->members[id].asked, sizeof scene->members[id].bids);
    }
    for (uint8_t server = 0; server < SERVERS_MAX; server++) {
        scene->locks[server] = free_lock(server);
        scene->perhaps[server] = NOBODY;
    }
    return true;
}

void scene_free(struct scene *scene)
{
    free(scene->view.processes);
    free(scene->view.followers);
    free(scene->reach.list);
    free(scene->members);
    *scene = (struct scene){0};
}

void scene_copy(struct scene *to, const struct scene *from)
{
    assert(to->members && from->members && to->view.facts == from->view.facts);
    const struct scene memory = *to;
    size_t count = from->view.facts->settings.nodes + 1u;
    *to = *from;
    to->view.processes = memory.view.processes;
    to->view.followers = memory.view.followers;
    to->reach.list = memory.reach.list;
    to->members = memory.members;
    memcpy(to->view.processes, from->view.processes, count * sizeof *to->view.processes);
    memcpy(to->view.followers, from->view.followers, (count + 1) * sizeof *to->view.followers);
    memcpy(to->reach.list, from->reach.list, count * sizeof *to->reach.list);
    memcpy(to->members, from->members, count * sizeof *to->members);
}

/* --- whose the lock is ------------------------------------------------------------------------ */

/* It was still held when it was last seen so. */
static void end_hold(struct scene *scene, uint8_t server, enum scene_ended how, int64_t at_ns)
{
    assert(server < SERVERS_MAX && how != SCENE_HELD);
    struct scene_hold *hold = &scene->locks[server];
    scene->perhaps[server] = NOBODY;
    if (hold->holder != NOBODY) {
        hold->ended = (uint8_t)how;
        hold->ended_ns = at_ns > hold->seen_ns ? at_ns : hold->seen_ns;
        scene->ended = *hold;
        scene->has_ended = true;
    }
    int64_t not_before_ns = hold->holder == NOBODY ? hold->from_ns : hold->ended_ns;
    *hold = free_lock(server);
    hold->from_ns = not_before_ns;
}

/* `asked_ns` is when the request went out that took it, for so long; 0: for ever. */
static void begin_hold(struct scene *scene, uint8_t server, int32_t holder, int64_t asked_ns,
                       int64_t ttl_ms)
{
    assert(server < SERVERS_MAX && holder != NOBODY && holder != SEVERAL);
    struct scene_hold *hold = &scene->locks[server];
    if (hold->holder != NOBODY) {
        end_hold(scene, server, SCENE_TAKEN_OVER, asked_ns);
    }
    scene->perhaps[server] = NOBODY;
    int64_t since_ns = asked_ns > hold->from_ns ? asked_ns : hold->from_ns;
    *hold = (struct scene_hold){.holder = holder,
                                .server = server,
                                .from_ns = since_ns,
                                .until_ns = ttl_ms ? asked_ns + ttl_ms * NS_PER_MS : INT64_MAX,
                                .seen_ns = since_ns,
                                .event = scene->view.index};
}

/* Whoever asked at `asked_ns` found it held, by an answer that is here now. */
static void is_seen_held(struct scene_hold *hold, int64_t asked_ns)
{
    assert(hold->holder != NOBODY);
    hold->seen_ns = asked_ns > hold->seen_ns ? asked_ns : hold->seen_ns;
    if (hold->until_ns <= asked_ns) {
        hold->until_ns = INT64_MAX; /* it has outlived its time: nobody knows until when */
    }
}

static void may_have_it(struct scene *scene, uint8_t server, int32_t id)
{
    int32_t *perhaps = &scene->perhaps[server];
    if (scene->locks[server].holder == NOBODY) {
        *perhaps = *perhaps == NOBODY || *perhaps == id ? id : SEVERAL;
    }
}

static void take_lock(struct scene *scene, const struct history_event *event,
                      const struct history_event *asked)
{
    uint8_t server = event->server;
    struct scene_hold *hold = &scene->locks[server];
    if (history_applied(&event->reply)) {
        int64_t ttl_ms = op_ttl_ms(asked->request.op, asked->request.ttl_ms);
        begin_hold(scene, server, event->process, asked->at_ns, ttl_ms);
    } else if (event->reply.outcome == STORE_UNKNOWN) {
        may_have_it(scene, server, event->process);
    } else if (event->reply.outcome == STORE_NIL && hold->holder != NOBODY) {
        is_seen_held(hold, asked->at_ns);
    } else if (event->reply.outcome == STORE_NIL && scene->perhaps[server] != NOBODY &&
               scene->perhaps[server] != SEVERAL) {
        begin_hold(scene, server, scene->perhaps[server], asked->at_ns, 0);
        hold->unawares = true;
    }
}

/* --- whose token it is ------------------------------------------------------------------------ */

static bool bids_token(const struct history *history, uint32_t bid, const struct token *token)
{
    return bid != EVENT_NONE &&
           memcmp(&history->events[bid].request.value.token, token, sizeof *token) == 0;
}

/* The request before the event at `index` that asked this server for the lock with this token;
 * EVENT_NONE: none did, it is a stranger's. */
static uint32_t find_bid(const struct scene *scene, const struct history *history, uint32_t index,
                         uint8_t server, const struct token *token)
{
    for (uint32_t id = 0; id <= scene->view.facts->settings.nodes; id++) {
        if (bids_token(history, scene->members[id].bids[server], token)) {
            return scene->members[id].bids[server];
        }
    }
    for (uint32_t i = index; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_REQUEST && event->server == server &&
            op_has(event->request.op, OP_TAKES_LOCK) && bids_token(history, i, token)) {
            return i;
        }
    }
    return EVENT_NONE;
}

/* An answer tells the lock's token, all zeros if nobody has it. It says nothing against one who
 * took the lock meanwhile. */
static void look_at_lock(struct scene *scene, const struct history *history,
                         const struct history_event *event, size_t asked)
{
    struct scene_hold *hold = &scene->locks[event->server];
    int64_t asked_ns = history->events[asked].at_ns;
    bool later = hold->holder != NOBODY && hold->event > asked;
    struct token *stranger = &scene->strangers[event->server];
    const struct token *token = &event->reply.value.token;
    if (event->reply.outcome != STORE_OK || later || memcmp(token, stranger, sizeof *token) == 0) {
        return;
    }
    uint32_t bid = find_bid(scene, history, scene->view.index, event->server, token);
    if (bid == EVENT_NONE) {
        *stranger = *token;
        return;
    }
    const struct history_event *taken = &history->events[bid];
    if (hold->holder != taken->process) {
        begin_hold(scene, event->server, taken->process, taken->at_ns,
                   op_ttl_ms(taken->request.op, taken->request.ttl_ms));
        hold->unawares = event->process != taken->process;
    }
    is_seen_held(hold, asked_ns);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Whether a good answer to a release ends this hold. One whose sender has the lock no more removed
 * it before another took it: unless it removes whatever is there, and went out when the other one
 * already had it. */
static bool removes(const struct scene_hold *hold, const struct history_event *event, size_t asked)
{
    return hold->holder == event->process ||
           (op_has(event->reply.op, OP_REMOVES_ANY_LOCK) && hold->event < asked);
}

static void take_reply(struct scene *scene, const struct history *history,
                       const struct history_event *event)
{
    assert(event->kind == HISTORY_REPLY);
    size_t asked = history_asked(history, scene->view.index);
    if (event->server >= scene->view.facts->settings.servers || asked == HISTORY_NOWHERE) {
        return;
    }
    const struct history_event *request = &history->events[asked];
    struct scene_hold *hold = &scene->locks[event->server];
    uint8_t op = event->reply.op;
    if (op_has(op, OP_TAKES_LOCK)) {
        scene->members[event->process].asked[event->server] = EVENT_NONE;
        take_lock(scene, event, request);
    } else if (op_has(op, OP_LOOKS_AT_LOCK) && op_rows[op]->answers != VALUE_NUMBER) {
        look_at_lock(scene, history, event, asked);
    } else if (op_has(op, OP_REMOVES_LOCK) && history_applied(&event->reply) &&
               removes(hold, event, asked)) {
        end_hold(scene, event->server, SCENE_RELEASED, event->at_ns);
    } else if (op_has(op, OP_DATES_LOCK) && history_applied(&event->reply) &&
               hold->holder != NOBODY) {
        hold->until_ns = request->at_ns + op_ttl_ms(op, request->request.ttl_ms) * NS_PER_MS;
        hold->seen_ns = request->at_ns;
    }
}

/* It asked for the lock and died before the answer: it may have got it. */
static void take_death(struct scene *scene, uint16_t id)
{
    assert(id <= scene->view.facts->settings.nodes);
    struct scene_member *member = &scene->members[id];
    for (uint8_t server = 0; server < SERVERS_MAX; server++) {
        if (member->asked[server] != EVENT_NONE) {
            may_have_it(scene, server, id);
        }
    }
    forget_requests(member);
}

/* The lock ran out, or was lost with the store's data. */
static void take_loss(struct scene *scene, const struct history_event *event)
{
    bool expired = event->kind == HISTORY_EXPIRED && event->key == KEY_LOCK;
    bool forced =
        event->kind == HISTORY_FAULT && fault_rows[event->fault.kind] == &fault_expire_lock;
    if ((expired || forced) && event->server < scene->view.facts->settings.servers) {
        bool lost = expired && event->why;
        end_hold(scene, event->server, lost ? SCENE_LOST : SCENE_RAN_OUT, event->at_ns);
    }
}

/* --- one event -------------------------------------------------------------------------------- */

void scene_apply(struct scene *scene, const struct history *history, uint32_t index)
{
    assert(index < history->count && scene->members);
    const struct history_event *event = &history->events[index];
    scene->has_ended = false;
    view_apply(&scene->view, history, index);
    reach_event(&scene->reach, event);
    if (event->process != HISTORY_HARNESS) {
        scene->members[event->process].last = index;
    }
    if (event->kind == HISTORY_REQUEST && op_has(event->request.op, OP_TAKES_LOCK) &&
        event->server < scene->view.facts->settings.servers) {
        scene->members[event->process].asked[event->server] = index;
        scene->members[event->process].bids[event->server] = index;
    } else if (event->kind == HISTORY_REPLY) {
        take_reply(scene, history, event);
    } else if (event->kind == HISTORY_DIED) {
        take_death(scene, event->process);
    } else {
        take_loss(scene, event);
    }
}

static bool is_cut_off(const struct scene *scene, uint16_t member)
{
    for (uint8_t server = 0; server < scene->view.facts->settings.servers; server++) {
        if (reach_is_cut(&scene->reach, member, server)) {
            return true;
        }
    }
    return false;
}

uint32_t scene_bits(const struct scene *scene, uint16_t member)
{
    assert(member <= scene->view.facts->settings.nodes);
    const struct view_process *process = &scene->view.processes[member];
    return (process->since_ns != INT64_MIN ? SCENE_BORN : 0u) |
           (process->alive ? SCENE_ALIVE : 0u) | (process->started ? SCENE_STARTED : 0u) |
           (process->paused ? SCENE_PAUSED : 0u) |
           (view_acts_as_leader(&scene->view, process) ? SCENE_LEADS : 0u) |
           (view_is_inside(&scene->view, process) ? SCENE_INSIDE : 0u) |
           (process->asks_event != EVENT_NONE ? SCENE_WAITS : 0u) |
           (is_cut_off(scene, member) ? SCENE_CUT : 0u) |
           (process->claim.status == STATUS_SUBMIT ? SCENE_SUBMITS : 0u);
}
