/* A member's steps. See member_step.h. */
#include "sim/processes/member_step.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "sim/host/event_record.h"
#include "sim/ops/op.h"
#include "sim/text/clock.h"
#include "src/protocol.h"

void member_notify(const struct member *member)
{
    uint64_t one = 1;
    assert(member->notify_fd < 0 || member->notified);
    if (member->notify_fd >= 0 && atomic_exchange(member->notified, 1) == 0) {
        ssize_t written = write(member->notify_fd, &one, sizeof one);
        (void)written; /* an eventfd that is full has been written, too */
    }
}

void member_draw_token(struct member *member)
{
    if (member->spares == 0) {
        while (getrandom(member->spare, sizeof member->spare, 0) != sizeof member->spare) {
            assert(errno == EINTR);
        }
        member->spares = MEMBER_TOKENS;
    }
    assert(member->spares > 0 && member->spares <= MEMBER_TOKENS);
    member->fresh = member->spare[--member->spares];
}

void member_record(struct member *member, struct history_event *event)
{
    assert(event->kind < HISTORY_KINDS && member->now_ns > 0);
    event->at_ns = member->now_ns;
    event->process = member->process.id;
    member->record(member->record_self, event);
}

int64_t member_own_now(const struct member *member)
{
    struct skew skew = skew_read(&member->slot->skew);
    return skew_own(&skew, member->now_ns);
}

/* --- what the driver can do to it ------------------------------------------------------------- */

/* Stops at the breakpoints that a step has hit, until the driver lets it go. */
static void stand(struct member *member, const struct breakpoint_hits *hits)
{
    struct member_slot *slot = member->slot;
    uint32_t turn = atomic_load(&slot->stopped) + 1;
    assert(turn > atomic_load(&slot->go)); /* who stood there before it, and died, is let go once */
    slot->hits = *hits;
    atomic_store(&slot->stopped_ns, monotonic_ns());
    atomic_store(&slot->stopped, turn);
    member_notify(member);
    while (atomic_load(&slot->go) != turn) {
        slot_wait(slot, INT64_MAX);
    }
    member->now_ns = monotonic_ns();
}

static void show(struct member *member, const struct step_moments *step)
{
    struct breakpoint_hits hits;
    assert(step->moments != 0 || step->command.name);
    if (breakpoints_hit(member->breakpoints, step, &hits)) {
        stand(member, &hits);
    }
}

/* `request`: which goes out, or was answered; NULL: none. */
static void look_at_breakpoints(struct member *member, uint32_t moments,
                                const struct request *request, bool before)
{
    struct step_moments step = {.id = member->process.id,
                                .before = before,
                                .moments = moments,
                                .claim = member->process.claim};
    if (request) {
        step.moments |= request->moment == MOMENT_NONE ? 0 : 1u << request->moment;
        step.command = breakpoint_command(request);
    }
    if (member->breakpoints && (step.moments != 0 || step.command.name)) {
        show(member, &step);
    }
}

void member_show_before(struct member *member, const struct request *request)
{
    look_at_breakpoints(member, 0, request, true);
}

void member_show_applied(struct member *member, const struct link_answer *answer)
{
    const struct request *request = &answer->asked.request;
    uint8_t moment = request->moment;
    assert(request->op < STORE_OPS);
    bool done = op_rows[request->op]->answers == VALUE_DONE;
    struct step_moments step = {.id = member->process.id,
                                .applied = true,
                                .moments = moment == MOMENT_NONE ? 0 : 1u << moment,
                                .command = breakpoint_command(request),
                                .claim = member->process.claim};
    if (member->breakpoints && (step.moments != 0 || step.command.name) &&
        op_applied(request->op, answer->reply.outcome, done ? answer->reply.value.integer : 0)) {
        show(member, &step);
    }
}

/* Stays in the critical section for as long as the driver asked, or until it calls that off. */
static void stall_if_asked(struct member *member)
{
    struct member_slot *slot = member->slot;
    if (!member->process.claim.in_section || atomic_load(&slot->stall_ns) == 0) {
        return;
    }
    uint32_t called_off = atomic_load(&slot->unstall);
    int64_t until = monotonic_ns() + atomic_exchange(&slot->stall_ns, 0);
    while (atomic_load(&slot->unstall) == called_off && monotonic_ns() < until) {
        slot_wait(slot, until);
    }
    member->now_ns = monotonic_ns();
}

/* --- one step --------------------------------------------------------------------------------- */

static const char *member_why(const struct member *member, const struct action *action)
{
    return process_why(member->settings, action->why);
}

/* Until when it leads, it says by its own clock; what is recorded is when that will be. */
static void show_claim(struct member *member, const struct action *action)
{
    struct skew skew = skew_read(&member->slot->skew);
    struct claim before = member->shown;
    struct claim claim = member->process.claim;
    struct history_event event;
    claim.until_ns = skew_true(&skew, claim.until_ns);
    if (!event_record_claim(&event, &before, &claim, claim.until_ns, action,
                            member_why(member, action))) {
        return;
    }
    member_record(member, &event);
    member->shown = claim;
    if (memcmp(&before, &claim, sizeof claim) != 0) {
        slot_set_claim(member->slot, &claim);
    }
    if (before.follows != claim.follows || before.leads != claim.leads ||
        before.term != claim.term) {
        member_notify(member);
    }
}

void member_take_step(struct member *member, struct event *event, const struct request *answered,
                      struct action *action)
{
    assert(event->kind <= EVENT_COMMAND);
    event->now_ns = member_own_now(member);
    event->fresh = member->fresh;
    process_step(member->settings, &member->process, event, action);
    if (action->took_token) {
        member_draw_token(member);
    }
    if (action->happened & (1u << MOMENT_DECIDES)) {
        struct history_event decided;
        event_record_decided(&decided, action, member_why(member, action),
                             member->numbers[action->decided.basis]);
        member_record(member, &decided);
    }
    show_claim(member, action);
    look_at_breakpoints(member, action->happened, answered, false);
    stall_if_asked(member);
}
