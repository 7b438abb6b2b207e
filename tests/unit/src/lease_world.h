/* Leases over a store that stalls and loses answers, with members that are paused and die, in
 * virtual time: a world for tests of several machines with several requests outstanding. To be
 * included after cmocka.h. */
#ifndef TESTS_LEASE_WORLD_H
#define TESTS_LEASE_WORLD_H

#include "src/lease/lease.h"

#define MS INT64_C(1000000)
#define NODES 4
#define FLIGHTS 512
#define NEVER INT64_MAX
#define TROUBLE_NS (20000 * MS) /* so long there are faults */
#define END_NS (26000 * MS)     /* and by then all must follow one leader */
#define TIMEOUT_NS (300 * MS)

#define DURATION (1000 * MS)
#define DEADLINE (700 * MS)
#define RETRY (200 * MS)
#define JITTER 1200

/* A request on its way to the store, or its answer on its way back. */
struct flight {
    struct request request;
    struct reply reply;
    int64_t at_ns; /* when it arrives; NEVER: free */
    int member;
    uint64_t number;
    uint32_t connection; /* of the member's; an old one hears nothing */
    bool answered;
};

struct member {
    struct process process;
    int64_t timeout_ns[TAGS]; /* of the requests that are outstanding; 0: not */
    uint64_t number[TAGS];    /* of which request has the tag: an older one may have had it, too */
    int64_t wakes_ns;         /* NEVER: no timer */
    int64_t paused_ns;        /* until then */
    int64_t last_ns;          /* when its last request arrives: they keep their order */
    uint32_t connection;
    uint64_t sent;
};

struct faults {
    int stalls, losses, pauses, crashes, forgets; /* one in so many; 0: never */
};

struct world {
    struct settings settings;
    struct faults faults;
    struct member members[NODES + 1];
    struct flight flights[FLIGHTS];
    struct token holder;
    int64_t expires_ns;
    int64_t renewed_ns; /* when the lock was set or extended last */
    int64_t before_ns;  /* and the last time before it was set */
    int64_t now_ns;
    uint64_t rng;
    uint64_t tokens;
    int leads, resigns, adopted, two_leaders; /* what was seen */
};

/* Below `sides`. */
uint64_t roll(struct world *world, uint64_t sides);

/* A world at 1 ms, all its members started. There is one at a time. */
struct world *new_world(uint64_t seed, struct faults faults, enum holder_id holder_id);

/* What happens next. False: nothing before the end. */
bool happen(struct world *world);

#endif
