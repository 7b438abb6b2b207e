/* A member: one process of the cluster at work, in virtual time. What member.c of the processes
 * host does in a loop that waits, this does in pieces, each of which runs when something is due:
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

/* As the processes do. */
#define CONNECT_RETRY_NS 20000000

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
    member->broken = false;
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

/* Stands at the watches that it has hit. False: it does not go on, because a fault that was applied
 * killed it or paused it; then it is in `state`. */
static bool stands(struct model *model, struct member *member, enum member_state state)
{
    uint16_t id = member->process.id;
    uint32_t life = member->life;
    for (int watch; (watch = watch_hits_next(&member->hits)) >= 0;) {
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
    }
    return true;
}

/* Shows one side of a step to the watches. Which side, the state says in which the member would be
 * if it were paused there. */
static bool meets_watches(struct model *model, struct member *member, uint32_t moments,
                          enum member_state state)
{
    struct step_moments step = {.id = member->process.id,
                                .before = state == MEMBER_STANDS_BEFORE,
                                .applied = state == MEMBER_STANDS_ASKING,
                                .moments = moments,
                                .claim = member->process.claim};
    return !watches_hit(&model->watches, &step, &member->hits) || stands(model, member, state);
}

static inline bool nobody_watches(const struct model *model)
{
    return atomic_load_explicit(&model->watches.count, memory_order_relaxed) == 0;
}

static inline bool passes_watches(struct model *model, struct member *member, uint32_t moments,
                                  enum member_state state)
{
    return moments == 0 || nobody_watches(model) || meets_watches(model, member, moments, state);
}

/* It was paused at a watch, and goes on. */
static bool passes_the_rest(struct model *model, struct member *member)
{
    return stands(model, member, (enum member_state)member->state);
}

static uint32_t moment_bit(uint8_t moment)
{
    return moment == MOMENT_NONE ? 0 : 1u << moment;
}

/* --- steps ------------------------------------------------------------------------------------ */

/* Until when it leads, it says by its own clock; what is recorded is when that will be. */
static void show_claim(struct model *model, const struct member *member)
{
    struct claim *shown = &model->progress[member->process.id].claim;
    struct claim claim = member->process.claim;
    struct history_event *event = model_event(model);
    claim.until_ns = skew_true(&member->clock, claim.until_ns);
    if (!scribe_claim(event, shown, &claim, &member->action)) {
        return;
    }
    model_recorded(model, event, member->process.id);
    if (shown->follows != claim.follows || shown->leads != claim.leads) {
        model->changed = true;
    }
    *shown = claim;
}

/* Each kind of step returns whether the member goes on: see passes_watches. `answered` is the
 * moment whose request the event answers. */
static bool take_step(struct model *model, struct member *member, struct event *event,
                      uint8_t answered)
{
    struct action *action = &member->action;
    event->now_ns = skew_own(&member->clock, model->now_ns);
    event->fresh = member->fresh;
    process_step(&model->scenario->settings, &member->process, event, action);
    model->counts.steps++;
    if (action->took_token) {
        member->fresh = draw_token(model);
    }
    if (action->happened & (1u << MOMENT_DECIDES)) {
        struct history_event *decided = model_event(model);
        scribe_decided(decided, action, member->read_number);
        model_recorded(model, decided, member->process.id);
    }
    show_claim(model, member);
    return passes_watches(model, member, action->happened | moment_bit(answered),
                          MEMBER_STANDS_AFTER);
}

static bool start_step(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_STARTED};
    model_record(model, HISTORY_STARTED, member->process.id);
    return take_step(model, member, &event, MOMENT_NONE);
}

static bool flip_step(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_FLIPPED, .flip_to = (enum status)(member->flip - 1)};
    member->flip = 0;
    return take_step(model, member, &event, MOMENT_NONE);
}

static bool wake_step(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_WOKE};
    return take_step(model, member, &event, MOMENT_NONE);
}

/* With the answer that was recorded: the connection's, or the failure to have one. */
static bool answer_step(struct model *model, struct member *member)
{
    struct reply failure = {.outcome = member->failure};
    struct event event = {.kind = EVENT_REPLY, .reply = &failure};
    member->has_answer = false;
    if (member->connection == NO_CONNECTION) {
        return take_step(model, member, &event, member->asked_moment);
    }
    /* Nobody else touches an answered connection, so it can be done with before the step. */
    event.reply = &model->connections[member->connection].reply;
    wire_done(model, member);
    return take_step(model, member, &event, member->asked_moment);
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
static bool take_in(struct model *model, struct member *member, const struct reply *reply)
{
    record_reply(model, member, reply);
    if (member->asked_moment == MOMENT_REPORTS && reply->outcome == STORE_OK &&
        member->reports++ == 0 && member->process.id != MASTER_ID) {
        trial_reported(model);
    }
    member->has_answer = true;
    return member->flip ? flip_step(model, member) : answer_step(model, member);
}

static bool take_in_answer(struct model *model, struct member *member)
{
    const struct reply *reply = &model->connections[member->connection].reply;
    if (!nobody_watches(model) && watch_applied(&member->action.request, reply) &&
        !passes_watches(model, member, moment_bit(member->asked_moment), MEMBER_STANDS_ASKING)) {
        return false;
    }
    return take_in(model, member, reply);
}

/* There is no answer, and none will be read. */
static bool take_in_failure(struct model *model, struct member *member, enum store_outcome outcome)
{
    struct reply reply = {.outcome = (uint8_t)outcome};
    member->failure = (uint8_t)outcome;
    wire_abandon(model, member);
    return take_in(model, member, &reply);
}

/* --- actions ---------------------------------------------------------------------------------- */

/* True: the answer is there already. */
static bool send_request(struct model *model, struct member *member)
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
        return wire_send(model, member);
    }
    if (member->broken) {
        member->broken = false;
        member->state = MEMBER_ASKS; /* in vain */
        member->until_ns = model->now_ns;
        if (links_hide(model, member->process.id)) {
            member->until_ns += model->scenario->request_timeout_ns;
        }
        look_at(model, member, member->until_ns);
        return false;
    }
    int64_t takes_ns = wire_round_trip(model);
    int64_t patience_ns = model->scenario->request_timeout_ns;
    bool refused = links_keep_out(model, member->process.id) || takes_ns > patience_ns;
    member->failure = refused ? STORE_REFUSED : STORE_OK;
    member->state = MEMBER_RECONNECTS;
    member->until_ns = model->now_ns + (refused ? patience_ns : takes_ns);
    look_at(model, member, member->until_ns);
    return false;
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
    member->wake_ns = skew_own(&member->clock, model->now_ns) + wait_ns;
    member->until_ns = skew_true(&member->clock, member->wake_ns);
    wait_on(model, member);
}

