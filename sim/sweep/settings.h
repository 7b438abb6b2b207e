/* What befalls on the axes that are not searched: each combination of their values is a setting, in
 * which a value of the searched one must hold. A seed makes none. */
#ifndef HUSTINGS_SWEEP_SETTINGS_H
#define HUSTINGS_SWEEP_SETTINGS_H

#include "sim/sweep/advice.h"

/* The room for a word. */
#define EDGE_WORD 300

/* How many there are. */
size_t settings_of(const struct advice *advice);

/* How many trials each of them has: `trials`, or, of many settings, its share. */
uint32_t settings_share(size_t settings, uint32_t trials);

/* The words of the best choice in a setting, counted back from the last, at a value of what
 * befalls; none of a seed. `room` holds one of the words. Returns how many. */
size_t settings_words(const struct advice *advice, size_t setting, const char *value,
                      const char *words[AXES_MAX], char room[EDGE_WORD]);

#endif
