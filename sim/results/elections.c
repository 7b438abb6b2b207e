/* Elections: from the events of a history to the rows of elections.csv. See elections.h for the
 * picture and results/README.md for the meaning.
 *
 * Who is rightful costs a pass over all processes, so it is asked only when a true status changed.
 * The start of a cluster would ask it once a node: as further starts change nothing about the
 * election that the first one made due, `rightful_is_old` puts it off until somebody needs it. */
#include "sim/results/elections.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/lookback.h"
#include "src/protocol.h"

/* In `truth`: takes no part, and never did or did once. */
#define TRUTH_NOT_YET 0xfe
#define TRUTH_GONE 0xff

bool elections_begin(struct elections *elections, const struct history *history,
                     const struct view *view, const struct tally *tally)
{
    size_t processes = (size_t)history->facts.settings.nodes + 1;
    *elections = (struct elections){
        .history = history,
        .view = view,
        .tally = tally,
        .open = NO_ELECTION,
        .unsettled = NO_ELECTION,
        .truth = malloc(processes),
        .vote = malloc(processes * sizeof *elections->vote),
        .rightful = NOBODY,
        .published = {.id = NOBODY},
        .published_at = NOT_FOUND,
    };
    if (!elections->truth || !elections->vote) {
        return false;
    }
    memset(elections->truth, TRUTH_NOT_YET, processes);
    return true;
}

void elections_free(struct elections *elections)
{
    free(elections->list);
    free(elections->truth);
    free(elections->vote);
    *elections = (struct elections){0};
}

static int64_t at_ns(const struct elections *elections, size_t index)
{
    return elections->history->events[index].at_ns;
}

/* --- who is rightful ----------------------------------------------------------------------------
 */

static int32_t ask_rules(const struct elections *elections)
{
    const struct settings *settings = &elections->history->facts.settings;
    struct ballot truth = {.votes = elections->vote};
    for (uint32_t id = 0; id <= settings->nodes; id++) {
        if (elections->truth[id] < TRUTH_NOT_YET) {
            elections->vote[truth.count++] =
                (struct vote){.id = (uint16_t)id, .status = elections->truth[id]};
        }
    }
    return protocol_rows[settings->protocol]->rightful(settings, truth, elections->published.id).id;
}

static int32_t rightful(struct elections *elections)
{
    if (elections->rightful_is_old) {
        elections->rightful = ask_rules(elections);
        elections->rightful_is_old = false;
    }
    return elections->rightful;
}

/* --- opening and closing ------------------------------------------------------------------------
 */

static struct electing *open_election(struct elections *elections)
{
    assert(elections->open != NO_ELECTION);
    return &elections->list[elections->open];
}

/* A new row, due by the event `due`. NO_ELECTION: memory is out. */
static size_t add(struct elections *elections, uint8_t cause, int32_t node, size_t due)
{
    if (elections->count == elections->capacity) {
        size_t capacity = elections->capacity ? 2 * elections->capacity : 8;
        struct electing *list = realloc(elections->list, capacity * sizeof *list);
        if (!list) {
            elections->failed = true;
            return NO_ELECTION;
        }
        elections->list = list;
        elections->capacity = capacity;
    }
    elections->list[elections->count] = (struct electing){
        .row = {.cause = cause,
                .cause_node = node,
                .due_ns = at_ns(elections, due),
                .reported_ns = NEVER_NS,
                .decided_ns = NEVER_NS,
                .published_ns = NEVER_NS,
                .settled_ns = NEVER_NS,
                .elected = NOBODY,
                .rightful = elections->rightful,
                .verdict = VERDICT_NONE,
                .lock_wait_ns = NEVER_NS},
        .due = due,
        .decided = NOT_FOUND,
    };
    return elections->count++;
}

static void close_election(struct elections *elections, struct electing *electing, uint8_t verdict)
{
    electing->row.verdict = verdict;
    electing->row.live_nodes = (uint16_t)elections->tally->live_nodes;
}

