/* Work: what a leader does beside its election. A machine of its own beside any protocol, which
 * reads the member's claim and nothing else:
 *
 *     claim: leads (or holds the lock) ──▶ write ──answered──▶ rest, until so long after sending it
 *                  │                        ▲                                 │
 *                  └── no longer: stops     └──────── the work's timer ───────┘
 *
 * It writes to the protected resource, a server of its own (settings_resource()), for as long as
 * the member says that it leads (where nobody is elected: that it is inside), be that true or not:
 * what a member believes and what it brings about are two things. The first write of a grant (a
 * term of a leader, else a hold of the lock) goes out at once: the barrier write, by which the
 * resource learns of the new grant. Each bears the fencing token of the lock that the member holds,
 * 0 if there is none: the leaders of the article hold no lock.
 *
 * One write at a time, though the next is due: so the order in which a member's writes are accepted
 * is that in which they were sent, and an unanswered one is known by the number of the next.
 */
#ifndef HUSTINGS_WORK_H
#define HUSTINGS_WORK_H

#include "src/process.h"

/* The tag of a write: that of no protocol and no lock. */
#define TAG_WORK (TAGS - 1)

/* What steps of its own are called. */
enum work_text { WORK_BEGINS, WORK_GOES_ON, WORK_TEXTS };
extern const char *const work_texts[WORK_TEXTS];

/* Whether an event is the work's: the answer to a write, or its timer. */
static inline bool work_takes(const struct event *event)
{
    return (event->kind == EVENT_REPLY && event->tag == TAG_WORK) ||
           (event->kind == EVENT_WOKE && event->timer == TIMER_WORK);
}

/* What comes of an event, after the protocol has taken its step if the event is its own: adds to
 * the action. Only with settings.work_every_ns. `leaders`: the protocol elects leaders. */
void work_step(const struct settings *settings, bool leaders, struct process *process,
               const struct event *event, struct action *action);

#endif
