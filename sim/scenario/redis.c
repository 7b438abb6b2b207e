/* The servers of a scenario. See redis.h. */
#include "sim/scenario/redis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "src/owners.h"

/* --- how many there are ----------------------------------------------------------------------- */

static const char *topology_word(const void *context, size_t index)
{
    (void)context;
    return index < TOPOLOGIES ? topology_rows[index].name : NULL;
}
static const struct vocabulary words_topologies = {"a topology", topology_word, NULL};

/* The rows of an owner that take the topology, as a hint. */
static char *who_takes(enum owner owner, unsigned topology, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "choose another %s:", owner_names[owner]);
    const char *joint = " ";
    const char *name;
    for (size_t row = 0; (name = owner_row_name(owner, row)) != NULL && used < size; row++) {
        if (owner_topologies(owner, row) & 1u << topology) {
            used += (size_t)snprintf(out + used, size - used, "%s%s", joint, name);
            joint = ", ";
        }
    }
    return out;
}

void topology_read(struct walk *walk, const struct node *map, const struct node *value)
{
    struct settings *settings = &walk->scenario->settings;
    int topology = TOPOLOGY_SINGLE;
    (void)map;
    settings_choose_topology(settings, TOPOLOGY_SINGLE);
    if (!value) {
        walk_default(walk, "redis", "topology", topology_rows[topology].name);
        return;
    }
    if (!read_word(walk, value, &words_topologies, &topology)) {
        return;
    }
    for (int owner = 0; owner < OWNERS; owner++) {
        uint8_t row = settings->row[owner];
        if (!(owner_topologies((enum owner)owner, row) & 1u << topology)) {
            char hint[120];
            walk_problem(walk, value,
                         who_takes((enum owner)owner, (unsigned)topology, hint, sizeof hint),
                         "the %s %s cannot be used with it", owner_names[owner],
                         owner_row_name((enum owner)owner, row));
        }
    }
    settings_choose_topology(settings, (enum topology)topology);
}

void servers_read(struct walk *walk, const struct node *map, const struct node *value)
{
    struct settings *settings = &walk->scenario->settings;
    const struct topology_row *row = &topology_rows[settings->topology];
    int64_t servers;
    (void)map;
    if (!value) {
        char usual[8];
        snprintf(usual, sizeof usual, "%u", row->usual);
        walk_default(walk, "redis", "servers", usual);
    } else if (row->most == 1 && value->kind == NODE_SCALAR && is_number(value->text) &&
               strcmp(value->text, "1") != 0) {
        walk_problem(walk, value, "add topology: independent, for several servers",
                     "with topology: %s there is only one Redis", row->name);
    } else if (read_number(walk, value, "servers", row->least, row->most, &servers)) {
        settings->servers = (uint8_t)servers;
    }
}

/* --- which of them ---------------------------------------------------------------------------- */

static const char name_of_all[] = "redis";

static bool begins_with_redis(const char *text)
{
    return strncmp(text, name_of_all, strlen(name_of_all)) == 0;
}

/* The SERVERS_ that is this word, or SERVERS_KINDS. */
static unsigned set_of(const char *text)
{
    for (unsigned set = 0; set < SERVERS_KINDS; set++) {
        if (target_servers_names[set] && strcmp(target_servers_names[set], text) == 0) {
            return set;
        }
    }
    return SERVERS_KINDS;
}

bool redis_is_meant(const struct node *node)
{
    const struct node *first = node->kind == NODE_LIST ? node->first : node;
    return first && first->kind == NODE_SCALAR &&
           (begins_with_redis(first->text) || set_of(first->text) < SERVERS_KINDS);
}

/* The servers there are, as a hint. */
static char *name_one(const struct walk *walk, char *out, size_t size)
{
    unsigned servers = walk->scenario->settings.servers;
    if (servers > 1) {
        snprintf(out, size, "write redis 1 to redis %u, a list of these%smajority", servers,
                 servers > 2 ? ", minority or " : " or ");
    } else {
        snprintf(out, size, "write redis");
    }
    return out;
}

/* The number in "redis[2]", "redis-2" and the like, or 0. */
static unsigned number_in(const char *text)
{
    const char *digits = text + strcspn(text, "0123456789");
    unsigned long number = strtoul(digits, NULL, 10);
    return number <= SERVERS_MAX ? (unsigned)number : 0;
}

