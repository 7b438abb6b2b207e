/* A real, private redis-server and one connection to it, by the very code of the processes host. */
#ifndef TESTS_CONFORMANCE_REAL_H
#define TESTS_CONFORMANCE_REAL_H

#include "sim/processes/guardian.h"
#include "sim/processes/link_commands.h"
#include "sim/processes/server.h"

struct real {
    struct guardian guardian;
    struct server_program program;
    struct server server;
    struct link link;
    char error[320];
};

/* Starts a server and waits, with a bound, until it answers. False with a line in real->error. */
bool real_start(struct real *real);
void real_stop(struct real *real);

/* A request through the link, as a process of an election sends it. */
void real_apply(struct real *real, const struct request *request, struct reply *reply);

/* A plain command, words ended by NULL, that must not fail; its answer's integer, if it has one. */
long long real_command(struct real *real, const char *const words[]);

/* The wall clock in ms, which is the server's clock too: they share a machine. */
int64_t real_clock_ms(void);

#endif
