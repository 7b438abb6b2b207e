/* Redis URLs, and connecting to them. See address.h. */
#include "sim/processes/address.h"
#include "sim/text/errors.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
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

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes %xx in place. */
static bool unescape(char *text)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        int high = hex_value(in[1]);
        int low = high < 0 ? -1 : hex_value(in[2]);
        if (low < 0) {
            return false;
        }
        *out++ = (char)(high * 16 + low);
        in += 2;
    }
    *out = '\0';
    return true;
}

static bool number(const char *text, int low, int high, int *value)
{
    char *end;
    errno = 0;
    long parsed = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || errno || parsed < low || parsed > high) {
        return false;
    }
    *value = (int)parsed;
    return true;
}

static bool parse_credentials(const char *text, size_t length, struct address *address)
{
    const char *colon = memchr(text, ':', length);
    size_t user = colon ? (size_t)(colon - text) : length;
    if (!copy(address->user, sizeof address->user, text, user) || !unescape(address->user)) {
        return false;
    }
    return !colon ||
           (copy(address->password, sizeof address->password, colon + 1, length - user - 1) &&
            unescape(address->password));
}

/* host, host:port or [v6]:port */
static bool parse_host(const char *text, size_t length, struct address *address)
{
    char place[300];
    if (!copy(place, sizeof place, text, length)) {
        return false;
    }
    char *host = place;
    char *port = NULL;
    if (*place == '[') {
        char *close = strchr(place, ']');
        if (!close || (close[1] != '\0' && close[1] != ':')) {
            return false;
        }
        host = place + 1;
        *close = '\0';
        port = close[1] == ':' ? close + 2 : NULL;
    } else if ((port = strchr(place, ':'))) {
        *port++ = '\0';
    }
    if (port && !number(port, 1, 65535, &address->port)) {
        return false;
    }
    return copy(address->host, sizeof address->host, *host ? host : "127.0.0.1",
                strlen(*host ? host : "127.0.0.1"));
}

static bool parse_tcp(const char *rest, struct address *address)
{
    size_t length = strcspn(rest, "/?");
    const char *at = NULL;
    for (size_t i = 0; i < length; i++) {
        at = rest[i] == '@' ? rest + i : at;
    }
    address->port = 6379;
    if (at && !parse_credentials(rest, (size_t)(at - rest), address)) {
        return false;
    }
    const char *host = at ? at + 1 : rest;
    if (!parse_host(host, length - (size_t)(host - rest), address)) {
        return false;
    }
    const char *db = rest + length;
    if (*db == '/' && db[1] != '\0' && !number(db + 1, 0, 1 << 20, &address->db)) {
        return false;
    }
    if (*db == '?') {
        return false;
    }
    snprintf(address->shown, sizeof address->shown, "redis://%s:%d/%d", address->host,
             address->port, address->db);
    return true;
}

static bool parse_unix(const char *rest, struct address *address)
{
    size_t length = strcspn(rest, "?");
    if (length == 0 || *rest != '/' || !copy(address->path, sizeof address->path, rest, length) ||
        !unescape(address->path)) {
        return false;
    }
    if (rest[length] == '?' && (strncmp(rest + length, "?db=", 4) != 0 ||
                                !number(rest + length + 4, 0, 1 << 20, &address->db))) {
        return false;
    }
    snprintf(address->shown, sizeof address->shown, "unix://%s", address->path);
    return true;
}

bool address_parse(const char *url, struct address *address, char *error, size_t error_size)
{
    bool good = false;
    *address = (struct address){0};
    if (strncmp(url, "redis://", 8) == 0) {
        good = parse_tcp(url + 8, address);
    } else if (strncmp(url, "unix://", 7) == 0) {
        good = parse_unix(url + 7, address);
    }
    if (!good) {
        snprintf(error, error_size,
                 "this is no Redis URL; write redis://[user:password@]host[:port][/db] or "
                 "unix:///path/to/socket[?db=n]");
        return false;
    }
    const char *secret = getenv("HUSTINGS_REDIS_PASSWORD");
    if (secret && address->password[0] == '\0') {
        snprintf(address->password, sizeof address->password, "%s", secret);
    }
    return true;
}

/* Where the credentials of a URL begin, and the @ behind them; NULL: there are none. Whatever is
 * before the last @ may be a part of a password, however oddly it is written. */
static const char *credentials(const char *url, const char **at)
{
    const char *scheme = strstr(url, "://");
    *at = strrchr(url, '@');
    return scheme && *at && scheme < *at ? scheme + 3 : NULL;
}

void address_without_password(const char *url, char *text, size_t size)
{
    const char *at;
    const char *begin = credentials(url, &at);
    if (!begin) {
        snprintf(text, size, "%s", url);
        return;
    }
    size_t user = strcspn(begin, ":@");
    snprintf(text, size, "%.*s%s", (int)(begin + user - url), url, user > 0 ? at : at + 1);
}

void address_blank(char *url)
{
    const char *at;
    const char *begin = credentials(url, &at);
    if (begin) {
        memset(url + (begin - url), '*', (size_t)(at - begin));
    }
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
