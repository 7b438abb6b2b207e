/* Faults in force. See wounds.h. */
#include "sim/host/wounds.h"

#include <stdio.h>

#include "sim/host/chaos.h"

static const struct fault_spec *spec_of(const struct director *director, uint16_t fault)
{
    return &director->scenario->faults[fault];
}

/* --- what is told --------------------------------------------------------------------------------
 */

/* Returns the event's `seq`. */
static uint32_t write_event(struct director *director, uint8_t kind, uint16_t fault, uint16_t id,
                            uint32_t instance, const char *why)
{
    const struct fault_spec *spec = spec_of(director, fault);
    struct history_event event = {.kind = kind, .process = id, .why = why};
    event.fault = (struct history_fault){
        .index = fault, .kind = spec->kind, .instance = instance, .param = spec->params[0]};
    director->record.event(director->record.self, &event);
    return event.seq;
}

static void remember(struct director *director, uint16_t fault, uint16_t id, int64_t now_ns)
{
    const struct fault_spec *spec = spec_of(director, fault);
    director->last_ns = now_ns;
    director->last = director->last_text;
    if (id == HISTORY_HARNESS || spec->target.kind == TARGET_IDS) {
        director->last = spec->text;
    } else if (id == MASTER_ID) {
        snprintf(director->last_text, sizeof director->last_text, "%s (the master)", spec->text);
    } else {
        snprintf(director->last_text, sizeof director->last_text, "%s (node %u)", spec->text, id);
    }
}

void wounds_skip(struct director *director, uint16_t fault, const char *why)
{
    write_event(director, HISTORY_SKIPPED, fault, HISTORY_HARNESS, director->instances++, why);
}

/* Why a fault on a process makes no sense now. */
static const char *why_not_it(const struct cluster_member *member, uint8_t needs)
{
    if (!member->alive) {
        return needs & STATE_DEAD ? "nothing was left to do to it" : "it was dead";
    }
    if (needs == STATE_DEAD) {
        return "it was alive";
    }
    if (member->paused && !(needs & STATE_STOPPED)) {
        return "it was paused already";
    }
    if (needs == STATE_STOPPED) {
        return "it was not paused";
    }
    return member->started ? "that was so already" : "it had not started yet";
}

/* Why a fault makes no sense now; before it was tried. */
static const char *why_not(const struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = spec_of(director, fault);
    uint8_t needs = fault_needs(fault_rows[spec->kind]);
    if (id != HISTORY_HARNESS) {
        return why_not_it(&director->members[id], needs);
    }
    if (director->server_state == STATE_DEAD && !(needs & STATE_DEAD)) {
        return "the Redis was dead";
    }
    if (director->server_state == STATE_STOPPED && !(needs & STATE_STOPPED)) {
        return "the Redis stood still";
    }
    if (!(needs & director->server_state)) {
        return needs & STATE_DEAD ? "the Redis was not dead" : "the Redis did not stand still";
    }
    return spec->target.kind == TARGET_LOCK ? "there was no lock" : "the Redis could not do it";
}

/* --- wounds --------------------------------------------------------------------------------------
 */

static void close_wound(struct director *director, uint32_t index)
{
    director->wounds[index] = director->wounds[--director->wound_count];
}

/* What has brought its target into another state ends what had brought it into the one before. */
static void close_outdated(struct director *director, uint16_t id, uint8_t state)
{
    for (uint32_t i = director->wound_count; i-- > 0;) {
        const struct director_wound *wound = &director->wounds[i];
        uint8_t made = fault_rows[spec_of(director, wound->fault)->kind]->becomes;
        if (wound->id == id && made && made != state) {
            close_wound(director, i);
        }
    }
}

static bool is_server(const struct director *director, uint16_t fault)
{
    return spec_of(director, fault)->target.kind == TARGET_REDIS;
}

static void note_state(struct director *director, uint16_t fault, uint16_t id, uint8_t state)
{
    if (state == 0) {
        return;
    }
    close_outdated(director, id, state);
    if (is_server(director, fault)) {
        director->server_state = state;
    }
}

static void open_wound(struct director *director, uint16_t fault, uint16_t id, uint32_t instance,
                       int64_t now_ns)
{
    int64_t lasts_ns = fault_lasts_ns(spec_of(director, fault));
    if (director->wound_count == DIRECTOR_TIMERS_MAX) {
        director->lost++;
        return;
    }
    director->wounds[director->wound_count++] =
        (struct director_wound){.fault = fault, .id = id, .instance = instance};
    if (lasts_ns > 0 && !fault_rows[spec_of(director, fault)->kind]->later) {
        director_set_timer(director, (struct director_timer){.at_ns = now_ns + lasts_ns,
                                                             .fault = fault,
                                                             .number = instance,
                                                             .heal = true});
    }
}

static void heal_at(struct director *director, uint32_t index)
{
    struct director_wound wound = director->wounds[index];
    const struct fault_spec *spec = spec_of(director, wound.fault);
    const struct fault_row *row = fault_rows[spec->kind];
    close_wound(director, index);
    if (row->heal(&director->world, wound.id, spec)) {
        note_state(director, wound.fault, wound.id, row->becomes ? STATE_UP : 0);
        write_event(director, HISTORY_HEALED, wound.fault, wound.id, wound.instance, "healed");
    }
}

void wounds_heal_in_time(struct director *director, uint32_t instance)
{
    for (uint32_t i = 0; i < director->wound_count; i++) {
        if (director->wounds[i].instance == instance) {
            heal_at(director, i);
            return;
        }
    }
}

void wounds_apply(struct director *director, uint16_t fault, uint16_t id, int64_t now_ns)
{
    const struct fault_spec *spec = spec_of(director, fault);
    const struct fault_row *row = fault_rows[spec->kind];

    if (spec->trigger.kind == TRIGGER_RANDOMLY && !chaos_allows(director, fault, id)) {
        return;
    }
    remember(director, fault, id, now_ns);
    const char *reason = why_not(director, fault, id);
    uint32_t instance = director->instances++;
    uint32_t seq = write_event(director, HISTORY_FAULT, fault, id, instance, spec->text);
    if (!row->apply(&director->world, id, spec)) {
        director->record.amend(director->record.self, seq, HISTORY_SKIPPED, reason);
        return;
    }
    note_state(director, fault, id, row->becomes);
    if (row->heal) {
        open_wound(director, fault, id, instance, now_ns);
    }
}

void wounds_heal_all(struct director *director)
{
    while (director->wound_count > 0) {
        heal_at(director, director->wound_count - 1);
    }
}
