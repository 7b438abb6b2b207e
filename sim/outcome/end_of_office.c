/* The causes of an end. See end_of_office.h. */
#include "sim/outcome/end_of_office.h"

#include <assert.h>

#include "sim/faults/fault.h"

/* What can have befallen it; in this order, the first is told. */
enum blow { STOOD_STILL, LOST, OUT_OF_REACH, WRONG_CLOCK, RAN_OUT, BLOWS, NO_BLOW = BLOWS };

static const uint8_t causes[BLOWS] = {
    [STOOD_STILL] = CAUSE_PAUSE, [LOST] = CAUSE_LOSS,      [OUT_OF_REACH] = CAUSE_PARTITION,
    [WRONG_CLOCK] = CAUSE_CLOCK, [RAN_OUT] = CAUSE_EXPIRY,
};

/* The last answer by which it surely held the lock, or its start. */
static size_t last_held(const struct history *history, size_t index, uint16_t leader)
{
    const uint32_t holds = 1u << MOMENT_ASKS_LOCK | 1u << MOMENT_EXTENDS_LOCK;
    for (size_t i = index; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (event->process != leader) {
            continue;
        }
        bool held = event->kind == HISTORY_REPLY && holds & 1u << event->reply.moment &&
                    history_applied(&event->reply);
        if (held || event->kind == HISTORY_STARTED) {
            return i;
        }
    }
    return 0;
}

static enum blow blow_of_fault(const struct history_event *event, uint16_t leader)
{
    const struct fault_row *row = fault_rows[event->fault.kind];
    assert(event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED);
    bool own = event->process == leader;
    if (!own && event->process != HISTORY_HARNESS) {
        return NO_BLOW;
    }
    if (row->lock_effect == LOCK_GOES) {
        return row == &fault_expire_lock ? RAN_OUT : LOST;
    }
    if (fault_is_on_clocks(row)) {
        return WRONG_CLOCK;
    }
    if (own) {
        return fault_is_on_links(row) ? OUT_OF_REACH : NO_BLOW;
    }
    bool down = row->becomes & (STATE_DEAD | STATE_STOPPED);
    return down || row->lock_effect == LOCK_SPARED ? OUT_OF_REACH : NO_BLOW;
}

static enum blow blow_of(const struct history_event *event, uint16_t leader)
{
    switch ((enum history_kind)event->kind) {
    case HISTORY_FAULT:
    case HISTORY_HEALED:
        return blow_of_fault(event, leader);
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
        return event->process == leader ? STOOD_STILL : NO_BLOW;
    case HISTORY_EXPIRED:
        return event->key != KEY_LOCK ? NO_BLOW : event->why ? LOST : RAN_OUT;
    default:
        return NO_BLOW;
    }
}

static bool lasts(const struct history_event *event)
{
    return event->kind == HISTORY_PAUSED ||
           (event->kind == HISTORY_FAULT && fault_takes_for(fault_rows[event->fault.kind]));
}

uint8_t end_of_office(const struct history *history, size_t index, uint16_t leader,
                      uint8_t otherwise)
{
    assert(index < history->count && leader <= history->facts.settings.nodes);
    size_t held = last_held(history, index, leader);
    uint32_t fell[BLOWS] = {0};
    for (size_t i = 0; i <= index; i++) {
        const struct history_event *event = &history->events[i];
        enum blow blow = blow_of(event, leader);
        bool ends = event->kind == HISTORY_HEALED || event->kind == HISTORY_RESUMED;
        if (blow == NO_BLOW) {
            continue;
        }
        if (ends && i < held && fell[blow] > 0) {
            fell[blow]--;
        } else if (!ends && (i >= held || lasts(event))) {
            fell[blow]++;
        }
    }
    for (int blow = 0; blow < BLOWS; blow++) {
        if (fell[blow] > 0) {
            return causes[blow];
        }
    }
    return otherwise;
}
