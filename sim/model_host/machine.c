/* The network of the model's machine. See machine.h. */
#include "sim/model_host/machine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/model_host/latency_file.h"

struct network *machine_network(const struct scenario *scenario, const char *latency, char *error,
                                size_t error_size)
{
    struct measured measured;
    struct network *network = malloc(sizeof *network);
    assert(scenario && error_size > 0);
    if (!network) {
        snprintf(error, error_size, "out of memory for the model");
        return NULL;
    }
    if (!latency) {
        network_of(scenario, network);
    } else if (latency_file_read(latency, &measured, error, error_size)) {
        network_measured(network, &measured);
    } else {
        free(network);
        return NULL;
    }
    return network;
}
