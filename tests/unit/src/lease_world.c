/* A world for leases. See lease_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lease_world.h"
#include "moved.h"
#include "src/lock/lock.h"
#include "src/owners.h"

uint64_t roll(struct world *world, uint64_t sides)
{
    world->rng = world->rng * 6364136223846793005U + 1442695040888963407U;
    return (world->rng >> 33) % sides;
}

static bool fault(struct world *world, int one_in)
{
    return one_in > 0 && world->now_ns < TROUBLE_NS && roll(world, (uint64_t)one_in) == 0;
}

/* ---- the store ---- */

static struct reply apply(struct world *world, const struct request *request)
{
    struct reply reply = {.outcome = STORE_OK};
    bool absent = world->now_ns >= world->expires_ns;
    bool equal = !absent && token_equal(world->holder, request->value.token);
    switch ((enum store_op)request->op) {
    case STORE_PUT_IF_ABSENT:
        if (!absent) {
            reply.outcome = STORE_NIL;
            break;
        }
        world->holder = request->value.token;
        world->before_ns = world->renewed_ns;
        world->renewed_ns = world->now_ns;
        world->expires_ns = world->now_ns + request->ttl_ms * MS;
        break;
    case STORE_EXTEND_IF_EQUAL:
        reply.value.integer = equal;
        world->renewed_ns = equal ? world->now_ns : world->renewed_ns;
        world->expires_ns = equal ? world->now_ns + request->ttl_ms * MS : world->expires_ns;
        break;
    case STORE_DELETE_IF_EQUAL:
        reply.value.integer = equal;
        world->expires_ns = equal ? 0 : world->expires_ns;
        break;
    case STORE_GET_TOKEN:
        reply.outcome = absent ? STORE_NIL : STORE_OK;
        reply.value.token = world->holder;
        break;
    default:
        fail_msg("nobody asks that");
    }
    return reply;
}

static void send(struct world *world, int id, const struct request *request)
{
    struct member *member = &world->members[id];
    struct flight *flight = world->flights;
    while (flight->at_ns != NEVER) {
        flight++;
        assert_true(flight < world->flights + FLIGHTS);
    }
    int64_t way_ns = (int64_t)roll(world, 4) * MS / 4;
    if (fault(world, world->faults.stalls)) {
        way_ns = (int64_t)roll(world, 3000) * MS;
    }
    int64_t at_ns = world->now_ns + way_ns;
    member->last_ns = at_ns > member->last_ns ? at_ns : member->last_ns;
    *flight = (struct flight){.request = *request,
                              .at_ns = member->last_ns,
                              .member = id,
                              .number = ++member->sent,
                              .connection = member->connection};
    assert_int_equal(member->timeout_ns[request->tag], 0);
    member->timeout_ns[request->tag] = world->now_ns + TIMEOUT_NS;
    member->number[request->tag] = member->sent;
}

/* ---- the members ---- */

static void nobody_leads_beside_another(struct world *world)
{
    int leaders = 0;
    for (int id = 1; id <= NODES; id++) {
        const struct claim *claim = &world->members[id].process.claim;
        leaders += claim->leads && world->now_ns < claim->until_ns;
        assert_int_equal(claim->leads, claim->in_section);
    }
    world->two_leaders += leaders > 1;
}

static void step(struct world *world, int id, struct event event)
{
    struct member *member = &world->members[id];
    struct action action;
    bool led = member->process.claim.leads;
    event.now_ns = world->now_ns;
    event.fresh = (struct token){.high = 1, .low = ++world->tokens};
    step_moved(&world->settings, &member->process, &event, &action);
    assert_non_null(process_why(&world->settings, action.why));
    for (int tag = 0; tag < TAGS; tag++) {
        if (action.drop & 1u << tag) {
            assert_true(member->timeout_ns[tag] != 0);
            member->timeout_ns[tag] = 0;
        }
    }
    for (int i = 0; i < action.sends; i++) {
        send(world, id, &action.send[i]);
    }
    if (action.wake[TIMER_PROTOCOL].order == TIMER_SET) {
        int64_t spread_ns = action.wake[TIMER_PROTOCOL].max_ns - action.wake[TIMER_PROTOCOL].min_ns;
        member->wakes_ns = world->now_ns + action.wake[TIMER_PROTOCOL].min_ns +
                           (int64_t)roll(world, (uint64_t)spread_ns / MS + 1) * MS;
    } else if (action.wake[TIMER_PROTOCOL].order == TIMER_CANCEL) {
        member->wakes_ns = NEVER;
    }
    world->leads += !led && member->process.claim.leads;
    world->resigns += led && !member->process.claim.leads;
    nobody_leads_beside_another(world);
}

static void start(struct world *world, int id)
{
    struct member *member = &world->members[id];
    *member = (struct member){.process = process_new((uint16_t)id),
                              .wakes_ns = NEVER,
                              .connection = member->connection + 1};
    step(world, id, (struct event){.kind = EVENT_STARTED});
}

