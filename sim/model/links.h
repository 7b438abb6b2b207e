/* The links' faults in the model. Each means what the relay (sim/relay/) does to a real process's
 * connections, and by the same room, link_faults.h; it happens at the process's end of the way.
 *
 *     process ──▶ held up? ──out──▶ server ──back──▶ held up? lost? ──▶ process
 *
 * There is a link from each member to each server. What is held up lies with its exchange, even if
 * nobody reads that any more, until its time has come and the way is not cut; what was sent behind
 * it on the same connection waits behind it. Only scenarios with faults on links come by here, and
 * where they may be cut by hand.
 */
#ifndef HUSTINGS_MODEL_LINKS_H
#define HUSTINGS_MODEL_LINKS_H

#include "sim/model/state.h"

/* Memory, where the scenario has faults on links, or with `by_hand`. False: there is none. */
bool links_allocate(struct model *model, bool by_hand);
size_t links_size(const struct model *model);

/* At the beginning of a trial. */
void links_reset(struct model *model, uint64_t seed);

/* Where model->links is set: the request, which has joined its connection, goes out `at_ns`. True:
 * nothing holds it up. */
bool links_send(struct model *model, uint32_t exchange, int64_t at_ns);

/* Likewise: whether the answer that has come gets through to the process now. */
bool links_let_in(struct model *model, uint32_t exchange);

/* What is held up goes on, if it may by now: what went on, an enum held. */
uint8_t links_release(struct model *model, uint32_t exchange);

/* Whether member `id` cannot connect because its link is cut; it is seen to when that heals. */
bool links_keep_out(struct model *model, uint16_t id, uint8_t server);

/* Carries out an order; as the verb `link` of struct host_ops. */
bool links_order(struct model *model, uint16_t id, uint8_t server, const struct link_order *order);

#endif
