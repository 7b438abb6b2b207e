/* What strangers' traffic becomes in the history. See witness.h. */
#include "sim/processes/witness.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/host/event_record.h"
#include "sim/processes/crowd.h"
#include "sim/processes/witnessed.h"

static struct shared *shared_of(void *self)
{
    struct witness *witness = self;
    return witness->shared;
}

static struct member_slot *slot_of(struct shared *shared, const struct witness_place *place)
{
    assert(place->id < shared->slot_count);
    return &shared->slots[place->id];
}

/* In the relay's own slot; the event says whose it is. */
static void record(void *self, uint16_t process, struct history_event *event, int64_t at_ns)
{
    struct witness *witness = self;
    assert(witness->log < witness->shared->slot_count);
    event->at_ns = at_ns;
    event->process = process;
    slot_record(witness->shared, &witness->shared->slots[witness->log], event);
}

static uint8_t moment_of(uint8_t op)
{
    if (op_has(op, OP_TAKES_LOCK)) {
        return MOMENT_ASKS_LOCK;
    }
    if (op_has(op, OP_REMOVES_LOCK)) {
        return MOMENT_RELEASES_LOCK;
    }
    return op_has(op, OP_DATES_LOCK) ? MOMENT_EXTENDS_LOCK : MOMENT_NONE;
}

/* As a member of ours would ask it. */
static struct request request_of(const struct witness_place *place,
                                 const struct wild_request *asked)
{
    uint32_t ttl_ms = asked->ttl_ms == WILD_TTL_UNKNOWN ? 0 : asked->ttl_ms;
    assert(asked->kind == WILD_LOCK);
    return (struct request){.op = asked->op,
                            .key = KEY_LOCK,
                            .server = place->server,
                            .moment = moment_of(asked->op),
                            .ttl_ms = ttl_ms,
                            .value.token = asked->token};
}

static void hear_obscure(void *self, const struct witness_place *place, const char *why,
                         int64_t at_ns)
{
    struct member_slot *slot = slot_of(shared_of(self), place);
    struct history_event event = {.kind = HISTORY_OBSCURE, .server = NO_SERVER, .why = why};
    assert(why);
    bool *told = strcmp(why, OBSCURE_OUTLIVED) == 0 ? &slot->outlived : &slot->obscure;
    if (!slot->obscure && !*told) {
        *told = true;
        record(self, place->id, &event, at_ns);
    }
}

static uint32_t hear_command(void *self, const struct witness_place *place,
                             const struct wild_request *asked, int64_t at_ns)
{
    struct history_event event = crowd_command(((const struct witness *)self)->prefix, asked);
    assert(!event.command.answered);
    event.command.number = ++slot_of(shared_of(self), place)->command_number;
    const uint32_t number = event.command.number;
    if (!crowd_has(asked->kind, number) || crowd_is_full(number, &event)) {
        record(self, place->id, &event, at_ns);
    }
    return number;
}

static uint32_t hear_request(void *self, const struct witness_place *place,
                             const struct wild_request *asked, int64_t at_ns)
{
    struct history_event event;
    uint32_t number = ++slot_of(shared_of(self), place)->request_number;
    struct request request = request_of(place, asked);
    event_record_request(&event, &request, NULL, number);
    record(self, place->id, &event, at_ns);
    return number;
}

static uint32_t hear_asked(void *self, const struct witness_place *place,
                           const struct wild_request *asked, int64_t at_ns)
{
    uint32_t number = asked->kind == WILD_LOCK ? hear_request(self, place, asked, at_ns)
                                               : hear_command(self, place, asked, at_ns);
    assert(number > 0);
    if (asked->obscure) {
        hear_obscure(self, place, asked->obscure, at_ns);
    }
    return number;
}

static void hear_sent(void *self, const struct witness_place *place, uint32_t number, int64_t at_ns)
{
    struct history_event event = witnessed_sent(place->server, number);
    record(self, place->id, &event, at_ns);
}

static void hear_told(void *self, const struct witness_place *place, const struct talk_reply *told,
                      int64_t at_ns)
{
    struct history_event event;
    struct reply reply = {.outcome = told->reply.outcome};
    if (told->forgotten) {
        return;
    }
    if (crowd_has(told->request.kind, told->tag)) {
        return;
    }
    if (told->request.kind != WILD_LOCK) {
        event = crowd_command(((const struct witness *)self)->prefix, &told->request);
        event.command.number = told->tag;
        event.command.answered = 1;
        event.command.outcome = told->reply.outcome;
        record(self, place->id, &event, at_ns);
        return;
    }
    struct request request = request_of(place, &told->request);
    uint8_t answers = op_rows[request.op]->answers;
    if (answers == VALUE_TOKEN) {
        reply.value.token = told->reply.token;
    } else if (answers == VALUE_DONE) {
        reply.value.integer = told->reply.integer;
    }
    event_record_reply(&event, &request, &reply, told->tag);
    record(self, place->id, &event, at_ns);
}

