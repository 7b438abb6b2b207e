/* The model's network and server. See network.h. */
#include "sim/model/network.h"

#define SERVICE_NS 5000
#define VOTE_NS 200

void network_of(const struct scenario *scenario, struct network *network)
{
    const struct latency *latency = &scenario->latency;
    latency_log_normal(&network->one_way, latency->p50_ns, latency->p99_ns);
    network->service_ns = SERVICE_NS;
    network->vote_ns = VOTE_NS;
}
