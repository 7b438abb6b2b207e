/* A scenario as a file: what scenario_load() made of one, written so that loading it again makes
 * the same, every default spelled out. It goes by the tables of the schema, as the loader does.
 */
#ifndef HUSTINGS_SCENARIO_WRITE_H
#define HUSTINGS_SCENARIO_WRITE_H

#include "sim/scenario/scenario.h"

/* Writes it. False on a write error, errno set. */
bool scenario_write(FILE *file, const struct scenario *scenario);

/* The writers of fields that have a reader of their own: each writes whole lines, or nothing if
 * there is nothing to say. `margin`: the blanks before the key. */
void write_name(FILE *file, const char *margin, const struct scenario *scenario);
void write_about(FILE *file, const char *margin, const struct scenario *scenario);
void write_nodes(FILE *file, const char *margin, const struct scenario *scenario);
void write_duration(FILE *file, const char *margin, const struct scenario *scenario);
void write_seed(FILE *file, const char *margin, const struct scenario *scenario);
void write_latency(FILE *file, const char *margin, const struct scenario *scenario); /* latency.c */
void write_starts(FILE *file, const char *margin, const struct scenario *scenario);
void write_leaders(FILE *file, const char *margin, const struct scenario *scenario);
void write_checks(FILE *file, const char *margin, const struct scenario *scenario);
void write_verdicts(FILE *file, const char *margin, const struct scenario *scenario);
void write_elect(FILE *file, const char *margin, const struct scenario *scenario);
void write_settle(FILE *file, const char *margin, const struct scenario *scenario);
void write_lock_within(FILE *file, const char *margin, const struct scenario *scenario);
void write_faults(FILE *file, const char *margin, const struct scenario *scenario);

#endif
