/* Connecting to a Redis. See address.h; its URLs: url.c. */
#include "sim/processes/address.h"
#include "sim/text/errors.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static bool copy(char *to, size_t size, const char *from, size_t length)
{
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
    return copy(address->path, sizeof address->path, path, strlen(path));
}

/* A connect that is bounded by the socket's send timeout. On a Unix socket whose backlog is full it
 * waits for room; the kernel says EAGAIN when the time is up. */
static bool connect_within(int fd, const struct sockaddr *to, socklen_t length)
{
    while (connect(fd, to, length) != 0) {
        if (errno != EINTR) {
            return errno == EISCONN;
        }
    }
    return true;
}

static int new_socket(int family, int timeout_ms)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval bound = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000L};
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    }
    return fd;
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

static int connect_unix(const struct address *address, int timeout_ms)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = new_socket(AF_UNIX, timeout_ms);
    memcpy(to.sun_path, address->path, strlen(address->path) + 1);
    if (fd < 0 || !connect_within(fd, (const struct sockaddr *)&to, sizeof to)) {
        return close_failed(fd);
    }
    return fd;
}

static int connect_tcp(const struct address *address, int timeout_ms, const char **problem)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[8];
    int fd = -1;
    snprintf(port, sizeof port, "%d", address->port);
    int status = getaddrinfo(address->host, port, &hints, &found);
    if (status != 0) {
        *problem = gai_strerror(status);
        return -1;
    }
    for (const struct addrinfo *one = found; one && fd < 0; one = one->ai_next) {
        int yes = 1;
        fd = new_socket(one->ai_family, timeout_ms);
        if (fd < 0 || !connect_within(fd, one->ai_addr, one->ai_addrlen)) {
            fd = close_failed(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    freeaddrinfo(found);
    return fd;
}

int address_connect(const struct address *address, int timeout_ms, char *error, size_t error_size)
{
    const char *problem = NULL;
    errno = 0;
    int fd = address->path[0] ? connect_unix(address, timeout_ms)
                              : connect_tcp(address, timeout_ms, &problem);
    if (fd < 0) {
        if (!problem) {
            problem =
                errno == EAGAIN || errno == EINPROGRESS ? "no answer in time" : error_words(errno);
        }
        snprintf(error, error_size, "%.200s: %s", address->shown, problem);
    }
    return fd;
}