static bool stalls(struct model *model, struct member *member)
{
    if (member->stall_ns == 0 || !member->process.claim.in_section) {
        return false;
    }
    member->state = MEMBER_STALLS;
    member->until_ns = model->now_ns + member->stall_ns;
    member->stall_ns = 0;
    look_at(model, member, member->until_ns);
    return true;
}

/* Where a member stands when it carries on. */
enum stands { AFTER_STEP, AFTER_STALL, BEFORE_REQUEST };

static bool ask(struct model *model, struct member *member, enum stands where)
{
    uint32_t moments = moment_bit(member->action.request_moment);
    return (where == BEFORE_REQUEST ||
            passes_watches(model, member, moments, MEMBER_STANDS_BEFORE)) &&
           send_request(model, member) && take_in_answer(model, member);
}

/* Does what the last step wants, and what that leads to, until there is something to wait for. */
static void carry_on(struct model *model, struct member *member, enum stands where)
{
    bool goes_on = true;
    while (goes_on) {
        if (where == AFTER_STEP && stalls(model, member)) {
            return;
        }
        switch (member->action.kind) {
        case ACTION_REQUEST:
            goes_on = ask(model, member, where);
            break;
        case ACTION_KEEP:
            if (!member->has_answer) {
                wait_on(model, member);
                return;
            }
            goes_on = answer_step(model, member);
            break;
        case ACTION_WAIT:
            begin_wait(model, member);
            return;
        case ACTION_STOP:
            member_die(model, member->process.id, &(struct history_died){.exit_status = 0});
            return;
        }
        where = AFTER_STEP;
    }
}

/* --- looking ---------------------------------------------------------------------------------- */

/* Whoever finds nobody listening tries again. */
static bool connected(struct model *model, struct member *member)
{
    if (links_keep_out(model, member->process.id)) {
        member->until_ns = INT64_MAX;
        return false;
    }
    if (!outage_listens(model)) {
        member->until_ns = model->now_ns + CONNECT_RETRY_NS;
        look_at(model, member, member->until_ns);
        return false;
    }
    if (!wire_connect(model, member->process.id)) {
        return false;
    }
    member->state = MEMBER_AWAITS;
    return model->progress[member->process.id].started && start_step(model, member);
}

static bool reconnected(struct model *model, struct member *member)
{
    if (member->failure != STORE_OK || !outage_listens(model)) {
        return take_in_failure(model, member, STORE_REFUSED);
    }
    return wire_connect(model, member->process.id) && wire_send(model, member) &&
           take_in_answer(model, member);
}

static bool ask_on(struct model *model, struct member *member)
{
    if (member->connection != NO_CONNECTION &&
        model->connections[member->connection].state == CONNECTION_ANSWERED) {
        return take_in_answer(model, member);
    }
    return model->now_ns >= member->until_ns && take_in_failure(model, member, STORE_UNKNOWN);
}

/* True: it took a step, and goes on. */
static bool look(struct model *model, struct member *member)
{
    bool time_is_up = model->now_ns >= member->until_ns;
    switch ((enum member_state)member->state) {
    case MEMBER_DEAD:
        return false;
    case MEMBER_CONNECTS:
        return time_is_up && connected(model, member);
    case MEMBER_RECONNECTS:
        return time_is_up && reconnected(model, member);
    case MEMBER_AWAITS:
        return model->progress[member->process.id].started && start_step(model, member);
    case MEMBER_WAITS:
        return member->flip ? flip_step(model, member) : time_is_up && wake_step(model, member);
    case MEMBER_ASKS:
        return ask_on(model, member);
    case MEMBER_STANDS_AFTER:
        return passes_the_rest(model, member);
    case MEMBER_STANDS_ASKING:
        return passes_the_rest(model, member) &&
               take_in(model, member, &model->connections[member->connection].reply);
    case MEMBER_STANDS_BEFORE:
        if (passes_the_rest(model, member)) {
            carry_on(model, member, BEFORE_REQUEST);
        }
        return false;
    case MEMBER_STALLS:
        if (time_is_up) {
            carry_on(model, member, AFTER_STALL);
        }
        return false;
    }
    assert(false && "a state without a case");
    return false;
}

void member_look(struct model *model, uint16_t id)
{
    struct member *member = &model->members[id];
    if (!model->progress[id].paused && look(model, member)) {
        carry_on(model, member, AFTER_STEP);
    }
}

void member_answered(struct model *model, uint16_t id)
{
    struct member *member = &model->members[id];
    if (!model->progress[id].paused && take_in_answer(model, member)) {
        carry_on(model, member, AFTER_STEP);
    }
}
