/* A member: one process of the cluster at work, in virtual time. What member.c of the processes
 * host does in a loop that waits, this does in pieces, each of which runs when something is due:
 *
 *     step ──▶ breakpoint? ──▶ stall? ──▶ perform its action ──▶ wait ──▶ step …
 *                │               │                └──▶ breakpoint? ──▶ request, answer ──▶ step …
 *              paused?        until then                   │
 *                                                       paused?
 *
 * A paused member does nothing: what becomes due, or arrives, waits until it looks again. Its clock
 * goes on meanwhile, as the monotonic clock does for a stopped process.
 */
#include <assert.h>

#include "sim/host/event_record.h"
#include "sim/host/rng.h"
#include "sim/model/step.h"
#include "src/units.h"

/* As the processes do. */
#define CONNECT_RETRY_NS (20 * NS_PER_MS)

static void look_at(struct model *model, const struct member *member, int64_t at_ns)
{
    model_put(model, at_ns, DUE_LOOK, member->process.id);
}

/* --- births and deaths ------------------------------------------------------------------------ */

void member_bear(struct model *model, uint16_t id, bool started, int64_t until_ns)
{
    struct member *member = &model->members[id];
    model_record(model, HISTORY_BORN, id);
    member->process = model->newborn;
    member->process.id = id;
    member->fresh = step_token(model);
    member->rng = model->facts.seed + 0x9e3779b97f4a7c15ULL * (id + 1u);
    member->stall_ns = 0;
    memset(member->numbers, 0, sizeof member->numbers);
    member->flip = 0;
    member->has_answer = false;
    member->broken = false;
    member->connection = NO_CONNECTION;
    member->state = MEMBER_CONNECTS;
    member->until_ns = until_ns;
    model->progress[id] =
        (struct cluster_member){.alive = true, .started = started, .claim = member->process.claim};
    model_changed(model);
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
    model->progress[id] = (struct cluster_member){.claim.follows = NOBODY};
    model_changed(model);
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = HISTORY_DIED};
    event->died = *how;
    model_recorded(model, event, id);
}

/* --- actions ---------------------------------------------------------------------------------- */

/* True: the answer is there already. */
static bool send_request(struct model *model, struct member *member)
{
    struct history_event *event = model_event(model);
    member->asked = member->action.send[0];
    event_record_request(event, &member->asked,
                         process_why(&model->scenario->settings, member->action.why),
                         ++member->request_number);
    model_recorded(model, event, member->process.id);
    model->counts.requests++;
    member->numbers[member->asked.tag] = member->request_number;
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
    int64_t timeout_ns = model->scenario->request_timeout_ns;
    bool refused = links_keep_out(model, member->process.id) || takes_ns > timeout_ns;
    member->failure = refused ? STORE_REFUSED : STORE_OK;
    member->state = MEMBER_RECONNECTS;
    member->until_ns = model->now_ns + (refused ? timeout_ns : takes_ns);
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
        wait_ns = rng_between(&member->rng, wait_ns, action->wake_max_ns);
    }
    member->wake_ns = skew_own(&member->clock, model->now_ns) + wait_ns;
    member->until_ns = skew_true(&member->clock, member->wake_ns) +
                       latency_draw(&model->network->timer, &model->machine_rng);
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
enum stopped { AFTER_STEP, AFTER_STALL, BEFORE_REQUEST };

static bool ask(struct model *model, struct member *member, enum stopped where)
{
    uint32_t moments = moment_bit(member->action.send[0].moment);
    return (where == BEFORE_REQUEST ||
            passes_breakpoints(model, member, moments, MEMBER_STOPPED_BEFORE)) &&
           send_request(model, member) && step_take_in(model, member);
}

/* Does what the last step wants, and what that leads to, until there is something to wait for. */
static void carry_on(struct model *model, struct member *member, enum stopped where)
{
    bool goes_on = true;
    while (goes_on) {
        if (where == AFTER_STEP && stalls(model, member)) {
            return;
        }
        const struct action *action = &member->action;
        assert(action->sends <= 1 && action->drop == 0);
        if (action->stop) {
            member_die(model, member->process.id, &(struct history_died){.exit_status = 0});
            return;
        }
        if (action->sends == 1) {
            goes_on = ask(model, member, where);
        } else if (member->has_answer) {
            goes_on = step_answer(model, member);
        } else if (action->timer == TIMER_SET) {
            begin_wait(model, member);
            return;
        } else {
            wait_on(model, member);
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
    if (!modelled_server_listens(model)) {
        member->until_ns = model->now_ns + CONNECT_RETRY_NS;
        look_at(model, member, member->until_ns);
        return false;
    }
    if (!wire_connect(model, member->process.id)) {
        return false;
    }
    member->state = MEMBER_AWAITS;
    return model->progress[member->process.id].started && step_start(model, member);
}

static bool reconnected(struct model *model, struct member *member)
{
    if (member->failure != STORE_OK || !modelled_server_listens(model)) {
        return step_fail(model, member, STORE_REFUSED);
    }
    return wire_connect(model, member->process.id) && wire_send(model, member) &&
           step_take_in(model, member);
}

static bool ask_on(struct model *model, struct member *member)
{
    if (member->connection != NO_CONNECTION &&
        model->connections[member->connection].state == CONNECTION_ANSWERED) {
        return step_take_in(model, member);
    }
    return model->now_ns >= member->until_ns && step_fail(model, member, STORE_UNKNOWN);
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
        return model->progress[member->process.id].started && step_start(model, member);
    case MEMBER_WAITS:
        return member->flip ? step_flip(model, member) : time_is_up && step_wake(model, member);
    case MEMBER_ASKS:
        return ask_on(model, member);
    case MEMBER_STOPPED_AFTER:
        return true;
    case MEMBER_STOPPED_ASKING:
        return step_take_in_on(model, member);
    case MEMBER_STOPPED_BEFORE:
        carry_on(model, member, BEFORE_REQUEST);
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
    if (!model->progress[id].paused && step_take_in(model, member)) {
        carry_on(model, member, AFTER_STEP);
    }
}
