/* A listener: the socket at which one process finds the relay instead of its Redis.
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
    int fd; /* listens; -1 when closed */
    uint8_t state;
    /* connections of our own that fill the queue of those who wait */
    int stuffing[LISTENER_STUFFING];
    int stuffed;
};

/* The path of a process's listener that stands for a server. */
void listener_path(const char *folder, uint16_t id, uint8_t server, char path[108]);

/* Fills the struct with a listener that is closed. */
void listener_init(struct listener *listener, const char *folder, uint16_t id, uint8_t server);

/* Brings it into a state. False: the system refuses, errno set. */
bool listener_set(struct listener *listener, enum listener_state state);

/* Somebody who has come in (a non-blocking socket), or -1: nobody, errno EAGAIN, or an error. */
int listener_accept(const struct listener *listener);

#endif
