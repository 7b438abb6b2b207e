/* A member: one process of the cluster at work, in virtual time. What member.c of the processes
 * host does in a loop that waits, this does in pieces, each of which runs when something is due:
 *
 *     step ──▶ breakpoint? ──▶ stall? ──▶ perform its action ──▶ wait for what comes ──▶ step …
 *                │               │          └──▶ breakpoint? ──▶ request goes out
 *              paused?        until then            │
 *                                                paused?
 *
 * A paused member does nothing: what becomes due, or arrives, waits until it looks again. Its clock
 * goes on meanwhile, as the monotonic clock does for a stopped process.
 */
#include "sim/model/member.h"

#include <assert.h>
#include <string.h>

#include "sim/host/rng.h"
#include "sim/model/channel.h"
#include "sim/model/requests.h"
#include "sim/model/step.h"

/* --- births and deaths ------------------------------------------------------------------------ */

void member_bear(struct model *model, uint16_t id, bool started, int64_t until_ns)
{
    struct member *member = &model->members[id];
    assert(member->state == MEMBER_DEAD && member->own.first == NO_EXCHANGE);
    model_record(model, HISTORY_BORN, id);
    member->process = model->newborn;
    member->process.id = id;
    member->fresh = step_token(model);
    member->rng = model->facts.seed + 0x9e3779b97f4a7c15ULL * (id + 1u);
    member->timer_ns[TIMER_PROTOCOL] = member->timer_ns[TIMER_WORK] = INT64_MAX;
    member->stall_ns = 0;
    member->stalls_until_ns = INT64_MIN;
    member->sent = 0;
    memset(member->numbers, 0, sizeof member->numbers);
    member->command = 0;
    member->outstanding = member->dropped = 0;
    member->heard = NO_EXCHANGE;
    member->state = MEMBER_CONNECTS;
    for (uint32_t server = 0; server < model->server_count; server++) {
        struct channel *channel = model_channel(model, id, (uint8_t)server);
        channel->state = CHANNEL_CONNECTS;
        channel->failure = STORE_OK;
        channel->until_ns = until_ns;
    }
    model->progress[id] =
        (struct cluster_member){.alive = true, .started = started, .claim = member->process.claim};
    model_changed(model);
    if (until_ns > model->now_ns) {
        model_look_at(model, member, until_ns);
    } else {
        member_look(model, id);
    }
}

void member_die(struct model *model, uint16_t id, const struct history_died *how)
{
    struct member *member = &model->members[id];
    assert(member->state != MEMBER_DEAD);
    channels_forget(model, id);
    member->outstanding = member->dropped = 0;
    member->heard = NO_EXCHANGE;
    member->state = MEMBER_DEAD;
    member->life++;
    model->progress[id] = (struct cluster_member){.claim.follows = NOBODY};
    model_changed(model);
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = HISTORY_DIED};
    event->died = *how;
    model_recorded(model, event, id);
}

/* --- actions ---------------------------------------------------------------------------------- */

/* Those who wait until about the same time are late by the same: a machine that comes late to one
 * comes late to all of them. Drawn for each alone, they would drift apart from wait to wait, and
 * more of them would find the lock free. */
#define LATE_TOGETHER_NS NS_PER_MS

static int64_t lateness_of(const struct model *model, int64_t due_ns)
{
    uint64_t rng = model->timers_seed;
    rng += (uint64_t)(due_ns / LATE_TOGETHER_NS);
    rng = rng_next(&rng); /* neighbours are far apart */
    return latency_draw(&model->network->timer, &rng);
}

static void set_timer(struct model *model, struct member *member, enum timer_of timer)
{
    const struct wake *wake = &member->action.wake[timer];
    assert(wake->order == TIMER_SET && wake->max_ns >= wake->min_ns);
    int64_t wait_ns = wake->min_ns;
    if (wait_ns < wake->max_ns) {
        wait_ns = rng_between(&member->rng, wait_ns, wake->max_ns);
    }
    member->wake_ns[timer] = skew_own(&member->clock, model->now_ns) + wait_ns;
    int64_t due_ns = skew_true(&member->clock, member->wake_ns[timer]);
    int64_t rings_ns = due_ns + lateness_of(model, due_ns);
    member->timer_ns[timer] = rings_ns;
    bool overdue = rings_ns < model->now_ns;
    model_look_at(model, member, overdue ? model->now_ns : rings_ns);
    if (member->command && !overdue) { /* it may leave the timer as it is */
        model_look_at(model, member, model->now_ns);
    }
}

