/* Locks: the smaller step machine inside an election's bigger one.
 *
 *        lock_acquire ──▶ PENDING … lock_step … ──▶ HELD ──▶ lock_release ──▶ PENDING … ──▶ FREE
 *                                              └──▶ GIVEN_UP     │
 *                                                                │
 *                     lock_extend ──▶ PENDING … ──▶ HELD, UNCHANGED or LOST
 *
 * Each call either fills `action` and returns LOCK_PENDING (give the next reply or wake-up to
 * lock_step), or leaves the action alone and returns how it ended, so that the protocol can go on
 * in the same step.
 *
 * How to add a lock: one file in src/lock/ that defines a `const struct lock_row`, declared below
 * the others at the end of this header, one row in the table of lock.c, and its name in
 * src/names.h. Its parameters are rows, too (src/param.h): a lock that is asked for again and again
 * takes lock_params, or a list of its own that begins with the same three: LOCK_TTL_ROW,
 * LOCK_RETRY_ROW, LOCK_WAIT_ROW, or one of its own in the place of one of them. What it must
 * remember beside what all locks do goes into `own` of struct lock, as a struct of its own; its row
 * says where in that the times are. A lock that asks several servers at once says in `outstanding`
 * which tags are under way. What is to be made anew or to be added beside is the same as for a
 * protocol, see src/protocol.h.
 */
#ifndef HUSTINGS_LOCK_LOCK_H
#define HUSTINGS_LOCK_LOCK_H

#include "src/process.h"
#include "src/units.h"

enum lock_progress {
    LOCK_PENDING,   /* the action is the lock's; go on with lock_step */
    LOCK_HELD,      /* acquired */
    LOCK_GIVEN_UP,  /* the parameter `wait` ran out */
    LOCK_FREE,      /* released */
    LOCK_UNCHANGED, /* not extended, as far as is known: held for as long as before */
    LOCK_LOST       /* no longer ours: it had expired, or another had it */
};

/* What a lock that looks whose it is has seen by its last look. */
enum lock_sight {
    LOCK_SEES_NOTHING, /* it could not look, or not read what is there */
    LOCK_SEES_NOBODY,
    LOCK_SEES_HOLDER
};

struct lock_row {
    const char *name;
    const char *summary;
    uint32_t asks;        /* of the store: bits 1u << enum store_op */
    uint32_t extends_by;  /* likewise, to be extended */
    uint32_t fences_by;   /* likewise, to be given an epoch; 0: it cannot fence */
    const char *counter;  /* if it can: where it counts epochs, and when it begins anew; a clause */
    uint16_t ttl_unit_ms; /* the store takes its time to live in whole units of this; 0: of 1 ms */
    uint32_t topologies;  /* that it can be used with: bits 1u << enum topology */
    const struct param_row *params; /* ends with PARAM_NONE */
    uint32_t moments;               /* that one who takes it may have: bits 1u << enum moment */
    const char *const *texts;       /* its own, from LOCK_TEXTS on; ends with NULL */
    const uint16_t *times; /* offsets of absolute times in `own`; ends with NO_MORE_TIMES */
    enum lock_progress (*acquire)(const struct settings *, struct lock *, const struct event *,
                                  struct action *);
    enum lock_progress (*release)(const struct settings *, struct lock *, const struct event *,
                                  struct action *);
    enum lock_progress (*extend)(const struct settings *, struct lock *, const struct event *,
                                 struct action *);
    enum lock_progress (*step)(const struct settings *, struct lock *, const struct event *,
                               struct action *);
    /* What its last look told, while it rests, and the holder's token. NULL: it does not look; who
     * wants to know asks for the token at its key. */
    enum lock_sight (*sees)(const struct lock *, struct token *holder);
    /* The tags that are outstanding while a call is pending and does not rest; NULL: 0 alone. */
    uint32_t (*outstanding)(const struct lock *);
};

/* A lock's requests have tags below this. */
#define LOCK_TAGS 16

/* The table; `lock_rows[settings.row[OWNER_LOCK]]` is the lock of an election. Ends with NULL. */
extern const struct lock_row *const lock_rows[];

/* Whether there is a lock in the store at all. */
bool lock_is_in_store(const struct settings *settings);

/* Whether the lock can number its grants, each higher than the last: an epoch, the fencing token.
 * Where settings.fencing is set, it does, and lock.epoch is there as soon as the lock is held. */
bool lock_can_fence(const struct settings *settings);

/* Starts to acquire. May end at once (HELD, for a lock that asks nothing). */
enum lock_progress lock_acquire(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action);

/* Starts to release a held lock. */
enum lock_progress lock_release(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action);

/* Starts to extend a held lock by its whole time to live. One try: whoever wants another calls
 * again. HELD: it is held from the sending of this request on. UNCHANGED: refused, or no answer.
 * What an unanswered one may have done is not counted, so its time is that of the last that was
 * answered. A lock without a time to live ends at once, HELD. */
