/* no_leader: the cluster did not settle on a leader. It is settled while everybody who is up
 * (alive, started, not paused; a master too) follows one and the same, who is up and claims to
 * lead.
 *
 * A run that heals its faults must have been settled at some moment of the settling time that
 * begins with the healing; the violation lasts from the healing until it is settled after all, or
 * the end. A run without healing must not end unsettled for longer than that time; the violation is
 * that stretch. Not judged if no settling time was promised, or if the run was ended before it was
 * over. Guilty are the healing, and the claims by which one process of each group of followers
 * began to follow.
 */
#include <assert.h>
#include <string.h>

#include "sim/checks/cause.h"
#include "sim/checks/follower_groups.h"
#include "src/protocol.h"

enum healing { HEALING_AWAITED, HEALING_ON, HEALING_JUDGED };

struct state {
    int64_t unsettled_since_ns; /* INT64_MIN: from the beginning; INT64_MAX: it is settled */
    int64_t settled_until_ns;   /* settled: the leader leads until then at most */
    int64_t healed_ns;
    uint32_t healed_event;
    enum healing healing;
};

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    (void)history;
    own->unsettled_since_ns = INT64_MIN;
    own->settled_until_ns = INT64_MIN;
    own->healed_event = EVENT_NONE;
    own->healing = HEALING_AWAITED;
}

/* What is wrong with the one leader of all who follow somebody. */
static void say_leader(struct violation *found, const struct view *view)
{
    if (view->standing.groups != 1 || view->standing.group_sum > view->facts->settings.nodes) {
        return;
    }
    const struct view_process *leader = &view->processes[view->standing.group_sum];
    struct short_text who = text_process((int32_t)view->standing.group_sum);
    if (leader->life_event == EVENT_NONE) {
        violation_say(found, ", but %s was not running", who.text);
    } else if (!leader->alive) {
        violation_say(found, ", but %s had died at %s", who.text,
                      text_seconds(leader->since_ns).text);
    } else if (leader->paused) {
        violation_say(found, ", but %s was paused", who.text);
    } else if (!leader->claim.leads || leader->claim.until_ns <= view->now_ns) {
        violation_say(found, ", but %s did not act as leader", who.text);
    }
}

/* The first one whom the healing was to bring back and has not; not the leader, of whom
 * say_leader() tells. */
static void say_missing(struct violation *found, const struct view *view)
{
    for (uint32_t id = 0; view->healed && id <= view->facts->settings.nodes; id++) {
        const struct view_process *process = &view->processes[id];
        bool leader = view->standing.groups == 1 && view->standing.group_sum == id;
        if (process->to_be_back && !leader) {
            violation_process(found, (uint16_t)id);
            violation_event(found, process->life_event);
            violation_say(found, ", and %s had not been started again",
                          text_process((int32_t)id).text);
            return;
        }
    }
}

/* Why it is not settled: those who decide cannot, or else who follows whom. Guilty are the claims
 * by which they follow in either case. */
static void say_why(struct violation *found, const struct view *view, const struct history *history)
{
    struct violation cause = *found;
    cause.explanation[0] = '\0';
    bool known = cause_say_undecided(&cause, view, history);
    struct violation groups = *found;
    violation_say(&groups, ": ");
    groups_name(&groups, view, NOBODY, true);
    say_leader(&groups, view);
    if (known && view->standing.groups == 0) { /* that nobody follows anybody says nothing more */
        memcpy(groups.explanation, found->explanation, sizeof groups.explanation);
    }
    *found = groups;
    if (known) {
        violation_say(found, "%s%s", view->standing.groups == 0 ? ": " : "; ", cause.explanation);
    }
    say_missing(found, view);
}

static void report(const struct state *own, const struct view *view, const struct history *history,
                   int64_t since_ns, int32_t leader, struct violations *out)
{
    assert(since_ns <= view->now_ns);
    struct violation found = violation_new(&check_no_leader, since_ns);
    found.until_ns = view->now_ns;
    found.sure_ns = since_ns + view->facts->settles_within_ns;
    violation_event(&found, own->healed_event);
    violation_say(&found, "there was no leader whom all followed for %s %s (%s allowed)",
                  text_ms(view->now_ns - since_ns).text,
                  own->healed_event != EVENT_NONE ? "after everything was healed" : "at the end",
                  text_ms(view->facts->settles_within_ns).text);
    if (leader != NOBODY) {
        violation_process(&found, (uint16_t)leader);
        violation_event(&found, view->index);
        violation_say(&found, "; then all followed %s", text_process(leader).text);
    } else if (view->standing.up == 0) {
        violation_say(&found, ": no process was running");
    } else {
        say_why(&found, view, history);
    }
    violations_add(out, &found);
}

