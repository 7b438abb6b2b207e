/* The scene: how the cluster stands after each event, for whoever shows it (the report's page, the
 * live screen, the story). Members are as the checks' view sees them; beside that the scene follows
 * the lock of each server, and who is cut off. It only thinks.
 *
 *     scene_new ─▶ scene_apply (each event, in order)* ─▶ scene_free
 *
 * Whose the lock is, is told by the answers. A member may believe something else: that is the point
 * of showing both. Nobody records when the server gave it: `from_ns` is when the request went out
 * that took it, or, if somebody else still had it then, when that ended. It ends with the answer to
 * the release, or before, if another has it by then. `until_ns` is counted from when the last
 * request that set its time went out: the lock lasts at least so long. It may last
 * longer, as when the answer to a renewal is lost, and under a lock that the server never removes:
 * a hold is over only when the history says so, or another has the lock. A request that was never
 * answered may have taken the lock: as soon as others find it busy that nobody else has, its sender
 * has it; and whoever is told the lock's token tells whose it is.
 *
 * A scene may be copied by scene_copy(), and goes on from there: that is how one steps back. */
#ifndef HUSTINGS_SCENE_SCENE_H
#define HUSTINGS_SCENE_SCENE_H

#include "sim/checks/check.h"
#include "sim/history/reach.h"

/* How a hold of the lock ended. */
enum scene_ended {
    SCENE_HELD,      /* it has not */
    SCENE_RELEASED,  /* by a release, its own or another's */
    SCENE_RAN_OUT,   /* its time was over, or a fault made it so */
    SCENE_LOST,      /* with the store's data */
    SCENE_TAKEN_OVER /* another took it, and nobody saw it end */
};
extern const char *const scene_ended_words[]; /* "is held", "was released", "ran out", … */

/* Of the lock on one server. */
struct scene_hold {
    int32_t holder; /* NOBODY: it is free, or nobody knows whose it is */
    uint8_t server;
    uint8_t ended; /* enum scene_ended */
    bool unawares; /* its holder was never told that it has it */
    int64_t from_ns;
    int64_t until_ns; /* when it runs out if nothing is done; INT64_MAX: never, or nobody knows */
    int64_t seen_ns;  /* it was surely held then: by the last answer that says so */
    int64_t ended_ns; /* if it has ended */
    uint32_t event;   /* that told of it: the answer */
};

/* What becomes of a member, in bits; the report's page has the same. */
enum scene_bit {
    SCENE_BORN = 1, /* ever: never started is not dead */
    SCENE_ALIVE = 2,
    SCENE_STARTED = 4,
    SCENE_PAUSED = 8,
    SCENE_LEADS = 16,    /* acts as leader: cluster.h */
    SCENE_INSIDE = 32,   /* inside the critical section, by its own claim */
    SCENE_WAITS = 64,    /* for the lock */
    SCENE_CUT = 128,     /* cut off from a server, in one direction or both */
    SCENE_SUBMITS = 256, /* its status is submit */
};

/* What is remembered of each member beside the view. */
struct scene_member {
    uint32_t last;               /* its last event; EVENT_NONE: none */
    uint32_t asked[SERVERS_MAX]; /* the unanswered request that may take the lock; EVENT_NONE */
    uint32_t bids[SERVERS_MAX];  /* the last request to take it, answered or not; EVENT_NONE */
};

struct scene {
    struct view view; /* the members, what is published, the phase, the time */
    struct reach reach;
    struct scene_member *members;         /* [0 … nodes] */
    struct scene_hold locks[SERVERS_MAX]; /* [0 … servers - 1] */
    int32_t perhaps[SERVERS_MAX];         /* who may have taken it unheard; NOBODY, or several */
    struct token strangers[SERVERS_MAX];  /* the last token found that no member asked with */
    struct scene_hold ended;              /* the hold that the event just applied ended, … */
    bool has_ended;                       /* … if it ended one */
};

/* A cluster of which nothing has happened yet. `facts` must outlive it. False: memory is out. */
bool scene_new(struct scene *scene, const struct history_facts *facts);
void scene_free(struct scene *scene);

/* `to` becomes what `from` is; both are of the same facts, and were made by scene_new(). */
void scene_copy(struct scene *to, const struct scene *from);

/* Takes in the event at `index`, for each index from 0. */
void scene_apply(struct scene *scene, const struct history *history, uint32_t index);

/* How a member stands: enum scene_bit. Time alone changes it, too: a claim runs out. */
uint32_t scene_bits(const struct scene *scene, uint16_t member);

#endif