enum lock_progress lock_extend(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action);

/* Goes on after a reply or a wake-up, while the last call said LOCK_PENDING. */
enum lock_progress lock_step(const struct settings *settings, struct lock *lock,
                             const struct event *event, struct action *action);

/* Whether a lock that is asked for, and rests now, looks itself whose it is. Then `sight` is what
 * its last look told, and `holder` the token of its holder, if there is one. */
bool lock_sees(const struct settings *settings, const struct lock *lock, enum lock_sight *sight,
               struct token *holder);

/* Gives up a call that is pending: nothing that it has asked matters any more. The next call is to
 * be lock_acquire or lock_release; what was under way may still be applied. */
void lock_drop(const struct settings *settings, const struct lock *lock, struct action *action);

/* Whether a held lock may still be used at `now_ns`: its TTL, counted from the first send, has not
 * run out on the process's own monotonic clock. */
bool lock_usable(const struct lock *lock, int64_t now_ns);

/* --- for the files of the locks --- */

/* The parameters of a lock that waits for its turn, in settings.value[OWNER_LOCK]. */
enum lock_param {
    LOCK_TTL,   /* its time to live; 0: none */
    LOCK_RETRY, /* between two tries for a busy lock */
    LOCK_WAIT   /* give up waiting after this; 0: never */
};
extern const struct param_row lock_params[];

/* The rows of lock_params, of which a list of a lock's own begins with those that are as usual. */
#define LOCK_TTL_ROW LOCK_TTL_ROW_OF("the lock's time to live in Redis")
#define LOCK_TTL_ROW_OF(what)                                                                      \
    [LOCK_TTL] = {.name = "ttl",                                                                   \
                  .summary = (what),                                                               \
                  .type = PARAM_DURATION,                                                          \
                  .fallback = 2 * NS_PER_S,                                                        \
                  .low = NS_PER_MS,                                                                \
                  .high = 24 * NS_PER_H,                                                           \
                  .unit = NS_PER_MS}
#define LOCK_RETRY_ROW                                                                             \
    [LOCK_RETRY] = {.name = "retry",                                                               \
                    .summary = "rest between two tries for a busy lock",                           \
                    .type = PARAM_DURATION,                                                        \
                    .fallback = 100 * NS_PER_MS,                                                   \
                    .high = NS_PER_M}
#define LOCK_WAIT_ROW                                                                              \
    [LOCK_WAIT] = {.name = "wait",                                                                 \
                   .summary = "when to give up waiting for the lock, and the round with it",       \
                   .type = PARAM_DURATION,                                                         \
                   .words = "forever",                                                             \
                   .low = NS_PER_US,                                                               \
                   .high = NS_PER_H}
#define LOCK_MOMENTS                                                                               \
    (1u << MOMENT_ASKS_LOCK | 1u << MOMENT_ACQUIRES_LOCK | 1u << MOMENT_EXTENDS_LOCK |             \
     1u << MOMENT_RELEASES_LOCK)

static inline int64_t lock_param(const struct settings *settings, enum lock_param param)
{
    return settings->value[OWNER_LOCK][param];
}

/* What the steps of any lock are called; those of one lock go on from LOCK_TEXTS. */
enum lock_text {
    LOCK_ASKS,
    LOCK_IS_BUSY,
    LOCK_STORE_FAILED,
    LOCK_EXTENDS,
    LOCK_RELEASES,
    LOCK_NO_WORD_OF_RELEASE,
    LOCK_COMMON_TEXTS
};
#define LOCK_TEXTS ((int)LOCK_COMMON_TEXTS) /* a number: a lock's own are another enum */

/* The text of a lock's step. */
const char *lock_text(const struct settings *settings, unsigned text);

/* Adds a request for the lock's key, which is returned to be completed, and enters the phase. */
struct request *lock_ask(struct lock *lock, struct action *action, uint8_t phase, uint8_t op,
                         uint8_t moment, unsigned text);

/* Sets the timer for the rest between two tries, and returns LOCK_PENDING. */
enum lock_progress lock_rest(const struct settings *settings, struct lock *lock,
                             struct action *action, uint8_t phase, unsigned text);

/* Whether another try for a busy lock would come in time. Like redis-py, gives up when not. */
bool lock_patient(const struct settings *settings, const struct lock *lock, int64_t now_ns);

/* The settings' TTL as the store takes it: rounded up to whole units of the row's. The store must
 * not forget a lock before its holder does, and 0 would mean "never". */
uint32_t lock_ttl_ms(const struct settings *settings);

extern const struct lock_row lock_none;
extern const struct lock_row lock_setnx;
extern const struct lock_row lock_token;
extern const struct lock_row lock_redlock;
extern const struct lock_row lock_record;

#endif