/* "redis 2", in *server from 0. */
static bool read_one(struct walk *walk, const struct node *node, uint8_t *server)
{
    unsigned servers = walk->scenario->settings.servers;
    const char *text = node->kind == NODE_SCALAR ? node->text : "";
    const char *number = begins_with_redis(text) ? text + strlen(name_of_all) : "";
    char hint[120];
    unsigned found = number_in(text);
    bool named = number[0] == ' ' && is_number(number + 1);
    if (!named && node->kind == NODE_SCALAR && servers > 1 && found > 0) {
        snprintf(hint, sizeof hint, "write redis %u", found);
        walk_problem(walk, node, hint, "is no server");
    } else if (!named) {
        walk_problem(walk, node, name_one(walk, hint, sizeof hint), "is no server");
    } else if (servers == 1) {
        walk_problem(walk, node, "write redis", "there is only one Redis");
    } else if (found == 0 || found > servers) {
        walk_problem(walk, node, name_one(walk, hint, sizeof hint), "there is no such server");
    } else {
        *server = (uint8_t)(found - 1);
        assert(*server < SERVERS_MAX);
        return true;
    }
    return false;
}

static bool read_list(struct walk *walk, const struct node *list, struct target *target)
{
    bool good = list->count > 0;
    for (const struct node *item = list->first; item; item = item->next) {
        uint8_t server;
        if (!read_one(walk, item, &server)) {
            good = false;
        } else if (target->listed & 1u << server) {
            walk_problem(walk, item, "name each server once", "is in the list already");
            good = false;
        } else {
            target->listed |= (uint8_t)(1u << server);
        }
    }
    if (list->count == 0) {
        walk_problem(walk, list, "name at least one server", "an empty list hits nobody");
    }
    return good;
}

bool redis_read(struct walk *walk, const struct node *node, struct target *target)
{
    bool several = walk->scenario->settings.servers > 1;
    char hint[120];
    uint8_t server;
    if (node->kind == NODE_LIST) {
        target->servers = SERVERS_LISTED;
        return read_list(walk, node, target);
    }
    if (!walk_is(walk, node, NODE_SCALAR, name_one(walk, hint, sizeof hint))) {
        return false;
    }
    unsigned set = set_of(node->text);
    if (strcmp(node->text, name_of_all) == 0) {
        if (several) {
            walk_problem(walk, node, name_one(walk, hint, sizeof hint), "there are %u of them",
                         walk->scenario->settings.servers);
        }
        return !several;
    }
    if (set < SERVERS_KINDS) {
        bool empty = set == SERVERS_MINORITY && walk->scenario->settings.servers == 2;
        target->servers = (uint8_t)set;
        if (!several) {
            walk_problem(walk, node, "write redis", "there is only one Redis");
        } else if (empty) {
            walk_problem(walk, node, name_one(walk, hint, sizeof hint),
                         "of two servers, both are the majority");
        }
        return several && !empty;
    }
    target->servers = SERVERS_LISTED;
    if (!read_one(walk, node, &server)) {
        return false;
    }
    target->listed = (uint8_t)(1u << server);
    return true;
}

bool redis_read_key(struct walk *walk, const struct node *entry, struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    const struct node *value = tree_get(entry, "server");
    bool several = walk->scenario->settings.servers > 1;
    if (!value) {
        if (several && fault_has_servers(spec) && spec->target.kind != TARGET_REDIS) {
            walk_default(walk, walk->entry, "server", "all");
        }
        return true;
    }
    if (spec->target.kind == TARGET_REDIS) {
        char hint[80];
        snprintf(hint, sizeof hint, "the target says it: %s: redis 2", row->name);
        walk_problem(walk, value, hint, "%s does not take server", row->name);
    } else if (!fault_has_servers(spec)) {
        walk_problem(walk, value, "leave it away: it is done to a process alone",
                     "%s does not take server", row->name);
    } else if (!several) {
        walk_problem(walk, value, "leave it away", "there is only one Redis");
    } else {
        return redis_read(walk, value, &spec->target);
    }
    return false;
}

char *redis_text(const struct target *target, char *out, size_t size)
{
    const char *name = target_servers_names[target->servers];
    size_t used = (size_t)snprintf(out, size, "%s", name ? name : "");
    unsigned left = target->servers == SERVERS_LISTED ? target->listed : 0;
    for (unsigned server = 0; left && used < size; server++) {
        if (left & 1u << server) {
            left &= ~(1u << server);
            used += (size_t)snprintf(out + used, size - used, "%sredis %u",
                                     used == 0 ? ""
                                     : left    ? ", "
                                               : " and ",
                                     server + 1);
        }
    }
    return out;
}
