/* What checks make their violations with. */
#ifndef HUSTINGS_CHECKS_VIOLATION_H
#define HUSTINGS_CHECKS_VIOLATION_H

#include "sim/checks/check.h"
#include "sim/history/text.h"

/* A violation of this check from `at_ns` on, beyond doubt at once, with nobody guilty yet. */
struct violation violation_new(const struct check_row *check, int64_t at_ns);

/* Adds a process, an event: in this order, each once, the first ones only; no EVENT_NONE. */
void violation_process(struct violation *violation, uint16_t process);
void violation_event(struct violation *violation, uint32_t event);

/* Appends to the sentence, as printf does; what does not fit is left out. */
void violation_say(struct violation *violation, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Tells in the sentences on what members believe whose belief was inferred from their traffic. */
void inferred_tell(struct violations *found, const struct view_process *processes);

#endif
