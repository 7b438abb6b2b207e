/* What the driver and the relay say to each other, a packet each. */
#ifndef HUSTINGS_RELAY_CONTROL_H
#define HUSTINGS_RELAY_CONTROL_H

#include "sim/faults/fault.h"

#define RELAY_ERROR 160 /* bytes of one line */

struct relay_request {
    bool redis_is_gone; /* no order: the Redis has died just now, and is to be looked for */
    bool is_dead;       /* no order: this process has died */
    uint16_t id;
    uint8_t server;
    struct link_order order;
};

/* The first one, unasked, says that the listeners are open; the last one that the relay ends. */
struct relay_answer {
    bool ends;    /* it ends itself: `error` says why */
    bool changed; /* the order made sense */
    char error[RELAY_ERROR];
};

#endif
