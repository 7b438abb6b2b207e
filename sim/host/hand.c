/* Orders by hand. See hand.h. */
#include "sim/host/hand.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/active.h"
#include "sim/host/aim.h"
#include "sim/ops/values.h"
#include "sim/text/grown.h"
#include "src/lock/lock.h"

/* --- the fault that it becomes ---------------------------------------------------------------- */

static const struct fault_row *row_of(uint8_t what, bool again)
{
    switch ((enum hand)what) {
    case HAND_CRASH:
        return again ? &fault_restart : &fault_crash;
    case HAND_PAUSE:
        return again ? &fault_resume : &fault_pause;
    case HAND_CUT:
        return &fault_cut;
    case HAND_FLIP:
        return &fault_flip;
    case HAND_EXPIRE:
        return &fault_expire_lock;
    case HAND_HEAL:
    case HANDS:
        break;
    }
    assert(false && "an order that is no fault");
    return NULL;
}

void hand_spec(struct hand_order order, bool again, uint8_t status, struct fault_spec *spec)
{
    const struct fault_row *row = row_of(order.what, again);
    char whom[16] = "lock", to[24] = "";
    assert(order.what < HAND_HEAL);
    *spec = (struct fault_spec){.kind = (uint16_t)fault_find(row->name),
                                .target = {.kind = TARGET_LOCK},
                                .trigger = {.kind = TRIGGER_AT, .one_of = 1}};
    if (hand_takes_id(order.what)) {
        spec->target = (struct target){.kind = TARGET_IDS, .count = 1, .ids = {order.id}};
        snprintf(whom, sizeof whom, "%u", (unsigned)order.id);
    }
    if (hand_takes_id(order.what) && order.id == MASTER_ID) {
        snprintf(whom, sizeof whom, "master");
    }
    if (order.what == HAND_FLIP) {
        spec->params[0] = status == STATUS_SUBMIT ? STATUS_PREPARE : STATUS_SUBMIT;
        snprintf(to, sizeof to, " to %s", status_names[spec->params[0]]);
    }
    snprintf(spec->text, sizeof spec->text, "%s %s%s by hand", row->name, whom, to);
}

/* The fault's number; UINT16_MAX: memory is out. */
static uint16_t number_of(struct nemesis *nemesis, const struct fault_spec *spec)
{
    struct by_hand *hand = &nemesis->hand;
    uint32_t first = nemesis->scenario->fault_count;
    for (uint32_t i = 0; i < hand->count; i++) {
        if (strcmp(hand->faults[i].spec->text, spec->text) == 0) {
            return (uint16_t)(first + i);
        }
    }
    struct by_hand_fault *faults =
        grown(hand->faults, hand->count, &hand->capacity, sizeof *hand->faults);
    hand->faults = faults ? faults : hand->faults;
    struct fault_spec *copy = faults ? malloc(sizeof *copy) : NULL;
    if (!copy || first + hand->count >= HISTORY_HAND) {
        free(copy);
        return UINT16_MAX;
    }
    *copy = *spec;
    hand->faults[hand->count++].spec = copy;
    return (uint16_t)(first + hand->count - 1);
}

/* --- what is ordered -------------------------------------------------------------------------- */

static const char *heal(struct nemesis *nemesis)
{
    bool any = aim_call_off(nemesis) || nemesis->actives.all.first != NO_ACTIVE;
    active_end_each(nemesis);
    return any ? NULL : "nothing was left to heal";
}

/* Whoever has cut them heals them. False: none of them is cut. */
static bool heal_links(struct nemesis *nemesis, uint16_t id)
{
    bool any = false;
    for (uint8_t server = 0; server < nemesis->scenario->settings.servers; server++) {
        struct fault_place at = {.id = id, .server = server};
        any = active_end_kind(nemesis, &fault_cut, at) || any;
    }
    return any;
}

/* At each server that it is about; the first reason not to, if it could be done at none. */
static const char *apply(struct nemesis *nemesis, uint16_t fault, uint16_t id)
{
    const char *why_not = NULL;
    bool done = false;
    uint8_t count =
        fault_has_servers(nemesis_spec(nemesis, fault)) ? nemesis->scenario->settings.servers : 1;
    for (uint8_t server = 0; server < count; server++) {
        struct fault_place at = {.id = id, .server = server};
        const char *why = active_apply(nemesis, fault, at);
        done = done || !why;
        why_not = why_not ? why_not : why;
    }
    return done ? NULL : why_not;
}

static const char *expire(struct nemesis *nemesis, uint16_t fault)
{
    if (aim_lock_holder(nemesis, fault, HISTORY_HARNESS) != NOBODY) {
        return apply(nemesis, fault, HISTORY_HARNESS);
    }
    if (!aim_awaits(nemesis, fault)) {
        aim_lie_in_wait(nemesis, fault);
    }
    return "nobody is inside: it waits for the next one who is";
}

/* Why it can never be done in this cluster; or NULL. */
static const char *impossible(const struct nemesis *nemesis, struct hand_order order)
{
    const struct settings *settings = &nemesis->scenario->settings;
    bool takes_id = hand_takes_id(order.what);
    if (takes_id && (order.id < nemesis_first(nemesis) || order.id >= nemesis_count(nemesis))) {
        return "there is no such member";
    }
    if (order.what == HAND_FLIP && !protocol_has_statuses(settings)) {
        return "this protocol has no statuses";
    }
    if (order.what == HAND_EXPIRE && !lock_is_in_store(settings)) {
        return "there is no lock";
    }
    return nemesis->healed ? "everything is being healed" : NULL;
}

/* Whether the order to a member ends what it is in: it was dead, or paused. */
static bool is_ended_again(const struct nemesis *nemesis, struct hand_order order)
{
    const struct cluster_member *member = &nemesis->members[order.id];
    return order.what == HAND_CRASH ? !member->alive : member->paused;
}

const char *hand_do(struct nemesis *nemesis, struct hand_order order, int64_t now_ns)
{
    struct fault_spec spec;
    const char *why_not = impossible(nemesis, order);
    assert(order.what < HANDS && now_ns >= nemesis->now_ns);
    nemesis->now_ns = now_ns;
    if (why_not) {
        return why_not;
    }
    if (order.what == HAND_HEAL) {
        return heal(nemesis);
    }
    if (order.what == HAND_CUT && heal_links(nemesis, order.id)) {
        return NULL;
    }
    bool takes_id = hand_takes_id(order.what);
    bool again = takes_id && is_ended_again(nemesis, order);
    uint8_t status = takes_id ? nemesis->members[order.id].claim.status : STATUS_UNKNOWN;
    hand_spec(order, again, status, &spec);
    uint16_t fault = number_of(nemesis, &spec);
    if (fault == UINT16_MAX) {
        nemesis->out_of_memory = true;
        return "memory is out";
    }
    return takes_id ? apply(nemesis, fault, order.id) : expire(nemesis, fault);
}