static void close_open(struct elections *elections, uint8_t verdict)
{
    close_election(elections, open_election(elections), verdict);
    elections->open = NO_ELECTION;
}

/* Nothing is due any more, and nothing was published: only a decision for the dead is held against
 * it. */
static void close_needless(struct elections *elections)
{
    close_open(elections, open_election(elections)->dead_decided ? VERDICT_DEAD : VERDICT_NONE);
}

/* --- becoming due -------------------------------------------------------------------------------
 */

/* The rightful leader was `before`; an event has changed that, or what is published. */
static void weigh(struct elections *elections, int32_t before, uint8_t cause, int32_t node,
                  size_t index)
{
    int32_t now = rightful(elections);
    bool open = elections->open != NO_ELECTION;
    if (now == elections->published.id || now == NOBODY) {
        if (open) {
            close_needless(elections);
        }
        return;
    }
    if (now == before) {
        return;
    }
    if (open) {
        close_open(elections, VERDICT_SUPERSEDED);
    }
    elections->open = add(elections, cause, node, index);
}

/* During the initial start-up: the election that the first start made due is still open. */
static bool starting_up(const struct elections *elections)
{
    return elections->published_at == NOT_FOUND && elections->open != NO_ELECTION &&
           elections->list[elections->open].row.cause == CAUSE_START;
}

static uint8_t cause_of(const struct elections *elections, const struct history_event *event)
{
    switch ((enum history_kind)event->kind) {
    case HISTORY_STARTED:
        return elections->truth[event->process] == TRUTH_GONE ? CAUSE_RESTART : CAUSE_START;
    case HISTORY_DIED:
        return CAUSE_CRASH;
    case HISTORY_CLAIM:
        /* Whoever turns to submit because it finds itself elected was not flipped. */
        return event->claim.happened & 1u << MOMENT_LEADS ? CAUSE_OTHER : CAUSE_FLIP;
    default:
        return CAUSE_OTHER;
    }
}

/* What process `id` is now, for the rules. */
static uint8_t true_status(const struct elections *elections, uint16_t id)
{
    const struct view_process *process = &elections->view->processes[id];
    if (process->alive && process->started) {
        return process->claim.status;
    }
    return elections->truth[id] == TRUTH_NOT_YET ? TRUTH_NOT_YET : TRUTH_GONE;
}

static void take_in_truth(struct elections *elections, size_t index)
{
    const struct history_event *event = &elections->history->events[index];
    uint16_t id = event->process;
    uint8_t status = true_status(elections, id);
    if (status == elections->truth[id]) {
        return;
    }
    uint8_t cause = cause_of(elections, event);
    if (cause == CAUSE_START && starting_up(elections)) {
        elections->truth[id] = status;
        elections->rightful_is_old = true;
        return;
    }
    int32_t before = rightful(elections);
    if (starting_up(elections)) {
        open_election(elections)->row.rightful = before;
    }
    elections->truth[id] = status;
    elections->rightful_is_old = true;
    /* The first start is that of the cluster, not of one node. */
    bool first = cause == CAUSE_START && elections->published_at == NOT_FOUND;
    weigh(elections, before, cause, first ? NOBODY : id, index);
}

/* --- deciding -----------------------------------------------------------------------------------
 */

static void note_decision(struct elections *elections, struct electing *electing, size_t decided)
{
    const struct history_event *event = &elections->history->events[decided];
    struct election *row = &electing->row;
    row->decided_ns = event->at_ns;
    row->elected = event->decided.choice.id;
    row->rule = event->decided.choice.rule;
    row->reported_ns =
        lookback_reported(elections->history, electing->due, decided, row->cause_node);
}

/* A decision while an election is open: the first one from a read of its time stands for it, unless
 * something is published later. */
