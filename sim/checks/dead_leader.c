/* dead_leader: a process that was not running was elected, by a decision from statuses that were
 * asked for when it had died already (or before it was ever born). Whoever asked before it died
 * could not know. An id that is no process of the cluster is not running either.
 *
 * One violation an episode: from the decision until the dead one is born again, another is decided
 * for, or the history ends. Guilty are the death, the asking for the statuses, and the decision. If
 * the one that was born again leads by what its earlier life was elected for, the sentence says so:
 * it is told when that is known.
 */
#include "sim/checks/view.h"

#include <assert.h>

#include "sim/checks/violation.h"
#include "src/protocol.h"

struct episode {
    int32_t dead;  /* who was elected; NOBODY: no episode */
    bool reborn;   /* the draft is whole; it may lead again */
    uint64_t term; /* the last one of its earlier life; 0: it had none */
    bool decided;  /* anybody, for anybody */
    struct violation draft;
};

static void begin(void *state, const struct history *history)
{
    struct episode *episode = state;
    (void)history;
    episode->dead = NOBODY;
    episode->decided = false;
}

static void say_until(struct violation *draft, int64_t at_ns, const char *how)
{
    assert(at_ns >= draft->at_ns);
    draft->until_ns = at_ns;
    violation_say(draft, ", and it stayed elected for %s, until %s",
                  text_ms(at_ns - draft->at_ns).text, how);
}

static void finish(struct episode *episode, int64_t at_ns, const char *how, struct violations *out)
{
    if (episode->dead == NOBODY) {
        return;
    }
    if (!episode->reborn) {
        say_until(&episode->draft, at_ns, how);
    }
    violations_add(out, &episode->draft);
    episode->dead = NOBODY;
}

/* What was elected while it was dead acts as leader. */
static void leads(struct episode *episode, const struct view *view, struct violations *out)
{
    assert(episode->reborn && episode->dead >= 0 && episode->dead <= view->facts->settings.nodes);
    const struct claim *claim = &view->processes[episode->dead].claim;
    if (claim->leads && episode->term != 0 && claim->term <= episode->term) {
        violation_event(&episode->draft, view->index);
        violation_say(&episode->draft,
                      "; since %s it has led again, in term %llu, as before it died",
                      text_seconds(view->now_ns).text, (unsigned long long)claim->term);
    }
    if (claim->leads) {
        finish(episode, view->now_ns, "", out);
    }
}

/* Whether it was dead when the statuses were asked for. */
static bool was_dead(const struct view *view, int32_t id, uint32_t read_event)
{
    if (id < 0 || id > view->facts->settings.nodes) {
        return true;
    }
    const struct view_process *process = &view->processes[id];
    return !process->alive && (process->life_event == EVENT_NONE ||
                               (read_event != EVENT_NONE && process->life_event < read_event));
}

static bool is_dead(const struct view *view, int32_t id)
{
    return id < 0 || id > view->facts->settings.nodes || !view->processes[id].alive;
}

static void start(struct episode *episode, const struct view *view, const struct history *history,
                  uint16_t by, struct decision decision)
{
    assert(decision.leader != NOBODY && episode->dead == NOBODY);
    struct violation *draft = &episode->draft;
    uint32_t read_event = view->processes[by].read_event;
    bool member = decision.leader >= 0 && decision.leader <= view->facts->settings.nodes;
    bool died = member && view->processes[decision.leader].life_event != EVENT_NONE;

    *draft = violation_new(&check_dead_leader, view->now_ns);
    episode->dead = decision.leader;
    episode->reborn = false;
    episode->term = died && view->processes[decision.leader].claim.leads
                        ? view->processes[decision.leader].claim.term
                        : 0;
    if (member) {
        violation_process(draft, (uint16_t)decision.leader);
    }
    violation_process(draft, by);
    if (died) {
        violation_event(draft, view->processes[decision.leader].life_event);
    }
    violation_event(draft, read_event);
    violation_event(draft, view->index);

    const char *reason = protocol_reason(&view->facts->settings, decision.reason);
    violation_say(draft, "%s was elected at %s%s%s although it ",
                  text_process(decision.leader).text, text_seconds(view->now_ns).text,
                  reason ? " by " : "", reason ? reason : "");
    if (died) {
        violation_say(draft, "had died at %s",
                      text_seconds(view->processes[decision.leader].since_ns).text);
    } else {
        violation_say(draft, "was not running");
    }
    if (read_event != EVENT_NONE) {
        violation_say(draft, ": %s decided so from statuses read at %s", text_process(by).text,
                      text_seconds(history->events[read_event].at_ns).text);
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct episode *episode = state;
    if (event->kind == HISTORY_BORN) {
        if (event->process == episode->dead && !episode->reborn) {
            say_until(&episode->draft, view->now_ns, "it was started again");
            episode->reborn = true;
        }
        return;
    }
    if (event->kind == HISTORY_CLAIM) {
        if (episode->reborn && event->process == episode->dead) {
            leads(episode, view, out);
        }
        return;
    }
    struct decision decision = history_decision(history, view->index);
    episode->decided = episode->decided || decision.leader != NOBODY;
    bool again =
        decision.leader == episode->dead && !(episode->reborn && is_dead(view, decision.leader));
    if (decision.leader == NOBODY || again) {
        return;
    }
    finish(episode, view->now_ns, "another was elected", out);
    if (was_dead(view, decision.leader, view->processes[event->process].read_event)) {
        start(episode, view, history, event->process, decision);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    (void)history;
    assert(end_ns == view->now_ns);
    finish(state, end_ns, "the end", out);
}

static bool applies(const struct history_facts *facts, const char **why)
{
    bool leaders = protocol_has_leaders(&facts->settings);
    *why = leaders ? "whoever leads has elected itself, so it was running"
                   : "the protocol elects no leader";
    return leaders && !protocol_leads_by_claim(&facts->settings);
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct episode *own = state;
    (void)view;
    (void)history;
    (void)end_ns;
    return own->decided ? check_held() : check_could_not_fire("nobody was elected");
}

const struct check_row check_dead_leader = {
    .name = "dead_leader",
    .promise = "a process that was not running was elected",
    .wants =
        1u << HISTORY_DECIDED | 1u << HISTORY_REQUEST | 1u << HISTORY_BORN | 1u << HISTORY_CLAIM,
    .wants_requests = 1u << MOMENT_PUBLISHES,
    .wants_claims = CHANGED_LEADS,
    .on_belief = true,
    .state_size = sizeof(struct episode),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .verdict = verdict,
};
