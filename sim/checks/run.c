/* Runs the checks over a history, all at once or along with the trial. See check.h.
 *
 * Every event goes to the view first, then to the checks that want it. They are in lists by its
 * kind: of a request by its moment, too, of a reply by its op, of a claim by what it changed. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/doubt.h"
#include "sim/checks/view.h"
#include "sim/checks/violation.h"

/* Requests have a list for each moment (those by which a wait ends another), replies one for each
 * op (those to a publishing request another), claims one for each set of changes, after those of
 * the other kinds. */
#define REQUEST_LISTS ((int)HISTORY_KINDS)
#define WAIT_LISTS (REQUEST_LISTS + (int)MOMENTS + 1)
#define REPLY_LISTS (WAIT_LISTS + (int)MOMENTS + 1)
#define PUBLISHED_LISTS (REPLY_LISTS + (int)STORE_OPS)
#define CLAIM_LISTS (PUBLISHED_LISTS + (int)STORE_OPS)
#define LISTS (CLAIM_LISTS + CHANGES)

struct callee {
    void (*event)(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out);
    void *state;
};

struct check_run {
    const struct history *history;
    struct view view;
    struct violations found;
    uint32_t next; /* event to be judged */
    bool over;
    struct check_verdict verdicts[CHECKS_MAX];
    struct doubts doubts;  /* why the trial is undecided, or some checks are */
    uint16_t last_process; /* of the trial: its nodes are 1 … last_process */
    uint16_t nodes;        /* that the memory is enough for */
    struct view_process *processes;
    uint32_t *followers;
    void *states[CHECKS_MAX];
    struct history_facts facts; /* of the trials for which the next three hold; none: all zeros */
    uint32_t applying;          /* bits 1u << check: those in the lists */
    const char *why_not[CHECKS_MAX];           /* the others: why */
    int64_t longer_than_ns[CHECKS_MAX];        /* see struct check_row */
    uint32_t wanted_requests;                  /* bits 1u << enum moment: that some check wants */
    uint32_t wanted_replies, wanted_published; /* bits 1u << enum store_op: likewise */
    const struct callee *lists[LISTS];         /* each ends with a NULL event */
    struct callee callees[LISTS * (CHECKS_MAX + 1)];
};

/* --- dispatch --------------------------------------------------------------------------------- */

static bool wants(const struct check_row *row, int list)
{
    if (list < REQUEST_LISTS) {
        return row->wants & (1u << list);
    }
    if (list < WAIT_LISTS) {
        return (row->wants & (1u << HISTORY_REQUEST)) &&
               (row->wants_requests & 1u << (list - REQUEST_LISTS));
    }
    if (list < REPLY_LISTS) {
        return (row->wants & (1u << HISTORY_REQUEST)) &&
               (row->wants_requests & (WANTS_END_OF_WAIT | 1u << (list - WAIT_LISTS)));
    }
    if (list < PUBLISHED_LISTS) {
        return (row->wants & (1u << HISTORY_REPLY)) &&
               op_has((uint8_t)(list - REPLY_LISTS), row->wants_replies);
    }
    if (list < CLAIM_LISTS) {
        return (row->wants & (1u << HISTORY_REPLY)) &&
               ((row->wants_replies & WANTS_PUBLISHED) ||
                op_has((uint8_t)(list - PUBLISHED_LISTS), row->wants_replies));
    }
    uint32_t changes = (uint32_t)(list - CLAIM_LISTS);
    return (row->wants & (1u << HISTORY_CLAIM)) &&
           (row->wants_claims == 0 || (row->wants_claims & changes));
}

/* Which of `count` lists some check is in. */
static uint32_t wanted(const struct check_run *run, int first, int count)
{
    uint32_t lists = 0;
    for (int i = 0; i < count; i++) {
        lists |= run->lists[first + i]->event ? 1u << i : 0;
    }
    return lists;
}

static void make_lists(struct check_run *run)
{
    struct callee *callee = run->callees;
    for (int list = 0; list < LISTS; list++) {
        run->lists[list] = callee;
        for (size_t i = 0; check_rows[i]; i++) {
            if (run->applying & 1u << i && wants(check_rows[i], list)) {
                *callee++ = (struct callee){.event = check_rows[i]->event, .state = run->states[i]};
            }
        }
        callee++->event = NULL;
    }
    assert(callee <= run->callees + sizeof run->callees / sizeof *run->callees);
    run->wanted_requests = wanted(run, REQUEST_LISTS, MOMENTS + 1);
    run->wanted_replies = wanted(run, REPLY_LISTS, STORE_OPS);
    run->wanted_published = wanted(run, PUBLISHED_LISTS, STORE_OPS);
}

