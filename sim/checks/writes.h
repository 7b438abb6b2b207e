/* What the protected resource accepted, and of which grants: what the check stale_write and the
 * price of a split brain are made of.
 *
 * A *grant* is a stretch of a member's work (src/work.h): of a leader in one term, else of one hold
 * of the lock, from the claim by which it begins. Grants have an order, fenced or not: that in
 * which the requests that took the lock were applied, and where no lock was taken that of the
 * claims. It is known if the one's request was answered before the other's was sent.
 *
 * If they overlap, the epochs decide: the counter only grows. They do not if they are the same, nor
 * if a fault may have changed what the Redis keeps since the first of both requests was sent: the
 * counter may be lost. Then the order cannot be known. Epochs never decide more than that, because
 * fencing fails when the newer leader gets the number of an older one, or a lower one: the check
 * must not believe the very numbers that it judges.
 *
 * The resource counts what it accepts, and answers with the count: that is the order of acceptance.
 * A count that nobody was told is that of a write whose answer never came. A write is
 *
 *     stale   accepted after one of a newer grant
 *     late    of an older grant, but accepted before the newer one's first, the barrier; its answer
 *             came when the newer one had begun
 *
 * What is under way when the trial ends is no matter, unless its count shows.
 *
 * What the resource rejects had a lower epoch than the last that it accepted. If its grant is older
 * than one of which a write was accepted before, fencing did its duty. If it is not, an older grant
 * has a higher epoch: the counter was lost, and who leads rightfully can do nothing. */
#ifndef HUSTINGS_CHECKS_WRITES_H
#define HUSTINGS_CHECKS_WRITES_H

#include "sim/checks/check.h"

#define NO_GRANT UINT32_MAX

struct grant {
    int64_t from_ns, to_ns; /* what took the lock was applied in between */
    int64_t shaken_ns;      /* the last fault before it that may have changed what the Redis keeps;
                             * INT64_MIN: there was none */
    uint64_t epoch;         /* of its writes; 0: none, or it has not written yet */
    uint32_t begun_event;   /* the claim */
    uint32_t wrote_event;   /* after writes_judge(): the request of its first write that was surely
                             * accepted; EVENT_NONE: none was */
    uint16_t process;
};

/* A write: accepted, rejected, or one whose answer has not come. */
struct written {
    uint32_t grant; /* NO_GRANT: nobody was told of it */
    uint32_t asked; /* the request; or EVENT_NONE */
    uint32_t
        answered; /* its answer; EVENT_NONE: there is none. Of one that was given up, that it was */
    uint32_t newest; /* the newest grant that had begun then */
    int64_t at_ns;   /* of the answer; of one without, of the request */
    uint32_t number; /* of the request */
};

/* One member. */
struct writer {
    uint32_t grant;      /* NO_GRANT: it does not work */
    uint32_t took_event; /* what took its lock, and when the answer came; EVENT_NONE: nothing did */
    int64_t took_ns;
    uint64_t term; /* WORKS_AS_LEADER: its term */
    uint8_t works; /* enum works */
};

struct writes {
    struct grant *grants;     /* owned, as the next three: writes_forget() */
    struct written *accepted; /* by their counts, from 1; those that nobody was told of are empty */
    struct written *unanswered;
    struct written *rejected; /* in the order of their answers */
    size_t grant_count, accepted_count, unanswered_count, rejected_count;
    size_t grant_room, accepted_room, unanswered_room, rejected_room;
    int64_t shaken_ns; /* as in struct grant */
    uint32_t newest;   /* of the grants that have begun */
    uint32_t nodes;
    bool leaders; /* the protocol elects leaders: they work, and not whoever holds the lock */
    bool fenced;  /* the tokens are those of the grants */
    bool lost;    /* memory ran out */
    bool unclear; /* the order of some, or what became of some, cannot be known */
    struct work_count counts; /* after writes_judge() */
    struct writer writers[];  /* [0 … nodes] */
};

void writes_begin(struct writes *writes, const struct history *history);
void writes_forget(struct writes *writes);

/* Takes in a claim, a fault, the end of one, a request or an answer to one about the lock or the
 * resource; the view is that just after it. */
void writes_event(struct writes *writes, const struct view *view, const struct history *history,
                  const struct history_event *event);

/* A stale write, and the newest grant of which one had been accepted before it. */
struct stale_write {
    struct written write;
    uint32_t newer;         /* a grant */
    struct written barrier; /* its first that was accepted */
};

/* The trial is over: goes through what was accepted in order, counts, and tells of each stale
 * write. */
void writes_judge(struct writes *writes, const struct view *view,
                  void (*tell)(void *self, const struct stale_write *stale), void *self);

/* For writes_judge(), after it has gone through what was accepted: which of the rejected were
 * stale. */
void writes_judge_rejected(struct writes *writes);

/* What grant `a` is to grant `b`. SAME: it is that one. */
enum grant_order { ORDER_OLDER, ORDER_SAME, ORDER_NEWER, ORDER_UNKNOWN };
enum grant_order writes_compare(const struct writes *writes, uint32_t a, uint32_t b);

/* Whether writes of two grants were accepted, or a stale one rejected: only then can one have been
 * stale. After writes_judge(). */
bool writes_met(const struct writes *writes);

#endif
