/* A door: the socket at which one process finds the relay instead of its Redis.
 *
 * It behaves as the Redis's own would from where the process stands: it lets in; or connecting
 * hangs, because the link is cut; or connecting is refused, because the Redis is not there.
 */
#ifndef HUSTINGS_RELAY_DOOR_H
#define HUSTINGS_RELAY_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum door_state {
    DOOR_CLOSED, /* refuses */
    DOOR_OPEN,
    DOOR_STUFFED /* nobody gets in, and nobody is told so */
};

#define DOOR_STUFFING 4

struct door {
    char path[108];
    int fd; /* listens; -1 when closed */
    uint8_t state;
    int stuffing[DOOR_STUFFING]; /* connections of our own that fill the queue of those who wait */
    int stuffed;
};

/* The path of a process's door. */
void door_path(const char *folder, uint16_t id, char path[108]);

/* Fills the struct with a door that is closed. */
void door_init(struct door *door, const char *folder, uint16_t id);

/* Brings it into a state. False: the system refuses, errno set. */
bool door_set(struct door *door, enum door_state state);

/* Somebody who has come in (a non-blocking socket), or -1: nobody, errno EAGAIN, or an error. */
int door_accept(const struct door *door);

#endif
