/* A member: one process of the cluster at work, in virtual time. What member.c of the processes host
 * does in a loop that waits, this does in pieces, each of which runs when something is due:
 *
 *     step ──▶ watch? ──▶ stall? ──▶ perform its action ──▶ wait ─────────────────▶ step …
 *                │          │                          └──▶ watch? ──▶ request ──▶ answer ──▶ step …
 *              paused?    until then                          │
 *                                                           paused?
 *
 * A paused member does nothing: what becomes due, or arrives, waits until it looks again. Its clock
 * goes on meanwhile, as the monotonic clock does for a stopped process.
 */
#include <assert.h>

#include "sim/host/dice.h"
#include "sim/host/scribe.h"
#include "sim/model/state.h"

static void take_step(struct model *model, struct member *member, struct event *event,
                      uint8_t answered);

static struct token draw_token(struct model *model)
{
    struct token token;
    token.high = dice_next(&model->token_dice);
    token.low = dice_next(&model->token_dice);
    return token;
}

static void look_at(struct model *model, const struct member *member, int64_t at_ns)
{
    queue_put(&model->queue, at_ns, DUE_LOOK, member->process.id);
}

/* --- births and deaths ------------------------------------------------------------------------ */

void member_bear(struct model *model, uint16_t id, bool started, int64_t until_ns)
{
    struct member *member = &model->members[id];
    model_record(model, HISTORY_BORN, id);
    member->process = process_new(id);
    member->fresh = draw_token(model);
    member->dice = model->facts.seed + 0x9e3779b97f4a7c15ULL * (id + 1u);
    member->stall_ns = 0;
    member->read_number = 0;
    member->flip = 0;
    member->has_answer = false;
    member->connection = NO_CONNECTION;
    member->state = MEMBER_CONNECTS;
    member->until_ns = until_ns;
    model->progress[id] = (struct progress_process){
        .alive = true, .started = started, .claim = member->process.claim};
    model->changed = true;
    if (until_ns > model->now_ns) {
        look_at(model, member, until_ns);
    } else {
        member_look(model, id);
    }
}

void member_die(struct model *model, uint16_t id, const struct history_died *how)
{
    struct member *member = &model->members[id];
    wire_abandon(model, member);
    member->state = MEMBER_DEAD;
    member->life++;
    model->progress[id] = (struct progress_process){.claim.follows = NOBODY};
    model->changed = true;
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = HISTORY_DIED};
    event->died = *how;
    model_recorded(model, event, id);
}

/* --- watches ---------------------------------------------------------------------------------- */

/* Shows one side of a step to the watches. False: the member does not go on, because the fault that
 * was applied killed it or paused it; then it is in `state`. */
static bool passes_watches(struct model *model, struct member *member, uint32_t moments,
                           bool before, enum member_state state)
{
    uint16_t id = member->process.id;
    if (moments == 0 || atomic_load_explicit(&model->watches.count, memory_order_relaxed) == 0) {
        return true;
    }
    struct step_moments step = {
        .id = id, .before = before, .moments = moments, .claim = member->process.claim};
    int watch = watches_hit(&model->watches, &step);
    if (watch < 0) {
        return true;
    }
    uint32_t life = member->life;
    if (model->phase == PHASE_SAFETY) {
        director_hit(&model->director, watch, id, model->now_ns);
        trial_mind_director(model);
    }
    if (member->life != life) {
        return false;
    }
    if (model->progress[id].paused) {
        member->state = (uint8_t)state;
        return false;
    }
    return true;
}

/* --- actions ---------------------------------------------------------------------------------- */

/* A request without an answer, and none will come. */
static void fail_request(struct model *model, struct member *member, enum store_outcome outcome);

static void send_request(struct model *model, struct member *member)
{
    struct history_event *event = model_event(model);
    scribe_request(event, &member->action, ++member->request_number);
    model_recorded(model, event, member->process.id);
    model->counts.requests++;
    member->asked_moment = member->action.request_moment;
    if (member->action.request.op == STORE_READ_BALLOT) {
        member->read_number = member->request_number;
    }
    if (member->connection != NO_CONNECTION) {
        wire_send(model, member->process.id);
        return;
    }
    int64_t takes_ns = wire_round_trip(model);
    int64_t patience_ns = model->scenario->request_timeout_ns;
    bool refused = takes_ns > patience_ns;
    member->failure = refused ? STORE_REFUSED : STORE_OK;
    member->state = MEMBER_RECONNECTS;
    member->until_ns = model->now_ns + (refused ? patience_ns : takes_ns);
    look_at(model, member, member->until_ns);
}

