/* What cannot be judged. See doubt.h. */
#include "sim/checks/doubt.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/text/clean.h"

void doubt_begin(struct doubt *doubt)
{
    doubt->since_ns = INT64_MAX;
    doubt->why[0] = '\0';
}

void doubt_raise(struct doubt *doubt, const struct history_event *event)
{
    if (doubt_is_raised(doubt)) {
        return;
    }
    bool of_process = event->process != HISTORY_HARNESS;
    doubt->since_ns = event->at_ns;
    int used =
        snprintf(doubt->why, sizeof doubt->why, "at %s%s%s: ", text_seconds(event->at_ns).text,
                 of_process ? ", " : "", of_process ? text_process(event->process).text : "");
    assert(used > 0 && used < (int)sizeof doubt->why);
    clean_text(event->why ? event->why : "something happened that the scenario does not tell",
               doubt->why + used, sizeof doubt->why - (size_t)used);
}

/* It sent nothing that could not be read. */
static bool is_outlived(const struct history_event *event)
{
    assert(event->kind == HISTORY_OBSCURE);
    return event->why && strcmp(event->why, OBSCURE_OUTLIVED) == 0;
}

void doubts_begin(struct doubts *doubts)
{
    doubt_begin(&doubts->whole);
    doubt_begin(&doubts->belief);
    doubt_begin(&doubts->traffic);
    doubts->obscure = false;
}

void doubts_take(struct doubts *doubts, const struct history_event *event)
{
    assert(event->kind < HISTORY_KINDS);
    if (event->kind == HISTORY_OUTSIDE || event->kind == HISTORY_UNDECIDED) {
        doubt_raise(&doubts->whole, event);
    } else if (event->kind == HISTORY_OBSCURE) {
        doubts->obscure = true;
        if (!is_outlived(event)) {
            doubt_raise(&doubts->traffic, event);
        }
    }
}

void doubts_end(struct doubts *doubts, const struct history *history, size_t count,
                const struct view_process *processes)
{
    assert(count <= history->count);
    for (size_t i = 0; doubts->obscure && i < count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_OBSCURE && !processes[event->process].claims) {
            doubt_raise(&doubts->belief, event);
            return;
        }
    }
}

const char *doubts_why(const struct doubts *doubts, const struct check_row *row)
{
    assert(row);
    if (doubt_is_raised(&doubts->whole)) {
        return "the trial as a whole is";
    }
    if (row->on_belief && doubt_is_raised(&doubts->belief)) {
        return strstr(doubts->belief.why, OBSCURE_OUTLIVED)
                   ? "a program acted on a lock as its own whose connection it had closed; "
                     "lock_outlives: true in the scenario settles that"
                   : "what a program believes could not be told by its traffic";
    }
    if (row->on_lock_traffic && doubt_is_raised(&doubts->traffic)) {
        return "what a program does to the lock could not be told by its traffic";
    }
    return NULL;
}

static bool is_dropped(const struct violation *found, const struct doubts *doubts)
{
    const struct check_row *row = check_rows[found->check];
    assert(row);
    return found->sure_ns >= doubts->whole.since_ns ||
           (row->on_belief && found->sure_ns >= doubts->belief.since_ns) ||
           (row->on_lock_traffic && found->sure_ns >= doubts->traffic.since_ns);
}

void doubts_drop(struct violations *found, const struct doubts *doubts)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        if (!is_dropped(&found->list[i], doubts)) {
            found->list[kept++] = found->list[i];
        }
    }
    assert(kept <= found->count);
    found->count = kept;
}