/* Of who begins to believe that it has the lock, or ends. */
static uint32_t moments_of(const struct witness *witness, bool begins)
{
    assert(witness->shared);
    uint32_t leading = witness->leads ? 1u << (begins ? MOMENT_LEADS : MOMENT_RESIGNS) : 0;
    return leading | (begins ? 1u << MOMENT_ACQUIRES_LOCK : 0);
}

/* Whether it has the locks of most servers. */
static bool has_most(const struct witness *witness, const struct member_slot *slot)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < witness->servers; i++) {
        count += slot->holds >> i & 1u;
    }
    return 2 * count > witness->servers;
}

static void infer(struct witness *witness, uint16_t id, bool believes, const char *why,
                  int64_t at_ns)
{
    struct member_slot *slot = &witness->shared->slots[id];
    bool leads = witness->leads && believes;
    const struct claim claim = {.follows = leads ? id : NOBODY,
                                .leads = leads,
                                .in_section = believes,
                                .until_ns = INT64_MAX};
    struct history_event event = {.kind = HISTORY_CLAIM, .why = why};
    if (atomic_load(&slot->claims)) {
        return; /* what it says of itself is exact */
    }
    event.claim.claim = claim;
    event.claim.inferred = 1;
    event.claim.happened = moments_of(witness, believes);
    record(witness, id, &event, at_ns);
    slot_infer_claim(slot, &claim);
}

static void hear_belief(void *self, const struct witness_place *place,
                        const struct belief_change *change, int64_t at_ns)
{
    struct witness *witness = self;
    struct member_slot *slot = slot_of(witness->shared, place);
    uint32_t bit = 1u << place->server;
    bool before = has_most(witness, slot);
    assert(witness->servers > place->server);
    if (change->outlived) {
        hear_obscure(self, place, OBSCURE_OUTLIVED, at_ns);
    }
    if (change->begins || change->ends) {
        slot->holds = change->begins ? slot->holds | bit : slot->holds & ~bit;
    }
    bool believes = has_most(witness, slot);
    if (believes != before) {
        slot->begins = believes;
        infer(witness, place->id, believes,
              believes ? "was told that it has the lock" : belief_end_words(change->why), at_ns);
    }
}

/* --- faults that await commands --------------------------------------------------------------- */

static void hear_met(void *self, const struct witness_place *place, const struct link_met *met,
                     const struct command_seen *seen, int64_t at_ns)
{
    const struct witness *witness = self;
    struct history_event event;
    if (!witness->scenario) {
        return;
    }
    assert(met->by_command && met->index < witness->scenario->fault_count);
    event_record_met(&event, seen, witness->scenario->faults[met->index].text);
    event.server = place->server;
    record(self, place->id, &event, at_ns);
}

/* --- breakpoints ------------------------------------------------------------------------------ */

static void notify(const struct witness *witness)
{
    assert(witness->shared);
    const uint64_t one = 1;
    if (witness->notify_fd >= 0 && atomic_exchange(&witness->shared->notified, 1) == 0) {
        ssize_t written = write(witness->notify_fd, &one, sizeof one);
        (void)written; /* an eventfd that is full has been written, too */
    }
}

static struct step_moments step_of(const struct witness *witness, const struct witness_place *place,
                                   enum witness_when when, const struct wild_request *request,
                                   enum wild_effect effect)
{
    uint8_t moment = request->kind == WILD_LOCK ? moment_of(request->op) : MOMENT_NONE;
    struct member_slot *slot = slot_of(witness->shared, place);
    bool lock = when != WITNESS_APPLIED || effect == WILD_TOOK || effect == WILD_KEPT ||
                effect == WILD_RELEASED;
    struct step_moments step = {
        .id = place->id,
        .before = when == WITNESS_BEFORE,
        .applied = when == WITNESS_APPLIED,
        .moments = moment == MOMENT_NONE || !lock ? 0 : 1u << moment,
        .command = {.name = request->name, .key = crowd_key(witness->prefix, request->key)}};
    bool took = when == WITNESS_AFTER && effect == WILD_TOOK &&
                (witness->servers == 1 || slot->begins); /* of several, the one that makes most */
    if (took && !atomic_load(&slot->claims)) {
        slot->begins = false;
        step.moments |= moments_of(witness, true);
    }
    slot_claim(slot, &step.claim);
    return step;
}

