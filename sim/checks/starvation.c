/* starvation: a process waited for the lock longer than the bound. It waits from its first request
 * for the lock until it acquires it, dies, or does something that needs no lock; asking again after
 * having given up goes on with the same wait. The time that it was paused does not count. Not
 * judged if no bound was promised.
 *
 * The interval is the whole wait, pauses included. Guilty are its first request, and the last one.
 * The sentence says who had the lock meanwhile. Whoever still waits when the history ends waits for
 * one cause, so that is one violation: of him who has waited longest, and the others are named.
 *
 * A trial in which the lock was first asked for too late for any wait to last so long does not test
 * it, however long it was.
 */
#include <assert.h>

#include "sim/checks/cause.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

#define OTHERS_NAMED 3

/* The pauses of one process's wait. */
struct wait {
    uint32_t asks_event; /* the wait that this is about */
    int64_t paused_ns;   /* in all, without the pause under way */
    int64_t pause_began_ns;
};

static void begin(void *state, const struct history *history)
{
    struct wait *waits = state;
    for (uint32_t i = 0; i <= history->facts.settings.nodes; i++) {
        waits[i] = (struct wait){.asks_event = EVENT_NONE};
    }
}

static void note_pause(struct wait *wait, const struct view_process *process,
                       const struct view *view, bool begins)
{
    assert(process->asks_since_ns <= view->now_ns);
    if (wait->asks_event != process->asks_event) {
        /* It was paused before it asked, by what was recorded, if this is the end of a pause. */
        *wait = (struct wait){.asks_event = process->asks_event,
                              .pause_began_ns = process->asks_since_ns};
    }
    if (begins) {
        wait->pause_began_ns = view->now_ns;
    } else {
        wait->paused_ns += view->now_ns - wait->pause_began_ns;
    }
}

/* How long a process has waited, and how long of it it was paused. `process` is as it was while it
 * still waited. */
static int64_t waited_ns(const struct wait *wait, const struct view_process *process,
                         const struct view *view, int64_t *paused_ns)
{
    bool noted = wait->asks_event == process->asks_event;
    int64_t began_ns = noted ? wait->pause_began_ns : process->asks_since_ns;
    *paused_ns = noted ? wait->paused_ns : 0;
    *paused_ns += process->paused ? view->now_ns - began_ns : 0;
    assert(*paused_ns >= 0 && *paused_ns <= view->now_ns - process->asks_since_ns);
    return view->now_ns - process->asks_since_ns - *paused_ns;
}

/* The whole of a violation but for the others who wait as well. */
static struct violation tell(const struct wait *wait, const struct view_process *process,
                             uint16_t id, const struct view *view, const struct history *history)
{
    assert(process->asks_event <= process->asked_event);
    int64_t bound_ns = view->facts->lock_within_ns;
    int64_t paused_ns;
    int64_t waited = waited_ns(wait, process, view, &paused_ns);
    const struct view_process *now = &view->processes[id];
    struct violation found = violation_new(&check_starvation, process->asks_since_ns);
    found.until_ns = view->now_ns;
    found.sure_ns = view->now_ns - (waited - bound_ns); /* or before, if it was paused since */
    violation_process(&found, id);
    violation_event(&found, process->asks_event);
    violation_event(&found, process->asked_event);
    violation_say(&found, "%s waited for the lock for %s", text_process(id).text,
                  text_ms(waited).text);
    if (paused_ns > 0) {
        violation_say(&found, " (and was paused for %s meanwhile)", text_ms(paused_ns).text);
    }
    violation_say(&found, " from %s on, longer than the %s allowed, %s",
                  text_seconds(process->asks_since_ns).text, text_ms(bound_ns).text,
                  !now->alive                       ? "and died waiting"
                  : now->asks_since_ns != INT64_MIN ? "and had not got it at the end"
                  : now->claim.in_section           ? "before it got it"
                                                    : "and then did without");
    cause_say_holders(&found, view, history, process->asks_event, id);
    return found;
}

static bool is_starved(const struct wait *wait, const struct view_process *process,
                       const struct view *view)
{
    int64_t paused_ns;
    return waited_ns(wait, process, view, &paused_ns) > view->facts->lock_within_ns;
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    const struct view_process *before = &view->before;
    if (before->asks_since_ns == INT64_MIN) {
        return;
    }
    struct wait *wait = &((struct wait *)state)[event->process];
    if (event->kind == HISTORY_PAUSED || event->kind == HISTORY_RESUMED) {
        note_pause(wait, before, view, event->kind == HISTORY_PAUSED);
    } else if (view->processes[event->process].asks_event != before->asks_event &&
               is_starved(wait, before, view)) {
        struct violation found = tell(wait, before, event->process, view, history);
        violations_add(out, &found);
    }
}

/* The others who starve when the history ends: "; others that waited too long: the master, node 2
 * and 3 more". */
