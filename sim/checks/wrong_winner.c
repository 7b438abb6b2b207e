/* wrong_winner: a decision or a published result is not what the protocol's rules give for the
 * ballot that the process had read last, with the leader that it had recalled before that as the
 * incumbent. The rules are asked of the elections themselves; there are none in here.
 *
 * At most one violation a read: what was decided wrongly and then published is one wrong. The
 * interval is a moment, that of the decision or the publishing. Guilty are the ballot's arrival and
 * the decision.
 */
#include <assert.h>
#include <stdlib.h>

#include "sim/checks/view.h"
#include "sim/checks/violation.h"
#include "src/protocol.h"

/* Larger ballots are put on the heap. */
#define FEW_VOTES 64

struct state {
    bool decided;        /* anybody */
    uint32_t reported[]; /* of a process: EVENT_NONE, or the ballot that it was wrong about */
};

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    own->decided = false;
    for (uint32_t i = 0; i <= history->facts.settings.nodes; i++) {
        own->reported[i] = EVENT_NONE;
    }
}

/* What the rules give for a ballot. False when memory is out. */
static bool rules(const struct view *view, const struct history *history, uint32_t read_reply,
                  int32_t incumbent, struct decision *right)
{
    assert(read_reply < history->count);
    struct vote few[FEW_VOTES];
    size_t count = history_ballot(history, read_reply, few, FEW_VOTES);
    struct vote *votes = count <= FEW_VOTES ? few : malloc(count * sizeof *votes);
    if (!votes) {
        return false;
    }
    if (votes != few) {
        history_ballot(history, read_reply, votes, count);
    }
    struct ballot ballot = {.votes = votes, .count = (uint32_t)count};
    const struct settings *settings = &view->facts->settings;
    *right = protocol_rows[settings->row[OWNER_PROTOCOL]]->rules(settings, ballot, incumbent);
    if (votes != few) {
        free(votes);
    }
    return true;
}

static void say_decision(struct violation *found, const struct view *view, struct decision decision)
{
    violation_say(found, "%s", text_process(decision.leader).text);
    if (decision.leader != NOBODY) {
        const char *reason = protocol_reason(&view->facts->settings, decision.reason);
        violation_say(found, " by %s", reason ? reason : "no rule");
    }
}

static void report(const struct view *view, const struct history *history, uint16_t process,
                   struct decision decision, const struct decision *right, struct violations *out)
{
    assert(process <= view->facts->settings.nodes);
    uint32_t read_reply = view->processes[process].read_reply_event;
    bool published = history->events[view->index].kind == HISTORY_REQUEST;
    struct violation found = violation_new(&check_wrong_winner, view->now_ns);
    violation_process(&found, process);
    violation_event(&found, read_reply);
    violation_event(&found, view->index);
    violation_say(&found, "%s %s ", text_process(process).text,
                  published ? "published" : "decided for");
    say_decision(&found, view, decision);
    violation_say(&found, " at %s, but ", text_seconds(view->now_ns).text);
    if (right) {
        violation_say(&found, "the statuses that it had read at %s elect ",
                      text_seconds(history->events[read_reply].at_ns).text);
        say_decision(&found, view, *right);
    } else {
        violation_say(&found, "it had not read the statuses that it decided from");
    }
    violations_add(out, &found);
}

/* Whether the last ballot that a process got is the one that it says it decided from. */
static bool is_read(const struct view_process *process, const struct history *history,
                    const struct history_event *event)
{
    assert(process->read_reply_event == EVENT_NONE || process->read_reply_event < history->count);
    if (process->read_reply_event == EVENT_NONE) {
        return false;
    }
    return event->kind == HISTORY_REQUEST ||
           history->events[process->read_reply_event].reply.number == event->decided.number;
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct state *own = state;
    uint32_t *reported = &own->reported[event->process];
    const struct view_process *process = &view->processes[event->process];
    struct decision decision = history_decision(history, view->index);

    own->decided = true;
    if (!is_read(process, history, event)) {
        report(view, history, event->process, decision, NULL, out);
        return;
    }
    if (*reported == process->read_reply_event) {
        return;
    }
    struct decision right;
    if (!rules(view, history, process->read_reply_event, process->recalled_at_read, &right)) {
        out->lost = true;
        return;
    }
    if (decision.leader != right.leader || decision.reason != right.reason) {
        report(view, history, event->process, decision, &right, out);
        *reported = process->read_reply_event;
    }
}

static bool applies(const struct history_facts *facts, const char **why)
{
    *why = protocol_has_leaders(&facts->settings) ? "the protocol has no rules for who is to lead"
                                                  : "the protocol elects no leader";
    return protocol_rows[facts->settings.row[OWNER_PROTOCOL]]->rules != NULL;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)view;
    (void)history;
    (void)end_ns;
    return own->decided ? check_held() : check_could_not_fire("nobody decided anything");
}

const struct check_row check_wrong_winner = {
    .name = "wrong_winner",
    .promise = "a published result is not what the rules give for the ballot read",
    .wants = 1u << HISTORY_DECIDED | 1u << HISTORY_REQUEST,
    .wants_requests = 1u << MOMENT_PUBLISHES,
    .state_size = sizeof(struct state),
    .state_per_process = sizeof(uint32_t),
    .begin = begin,
    .event = event,
    .applies = applies,
    .verdict = verdict,
};
