/* The list of a trial's elections, and who is rightful. See electing.h.
 *
 * Who is rightful costs a pass over all processes, so it is asked only when the truth has changed.
 * The start of a cluster would ask it once a node: as further starts change nothing about the
 * election that the first one made due, `rightful_is_old` puts it off until somebody needs it. */
#include "sim/outcome/electing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"
#include "src/protocol.h"

bool elections_begin(struct elections *elections, const struct history *history,
                     const struct view *view, const struct tally *tally)
{
    const struct settings *settings = &history->facts.settings;
    size_t processes = (size_t)settings->nodes + 1;
    *elections = (struct elections){
        .history = history,
        .view = view,
        .tally = tally,
        .protocol = protocol_rows[settings->row[OWNER_PROTOCOL]],
        .publishes = !protocol_leads_by_claim(settings),
        .open = NO_ELECTION,
        .unsettled = NO_ELECTION,
        .truth = malloc(processes),
        .then = malloc(processes),
        .vote = malloc(processes * sizeof *elections->vote),
        .up = malloc(processes * sizeof *elections->up),
        .rightful = NOBODY,
        .published = {.leader = NOBODY},
        .published_at = NOT_FOUND,
    };
    if (!elections->truth || !elections->then || !elections->vote || !elections->up) {
        return false;
    }
    memset(elections->truth, TRUTH_NOT_YET, processes);
    return true;
}

void elections_free(struct elections *elections)
{
    free(elections->list);
    free(elections->truth);
    free(elections->then);
    free(elections->vote);
    free(elections->up);
    *elections = (struct elections){0};
}

/* Those who live, as they are. The view is good until the next call. */
static struct truth take_truth(const struct elections *elections)
{
    struct truth truth = {.live = {.votes = elections->vote}, .up = elections->up};
    const struct settings *settings = &elections->history->facts.settings;
    for (uint32_t id = protocol_first_id(settings); id <= settings->nodes; id++) {
        uint8_t is = elections->truth[id];
        if (is < TRUTH_NOT_YET) {
            elections->up[truth.live.count] = !(is & TRUTH_PAUSED);
            elections->vote[truth.live.count++] =
                (struct vote){.id = (uint16_t)id, .status = is & (uint8_t)~TRUTH_PAUSED};
        }
    }
    assert(truth.live.count <= settings->nodes + 1u);
    return truth;
}

static bool may_lead(const struct elections *elections, const struct truth *truth, int32_t id)
{
    assert(id >= NOBODY);
    const struct settings *settings = &elections->history->facts.settings;
    return id != NOBODY &&
           elections->protocol->acceptable(settings, truth, id, elections->published.leader);
}

static int32_t ask_protocol(const struct elections *elections)
{
    const struct settings *settings = &elections->history->facts.settings;
    const struct truth truth = take_truth(elections);
    int32_t leader = elections->published.leader;
    if (elections->protocol->rules) {
        return elections->protocol->rules(settings, truth.live, leader).leader;
    }
    if (may_lead(elections, &truth, leader)) {
        return leader;
    }
    for (uint32_t i = 0; i < truth.live.count; i++) {
        if (may_lead(elections, &truth, truth.live.votes[i].id)) {
            return ANYBODY;
        }
    }
    return NOBODY;
}

int32_t electing_rightful_by(struct elections *elections, uint8_t *truth)
{
    assert(truth && truth != elections->truth);
    uint8_t *now = elections->truth;
    elections->truth = truth;
    int32_t rightful = ask_protocol(elections);
    elections->truth = now;
    return rightful;
}

int32_t electing_rightful(struct elections *elections)
{
    if (elections->rightful_is_old) {
        elections->rightful = ask_protocol(elections);
        elections->rightful_is_old = false;
    }
    assert(elections->rightful >= ANYBODY);
    return elections->rightful;
}

int32_t electing_rightful_for(struct elections *elections, int32_t elected)
{
    int32_t rightful = electing_rightful(elections);
    if (elections->protocol->rules) {
        return rightful;
    }
    const struct truth truth = take_truth(elections);
    return may_lead(elections, &truth, elected) ? elected : NOBODY;
}

struct electing *electing_open(struct elections *elections)
{
    assert(elections->open != NO_ELECTION);
    return &elections->list[elections->open];
}

void electing_note_reason(const struct elections *elections, struct election *row, unsigned reason)
{
    row->reason = protocol_reason(&elections->history->facts.settings, reason);
    row->rule = elections->protocol->rules ? (int32_t)reason : 0;
}

size_t electing_add(struct elections *elections, uint8_t cause, int32_t node, size_t due)
{
    assert(cause < CAUSES && node >= NOBODY && due < elections->history->count);
    struct electing *list =
        grown(elections->list, elections->count, &elections->capacity, sizeof *list);
    if (!list) {
        elections->failed = true;
        return NO_ELECTION;
    }
    elections->list = list;
    elections->list[elections->count] = (struct electing){
        .row = {.cause = cause,
                .cause_node = node,
                .due_ns = elections->history->events[due].at_ns,
                .reported_ns = NEVER_NS,
                .decided_ns = NEVER_NS,
                .published_ns = NEVER_NS,
                .settled_ns = NEVER_NS,
                .until_ns = NEVER_NS,
                .elected = NOBODY,
                .rightful = elections->rightful == ANYBODY ? NOBODY : elections->rightful,
                .verdict = VERDICT_NONE,
                .lock_wait_ns = NEVER_NS,
                .stage_ns = {NEVER_NS, NEVER_NS, NEVER_NS, NEVER_NS, NEVER_NS, NEVER_NS}},
        .due = due,
        .after = NO_ELECTION,
        .decided = NOT_FOUND,
    };
    return elections->count++;
}

void electing_close(struct elections *elections, struct electing *electing, uint8_t verdict)
{
    assert(verdict < VERDICTS);
    assert(elections->tally->live_nodes <= elections->history->facts.settings.nodes);
    electing->row.verdict = verdict;
    electing->row.live_nodes = (uint16_t)elections->tally->live_nodes;
}

void electing_close_open(struct elections *elections, uint8_t verdict, enum ending ended,
                         size_t index)
{
    struct electing *open = electing_open(elections);
    assert(open->row.published_ns == NEVER_NS && open->due <= index);
    open->superseded = verdict == VERDICT_SUPERSEDED;
    open->row.ended = (uint8_t)ended;
    open->row.until_ns = elections->history->events[index].at_ns;
    electing_close(elections, open, open->dead_decided ? VERDICT_DEAD : verdict);
    elections->open = NO_ELECTION;
}

void electing_weigh(struct elections *elections, int32_t before, uint8_t cause, int32_t node,
                    size_t index)
{
    int32_t now = electing_rightful(elections);
    assert(cause < CAUSES && index < elections->history->count);
    bool open = elections->open != NO_ELECTION;
    if (now == elections->published.leader || now == NOBODY) {
        if (open) {
            electing_close_open(elections, VERDICT_NONE, ENDED_WITHDRAWN, index);
        }
        return;
    }
    if (now == before) {
        return;
    }
    size_t superseded = elections->open;
    if (open) {
        electing_close_open(elections, VERDICT_SUPERSEDED, ENDED_SUPERSEDED, index);
    }
    elections->open = electing_add(elections, cause, node, index);
    if (elections->open != NO_ELECTION) {
        electing_open(elections)->after = superseded;
    }
}

bool electing_starting_up(const struct elections *elections)
{
    return elections->published_at == NOT_FOUND && elections->open != NO_ELECTION &&
           elections->list[elections->open].row.cause == CAUSE_START;
}