static const struct callee *list_of(const struct check_run *run, const struct history_event *event)
{
    uint32_t list = event->kind;
    if (event->kind == HISTORY_REQUEST) {
        list = (run->view.changes ? WAIT_LISTS : REQUEST_LISTS) + (uint32_t)event->request.moment;
    } else if (event->kind == HISTORY_CLAIM) {
        list = CLAIM_LISTS + run->view.changes;
    }
    assert(list < LISTS);
    return run->lists[list];
}

static void call(struct check_run *run, const struct callee *callee,
                 const struct history_event *event)
{
    assert(event->kind < HISTORY_KINDS);
    for (; callee->event; callee++) {
        callee->event(callee->state, &run->view, run->history, event, &run->found);
    }
}

/* A reply changes nothing that a check would compare, and few are wanted. */
static inline void judge_reply(struct check_run *run, const struct history_event *event)
{
    assert(event->process <= run->last_process && event->reply.op < STORE_OPS);
    bool published = event->reply.moment == MOMENT_PUBLISHES;
    view_reply(&run->view, &run->view.processes[event->process], event, run->history);
    if ((published ? run->wanted_published : run->wanted_replies) & 1u << event->reply.op) {
        call(run, run->lists[(published ? PUBLISHED_LISTS : REPLY_LISTS) + event->reply.op], event);
    }
}

/* Takes in a request that no check wants, as most are. False: one does, or wants to know what was
 * before it. */
static inline bool pass_request(struct check_run *run, const struct history_event *event)
{
    assert(event->process <= run->last_process && event->request.moment <= MOMENT_NONE);
    struct view_process *process = &run->view.processes[event->process];
    if ((run->wanted_requests & 1u << event->request.moment) ||
        view_ends_wait(process, &event->request)) {
        return false;
    }
    view_request(&run->view, process, event);
    return true;
}

/* --- memory ----------------------------------------------------------------------------------- */

static void forget(struct check_run *run)
{
    for (size_t i = 0; check_rows[i]; i++) {
        if (run->states[i] && check_rows[i]->forget) {
            check_rows[i]->forget(run->states[i]);
        }
        free(run->states[i]);
        run->states[i] = NULL;
    }
    free(run->processes);
    free(run->followers);
    run->processes = NULL;
    run->followers = NULL;
}

static bool make_room(struct check_run *run, uint16_t nodes)
{
    if (run->processes && nodes <= run->nodes) {
        return true;
    }
    forget(run);
    run->nodes = nodes;
    run->processes = calloc(nodes + 1u, sizeof *run->processes);
    run->followers = calloc(nodes + 2u, sizeof *run->followers);
    bool whole = run->processes && run->followers;
    for (size_t i = 0; check_rows[i]; i++) {
        run->states[i] =
            calloc(1, check_rows[i]->state_size + (nodes + 1u) * check_rows[i]->state_per_process);
        whole = whole && run->states[i];
    }
    if (!whole) {
        forget(run);
        return false;
    }
    run->facts = (struct history_facts){0}; /* the lists point to the states */
    return true;
}

/* Whether two trials differ in nothing that a check may be asked about beforehand. */
static bool are_alike(const struct history_facts *a, const struct history_facts *b)
{
    return memcmp(&a->settings, &b->settings, sizeof a->settings) == 0 && a->heals == b->heals &&
           a->programs == b->programs && a->lock_within_ns == b->lock_within_ns &&
           a->settles_within_ns == b->settles_within_ns;
}

/* Which checks have something to say of a trial with these facts. */
static void ask_checks(struct check_run *run, const struct history_facts *facts)
{
    assert(facts->settings.nodes > 0);
    run->facts = *facts;
    run->applying = 0;
    for (size_t i = 0; check_rows[i]; i++) {
        run->why_not[i] = NULL;
        run->applying |= check_applies(i, facts, &run->why_not[i]) ? 1u << i : 0;
        run->longer_than_ns[i] = check_longer_than_ns(i, facts);
    }
    make_lists(run);
}

/* --- the run ---------------------------------------------------------------------------------- */

struct check_run *check_run_new(void)
{
    assert(check_count() <= CHECKS_MAX);
    return calloc(1, sizeof(struct check_run));
}

void check_run_free(struct check_run *run)
{
    if (run) {
        forget(run);
        violations_free(&run->found);
        free(run);
    }
}