/* The driver is told that it stands. */
static void stand(const struct witness *witness, struct member_slot *slot,
                  const struct breakpoint_hits *hits)
{
    assert(atomic_load(&slot->go) == atomic_load(&slot->stopped));
    slot->hits = *hits;
    atomic_store(&slot->stopped_ns, monotonic_ns());
    atomic_fetch_add(&slot->stopped, 1);
    notify(witness);
}

/* What comes in one portion with what it stands at, or on another of its connections, is shown
 * while it stands: its hits are the driver's when it is done with those before. */
static void stand_later(struct member_slot *slot, const struct breakpoint_hits *hits)
{
    if (!slot->has_later) {
        slot->later = (struct breakpoint_hits){{0}};
    }
    for (size_t i = 0; i < sizeof hits->bits / sizeof *hits->bits; i++) {
        slot->later.bits[i] |= hits->bits[i];
    }
    slot->has_later = true;
}

/* Whether each of these wants the command when it has left its sender. */
static bool all_have_left(const struct breakpoints *breakpoints, struct breakpoint_hits hits)
{
    for (int i; (i = breakpoint_hits_next(breakpoints, &hits)) >= 0;) {
        const struct trigger *trigger = &breakpoints->list[i].trigger;
        if (trigger->on != ON_SENDS || trigger->before) {
            return false;
        }
    }
    return true;
}

/* Whether the server did what it was asked to do, as far as its answer tells. */
static bool was_applied(enum wild_effect effect)
{
    return effect != WILD_REFUSED && effect != WILD_BUSY && effect != WILD_LOST &&
           effect != WILD_NOT_OURS;
}

static enum witness_stands show_step(void *self, const struct witness_place *place,
                                     enum witness_when when, const struct wild_request *request,
                                     enum wild_effect effect)
{
    struct shared *shared = shared_of(self);
    struct member_slot *slot = slot_of(shared, place);
    struct breakpoint_hits hits;
    if (when == WITNESS_APPLIED && !was_applied(effect)) {
        return WITNESS_GOES_ON;
    }
    struct step_moments step = step_of(self, place, when, request, effect);
    if (!breakpoints_hit(&shared->breakpoints, &step, &hits)) {
        return WITNESS_GOES_ON;
    }
    if (slot->has_later || atomic_load(&slot->go) != atomic_load(&slot->stopped)) {
        stand_later(slot, &hits);
    } else {
        stand(self, slot, &hits);
    }
    return all_have_left(&shared->breakpoints, hits) ? WITNESS_LEFT : WITNESS_STANDS;
}

static bool may_go(void *self, uint16_t id, bool left)
{
    assert(id < shared_of(self)->slot_count);
    struct member_slot *slot = &shared_of(self)->slots[id];
    if (atomic_load(&slot->go) != atomic_load(&slot->stopped)) {
        return false;
    }
    if (slot->has_later) {
        slot->has_later = false;
        stand(self, slot, &slot->later);
        return false;
    }
    return left || !atomic_load(&slot->paused);
}

static bool reads(void *self, uint16_t id)
{
    assert(id < shared_of(self)->slot_count);
    struct member_slot *slot = &shared_of(self)->slots[id];
    return !atomic_load(&slot->paused) && !atomic_load(&slot->felled);
}

static struct member_slot *log_of(void *self)
{
    const struct witness *witness = self;
    assert(witness->log < witness->shared->slot_count);
    return &witness->shared->slots[witness->log];
}

static int wake_fd(void *self)
{
    return log_of(self)->wake_fd;
}

static void woken(void *self)
{
    slot_woken(log_of(self));
}

static void hear_lost(void *self, const struct witness_place *place, const char *why, int64_t at_ns)
{
    hear_obscure(self, place, why, at_ns);
}

struct relay_witness witness_of(struct witness *witness)
{
    assert(witness && witness->shared && witness->log < witness->shared->slot_count);
    return (struct relay_witness){.self = witness,
                                  .asked = hear_asked,
                                  .sent = hear_sent,
                                  .told = hear_told,
                                  .believes = hear_belief,
                                  .met = hear_met,
                                  .shows = show_step,
                                  .may_go = may_go,
                                  .reads = reads,
                                  .wake_fd = wake_fd,
                                  .woken = woken,
                                  .lost = hear_lost};
}