static void name_others(struct violation *found, const struct wait *waits, const struct view *view,
                        uint32_t others)
{
    assert(found->process_count == 1);
    uint16_t longest = found->processes[0];
    uint32_t named = 0;
    for (uint32_t id = 0; id <= view->facts->settings.nodes && named < others; id++) {
        const struct view_process *process = &view->processes[id];
        if (id == longest || process->asks_since_ns == INT64_MIN ||
            !is_starved(&waits[id], process, view)) {
            continue;
        }
        violation_process(found, (uint16_t)id);
        violation_event(found, process->asks_event);
        if (named < OTHERS_NAMED) {
            const char *joint = named == 0            ? "; others that waited too long: "
                                : named + 1 == others ? " and "
                                                      : ", ";
            violation_say(found, "%s%s", joint, text_process((int32_t)id).text);
        }
        named++;
    }
    if (others > OTHERS_NAMED) {
        violation_say(found, " and %u more", others - OTHERS_NAMED);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    assert(end_ns == view->now_ns);
    const struct wait *waits = state;
    int32_t longest = NOBODY;
    uint32_t others = 0;
    for (uint32_t id = 0; id <= view->facts->settings.nodes; id++) {
        const struct view_process *process = &view->processes[id];
        if (process->asks_since_ns == INT64_MIN || !is_starved(&waits[id], process, view)) {
            continue;
        }
        others += longest != NOBODY;
        if (longest == NOBODY || process->asks_since_ns < view->processes[longest].asks_since_ns) {
            longest = (int32_t)id;
        }
    }
    if (longest == NOBODY) {
        return;
    }
    struct violation found =
        tell(&waits[longest], &view->processes[longest], (uint16_t)longest, view, history);
    name_others(&found, waits, view, others);
    violations_add(out, &found);
}

static bool applies(const struct history_facts *facts, const char **why)
{
    bool lock = lock_is_in_store(&facts->settings);
    /* Who leads as long as it holds the lock lets the others wait for it. */
    bool waits = protocol_rows[facts->settings.row[OWNER_PROTOCOL]]->holds_on;
    *why = !lock   ? "there is no lock"
           : waits ? "candidates wait for the lock for as long as another leads"
                   : "no bound on waiting is demanded";
    return lock && !waits && facts->lock_within_ns > 0;
}

/* When the lock was first asked for; INT64_MAX: nobody did. Once, at the end: the view forgets
 * whoever is born again. The first events tell, as a rule. */
static int64_t first_asked_ns(const struct view *view, const struct history *history)
{
    for (uint32_t i = 0; i <= view->index && i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_REQUEST && event->request.moment == MOMENT_ASKS_LOCK) {
            return event->at_ns;
        }
    }
    return INT64_MAX;
}

/* Whether somebody still waits who has waited for longer than a lock lasts, so that the lock may
 * be dead for ever. */
static bool waits_in_vain(const struct wait *waits, const struct view *view)
{
    int64_t ttl_ns = settings_value(&view->facts->settings, OWNER_LOCK, "ttl", 0);
    for (uint32_t id = 0; id <= view->facts->settings.nodes; id++) {
        const struct view_process *process = &view->processes[id];
        int64_t paused_ns;
        if (process->alive && process->asks_since_ns != INT64_MIN && ttl_ns > 0 &&
            waited_ns(&waits[id], process, view, &paused_ns) > ttl_ns) {
            return true;
        }
    }
    return false;
}

static int64_t longer_than_ns(const struct history_facts *facts)
{
    return facts->lock_within_ns;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    int64_t first_ns = first_asked_ns(view, history);
    assert(first_ns == INT64_MAX || first_ns <= end_ns);
    if (first_ns == INT64_MAX) {
        return check_could_not_fire("nobody asked for the lock");
    }
    if (end_ns - first_ns > view->facts->lock_within_ns) {
        return check_held();
    }
    return check_could_not_fire(
        waits_in_vain(state, view)
            ? "somebody waited in vain until the end, for longer than the lock's ttl, but not for "
              "lock_within: the trial was too short"
            : "nobody asked for the lock so early that a wait could last for lock_within");
}

const struct check_row check_starvation = {
    .name = "starvation",
    .promise = "a live process waited for the lock beyond the bound",
    .wants = 1u << HISTORY_REQUEST | 1u << HISTORY_CLAIM | 1u << HISTORY_BORN | 1u << HISTORY_DIED |
             1u << HISTORY_PAUSED | 1u << HISTORY_RESUMED,
    .wants_claims = CHANGED_SECTION,
    .wants_requests = WANTS_END_OF_WAIT,
    .on_lock_traffic = true,
    .state_per_process = sizeof(struct wait),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .longer_than_ns = longer_than_ns,
    .bound = "lock_within",
    .too_short = "the trial lasted no longer than lock_within",
    .verdict = verdict,
};