static void take_in_decision(struct elections *elections, size_t index)
{
    const struct choice *choice = &elections->history->events[index].decided.choice;
    if (elections->open == NO_ELECTION || choice->id == NOBODY) {
        return;
    }
    struct electing *open = open_election(elections);
    size_t read = lookback_read(elections->history, index);
    if (open->decided != NOT_FOUND || read == NOT_FOUND || read < open->due) {
        return;
    }
    open->decided = index;
    open->dead_decided = !is_alive(elections->view, choice->id);
    note_decision(elections, open, index);
    if (choice->id == elections->published.id) {
        open->row.term = elections->published.term;
    }
}

/* --- publishing ---------------------------------------------------------------------------------
 */

static bool is_published(const struct elections *elections, struct result result)
{
    return result.id == elections->published.id && result.term == elections->published.term;
}

/* A publication as it was seen. */
struct seen {
    struct result result;
    size_t index;    /* the event that shows it */
    int32_t process; /* whose it was; NOBODY: of nobody in this history */
    size_t decided;  /* the decision and the read that led to it; NOT_FOUND */
    size_t read;
};

/* The election that a publication ends. That is the open one, unless the decision is older than it:
 * then it belongs to the one that was due when the statuses were read, even if that has been
 * superseded meanwhile. Nothing was due then: the publication is an election of its own. */
static size_t ended_by(struct elections *elections, const struct seen *seen)
{
    size_t open = elections->open;
    bool known = seen->read != NOT_FOUND;
    if (open != NO_ELECTION && (!known || seen->read >= elections->list[open].due)) {
        return open;
    }
    for (size_t i = elections->count; known && i-- > 0;) {
        const struct electing *electing = &elections->list[i];
        if (i == open) {
            continue;
        }
        if (electing->row.verdict != VERDICT_SUPERSEDED) {
            break;
        }
        if (seen->read >= electing->due) {
            return i;
        }
    }
    return add(elections, CAUSE_OTHER, NOBODY, known ? seen->read : seen->index);
}

static void note_effort(const struct elections *elections, struct electing *electing,
                        const struct seen *seen)
{
    uint16_t process = (uint16_t)seen->process;
    size_t begin = electing->due;
    size_t asked;
    int64_t acquired_ns;
    if (lookback_lock(elections->history, seen->index, process, &asked, &acquired_ns)) {
        electing->row.lock_wait_ns = acquired_ns - at_ns(elections, asked);
        begin = asked > begin ? asked : begin;
    }
    electing->row.round_trips = lookback_requests(elections->history, begin, seen->index, process);
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
    struct electing *electing = &elections->list[which];
    struct election *row = &electing->row;
    if (seen->decided != NOT_FOUND) {
        note_decision(elections, electing, seen->decided);
    }
    row->elected = seen->result.id;
    row->rule = seen->result.rule;
    row->term = seen->result.term;
    row->published_ns = at_ns(elections, seen->index);
    if (row->verdict != VERDICT_SUPERSEDED) {
        row->rightful = elections->rightful;
    }
    if (seen->process != NOBODY) {
        note_effort(elections, electing, seen);
    }
    close_election(elections, electing, judge_result(elections, row));
    elections->unsettled = which;
}

static void publish(struct elections *elections, const struct seen *seen)
{
    if (is_published(elections, seen->result)) {
        return; /* known already, by somebody who looked it up before the publisher had his answer
                 */
    }
    rightful(elections);
    size_t which = ended_by(elections, seen);
    if (which == NO_ELECTION) {
        return; /* memory is out */
    }
    conclude(elections, which, seen);
    if (which == elections->open) {
        elections->open = NO_ELECTION;
    }
    elections->published = seen->result;
    elections->published_at = seen->index;
    /* With a new incumbent the rules may give another leader (the option `sticky`); that is no
     * cause of its own. */
    elections->rightful_is_old = true;
    if (elections->open != NO_ELECTION && rightful(elections) == elections->published.id) {
        close_needless(elections);
    }
}

