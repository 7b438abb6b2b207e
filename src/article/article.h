/* The article's election, "a simulated election on Redis": the parts that its node and its master
 * share. node.c and master.c are the article's two programs; round.c is what both do under the
 * lock, between.c what they do without it; article.c joins them into one protocol.
 *
 *     step 1  report    own id and status into the hash `nodes`
 *     step 2  read      everybody's status
 *     step 3  decide    by the three rules (rules.h)
 *     step 4  publish   the result
 *
 * In the article's code the nodes take step 1 and the master (id 0) steps 2 to 4; its text has
 * every node take all four (the parameter decided_by). A *round* is the steps that a process takes
 * under one hold of the lock:
 *
 *     acquire ─▶ [report] ─▶ [recall the last result ─▶ read ─▶ decide ─▶ [publish]] ─▶ release
 *
 * The result is published only when it names another leader than the last one; its term is then one
 * higher. A round in which the store fails is given up, the lock released, and the round repeated.
 * A last result that cannot be read is overwritten.
 */
#ifndef HUSTINGS_ARTICLE_ARTICLE_H
#define HUSTINGS_ARTICLE_ARTICLE_H

#include "src/process.h"
#include "src/rules.h"

/* Its parameters, in settings.value[OWNER_PROTOCOL]. */
enum article_param {
    ARTICLE_DECIDED_BY,   /* enum decider */
    ARTICLE_SUBMITS,      /* enum submitter */
    ARTICLE_STICKY,       /* 1: a leader still in submit keeps the office before rule 2 */
    ARTICLE_MASTER_LOCKS, /* 0: the master reads and publishes without the lock, as published */
    ARTICLE_POLL,         /* ns between two elections, and between two looks at the result */
    ARTICLE_REPORT        /* ns; report again after this; 0: only when the status has changed */
};

static inline int64_t article_param(const struct settings *settings, enum article_param param)
{
    return settings->value[OWNER_PROTOCOL][param];
}

/* Who takes the article's steps 2 to 4. Its code has the master do it; its text says "every node".
 */
enum decider { DECIDED_BY_MASTER, DECIDED_BY_NODES };

/* Whether process `id` is one that takes them. */
static inline bool article_decides(const struct settings *settings, uint16_t id)
{
    bool nodes = article_param(settings, ARTICLE_DECIDED_BY) == DECIDED_BY_NODES;
    return nodes ? id != MASTER_ID : id == MASTER_ID;
}

/* Who turns to submit: the node that finds itself elected, or nobody (the article's code as
 * published, where rule 3 decides for ever). */
enum submitter { SUBMITS_ELECTED, SUBMITS_NOBODY };

/* Where a process is. The values of `process.phase`. */
enum article_phase {
    ARTICLE_IDLE,       /* waits for the next round or the next look at the result */
    ARTICLE_ASKING,     /* a node reads the result, without the lock */
    ARTICLE_LOCKING,    /* the lock's machine is at work */
    ARTICLE_REPORTING,  /* step 1 is under way */
    ARTICLE_RECALLING,  /* before step 2: what was the last result? */
    ARTICLE_READING,    /* step 2; step 3 follows at once */
    ARTICLE_PUBLISHING, /* step 4 */
    ARTICLE_UNLOCKING   /* the lock's machine is at work again */
};

/* What its steps are called. */
enum article_text {
    ARTICLE_REPORTS,
    ARTICLE_LOOKS_UP,
    ARTICLE_READS,
    ARTICLE_PUBLISHES,
    ARTICLE_LOCK_RAN_OUT,
    ARTICLE_STORE_FAILED,
    ARTICLE_UNREADABLE_STATUSES,
    ARTICLE_FLIPPED,
    ARTICLE_LOOKS,
    ARTICLE_UNREADABLE_RESULT,
    ARTICLE_WAITS
};

/* What it remembers beside its claim and its lock. */
struct article_state {
    int64_t reported_ns;  /* when the last report was sent */
    uint64_t obeyed_term; /* the newest term in which it turned to submit or found itself elected */
    struct choice decided; /* the decision about to be published */
    struct result known;   /* the last result read or published; id NOBODY: none */
    uint8_t phase;         /* enum article_phase */
    uint8_t must_report;   /* its status is not yet in the store */
    uint8_t sent_status;   /* what the report under way says */
    uint8_t round_failed;  /* the round was given up: rest before the next */
    uint8_t looked;        /* a node has looked at the result since its last report */
    uint8_t zero[3];       /* always 0 */
};
_Static_assert(sizeof(struct article_state) == 48, "the article's state has grown padding");
_Static_assert(sizeof(struct article_state) <= sizeof(((struct process *)0)->own), "it fits");

/* A process while it takes a step. */
struct article {
    const struct settings *settings;
    struct process *process;
    const struct event *event;
    struct action *action;
    struct article_state state;
};

/* Begins a round; always leaves a request. */
void article_round_begin(struct article *self);

/* Goes on with a round. Returns true when the round has ended in this step, with the action still
 * open: the caller says what to do next. `state.round_failed` then tells whether it was given up.
 */
bool article_round_step(struct article *self);

/* Whom the three rules give, when `incumbent` (or NOBODY) is the leader so far. */
struct choice article_elect(const struct settings *settings, struct ballot ballot,
                            int32_t incumbent);

/* Takes note of a result just read or published: whom to follow, and whether that is oneself. A
 * node that finds itself newly elected turns to submit and owes a report. */
void article_obey(struct article *self, struct result result);

/* Its status was flipped from outside: owes a report, and returns true if it may begin at once.
 * Otherwise what was outstanding stays so. */
bool article_flipped(struct article *self);

/* The look at the result between two rounds: sends it, and takes note of the answer. */
void article_ask_result(struct article *self);
void article_hear_result(struct article *self);

/* Waits as long as the parameter poll says, or less if a node's periodic report falls due. */
void article_rest(struct article *self);

/* The article's two programs. */
void article_node_step(struct article *self);
void article_master_step(struct article *self);

#endif
