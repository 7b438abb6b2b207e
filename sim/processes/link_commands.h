/* A link for those who do one thing at a time and wait for it: the driver, probes, tests. Each call
 * takes the link's timeout at most, and opening as long again. */
#ifndef HUSTINGS_PROCESSES_LINK_COMMANDS_H
#define HUSTINGS_PROCESSES_LINK_COMMANDS_H

#include "sim/processes/link.h"

/* Connects, authenticates and selects the database. False with a line in link->error. */
bool link_open(struct link *link);

/* Sends a request, and takes in its answer; connects first if need be. Refused, if it was surely
 * not sent. A ballot's votes live until the next call. */
struct reply link_request(struct link *link, const struct request *request);

/* For the driver: one plain command, words ended by NULL, and its raw reply (freeReplyObject), or
 * NULL with a line in link->error. */
redisReply *link_command(struct link *link, const char *const words[]);

/* The same for several commands in one go, on a link that is open. link_put() queues one; the first
 * link_take() sends them all, and each takes the next reply, or NULL with a line in link->error. */
redisReply *link_take(struct link *link);

/* As link_command(), but looks only what has come of it by now, and waits no longer than a
 * millisecond: call it again while it is pending. With LINK_ANSWERED, `*reply` is no error, and the
 * caller's to free; with LINK_FAILED, link->error says why. */
enum link_progress { LINK_PENDING, LINK_ANSWERED, LINK_FAILED };
enum link_progress link_try(struct link *link, const char *const words[], redisReply **reply);
bool link_is_pending(const struct link *link);

/* Likewise for several commands, which were queued by link_put() on an open link: sends them; and
 * looks for the next answer, which may be an error. */
void link_send_put(struct link *link);
enum link_progress link_look(struct link *link, redisReply **reply);

/* One plain command whose answer must not be an error. False with a line in link->error. */
bool link_demand(struct link *link, const char *const words[]);

/* Whether the server answers; and how far it is with that, as link_try() says it. */
bool link_pings(struct link *link);
enum link_progress link_try_ping(struct link *link);

#endif
