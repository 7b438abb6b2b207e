/* What the relay process keeps: its lines, their connections, and what it waits for. Between the
 * files of this room: relay.c is above traffic.c, that above server_monitor.c, that above lines.c,
 * and all are above state.c. */
#ifndef HUSTINGS_RELAY_STATE_H
#define HUSTINGS_RELAY_STATE_H

#include "sim/relay/channel.h"
#include "sim/relay/control.h"
#include "sim/relay/listener.h"
#include "sim/relay/plan.h"
#include "sim/relay/tap.h"

enum source_kind {
    SOURCE_CONTROL,
    SOURCE_TIMER,
    SOURCE_LISTENER,
    SOURCE_SIDE,
    SOURCE_MONITOR,
    SOURCE_WITNESS
};

/* A descriptor in the epoll set. */
struct source {
    uint8_t kind; /* enum source_kind */
    uint8_t way;  /* SOURCE_SIDE: whose sender it is */
    int fd;
    uint32_t watched; /* for these events; 0: not in the set */
    void *owner;      /* SOURCE_LISTENER: its line; SOURCE_SIDE: its connection; SOURCE_MONITOR: the
                       * server that it watches; of others NULL */
};

struct line;

/* A Redis behind the relay. */
struct upstream {
    uint8_t server;
    bool away;             /* it is not there: its listeners are closed */
    struct source monitor; /* fd -1: there is none */
    int64_t watching_ns;   /* since when it is connected */
    uint32_t falls;        /* how many have hardly stood, with no refusal in between */
    int64_t look_ns;       /* when to look for the Redis; INT64_MAX: when the monitor falls */
};

/* A process's connection, and its own connection to the Redis. sides[way] is the sender of `way`:
 * sides[WAY_REQUESTS] the process, sides[WAY_REPLIES] the Redis. */
struct connection {
    struct line *line;
    struct tap *tap; /* owned; NULL: it is no stranger's */
    struct channel channel;
    struct channel_ear ear;
    const struct relay_witness *witness; /* or NULL */
    struct source sides[WAYS];
    bool connecting;     /* to the Redis; nothing is passed on yet */
    int64_t retry_ns;    /* when to try again; 0: the kernel tells when it is connected */
    bool blocked[WAYS];  /* the receiver of this way has no room */
    bool said_end[WAYS]; /* the receiver of this way was told of the end */
    bool dead;
    struct connection *next, **link; /* of its line */
};

/* A member whose traffic is read. */
struct stranger {
    uint16_t id;
    struct witness_standing standing; /* of its traffic */
};

/* All that goes through the relay between one process and one server. */
struct line {
    uint16_t id;
    struct upstream *upstream;
    struct link_faults link_faults;
    struct listener listener;
    struct source accepts;
    struct connection *connections;
    struct stranger *stranger; /* NULL: it is none */
    struct belief belief;      /* of a stranger, for this server */
};

struct relay {
    const struct relay_plan *plan;
    int epoll;
    struct source control, timer;
    struct source witness; /* readable: ask it whether those who stand may go on */
    struct line *lines;    /* plan->count × plan->servers of them, by process, then server */
    uint32_t line_count;
    struct upstream upstreams[SERVERS_MAX]; /* plan->servers of them */
    struct stranger *strangers;             /* plan->count of them, one for each process; or NULL */
    uint64_t taps;                          /* connections of strangers so far */
    struct talk_shared shared;              /* of all taps */
    struct connection *graves; /* dead, to be freed when nobody can speak of them any more */
    int64_t now_ns;            /* CLOCK_MONOTONIC */
    int64_t due_ns;            /* the timer rings then; INT64_MAX: it does not */
};

/* --- what all of them need, state.c ----------------------------------------------------------- */

/* Answers the driver. */
void relay_answer(const struct relay *relay, const struct relay_answer *answer);

/* Ends the relay: the world failed, errno says how. */
_Noreturn void relay_die(const struct relay *relay, const char *what);

/* Has the epoll set watch a source for these events; 0: not at all. */
void relay_watch(struct relay *relay, struct source *source, uint32_t events);

/* Something is to be done at this time, at the latest. */
void relay_remind(struct relay *relay, int64_t at_ns);

/* A socket that is connected to the Redis (errno 0), or about to be (errno EINPROGRESS), or must be
 * tried again (EAGAIN: its queue is full); -1: the Redis is not there. */
int relay_reach_redis(const struct relay *relay, const struct upstream *upstream);

/* --- lines, lines.c --------------------------------------------------------------------------- */

/* Brings a line's listener, or all of a server, into the state that their links and the Redis are
 * in. */
void line_mind_listener(struct relay *relay, struct line *line);
void lines_mind_listeners(struct relay *relay, const struct upstream *upstream);

/* --- connections, traffic.c ------------------------------------------------------------------- */

/* A process has come in by a line's listener. */
void traffic_welcome(struct relay *relay, struct line *line, int fd);

/* Something is to be had from a side, or can be passed on to it. */
void traffic_event(struct relay *relay, struct source *side, uint32_t events);

/* Passes on what may be passed on by now. */
void traffic_settle(struct relay *relay, struct connection *connection);

/* A stranger's traffic, which stood, goes on: all its connections but for what its sender has taken
 * with him. */
void traffic_go_on(struct relay *relay, struct connection *connection);

/* Reads what has come from its sides by now; some of it may have been meant to be lost. */
void traffic_drain(struct relay *relay, struct connection *connection);

/* Frees the dead. */
void traffic_bury(struct relay *relay);

/* --- whether a Redis is there, server_monitor.c ----------------------------------------------- */

/* Looks now, and connects a monitor. Call when the Redis refused a connection, or closed one: if
 * it is away, listeners close until it is back. */
void monitor_look(struct relay *relay, struct upstream *upstream);

/* The monitor's connection has ended. */
void monitor_fell(struct relay *relay, struct upstream *upstream);

/* Looks if it is time to; the timer has rung. */
void monitor_mind(struct relay *relay, struct upstream *upstream);

#endif
