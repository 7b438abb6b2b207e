/* The settings of an election, the same for every process of it: which protocol, which lock, and
 * the values of their parameters. What is in the tables of both is asked for in owners.h.
 *
 * Parameters belong to an *owner*: the protocol and the lock each have a list of their own
 * (protocol.h, lock/lock.h), so both may have one of the same name.
 *
 *     settings.row[OWNER_LOCK]                 which lock: a row of lock_rows
 *     settings.value[OWNER_LOCK][LOCK_TTL]     its parameter `ttl`, as its row says (times in ns)
 *
 * How to add an owner: one name in the enum, one row in owners.c.
 */
#ifndef HUSTINGS_SETTINGS_H
#define HUSTINGS_SETTINGS_H

#include <stddef.h>

#include "src/param.h"
#include "src/topology.h"

enum owner { OWNER_PROTOCOL, OWNER_LOCK, OWNERS };

/* The most parameters that one owner may have. */
#define PARAMS_MAX 12

struct settings {
    uint8_t row[OWNERS];
    uint16_t nodes;   /* nodes are 1 … nodes; 0 is the master, if the protocol has one */
    uint8_t topology; /* enum topology */
    uint8_t servers;  /* how many Redis servers there are; requests name one, from 0 */
    uint8_t fencing;  /* 1: the lock hands out an epoch with each grant, see lock/lock.h */
    uint8_t zero[1];  /* padding, always 0 */
    int64_t value[OWNERS][PARAMS_MAX];
    int64_t
        work_every_ns; /* a leader, or whoever holds the lock, works this often; 0: nobody does */
};

/* The server that is the protected resource; with work only. */
static inline uint8_t settings_resource(const struct settings *settings)
{
    return settings->servers;
}

/* All servers: those of the election, and the resource if there is one. */
static inline uint8_t settings_all_servers(const struct settings *settings)
{
    return (uint8_t)(settings->servers + (settings->work_every_ns > 0));
}

#endif
