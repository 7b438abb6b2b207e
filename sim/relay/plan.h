/* What a relay is to do; set before it is forked. */
#ifndef HUSTINGS_RELAY_PLAN_H
#define HUSTINGS_RELAY_PLAN_H

#include <stdint.h>
#include <sys/socket.h>

struct relay_plan {
    const char *folder;  /* where its listeners are; it exists */
    const uint16_t *ids; /* the processes that go through it, ascending */
    uint32_t count;
    struct sockaddr_storage redis; /* where the Redis is */
    socklen_t redis_length;
    uint64_t seed; /* of the trial: for jitter */
    int control;   /* its end of a SOCK_SEQPACKET pair, whose other end is the driver's */
};

#endif
