/* Measures a machine for the model: what the histories of real processes show of it is turned into
 * tables, and the model's costs are fitted to it.
 *
 *     histories ─▶ observations ─▶ tables (those who were alone) ─┐
 *                         └──────▶ costs (all of them) ───────────┴─▶ file
 *
 * The histories are of clusters that it runs itself, or of results folders. The file is described
 * in sim/model/latency_file.h. */
#ifndef HUSTINGS_CALIBRATE_H
#define HUSTINGS_CALIBRATE_H

#include <stdio.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/tables.h"
#include "sim/host/host.h"

#define CALIBRATION_PARTS_MAX 64

struct calibration {
    struct host_facts facts; /* of the Redis; empty: it was read from results folders */
    struct fit_part parts[CALIBRATION_PARTS_MAX];
    size_t part_count;
    struct observations real, modelled;
    struct machine_tables tables;
    struct machine machine;
    double distance; /* fit_distance() */
    enum trial_end end;
    char error[HOST_ERROR]; /* one line */
};

/* About how long it will take. */
double calibration_seconds(uint32_t trials, uint32_t jobs);

/* Runs clusters and observes them: options->trials in which all work together, and fewer in which
 * they work apart. False when the world failed or it was interrupted (`end`). Start with a zeroed
 * struct, which is large, and calibration_free() it in any case. */
bool calibration_run(struct calibration *calibration, const struct host_options *options);

/* Instead: reads a results folder of the processes host; may be called for several. */
bool calibration_read(struct calibration *calibration, const char *folder);

/* Makes the machine of what was observed. */
bool calibration_make(struct calibration *calibration);

/* What was measured, and what the model makes of it, for people. */
void calibration_tell(const struct calibration *calibration, FILE *out);

/* Writes the file. False with errno set. */
bool calibration_write(const struct calibration *calibration, const char *path);

void calibration_free(struct calibration *calibration);

#endif
