/* The relay process: its loop, its lines and the driver's orders. See relay.h. */
#include "sim/relay/relay.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "sim/relay/state.h"
#include "sim/text/clock.h"
#include "src/units.h"

#define EVENTS 64

/* --- lines ------------------------------------------------------------------------------------ */

static void let_in(struct relay *relay, struct line *line)
{
    int fd;
    while (line->listener.state == LISTENER_OPEN && (fd = listener_accept(&line->listener)) >= 0) {
        traffic_welcome(relay, line, fd);
    }
    if (line->listener.state == LISTENER_OPEN && errno != EAGAIN) {
        relay_die(relay, "cannot let a process in");
    }
}

static void settle_line(struct relay *relay, struct line *line)
{
    struct connection *next;
    for (struct connection *one = line->connections; one; one = next) {
        next = one->next;
        traffic_settle(relay, one);
    }
}

/* --- orders ----------------------------------------------------------------------------------- */

static int by_place(const void *left, const void *right)
{
    const struct line *a = left;
    const struct line *b = right;
    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return (int)a->upstream->server - (int)b->upstream->server;
}

static bool carry_out(struct relay *relay, const struct relay_request *request)
{
    struct line wanted = {.id = request->id, .upstream = &relay->upstreams[request->server]};
    struct line *line =
        bsearch(&wanted, relay->lines, relay->line_count, sizeof *relay->lines, by_place);
    if (!line) {
        return false;
    }
    assert(line->id == request->id && line->upstream->server == request->server);
    for (struct connection *one = line->connections; one; one = one->next) {
        traffic_drain(relay, one); /* what was sent into a cut that loses it, before that ends */
    }
    struct link_faults before = line->link_faults;
    bool changed = link_faults_order(&line->link_faults, &request->order, relay->now_ns);
    for (struct connection *one = line->connections; one; one = one->next) {
        changed = channel_follow(&one->channel, &request->order, &before, relay->now_ns) || changed;
    }
    line_mind_listener(relay, line);
    settle_line(relay, line);
    return changed;
}

/* What it had sent arrives all the same. */
static void hear_death(struct relay *relay, uint16_t id)
{
    for (uint32_t i = 0; i < relay->line_count; i++) {
        struct line *line = &relay->lines[i];
        if (line->id != id || !line->stranger) {
            continue;
        }
        if (line->listener.state == LISTENER_OPEN) {
            let_in(relay, line); /* who still waits there is the dead one's, not its next life's */
        }
        for (struct connection *one = line->connections; one; one = one->next) {
            tap_died(one->tap);
        }
        belief_died(&line->belief);
        assert(!belief_holds(&line->belief));
    }
}

static void hear_driver(struct relay *relay)
{
    struct relay_request request;
    ssize_t got = recv(relay->plan->control, &request, sizeof request, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got != (ssize_t)sizeof request) {
        _exit(0); /* the driver has closed its end */
    }
    assert(request.server < relay->plan->servers);
    if (request.is_dead) {
        hear_death(relay, request.id);
        relay_answer(relay, &(struct relay_answer){.changed = true});
        return;
    }
    if (request.redis_is_gone) {
        struct upstream *upstream = &relay->upstreams[request.server];
        monitor_look(relay, upstream);
        relay_answer(relay, &(struct relay_answer){.changed = upstream->away});
        return;
    }
    relay_answer(relay, &(struct relay_answer){.changed = carry_out(relay, &request)});
}

/* --- strangers whose traffic stands ----------------------------------------------------------- */

static void go_on(struct relay *relay, struct stranger *stranger)
{
    const struct relay_witness *witness = relay->plan->witness;
    struct witness_standing *standing = &stranger->standing;
    if (!standing->stands || !witness->may_go(witness->self, stranger->id, standing->left)) {
        return;
    }
    *standing = (struct witness_standing){.stands = false};
    for (uint32_t i = 0; i < relay->line_count; i++) {
        struct connection *next;
        for (struct connection *one = relay->lines[i].connections; one; one = next) {
            next = one->next;
            if (relay->lines[i].stranger == stranger && !standing->stands) {
                traffic_go_on(relay, one);
            }
        }
    }
}

static void hear_witness(struct relay *relay)
{
    const struct relay_witness *witness = relay->plan->witness;
    witness->woken(witness->self);
    for (uint32_t i = 0; i < relay->line_count; i++) {
        for (struct connection *one = relay->lines[i].connections; one; one = one->next) {
            if (one->tap) {
                tap_passed(one->tap, one->channel.flows[WAY_REPLIES].passed, relay->now_ns);
            }
        }
    }
    for (uint32_t i = 0; i < relay->plan->count; i++) {
        go_on(relay, &relay->strangers[i]);
    }
}

