/* Steps: what a member's machine is given, and what of it is seen. See step.h. */
#include "sim/model/step.h"

#include "sim/host/event_record.h"
#include "sim/host/rng.h"

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
    uint16_t id = member->process.id;
    uint32_t life = member->life;
    for (int breakpoint; (breakpoint = breakpoint_hits_next(&model->breakpoints, hits)) >= 0;) {
        if (model->phase == PHASE_SAFETY) {
            nemesis_hit(&model->nemesis, breakpoint, id, model->now_ns);
            trial_mind_nemesis(model);
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
                       enum member_state state)
{
    struct step_moments step = {.id = member->process.id,
                                .before = state == MEMBER_STOPPED_BEFORE,
                                .applied = state == MEMBER_STOPPED_ASKING,
                                .moments = moments,
                                .claim = member->process.claim};
    struct breakpoint_hits hits;
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
    struct history_event *event = model_event(model);
    int64_t until_ns = skew_true(&member->clock, claim->until_ns);
    if (!event_record_claim(event, shown, claim, until_ns, &member->action, why(model, member))) {
        return;
    }
    model_recorded(model, event, member->process.id);
    if (shown->follows != claim->follows || shown->leads != claim->leads) {
        model_changed(model);
    }
    *shown = *claim;
    shown->until_ns = until_ns;
}

/* `answered` is the moment whose request the event answers. */
static bool take_step(struct model *model, struct member *member, struct event *event,
                      uint8_t answered)
{
    struct action *action = &member->action;
    event->now_ns = skew_own(&member->clock, model->now_ns);
    event->fresh = member->fresh;
    process_step(&model->scenario->settings, &member->process, event, action);
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
    return passes_breakpoints(model, member, action->happened | moment_bit(answered),
                              MEMBER_STOPPED_AFTER);
}

bool step_start(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_STARTED};
    model_record(model, HISTORY_STARTED, member->process.id);
    return take_step(model, member, &event, MOMENT_NONE);
}

bool step_flip(struct model *model, struct member *member)
{
    struct event event = {
        .kind = EVENT_COMMAND, .command = COMMAND_FLIP, .value = member->flip - 1};
    member->flip = 0;
    return take_step(model, member, &event, MOMENT_NONE);
}

bool step_wake(struct model *model, struct member *member)
{
    struct event event = {.kind = EVENT_WOKE};
    return take_step(model, member, &event, MOMENT_NONE);
}

/* With the answer that was recorded: the failure to have one, … */
static bool answer_none(struct model *model, struct member *member)
{
    struct reply failure = {.outcome = member->failure};
    struct event event = {.kind = EVENT_REPLY, .tag = member->asked.tag, .reply = &failure};
    member->has_answer = false;
    return take_step(model, member, &event, member->asked.moment);
}

/* … or this one, the connection's. Nobody else touches an answered connection, so it can be done
 * with before the step. */
static bool answer(struct model *model, struct member *member, const struct reply *reply)
{
    struct event event = {.kind = EVENT_REPLY, .tag = member->asked.tag, .reply = reply};
    member->has_answer = false;
    wire_done(model, member);
    return take_step(model, member, &event, member->asked.moment);
}

bool step_answer(struct model *model, struct member *member)
{
    if (member->connection == NO_CONNECTION) {
        return answer_none(model, member);
    }
    return answer(model, member, &model->connections[member->connection].reply);
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
    const struct request *request = &member->asked;
    if (event_record_is_ballot(request, reply)) {
        struct place place = {.model = model, .process = member->process.id};
        struct history_event event;
        event_record_reply(&event, request, reply, member->request_number);
        history_put_ballot(&event, reply->value.ballot, put_event, &place);
        return;
    }
    struct history_event *event = model_event(model);
    event_record_reply(event, request, reply, member->request_number);
    model_recorded(model, event, member->process.id);
}

/* Takes note of an answer. */
static void note(struct model *model, struct member *member, const struct reply *reply)
{
    record_reply(model, member, reply);
    if (member->asked.moment == MOMENT_REPORTS && reply->outcome == STORE_OK &&
        member->reports++ == 0 && member->process.id != MASTER_ID) {
        trial_reported(model);
    }
}

/* A flip that came meanwhile is the machine's business before the answer. */
static bool flipped_first(struct model *model, struct member *member)
{
    member->has_answer = true;
    return step_flip(model, member);
}

static bool take_in(struct model *model, struct member *member, const struct reply *reply)
{
    note(model, member, reply);
    return member->flip ? flipped_first(model, member) : answer(model, member, reply);
}

bool step_take_in(struct model *model, struct member *member)
{
    const struct reply *reply = &model->connections[member->connection].reply;
    if (!nobody_watches(model) &&
        op_applied(member->asked.op, reply->outcome, reply->value.integer) &&
        !passes_breakpoints(model, member, moment_bit(member->asked.moment),
                            MEMBER_STOPPED_ASKING)) {
        return false;
    }
    return take_in(model, member, reply);
}

bool step_take_in_on(struct model *model, struct member *member)
{
    return take_in(model, member, &model->connections[member->connection].reply);
}

bool step_fail(struct model *model, struct member *member, enum store_outcome outcome)
{
    struct reply reply = {.outcome = (uint8_t)outcome};
    member->failure = (uint8_t)outcome;
    wire_abandon(model, member);
    note(model, member, &reply);
    return member->flip ? flipped_first(model, member) : answer_none(model, member);
}
