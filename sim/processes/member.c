/* A member: the loop around a step machine. See member.h. */
#include "sim/processes/member.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "sim/host/event_record.h"
#include "sim/host/rng.h"
#include "sim/ops/op.h"
#include "src/protocol.h"
#include "src/units.h"

#define CONNECT_RETRY_NS (20 * NS_PER_MS)

/* Too many clients may soon be fewer, when a stalled server finds that some have gone. */
#define REFUSAL_TIMEOUT_NS (3 * NS_PER_S)

static bool is_answered(struct link *link)
{
    static const char *const ping[] = {"PING", NULL};
    return link_open(link) && link_demand(link, ping);
}

bool member_connect(struct member *member, int64_t timeout_ns)
{
    int64_t until = monotonic_ns() + timeout_ns;
    while (!is_answered(&member->link)) {
        int64_t now = monotonic_ns();
        if (member->link.refused_by_server && until > now + REFUSAL_TIMEOUT_NS) {
            until = now + REFUSAL_TIMEOUT_NS;
        }
        if (now + CONNECT_RETRY_NS > until) {
            return false;
        }
        struct timespec rest = {.tv_nsec = CONNECT_RETRY_NS};
        nanosleep(&rest, NULL);
    }
    return true;
}

static void notify(const struct member *member)
{
    uint64_t one = 1;
    if (member->notify_fd >= 0 && atomic_exchange(member->notified, 1) == 0) {
        ssize_t written = write(member->notify_fd, &one, sizeof one);
        (void)written; /* an eventfd that is full has been written, too */
    }
}

static void draw_token(struct member *member)
{
    if (member->spares == 0) {
        while (getrandom(member->spare, sizeof member->spare, 0) != sizeof member->spare) {
            assert(errno == EINTR);
        }
        member->spares = MEMBER_TOKENS;
    }
    member->fresh = member->spare[--member->spares];
}

static void record(struct member *member, struct history_event *event)
{
    event->at_ns = member->now_ns;
    event->process = member->process.id;
    member->record(member->record_self, event);
}

/* Its own clock, by which it takes its steps and waits: a fault may have shifted it. History is
 * written in true time. */
static int64_t own_now(const struct member *member)
{
    struct skew skew = skew_read(&member->slot->skew);
    return skew_own(&skew, member->now_ns);
}

/* --- what the driver can do to it ------------------------------------------------------------- */

/* Stands at the watches that a step has hit, until the driver lets it go. */
static void stand(struct member *member, const struct breakpoint_hits *hits)
{
    struct member_slot *slot = member->slot;
    uint32_t turn = atomic_load(&slot->stopped) + 1;
    slot->hits = *hits;
    atomic_store(&slot->stopped_ns, monotonic_ns());
    atomic_store(&slot->stopped, turn);
    notify(member);
    for (;;) {
        uint32_t heard = atomic_load(&slot->wake);
        if (atomic_load(&slot->go) == turn) {
            break;
        }
        slot_wait(slot, heard, INT64_MAX);
    }
    member->now_ns = monotonic_ns();
}

static void show(struct member *member, const struct step_moments *step)
{
    struct breakpoint_hits hits;
    if (breakpoints_hit(member->breakpoints, step, &hits)) {
        stand(member, &hits);
    }
}

static void look_at_breakpoints(struct member *member, uint32_t moments, bool before)
{
    struct step_moments step = {.id = member->process.id,
                                .before = before,
                                .moments = moments,
                                .claim = member->process.claim};
    if (member->breakpoints && moments != 0) {
        show(member, &step);
    }
}

/* If somebody watches for this request to be applied: waits until it is, and shows it, before its
 * answer is read. */
static void look_when_applied(struct member *member, const struct request *request)
{
    uint8_t moment = request->moment;
    struct step_moments step = {.id = member->process.id,
                                .applied = true,
                                .moments = moment == MOMENT_NONE ? 0 : 1u << moment,
                                .claim = member->process.claim};
    if (member->breakpoints && step.moments != 0 && breakpoints_await(member->breakpoints, &step) &&
        link_await(&member->link, request)) {
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
    for (;;) {
        uint32_t heard = atomic_load(&slot->wake);
        if (atomic_load(&slot->unstall) != called_off || monotonic_ns() >= until) {
            break;
        }
        slot_wait(slot, heard, until);
    }
    member->now_ns = monotonic_ns();
}

static bool take_flip(struct member *member, struct event *event)
{
    uint32_t flip = atomic_exchange(&member->slot->flip, 0);
    if (flip == 0) {
        return false;
    }
    *event =
        (struct event){.kind = EVENT_COMMAND, .command = COMMAND_FLIP, .value = (int32_t)flip - 1};
    return true;
}

/* --- one step --------------------------------------------------------------------------------- */

static const char *why(const struct member *member, const struct action *action)
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
    if (!event_record_claim(&event, &before, &claim, claim.until_ns, action, why(member, action))) {
        return;
    }
    record(member, &event);
    member->shown = claim;
    if (memcmp(&before, &claim, sizeof claim) != 0) {
        slot_set_claim(member->slot, &claim);
    }
    if (before.follows != claim.follows || before.leads != claim.leads ||
        before.term != claim.term) {
        notify(member);
    }
}

/* Gives the machine an event at member->now_ns; `answered` is the moment whose request it answers.
 */
