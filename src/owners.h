/* The owners of parameters and their tables: what there is to choose from, and defaults. The tables
 * themselves are in protocol.c and lock/lock.c, which know nothing of this. */
#ifndef HUSTINGS_OWNERS_H
#define HUSTINGS_OWNERS_H

#include "src/settings.h"

/* "protocol", "lock". */
extern const char *const owner_names[OWNERS];

/* The name of a row of the owner's table; NULL behind the last one. */
const char *owner_row_name(enum owner owner, size_t row);

/* What it is, in one line. */
const char *owner_row_summary(enum owner owner, size_t row);

/* The parameters of a row of the owner's table; they end with a row of type PARAM_NONE. */
const struct param_row *owner_params(enum owner owner, size_t row);

/* The topologies that a row of the owner's table can be used with, as bits 1u << enum topology. */
uint32_t owner_topologies(enum owner owner, size_t row);

/* The row by its name, or -1. */
int owner_find(enum owner owner, const char *name);

/* The row that is chosen unless another is named. */
uint8_t owner_default(enum owner owner);

/* Chooses a row, and gives every parameter of it its default. */
void settings_choose(struct settings *settings, enum owner owner, uint8_t row);

/* Chooses a topology, and its usual number of servers. */
void settings_choose_topology(struct settings *settings, enum topology topology);

/* The settings of `nodes` nodes with every default. */
struct settings settings_default(uint16_t nodes);

/* Gives those parameters of the lock that the protocol governs (protocol.h) the values that it has
 * for them. To be called when both are read. */
void settings_govern(struct settings *settings);

/* The protocol's parameter, "duration", that governs a parameter of the lock, "ttl"; "" if the
 * protocol has no use for that one; NULL: it leaves it alone. */
const char *settings_governor(const struct settings *settings, const char *lock_param);

/* The value of a parameter of this name, or `absent` if the chosen row has none. For who stands
 * outside and cannot know which protocol or lock it is. */
int64_t settings_value(const struct settings *settings, enum owner owner, const char *name,
                       int64_t absent);

#endif