static bool stalls(struct model *model, struct member *member)
{
    assert(member->state != MEMBER_DEAD && member->stall_ns >= 0);
    if (member->stall_ns == 0 || !member->process.claim.in_section) {
        return false;
    }
    member->state = MEMBER_STALLS;
    member->stalls_until_ns = model->now_ns + member->stall_ns;
    member->stall_ns = 0;
    model_look_at(model, member, member->stalls_until_ns);
    return true;
}

static void mind_timer(struct model *model, struct member *member, enum timer_of timer)
{
    uint64_t order = member->action.wake[timer].order;
    if (order == TIMER_SET) {
        set_timer(model, member, timer);
    } else if (order == TIMER_CANCEL) {
        member->timer_ns[timer] = INT64_MAX;
    }
}

/* Answers that no longer matter are recorded when they come, and that is all. */
static void drop(struct model *model, struct member *member)
{
    for (uint8_t tag = 0; tag < TAGS; tag++) {
        if (member->action.drop & 1u << tag) {
            uint32_t index = exchange_of_tag(model, member->process.id, tag);
            assert(index != NO_EXCHANGE && "a machine drops what is outstanding");
            exchange_at(model, index)->dropped = true;
            member->dropped++;
        }
    }
}

/* Where a member stands when it carries on. */
enum stopped { AFTER_STEP, AFTER_STALL, BEFORE_REQUEST };

/* What came of performing an action. */
enum performed {
    PERFORMED_STOPPED, /* stopped at a breakpoint, killed, or at its end */
    PERFORMED_WAITS,   /* for what comes */
    PERFORMED_ANSWERED /* the answer to its last request is there already */
};

/* Sends what is left of the batch. */
static enum performed send_batch(struct model *model, struct member *member, enum stopped where,
                                 struct reply *reply)
{
    const struct action *action = &member->action;
    bool answered = false;
    while (member->sent < action->sends) {
        const struct request *request = &action->send[member->sent];
        if (where != BEFORE_REQUEST &&
            !passes_breakpoints(model, member, 0, request, MEMBER_STOPPED_BEFORE)) {
            return PERFORMED_STOPPED;
        }
        where = AFTER_STEP;
        member->sent++;
        bool alone = member->sent == action->sends && step_can_hear(model, member);
        answered = requests_send(model, member, request, alone, reply);
    }
    return answered ? PERFORMED_ANSWERED : PERFORMED_WAITS;
}

/* Does what the last step wants. */
static enum performed perform(struct model *model, struct member *member, enum stopped where,
                              struct reply *reply)
{
    const struct action *action = &member->action;
    assert(action->sends <= SENDS_MAX);
    if (where == AFTER_STEP && stalls(model, member)) {
        return PERFORMED_STOPPED;
    }
    if (action->stop) {
        member_die(model, member->process.id, &(struct history_died){.exit_status = 0});
        return PERFORMED_STOPPED;
    }
    member->state = MEMBER_RUNS;
    if (where != BEFORE_REQUEST) {
        member->sent = 0;
        if (action->drop) {
            drop(model, member);
        }
        if (action->wake[TIMER_PROTOCOL].order | action->wake[TIMER_WORK].order) {
            mind_timer(model, member, TIMER_PROTOCOL);
            mind_timer(model, member, TIMER_WORK);
        }
    }
    return send_batch(model, member, where, reply);
}

/* Does what the last step wants, and what that leads to, until there is something to wait for. Who
 * may have missed something looks again then. */
static void carry_on(struct model *model, struct member *member, enum stopped where, bool missed)
{
    assert(member->state > MEMBER_CONNECTS);
    bool goes_on = true;
    while (goes_on) {
        struct reply reply;
        enum performed performed = perform(model, member, where, &reply);
        if (performed == PERFORMED_STOPPED) {
            return;
        }
        where = AFTER_STEP;
        if (performed == PERFORMED_ANSWERED) {
            goes_on = step_hear(model, member, &member->action.send[member->sent - 1], &reply);
        } else if (member->heard != NO_EXCHANGE) {
            goes_on = step_answer(model, member);
        } else {
            assert((member->outstanding > member->dropped || member_wakes(member) < INT64_MAX) &&
                   "after every step there is something to come");
            goes_on = false;
        }
    }
    if (missed) {
        model_look_at(model, member, model->now_ns);
    }
}

/* --- looking ---------------------------------------------------------------------------------- */

static bool connected(struct model *model, struct member *member)
{
    if (!requests_connect(model, member)) {
        return false;
    }
    member->state = MEMBER_AWAITS;
    return model->progress[member->process.id].started && step_start(model, member);
}

