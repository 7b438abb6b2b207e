/* What this machine takes, measured on real processes, for the model. */
#ifndef HUSTINGS_CLI_MEASURE_H
#define HUSTINGS_CLI_MEASURE_H

#include "sim/compare/sample.h"
#include "sim/host/host.h"
#include "sim/model_host/latency_file.h"

/* Start with a zeroed one; measurement_free() it. */
struct measurement {
    struct sample of[MEASURED_TABLES]; /* measured: ascending */
    struct host_facts facts;           /* of the Redis that it was measured with */
    struct scenario scenario;
    bool lost;       /* memory ran out */
    char error[512]; /* one line */
};

/* With fewer trials, one of the tables would have too few observations. */
#define MEASURE_TRIALS_LEAST 6

/* About how long measure() takes. */
double measure_seconds(uint32_t trials, uint32_t jobs);

/* Runs options->trials elections on real processes, and takes the three tables from their
 * histories. Anything but TRIAL_RAN: not measured, with `error` set unless it was interrupted. */
enum trial_end measure(struct measurement *measurement, const struct host_options *options);

void measurement_free(struct measurement *measurement);

#endif
