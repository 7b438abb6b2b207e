/* What the article's node and master do under one hold of the lock. See article.h. */
#include <assert.h>

#include "src/article/article.h"
#include "src/lock/lock.h"

static bool locks(const struct settings *settings, const struct process *process)
{
    return process->id != MASTER_ID || article_param(settings, ARTICLE_MASTER_LOCKS) ||
           process->must_report;
}

/* Sends a request; returns it, to be completed with what else it says. */
static struct request *send(struct process *process, struct action *action, uint8_t phase,
                            uint8_t moment, uint8_t op, const char *why)
{
    process->phase = phase;
    action->kind = ACTION_REQUEST;
    action->request_moment = moment;
    action->request.op = op;
    action->request.key =
        op == STORE_SET_STATUS || op == STORE_READ_BALLOT ? KEY_NODES : KEY_RESULT;
    action->why = why;
    return &action->request;
}

/* Releases the lock; true if there was nothing to wait for. */
static bool leave(const struct settings *settings, struct process *process,
                  const struct event *event, struct action *action)
{
    if (!process->claim.in_section) {
        return true; /* the master as published: it never took the lock */
    }
    process->claim.in_section = 0;
    process->phase = ARTICLE_UNLOCKING;
    return lock_release(settings, &process->lock, event, action) != LOCK_PENDING;
}

/* The round cannot go on: the store failed, or the lock has run out on our own clock. */
static bool give_up(const struct settings *settings, struct process *process,
                    const struct event *event, struct action *action, const char *why)
{
    process->round_failed = 1;
    bool over = leave(settings, process, event, action);
    action->why = why;
    return over;
}

/* Whether the lock still covers another request. */
static bool lapsed(const struct process *process, const struct event *event)
{
    return process->claim.in_section && !lock_usable(&process->lock, event->now_ns);
}

/* Step 1: "submit own number and status to Redis". */
static void report(struct process *process, const struct event *event, struct action *action)
{
    process->reported_ns = event->now_ns;
    process->sent_status = process->claim.status;
    struct request *request = send(process, action, ARTICLE_REPORTING, MOMENT_REPORTS,
                                   STORE_SET_STATUS, "reports its status");
    request->id = process->id;
    request->status = process->claim.status;
}

static void recall(struct process *process, struct action *action)
{
    send(process, action, ARTICLE_RECALLING, MOMENT_NONE, STORE_GET_RESULT,
         "looks up the last result");
}

/* Step 2: "get the status of all nodes". */
static void read_ballot(struct process *process, struct action *action)
{
    send(process, action, ARTICLE_READING, MOMENT_READS, STORE_READ_BALLOT,
         "reads everybody's status");
}

/* Step 3: "decide the result from the status of all nodes". */
static void decide(const struct settings *settings, struct process *process, struct ballot ballot,
                   struct action *action)
{
    process->decided =
        rules_elect(ballot, article_param(settings, ARTICLE_STICKY) ? process->known.id : NOBODY);
    action->decided = process->decided;
    action->happened |= 1u << MOMENT_DECIDES;
}

/* Step 4: "submit the result to Redis". */
static void publish(struct process *process, struct action *action)
{
    process->known =
        (struct result){.id = process->decided.id,
                        .rule = process->decided.rule,
                        .term = process->known.term < TERM_MAX ? process->known.term + 1 : 1};
    struct request *request = send(process, action, ARTICLE_PUBLISHING, MOMENT_PUBLISHES,
                                   STORE_SET_RESULT, "publishes the new leader");
    request->value.result = process->known;
}

/* The lock is held (or not needed): the first step of the round. */
static void enter(const struct settings *settings, struct process *process,
                  const struct event *event, struct action *action)
{
    if (process->id != MASTER_ID || process->must_report) {
        report(process, event, action);
        return;
    }
    assert(article_decides(settings, process->id));
    recall(process, action);
}

