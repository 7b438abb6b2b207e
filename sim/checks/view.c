/* The cluster as it stands after each event. See view.h. */
#include "sim/checks/view.h"

#include <assert.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "src/protocol.h"

static const struct view_process unborn = {
    .claim = {.follows = NOBODY, .until_ns = INT64_MAX},
    .since_ns = INT64_MIN,
    .asks_since_ns = INT64_MIN,
    .life_event = EVENT_NONE,
    .pause_event = EVENT_NONE,
    .claim_event = EVENT_NONE,
    .follows_event = EVENT_NONE,
    .leads_event = EVENT_NONE,
    .section_event = EVENT_NONE,
    .asks_event = EVENT_NONE,
    .asked_event = EVENT_NONE,
    .request_event = EVENT_NONE,
    .read_event = EVENT_NONE,
    .read_reply_event = EVENT_NONE,
    .recalled = NOBODY,
    .recalled_at_read = NOBODY,
};

void view_begin(struct view *view, const struct history_facts *facts,
                struct view_process *processes, uint32_t *followers)
{
    assert(processes && followers);
    memset(view, 0, sizeof *view);
    view->facts = facts;
    view->standing.may_be_silent = protocol_is_foreign(&facts->settings);
    view->processes = processes;
    view->followers = followers;
    view->before = unborn;
    view->published.leader = NOBODY;
    view->gone_event = EVENT_NONE;
    for (uint32_t i = 0; i <= facts->settings.nodes; i++) {
        processes[i] = unborn;
    }
    memset(followers, 0, (facts->settings.nodes + 2u) * sizeof *followers);
}

/* --- who follows whom ------------------------------------------------------------------------- */

static uint32_t group_of(const struct view *view, int32_t leader)
{
    uint32_t nodes = view->facts->settings.nodes;
    return leader >= 0 && (uint32_t)leader <= nodes ? (uint32_t)leader : nodes + 1;
}

static void count_in(struct view *view, const struct view_process *process)
{
    if (!view_is_up(process)) {
        return;
    }
    view->standing.up++;
    if (process->claim.follows != NOBODY) {
        uint32_t group = group_of(view, process->claim.follows);
        view->standing.following++;
        if (view->followers[group]++ == 0) {
            view->standing.groups++;
            view->standing.group_sum += group;
        }
    }
}

static void count_out(struct view *view, const struct view_process *process)
{
    if (!view_is_up(process)) {
        return;
    }
    assert(view->standing.up > 0);
    view->standing.up--;
    if (process->claim.follows != NOBODY) {
        uint32_t group = group_of(view, process->claim.follows);
        assert(view->standing.following > 0 && view->followers[group] > 0);
        view->standing.following--;
        if (--view->followers[group] == 0) {
            view->standing.groups--;
            view->standing.group_sum -= group;
        }
    }
}

int32_t view_agrees_on(const struct view *view)
{
    int32_t leader = cluster_agrees_on(&view->standing, view->healed);
    return leader > view->facts->settings.nodes ? NOBODY : leader;
}

int32_t view_settled_on(const struct view *view)
{
    int32_t leader = view_agrees_on(view);
    if (leader == NOBODY) {
        return NOBODY;
    }
    assert(leader >= 0 && leader <= view->facts->settings.nodes);
    const struct cluster_member member = view_member(&view->processes[leader]);
    return cluster_is_settled(&member, view->now_ns) ? leader : NOBODY;
}

struct check_verdict check_held_unless_alone(const struct view *view, enum moment moment,
                                             int64_t since_ns)
{
    const struct settings *settings = &view->facts->settings;
    unsigned found = 0;
    assert(moment < MOMENT_NONE);
    for (uint32_t id = 0; id <= settings->nodes && found < 2; id++) {
        const struct view_process *process = &view->processes[id];
        bool ran = process->started && (process->alive || process->since_ns > since_ns);
        bool may = protocol_moments(settings, (uint16_t)id) & 1u << moment;
        found += ran && may;
    }
    return found >= 2 ? check_held() : check_could_not_fire("no second process was running");
}

/* --- events ----------------------------------------------------------------------------------- */

/* Whoever died by itself is not brought back by the healing. */
static void expect_back(struct view *view, struct view_process *process, bool expected)
{
    assert(expected || !process->to_be_back || view->standing.to_be_back > 0);
    view->standing.to_be_back += (uint32_t)expected - (uint32_t)process->to_be_back;
    process->to_be_back = expected;
}

