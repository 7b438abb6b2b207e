/* Elections: from the events of a history to the rows of elections.csv. See elections.h for the
 * picture and results/README.md for the meaning; publishing.c is how an election ends. */
#include "sim/outcome/elections.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/outcome/leading.h"
#include "sim/outcome/publishing.h"
#include "sim/outcome/stages.h"

/* --- becoming due --------------------------------------------------------------------------------
 */

static uint8_t cause_of(const struct elections *elections, const struct history_event *event)
{
    switch ((enum history_kind)event->kind) {
    case HISTORY_STARTED:
        return elections->truth[event->process] == TRUTH_GONE ? CAUSE_RESTART : CAUSE_START;
    case HISTORY_DIED:
        return CAUSE_CRASH;
    case HISTORY_PAUSED:
        return CAUSE_PAUSE;
    case HISTORY_RESUMED:
        return CAUSE_RESUME;
    case HISTORY_CLAIM:
        /* Whoever turns to submit because it finds itself elected was not flipped. */
        return event->claim.happened & 1u << MOMENT_LEADS ? CAUSE_SUBMIT : CAUSE_FLIP;
    default:
        return CAUSE_OTHER;
    }
}

/* What process `id` is now, for the protocol. */
static uint8_t true_status(const struct elections *elections, uint16_t id)
{
    const struct view_process *process = &elections->view->processes[id];
    assert(process->claim.status <= STATUS_SUBMIT);
    if (process->alive && process->started) {
        return process->claim.status | (process->paused ? TRUTH_PAUSED : 0);
    }
    return elections->truth[id] == TRUTH_NOT_YET ? TRUTH_NOT_YET : TRUTH_GONE;
}

static void take_in_truth(struct elections *elections, size_t index)
{
    const struct history_event *event = &elections->history->events[index];
    uint16_t id = event->process;
    assert(id <= elections->history->facts.settings.nodes);
    uint8_t status = true_status(elections, id);
    if (status == elections->truth[id]) {
        return;
    }
    uint8_t cause = cause_of(elections, event);
    if (cause == CAUSE_START && electing_starting_up(elections)) {
        elections->truth[id] = status;
        elections->rightful_is_old = true;
        return;
    }
    int32_t before = electing_rightful(elections);
    if (electing_starting_up(elections)) {
        electing_open(elections)->row.rightful = before == ANYBODY ? NOBODY : before;
    }
    elections->truth[id] = status;
    elections->rightful_is_old = true;
    /* The first start is that of the cluster, not of one node. */
    bool first = cause == CAUSE_START && elections->published_at == NOT_FOUND;
    electing_weigh(elections, before, cause, first ? NOBODY : id, index);
}

/* --- events -------------------------------------------------------------------------------------
 */

void elections_event(struct elections *elections, size_t index)
{
    assert(index < elections->history->count);
    const struct history_event *event = &elections->history->events[index];
    if (!elections->publishes) {
        leading_stops(elections, index);
    }
    switch ((enum history_kind)event->kind) {
    case HISTORY_STARTED:
    case HISTORY_DIED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
    case HISTORY_CLAIM:
        take_in_truth(elections, index);
        break;
    case HISTORY_DECIDED:
        publishing_decided(elections, index);
        break;
    case HISTORY_REPLY:
        if (elections->publishes) { /* else a result that is found there is a stranger's */
            publishing_reply(elections, index);
        }
        break;
    default:
        break;
    }
    if (!elections->publishes) {
        leading_begins(elections, index);
    }
    if (elections->unsettled != NO_ELECTION) {
        struct election *row = &elections->list[elections->unsettled].row;
        if (followed_by_all(elections->view) == row->elected) {
            row->settled_ns = event->at_ns;
            stages_settled(row);
            row->until_ns = event->at_ns;
            elections->unsettled = NO_ELECTION;
        }
    }
}

/* What is still open when the history ends. A decision that was never published is right or wrong
 * only if it left the published result as it was. */
static void close_last(struct elections *elections, size_t last)
{
    struct electing *open = electing_open(elections);
    int32_t rightful = electing_rightful(elections);
    bool wrong = open->decided != NOT_FOUND && rightful != ANYBODY && open->row.elected != rightful;
    if (electing_starting_up(elections)) {
        open->row.rightful = rightful == ANYBODY ? NOBODY : rightful;
    }
    electing_close_open(elections, wrong ? VERDICT_WRONG : VERDICT_NONE, ENDED_CENSORED, last);
}

/* Since when the leader that an election was to give was missing; what it superseded comes before
 * it in the list. And what never came, although it was waited for long enough. */
static void measure_waits(struct elections *elections, size_t last, struct election_timeout timeout)
{
    for (size_t i = 0; i < elections->count; i++) {
        struct electing *electing = &elections->list[i];
        struct election *row = &electing->row;
        const struct electing *before =
            electing->after == NO_ELECTION ? NULL : &elections->list[electing->after];
        assert(!before || before < electing);
        bool runs_on = before && before->row.ended == ENDED_SUPERSEDED;
        row->since_ns = runs_on ? before->row.since_ns : row->due_ns;
        if (row->until_ns == NEVER_NS) {
            row->until_ns = elections->history->events[last].at_ns;
        }
        int64_t waited_ns = row->until_ns - row->since_ns;
        if (row->ended == ENDED_CENSORED && waited_ns >= timeout.publish_ns) {
            row->ended = ENDED_NEVER;
        }
        bool awaited = row->ended != ENDED_WITHDRAWN && row->ended != ENDED_SUPERSEDED;
        row->unsettled = awaited && row->settled_ns == NEVER_NS && waited_ns >= timeout.settle_ns;
    }
}

static int by_due(const void *left, const void *right)
{
    const struct electing *a = left;
    const struct electing *b = right;
    return (a->due > b->due) - (a->due < b->due);
}

bool elections_end(struct elections *elections, size_t last, struct election_timeout timeout,
                   struct election **rows, size_t *count)
{
    assert(elections->count == 0 || last < elections->history->count);
    if (elections->open != NO_ELECTION) {
        close_last(elections, last);
    }
    measure_waits(elections, last, timeout);
    *count = elections->count;
    *rows = *count ? calloc(*count, sizeof **rows) : NULL;
    if (elections->failed || (*count && !*rows)) {
        free(*rows);
        *rows = NULL;
        *count = 0;
        return false;
    }
    if (*count) {
        qsort(elections->list, *count, sizeof *elections->list, by_due);
    }
    for (size_t i = 0; i < *count; i++) {
        (*rows)[i] = elections->list[i].row;
        (*rows)[i].nth = (uint32_t)(i + 1);
    }
    return true;
}
