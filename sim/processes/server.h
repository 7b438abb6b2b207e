/* A private redis-server: on a Unix socket in a folder of its own, without TCP, without a config
 * file, gone with the trial. */
#ifndef HUSTINGS_SERVER_H
#define HUSTINGS_SERVER_H

#include "sim/processes/address.h"
#include "sim/processes/guardian.h"
#include "sim/scenario/scenario.h"

struct server {
    pid_t pid;        /* 0: none */
    char folder[112]; /* its files */
    struct address address;
};

/* What program to run. */
struct server_program {
    char path[512]; /* what is executed */
    char name[64];  /* under which name: "redis-server", … */
};

/* Finds the program: `wanted` if given (a path, or a name on PATH), else redis-server,
 * valkey-server or keydb-server on PATH, else a redis-server beside this executable, else Debian's
 * redis-check-rdb, which is the server under another name. False with one line in `error`: what to
 * install. */
bool server_find(const char *wanted, struct server_program *program, char *error,
                 size_t error_size);

/* Forks and executes it, with files in `folder` (made here) and room for `clients` connections. It
 * is not yet up: connect until it answers. False with one line in `error`. */
bool server_start(struct server *server, const struct server_program *program,
                  const struct guardian *guardian, const char *folder, uint32_t clients,
                  enum persistence persistence, char *error, size_t error_size);

/* Kills it, waits for its end, removes its files. */
void server_stop(struct server *server);

/* The last line of its log, for an error message. */
void server_last_words(const struct server *server, char *text, size_t size);

#endif
