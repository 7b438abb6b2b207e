/* Which servers a fault hits. See servers.h. */
#include "sim/host/servers.h"

#include <assert.h>

#include "sim/host/rng.h"

/* So many of them, all equally likely. */
static uint8_t draw(uint8_t many, uint8_t count, uint64_t *rng)
{
    unsigned set = 0;
    assert(many <= count);
    for (uint8_t server = 0; server < count; server++) {
        if (rng_below(rng, (uint64_t)(count - server)) < many) {
            set |= 1u << server;
            many--;
        }
    }
    assert(many == 0);
    return (uint8_t)set;
}

uint8_t servers_hit(const struct target *target, uint8_t count, uint64_t *rng)
{
    assert(0 < count && count <= SERVERS_MAX);
    uint8_t majority = (uint8_t)(count / 2 + 1);
    switch ((enum target_servers)target->servers) {
    case SERVERS_LISTED:
        return target->listed;
    case SERVERS_MINORITY:
        return draw((uint8_t)(count - majority), count, rng);
    case SERVERS_MAJORITY:
        return draw(majority, count, rng);
    case SERVERS_ALL:
    case SERVERS_KINDS:
        break;
    }
    return (uint8_t)((1u << count) - 1);
}
