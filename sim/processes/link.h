/* One process's connection to one Redis: typed requests out, typed replies in.
 *
 * Several requests may be outstanding. They go out in the order in which they were asked, and their
 * answers come in that order. Each has a time of its own; when that is up, or the connection
 * breaks, the connection is given up, and all that was outstanding on it ends: as unknown what was
 * sent, as refused what never was. The next request connects anew. So nobody ever reads an answer
 * that belongs to an older request.
 *
 * A script goes as a digest only when it goes alone: nothing else is outstanding, and nothing
 * follows before its answer is there. A server that has forgotten it (NOSCRIPT) has applied
 * nothing, and is sent the text; if others had followed the digest, they would have been applied
 * before the script that was asked before them.
 *
 * Whoever waits for several things at once asks, polls and turns the link; nothing of that waits:
 *
 *     link_ask() … poll(link_polled(), until link_due()) … link_turn() … link_answered()
 *
 * Whoever does one thing at a time, and waits for it, has link_commands.h.
 */
#ifndef HUSTINGS_PROCESSES_LINK_H
#define HUSTINGS_PROCESSES_LINK_H

#include "sim/processes/connection.h"

/* Asks; connects first if need be. `number` is the caller's, and comes back with the answer.
 * `alone`: the caller asks this server nothing else at this moment. False: memory is out, and
 * nothing was done. */
bool link_ask(struct link *link, const struct request *request, uint32_t number, bool alone);

/* Nobody waits for the answers to these requests (bits 1u << tag) any more. They are still read. */
void link_drop(struct link *link, uint32_t tags);

/* When to call link_turn() and link_answered() at the latest, CLOCK_MONOTONIC; INT64_MAX: there is
 * nothing to wait for. */
int64_t link_due(const struct link *link);

/* Goes on as far as it can; `events`: what poll() has found on it. */
void link_turn(struct link *link, short events);

/* The time of all that is outstanding begins anew: the process was stopped, and goes on. */
void link_begin_anew(struct link *link);

/* How a request ended. */
struct link_answer {
    struct outstanding asked;
    struct reply reply; /* a ballot's votes live until the next answer is taken */
    bool refused;       /* by the server: its words are in link->error */
};

/* Takes the end of the request that was asked first, if that is there. */
bool link_answered(struct link *link, struct link_answer *answer);

#endif
