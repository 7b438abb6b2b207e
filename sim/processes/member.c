/* A member: the loop around a step machine. See member.h. */
#include "sim/processes/member.h"
#include "sim/host/command.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/history/text.h"
#include "sim/host/event_record.h"
#include "sim/host/rng.h"
#include "src/protocol.h"
#include "src/units.h"
#include "src/work.h"

#define CONNECT_RETRY_NS (20 * NS_PER_MS)

/* How long an attempt waits at the least. A thousand who come at once and all give up within the
 * time of a request, to come anew, keep a slow server busy with those who have left: nobody gets
 * in. */
#define ATTEMPT_MS 5000

/* Too many clients may soon be fewer, when a stalled server finds that some have gone. */
#define REFUSAL_TIMEOUT_NS (3 * NS_PER_S)

static bool connect_one(struct link *link, int64_t timeout_ns)
{
    int64_t until = monotonic_ns() + timeout_ns;
    while (!link_open(link) || !link_pings(link)) {
        int64_t now = monotonic_ns();
        if (link->refused_by_server && until > now + REFUSAL_TIMEOUT_NS) {
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

const struct link *member_connect(struct member *member, int64_t timeout_ns, bool patient)
{
    for (int i = 0; i < settings_all_servers(member->settings); i++) {
        struct link *link = &member->links[i];
        int request_ms = link->timeout_ms;
        assert(request_ms > 0);
        if (patient && request_ms < ATTEMPT_MS) {
            link->timeout_ms = ATTEMPT_MS;
        }
        bool good = connect_one(link, timeout_ns);
        link->timeout_ms = request_ms;
        if (!good) {
            return link;
        }
    }
    return NULL;
}

/* --- requests --------------------------------------------------------------------------------- */

/* Whether no other request of the step follows this one to its server. */
static bool goes_alone(const struct action *action, int number)
{
    assert(number < action->sends && action->sends <= SENDS_MAX);
    for (int i = 0; i < action->sends; i++) {
        if (i != number && action->send[i].server == action->send[number].server) {
            return false;
        }
    }
    return true;
}

static void send_request(struct member *member, const struct action *action, int number)
{
    const struct request *request = &action->send[number];
    struct history_event event;
    assert(request->tag < TAGS && request->server < settings_all_servers(member->settings));
    member_show_before(member, request);
    event_record_request(&event, request,
                         process_why_asked(member->settings, &member->process, action, request),
                         ++member->slot->request_number);
    member_record(member, &event);
    member->numbers[request->tag] = member->slot->request_number;
    member->waited_for |= 1u << request->tag;
    if (!link_ask(&member->links[request->server], request, member->slot->request_number,
                  goes_alone(action, number))) {
        fprintf(stderr, "%s: out of memory\n", text_process(member->process.id).text);
        _exit(EXIT_FAILURE);
    }
}

static void mind_timers(struct member *member, const struct action *action)
{
    for (int timer = 0; timer < TIMERS; timer++) {
        const struct wake *wake = &action->wake[timer];
        assert(wake->order <= TIMER_CANCEL);
        if (wake->order == TIMER_SET) {
            member->timer_ns[timer] =
                member_own_now(member) + rng_between(&member->rng, wake->min_ns, wake->max_ns);
        } else if (wake->order == TIMER_CANCEL) {
            member->timer_ns[timer] = INT64_MAX;
        }
    }
}

/* Does what a step has asked for. */
static void carry_out(struct member *member, const struct action *action)
{
    int servers = settings_all_servers(member->settings);
    for (int i = 0; i < servers && action->drop != 0; i++) {
        link_drop(&member->links[i], action->drop);
    }
    member->waited_for &= ~action->drop;
    mind_timers(member, action);
    assert(action->sends <= SENDS_MAX);
    for (int i = 0; i < action->sends; i++) {
        assert(!(member->waited_for & 1u << action->send[i].tag));
        send_request(member, action, i);
    }
    member->over = action->stop;
}

/* Whether an answer or the timer is to come, or the end is there: of the protocol, whatever the
 * work waits for. */
static bool goes_on(const struct member *member)
{
    bool answer = member->waited_for & ~(1u << TAG_WORK);
    return answer || member->timer_ns[TIMER_PROTOCOL] != INT64_MAX || member->over;
}

/* Gives the machine an event, and does what it asks for. */
static void step(struct member *member, struct event *event, const struct request *answered)
{
    struct action action;
    assert(!member->over);
    member_take_step(member, event, answered, &action);
    carry_out(member, &action);
    assert(goes_on(member) && "after every step there is something to come");
}

/* --- answers ---------------------------------------------------------------------------------- */

static void put_event(void *self, struct history_event *event)
{
    member_record(self, event);
}

static void record_reply(struct member *member, const struct link_answer *answer)
{
    struct history_event event;
    event_record_reply(&event, &answer->asked.request, &answer->reply, answer->asked.number);
    if (event_record_is_ballot(&answer->asked.request, &answer->reply)) {
        history_put_ballot(&event, answer->reply.value.ballot, put_event, member);
    } else {
        member_record(member, &event);
    }
}

/* What the server refuses is told to the driver: it may mean that the whole world is broken. */
static void note_refusal(struct member *member, const struct link_answer *answer)
{
    struct member_slot *slot = member->slot;
    assert(answer->asked.request.server < settings_all_servers(member->settings));
    const struct link *link = &member->links[answer->asked.request.server];
    if (atomic_load(&slot->refusals) == 0) {
        snprintf(slot->refusal, sizeof slot->refusal, "%s", link->error);
        snprintf(slot->refused, sizeof slot->refused, "%s", link->refused);
        slot->refused_ns = answer->asked.asked_ns;
        slot->refusing = answer->asked.request.server;
    }
    atomic_fetch_add(&slot->refusals, 1);
    member_notify(member);
}

/* The next answer of any server. Of several, the one of the server that stands first. */
static bool next_answer(struct member *member, struct link_answer *answer)
{
    for (int i = 0; i < settings_all_servers(member->settings); i++) {
        if (link_answered(&member->links[i], answer)) {
            return true;
        }
    }
    return false;
}

static bool take_command(struct member *member)
{
    uint32_t command = atomic_exchange(&member->slot->command, 0);
    if (command == 0) {
        return false;
    }
    struct event event = command_event(command);
    step(member, &event, NULL);
    return true;
}

/* A command that came while the process stood at a breakpoint, with the answer there, is given
 * first; then it may be that nobody waits for the answer any more. */
static void take_answer(struct member *member, struct link_answer *answer)
{
    const struct request *request = &answer->asked.request;
    assert(answer->asked.number > 0 && answer->asked.number <= member->slot->request_number);
    member_show_applied(member, answer);
    member->now_ns = monotonic_ns();
    record_reply(member, answer);
    if (answer->refused) {
        note_refusal(member, answer);
    }
    if (request->moment == MOMENT_REPORTS && answer->reply.outcome == STORE_OK) {
        if (atomic_fetch_add(&member->slot->reports, 1) == 0) {
            member_notify(member);
        }
    }
    take_command(member);
    bool waited_for = !answer->asked.dropped && member->waited_for & 1u << request->tag &&
                      member->numbers[request->tag] == answer->asked.number;
    if (waited_for && !member->over) {
        struct event event = {.kind = EVENT_REPLY, .tag = request->tag, .reply = &answer->reply};
        member->waited_for &= ~(1u << request->tag);
        step(member, &event, request);
    }
}

/* --- the loop --------------------------------------------------------------------------------- */

/* The timer that rings next. */
static enum timer_of next_timer(const struct member *member)
{
    return member->timer_ns[TIMER_WORK] < member->timer_ns[TIMER_PROTOCOL] ? TIMER_WORK
                                                                           : TIMER_PROTOCOL;
}

/* When it rings, CLOCK_MONOTONIC; INT64_MAX: it is not set. */
static int64_t timer_true_ns(const struct member *member, enum timer_of timer)
{
    struct skew skew = skew_read(&member->slot->skew);
    return skew_true(&skew, member->timer_ns[timer]);
}

/* One poll for all that it waits for: its servers, its wake-up, and the time. */
static void wait_for_something(struct member *member, int64_t until_ns)
{
    struct pollfd polled[ALL_SERVERS_MAX + 1];
    int servers = settings_all_servers(member->settings);
    for (int i = 0; i < servers; i++) {
        int64_t due_ns = link_due(&member->links[i]);
        polled[i] = link_polled(&member->links[i]);
        until_ns = due_ns < until_ns ? due_ns : until_ns;
    }
    polled[servers] = (struct pollfd){.fd = member->slot->wake_fd, .events = POLLIN};
    int ready = poll_until(polled, (unsigned)servers + 1, until_ns);
    if (ready > 0 && polled[servers].revents) {
        slot_woken(member->slot);
    }
    for (int i = 0; i < servers; i++) {
        if (ready <= 0) {
            polled[i].revents = 0;
        }
        link_turn(&member->links[i], polled[i].revents);
    }
}

/* Whoever was stopped and goes on waits for answers as long as if it had asked just now. */
static void mind_resumption(struct member *member)
{
    uint32_t resumed = atomic_load(&member->slot->resumed);
    int servers = settings_all_servers(member->settings);
    for (int i = 0; i < servers && resumed != member->resumed; i++) {
        link_begin_anew(&member->links[i]);
    }
    member->resumed = resumed;
}

/* Takes one step, or waits. Of what is there at once, a command is given before an answer, and the
 * timers ring last. */
static void turn(struct member *member)
{
    struct link_answer answer;
    mind_resumption(member);
    member->now_ns = monotonic_ns();
    if (take_command(member)) {
        return;
    }
    if (next_answer(member, &answer)) {
        take_answer(member, &answer);
        return;
    }
    enum timer_of timer = next_timer(member);
    int64_t rings_ns = timer_true_ns(member, timer);
    bool rings = rings_ns <= member->now_ns;
    if (rings && member->looked) {
        struct event event = {.kind = EVENT_WOKE, .timer = (uint8_t)timer};
        member->timer_ns[timer] = INT64_MAX;
        member->looked = false;
        step(member, &event, NULL);
        return;
    }
    wait_for_something(member, rings ? 0 : rings_ns);
    member->looked = rings; /* what had come before the timer rang is given before it */
}

static void wait_for_start(struct member *member)
{
    while (!atomic_load(&member->slot->started)) {
        slot_wait(member->slot, INT64_MAX);
    }
    member->now_ns = monotonic_ns();
}

void member_run(struct member *member, uint16_t id)
{
    struct event event = {.kind = EVENT_STARTED};
    struct history_event started = {.kind = HISTORY_STARTED};

    assert(member->settings->servers <= SERVERS_MAX);
    member->process = process_new(id);
    member->shown = member->process.claim;
    member->timer_ns[TIMER_PROTOCOL] = member->timer_ns[TIMER_WORK] = INT64_MAX;
    member->resumed = atomic_load(&member->slot->resumed);
    slot_set_claim(member->slot, &member->shown);
    member_draw_token(member);
    wait_for_start(member);
    member_record(member, &started);
    step(member, &event, NULL);
    while (!member->over) {
        turn(member);
    }
}
