/* The connection of one process to one Redis: opening, reading, writing, breaking. What is asked on
 * it is the business of link.h, whose struct it is.
 *
 *     CLOSED ──link_begin──▶ CONNECTING ──▶ GREETING ──▶ OPEN
 *        ▲                        │    (AUTH, SELECT)     │
 *        └───── BROKEN ◀──────────┴── refused, broken, or somebody's time is up
 *               (what was asked on it is told its end)
 *
 * Nothing in here waits.
 */
#ifndef HUSTINGS_PROCESSES_CONNECTION_H
#define HUSTINGS_PROCESSES_CONNECTION_H

#include <poll.h>

#include "sim/processes/address.h"
#include "sim/processes/refusal.h"
#include "sim/processes/wire.h"

enum link_state {
    LINK_CLOSED,
    LINK_CONNECTING,
    LINK_GREETING,
    LINK_OPEN,
    LINK_BROKEN /* some of its requests have not been told their end */
};

/* A request that was asked and has not been answered. */
struct outstanding {
    struct request request;
    uint32_t number; /* the caller's */
    bool alone;      /* no other of its step goes to this server behind it */
    bool sent;       /* at least in part */
    bool whole;      /* as a script's text, not as its digest */
    bool dropped;    /* nobody waits for its answer */
    int64_t asked_ns, timeout_ns, until_ns;
};

struct link {
    struct address address;
    struct wire_keys keys;
    uint8_t state;    /* enum link_state */
    int timeout_ms;   /* bounds connecting, logging in included; and each request, its whole reply
                         included, however slowly that comes, unless it has a time of its own */
    int64_t until_ns; /* of what waits: CLOCK_MONOTONIC when that has taken too long */
    redisContext *redis;       /* NULL: not connected */
    int connecting_fd;         /* LINK_CONNECTING; -1: to be tried again at retry_ns */
    int64_t retry_ns;          /* INT64_MAX: the kernel tells when it is connected */
    uint32_t candidate;        /* the address tried, of those that the host's name has */
    uint32_t tries;            /* how often there was no room */
    uint32_t greetings;        /* answers to AUTH and SELECT that are still to come */
    uint32_t scripts;          /* bits 1u << enum store_op: the server has run this one's script */
    bool tried;                /* a command of link_try() is on its way */
    bool unwritten;            /* the socket had no room for all that is to go out */
    struct outstanding *asked; /* owned; [first, first + count), in this order */
    size_t first, count, capacity;
    size_t sent; /* the first so many of them are out */
    size_t lost; /* LINK_BROKEN: the first so many of them were asked on this connection */
    struct wire_votes votes;
    /* Why the last connect or request failed; empty if it did not. After an error reply the
     * server's words; after an answer that cannot be read, what is there. */
    char error[REFUSAL_WORDS];
    bool refused_by_server;        /* the last request got an error reply */
    char refused[REFUSAL_COMMAND]; /* the command that got it */
};

/* Why the last connect or request failed, in one line for a person: who refused what, in the
 * server's own words, or why the server cannot be reached; and what to do about it. */
#define LINK_TELLING (REFUSAL_WORDS + 1024)
void link_tell(const struct link *link, char *text, size_t size);

/* Fills the struct; connects nothing yet. */
void link_init(struct link *link, const struct address *address, const char *prefix,
               int timeout_ms);

/* Closes and frees what the link owns; what was outstanding is forgotten. It can be opened again.
 * One that is all zero was never filled, and stays as it is: a server may fail before its link. */
void link_close(struct link *link);

/* --- for link.c and link_commands.c ----------------------------------------------------------- */

/* So often one whose time is up may still read what lies there already: who was kept from reading
 * finds a whole answer, even a large one, and a server that never stops is left. */
#define LATE_READS 64

/* Begins to connect. Nothing of an older connection is left. */
void link_begin(struct link *link);

/* Frees the connection. */
void link_forget(struct link *link);

/* Gives the connection up, with the reason in link->error: what is outstanding will be told. */
void link_break(struct link *link);

/* Writes what is queued, as far as there is room. False: the connection broke, link->error says
 * why. */
bool link_write(struct link *link);

/* Reads once what is there. False likewise. */
bool link_read(struct link *link);

/* A whole reply among what was read; NULL: there is none. */
redisReply *link_whole_reply(struct link *link);

/* Whether something is there to be read. */
bool link_is_readable(const struct link *link);

/* Notes why: what hiredis says, that the time is up, the words with which the server refused. */
void link_note_io_error(struct link *link);
void link_note_silence(struct link *link);
void link_note_refusal(struct link *link, const char *command, const char *words);

/* Queues a plain command, words ended by NULL. */
void link_put(struct link *link, const char *const words[]);

/* What to poll for: fd -1 if nothing. */
struct pollfd link_polled(const struct link *link);

/* Goes on as far as it can; `events`: what poll() has found on it. */
void link_go_on(struct link *link, short events);

#endif
