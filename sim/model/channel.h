/* Channels: what each member has of each server; and what of its requests is outstanding. The
 * picture is in parts.h.
 */
#ifndef HUSTINGS_MODEL_CHANNEL_H
#define HUSTINGS_MODEL_CHANNEL_H

#include "sim/model/exchange.h"

/* Whoever was stopped in the middle of a read begins it anew, with all its timeout. */
void exchanges_wait_anew(struct model *model, uint16_t id);

/* The exchange of a member that has this tag and was not dropped; NO_EXCHANGE: there is none. */
uint32_t exchange_of_tag(const struct model *model, uint16_t id, uint8_t tag);

/* The first of its answers that are there and not taken in; NO_EXCHANGE: there is none. */
uint32_t exchange_answered(const struct model *model, uint16_t id);

/* The first in the member's list that has ended in vain by now. */
uint32_t exchange_vain(const struct model *model, uint16_t id);

/* --- channels --------------------------------------------------------------------------------- */

/* The channel's new connection. False: memory is out, and the model has failed. */
bool channel_open(struct model *model, uint16_t id, uint8_t server);

/* The member reads no more from it. */
void channel_close(struct model *model, uint16_t id, uint8_t server);

/* The channel is closed, and whatever was outstanding there ends as unknown now; answers that are
 * there stay. */
void channel_break_off(struct model *model, uint16_t id, uint8_t server);

/* The member hears now, if it has not yet, that what is in vain with this server is. */
void exchanges_hear_of_end(struct model *model, uint16_t id, uint8_t server);

/* The member is dead: nothing is its any more. */
void channels_forget(struct model *model, uint16_t id);

/* The timeout of something outstanding there is over. */
bool channel_is_overdue(const struct model *model, uint16_t id, uint8_t server);

/* Whether the member is not told that its connection has broken, because answers are cut off; once
 * that heals, it is. */
bool channel_hides_end(const struct model *model, uint16_t id, uint8_t server);

/* The server has died: all its connections break. Word of that is on its way to each member; an
 * answer that was given is on its way, or there. */
void channels_break(struct model *model, uint8_t server);

#endif
