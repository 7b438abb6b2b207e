/* A member's requests go out, over connections that it makes when it needs them. */
#ifndef HUSTINGS_MODEL_REQUESTS_H
#define HUSTINGS_MODEL_REQUESTS_H

#include "sim/model/state.h"

/* At the beginning of a life: connects to all servers whose time has come. A member is there as
 * soon as it has reached one: then this is true, and to the others it connects when it has a
 * request for them. */
bool requests_connect(struct model *model, const struct member *member);

/* Connecting to a server has come to its end: what waited for it is sent, or refused. */
void requests_connected(struct model *model, const struct member *member, uint8_t server);

/* A request of the member's action goes out. `alone`: nothing else does at this moment, and its
 * answer could be taken in at once. True, only then: it is there, in `reply`; a ballot's votes live
 * until the next request goes out. */
bool requests_send(struct model *model, struct member *member, const struct request *request,
                   bool alone, struct reply *reply);

#endif
