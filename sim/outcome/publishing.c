/* Decisions and publications: which election they belong to, and what it took. See elections.h. */
#include "sim/outcome/publishing.h"

#include <assert.h>

#include "sim/outcome/stages.h"

/* --- deciding ------------------------------------------------------------------------------------
 */

static void note_decision(struct elections *elections, struct electing *electing, size_t decided)
{
    const struct history_event *event = &elections->history->events[decided];
    assert(event->kind == HISTORY_DECIDED);
    struct election *row = &electing->row;
    row->decided_ns = event->at_ns;
    row->elected = event->decided.decision.leader;
    electing_note_reason(elections, row, event->decided.decision.reason);
    int32_t reporter = row->cause == CAUSE_OVERWRITE ? NOBODY : row->cause_node;
    row->reported_ns = lookback_reported(elections->history, electing->due, decided, reporter);
}

/* A decision while an election is open: the first one from a read of its time stands for it, unless
 * something is published later. */
void publishing_decided(struct elections *elections, size_t index)
{
    const struct decision *decision = &elections->history->events[index].decided.decision;
    if (elections->open == NO_ELECTION || decision->leader == NOBODY) {
        return;
    }
    struct electing *open = electing_open(elections);
    size_t read = lookback_read(elections->history, index);
    assert(read == NOT_FOUND || read < index);
    if (open->decided != NOT_FOUND || read == NOT_FOUND || read < open->due) {
        return;
    }
    open->decided = index;
    open->dead_decided = !is_alive(elections->view, decision->leader);
    note_decision(elections, open, index);
    if (decision->leader == elections->published.leader) {
        open->row.term = elections->published.term;
    }
}

/* --- publishing ----------------------------------------------------------------------------------
 */

static bool is_published(const struct elections *elections, struct decision decision)
{
    return decision.leader == elections->published.leader &&
           decision.term == elections->published.term;
}

/* The election that a publication ends. That is the open one, unless the decision is older than it:
 * then it belongs to the one that was due when the statuses were read, even if that has been
 * superseded meanwhile. Nothing was due then: the publication is an election of its own. */
static size_t ended_by(struct elections *elections, const struct seen *seen)
{
    size_t open = elections->open;
    bool known = seen->read != NOT_FOUND;
    assert(open == NO_ELECTION || open < elections->count);
    if (open != NO_ELECTION && (!known || seen->read >= elections->list[open].due)) {
        return open;
    }
    for (size_t i = elections->count; known && i-- > 0;) {
        const struct electing *electing = &elections->list[i];
        if (i == open) {
            continue;
        }
        if (!electing->superseded) {
            break;
        }
        if (seen->read >= electing->due) {
            return i;
        }
    }
    return electing_add(elections, seen->cause, seen->node, seen->due);
}

/* How the process that published came to that. */
static void note_effort(const struct elections *elections, struct electing *electing,
                        const struct seen *seen)
{
    const struct history *history = elections->history;
    uint16_t process = (uint16_t)seen->process;
    assert(process <= history->facts.settings.nodes);
    struct way way = {.process = process,
                      .publishes = elections->publishes,
                      .due = electing->due,
                      .asked = NOT_FOUND,
                      .acquired = NOT_FOUND,
                      .read = seen->read,
                      .decided = seen->decided,
                      .index = seen->index};
    /* The lock under which it decided: when the result is seen, it may be gone. */
    bool known = way.publishes && way.decided != NOT_FOUND;
    size_t from = known ? way.decided : way.index + 1;
    size_t begin = electing->due;
    size_t asked;
    size_t acquired;
    if (lookback_lock(history, from, process, &asked, &acquired)) {
        electing->row.lock_wait_ns = history->events[acquired].at_ns - history->events[asked].at_ns;
        way.asked = asked;
        way.acquired = acquired;
        begin = asked > begin ? asked : begin;
    }
    electing->row.round_trips = lookback_requests(history, begin, seen->index, process);
    stages_until_published(&electing->row, history, &way);
}

static uint8_t judge_result(const struct elections *elections, const struct election *row)
{
    if (!is_alive(elections->view, row->elected)) {
        return VERDICT_DEAD;
    }
    return row->elected == row->rightful ? VERDICT_OK : VERDICT_WRONG;
}