static void meet_strangers(struct relay *relay)
{
    const struct relay_plan *plan = relay->plan;
    if (!plan->witness) {
        return;
    }
    relay->strangers = calloc(plan->count, sizeof *relay->strangers);
    if (!relay->strangers) {
        relay_die(relay, "cannot get memory");
    }
    for (uint32_t i = 0; i < plan->count; i++) {
        relay->strangers[i].id = plan->ids[i];
    }
    relay->witness =
        (struct source){.kind = SOURCE_WITNESS, .fd = plan->witness->wake_fd(plan->witness->self)};
    relay_watch(relay, &relay->witness, EPOLLIN);
}

/* --- the loop --------------------------------------------------------------------------------- */

static void ring(struct relay *relay)
{
    uint64_t ticks;
    ssize_t got = read(relay->timer.fd, &ticks, sizeof ticks);
    (void)got;
    relay->due_ns = INT64_MAX;
    for (uint32_t i = 0; i < relay->plan->servers; i++) {
        monitor_mind(relay, &relay->upstreams[i]);
    }
    for (uint32_t i = 0; i < relay->line_count; i++) {
        settle_line(relay, &relay->lines[i]);
    }
}

static void handle(struct relay *relay, const struct epoll_event *event)
{
    struct source *source = event->data.ptr;
    switch ((enum source_kind)source->kind) {
    case SOURCE_CONTROL:
        hear_driver(relay);
        return;
    case SOURCE_TIMER:
        ring(relay);
        return;
    case SOURCE_LISTENER:
        let_in(relay, source->owner);
        return;
    case SOURCE_SIDE:
        traffic_event(relay, source, event->events);
        return;
    case SOURCE_MONITOR:
        monitor_fell(relay, source->owner);
        return;
    case SOURCE_WITNESS:
        hear_witness(relay);
        return;
    }
    assert(false && "a source that nobody handles");
}

static _Noreturn void loop(struct relay *relay)
{
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(relay->epoll, events, EVENTS, -1);
        relay->now_ns = monotonic_ns();
        for (int i = 0; i < count; i++) {
            handle(relay, &events[i]);
        }
        traffic_bury(relay);
        assert(!relay->graves);
    }
}

static void open_lines(struct relay *relay)
{
    const struct relay_plan *plan = relay->plan;
    relay->line_count = plan->count * plan->servers;
    relay->lines = calloc(relay->line_count ? relay->line_count : 1, sizeof *relay->lines);
    if (!relay->lines) {
        relay_die(relay, "cannot get memory");
    }
    for (uint8_t i = 0; i < plan->servers; i++) {
        relay->upstreams[i] = (struct upstream){.server = i, .monitor.fd = -1};
    }
    for (uint32_t i = 0; i < relay->line_count; i++) {
        struct line *line = &relay->lines[i];
        uint8_t server = (uint8_t)(i % plan->servers);
        line->id = plan->ids[i / plan->servers];
        line->upstream = &relay->upstreams[server];
        /* Other random numbers for each server; the first has those that it would have alone. */
        link_faults_init(&line->link_faults, plan->seed ^ (server * 0x9e3779b97f4a7c15ULL),
                         line->id);
        bool strange = plan->witness && plan->strangers[i / plan->servers];
        line->stranger = strange ? &relay->strangers[i / plan->servers] : NULL;
        line->belief.outlives = plan->outlives;
        listener_init(&line->listener, plan->folder, line->id, server,
                      plan->ports ? plan->ports[i] : 0);
        line->accepts = (struct source){.kind = SOURCE_LISTENER, .fd = -1, .owner = line};
        assert(i == 0 || by_place(line - 1, line) < 0);
    }
    for (uint32_t i = 0; i < plan->servers; i++) {
        monitor_look(relay, &relay->upstreams[i]); /* which opens the listeners */
    }
}

void relay_run(const struct relay_plan *plan)
{
    assert(plan->count > 0 && plan->servers > 0 && plan->servers <= SERVERS_MAX);
    struct relay relay = {.plan = plan, .due_ns = INT64_MAX, .now_ns = monotonic_ns()};
    prctl(PR_SET_NAME, "hustings-relay");
    prctl(PR_SET_TIMERSLACK, 1UL);
    relay.shared.lock.number = plan->database;
    relay.epoll = epoll_create1(EPOLL_CLOEXEC);
    relay.control = (struct source){.kind = SOURCE_CONTROL, .fd = plan->control};
    relay.timer = (struct source){
        .kind = SOURCE_TIMER, .fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
    if (relay.epoll < 0 || relay.timer.fd < 0) {
        relay_die(&relay, "cannot make a descriptor");
    }
    relay_watch(&relay, &relay.control, EPOLLIN);
    relay_watch(&relay, &relay.timer, EPOLLIN);
    meet_strangers(&relay);
    open_lines(&relay);
    relay_answer(&relay, &(struct relay_answer){.changed = true});
    loop(&relay);
}
