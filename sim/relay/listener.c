/* A door. See door.h.
 *
 * A Unix socket's queue of those who wait to be let in has a length; when it is full, connecting
 * hangs. With the shortest one, a connection or two of our own fill it. */
#include "sim/relay/door.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void door_path(const char *folder, uint16_t id, char path[108])
{
    snprintf(path, 108, "%.90s/%u", folder, id);
}

void door_init(struct door *door, const char *folder, uint16_t id)
{
    *door = (struct door){.fd = -1, .state = DOOR_CLOSED};
    door_path(folder, id, door->path);
}

static struct sockaddr_un address_of(const struct door *door)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, door->path, sizeof address.sun_path);
    return address;
}

static bool open_door(struct door *door)
{
    struct sockaddr_un address = address_of(door);
    door->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (door->fd < 0) {
        return false;
    }
    unlink(door->path);
    return bind(door->fd, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(door->fd, 0) == 0;
}

static void close_door(struct door *door)
{
    if (door->fd >= 0) {
        close(door->fd);
        door->fd = -1;
    }
}

static bool stuff(struct door *door)
{
    struct sockaddr_un address = address_of(door);
    while (door->stuffed < DOOR_STUFFING) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            return false;
        }
        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
            bool full = errno == EAGAIN;
            close(fd);
            return full;
        }
        door->stuffing[door->stuffed++] = fd;
    }
    errno = ENOBUFS;
    return false;
}

static void unstuff(struct door *door)
{
    while (door->stuffed > 0) {
        close(door->stuffing[--door->stuffed]);
    }
}

bool door_set(struct door *door, enum door_state state)
{
    if (door->state == state) {
        return true;
    }
    door->state = (uint8_t)state;
    unstuff(door);
    if (state == DOOR_CLOSED) {
        close_door(door);
        return true;
    }
    if (door->fd < 0 && !open_door(door)) {
        return false;
    }
    return state == DOOR_OPEN || stuff(door);
}

/* What we stuffed it with is not let in. */
static bool is_ours(int fd)
{
    struct ucred who;
    socklen_t size = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.pid == getpid();
}

int door_accept(const struct door *door)
{
    for (;;) {
        int fd = accept4(door->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) {
            continue;
        }
        if (fd < 0 || !is_ours(fd)) {
            return fd;
        }
        close(fd);
    }
}
