/* Elections that are wrong by the time that their result is published, though they were right when
 * the statuses were read: somebody has started since, or turned to submit. See electing.h. */
#include <assert.h>
#include <string.h>

#include "sim/outcome/electing.h"
#include "src/protocol.h"

/* What an event makes of the member that it befalls. */
static void take_in(uint8_t *truth, const struct history_event *event)
{
    uint8_t *own = &truth[event->process];
    bool takes_part = *own != TRUTH_NOT_YET && *own != TRUTH_GONE;
    switch ((enum history_kind)event->kind) {
    case HISTORY_STARTED:
        *own = STATUS_PREPARE;
        break;
    case HISTORY_DIED:
        *own = TRUTH_GONE;
        break;
    case HISTORY_PAUSED:
        *own = takes_part ? *own | TRUTH_PAUSED : *own;
        break;
    case HISTORY_RESUMED:
        *own = takes_part ? (uint8_t)(*own & ~TRUTH_PAUSED) : *own;
        break;
    case HISTORY_CLAIM:
        *own = takes_part ? (uint8_t)(event->claim.claim.status | (*own & TRUTH_PAUSED)) : *own;
        break;
    default:
        break;
    }
}

bool electing_was_right(struct elections *elections, size_t read, int32_t elected)
{
    const struct history *history = elections->history;
    assert(read < history->count && elections->then);
    if (!elections->protocol->rules) {
        return false;
    }
    memset(elections->then, TRUTH_NOT_YET, history->facts.settings.nodes + 1u);
    for (size_t i = 0; i <= read; i++) {
        if (history->events[i].process <= history->facts.settings.nodes) {
            take_in(elections->then, &history->events[i]);
        }
    }
    return electing_rightful_by(elections, elections->then) == elected;
}
