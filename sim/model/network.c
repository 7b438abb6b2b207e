/* The model's network and server. See network.h. */
#include "sim/model/network.h"

#include "sim/model/latency_file.h"

#define SERVICE_NS 5000
#define VOTE_NS 200

void network_of(const struct scenario *scenario, struct network *network)
{
    latency_of(&network->one_way, &scenario->latency);
    network->service_ns = SERVICE_NS;
    network->vote_ns = VOTE_NS;
    network->has_machine = false;
}

void network_on_machine(struct network *network, const struct machine *machine)
{
    network->has_machine = true;
    network->machine = *machine;
    latency_constant(&network->one_way, latency_median(&machine->round) / 2);
}

bool network_take_machine(struct network *network, const char *path, char *error, size_t error_size)
{
    struct machine machine;
    if (!latency_file_read(path, &machine, error, error_size)) {
        return false;
    }
    network_on_machine(network, &machine);
    return true;
}
