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

static void write_event(struct director *director, uint8_t kind, uint16_t fault, uint16_t id,
                        const char *why)
{
    const struct fault_spec *spec = spec_of(director, fault);
    struct history_event event = {.kind = kind, .process = id, .why = why};
    event.fault =
        (struct history_fault){.index = fault, .kind = spec->kind, .param = spec->params[0]};
    director->record(director->record_self, &event);
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

void wounds_note(struct director *director, uint16_t fault, const char *why)
{
    write_event(director, HISTORY_FAULT, fault, HISTORY_HARNESS, why);
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

static void open_wound(struct director *director, uint16_t fault, uint16_t id, int64_t now_ns)
{
    int64_t lasts_ns = fault_lasts_ns(spec_of(director, fault));
    uint32_t number = director->wound_number++;
    if (director->wound_count == DIRECTOR_TIMERS_MAX) {
        director->lost++;
        return;
    }
    director->wounds[director->wound_count++] =
        (struct director_wound){.fault = fault, .id = id, .number = number};
    if (lasts_ns > 0 && !fault_rows[spec_of(director, fault)->kind]->later) {
        director_set_timer(director, (struct director_timer){.at_ns = now_ns + lasts_ns,
                                                             .fault = fault,
                                                             .number = number,
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
        write_event(director, HISTORY_HEALED, wound.fault, wound.id, "healed");
    }
}

void wounds_heal_in_time(struct director *director, uint32_t number)
{
    for (uint32_t i = 0; i < director->wound_count; i++) {
        if (director->wounds[i].number == number) {
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
    write_event(director, HISTORY_FAULT, fault, id, spec->text);
    if (!row->apply(&director->world, id, spec)) {
        write_event(director, HISTORY_HEALED, fault, id, "it made no sense now: nothing was done");
        return;
    }
    note_state(director, fault, id, row->becomes);
    if (row->heal) {
        open_wound(director, fault, id, now_ns);
    }
}

void wounds_heal_all(struct director *director)
{
    while (director->wound_count > 0) {
        heal_at(director, director->wound_count - 1);
    }
}
