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

/* A connected, blocking, close-on-exec socket whose reads and writes give up after `timeout_ms`; or
 * -1 with one line in `error`. */
int address_connect(const struct address *address, int timeout_ms, char *error, size_t error_size);

#endif
