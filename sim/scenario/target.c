/* Targets of faults and of `who`: ids, or a word that is found out when it happens. */
#include <string.h>

#include "sim/scenario/borrowed.h"
#include "sim/scenario/entry.h"
#include "sim/scenario/redis.h"
#include "src/ballot.h"
#include "src/protocol.h"

bool target_has(const struct target *target, uint16_t id)
{
    for (uint16_t i = 0; i < target->count; i++) {
        if (target->ids[i] == id) {
            return true;
        }
    }
    return false;
}

bool target_has_server(const struct target *target, unsigned server)
{
    return target->servers == SERVERS_ALL ||
           (target->servers == SERVERS_LISTED && target->listed & 1u << server);
}

bool target_is_fixed(const struct target *target)
{
    return (target->kind == TARGET_IDS || target->kind == TARGET_REDIS) &&
           (target->servers == SERVERS_ALL || target->servers == SERVERS_LISTED);
}

/* "a node's number, master, leader", as far as they are allowed, and there is a master. */
static char *allowed_words(const struct walk *walk, uint32_t allowed, char *out, size_t size)
{
    const char *ids = !(allowed & 1u << TARGET_IDS)                    ? ""
                      : protocol_has_master(&walk->scenario->settings) ? "a node's number, master"
                                                                       : "a node's number";
    size_t used = (size_t)snprintf(out, size, "%s", ids);
    for (int kind = 0; kind < TARGET_KINDS; kind++) {
        if (target_names[kind] && (allowed & 1u << kind) && used < size) {
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     target_names[kind]);
        }
    }
    return out;
}

static bool read_ids(struct walk *walk, const struct node *list, struct target *target)
{
    bool good = true;
    target->kind = TARGET_IDS;
    if (list->count == 0) {
        walk_problem(walk, list, "name at least one process", "an empty list hits nobody");
        return false;
    }
    if (list->count > TARGET_IDS_MAX) {
        walk_problem(walk, list, "spread them over two entries, or use others",
                     "more than %d processes in a list", TARGET_IDS_MAX);
        return false;
    }
    for (const struct node *item = list->first; item; item = item->next) {
        uint16_t id;
        if (!read_process(walk, item, &id)) {
            good = false;
        } else if (target_has(target, id)) {
            walk_problem(walk, item, "name each process once", "is in the list already");
            good = false;
        } else {
            target->ids[target->count++] = id;
        }
    }
    return good;
}

static bool is_on_links(const char *name)
{
    int fault = fault_find(name);
    return fault >= 0 && fault_is_on_links(fault_rows[fault]);
}

static bool wrong_kind(struct walk *walk, const struct node *node, uint32_t allowed,
                       const char *name)
{
    char words[120];
    char hint[140];
    const char *aim = borrowed_aim(name, redis_is_meant(node)        ? "redis"
                                         : node->kind == NODE_SCALAR ? node->text
                                                                     : "");
    snprintf(hint, sizeof hint, "write %s", allowed_words(walk, allowed, words, sizeof words));
    if (walk->scenario->settings.servers > 1 && redis_is_meant(node) && is_on_links(name)) {
        snprintf(hint, sizeof hint, "name the member whose link it is: %s: 3, server: redis 2",
                 name);
        aim = NULL;
    }
    walk_problem(walk, node, aim ? aim : hint, "%s cannot aim at that", name);
    return false;
}

static bool no_value(struct walk *walk, const struct node *node, uint32_t allowed)
{
    char words[120];
    char hint[140];
    snprintf(hint, sizeof hint, "write %s", allowed_words(walk, allowed, words, sizeof words));
    walk_problem(walk, node, hint, "has no value");
    return false;
}

static bool read_scalar(struct walk *walk, const struct node *node, uint32_t allowed,
                        const char *name, struct target *target)
{
    int kind = words_find(&words_targets, node->text);
    if (kind > TARGET_IDS) {
        target->kind = (uint8_t)kind;
        return (allowed & 1u << kind) != 0 || wrong_kind(walk, node, allowed, name);
    }
    if (!node->text[0]) {
        return no_value(walk, node, allowed);
    }
    bool number = is_number(node->text);
    bool has_master = protocol_has_master(&walk->scenario->settings);
    const char *near = number ? NULL : words_nearest(&words_targets, node->text);
    if (kind < 0 && !number) {
        char words[120];
        char hint[140];
        const char *borrowed = borrowed_find(IN_TARGET, node->text);
        snprintf(hint, sizeof hint, "write %s", allowed_words(walk, allowed, words, sizeof words));
        if (borrowed) {
            snprintf(hint, sizeof hint, "%s", borrowed);
        } else if (near && (has_master || words_find(&words_targets, near) > TARGET_IDS)) {
            snprintf(hint, sizeof hint, "did you mean %s?", near);
        }
        walk_problem(walk, node, hint, "is not a target");
        return false;
    }
    if (!(allowed & 1u << TARGET_IDS)) {
        return wrong_kind(walk, node, allowed, name);
    }
    target->kind = TARGET_IDS;
    target->count = 1;
    return read_process(walk, node, &target->ids[0]);
}

bool target_read(struct walk *walk, const struct node *node, uint32_t allowed, const char *name,
                 struct target *target)
{
    *target = (struct target){0};
    if (redis_is_meant(node)) {
        target->kind = TARGET_REDIS;
        return allowed & 1u << TARGET_REDIS ? redis_read(walk, node, target)
                                            : wrong_kind(walk, node, allowed, name);
    }
    if (node->kind == NODE_SCALAR) {
        return read_scalar(walk, node, allowed, name, target);
    }
    if (!walk_is(walk, node, NODE_LIST, "a process, or a list such as [1, 2]")) {
        return false;
    }
    if (!(allowed & 1u << TARGET_IDS)) {
        return wrong_kind(walk, node, allowed, name);
    }
    return read_ids(walk, node, target);
}
