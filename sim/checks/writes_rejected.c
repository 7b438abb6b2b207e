/* Which of the writes that the resource rejected were stale. See writes.h.
 *
 * Rejections have no count, so it is not known where they are among what was accepted. What was
 * sent before the answer to one came may have been before it. */
#include <assert.h>

#include "sim/checks/writes.h"

enum rejected { REJECTED_STALE, REJECTED_NEWEST, REJECTED_UNCLEAR };

/* What of the other grants was before a rejection: surely accepted, or perhaps. */
struct rivals {
    bool newer, newer_perhaps; /* a newer grant's */
    bool older_above;          /* an older grant's with a higher epoch */
    bool unclear;              /* one whose order cannot be known */
};

static void add_rival(const struct writes *writes, const struct written *write, uint32_t rival,
                      bool surely, struct rivals *rivals)
{
    const struct grant *own = &writes->grants[write->grant], *other = &writes->grants[rival];
    enum grant_order order = writes_compare(writes, rival, write->grant);
    if (order == ORDER_NEWER) {
        rivals->newer = rivals->newer || surely;
        rivals->newer_perhaps = rivals->newer_perhaps || other->epoch > own->epoch;
    } else if (order == ORDER_OLDER) {
        rivals->older_above = rivals->older_above || other->epoch > own->epoch;
    }
    rivals->unclear = rivals->unclear || order == ORDER_UNKNOWN;
}

static enum rejected judge(const struct writes *writes, const struct written *write)
{
    struct rivals rivals = {0};
    assert(write->answered != EVENT_NONE && write->asked < write->answered);
    for (uint32_t grant = 0; grant < writes->grant_count; grant++) {
        if (writes->grants[grant].wrote_event < write->answered) {
            add_rival(writes, write, grant, true, &rivals);
        }
    }
    for (size_t i = 0; i < writes->unanswered_count && !rivals.newer; i++) {
        if (writes->unanswered[i].asked < write->answered) {
            add_rival(writes, write, writes->unanswered[i].grant, false, &rivals);
        }
    }
    if (rivals.newer) {
        return REJECTED_STALE;
    }
    bool may_be_newest = rivals.older_above;
    if (rivals.unclear || may_be_newest == rivals.newer_perhaps) {
        return REJECTED_UNCLEAR;
    }
    return may_be_newest ? REJECTED_NEWEST : REJECTED_STALE;
}

/* Once a grant's writes are stale, they stay so. */
void writes_judge_rejected(struct writes *writes)
{
    struct work_count *counts = &writes->counts;
    uint32_t stale = NO_GRANT; /* the grant of the last that was */
    counts->rejected_stale = counts->rejected_newest = 0;
    for (size_t i = 0; i < writes->rejected_count; i++) {
        const struct written *write = &writes->rejected[i];
        enum rejected how = write->grant == stale ? REJECTED_STALE : judge(writes, write);
        stale = how == REJECTED_STALE ? write->grant : NO_GRANT;
        counts->rejected_stale += how == REJECTED_STALE;
        counts->rejected_newest += how == REJECTED_NEWEST;
    }
    assert(counts->rejected_stale + counts->rejected_newest <= counts->rejected);
}
