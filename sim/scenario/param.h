/* One parameter of any owner, by its row (src/param.h): read from a file, and written as one would
 * write it there.
 */
#ifndef HUSTINGS_SCENARIO_PARAM_H
#define HUSTINGS_SCENARIO_PARAM_H

#include "sim/scenario/walk.h"
#include "src/param.h"

/* Reads a value into *out. False after a problem; *out is then as it was. */
bool param_read(struct walk *walk, const struct node *value, const struct param_row *param,
                int64_t *out);

/* Writes a value as one writes it in a file, at most `size` bytes, into `out`; returns it. */
char *param_text(const struct param_row *param, int64_t value, char *out, size_t size);

/* A value that one could write, for messages. */
const char *param_sample(const struct param_row *param, char *out, size_t size);

#endif
