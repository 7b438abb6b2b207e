/* Commands that change how a connection answers. See pairs.h.
 *
 * How to add one: a name here, a row in roles.c, and what it does in pairs.c. */
#ifndef HUSTINGS_RESP_ROLES_H
#define HUSTINGS_RESP_ROLES_H

#include "sim/resp/message.h"

enum role {
    ROLE_PLAIN,   /* one answer, in its turn */
    ROLE_NOTHING, /* no command: no words */
    ROLE_SUBSCRIBES,
    ROLE_UNSUBSCRIBES,
    ROLE_MULTI,
    ROLE_EXEC,
    ROLE_DISCARD,
    ROLE_RESET,
    ROLE_HELLO,
    ROLE_QUIT,
    ROLE_MONITOR,
    ROLE_SYNC,
    ROLE_REPLY_ON,
    ROLE_REPLY_OFF,
    ROLE_REPLY_SKIP,
    ROLE_UNANSWERED, /* REPLCONF ACK */
};

/* Of what it subscribes to, or not any more. */
enum role_channels { CHANNELS, PATTERNS, SHARDS };

/* `detail`: of ROLE_SUBSCRIBES and ROLE_UNSUBSCRIBES enum role_channels; of ROLE_HELLO the
 * protocol, 0: as it is. */
enum role role_of_command(const struct resp_message *command, uint8_t *detail);

/* Whether the first words of a list say that it is an answer to one of these. */
bool role_confirms(enum role role, uint8_t channels, const struct resp_item *word);

/* Whether they say that it is a message to who subscribed. */
bool role_is_message(const struct resp_item *word);

#endif