bool check_run_begin(struct check_run *run, const struct history *history)
{
    assert(history->facts.settings.nodes > 0);
    if (!make_room(run, history->facts.settings.nodes)) {
        return false;
    }
    if (!are_alike(&run->facts, &history->facts)) {
        ask_checks(run, &history->facts);
    }
    run->history = history;
    run->next = 0;
    run->over = false;
    run->last_process = history->facts.settings.nodes;
    run->found.count = 0;
    run->found.lost = false;
    run->found.work = (struct work_count){0};
    doubts_begin(&run->doubts);
    view_begin(&run->view, &history->facts, run->processes, run->followers);
    for (size_t i = 0; check_rows[i]; i++) {
        check_rows[i]->begin(run->states[i], history);
    }
    return true;
}

static void judge(struct check_run *run, const struct history_event *event, uint32_t index)
{
    assert(!run->over && event == &run->history->events[index]);
    view_apply(&run->view, run->history, index);
    call(run, list_of(run, event), event);
    if (event->kind == HISTORY_PHASE) {
        run->over = event->phase == PHASE_END;
    } else {
        doubts_take(&run->doubts, event);
    }
}

void check_run_events(struct check_run *run)
{
    assert(run->history && run->next <= run->history->count);
    const struct history *history = run->history;
    uint32_t next = run->next;
    int64_t now_ns = next > 0 ? run->view.now_ns : INT64_MIN;
    while (next < history->count && !run->over) {
        const struct history_event *event = &history->events[next];
        assert(event->at_ns >= now_ns && "events are in order");
        now_ns = event->at_ns;
        view_move(&run->view, now_ns, next++);
        if (event->kind == HISTORY_REPLY) {
            judge_reply(run, event);
        } else if (event->kind != HISTORY_REQUEST || !pass_request(run, event)) {
            judge(run, event, next - 1);
        }
    }
    run->next = next;
}

static int by_time(const void *left, const void *right)
{
    const struct violation *a = left;
    const struct violation *b = right;
    if (a->at_ns != b->at_ns) {
        return a->at_ns < b->at_ns ? -1 : 1;
    }
    if (a->check != b->check) {
        return a->check < b->check ? -1 : 1;
    }
    return (a->events[0] > b->events[0]) - (a->events[0] < b->events[0]);
}

static struct check_verdict verdict_on(const struct check_run *run, size_t check)
{
    assert(run->verdicts[check].ending != CHECK_BROKEN);
    const struct check_row *row = check_rows[check];
    int64_t end_ns = run->view.now_ns;
    if (!(run->applying & 1u << check)) {
        return (struct check_verdict){.ending = CHECK_DOES_NOT_APPLY, .why = run->why_not[check]};
    }
    const char *undecided = doubts_why(&run->doubts, row);
    if (undecided) {
        return check_is_undecided(undecided);
    }
    if (run->longer_than_ns[check] > 0 && end_ns <= run->longer_than_ns[check]) {
        return check_could_not_fire(row->too_short);
    }
    return row->verdict ? row->verdict(run->states[check], &run->view, run->history, end_ns)
                        : check_held();
}

static void give_verdicts(struct check_run *run)
{
    for (size_t i = 0; check_rows[i]; i++) {
        run->verdicts[i].ending = CHECK_HELD;
    }
    for (size_t i = 0; i < run->found.count; i++) {
        run->verdicts[run->found.list[i].check] = (struct check_verdict){.ending = CHECK_BROKEN};
    }
    for (size_t i = 0; check_rows[i]; i++) {
        if (run->verdicts[i].ending != CHECK_BROKEN) {
            run->verdicts[i] = verdict_on(run, i);
        }
    }
}

bool check_run_end(struct check_run *run)
{
    assert(run->history);
    check_run_events(run);
    for (size_t i = 0; check_rows[i]; i++) {
        if (run->applying & 1u << i && check_rows[i]->end) {
            check_rows[i]->end(run->states[i], &run->view, run->history, run->view.now_ns,
                               &run->found);
        }
    }
    doubts_end(&run->doubts, run->history, run->next, run->view.processes);
    doubts_drop(&run->found, &run->doubts);
    inferred_tell(&run->found, run->view.processes);
    give_verdicts(run);
    if (run->found.count > 1) {
        qsort(run->found.list, run->found.count, sizeof *run->found.list, by_time);
    }
    return !run->found.lost;
}

const struct violations *check_run_found(const struct check_run *run)
{
    return &run->found;
}

const struct check_verdict *check_run_verdicts(const struct check_run *run)
{
    return run->verdicts;
}

const char *check_run_undecided(const struct check_run *run)
{
    return doubt_is_raised(&run->doubts.whole) ? run->doubts.whole.why : NULL;
}
