/* Which of the writes that the resource accepted were stale, and which late. See writes.h. */
#include <assert.h>

#include "sim/checks/writes.h"

/* On the way through what was accepted, in order. */
struct passage {
    struct writes *writes;
    const struct history *history;
    void (*tell)(void *self, const struct stale_write *stale);
    void *self;
    uint32_t newest;        /* grant of which one was accepted so far, or NO_GRANT */
    struct written barrier; /* its first */
};

static void note_stale(struct passage *passage, const struct written *write)
{
    const struct stale_write stale = {
        .write = *write, .newer = passage->newest, .barrier = passage->barrier};
    assert(passage->newest != NO_GRANT && write->grant != passage->newest);
    passage->writes->counts.stale++;
    passage->tell(passage->self, &stale);
}

static bool is_late(const struct writes *writes, const struct written *write)
{
    assert(write->grant != NO_GRANT);
    return write->newest != NO_GRANT &&
           writes_compare(writes, write->grant, write->newest) == ORDER_OLDER;
}

static void judge(struct passage *passage, const struct written *write)
{
    struct writes *writes = passage->writes;
    enum grant_order order = passage->newest == NO_GRANT
                                 ? ORDER_NEWER
                                 : writes_compare(writes, write->grant, passage->newest);
    if (order == ORDER_OLDER) {
        note_stale(passage, write);
        return;
    }
    if (order == ORDER_NEWER) {
        passage->newest = write->grant;
        passage->barrier = *write;
    }
    writes->unclear = writes->unclear || order == ORDER_UNKNOWN;
    writes->counts.late += is_late(writes, write);
}

/* Of this place nobody was told: it is one of those whose answer never came and that were sent
 * before the next that was. If all of these are of older grants, it was stale. */
static void judge_gap(struct passage *passage, size_t place)
{
    struct writes *writes = passage->writes;
    size_t next = place, possible = 0, older = 0, last = 0;
    while (writes->accepted[next].grant == NO_GRANT) { /* the last place is no gap */
        next++;
        assert(next < writes->accepted_count);
    }
    for (size_t i = 0; i < writes->unanswered_count; i++) {
        const struct written *one = &writes->unanswered[i];
        if (one->asked < writes->accepted[next].answered) {
            possible++;
            last = i;
            older += passage->newest != NO_GRANT &&
                     writes_compare(writes, one->grant, passage->newest) == ORDER_OLDER;
        }
    }
    if (possible == 0 || (older > 0 && older < possible)) {
        writes->unclear = true;
    } else if (older > 0) {
        note_stale(passage, &writes->unanswered[last]);
    }
    if (possible == 1) {
        writes->unanswered[last] = writes->unanswered[--writes->unanswered_count];
    }
}

/* Whether one without an answer may have been accepted last of all: its member has given it up, or
 * died, and nothing that was sent later shows that it was not. */
static bool may_be_last(const struct passage *passage, const struct written *write,
                        const struct view *view)
{
    const struct writes *writes = passage->writes;
    const struct grant *grant = &writes->grants[write->grant];
    bool under_way = write->answered == EVENT_NONE && view->processes[grant->process].alive;
    if (under_way || passage->newest == NO_GRANT) {
        return false;
    }
    assert(writes->accepted_count > 0);
    const struct written *last = &writes->accepted[writes->accepted_count - 1];
    return write->asked > last->asked &&
           writes_compare(writes, write->grant, passage->newest) == ORDER_OLDER;
}

void writes_judge(struct writes *writes, const struct view *view, const struct history *history,
                  void (*tell)(void *self, const struct stale_write *stale), void *self)
{
    struct passage passage = {
        .writes = writes, .history = history, .tell = tell, .self = self, .newest = NO_GRANT};
    writes->counts =
        (struct work_count){.accepted = writes->accepted_count, .rejected = writes->rejected};
    for (size_t place = 0; place < writes->accepted_count; place++) {
        if (writes->accepted[place].grant == NO_GRANT) {
            judge_gap(&passage, place);
        } else {
            judge(&passage, &writes->accepted[place]);
        }
    }
    for (size_t i = 0; i < writes->unanswered_count; i++) {
        writes->unclear = writes->unclear || may_be_last(&passage, &writes->unanswered[i], view);
    }
    assert(writes->counts.stale + writes->counts.late <= writes->counts.accepted);
}

bool writes_met(const struct writes *writes)
{
    uint32_t first = NO_GRANT;
    for (size_t place = 0; place < writes->accepted_count; place++) {
        uint32_t grant = writes->accepted[place].grant;
        first = first == NO_GRANT ? grant : first;
        if (grant != NO_GRANT && grant != first) {
            return true;
        }
    }
    return writes->rejected > 0;
}