static void apply_life(struct view *view, struct view_process *process,
                       const struct history_event *event)
{
    assert(process == &view->processes[event->process]);
    count_out(view, process);
    switch ((enum history_kind)event->kind) {
    case HISTORY_BORN:
        *process = unborn;
        process->inferred = view->before.inferred;
        process->claims = view->before.claims;
        process->to_be_back = view->before.to_be_back;
        process->alive = true;
        process->since_ns = event->at_ns;
        process->life_event = view->index;
        break;
    case HISTORY_STARTED:
        process->started = true;
        expect_back(view, process, false);
        break;
    case HISTORY_DIED:
        expect_back(view, process, event->died.by_fault);
        process->alive = false;
        process->paused = false;
        process->since_ns = event->at_ns;
        process->life_event = view->index;
        view_stop_waiting(process);
        break;
    case HISTORY_PAUSED:
        process->paused = true;
        process->pause_event = view->index;
        break;
    default:
        assert(event->kind == HISTORY_RESUMED);
        process->paused = false;
    }
    count_in(view, process);
}

static void apply_claim(struct view *view, struct view_process *process,
                        const struct history_event *event)
{
    assert(event->claim.claim.status <= STATUS_UNKNOWN);
    const struct claim was = process->claim;
    const struct claim *claim = &event->claim.claim;

    process->claim_event = view->index;
    process->inferred = process->inferred || event->claim.inferred;
    process->claims = process->claims || !event->claim.inferred;
    if (claim->follows != was.follows) {
        count_out(view, process);
        process->claim = *claim;
        process->follows_event = view->index;
        count_in(view, process);
        view->changes |= CHANGED_FOLLOWS;
    } else {
        process->claim = *claim;
    }
    if (claim->until_ns != was.until_ns) {
        view->changes |= CHANGED_UNTIL | CHANGED_LEADS;
    }
    if (claim->leads != was.leads || claim->term != was.term) {
        view->changes |= CHANGED_LEADS;
        if (claim->leads) {
            process->leads_event = view->index;
        }
    }
    if (claim->in_section != was.in_section) {
        view->changes |= CHANGED_SECTION;
        if (claim->in_section) {
            process->section_event = view->index;
        }
    }
    if (process->asks_event != EVENT_NONE &&
        (claim->in_section || (event->claim.happened & (1u << MOMENT_ACQUIRES_LOCK)))) {
        view_stop_waiting(process);
        view->changes |= CHANGED_SECTION;
    }
}

/* Among it, that the lock ran out under its holder. */
static void apply_world(struct view *view, const struct history_event *event)
{
    assert(event->kind != HISTORY_PHASE || event->phase <= PHASE_END);
    bool lock_gone = event->kind == HISTORY_FAULT
                         ? fault_rows[event->fault.kind] == &fault_expire_lock
                         : event->kind == HISTORY_EXPIRED && event->key == KEY_LOCK;
    if (event->kind == HISTORY_PHASE) {
        view->phase = (enum history_phase)event->phase;
        view->healed = view->healed || view->phase == PHASE_LIVENESS;
    } else if (lock_gone) {
        view->gone_event = view->index;
    }
}

/* What a process does, or what befalls it. A fault, too, may have a process: its target. */
static void apply_own(struct view *view, const struct history *history,
                      const struct history_event *event)
{
    assert(event->process <= view->facts->settings.nodes);
    struct view_process *process = &view->processes[event->process];
    view->before = *process;
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        view_request(view, process, event);
        break;
    case HISTORY_REPLY:
        view_reply(view, process, event, history);
        break;
    case HISTORY_CLAIM:
        apply_claim(view, process, event);
        break;
    case HISTORY_BORN:
    case HISTORY_STARTED:
    case HISTORY_DIED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
        apply_life(view, process, event);
        break;
    case HISTORY_FAULT:
    case HISTORY_EXPIRED:
    case HISTORY_PHASE:
        apply_world(view, event);
        break;
    case HISTORY_HEALED:
    case HISTORY_SKIPPED:
    case HISTORY_OUTSIDE:
    case HISTORY_UNDECIDED:
    case HISTORY_OBSCURE:
    case HISTORY_COMMAND:
    case HISTORY_DECIDED:
    case HISTORY_MORE:
    case HISTORY_KINDS:
        break;
    }
}

static bool is_of_world(const struct history_event *event)
{
    return (1u << HISTORY_FAULT | 1u << HISTORY_HEALED | 1u << HISTORY_SKIPPED |
            1u << HISTORY_OUTSIDE | 1u << HISTORY_UNDECIDED | 1u << HISTORY_EXPIRED |
            1u << HISTORY_PHASE) &
           1u << event->kind;
}

void view_apply(struct view *view, const struct history *history, uint32_t index)
{
    assert(index < history->count);
    const struct history_event *event = &history->events[index];
    view_move(view, event->at_ns, index);
    if (event->process == HISTORY_HARNESS && is_of_world(event)) {
        apply_world(view, event);
    } else {
        apply_own(view, history, event);
    }
}
