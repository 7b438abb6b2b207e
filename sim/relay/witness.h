/* What the relay tells of strangers: programs that are members and whose traffic is read, since
 * they tell nothing themselves. Times are CLOCK_MONOTONIC. */
#ifndef HUSTINGS_RELAY_WITNESS_H
#define HUSTINGS_RELAY_WITNESS_H

#include "sim/host/link_faults.h"
#include "sim/wild/belief.h"
#include "sim/wild/talk.h"

/* Where a stranger's traffic was heard. */
struct witness_place {
    uint16_t id;         /* whose */
    uint8_t server;      /* to which */
    uint64_t connection; /* counts all connections of strangers from 1 */
};

/* When something is shown to it, as a step of a member's is to breakpoints (host/breakpoint.h). */
enum witness_when {
    WITNESS_BEFORE,  /* a command has come and was not passed on */
    WITNESS_APPLIED, /* an answer has come and was not passed on */
    WITNESS_AFTER    /* an answer was passed on */
};

/* What becomes of its traffic then. */
enum witness_stands {
    WITNESS_GOES_ON,
    WITNESS_STANDS, /* as long as the fault is being applied and it is paused; what it sent before
                     * goes with it if it is killed */
    WITNESS_LEFT    /* as long as the fault is being applied: what it sent has left it */
};

/* Of a stranger, on all its connections. */
struct witness_standing {
    bool stands; /* nothing is passed on, either way, until may_go() */
    bool left;   /* WITNESS_LEFT */
};

struct relay_witness {
    void *self;
    /* It has sent a command. Returns a number for it, which its reply will bear as its tag. */
    uint32_t (*asked)(void *self, const struct witness_place *place,
                      const struct wild_request *request, int64_t at_ns);
    /* The request for the lock with this number was passed on to the Redis only now: it stood, or
     * was held up. */
    void (*sent)(void *self, const struct witness_place *place, uint32_t number, int64_t at_ns);
    /* The answer was passed on to it. */
    void (*told)(void *self, const struct witness_place *place, const struct talk_reply *reply,
                 int64_t at_ns);
    /* It begins to believe that it has the lock of this server, or ends, or has believed on when
     * that seemed to have ended; inferred. */
    void (*believes)(void *self, const struct witness_place *place,
                     const struct belief_change *change, int64_t at_ns);
    /* A command of anybody's has met a fault that awaited it. */
    void (*met)(void *self, const struct witness_place *place, const struct link_met *met,
                const struct command_seen *seen, int64_t at_ns);
    /* It does this just now: whether its traffic is to stand, both ways and on all its
     * connections, until may_go(). `effect` is WILD_NOTHING before there is an answer. */
    enum witness_stands (*shows)(void *self, const struct witness_place *place,
                                 enum witness_when when, const struct wild_request *request,
                                 enum wild_effect effect);
    /* Whether a stranger whose traffic stands may go on: asked of each whenever this descriptor is
     * readable, which woken() ends. */
    bool (*may_go)(void *self, uint16_t id, bool left);
    /* Whether it reads what is passed on to it: it is neither stopped nor being killed. When it
     * does again, the descriptor below becomes readable. */
    bool (*reads)(void *self, uint16_t id);
    int (*wake_fd)(void *self);
    void (*woken)(void *self);
    /* Its traffic on this connection cannot be followed any further, or something of it was missed
     * that may be about the lock. `why` lives for ever. */
    void (*lost)(void *self, const struct witness_place *place, const char *why, int64_t at_ns);
};

#endif
