/* One process's connection to one Redis: typed requests out, typed replies in.
 *
 * After a reply that did not come in time, or a broken connection, the connection is dropped:
 * nobody ever reads an answer that belongs to an older request. The next request connects anew; if
 * that fails, it was surely not applied (STORE_REFUSED).
 */
#ifndef HUSTINGS_PROCESSES_LINK_H
#define HUSTINGS_PROCESSES_LINK_H

#include "sim/processes/address.h"
#include "sim/processes/refusal.h"
#include "sim/processes/wire.h"

struct link {
    struct address address;
    struct wire_keys keys;
    int timeout_ms;   /* bounds connecting, logging in included; and each request, its whole reply
                         included, however slowly that comes */
    int64_t until_ns; /* CLOCK_MONOTONIC: when what it does now has taken too long */
    redisContext *redis; /* NULL: not connected */
    uint32_t scripts;    /* bits 1u << enum store_op: the server has run this one's script */
    struct wire_votes votes;
    /* Why the last connect or request failed; empty if it did not. After an error reply the
     * server's words; after an answer that cannot be read, what is there. */
    char error[REFUSAL_WORDS];
    bool refused_by_server;        /* the last request got an error reply */
    bool sent_whole;               /* the last script went out as a text, not as a digest */
    char refused[REFUSAL_COMMAND]; /* the command that got it */
};

/* Why the last connect or request failed, in one line for a person: who refused what, in the
 * server's own words, or why the server cannot be reached; and what to do about it. */
#define LINK_TELLING (REFUSAL_WORDS + 1024)
void link_tell(const struct link *link, char *text, size_t size);

/* Fills the struct; connects nothing yet. */
void link_init(struct link *link, const struct address *address, const char *prefix,
               int timeout_ms);

/* Connects, authenticates and selects the database. False with a line in link->error. */
bool link_open(struct link *link);

/* Closes and frees what the link owns. It can be opened again. */
void link_close(struct link *link);

/* Sends a request; connects first if need be. False: it was surely not sent (answer: refused). */
bool link_send(struct link *link, const struct request *request);

/* Waits until the answer to the request just sent is there, without reading it. Returns whether it
 * says that the request was applied. False as well if no answer came in time: then the connection
 * is given up, and link_receive says "unknown". */
bool link_await(struct link *link, const struct request *request);

/* Takes in the answer to the request just sent. A ballot's votes live until the next call. */
void link_receive(struct link *link, const struct request *request, struct reply *reply);

/* For the driver: one plain command, words ended by NULL, and its raw reply (freeReplyObject), or
 * NULL with a line in link->error. */
redisReply *link_command(struct link *link, const char *const words[]);

/* The same for several commands in one go, on a link that is open. link_put() queues one; the first
 * link_take() sends them all, and each takes the next reply, or NULL with a line in link->error. */
void link_put(struct link *link, const char *const words[]);
redisReply *link_take(struct link *link);

/* One plain command whose answer must not be an error. False with a line in link->error. */
bool link_demand(struct link *link, const char *const words[]);

#endif
