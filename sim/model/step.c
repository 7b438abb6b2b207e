/* Steps: what a member's machine is given, and what of it is seen. See step.h. */
#include "sim/model/step.h"
#include "sim/host/command.h"

#include <assert.h>

#include "sim/host/event_record.h"
#include "sim/host/rng.h"
#include "sim/model/channel.h"

struct token step_token(struct model *model)
{
    struct token token;
    token.high = rng_next(&model->token_rng);
    token.low = rng_next(&model->token_rng);
    return token;
}

/* --- breakpoints ------------------------------------------------------------------------------ */

/* All that waits for this step is done at this step, before the first of it shows. */
static bool stopped_at(struct model *model, struct member *member, struct breakpoint_hits *hits,
                       enum member_state state)
{
    assert(state >= MEMBER_STOPPED_AFTER && state <= MEMBER_STOPPED_ASKING);
    uint16_t id = member->process.id;
    uint32_t life = member->life;
    for (int breakpoint; (breakpoint = breakpoint_hits_next(&model->breakpoints, hits)) >= 0;) {
        if (model->phase == PHASE_SAFETY) {
            nemesis_hit(&model->nemesis, breakpoint, id, model->now_ns);
            model_mind_nemesis(model);
        }
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

bool meets_breakpoints(struct model *model, struct member *member, uint32_t moments,
                       const struct request *request, enum member_state state)
{
    struct step_moments step = {.id = member->process.id,
                                .before = state == MEMBER_STOPPED_BEFORE,
                                .applied = state == MEMBER_STOPPED_ASKING,
                                .moments = moments,
                                .claim = member->process.claim};
    struct breakpoint_hits hits;
    if (request) {
        step.moments |= moment_bit(request->moment);
        step.command = breakpoint_command(request);
    }
    return !breakpoints_hit(&model->breakpoints, &step, &hits) ||
           stopped_at(model, member, &hits, state);
}

/* --- steps ------------------------------------------------------------------------------------ */

static const char *why(const struct model *model, const struct member *member)
{
    return process_why(&model->scenario->settings, member->action.why);
}

/* Until when it leads, it says by its own clock; what is recorded is when that will be. */
static void show_claim(struct model *model, const struct member *member)
{
    struct claim *shown = &model->progress[member->process.id].claim;
    const struct claim *claim = &member->process.claim;
    int64_t until_ns = skew_true(&member->clock, claim->until_ns);
    if (!event_record_is_news(shown, claim, until_ns, &member->action)) {
        return;
    }
    struct history_event *event = model_event(model);
    event_record_claim(event, shown, claim, until_ns, &member->action, why(model, member));
    model_recorded(model, event, member->process.id);
    if (shown->follows != claim->follows || shown->leads != claim->leads) {
        model_changed(model);
    }
    *shown = *claim;
    shown->until_ns = until_ns;
}

/* `answered` is the request that the event answers; NULL: none. */
static inline bool take_step_here(struct model *model, struct member *member, struct event *event,
                                  const struct request *answered)
{
    struct action *action = &member->action;
    event->now_ns = skew_own(&member->clock, model->now_ns);
    event->fresh = member->fresh;
    model->step(&model->scenario->settings, &member->process, event, action);
    model->counts.steps++;
    if (action->took_token) {
        member->fresh = step_token(model);
    }
    if (action->happened & (1u << MOMENT_DECIDES)) {
        struct history_event *decided = model_event(model);
        event_record_decided(decided, action, why(model, member),
                             member->numbers[action->decided.basis]);
        model_recorded(model, decided, member->process.id);
    }
    show_claim(model, member);
    return passes_breakpoints(model, member, action->happened, answered, MEMBER_STOPPED_AFTER);
}

static bool take_step(struct model *model, struct member *member, struct event *event)
{
    return take_step_here(model, member, event, NULL);
}

bool step_start(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_STARTED};
    assert(member->state == MEMBER_AWAITS && member->outstanding == 0);
    model_record(model, HISTORY_STARTED, member->process.id);
    return take_step(model, member, &event);
}

bool step_command(struct model *model, struct member *member)
{
    assert(member->command > 0);
    struct event event = command_event(member->command);
    member->command = 0;
    return take_step(model, member, &event);
}

bool step_wake(struct model *model, struct member *member, enum timer_of timer)
{
    struct event event = {.kind = EVENT_WOKE, .timer = (uint8_t)timer};
    assert(member->timer_ns[timer] <= model->now_ns);
    member->timer_ns[timer] = INT64_MAX;
    return take_step(model, member, &event);
}

/* What came, with a ballot's votes, which are the step's until it returns. */
static const struct reply *reply_of(const struct model *model, struct exchange *exchange)
{
    if (exchange->ballot != NO_BALLOT && exchange->reply.outcome == STORE_OK) {
        const struct ballots *ballots = &model->servers[exchange->request.server].ballots;
        exchange->reply.value.ballot.votes = ballots->copies[exchange->ballot].votes;
    }
    return &exchange->reply;
}

/* It was recorded, and that is all. */
static bool leave_out(struct model *model, struct member *member, uint32_t index)
{
    assert(member->outstanding > 0 && member->dropped > 0);
    member->outstanding--;
    member->dropped--;
    exchange_end(model, index);
    model_put(model, model->now_ns, DUE_LOOK, member->process.id);
    return false;
}

/* One that it waits for. */
static inline bool give(struct model *model, struct member *member, const struct request *request,
                        const struct reply *reply)
{
    struct event event = {.kind = EVENT_REPLY, .tag = request->tag, .reply = reply};
    assert(member->outstanding > member->dropped);
    member->outstanding--;
    return take_step_here(model, member, &event, request);
}

/* Nobody touches the request and the reply before the next request goes out, so the exchange can be
 * done with before the step. */
static bool give_of(struct model *model, struct member *member, uint32_t index,
                    const struct reply *reply)
{
    exchange_end(model, index);
    return give(model, member, &exchange_at(model, index)->request, reply);
}

bool step_answer(struct model *model, struct member *member)
{
    assert(member->heard != NO_EXCHANGE);
    uint32_t index = member->heard;
    struct exchange *exchange = exchange_at(model, index);
    member->heard = NO_EXCHANGE;
    return exchange->dropped ? leave_out(model, member, index)
                             : give_of(model, member, index, reply_of(model, exchange));
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

static void record_reply(struct model *model, uint16_t process, const struct request *request,
                         const struct reply *reply, uint32_t number)
{
    if (event_record_is_ballot(request, reply)) {
        struct place place = {.model = model, .process = process};
        struct history_event event;
        event_record_reply(&event, request, reply, number);
        history_put_ballot(&event, reply->value.ballot, put_event, &place);
        return;
    }
    struct history_event *event = model_event(model);
    event_record_reply(event, request, reply, number);
    model_recorded(model, event, process);
}

/* Takes note of an answer. */
static inline void note(struct model *model, struct member *member, const struct request *request,
                        const struct reply *reply, uint32_t number)
{
    record_reply(model, member->process.id, request, reply, number);
    if (request->moment == MOMENT_REPORTS && reply->outcome == STORE_OK && member->reports++ == 0 &&
        member->process.id != MASTER_ID && --model->unheard == 0) {
        model_put(model, model->now_ns, DUE_REPORTED, 0);
    }
}

bool step_hear(struct model *model, struct member *member, const struct request *request,
               const struct reply *reply)
{
    assert(member->state == MEMBER_RUNS && member->heard == NO_EXCHANGE);
    note(model, member, request, reply, member->request_number);
    return give(model, member, request, reply);
}

/* A command that came meanwhile is the machine's business first; the answer's own step is then
 * still to come. */
static bool take_in(struct model *model, struct member *member, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(member->heard == NO_EXCHANGE && exchange->owner == member->process.id);
    const struct reply *reply = reply_of(model, exchange);
    note(model, member, &exchange->request, reply, exchange->number);
    if (exchange->dropped) {
        return leave_out(model, member, index);
    }
    if (member->command) {
        member->heard = index;
        return step_command(model, member);
    }
    return give_of(model, member, index, reply);
}

bool step_take_in(struct model *model, struct member *member, uint32_t index)
{
    const struct exchange *exchange = exchange_at(model, index);
    assert(exchange->state == EXCHANGE_ANSWERED);
    member->stands_at = index;
    if (!nobody_watches(model) &&
        op_applied(exchange->request.op, exchange->reply.outcome, exchange->reply.value.integer) &&
        !passes_breakpoints(model, member, 0, &exchange->request, MEMBER_STOPPED_ASKING)) {
        return false;
    }
    return take_in(model, member, index);
}

bool step_take_in_on(struct model *model, struct member *member)
{
    assert(member->state == MEMBER_STOPPED_ASKING);
    member->state = MEMBER_RUNS;
    return take_in(model, member, member->stands_at);
}

/* Who hears of a broken connection is done with it. */
bool step_vain(struct model *model, struct member *member, uint32_t index)
{
    const struct exchange *exchange = exchange_at(model, index);
    uint8_t server = exchange->request.server;
    assert(exchange->state == EXCHANGE_VAIN);
    if (model_channel(model, member->process.id, server)->state == CHANNEL_BROKEN) {
        channel_break_off(model, member->process.id, server);
        exchanges_hear_of_end(model, member->process.id, server);
    }
    return take_in(model, member, index);
}
