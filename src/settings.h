/* The settings of an election, the same for every process of it: which protocol, which lock, and
 * the values of their parameters.
 *
 * Parameters belong to an *owner*: the protocol and the lock each have a list of their own
 * (protocol.h, lock/lock.h), so both may have one of the same name.
 *
 *     settings.row[OWNER_LOCK]                 which lock: a row of lock_rows
 *     settings.value[OWNER_LOCK][LOCK_TTL]     its parameter `ttl`, as its row says (times in ns)
 *
 * How to add an owner: one name in the enum, one row in settings.c.
 */
#ifndef HUSTINGS_SETTINGS_H
#define HUSTINGS_SETTINGS_H

#include <stddef.h>

#include "src/param.h"

enum owner { OWNER_PROTOCOL, OWNER_LOCK, OWNERS };

/* The most parameters that one owner may have. */
#define PARAMS_MAX 12

struct settings {
    uint8_t row[OWNERS];
    uint16_t nodes;  /* nodes are 1 … nodes; the master is 0 */
    uint8_t servers; /* how many Redis servers there are; requests name one, from 0 */
    uint8_t zero[3]; /* padding, always 0 */
    int64_t value[OWNERS][PARAMS_MAX];
};

/* "protocol", "lock". */
extern const char *const owner_names[OWNERS];

/* The name of a row of the owner's table; NULL behind the last one. */
const char *owner_row_name(enum owner owner, size_t row);

/* What it is, in one line. */
const char *owner_row_summary(enum owner owner, size_t row);

/* The parameters of a row of the owner's table; they end with a row of type PARAM_NONE. */
const struct param_row *owner_params(enum owner owner, size_t row);

/* The row by its name, or -1. */
int owner_find(enum owner owner, const char *name);

/* The row that is chosen unless another is named. */
uint8_t owner_default(enum owner owner);

/* Chooses a row, and gives every parameter of it its default. */
void settings_choose(struct settings *settings, enum owner owner, uint8_t row);

/* The settings of `nodes` nodes with every default. */
struct settings settings_default(uint16_t nodes);

/* The value of a parameter of this name, or `absent` if the chosen row has none. For who stands
 * outside and cannot know which protocol or lock it is. */
int64_t settings_value(const struct settings *settings, enum owner owner, const char *name,
                       int64_t absent);

#endif
