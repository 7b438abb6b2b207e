/* In which database of the Redis a stranger's connection is, and in which the lock. A key of the
 * lock's name in another database is another key.
 *
 *     SELECT n         the connection is in n from now on; if that is refused, nobody knows where,
 *                      and what is about the lock from then on is `obscure`; likewise if it
 *                      wants no answer
 *     RESET            in 0
 *     MULTI … DISCARD  where it was at MULTI
 *
 * The lock is where a stranger first asks for it; before that, where the members are sent to. Who
 * asks for it in a second database is `obscure`: which of them is the lock, nobody knows. What is
 * obscure by itself, as a script that nobody knows, does not show where the lock is.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_WILD_DATABASE_H
#define HUSTINGS_WILD_DATABASE_H

#include "sim/wild/request.h"

#define DATABASE_UNKNOWN (-1)

/* Of a connection. Begin with a zeroed one. */
struct database {
    int64_t number;   /* or DATABASE_UNKNOWN */
    int64_t at_multi; /* what it was when MULTI came */
    uint64_t placed;  /* the number of the last command that was placed by it; 0: none */
};

/* Of the lock: one for all connections of a trial. */
struct lock_database {
    int64_t number;
    bool taken; /* somebody has asked for the lock there */
};

/* A command was sent, and recognised; `in_multi`: it is put off. */
void database_sent(struct database *database, const struct resp_message *command,
                   const struct wild_request *request, bool in_multi);

/* The command of that number was refused, or nobody will know. Returns whether some that came after
 * it were placed wrongly meanwhile, perhaps: in a pipeline, they are sent before the answer. */
bool database_refused(struct database *database, const struct wild_request *request,
                      uint64_t number);

/* Makes a request `elsewhere` that is about another database than the lock's, and `obscure` if
 * nobody can tell which one it is about.
 * `number`: the command's on its connection, from 1. */
void database_place(struct database *database, struct lock_database *lock,
                    struct wild_request *request, uint64_t number);

#endif