static void take_step(struct member *member, struct event *event, uint8_t answered,
                      struct action *action)
{
    event->now_ns = own_now(member);
    event->fresh = member->fresh;
    process_step(member->settings, &member->process, event, action);
    if (action->took_token) {
        draw_token(member);
    }
    if (action->happened & (1u << MOMENT_DECIDES)) {
        struct history_event decided;
        event_record_decided(&decided, action, why(member, action),
                             member->numbers[action->decided.basis]);
        record(member, &decided);
    }
    show_claim(member, action);
    uint32_t answer = answered == MOMENT_NONE ? 0 : 1u << answered;
    look_at_breakpoints(member, action->happened | answer, false);
    stall_if_asked(member);
}

/* --- requests and waits ----------------------------------------------------------------------- */

static void record_request(struct member *member, const struct action *action)
{
    const struct request *request = &action->send[0];
    struct history_event event;
    event_record_request(&event, request, why(member, action), ++member->slot->request_number);
    member->numbers[request->tag] = member->slot->request_number;
    record(member, &event);
}

static void put_event(void *self, struct history_event *event)
{
    record(self, event);
}

static void record_reply(struct member *member, const struct request *request,
                         const struct reply *reply)
{
    struct history_event event;
    event_record_reply(&event, request, reply, member->slot->request_number);
    if (event_record_is_ballot(request, reply)) {
        history_put_ballot(&event, reply->value.ballot, put_event, member);
    } else {
        record(member, &event);
    }
}

/* What the server refuses is told to the driver: it may mean that the whole world is broken. */
static void note_refusal(struct member *member, int64_t sent_ns)
{
    struct member_slot *slot = member->slot;
    if (atomic_load(&slot->refusals) == 0) {
        snprintf(slot->refusal, sizeof slot->refusal, "%s", member->link.error);
        snprintf(slot->refused, sizeof slot->refused, "%s", member->link.refused);
        slot->refused_ns = sent_ns;
    }
    atomic_fetch_add(&slot->refusals, 1);
    notify(member);
}

static void do_request(struct member *member, const struct action *action, struct reply *reply)
{
    const struct request *request = &action->send[0];
    uint8_t moment = request->moment;
    assert(action->sends == 1);
    look_at_breakpoints(member, moment == MOMENT_NONE ? 0 : 1u << moment, true);
    int64_t sent_ns = member->now_ns;
    record_request(member, action);
    if (link_send(&member->link, request)) {
        look_when_applied(member, request);
        link_receive(&member->link, request, reply);
    } else {
        *reply = (struct reply){.outcome = STORE_REFUSED};
    }
    member->now_ns = monotonic_ns();
    record_reply(member, request, reply);
    if (member->link.refused_by_server) {
        note_refusal(member, sent_ns);
    }
    if (moment == MOMENT_REPORTS && reply->outcome == STORE_OK) {
        if (atomic_fetch_add(&member->slot->reports, 1) == 0) {
            notify(member);
        }
    }
}

/* Waits until its own clock shows `until_ns`; that may change meanwhile, and then the wake-up
 * rings. Fills the event that ends the wait: woken up, or flipped. */
static void do_wait(struct member *member, int64_t until_ns, struct event *event)
{
    for (;;) {
        uint32_t heard = atomic_load(&member->slot->wake);
        if (take_flip(member, event)) {
            break;
        }
        struct skew skew = skew_read(&member->slot->skew);
        member->now_ns = monotonic_ns();
        if (skew_own(&skew, member->now_ns) >= until_ns) {
            *event = (struct event){.kind = EVENT_WOKE};
            break;
        }
        slot_wait(member->slot, heard, skew_true(&skew, until_ns));
    }
    member->now_ns = monotonic_ns();
}

/* Whether a step left things as they were. */
static bool goes_on_waiting(const struct action *action)
{
    return action->sends == 0 && action->timer == TIMER_KEEP && !action->stop;
}

/* Waits until something ends the wait for good: a flip may leave it as it was. */
static void wait_and_step(struct member *member, struct action *action)
{
    int64_t until =
        own_now(member) + rng_between(&member->rng, action->wake_min_ns, action->wake_max_ns);
    do {
        struct event event;
        do_wait(member, until, &event);
        take_step(member, &event, MOMENT_NONE, action);
    } while (goes_on_waiting(action));
}

static void request_and_step(struct member *member, struct action *action)
{
    struct reply reply;
    struct event event;
    struct request asked = action->send[0];
    do_request(member, action, &reply);
    if (take_flip(member, &event)) {
        take_step(member, &event, MOMENT_NONE, action);
        assert(goes_on_waiting(action));
    }
    event = (struct event){.kind = EVENT_REPLY, .tag = asked.tag, .reply = &reply};
    take_step(member, &event, asked.moment, action);
}

static void wait_for_start(struct member *member)
{
    for (;;) {
        uint32_t heard = atomic_load(&member->slot->wake);
        if (atomic_load(&member->slot->started)) {
            break;
        }
        slot_wait(member->slot, heard, INT64_MAX);
    }
    member->now_ns = monotonic_ns();
}

void member_run(struct member *member, uint16_t id)
{
    struct event event = {.kind = EVENT_STARTED};
    struct history_event started = {.kind = HISTORY_STARTED};
    struct action action;

    member->process = process_new(id);
    member->shown = member->process.claim;
    slot_set_claim(member->slot, &member->shown);
    draw_token(member);
    wait_for_start(member);
    record(member, &started);
    take_step(member, &event, MOMENT_NONE, &action);
    while (!action.stop) {
        if (action.sends > 0) {
            request_and_step(member, &action);
        } else {
            assert(action.timer == TIMER_SET);
            wait_and_step(member, &action);
        }
    }
}
