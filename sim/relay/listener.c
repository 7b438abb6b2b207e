/* A listener. See listener.h.
 *
 * A socket's queue of those who wait to be let in has a length; when it is full, connecting hangs.
 * With the shortest one, a connection or two of our own fill it. */
#include "sim/relay/listener.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How many wait to be let in at a port. */
#define PORT_QUEUE 128

void listener_path(const char *folder, uint16_t id, uint8_t server, char path[108])
{
    snprintf(path, 108, "%.90s/%u-%u", folder, id, server);
}

void listener_init(struct listener *listener, const char *folder, uint16_t id, uint8_t server,
                   uint16_t port)
{
    *listener = (struct listener){.fd = -1, .state = LISTENER_CLOSED, .port = port};
    listener_path(folder, id, server, listener->path);
}

/* --- both kinds ------------------------------------------------------------------------------- */

union address {
    struct sockaddr any;
    struct sockaddr_un path;
    struct sockaddr_in port;
};

static socklen_t address_of(const struct listener *listener, union address *address)
{
    memset(address, 0, sizeof *address);
    if (listener->port) {
        address->port.sin_family = AF_INET;
        address->port.sin_port = htons(listener->port);
        address->port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return sizeof address->port;
    }
    address->path.sun_family = AF_UNIX;
    memcpy(address->path.sun_path, listener->path, sizeof address->path.sun_path);
    return sizeof address->path;
}

static int new_socket(const struct listener *listener)
{
    int family = listener->port ? AF_INET : AF_UNIX;
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Several may be bound to a port as long as none of them listens. */
static void share_port(int fd)
{
    int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

int listener_reserve(uint16_t *port)
{
    union address address = {0};
    socklen_t size = sizeof address;
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    share_port(fd);
    if (bind(fd, (struct sockaddr *)&any, sizeof any) != 0 ||
        getsockname(fd, &address.any, &size) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(address.port.sin_port);
    return fd;
}

static bool open_listener(struct listener *listener)
{
    union address address;
    socklen_t size = address_of(listener, &address);
    assert(listener->fd < 0);
    listener->fd = new_socket(listener);
    if (listener->fd < 0) {
        return false;
    }
    if (listener->port) {
        share_port(listener->fd);
    } else {
        unlink(listener->path);
    }
    return bind(listener->fd, &address.any, size) == 0 && listen(listener->fd, 0) == 0;
}

static void close_listener(struct listener *listener)
{
    if (listener->fd >= 0) {
        close(listener->fd);
        listener->fd = -1;
    }
}

/* Of a port, who comes when the queue is full is not told so, but asks again and again: all of ours
 * may go there, and need not be waited for. */
static bool stuff(struct listener *listener)
{
    union address address;
    socklen_t size = address_of(listener, &address);
    assert(listener->fd >= 0 && listener->stuffed == 0);
    while (listener->stuffed < LISTENER_STUFFING) {
        int fd = new_socket(listener);
        if (fd < 0) {
            return false;
        }
        if (connect(fd, &address.any, size) != 0 && errno != EINPROGRESS) {
            bool full = errno == EAGAIN;
            close(fd);
            return full;
        }
        union address own = {0};
        socklen_t own_size = sizeof own;
        getsockname(fd, &own.any, &own_size);
        listener->own_ports[listener->stuffed] = listener->port ? own.port.sin_port : 0;
        listener->stuffing[listener->stuffed++] = fd;
    }
    errno = ENOBUFS;
    return listener->port != 0;
}

static void unstuff(struct listener *listener)
{
    while (listener->stuffed > 0) {
        close(listener->stuffing[--listener->stuffed]);
    }
    assert(listener->stuffed == 0);
}

bool listener_set(struct listener *listener, enum listener_state state)
{
    if (listener->state == state) {
        return true;
    }
    assert((listener->fd >= 0) == (listener->state != LISTENER_CLOSED));
    assert(listener->stuffed == 0 || listener->state == LISTENER_STUFFED);
    listener->state = (uint8_t)state;
    unstuff(listener);
    if (state == LISTENER_CLOSED) {
        close_listener(listener);
        return true;
    }
    if (listener->fd < 0 && !open_listener(listener)) {
        return false;
    }
    /* A queue of a port that is full lets others wait for a second, so it has more room while it is
     * open. */
    bool open = state == LISTENER_OPEN;
    if (listener->port && listen(listener->fd, open ? PORT_QUEUE : 0) != 0) {
        return false;
    }
    return open || stuff(listener);
}

/* What we stuffed it with is not let in. */
static bool is_ours(const struct listener *listener, int fd)
{
    if (!listener->port) {
        struct ucred who;
        socklen_t size = sizeof who;
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.pid == getpid();
    }
    union address peer = {0};
    socklen_t size = sizeof peer;
    getpeername(fd, &peer.any, &size);
    for (size_t i = 0; i < LISTENER_STUFFING; i++) {
        if (peer.port.sin_port != 0 && listener->own_ports[i] == peer.port.sin_port) {
            return true;
        }
    }
    return false;
}

static void hurry(const struct listener *listener, int fd)
{
    int yes = 1;
    if (listener->port) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
}

int listener_accept(struct listener *listener)
{
    assert(listener->state == LISTENER_OPEN && listener->fd >= 0);
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) {
            continue;
        }
        if (fd < 0 && errno == EAGAIN) { /* none of ours is in there any more */
            memset(listener->own_ports, 0, sizeof listener->own_ports);
        }
        if (fd < 0 || !is_ours(listener, fd)) {
            if (fd >= 0) {
                hurry(listener, fd);
            }
            return fd;
        }
        close(fd);
    }
}
