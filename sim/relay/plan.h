/* What a relay is to do; set before it is forked. */
#ifndef HUSTINGS_RELAY_PLAN_H
#define HUSTINGS_RELAY_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "sim/relay/witness.h"
#include "src/topology.h"

/* Where a Redis is. */
struct relay_redis {
    struct sockaddr_storage at;
    socklen_t length;
};

struct relay_plan {
    const char *folder;  /* where its listeners are; it exists */
    const uint16_t *ids; /* the processes that go through it, ascending */
    uint32_t count;
    uint32_t servers; /* each of these processes goes through it to each of them */
    struct relay_redis redis[SERVERS_MAX];
    /* For each of `ids`, and of these for each server, where its listener is; 0, or NULL for all:
     * in the folder. */
    const uint16_t *ports;
    uint64_t seed; /* of the trial: for jitter */
    /* Strangers, whose traffic is read; `witness` NULL: none of them is one. */
    const bool *strangers; /* for each of `ids` */
    const char *lock_key;  /* in full */
    int database;          /* in which members are to have it */
    const char *prefix;    /* of all keys of the run, behind which patterns look; NULL: none */
    bool outlives;         /* closing the connection on which it took the lock ends no belief */
    const struct relay_witness *witness; /* is called in the relay's process */
    int control; /* its end of a SOCK_SEQPACKET pair, whose other end is the driver's */
};

#endif
