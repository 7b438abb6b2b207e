/* Whom a fault hits. See aim.h. */
#include "sim/host/aim.h"

#include <assert.h>

#include "sim/host/active.h"
#include "sim/host/rng.h"
#include "sim/host/servers.h"
#include "src/protocol.h"

static int32_t any_node(struct nemesis *nemesis)
{
    uint32_t live = 0;
    for (uint32_t i = 1; i < nemesis_count(nemesis); i++) {
        live += nemesis->members[i].alive;
    }
    if (live == 0) {
        return NOBODY;
    }
    uint64_t chosen = rng_below(&nemesis->rng, live);
    for (uint32_t i = 1; i < nemesis_count(nemesis); i++) {
        if (nemesis->members[i].alive && chosen-- == 0) {
            return (int32_t)i;
        }
    }
    assert(false && "fewer are alive than were counted");
    return NOBODY;
}

static bool lies_in_wait(const struct breakpoint *breakpoint)
{
    assert(breakpoint->in_wait || breakpoint->times == 0);
    return breakpoint->in_wait && breakpoint->times > 0;
}

bool aim_awaits(const struct nemesis *nemesis, uint16_t fault)
{
    const struct breakpoints *breakpoints = nemesis->breakpoints;
    for (uint32_t i = 0; i < atomic_load(&breakpoints->count); i++) {
        if (lies_in_wait(&breakpoints->list[i]) && breakpoints->list[i].fault == fault) {
            return true;
        }
    }
    return false;
}

bool aim_call_off(struct nemesis *nemesis)
{
    struct breakpoints *breakpoints = nemesis->breakpoints;
    bool any = false;
    for (uint32_t i = 0; i < atomic_load(&breakpoints->count); i++) {
        struct breakpoint *breakpoint = &breakpoints->list[i];
        if (lies_in_wait(breakpoint) && nemesis_by_hand(nemesis, breakpoint->fault)) {
            atomic_store(&breakpoint->armed, 0);
            breakpoint->times = 0; /* whoever has just hit it meets nothing */
            any = true;
        }
    }
    return any;
}

void aim_lie_in_wait(struct nemesis *nemesis, uint16_t fault)
{
    struct breakpoints *breakpoints = nemesis->breakpoints;
    struct trigger trigger = {.kind = TRIGGER_WHEN,
                              .moment = MOMENT_ACQUIRES_LOCK,
                              .who = {.kind = TARGET_ANY},
                              .nth = 1};
    struct breakpoint *spare = NULL;
    for (uint32_t i = 0; i < atomic_load(&breakpoints->count); i++) {
        struct breakpoint *breakpoint = &breakpoints->list[i];
        if (lies_in_wait(breakpoint) && breakpoint->fault == fault) {
            breakpoint->times++;
            return;
        }
        spare = !spare && breakpoint->in_wait && breakpoint->times == 0 ? breakpoint : spare;
    }
    if (!spare) {
        breakpoints_arm_in_wait(breakpoints, fault, &trigger);
        return;
    }
    spare->fault = fault;
    spare->times = 1;
    atomic_store(&spare->seen, 0);
    atomic_store_explicit(&spare->armed, 1, memory_order_release);
}

void aim_at_one(struct nemesis *nemesis, uint16_t fault, uint16_t id, uint8_t servers)
{
    assert(servers != 0);
    servers = fault_has_servers(nemesis_spec(nemesis, fault)) ? servers : 1;
    for (uint8_t server = 0; server < SERVERS_MAX; server++) {
        if (servers & 1u << server) {
            active_apply(nemesis, fault, (struct fault_place){.id = id, .server = server});
        }
    }
}

/* `nobody` says why there is no such process. */
static void apply_to_one(struct nemesis *nemesis, uint16_t fault, int32_t id, uint8_t servers,
                         const char *nobody)
{
    if (id == NOBODY) {
        active_skip(nemesis, fault, nobody);
        return;
    }
    aim_at_one(nemesis, fault, (uint16_t)id, servers);
}

/* Whether the process that stands at the fault's trigger has the lock: it says so, or the server
 * has just given it the lock, and it does not know yet. */
static bool has_lock(const struct nemesis *nemesis, uint16_t fault, uint16_t at)
{
    const struct trigger *trigger = &nemesis_spec(nemesis, fault)->trigger;
    if (at == HISTORY_HARNESS) {
        return false;
    }
    return nemesis->members[at].claim.in_section ||
           (trigger->kind == TRIGGER_WHEN && trigger->on == ON_MOMENT && trigger->applied &&
            trigger->moment == MOMENT_ASKS_LOCK);
}

int32_t aim_lock_holder(const struct nemesis *nemesis, uint16_t fault, uint16_t at)
{
    const struct settings *settings = &nemesis->scenario->settings;
    if (has_lock(nemesis, fault, at)) {
        return at;
    }
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->holds_on ? nemesis_leader(nemesis)
                                                                  : NOBODY;
}

void aim_at(struct nemesis *nemesis, uint16_t fault, uint16_t at, uint8_t servers)
{
    const struct target *target = &nemesis_spec(nemesis, fault)->target;
    int32_t holder = aim_lock_holder(nemesis, fault, at);
    bool any = false;
    int32_t but = at != HISTORY_HARNESS ? (int32_t)at : nemesis_leader(nemesis);

    switch ((enum target_kind)target->kind) {
    case TARGET_IDS:
        for (uint16_t i = 0; i < target->count; i++) {
            aim_at_one(nemesis, fault, target->ids[i], servers);
        }
        return;
    case TARGET_LEADER:
        apply_to_one(nemesis, fault, nemesis_leader(nemesis), servers, "nobody led");
        return;
    case TARGET_ANY:
        apply_to_one(nemesis, fault, any_node(nemesis), servers, "no node was alive");
        return;
    case TARGET_LOCK_HOLDER:
        if (holder != NOBODY) {
            aim_at_one(nemesis, fault, (uint16_t)holder, servers);
        } else {
            aim_lie_in_wait(nemesis, fault);
        }
        return;
    case TARGET_LOCK:
        if (holder != NOBODY || !nemesis_row(nemesis, fault)->awaits_holder) {
            aim_at_one(nemesis, fault, HISTORY_HARNESS, servers);
        } else {
            aim_lie_in_wait(nemesis, fault);
        }
        return;
    case TARGET_REDIS:
        aim_at_one(nemesis, fault, HISTORY_HARNESS, servers);
        return;
    case TARGET_OTHERS:
        for (uint32_t i = 1; i < nemesis_count(nemesis); i++) {
            if ((int32_t)i != but && nemesis->members[i].alive) {
                aim_at_one(nemesis, fault, (uint16_t)i, servers);
                any = true;
            }
        }
        if (!any) {
            active_skip(nemesis, fault, "no other node was alive");
        }
        return;
    case TARGET_KINDS:
        break;
    }
    assert(false && "a target without a case");
}

void aim(struct nemesis *nemesis, uint16_t fault, uint16_t at)
{
    const struct target *target = &nemesis_spec(nemesis, fault)->target;
    uint8_t count = nemesis->scenario->settings.servers;
    bool drawn = nemesis_spec(nemesis, fault)->trigger.kind == TRIGGER_RANDOMLY;
    uint64_t *rng = drawn ? &nemesis->drawn_rng : &nemesis->rng;
    aim_at(nemesis, fault, at, servers_hit(target, count, rng));
}
