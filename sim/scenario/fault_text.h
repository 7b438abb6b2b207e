/* A fault as one writes it in a scenario: "{at: 1.5ms, crash: 3, for: 1s}".
 */
#ifndef HUSTINGS_SCENARIO_FAULT_TEXT_H
#define HUSTINGS_SCENARIO_FAULT_TEXT_H

#include <stdio.h>

#include "sim/faults/fault.h"

/* Writes an entry in flow style. Its trigger is TRIGGER_AT, or TRIGGER_WHEN with a process that
 * does something for the nth time. Parameters that are as by default are left away. `json`: keys
 * and words in quotes. */
void fault_text(FILE *file, const struct fault_spec *spec, bool json);

#endif
