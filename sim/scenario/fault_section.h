/* The section `pauses` of a scenario's text, which becomes a comment; and a list `faults` for what
 * it drew and what was done by hand, where the text has none or an empty one. For fault_list.c.
 */
#ifndef HUSTINGS_SCENARIO_FAULT_SECTION_H
#define HUSTINGS_SCENARIO_FAULT_SECTION_H

#include "sim/scenario/fault_puts.h"

/* Puts its changes into the list's edits. */
void fault_section_edit(struct fault_list *list);

#endif
