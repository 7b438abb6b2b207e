/* The servers of a scenario: how many there are, and which of them a fault hits.
 *
 *     redis: {topology: independent, servers: 3}
 *     - {at: 1s, stall: redis 2, for: 1s}             a target: `redis` where there is only one
 *     - {at: 1s, crash: minority}                     drawn by the seed
 *     - {at: 1s, cut: 3, server: [redis 1, redis 2]}  of the links, or of the keys; else of all
 *
 * Servers count from 1 in a file, and from 0 in a struct target.
 */
#ifndef HUSTINGS_SCENARIO_REDIS_H
#define HUSTINGS_SCENARIO_REDIS_H

#include "sim/scenario/walk.h"

/* Readers of the fields `topology` and `servers`, for the table of keys. The lock and the protocol
 * must be known by then. */
void topology_read(struct walk *walk, const struct node *map, const struct node *value);
void servers_read(struct walk *walk, const struct node *map, const struct node *value);

/* Whether a target, or the first of a list, is one of servers: `redis`, `redis 2`, `minority`. */
bool redis_is_meant(const struct node *node);

/* Reads one: which servers, into *target. Returns false after a problem. */
bool redis_read(struct walk *walk, const struct node *node, struct target *target);

/* Reads the key `server` of an entry, if it is there: on which servers a fault is done whose target
 * does not say it. Returns false after a problem. */
bool redis_read_key(struct walk *walk, const struct node *entry, struct fault_spec *spec);

/* Writes "redis 2", "redis 1 and redis 3", "minority"; or "" (SERVERS_ALL). Returns `out`. */
char *redis_text(const struct target *target, char *out, size_t size);

#endif