/* The process, decision and read behind a publication whose request or reply is at `by`. */
static struct seen look_into(const struct elections *elections, struct result result, size_t index,
                             size_t by)
{
    struct seen seen = {.result = result,
                        .index = index,
                        .process = NOBODY,
                        .decided = NOT_FOUND,
                        .read = NOT_FOUND};
    if (by == NOT_FOUND) {
        return seen;
    }
    const struct history *history = elections->history;
    uint16_t process = history->events[by].process;
    seen.process = process;
    seen.decided = lookback_decided(history, by, 0, process);
    if (seen.decided != NOT_FOUND) {
        seen.read = lookback_read(history, seen.decided);
    }
    return seen;
}

/* Somebody looked the result up, after all publications that we know of: if he found another, that
 * was published without an answer (its publisher died, or the answer was lost), or by a stranger;
 * if he found none, it was lost. */
static void take_in_found(struct elections *elections, size_t index)
{
    const struct history *history = elections->history;
    const struct history_event *event = &history->events[index];
    bool none = event->reply.outcome == STORE_NIL;
    struct result found = none ? (struct result){.id = NOBODY} : event->reply.value.result;
    size_t known = elections->published_at == NOT_FOUND ? 0 : elections->published_at;
    if (is_published(elections, found)) {
        return;
    }
    size_t asked = lookback_request(history, index, event->process, event->reply.number);
    if (asked == NOT_FOUND || asked < known) {
        return; /* an answer from before */
    }
    if (none) {
        elections->published = found;
        elections->published_at = index;
        elections->rightful_is_old = true;
        if (elections->open == NO_ELECTION) {
            weigh(elections, NOBODY, CAUSE_OTHER, NOBODY, index);
        }
        return;
    }
    struct seen seen =
        look_into(elections, found, index, lookback_publication(history, index, known, found));
    publish(elections, &seen);
}

static void take_in_reply(struct elections *elections, size_t index)
{
    const struct history *history = elections->history;
    const struct history_event *event = &history->events[index];
    if (event->reply.op == STORE_GET_RESULT && event->reply.outcome <= STORE_NIL) {
        take_in_found(elections, index);
    } else if (event->reply.op == STORE_SET_RESULT && event->reply.outcome == STORE_OK) {
        size_t asked = lookback_request(history, index, event->process, event->reply.number);
        if (asked != NOT_FOUND) {
            struct seen seen =
                look_into(elections, history->events[asked].request.value.result, index, asked);
            publish(elections, &seen);
        }
    }
}

/* --- events -------------------------------------------------------------------------------------
 */

void elections_event(struct elections *elections, size_t index)
{
    const struct history_event *event = &elections->history->events[index];
    switch ((enum history_kind)event->kind) {
    case HISTORY_STARTED:
    case HISTORY_DIED:
    case HISTORY_CLAIM:
        take_in_truth(elections, index);
        break;
    case HISTORY_DECIDED:
        take_in_decision(elections, index);
        break;
    case HISTORY_REPLY:
        take_in_reply(elections, index);
        break;
    default:
        break;
    }
    if (elections->unsettled != NO_ELECTION) {
        struct election *row = &elections->list[elections->unsettled].row;
        if (settled_on(elections->view) == row->elected) {
            row->settled_ns = event->at_ns;
            elections->unsettled = NO_ELECTION;
        }
    }
}

/* What is still open when the history ends. A decision that was never published is right or wrong
 * only if it left the published result as it was. */
static void close_last(struct elections *elections)
{
    struct electing *open = open_election(elections);
    bool wrong = open->decided != NOT_FOUND && open->row.elected != rightful(elections);
    if (starting_up(elections)) {
        open->row.rightful = rightful(elections);
    }
    close_open(elections, open->dead_decided ? VERDICT_DEAD : wrong ? VERDICT_WRONG : VERDICT_NONE);
}

static int by_due(const void *left, const void *right)
{
    const struct electing *a = left;
    const struct electing *b = right;
    return (a->due > b->due) - (a->due < b->due);
}

bool elections_end(struct elections *elections, struct election **rows, size_t *count)
{
    if (elections->open != NO_ELECTION) {
        close_last(elections);
    }
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