/* A request timed out: the connection is closed, and all that was outstanding there is unknown. */
static void time_out(struct world *world, int id)
{
    struct member *member = &world->members[id];
    uint32_t outstanding = 0;
    struct reply unknown = {.outcome = STORE_UNKNOWN};
    for (int tag = 0; tag < TAGS; tag++) {
        outstanding |= member->timeout_ns[tag] ? 1u << tag : 0;
        member->timeout_ns[tag] = 0;
    }
    member->connection++;
    member->last_ns = 0;
    for (uint8_t tag = 0; tag < TAGS; tag++) {
        if (outstanding & 1u << tag) {
            step(world, id, (struct event){.kind = EVENT_REPLY, .tag = tag, .reply = &unknown});
        }
    }
}

static void arrive(struct world *world, struct flight *flight)
{
    struct member *member = &world->members[flight->member];
    if (!flight->answered) {
        flight->reply = apply(world, &flight->request);
        flight->answered = true;
        flight->at_ns = fault(world, world->faults.losses) ? NEVER : world->now_ns + MS / 4;
        return;
    }
    flight->at_ns = NEVER;
    uint8_t tag = flight->request.tag;
    if (flight->connection == member->connection && member->timeout_ns[tag] != 0 &&
        flight->number == member->number[tag]) {
        int led = world->leads;
        member->timeout_ns[tag] = 0;
        step(world, flight->member,
             (struct event){.kind = EVENT_REPLY, .tag = tag, .reply = &flight->reply});
        world->adopted += world->leads > led && flight->request.op == STORE_EXTEND_IF_EQUAL;
    }
}

/* ---- what happens next ---- */

static int64_t timeout_of(const struct member *member)
{
    int64_t first_ns = NEVER;
    for (int tag = 0; tag < TAGS; tag++) {
        int64_t at_ns = member->timeout_ns[tag];
        first_ns = at_ns != 0 && at_ns < first_ns ? at_ns : first_ns;
    }
    return first_ns;
}

/* A paused member is late for everything; answers come before timers. */
static int64_t later(int64_t at_ns, const struct member *member)
{
    return at_ns != NEVER && at_ns < member->paused_ns ? member->paused_ns : at_ns;
}

struct next {
    int64_t at_ns;
    struct flight *flight;
    int member;
    bool wakes;
};

static void find_member(struct world *world, int id, struct next *next)
{
    const struct member *member = &world->members[id];
    int64_t timeout_ns = later(timeout_of(member), member);
    int64_t wakes_ns = later(member->wakes_ns, member);
    if (timeout_ns < next->at_ns) {
        *next = (struct next){.at_ns = timeout_ns, .member = id};
    }
    if (wakes_ns < next->at_ns) {
        *next = (struct next){.at_ns = wakes_ns, .member = id, .wakes = true};
    }
}

static struct next find_next(struct world *world)
{
    struct next next = {.at_ns = END_NS, .member = -1};
    for (int i = 0; i < FLIGHTS; i++) {
        struct flight *flight = &world->flights[i];
        int64_t at_ns = flight->answered ? later(flight->at_ns, &world->members[flight->member])
                                         : flight->at_ns;
        if (at_ns < next.at_ns) {
            next = (struct next){.at_ns = at_ns, .flight = flight, .member = -1};
        }
    }
    for (int id = 1; id <= NODES; id++) {
        find_member(world, id, &next);
    }
    return next;
}

static void misbehave(struct world *world)
{
    int id = 1 + (int)roll(world, NODES);
    if (fault(world, world->faults.pauses)) {
        world->members[id].paused_ns = world->now_ns + (int64_t)roll(world, 2000) * MS;
    }
    if (fault(world, world->faults.crashes)) {
        start(world, id);
    }
    if (fault(world, world->faults.forgets)) {
        world->expires_ns = 0;
    }
}

bool happen(struct world *world)
{
    struct next next = find_next(world);
    if (next.at_ns >= END_NS) {
        return false;
    }
    world->now_ns = next.at_ns;
    if (next.flight) {
        arrive(world, next.flight);
    } else if (next.wakes) {
        world->members[next.member].wakes_ns = NEVER;
        step(world, next.member, (struct event){.kind = EVENT_WOKE});
    } else {
        time_out(world, next.member);
    }
    misbehave(world);
    return true;
}

struct world *new_world(uint64_t seed, struct faults faults, enum holder_id holder_id)
{
    static struct world world; /* too large for the stack of a small machine */
    world = (struct world){
        .settings = settings_default(NODES), .faults = faults, .now_ns = MS, .rng = seed * 2 + 1};
    int64_t *value = world.settings.value[OWNER_PROTOCOL];
    settings_choose(&world.settings, OWNER_PROTOCOL, (uint8_t)owner_find(OWNER_PROTOCOL, "lease"));
    value[LEASE_DURATION] = DURATION;
    value[LEASE_RENEW_DEADLINE] = DEADLINE;
    value[LEASE_RETRY] = RETRY;
    value[LEASE_JITTER] = JITTER;
    value[LEASE_RELEASE_ON_STOP] = (int64_t)(seed & 1);
    value[LEASE_HOLDER_ID] = holder_id;
    settings_govern(&world.settings);
    for (int i = 0; i < FLIGHTS; i++) {
        world.flights[i].at_ns = NEVER;
    }
    for (int id = 1; id <= NODES; id++) {
        world.members[id].wakes_ns = NEVER;
        start(&world, id);
    }
    return &world;
}
