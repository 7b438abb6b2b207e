/* Times and the length of the lease. See share.h. */
#include "sim/matrix/share.h"

#include <assert.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/units.h"

/* The place of a parameter of this name, or -1. */
static int place_of(const struct param_row *params, const char *name)
{
    for (int i = 0; params[i].type != PARAM_NONE; i++) {
        if (strcmp(params[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

int share_lease_place(const struct settings *settings)
{
    const char *governor = settings_governor(settings, "ttl");
    uint8_t row = settings->row[OWNER_PROTOCOL];
    return governor ? place_of(owner_params(OWNER_PROTOCOL, row), governor) : -1;
}

int64_t share_lease_length(const struct settings *settings)
{
    int place = share_lease_place(settings);
    bool has_ttl = settings_value(settings, OWNER_LOCK, "ttl", 0) > 0;
    return place >= 0 ? settings->value[OWNER_PROTOCOL][place]
           : has_ttl  ? lock_ttl_ms(settings) * NS_PER_MS
                      : 0;
}

int64_t share_of_time(int64_t part, int64_t length, int64_t whole)
{
    assert(whole > 0);
    if (length == whole) {
        return part;
    }
    double ms = (double)part / (double)whole * (double)length / (double)NS_PER_MS;
    return (int64_t)(ms + 0.5) * NS_PER_MS;
}
