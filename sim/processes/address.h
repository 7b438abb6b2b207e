/* Where a Redis is:
 *
 *     redis://[[user]:password@]host[:port][/db]    db also as ?db=n; valkey:// is the same
 *     unix:/path/to/socket[?db=n]                   also unix://[[user]:password@]/path/to/socket
 *
 * What is special in a user, a password or a path is written %xx. The password may also come from
 * the environment, HUSTINGS_REDIS_PASSWORD; it is never printed.
 */
#ifndef HUSTINGS_PROCESSES_ADDRESS_H
#define HUSTINGS_PROCESSES_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
    char path[108]; /* of a Unix socket; empty: TCP */
    char host[256];
    int port;
    int db;
    char user[128];     /* empty: the default user */
    char password[256]; /* empty: none */
    char shown[512];    /* the URL without its password, for people */
};

/* False with one line in `error` (which never has the password): the URL, which part of it is
 * wrong, and what a right one looks like. */
bool address_parse(const char *url, struct address *address, char *error, size_t error_size);

/* A URL as it may be shown and typed again: without its password, which then comes from the
 * environment. What is no URL stays as it is. */
void address_without_password(const char *url, char *text, size_t size);

/* Overwrites the credentials in a word of our own command line, which is what ps shows. */
void address_blank(char *url);

/* In a forked child, which has taken from the environment what it needs: takes the password out of
 * it, and out of what /proc/PID/environ shows. */
void address_forget_password(void);

/* The address of a Unix socket; false if the path is too long for one. */
bool address_of_socket(const char *path, struct address *address);

/* Copies a part of an address, which need not end with a NUL. False: there is no room for it. */
bool address_copy(char *to, size_t size, const char *from, size_t length);

enum connect_result {
    CONNECT_DONE,
    CONNECT_BEGUN,   /* it is connected, or not, as soon as it can be written to */
    CONNECT_NO_ROOM, /* try again: nobody tells when there is room */
    CONNECT_FAILED
};

/* Begins to connect, without waiting (but for the resolver of a host's name), to the first of the
 * addresses that the host has, from number `candidate` on, which does not refuse at once. `*fd`: a
 * non-blocking, close-on-exec socket; -1 if there is no room, or it failed with one line in
 * `error`. */
enum connect_result address_begin(const struct address *address, uint32_t *candidate, int *fd,
                                  char *error, size_t error_size);

/* Whether a socket of CONNECT_BEGUN that can be written to is connected. False with one line in
 * `error`: it is not, and the next candidate may be tried. */
bool address_is_connected(const struct address *address, int fd, char *error, size_t error_size);

#endif
