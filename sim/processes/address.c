/* Connecting to a Redis. See address.h; its URLs: url.c. */
#include "sim/processes/address.h"
#include "sim/text/errors.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool address_copy(char *to, size_t size, const char *from, size_t length)
{
    assert(size > 0);
    if (length >= size) {
        return false;
    }
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

bool address_of_socket(const char *path, struct address *address)
{
    *address = (struct address){0};
    snprintf(address->shown, sizeof address->shown, "unix://%s", path);
    return address_copy(address->path, sizeof address->path, path, strlen(path));
}

static int close_failed(int fd)
{
    int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    errno = why;
    return -1;
}

/* On a Unix socket whose backlog is full the kernel says EAGAIN. */
static enum connect_result begin(const struct sockaddr *to, socklen_t length, int *fd)
{
    *fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd >= 0 && connect(*fd, to, length) == 0) {
        return CONNECT_DONE;
    }
    if (*fd >= 0 && errno == EINPROGRESS) {
        return CONNECT_BEGUN;
    }
    bool no_room = *fd >= 0 && errno == EAGAIN && to->sa_family == AF_UNIX;
    *fd = close_failed(*fd);
    return no_room ? CONNECT_NO_ROOM : CONNECT_FAILED;
}

static enum connect_result begin_unix(const struct address *address, int *fd)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    assert(strlen(address->path) < sizeof to.sun_path);
    memcpy(to.sun_path, address->path, strlen(address->path) + 1);
    return begin((const struct sockaddr *)&to, sizeof to, fd);
}

static enum connect_result begin_tcp(const struct address *address, uint32_t *candidate, int *fd,
                                     const char **problem)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[8];
    uint32_t number = 0;
    enum connect_result result = CONNECT_FAILED;
    snprintf(port, sizeof port, "%d", address->port);
    int status = getaddrinfo(address->host, port, &hints, &found);
    errno = 0;
    if (status != 0) {
        *problem = gai_strerror(status);
        return CONNECT_FAILED;
    }
    for (const struct addrinfo *one = found; one && result == CONNECT_FAILED; one = one->ai_next) {
        if (number >= *candidate) {
            result = begin(one->ai_addr, one->ai_addrlen, fd);
            *candidate = number;
        }
        number++;
    }
    int why = errno;
    assert((result == CONNECT_FAILED) == (*fd < 0) || result == CONNECT_NO_ROOM);
    freeaddrinfo(found);
    errno = why;
    if (result == CONNECT_DONE || result == CONNECT_BEGUN) {
        int yes = 1;
        setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    return result;
}

static void say(const struct address *address, const char *problem, char *error, size_t error_size)
{
    snprintf(error, error_size, "%.200s: %s", address->shown, problem);
}

enum connect_result address_begin(const struct address *address, uint32_t *candidate, int *fd,
                                  char *error, size_t error_size)
{
    const char *problem = NULL;
    errno = 0;
    *fd = -1;
    assert(address->path[0] || address->host[0]);
    enum connect_result result =
        address->path[0] ? begin_unix(address, fd) : begin_tcp(address, candidate, fd, &problem);
    /* With no candidate left, the last one has said why. */
    if (result == CONNECT_FAILED && (problem || errno != 0)) {
        say(address, problem ? problem : error_words(errno), error, error_size);
    }
    return result;
}

bool address_is_connected(const struct address *address, int fd, char *error, size_t error_size)
{
    int why = 0;
    assert(fd >= 0);
    socklen_t size = sizeof why;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size) != 0) {
        why = errno;
    }
    if (why != 0) {
        say(address, error_words(why), error, error_size);
    }
    return why == 0;
}
