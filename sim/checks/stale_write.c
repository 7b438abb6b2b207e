/* stale_write: the protected resource accepted a write of an older grant after one of a newer (see
 * writes.h). This judges what was brought about, not what anybody believes: two leaders at once are
 * none of its business as long as the older one's writes come to nothing.
 *
 * One violation for each grant whose writes were stale, from the answer to the first of them to
 * that of the last. Guilty are the claims by which both grants began, the newer one's first write,
 * and the first ones that were stale.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/cause.h"
#include "sim/checks/writes.h"
#include "sim/text/grown.h"

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

/* The stale writes of one grant. */
struct episode {
    struct stale_write first;
    struct violation violation;
    uint32_t count;
};

/* What is being told. Those whose writes come in turns are several episodes at a time. */
struct telling {
    const struct writes *writes;
    struct violations *out;
    struct episode *list; /* owned */
    size_t count, room;
};

static void explain(const struct telling *telling, struct episode *episode,
                    const struct history *history)
{
    struct violation *violation = &episode->violation;
    const struct grant *older = &telling->writes->grants[episode->first.write.grant];
    const struct grant *newer = &telling->writes->grants[episode->first.newer];
    assert(older->begun_event < history->count && episode->count > 0);
    violation_say(
        violation, "the resource accepted %u %s of %s, whose grant began at %s, after one of",
        episode->count, episode->count == 1 ? "write" : "writes", text_process(older->process).text,
        text_seconds(history->events[older->begun_event].at_ns).text);
    violation_say(violation, " %s, whose grant began at %s", text_process(newer->process).text,
                  text_seconds(history->events[newer->begun_event].at_ns).text);
    size_t said = strlen(violation->explanation);
    cause_say_faults(violation, history, older->begun_event, episode->first.write.asked,
                     older->process);
    if (violation->explanation[said] == '\0') {
        violation_say(violation, "; no fault did that: its grant had ended, and it went on");
    }
}

static struct episode begin_episode(const struct writes *writes, const struct stale_write *stale)
{
    const struct grant *older = &writes->grants[stale->write.grant];
    const struct grant *newer = &writes->grants[stale->newer];
    const struct written *barrier = &stale->barrier;
    struct episode episode = {.first = *stale};
    assert(stale->write.grant != stale->newer);
    episode.violation = violation_new(&check_stale_write, stale->write.at_ns);
    violation_process(&episode.violation, older->process);
    violation_process(&episode.violation, newer->process);
    violation_event(&episode.violation, older->begun_event);
    violation_event(&episode.violation, newer->begun_event);
    violation_event(&episode.violation,
                    barrier->answered == EVENT_NONE ? barrier->asked : barrier->answered);
    return episode;
}

/* The episode of a write's grant; NULL: memory is out. */
static struct episode *episode_of(struct telling *telling, const struct stale_write *stale)
{
    for (size_t i = telling->count; i-- > 0;) {
        if (telling->list[i].first.write.grant == stale->write.grant) {
            return &telling->list[i];
        }
    }
    struct episode *list = grown(telling->list, telling->count, &telling->room, sizeof *list);
    if (!list) {
        telling->out->lost = true;
        return NULL;
    }
    telling->list = list;
    list[telling->count] = begin_episode(telling->writes, stale);
    return &list[telling->count++];
}

static void tell(void *self, const struct stale_write *stale)
{
    struct episode *episode = episode_of(self, stale);
    if (episode) {
        episode->count++;
        episode->violation.until_ns = stale->write.at_ns;
        violation_event(&episode->violation, stale->write.asked);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    struct writes *writes = state;
    struct telling telling = {.writes = writes, .out = out};
    assert(end_ns >= view->now_ns);
    writes_judge(writes, view, tell, &telling);
    for (size_t i = 0; i < telling.count; i++) {
        explain(&telling, &telling.list[i], history);
        violations_add(out, &telling.list[i].violation);
    }
    free(telling.list);
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