static void reconnected(struct model *model, struct member *member)
{
    if (member->failure != STORE_OK) {
        fail_request(model, member, (enum store_outcome)member->failure);
    } else if (wire_connect(model, member->process.id)) {
        wire_send(model, member->process.id);
    }
}

static void ask(struct model *model, struct member *member)
{
    uint8_t moment = member->action.request_moment;
    uint32_t moments = moment == MOMENT_NONE ? 0 : 1u << moment;
    if (passes_watches(model, member, moments, true, MEMBER_STANDS_BEFORE)) {
        send_request(model, member);
    }
}

/* Goes on with a wait, which may be over already. */
static void wait_on(struct model *model, struct member *member)
{
    bool at_once = member->flip || member->until_ns < model->now_ns;
    member->state = MEMBER_WAITS;
    look_at(model, member, at_once ? model->now_ns : member->until_ns);
}

static void begin_wait(struct model *model, struct member *member)
{
    const struct action *action = &member->action;
    int64_t wait_ns = action->wake_min_ns;
    if (wait_ns < action->wake_max_ns) {
        wait_ns = dice_between(&member->dice, wait_ns, action->wake_max_ns);
    }
    member->until_ns = model->now_ns + wait_ns;
    wait_on(model, member);
}

static void answer_step(struct model *model, struct member *member);

static void perform(struct model *model, struct member *member)
{
    switch (member->action.kind) {
    case ACTION_REQUEST:
        ask(model, member);
        return;
    case ACTION_WAIT:
        begin_wait(model, member);
        return;
    case ACTION_KEEP:
        if (member->has_answer) {
            answer_step(model, member);
        } else {
            wait_on(model, member);
        }
        return;
    case ACTION_STOP:
        member_die(model, member->process.id, &(struct history_died){.exit_status = 0});
        return;
    }
    assert(!"no such action");
}

/* The step is done and seen. Whoever was told to stays in the critical section for a while. */
static void go_on(struct model *model, struct member *member)
{
    if (member->stall_ns > 0 && member->process.claim.in_section) {
        member->state = MEMBER_STALLS;
        member->until_ns = model->now_ns + member->stall_ns;
        member->stall_ns = 0;
        look_at(model, member, member->until_ns);
        return;
    }
    perform(model, member);
}

/* --- steps ------------------------------------------------------------------------------------ */

static void show_claim(struct model *model, const struct member *member, const struct claim *before)
{
    const struct claim *claim = &member->process.claim;
    struct history_event *event = model_event(model);
    if (!scribe_claim(event, before, claim, &member->action)) {
        return;
    }
    model_recorded(model, event, member->process.id);
    model->progress[member->process.id].claim = *claim;
    if (before->follows != claim->follows || before->leads != claim->leads) {
        model->changed = true;
    }
}

static void take_step(struct model *model, struct member *member, struct event *event,
                      uint8_t answered)
{
    struct claim before = member->process.claim;
    struct action *action = &member->action;
    event->now_ns = model->now_ns + member->clock_ns;
    event->fresh = member->fresh;
    process_step(&model->scenario->settings, &member->process, event, action);
    model->counts.steps++;
    if (event->kind == EVENT_REPLY && member->connection != NO_CONNECTION) {
        wire_answered(model, member);
    }
    if (action->took_token) {
        member->fresh = draw_token(model);
    }
    if (action->happened & (1u << MOMENT_DECIDES)) {
        struct history_event *decided = model_event(model);
        scribe_decided(decided, action, member->read_number);
        model_recorded(model, decided, member->process.id);
    }
    show_claim(model, member, &before);
    uint32_t answer = answered == MOMENT_NONE ? 0 : 1u << answered;
    if (passes_watches(model, member, action->happened | answer, false, MEMBER_STANDS_AFTER)) {
        go_on(model, member);
    }
}

