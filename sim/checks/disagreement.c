/* disagreement: processes that are up (alive, started, not paused) and follow somebody follow
 * different leaders, without interruption for longer than the settling time. Not judged if none was
 * promised.
 *
 * The interval is the whole disagreement, from its first moment. Named are one follower of each
 * leader as they stood when it ended; guilty are the claims by which they began to follow.
 */
#include "sim/checks/follower_groups.h"
#include "src/protocol.h"

#include <assert.h>

struct state {
    bool open;
    bool two_followed; /* at once, whomever */
    int64_t since_ns;
};

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    (void)history;
    own->open = false;
    own->two_followed = false;
}

/* `changed` is the process whose event ends it, or NOBODY. */
static void finish(struct state *own, const struct view *view, int32_t changed,
                   struct violations *out)
{
    assert(own->open && own->since_ns <= view->now_ns);
    int64_t lasted_ns = view->now_ns - own->since_ns;
    int64_t bound_ns = view->facts->settles_within_ns;
    own->open = false;
    if (lasted_ns <= bound_ns) {
        return;
    }
    struct violation found = violation_new(&check_disagreement, own->since_ns);
    found.until_ns = view->now_ns;
    found.sure_ns = own->since_ns + bound_ns;
    groups_name(&found, view, changed, false);
    violation_say(&found, " at the end of a disagreement of %s; it should have settled within %s",
                  text_ms(lasted_ns).text, text_ms(bound_ns).text);
    violations_add(out, &found);
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct state *own = state;
    bool differ = view->standing.groups >= 2;
    (void)history;
    assert(view->standing.groups <= view->standing.following);
    own->two_followed = own->two_followed || view->standing.following >= 2;
    if (differ == own->open) {
        return;
    }
    if (differ) {
        own->open = true;
        own->since_ns = view->now_ns;
    } else {
        finish(own, view, event->process, out);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    assert(end_ns == view->now_ns);
    struct state *own = state;
    (void)history;
    if (own->open) {
        finish(own, view, NOBODY, out);
    }
}

static bool applies(const struct history_facts *facts, const char **why)
{
    bool leads = protocol_has_leaders(&facts->settings);
    *why = leads ? "no settling time is demanded" : "the protocol elects no leader";
    return leads && facts->settles_within_ns > 0;
}

static int64_t longer_than_ns(const struct history_facts *facts)
{
    return facts->settles_within_ns;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)view;
    (void)history;
    (void)end_ns;
    return own->two_followed
               ? check_held()
               : check_could_not_fire("never did two processes follow a leader at once");
}

const struct check_row check_disagreement = {
    .name = "disagreement",
    .promise = "after the settling time, live processes follow different leaders",
    .wants = 1u << HISTORY_CLAIM | 1u << HISTORY_BORN | 1u << HISTORY_STARTED | 1u << HISTORY_DIED |
             1u << HISTORY_PAUSED | 1u << HISTORY_RESUMED,
    .wants_claims = CHANGED_FOLLOWS,
    .on_belief = true,
    .state_size = sizeof(struct state),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .longer_than_ns = longer_than_ns,
    .bound = "settles_within",
    .too_short = "the trial lasted no longer than settles_within",
    .verdict = verdict,
};
