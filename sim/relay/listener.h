/* A listener: the socket at which one process finds the relay instead of its Redis. It is a Unix
 * socket, or for strangers, many of whose clients know no other, a port of 127.0.0.1.
 *
 * It behaves as the Redis's own would from where the process stands: it lets in; or connecting
 * hangs, because the link is cut; or connecting is refused, because the Redis is not there.
 */
#ifndef HUSTINGS_RELAY_LISTENER_H
#define HUSTINGS_RELAY_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum listener_state {
    LISTENER_CLOSED, /* refuses */
    LISTENER_OPEN,
    LISTENER_STUFFED /* nobody gets in, and nobody is told so */
};

#define LISTENER_STUFFING 4

struct listener {
    char path[108];
    uint16_t port; /* 0: it listens at the path */
    int fd;        /* listens; -1 when closed */
    uint8_t state;
    /* connections of our own that fill the queue of those who wait; and, while some of them may
     * still be in there, their ports */
    int stuffing[LISTENER_STUFFING];
    int stuffed;
    uint16_t own_ports[LISTENER_STUFFING];
};

/* The path of a process's listener that stands for a server. */
void listener_path(const char *folder, uint16_t id, uint8_t server, char path[108]);

/* Fills the struct with a listener that is closed. `port` 0: at listener_path(). */
void listener_init(struct listener *listener, const char *folder, uint16_t id, uint8_t server,
                   uint16_t port);

/* Finds a free port of 127.0.0.1 and keeps others from taking it as long as the descriptor that it
 * returns is open; connecting is refused there until a listener is opened. -1: errno. */
int listener_reserve(uint16_t *port);

/* Brings it into a state. False: the system refuses, errno set. */
bool listener_set(struct listener *listener, enum listener_state state);

/* Somebody who has come in (a non-blocking socket), or -1: nobody, errno EAGAIN, or an error. */
int listener_accept(struct listener *listener);

#endif
