/* A machine in a file, as `hustings calibrate` writes it and `hustings run --on model --latency
 * FILE` reads it: one JSON object. Times are whole ns, and never below 0.
 *
 *   hustings, version   "latency", 1
 *   cores               how many processes can be at work at once
 *   timer_ns, round_ns, cold_ns, start_ns, birth_ns
 *                       how late a timer's process goes on; a round trip's time; what a long sleep
 *                       adds;
 *                       from one start to the next; from birth until connected: each a list of
 *                       2 to 1001 quantiles, ascending, evenly from the least to the largest.
 *                       A list of three has the least, the median, the largest
 *   step_ns, step_percent, rest_ns, request_ns, vote_ns, answer_ns, settle_ns,
 *   script_ns, start_wait_ns, warm_percent, push_percent, spread_percent
 *                       costs, see machine.h
 *
 *   op_ns, first_ns     how much longer the server takes for each kind of request, and a member's
 *                       step with its first one: lists in the order of enum store_op (src/store.h)
 *
 * Other fields are for people: what was measured, where, and when. */
#ifndef HUSTINGS_MODEL_LATENCY_FILE_H
#define HUSTINGS_MODEL_LATENCY_FILE_H

#include <stddef.h>

#include "sim/model/machine.h"

#define LATENCY_VERSION 2
#define LATENCY_QUANTILES_MAX 1001

/* The costs of a machine: their names in the file, and where they are. Ends with a NULL name. */
struct machine_cost {
    const char *name;
    size_t offset; /* of an int64_t in struct machine */
};
extern const struct machine_cost machine_costs[];

/* Where a cost of this machine is. */
int64_t *machine_cost(struct machine *machine, const struct machine_cost *cost);

/* Reads a file. False with one line in `error`: "path: what is wrong". */
bool latency_file_read(const char *path, struct machine *machine, char *error, size_t error_size);

#endif
