/* A private redis-server: on a Unix socket in a folder of its own, without TCP unless a port is
 * asked for, without a config file, gone with the trial. */
#ifndef HUSTINGS_PROCESSES_SERVER_H
#define HUSTINGS_PROCESSES_SERVER_H

#include "sim/processes/address.h"
#include "sim/processes/guardian.h"
#include "sim/processes/preload.h"
#include "sim/scenario/scenario.h"

/* As far as the driver knows. */
enum server_state {
    SERVER_BOOTS,   /* started; does not answer yet */
    SERVER_UP,      /* answers */
    SERVER_STALLED, /* stopped by a fault */
    SERVER_DOWN     /* killed by a fault */
};

struct server {
    pid_t pid;        /* 0: none */
    char folder[112]; /* its log, socket and, in `data`, what it keeps */
    struct address address;
    uint8_t state;   /* enum server_state */
    int64_t gone_ns; /* when it died last, CLOCK_MONOTONIC */
    struct preloading preloading;
};

/* What program to run. */
struct server_program {
    char path[512]; /* what is executed */
    char name[64];  /* under which name: "redis-server", … */
};

/* How to run it. */
struct server_options {
    const struct server_program *program;
    const struct guardian *guardian;
    uint32_t clients; /* room for so many connections */
    uint16_t port;    /* of TCP, on 127.0.0.1 as well; 0: none */
    enum persistence persistence;
    bool preload; /* with the library of preload.h */
    bool oom;     /* without memory for anything that would be stored */
    bool refuses; /* whatever writes, for want of replicas */
};

/* Finds the program: `wanted` if given (a path, or a name on PATH), else redis-server,
 * valkey-server or keydb-server on PATH, else a redis-server beside this executable, else Debian's
 * redis-check-rdb, which is the server under another name. False with one line in `error`: what to
 * install. */
bool server_find(const char *wanted, struct server_program *program, char *error,
                 size_t error_size);

/* Forks and executes it, with files in `folder` (made here). It is not yet up: connect until it
 * answers. False with one line in `error`. */
bool server_start(struct server *server, const struct server_options *options, const char *folder,
                  char *error, size_t error_size);

/* Forks and executes it again, after its death: same socket, same files. False as above. */
bool server_start_again(struct server *server, const struct server_options *options, char *error,
                        size_t error_size);

/* Where its files are that a loss of power can harm. */
void server_data(const struct server *server, char *path, size_t size);

/* Kills it, waits for its end, removes its files. */
void server_stop(struct server *server);

/* The last line of its log, for an error message. */
void server_last_words(const struct server *server, char *text, size_t size);

#endif
