/* One entry of a scenario's `faults`: a trigger, a fault with its target, its parameters.
 *
 *     - when: {who: 1, does: leads}     trigger.c, when.c
 *       after: 500ms
 *       crash: leader                   entry.c (which fault), target.c (on whom)
 *       for: 2s                         params.c
 *
 * timeline.c then looks at all entries together.
 */
#ifndef HUSTINGS_SCENARIO_ENTRY_H
#define HUSTINGS_SCENARIO_ENTRY_H

#include "sim/scenario/walk.h"

/* Reads the keys of a trigger out of an entry. Returns false after a problem. */
bool trigger_read(struct walk *walk, const struct node *entry, struct trigger *trigger);

/* Reads what `when` waits for. Likewise. */
bool when_read(struct walk *walk, const struct node *node, struct trigger *trigger);
bool nth_read(struct walk *walk, const struct node *nth, struct trigger *trigger); /* or NULL */

/* Reads a target. `allowed`: bits 1u << enum target_kind; `name`: what they are allowed for. */
bool target_read(struct walk *walk, const struct node *node, uint32_t allowed, const char *name,
                 struct target *target);

/* Whether an id is among those of a target that lists ids. */
bool target_has(const struct target *target, uint16_t id);

/* Whether a server, from 0, is among those of a target. Not of one that is drawn. */
bool target_has_server(const struct target *target, unsigned server);

/* Whether the file alone tells whom it hits. */
bool target_is_fixed(const struct target *target);

/* Reads the parameters that the spec's row takes, and refuses those that only others take. */
bool params_read(struct walk *walk, const struct node *entry, struct fault_spec *spec);

/* What a parameter of this fault is unless it is given, for people: "for good", "both". */
char *params_default(const struct fault_row *row, const struct param_row *param, char *out,
                     size_t size);

/* Fills spec->text: "crash leader", "flip 4 to submit", "pause 2 and 3 for 3s". */
void entry_describe(struct fault_spec *spec);

/* Finds faults that cannot do anything because of the ones before them, as far as the file tells:
 * restarting what never crashed, crashing it twice. `keys[i]` is where faults[i] stands. */
void timeline_check(struct walk *walk, const struct node *const *keys);

/* Finds faults that cannot be in force together with others, as far as the file tells; and `for`
 * with one that cannot be taken back. */
void compose_check(struct walk *walk, const struct node *const *keys);

#endif
