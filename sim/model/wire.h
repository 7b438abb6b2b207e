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

/* Sends a request over its owner's channel, which is open. `alone`: nothing else goes out at this
 * moment. True, only then: nothing else was due until the answer was there, so it is there, and
 * that is now. */
bool wire_send(struct model *model, uint32_t exchange, bool alone);

/* What is due at an exchange: its request reaches the server, the server comes to it, … */
void wire_arrives(struct model *model, uint32_t exchange);
void wire_serves(struct model *model, uint32_t exchange);

/* … its answer reaches the member, or what was held up may go on, perhaps. True: the answer is
 * there. */
bool wire_answers(struct model *model, uint32_t exchange);
bool wire_goes_on(struct model *model, uint32_t exchange);

#endif
