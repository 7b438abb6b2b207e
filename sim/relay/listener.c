/* A listener. See listener.h.
 *
 * A Unix socket's queue of those who wait to be let in has a length; when it is full, connecting
 * hangs. With the shortest one, a connection or two of our own fill it. */
#include "sim/relay/listener.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void listener_path(const char *folder, uint16_t id, uint8_t server, char path[108])
{
    snprintf(path, 108, "%.90s/%u-%u", folder, id, server);
}

void listener_init(struct listener *listener, const char *folder, uint16_t id, uint8_t server)
{
    *listener = (struct listener){.fd = -1, .state = LISTENER_CLOSED};
    listener_path(folder, id, server, listener->path);
}

static struct sockaddr_un address_of(const struct listener *listener)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, listener->path, sizeof address.sun_path);
    return address;
}

static bool open_listener(struct listener *listener)
{
    struct sockaddr_un address = address_of(listener);
    assert(listener->fd < 0);
    listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener->fd < 0) {
        return false;
    }
    unlink(listener->path);
    return bind(listener->fd, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(listener->fd, 0) == 0;
}

static void close_listener(struct listener *listener)
{
    if (listener->fd >= 0) {
        close(listener->fd);
        listener->fd = -1;
    }
}

static bool stuff(struct listener *listener)
{
    struct sockaddr_un address = address_of(listener);
    assert(listener->fd >= 0 && listener->stuffed == 0);
    while (listener->stuffed < LISTENER_STUFFING) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            return false;
        }
        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
            bool full = errno == EAGAIN;
            close(fd);
            return full;
        }
        listener->stuffing[listener->stuffed++] = fd;
    }
    errno = ENOBUFS;
    return false;
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
    return state == LISTENER_OPEN || stuff(listener);
}

/* What we stuffed it with is not let in. */
static bool is_ours(int fd)
{
    struct ucred who;
    socklen_t size = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.pid == getpid();
}

int listener_accept(const struct listener *listener)
{
    assert(listener->state == LISTENER_OPEN && listener->fd >= 0);
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) {
            continue;
        }
        if (fd < 0 || !is_ours(fd)) {
            return fd;
        }
        close(fd);
    }
}
