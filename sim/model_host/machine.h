/* The network of the model's machine. */
#ifndef HUSTINGS_MODEL_HOST_MACHINE_H
#define HUSTINGS_MODEL_HOST_MACHINE_H

#include "sim/model/model.h"

/* The network that a scenario asks for, or the one that a file of hustings calibrate says; the
 * caller's to free(). NULL with one line in `error`. */
struct network *machine_network(const struct scenario *scenario, const char *latency, char *error,
                                size_t error_size);

#endif
