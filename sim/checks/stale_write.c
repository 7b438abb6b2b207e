/* stale_write: the protected resource accepted a write of an older grant after one of a newer (see
 * writes.h). This judges what was brought about, not what anybody believes: two leaders at once are
 * none of its business as long as the older one's writes come to nothing.
 *
 * One violation for each grant whose writes were stale, from the answer to the first of them to
 * that of the last. Guilty are the claims by which both grants began, the newer one's first write,
 * and the first ones that were stale.
 */
#include <assert.h>
#include <string.h>

#include "sim/checks/cause.h"
#include "sim/checks/writes.h"

static void begin(void *state, const struct history *history)
{
    writes_begin(state, history);
}

static void forget(void *state)
{
    writes_forget(state);
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct writes *writes = state;
    writes_event(writes, view, history, event);
    out->lost = out->lost || writes->lost;
}

/* What is being told. */
struct telling {
    const struct writes *writes;
    const struct history *history;
    struct violations *out;
    struct violation draft;
    struct stale_write first; /* of this grant */
    uint32_t count;           /* of its stale writes; 0: nothing is being told */
};

static void finish(struct telling *telling)
{
    if (telling->count == 0) {
        return;
    }
    struct violation *draft = &telling->draft;
    const struct grant *older = &telling->writes->grants[telling->first.write.grant];
    const struct grant *newer = &telling->writes->grants[telling->first.newer];
    const struct history_event *events = telling->history->events;
    assert(older->begun_event < telling->history->count);
    violation_say(draft, "the resource accepted %u %s of %s, whose grant began at %s, after one of",
                  telling->count, telling->count == 1 ? "write" : "writes",
                  text_process(older->process).text,
                  text_seconds(events[older->begun_event].at_ns).text);
    violation_say(draft, " %s, whose grant began at %s", text_process(newer->process).text,
                  text_seconds(events[newer->begun_event].at_ns).text);
    size_t said = strlen(draft->explanation);
    cause_say_faults(draft, telling->history, older->begun_event, telling->first.write.asked,
                     older->process);
    if (draft->explanation[said] == '\0') {
        violation_say(draft, "; no fault did that: its grant had ended, and it went on");
    }
    violations_add(telling->out, draft);
    telling->count = 0;
}

static void tell(void *self, const struct stale_write *stale)
{
    struct telling *telling = self;
    if (telling->count > 0 && stale->write.grant != telling->first.write.grant) {
        finish(telling);
    }
    if (telling->count == 0) {
        const struct grant *older = &telling->writes->grants[stale->write.grant];
        const struct grant *newer = &telling->writes->grants[stale->newer];
        telling->first = *stale;
        telling->draft = violation_new(&check_stale_write, stale->write.at_ns);
        violation_process(&telling->draft, older->process);
        violation_process(&telling->draft, newer->process);
        violation_event(&telling->draft, older->begun_event);
        violation_event(&telling->draft, newer->begun_event);
        violation_event(&telling->draft, stale->barrier.answered == EVENT_NONE
                                             ? stale->barrier.asked
                                             : stale->barrier.answered);
    }
    telling->count++;
    telling->draft.until_ns = stale->write.at_ns;
    violation_event(&telling->draft, stale->write.asked);
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    struct writes *writes = state;
    struct telling telling = {.writes = writes, .history = history, .out = out};
    assert(end_ns >= view->now_ns);
    writes_judge(writes, view, tell, &telling);
    finish(&telling);
    out->work = writes->counts;
}

static bool applies(const struct history_facts *facts, const char **why)
{
    *why = "members do no work";
    return facts->settings.work_every_ns > 0;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct writes *writes = state;
    (void)end_ns;
    if (writes->unclear) {
        return check_is_undecided(
            "of two grants that overlap, or of a write without an answer, it cannot be known");
    }
    if (!writes_met(writes)) {
        return check_could_not_fire("nobody wrote to the resource after another had");
    }
    int64_t since_ns =
        writes->grant_count > 0 ? history->events[writes->grants[0].begun_event].at_ns : INT64_MIN;
    return check_held_unless_alone(view, MOMENT_WRITES, since_ns);
}

const struct check_row check_stale_write = {
    .name = "stale_write",
    .promise = "the protected resource accepted a write of an older leader or lock holder",
    .wants = 1u << HISTORY_CLAIM | 1u << HISTORY_DIED | 1u << HISTORY_BORN | 1u << HISTORY_REQUEST |
             1u << HISTORY_REPLY | 1u << HISTORY_FAULT | 1u << HISTORY_HEALED,
    .wants_requests = 1u << MOMENT_ASKS_LOCK | 1u << MOMENT_WRITES,
    .wants_replies = OP_TAKES_LOCK | OP_ON_RESOURCE,
    .wants_claims = CHANGED_LEADS | CHANGED_SECTION,
    .state_size = sizeof(struct writes),
    .state_per_process = sizeof(struct writer),
    .begin = begin,
    .forget = forget,
    .event = event,
    .end = end,
    .applies = applies,
    .verdict = verdict,
};
