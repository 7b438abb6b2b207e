/* The driver's side of the relay: orders, and what came of them. */
#ifndef HUSTINGS_RELAY_DRIVER_H
#define HUSTINGS_RELAY_DRIVER_H

#include "sim/relay/control.h"

/* Waits until the listeners are open. False with one line in `error`. */
bool relay_await(int control, char error[RELAY_ERROR]);

/* Has an order carried out on the link between `id` and a server; it is in force when this returns.
 * `*changed`: whether it made sense, as verbs say it. False with one line in `error`: the relay is
 * dead. */
bool relay_order(int control, uint16_t id, uint8_t server, const struct link_order *order,
                 bool *changed, char error[RELAY_ERROR]);

/* Tells it that a Redis is dead; when this returns, connecting is refused at all its listeners, but
 * cut ones, as it is at the Redis's own. The monitor alone may be late: the relay may have looked
 * while the Redis was dying but still listened, and wait for a processor ever since. False with one
 * line in `error`: the relay is dead. */
bool relay_redis_gone(int control, uint8_t server, char error[RELAY_ERROR]);

/* Tells it that a process is dead: nothing more is told of its connections but what it had sent,
 * and it believes nothing. False as above. */
bool relay_process_dead(int control, uint16_t id, char error[RELAY_ERROR]);

/* Why it died, if it said so. */
void relay_last_words(int control, char error[RELAY_ERROR]);

#endif
