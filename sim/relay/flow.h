/* One direction of a connection through the relay: what has come and is still to be passed on. What
 * is done to it is a channel's to say, see channel.h. */
#ifndef HUSTINGS_RELAY_FLOW_H
#define HUSTINGS_RELAY_FLOW_H

#include "sim/host/link_faults.h"
#include "sim/resp/reader.h"

/* A command, as it is held against patterns. */
struct command_name {
    char name[PATTERN_NAME];
    char key[RESP_KEPT + 1];
};

struct message {
    size_t size;    /* bytes that are still to be passed on */
    uint64_t unmet; /* a request's number that has still to meet what lies in wait; 0: none */
    struct command_name named; /* of an unmet one */
    struct hold hold;
};

struct flow {
    struct resp_reader reader;
    char *bytes; /* owned; [begin, end): what is to be passed on */
    size_t begin, end, capacity;
    size_t part;              /* the last so many bytes are of a message that is not whole yet */
    struct message *messages; /* owned; [first, last) */
    size_t first, last, room;
    uint64_t queued, passed; /* messages so far */
    bool ended;              /* its sender has closed: the last message is that */
    bool deaf;               /* its receiver has gone: what comes is dropped */
    bool silent;             /* something of it was lost: so is all that comes after, but the end */
};

/* What waits lies within what there is room for; the end of an ended one is still to be told. For
 * assertions. */
bool flow_is_sound(const struct flow *flow);

/* Makes room at the end for so many bytes, or for a message more. False: memory is out. */
bool flow_reserve_bytes(struct flow *flow, size_t size);
bool flow_reserve_message(struct flow *flow);

/* What has come of a message that is not whole is lost, and all that will come. */
void flow_fall_silent(struct flow *flow);

/* Loses this message, of those that wait, and all behind it, but the end. */
void flow_lose_from(struct flow *flow, size_t message);

/* Loses what is under way this way, but the end. True if there was anything. */
bool flow_lose_all(struct flow *flow);

#endif