static void settle(struct state *own, const struct view *view, const struct history *history,
                   int32_t leader, struct violations *out)
{
    assert(leader >= 0 && leader <= view->facts->settings.nodes);
    own->unsettled_since_ns = INT64_MAX;
    own->settled_until_ns = view->processes[leader].claim.until_ns;
    if (own->healing == HEALING_ON) {
        own->healing = HEALING_JUDGED;
        if (view->now_ns - own->healed_ns > view->facts->settles_within_ns) {
            report(own, view, history, own->healed_ns, leader, out);
        }
    }
}

static void unsettle(struct state *own, int64_t now_ns)
{
    if (own->unsettled_since_ns == INT64_MAX) {
        own->unsettled_since_ns = own->settled_until_ns < now_ns ? own->settled_until_ns : now_ns;
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct state *own = state;
    if (event->kind == HISTORY_PHASE && event->phase == PHASE_LIVENESS && view->facts->heals) {
        own->healing = HEALING_ON;
        own->healed_ns = view->now_ns;
        own->healed_event = view->index;
    } else if (event->kind == HISTORY_STARTED && own->unsettled_since_ns == INT64_MIN) {
        own->unsettled_since_ns = view->now_ns;
    }
    int32_t leader = view_settled_on(view);
    if (leader != NOBODY) {
        settle(own, view, history, leader, out);
    } else {
        unsettle(own, view->now_ns);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    assert(end_ns == view->now_ns);
    struct state *own = state;
    int64_t bound_ns = view->facts->settles_within_ns;
    if (own->healing == HEALING_ON && end_ns - own->healed_ns >= bound_ns) {
        report(own, view, history, own->healed_ns, NOBODY, out);
    }
    if (view_settled_on(view) == NOBODY) {
        unsettle(own, end_ns);
    }
    int64_t since_ns = own->unsettled_since_ns == INT64_MIN ? 0 : own->unsettled_since_ns;
    if (!view->facts->heals && since_ns != INT64_MAX && end_ns - since_ns > bound_ns) {
        report(own, view, history, since_ns, NOBODY, out);
    }
}

static bool applies(const struct history_facts *facts, const char **why)
{
    bool leads = protocol_has_leaders(&facts->settings);
    *why = leads ? "no settling time is demanded" : "the protocol elects no leader";
    return leads && facts->settles_within_ns > 0;
}

/* The healing gives it all the time it needs. */
static int64_t longer_than_ns(const struct history_facts *facts)
{
    return facts->heals ? 0 : facts->settles_within_ns;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)history;
    (void)end_ns;
    if (view->facts->heals) {
        switch (own->healing) {
        case HEALING_AWAITED:
            return check_is_undecided("the trial ended before its faults were healed");
        case HEALING_ON:
            return check_is_undecided("the trial ended before settles_within had passed since the "
                                      "healing");
        case HEALING_JUDGED:
            return check_held();
        }
    }
    return check_held();
}

const struct check_row check_no_leader = {
    .name = "no_leader",
    .promise = "for longer than the bound after the healing, or at the end, there was no one "
               "leader whom all follow",
    .wants = 1u << HISTORY_CLAIM | 1u << HISTORY_BORN | 1u << HISTORY_STARTED | 1u << HISTORY_DIED |
             1u << HISTORY_PAUSED | 1u << HISTORY_RESUMED | 1u << HISTORY_PHASE,
    .wants_claims = CHANGED_FOLLOWS | CHANGED_LEADS,
    .on_belief = true,
    .state_size = sizeof(struct state),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .longer_than_ns = longer_than_ns,
    .bound = "settles_within",
    .too_short =
        "the trial lasted no longer than settles_within, and nothing was healed at its end",
    .verdict = verdict,
};