static void conclude(struct elections *elections, size_t which, const struct seen *seen)
{
    assert(which < elections->count && seen->decision.leader != NOBODY);
    struct electing *electing = &elections->list[which];
    struct election *row = &electing->row;
    if (seen->decided != NOT_FOUND) {
        note_decision(elections, electing, seen->decided);
    }
    row->elected = seen->decision.leader;
    electing_note_reason(elections, row, seen->decision.reason);
    row->term = seen->decision.term;
    row->published_ns = elections->history->events[seen->index].at_ns;
    if (!electing->superseded) {
        row->rightful = electing_rightful_for(elections, row->elected);
        row->rightful_submits = row->rightful != NOBODY && row->rightful != row->elected &&
                                (elections->truth[row->rightful] & ~TRUTH_PAUSED) == STATUS_SUBMIT;
    }
    electing->superseded = false;
    row->ended = ENDED_PUBLISHED;
    row->until_ns = NEVER_NS;
    if (elections->unsettled != NO_ELECTION) { /* it has no more chance to settle */
        elections->list[elections->unsettled].row.until_ns = row->published_ns;
    }
    if (seen->process != NOBODY) {
        note_effort(elections, electing, seen);
    }
    uint8_t verdict = judge_result(elections, row);
    row->outdated = verdict == VERDICT_WRONG && seen->read != NOT_FOUND &&
                    electing_was_right(elections, seen->read, row->elected);
    electing_close(elections, electing, verdict);
    elections->unsettled = which;
}

void publishing_seen(struct elections *elections, const struct seen *seen)
{
    if (seen->decision.leader == NOBODY) {
        return; /* no election of ours ends so */
    }
    if (is_published(elections, seen->decision)) {
        return; /* seen by somebody who looked it up before its publisher had the answer */
    }
    electing_rightful(elections);
    size_t which = ended_by(elections, seen);
    if (which == NO_ELECTION) {
        return; /* memory is out */
    }
    conclude(elections, which, seen);
    if (which == elections->open) {
        elections->open = NO_ELECTION;
    }
    elections->published = seen->decision;
    elections->published_at = seen->index;
    /* With a new incumbent the rules may give another leader (the option `sticky`); that is no
     * cause of its own. */
    elections->rightful_is_old = true;
    if (elections->open != NO_ELECTION &&
        electing_rightful(elections) == elections->published.leader) {
        electing_close_open(elections, VERDICT_NONE, ENDED_WITHDRAWN, seen->index);
    }
}

/* The process, decision and read behind a publication whose request or reply is at `by`, and what
 * it is if no election was due. It may have been under way since before the last one: then nobody
 * knows more of it than who sent it. */
static struct seen look_into(const struct elections *elections, struct decision decision,
                             size_t index, size_t by)
{
    const struct history *history = elections->history;
    struct seen seen = {.decision = decision,
                        .index = index,
                        .process = NOBODY,
                        .decided = NOT_FOUND,
                        .read = NOT_FOUND,
                        .cause = CAUSE_OVERWRITE,
                        .node = NOBODY,
                        .due = index};
    assert(index < history->count && (by == NOT_FOUND || by <= index));
    if (by == NOT_FOUND) {
        size_t sent = lookback_publication(history, index, 0, decision);
        seen.node = sent == NOT_FOUND ? NOBODY : history->events[sent].process;
        seen.cause = sent == NOT_FOUND ? CAUSE_OTHER : CAUSE_OVERWRITE;
        return seen;
    }
    uint16_t process = history->events[by].process;
    seen.process = process;
    seen.node = process;
    seen.decided = lookback_decided(history, by, 0, process);
    if (seen.decided != NOT_FOUND) {
        seen.read = lookback_read(history, seen.decided);
    }
    seen.due = seen.read != NOT_FOUND ? seen.read : index;
    return seen;
}

/* Somebody looked the result up, after all publications that we know of: if he found another, that
 * was published without an answer (its publisher died, or the answer was lost), or by a stranger;
 * if he found none, it was lost. */
static void take_in_found(struct elections *elections, size_t index, struct decision found)
{
    const struct history *history = elections->history;
    size_t known = elections->published_at == NOT_FOUND ? 0 : elections->published_at;
    if (is_published(elections, found)) {
        return;
    }
    size_t asked = history_asked(history, index);
    if (asked == NOT_FOUND || asked < known) {
        return; /* an answer from before */
    }
    if (found.leader == NOBODY) {
        elections->published = found;
        elections->published_at = index;
        elections->rightful_is_old = true;
        if (elections->open == NO_ELECTION) {
            electing_weigh(elections, NOBODY, CAUSE_LOSS, NOBODY, index);
        }
        return;
    }
    struct seen seen =
        look_into(elections, found, index, lookback_publication(history, index, known, found));
    publishing_seen(elections, &seen);
}

void publishing_reply(struct elections *elections, size_t index)
{
    const struct history *history = elections->history;
    assert(history->events[index].kind == HISTORY_REPLY);
    struct decision found;
    if (history_tells(&history->events[index], &found)) {
        take_in_found(elections, index, found);
        return;
    }
    size_t asked = history_published(history, index);
    if (asked != NOT_FOUND) {
        struct seen seen = look_into(elections, history_decision(history, asked), index, asked);
        publishing_seen(elections, &seen);
    }
}
