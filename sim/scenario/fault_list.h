/* The list `faults` of a scenario's text, and the section `pauses`: entries become comments, and
 * others take their places or stand behind them. In block style and in brackets, and in JSON, which
 * has no comments: there they go.
 */
#ifndef HUSTINGS_SCENARIO_FAULT_LIST_H
#define HUSTINGS_SCENARIO_FAULT_LIST_H

#include "sim/scenario/fault_puts.h"

/* Puts the changes of the list into `edits`. */
void fault_list_edit(struct fault_list *list);

#endif
