/* The keys `protocol` and `lock`: which row of a table, and the parameters of that row; and
 * `fencing`, which a lock may be asked for.
 *
 *     lock: token                          every parameter has its default
 *     lock: {token: {ttl: 500ms}}          parameters stand below the row that they belong to
 *     fencing: true                        each grant is numbered, if the lock can do that
 */
#ifndef HUSTINGS_SCENARIO_OWNERS_H
#define HUSTINGS_SCENARIO_OWNERS_H

#include "sim/scenario/walk.h"

/* Readers of the fields, for the table of keys; the lock is to be read before `fencing`. */
void protocol_read(struct walk *walk, const struct node *map, const struct node *value);
void lock_read(struct walk *walk, const struct node *map, const struct node *value);
void fencing_read(struct walk *walk, const struct node *map, const struct node *value);

/* Says where a key belongs that is a parameter of some protocol or lock. False: it is none. */
bool owner_tell_place(struct walk *walk, const struct node *key);

#endif
