/* The model's network, server and machine. See network.h. */
#include "sim/model/network.h"

#include "src/units.h"

#define SERVICE_NS (5 * NS_PER_US)
#define VOTE_NS 200
#define NEXT_START_NS (120 * NS_PER_US)

void network_of(const struct scenario *scenario, struct network *network)
{
    latency_of(&network->one_way, &scenario->latency);
    latency_constant(&network->timer, 0);
    latency_uniform(&network->start, 0, NEXT_START_NS);
    network->service_ns = SERVICE_NS;
    network->vote_ns = VOTE_NS;
}

void network_measured(struct network *network, const struct measured *measured)
{
    /* A round trip was measured as a whole: half of it, but for the server's work, is each way. */
    int64_t one_way_ns[MEASURED_QUANTILES];
    for (uint32_t i = 0; i < MEASURED_QUANTILES; i++) {
        int64_t out_and_back_ns = measured->ns[MEASURED_ROUND][i] - SERVICE_NS;
        one_way_ns[i] = out_and_back_ns > 0 ? out_and_back_ns / 2 : 0;
    }
    latency_measured(&network->one_way, one_way_ns, MEASURED_QUANTILES);
    latency_measured(&network->timer, measured->ns[MEASURED_TIMER], MEASURED_QUANTILES);
    latency_measured(&network->start, measured->ns[MEASURED_START], MEASURED_QUANTILES);
    network->service_ns = SERVICE_NS;
    network->vote_ns = VOTE_NS;
}
