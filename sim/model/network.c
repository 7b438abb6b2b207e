/* The model's network, server and machine. See network.h. */
#include "sim/model/network.h"

#include "sim/model/latency_file.h"

#define SERVICE_NS 5000
#define VOTE_NS 200
#define NEXT_START_NS 120000

void network_of(const struct scenario *scenario, struct network *network)
{
    latency_of(&network->one_way, &scenario->latency);
    latency_constant(&network->timer, 0);
    latency_uniform(&network->start, 0, NEXT_START_NS);
    network->service_ns = SERVICE_NS;
    network->vote_ns = VOTE_NS;
}

bool network_take_tables(struct network *network, const char *path, char *error, size_t error_size)
{
    struct latency_file file;
    if (!latency_file_read(path, &file, error, error_size)) {
        return false;
    }
    /* A round trip was measured as a whole: half of it, but for the server's work, is each way. */
    for (uint32_t i = 0; i < LATENCY_QUANTILES; i++) {
        int64_t out_and_back_ns = file.ns[TABLE_ROUND][i] - SERVICE_NS;
        file.ns[TABLE_ROUND][i] = out_and_back_ns > 0 ? out_and_back_ns / 2 : 0;
    }
    latency_measured(&network->one_way, file.ns[TABLE_ROUND], LATENCY_QUANTILES);
    latency_measured(&network->timer, file.ns[TABLE_TIMER], LATENCY_QUANTILES);
    latency_measured(&network->start, file.ns[TABLE_START], LATENCY_QUANTILES);
    network->service_ns = SERVICE_NS;
    network->vote_ns = VOTE_NS;
    return true;
}
