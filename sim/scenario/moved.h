/* Keys that once stood somewhere else: each gets an error that shows its new place.
 */
#ifndef HUSTINGS_SCENARIO_MOVED_H
#define HUSTINGS_SCENARIO_MOVED_H

#include "sim/scenario/walk.h"

/* How to add a moved key: one row in moved.c. `hustings lint --fix` goes by the same rows. */
struct moved {
    const char *section; /* the key's section then; "" at the top */
    const char *key;
    int owner;         /* enum owner that it now belongs to; -1: it stands at the top */
    const char *param; /* its name there */
};
extern const struct moved moved_keys[]; /* ends with a row without key */

/* The row of a key, or NULL. */
const struct moved *moved_find(const char *section, const char *key);

/* Says where a key of the top went, and those of a section that is no more. False: it never was one
 * of ours. */
bool moved_tell(struct walk *walk, const struct node *key);

#endif