static bool locked(const struct settings *settings, struct process *process,
                   const struct event *event, struct action *action, enum lock_progress progress)
{
    switch (progress) {
    case LOCK_PENDING:
        return false;
    case LOCK_HELD:
        process->claim.in_section = 1;
        action->happened |= 1u << MOMENT_ACQUIRES_LOCK;
        enter(settings, process, event, action);
        return false;
    case LOCK_GIVEN_UP:
    case LOCK_FREE:
    case LOCK_LOST:
        break;
    }
    process->round_failed = 1;
    return true;
}

void article_round_begin(const struct settings *settings, struct process *process,
                         const struct event *event, struct action *action)
{
    process->round_failed = 0;
    if (!locks(settings, process)) {
        enter(settings, process, event, action);
        return;
    }
    process->phase = ARTICLE_LOCKING;
    bool over = locked(settings, process, event, action,
                       lock_acquire(settings, &process->lock, event, action));
    assert(!over);
}

/* Step 1 went through; a node whose status was flipped meanwhile still owes the newer one. */
static bool reported(const struct settings *settings, struct process *process,
                     const struct event *event, struct action *action)
{
    if (process->claim.status == process->sent_status) {
        process->must_report = 0;
    }
    if (!article_decides(settings, process->id)) {
        return leave(settings, process, event, action);
    }
    if (lapsed(process, event)) {
        return give_up(settings, process, event, action, "its lock has run out");
    }
    recall(process, action);
    return false;
}

/* What cannot be read is as good as no result and will be overwritten, but the terms go on from the
 * last one that was read. */
static void take_note(struct process *process, const struct reply *reply)
{
    if (reply->outcome == STORE_OK) {
        process->known = reply->value.result;
    } else {
        uint64_t term = reply->outcome == STORE_UNREADABLE ? process->known.term : 0;
        process->known = (struct result){.id = NOBODY, .term = term};
    }
}

static bool recalled(const struct settings *settings, struct process *process,
                     const struct event *event, struct action *action)
{
    take_note(process, event->reply);
    if (lapsed(process, event)) {
        return give_up(settings, process, event, action, "its lock has run out");
    }
    read_ballot(process, action);
    return false;
}

static bool was_read(const struct settings *settings, struct process *process,
                     const struct event *event, struct action *action)
{
    decide(settings, process, event->reply->value.ballot, action);
    if (process->decided.id == NOBODY) {
        return leave(settings, process, event, action);
    }
    if (process->decided.id == process->known.id) {
        article_obey(settings, process, process->known, action);
        return leave(settings, process, event, action);
    }
    if (lapsed(process, event)) {
        return give_up(settings, process, event, action, "its lock has run out");
    }
    publish(process, action);
    return false;
}

static bool published(const struct settings *settings, struct process *process,
                      const struct event *event, struct action *action)
{
    article_obey(settings, process, process->known, action);
    return leave(settings, process, event, action);
}

bool article_round_step(const struct settings *settings, struct process *process,
                        const struct event *event, struct action *action)
{
    if (process->phase == ARTICLE_LOCKING) {
        return locked(settings, process, event, action,
                      lock_step(settings, &process->lock, event, action));
    }
    if (process->phase == ARTICLE_UNLOCKING) {
        return lock_step(settings, &process->lock, event, action) != LOCK_PENDING;
    }

    assert(event->kind == EVENT_REPLY);
    uint8_t outcome = event->reply->outcome;
    if (outcome == STORE_REFUSED || outcome == STORE_UNKNOWN) {
        return give_up(settings, process, event, action, "the store failed: gives up the round");
    }
    if (outcome == STORE_UNREADABLE && process->phase != ARTICLE_RECALLING) {
        return give_up(settings, process, event, action,
                       "cannot read everybody's status: gives up the round");
    }
    switch ((enum article_phase)process->phase) {
    case ARTICLE_REPORTING:
        return reported(settings, process, event, action);
    case ARTICLE_READING:
        return was_read(settings, process, event, action);
    case ARTICLE_RECALLING:
        return recalled(settings, process, event, action);
    case ARTICLE_PUBLISHING:
        return published(settings, process, event, action);
    case ARTICLE_IDLE:
    case ARTICLE_ASKING:
    case ARTICLE_LOCKING:
    case ARTICLE_UNLOCKING:
        break;
    }
    assert(false && "not in a round");
    return true;
}
