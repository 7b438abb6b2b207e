/* Which of the writes that the resource accepted were stale, and which late. See writes.h. */
#include <assert.h>

#include "sim/checks/writes.h"

/* On the way through what was accepted, in order. */
struct passage {
    struct writes *writes;
    void (*tell)(void *self, const struct stale_write *stale);
    void *self;
    uint32_t newest;        /* grant of which one was surely accepted so far, or NO_GRANT */
    struct written barrier; /* its first */
    uint32_t perhaps;       /* a newer one of which one may have been, in a gap; or NO_GRANT */
};

static enum grant_order to_newest(const struct passage *passage, const struct written *write)
{
    return passage->newest == NO_GRANT
               ? ORDER_NEWER
               : writes_compare(passage->writes, write->grant, passage->newest);
}

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

/* Whether a newer grant than that of this write may have been before it, in a gap. */
static bool comes_after_perhaps(struct passage *passage, const struct written *write)
{
    if (passage->perhaps == NO_GRANT) {
        return false;
    }
    enum grant_order order = writes_compare(passage->writes, write->grant, passage->perhaps);
    if (order == ORDER_SAME || order == ORDER_NEWER) {
        passage->perhaps = NO_GRANT; /* it does not matter any more */
        return false;
    }
    return true;
}

static void judge(struct passage *passage, const struct written *write)
{
    struct writes *writes = passage->writes;
    struct grant *grant = &writes->grants[write->grant];
    enum grant_order order = to_newest(passage, write);
    grant->wrote_event = write->asked < grant->wrote_event ? write->asked : grant->wrote_event;
    if (order == ORDER_OLDER) {
        note_stale(passage, write);
        return;
    }
    if (order == ORDER_NEWER) {
        passage->newest = write->grant;
        passage->barrier = *write;
    }
    writes->unclear =
        comes_after_perhaps(passage, write) || order == ORDER_UNKNOWN || writes->unclear;
    writes->counts.late += is_late(writes, write);
}

/* Those whose answer never came, and that may be what was accepted at a place of which nobody was
 * told. */
struct candidates {
    size_t count, last;  /* how many; the last of them, in writes->unanswered */
    size_t older, newer; /* how many are older than the newest grant; newer */
    uint32_t newest;     /* of the newer */
    bool one_grant;      /* all are of one */
    bool unclear;        /* of some the order cannot be known */
};

static void add_candidate(const struct passage *passage, struct candidates *all, size_t i)
{
    const struct writes *writes = passage->writes;
    const struct written *one = &writes->unanswered[i];
    enum grant_order order = to_newest(passage, one);
    all->one_grant =
        all->count == 0 || (all->one_grant && writes->unanswered[all->last].grant == one->grant);
    all->count++;
    all->last = i;
    all->older += order == ORDER_OLDER;
    all->unclear = all->unclear || order == ORDER_UNKNOWN;
    if (order != ORDER_NEWER) {
        return;
    }
    enum grant_order among =
        all->newer++ == 0 ? ORDER_NEWER : writes_compare(writes, one->grant, all->newest);
    all->newest = among == ORDER_NEWER ? one->grant : all->newest;
    all->unclear = all->unclear || among == ORDER_UNKNOWN;
}

/* Those that were sent before the next accepted one was answered. */
static struct candidates candidates_for(const struct passage *passage, size_t place)
{
    const struct writes *writes = passage->writes;
    struct candidates all = {.newest = NO_GRANT};
    size_t next = place;
    while (writes->accepted[next].grant == NO_GRANT) { /* the last place is no gap */
        next++;
        assert(next < writes->accepted_count);
    }
    for (size_t i = 0; i < writes->unanswered_count; i++) {
        if (writes->unanswered[i].asked < writes->accepted[next].answered) {
            add_candidate(passage, &all, i);
        }
    }
    return all;
}

/* What may be one of several grants. */
static void judge_several(struct passage *passage, const struct candidates *all)
{
    struct writes *writes = passage->writes;
    if (all->count == 0 || all->unclear || (all->older > 0 && all->older < all->count)) {
        writes->unclear = true;
    } else if (all->older > 0) {
        note_stale(passage, &writes->unanswered[all->last]);
    } else if (all->newer > 0) {
        enum grant_order order = passage->perhaps == NO_GRANT
                                     ? ORDER_NEWER
                                     : writes_compare(writes, all->newest, passage->perhaps);
        passage->perhaps = order == ORDER_NEWER ? all->newest : passage->perhaps;
        writes->unclear = writes->unclear || order == ORDER_UNKNOWN;
    }
}

/* Of this place nobody was told: it is one of those whose answer never came and that were sent
 * before the next that was. If there is only one, or all are of one grant, it is judged as any. */
static void judge_gap(struct passage *passage, size_t place)
{
    struct writes *writes = passage->writes;
    const struct candidates all = candidates_for(passage, place);
    if (all.count == 0 || !all.one_grant) {
        judge_several(passage, &all);
        return;
    }
    struct written write = writes->unanswered[all.last];
    write.answered = EVENT_NONE; /* one that was given up was no answer */
    judge(passage, &write);
    if (all.count == 1) {
        writes->unanswered[all.last] = writes->unanswered[--writes->unanswered_count];
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
    enum grant_order order = to_newest(passage, write);
    return write->asked > last->asked && (order == ORDER_OLDER || order == ORDER_UNKNOWN);
}

void writes_judge(struct writes *writes, const struct view *view,
                  void (*tell)(void *self, const struct stale_write *stale), void *self)
{
    struct passage passage = {
        .writes = writes, .tell = tell, .self = self, .newest = NO_GRANT, .perhaps = NO_GRANT};
    writes->counts =
        (struct work_count){.accepted = writes->accepted_count, .rejected = writes->rejected_count};
    if (writes->lost) {
        return; /* memory ran out: the last place may be empty, and the trial is not judged */
    }
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
    writes_judge_rejected(writes);
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
    return writes->counts.rejected_stale > 0;
}
