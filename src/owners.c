/* The owners of parameters, and their defaults. See owners.h. */
#include "src/owners.h"

#include <assert.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/protocol.h"

const char *const owner_names[OWNERS] = {
    [OWNER_PROTOCOL] = "protocol",
    [OWNER_LOCK] = "lock",
};

/* What the tables of all owners have in common. */
struct described {
    const char *name;
    const char *summary;
    const struct param_row *params;
    uint32_t topologies;
};

static struct described describe(enum owner owner, size_t row)
{
    assert(owner < OWNERS);
    if (owner == OWNER_PROTOCOL && protocol_rows[row]) {
        const struct protocol_row *protocol = protocol_rows[row];
        return (struct described){protocol->name, protocol->summary, protocol->params,
                                  protocol->topologies};
    }
    if (owner == OWNER_LOCK && lock_rows[row]) {
        const struct lock_row *lock = lock_rows[row];
        return (struct described){lock->name, lock->summary, lock->params, lock->topologies};
    }
    return (struct described){NULL, NULL, NULL, 0};
}

const char *owner_row_name(enum owner owner, size_t row)
{
    return describe(owner, row).name;
}

const char *owner_row_summary(enum owner owner, size_t row)
{
    return describe(owner, row).summary;
}

const struct param_row *owner_params(enum owner owner, size_t row)
{
    return describe(owner, row).params;
}

uint32_t owner_topologies(enum owner owner, size_t row)
{
    return describe(owner, row).topologies;
}

int owner_find(enum owner owner, const char *name)
{
    const char *known;
    for (size_t row = 0; (known = owner_row_name(owner, row)) != NULL; row++) {
        if (strcmp(known, name) == 0) {
            return (int)row;
        }
    }
    return -1;
}

uint8_t owner_default(enum owner owner)
{
    static const char *const names[OWNERS] = {
        [OWNER_PROTOCOL] = "article", /* by the article, whose lock is redis-py's */
        [OWNER_LOCK] = "token",
    };
    int row = owner_find(owner, names[owner]);
    assert(row >= 0);
    return (uint8_t)row;
}

void settings_choose(struct settings *settings, enum owner owner, uint8_t row)
{
    const struct param_row *params = owner_params(owner, row);
    assert(params);
    settings->row[owner] = row;
    memset(settings->value[owner], 0, sizeof settings->value[owner]);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        assert(i < PARAMS_MAX);
        settings->value[owner][i] = params[i].fallback;
    }
}

void settings_choose_topology(struct settings *settings, enum topology topology)
{
    assert(topology < TOPOLOGIES);
    settings->topology = (uint8_t)topology;
    settings->servers = topology_rows[topology].usual;
}

struct settings settings_default(uint16_t nodes)
{
    struct settings settings;
    memset(&settings, 0, sizeof settings);
    settings.nodes = nodes;
    settings_choose_topology(&settings, TOPOLOGY_SINGLE);
    for (int owner = 0; owner < OWNERS; owner++) {
        settings_choose(&settings, (enum owner)owner, owner_default((enum owner)owner));
    }
    return settings;
}

void settings_govern(struct settings *settings)
{
    const struct governed *each = protocol_rows[settings->row[OWNER_PROTOCOL]]->governs;
    const struct param_row *params = lock_rows[settings->row[OWNER_LOCK]]->params;
    for (; each && each->lock_param; each++) {
        assert(each->own < PARAMS_MAX);
        int64_t value =
            each->own == GOVERNED_ABSENT ? 0 : settings->value[OWNER_PROTOCOL][each->own];
        for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
            bool same = strcmp(params[i].name, each->lock_param) == 0;
            settings->value[OWNER_LOCK][i] = same ? value : settings->value[OWNER_LOCK][i];
        }
    }
}

const char *settings_governor(const struct settings *settings, const char *lock_param)
{
    const struct protocol_row *protocol = protocol_rows[settings->row[OWNER_PROTOCOL]];
    for (const struct governed *each = protocol->governs; each && each->lock_param; each++) {
        if (strcmp(each->lock_param, lock_param) == 0) {
            return each->own == GOVERNED_ABSENT ? "" : protocol->params[each->own].name;
        }
    }
    return NULL;
}

int64_t settings_value(const struct settings *settings, enum owner owner, const char *name,
                       int64_t absent)
{
    const struct param_row *params = owner_params(owner, settings->row[owner]);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        assert(i < PARAMS_MAX);
        if (strcmp(params[i].name, name) == 0) {
            return settings->value[owner][i];
        }
    }
    return absent;
}