static void begin(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_STARTED};
    model_record(model, HISTORY_STARTED, member->process.id);
    take_step(model, member, &event, MOMENT_NONE);
}

static void flip_step(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_FLIPPED, .flip_to = (enum status)(member->flip - 1)};
    member->flip = 0;
    take_step(model, member, &event, MOMENT_NONE);
}

static void wake_step(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_WOKE};
    take_step(model, member, &event, MOMENT_NONE);
}

static void answer_step(struct model *model, struct member *member)
{
    struct reply failure = {.outcome = member->failure};
    struct event event = {.kind = EVENT_REPLY, .reply = &failure};
    if (member->connection != NO_CONNECTION) {
        event.reply = &model->connections[member->connection].reply;
    }
    member->has_answer = false;
    take_step(model, member, &event, member->asked_moment);
}

/* --- answers ---------------------------------------------------------------------------------- */

struct place {
    struct model *model;
    uint16_t process;
};

static void put_event(void *self, struct history_event *event)
{
    struct place *place = self;
    event->process = place->process;
    model_record_event(place->model, event);
}

static void record_reply(struct model *model, const struct member *member,
                         const struct reply *reply)
{
    const struct request *request = &member->action.request;
    if (scribe_is_ballot(request, reply)) {
        struct place place = {.model = model, .process = member->process.id};
        struct history_event event;
        scribe_reply(&event, request, reply, member->request_number);
        history_put_ballot(&event, reply->value.ballot, put_event, &place);
        return;
    }
    struct history_event *event = model_event(model);
    scribe_reply(event, request, reply, member->request_number);
    model_recorded(model, event, member->process.id);
}

/* Takes an answer in. A flip that came meanwhile is the machine's business before the answer. */
static void take_in(struct model *model, struct member *member, const struct reply *reply)
{
    record_reply(model, member, reply);
    if (member->asked_moment == MOMENT_REPORTS && reply->outcome == STORE_OK &&
        member->reports++ == 0 && member->process.id != MASTER_ID) {
        trial_reported(model);
    }
    member->has_answer = true;
    if (member->flip) {
        flip_step(model, member);
    } else {
        answer_step(model, member);
    }
}

static void fail_request(struct model *model, struct member *member, enum store_outcome outcome)
{
    struct reply reply = {.outcome = (uint8_t)outcome};
    member->failure = (uint8_t)outcome;
    wire_abandon(model, member);
    take_in(model, member, &reply);
}

static void look_for_answer(struct model *model, struct member *member)
{
    const struct connection *connection = &model->connections[member->connection];
    if (connection->state == CONNECTION_ANSWERED) {
        take_in(model, member, &connection->reply);
    } else if (model->now_ns >= member->until_ns) {
        fail_request(model, member, STORE_UNKNOWN);
    }
}

/* --- looking ---------------------------------------------------------------------------------- */

static void connected(struct model *model, struct member *member)
{
    if (!wire_connect(model, member->process.id)) {
        return;
    }
    member->state = MEMBER_AWAITS;
    if (model->progress[member->process.id].started) {
        begin(model, member);
    }
}

void member_look(struct model *model, uint16_t id)
{
    struct member *member = &model->members[id];
    bool time_is_up = model->now_ns >= member->until_ns;
    if (model->progress[id].paused) {
        return;
    }
    switch ((enum member_state)member->state) {
    case MEMBER_DEAD:
        return;
    case MEMBER_CONNECTS:
        if (time_is_up) {
            connected(model, member);
        }
        return;
    case MEMBER_RECONNECTS:
        if (time_is_up) {
            reconnected(model, member);
        }
        return;
    case MEMBER_AWAITS:
        if (model->progress[id].started) {
            begin(model, member);
        }
        return;
    case MEMBER_WAITS:
        if (member->flip) {
            flip_step(model, member);
        } else if (time_is_up) {
            wake_step(model, member);
        }
        return;
    case MEMBER_ASKS:
        look_for_answer(model, member);
        return;
    case MEMBER_STANDS_AFTER:
        go_on(model, member);
        return;
    case MEMBER_STANDS_BEFORE:
        send_request(model, member);
        return;
    case MEMBER_STALLS:
        if (time_is_up) {
            perform(model, member);
        }
        return;
    }
}
