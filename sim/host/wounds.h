/* Wounds: the faults that the director has applied and that are to be undone, by their `for` or at
 * the end.
 *
 * Whatever brings a process (or the server) into another state closes the wounds that had brought
 * it into the one before: who was restarted by hand is not restarted once more, when the time of
 * the crash is over.
 */
#ifndef HUSTINGS_WOUNDS_H
#define HUSTINGS_WOUNDS_H

#include "sim/host/director.h"

/* Applies a fault to one process (HISTORY_HARNESS: the server or a key), and writes FAULT; or
 * SKIPPED with the reason, if it made no sense now. A fault drawn by chaos is applied only if it
 * is still possible. */
void wounds_apply(struct director *director, uint16_t fault, uint16_t id, int64_t now_ns);

/* Heals the wound of this instance, unless it is closed. */
void wounds_heal_in_time(struct director *director, uint32_t instance);

/* Heals all of them, the last one first. */
void wounds_heal_all(struct director *director);

/* Writes that a fault was due but hit nobody. */
void wounds_skip(struct director *director, uint16_t fault, const char *why);

#endif
