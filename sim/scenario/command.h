/* Commands in a scenario: which ones a trigger (`sends`, `gets`, `key`) or a fault (`of`, `key`,
 * `nth`) is about. See sim/faults/pattern.h. */
#ifndef HUSTINGS_SCENARIO_COMMAND_H
#define HUSTINGS_SCENARIO_COMMAND_H

#include "sim/scenario/walk.h"

/* Reads the name of a command, or the key that it names first; either may have * and ? in it. False
 * after a problem. `key` is the key of the file, for messages. */
bool command_read_name(struct walk *walk, const struct node *node, const char *key,
                       char name[PATTERN_NAME]);
bool command_read_key(struct walk *walk, const struct node *node, char key[PATTERN_KEY]);

/* Whether one of those whom the target may mean is a machine of ours; or a program of the user's,
 * of which nobody knows what it sends. */
bool command_means_ours(const struct scenario *scenario, const struct target *who);
bool command_means_programs(const struct scenario *scenario, const struct target *who);

/* Whether nobody whom the target may mean ever sends such a command, as far as is known: then
 * tells so at `node`. */
bool command_is_never_sent(struct walk *walk, const struct node *node, const struct target *who,
                           const struct command_pattern *pattern);

/* Reads the keys of a fault that say which commands it is about: `of`, `key` and `nth`. */
bool command_read_keys(struct walk *walk, const struct node *entry, struct fault_spec *spec);

/* " of EVALSHA of node_lock*, the 3rd": behind the text of a fault; "": it is about all. Returns
 * `out`. */
char *command_of_fault(const struct fault_spec *spec, char *out, size_t size);

#endif
