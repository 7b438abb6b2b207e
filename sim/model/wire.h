/* The way that messages take: from a member to a server and back. See network.h.
 *
 *     wire_send ─▶ held up? ─▶ wire_arrives ─▶ wire_serves ─▶ wire_answers ─▶ held up? ─▶ there
 *
 * Those on one connection keep their order. Nothing here calls a member: an answer that is there is
 * the return value.
 */
#ifndef HUSTINGS_MODEL_WIRE_H
#define HUSTINGS_MODEL_WIRE_H

#include <stdbool.h>
#include <stdint.h>

struct model;
struct request;
struct reply;

/* A request that goes out, and was recorded as this one. */
struct sent {
    const struct request *request;
    uint32_t number;
    uint16_t owner;
    bool alone; /* nothing else goes out at this moment, and its answer can be taken in at once */
};

/* Sends a request over its owner's channel, which is open. True, only if it is alone: nothing else
 * was due until the answer was there, so it is there, in `reply`, and that is now. A ballot's votes
 * live until the next request goes out. False: it has become an exchange, which is on its way. */
bool wire_send(struct model *model, const struct sent *sent, struct reply *reply);

/* The same for one that was kept while its channel connected. */
void wire_send_kept(struct model *model, uint32_t exchange);

/* What is due at an exchange: its request reaches the server, the server comes to it, … */
void wire_arrives(struct model *model, uint32_t exchange);
void wire_serves(struct model *model, uint32_t exchange);

/* … its answer reaches the member, or what was held up may go on, perhaps. True: the answer is
 * there. */
bool wire_answers(struct model *model, uint32_t exchange);
bool wire_goes_on(struct model *model, uint32_t exchange);

#endif