/* True: it took a step, and goes on. */
static bool look_at_requests(struct model *model, struct member *member)
{
    uint16_t id = member->process.id;
    uint32_t index = exchange_answered(model, id);
    for (uint32_t i = 0; index == NO_EXCHANGE && i < model->server_count; i++) {
        const struct channel *channel = model_channel(model, id, (uint8_t)i);
        if (channel->state == CHANNEL_CONNECTS && channel->until_ns <= model->now_ns) {
            requests_connected(model, member, (uint8_t)i);
        } else if (channel_is_overdue(model, id, (uint8_t)i)) {
            channel_break_off(model, id, (uint8_t)i);
        }
    }
    if (index != NO_EXCHANGE) {
        return step_take_in(model, member, index);
    }
    index = exchange_vain(model, id);
    return index != NO_EXCHANGE && step_vain(model, member, index);
}

/* Of two timers that have run out, the one that was due first, as on real processes: whoever stood
 * still, and was about to write, writes before it looks at its lease. */
static enum timer_of first_timer(const struct member *member)
{
    return member->timer_ns[TIMER_WORK] < member->timer_ns[TIMER_PROTOCOL] ? TIMER_WORK
                                                                           : TIMER_PROTOCOL;
}

/* Commands come before answers, and these before the timers. */
static bool look_around(struct model *model, struct member *member)
{
    assert(member->state == MEMBER_RUNS);
    uint32_t life = member->life;
    if (member->command) {
        return step_command(model, member);
    }
    if (member->outstanding > 0 && look_at_requests(model, member)) {
        return true;
    }
    if (member->life != life || member->state != MEMBER_RUNS ||
        model->now_ns < member_wakes(member)) {
        return false;
    }
    assert(member->timer_ns[first_timer(member)] <= model->now_ns);
    return step_wake(model, member, first_timer(member));
}

/* True: it took a step, and goes on. */
static bool look(struct model *model, struct member *member)
{
    switch ((enum member_state)member->state) {
    case MEMBER_DEAD:
        return false;
    case MEMBER_CONNECTS:
        return connected(model, member);
    case MEMBER_AWAITS:
        return model->progress[member->process.id].started && step_start(model, member);
    case MEMBER_RUNS:
        return look_around(model, member);
    case MEMBER_STOPPED_AFTER:
        return true;
    case MEMBER_STOPPED_ASKING:
        return step_take_in_on(model, member);
    case MEMBER_STOPPED_BEFORE:
        carry_on(model, member, BEFORE_REQUEST, true);
        return false;
    case MEMBER_STALLS:
        if (model->now_ns >= member->stalls_until_ns) {
            carry_on(model, member, AFTER_STALL, true);
        }
        return false;
    }
    assert(false && "a state without a case");
    return false;
}

/* Whether there may be more for it to do than one look sees to: who was stopped comes back to all
 * that happened meanwhile. */
static bool may_miss(const struct model *model, const struct member *member)
{
    if (member->state <= MEMBER_RUNS && member->outstanding == 0 && !member->command) {
        return false;
    }
    int due = (member->command > 0) + (member->outstanding > 0) +
              (member->timer_ns[TIMER_PROTOCOL] <= model->now_ns) +
              (member->timer_ns[TIMER_WORK] <= model->now_ns);
    return member->state > MEMBER_RUNS || member->outstanding > 1 || due > 1;
}

void member_look(struct model *model, uint16_t id)
{
    struct member *member = &model->members[id];
    if (model->progress[id].paused) {
        return;
    }
    bool missed = may_miss(model, member);
    if (look(model, member)) {
        carry_on(model, member, AFTER_STEP, missed);
    }
}

void member_answered(struct model *model, uint32_t index)
{
    struct member *member = &model->members[exchange_at(model, index)->owner];
    assert(exchange_at(model, index)->state == EXCHANGE_ANSWERED);
    if (!model->progress[member->process.id].paused && member->state == MEMBER_RUNS &&
        step_take_in(model, member, index)) {
        carry_on(model, member, AFTER_STEP, false);
    }
}

void member_shift_clock(struct model *model, uint16_t id, const struct clock_order *order)
{
    struct member *member = &model->members[id];
    assert(!order->wall);
    skew_set(&member->clock, model->now_ns, 0, order);
    for (int timer = 0; timer < TIMERS; timer++) {
        if (member->timer_ns[timer] < INT64_MAX) {
            int64_t rings_ns = skew_true(&member->clock, member->wake_ns[timer]);
            member->timer_ns[timer] = rings_ns;
            model_look_at(model, member, rings_ns > model->now_ns ? rings_ns : model->now_ns);
        }
    }
}
