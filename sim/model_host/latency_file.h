/* What a machine takes, in a file: `hustings calibrate` writes it, and `hustings run --on model
 * --latency FILE` reads it. One JSON object:
 *
 *   hustings, version   "latency", 3
 *   round_ns            a round trip: from a request until its answer
 *   timer_ns            how late a process goes on after a wait
 *   start_ns            from one start to the next, of processes that are to start at once
 *
 * Each of the three is a list of 101 quantiles in ns, ascending, from the least to the largest.
 * Other fields are for people: where and when it was measured. */
#ifndef HUSTINGS_MODEL_HOST_LATENCY_FILE_H
#define HUSTINGS_MODEL_HOST_LATENCY_FILE_H

#include "sim/model/network.h"

#define LATENCY_VERSION 3

/* Their names in the file. */
extern const char *const latency_file_names[MEASURED_TABLES];

/* Reads a file. False with one line in `error`: "path: what is wrong". */
bool latency_file_read(const char *path, struct measured *measured, char *error, size_t error_size);

#endif
