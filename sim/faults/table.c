/* The table of faults. See fault.h for how to add one. */
#include <string.h>

#include "sim/faults/fault.h"

const struct fault_row *const fault_rows[] = {
    &fault_flip,        &fault_resign,
    &fault_crash,       &fault_restart,
    &fault_pause,       &fault_resume,
    &fault_expire_lock, &fault_hold_lock,
    &fault_cut,         &fault_delay,
    &fault_late,        &fault_lose_reply,
    &fault_lose,        &fault_refuse_command,
    &fault_reset,       &fault_slow,
    &fault_stall,       &fault_power_loss,
    &fault_evict,       &fault_forget_scripts,
    &fault_wrong_type,  &fault_oom,
    &fault_refuse,      &fault_jump,
    &fault_drift,       NULL,
};

int fault_find(const char *name)
{
    for (int i = 0; fault_rows[i]; i++) {
        if (strcmp(fault_rows[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

/* The place of the parameter "for", or -1. */
static int place_of_for(const struct fault_row *row)
{
    for (int i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        if (strcmp(row->params[i].name, "for") == 0) {
            return i;
        }
    }
    return -1;
}

bool fault_takes_for(const struct fault_row *row)
{
    return place_of_for(row) >= 0;
}

int64_t fault_lasts_ns(const struct fault_spec *spec)
{
    int place = place_of_for(fault_rows[spec->kind]);
    return place >= 0 ? spec->params[place] : 0;
}

void fault_last(struct fault_spec *spec, int64_t lasts_ns)
{
    int place = place_of_for(fault_rows[spec->kind]);
    if (place >= 0) {
        spec->params[place] = lasts_ns;
    }
}

uint8_t fault_needs(const struct fault_row *row)
{
    return row->needs ? row->needs : STATE_UP | STATE_STOPPED;
}

bool fault_harms_server(const struct fault_spec *spec)
{
    return fault_rows[spec->kind]->harms_server || spec->target.kind == TARGET_REDIS;
}

bool fault_is_on_clocks(const struct fault_row *row)
{
    return row->verbs == VERB_CLOCK;
}

bool fault_adds_up(const struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    return !fault_is_by_command(spec) && row->add && (!row->wait_for || fault_lasts_ns(spec) > 0);
}

/* A process's own clock has no right time to which a jump could be taken back. */
bool fault_is_over_at_once(const struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    return row == &fault_jump ? spec->target.kind != TARGET_REDIS : !fault_heals(row) && !row->add;
}

bool fault_is_on_links(const struct fault_row *row)
{
    return row->link != LINK_HEAL;
}

bool fault_has_servers(const struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    return spec->target.kind == TARGET_REDIS || row->targets & 1u << TARGET_LOCK ||
           fault_is_on_links(row);
}
