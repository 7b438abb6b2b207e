/* Keys that once stood somewhere else. See moved.h. */
#include "sim/scenario/moved.h"
#include "src/owners.h"

#include <string.h>

static const char fix[] = "or let hustings lint --fix rewrite the file";

const struct moved moved_keys[] = {
    {"", "decided_by", OWNER_PROTOCOL, "decided_by"},
    {"", "submits", OWNER_PROTOCOL, "submits"},
    {"", "sticky", OWNER_PROTOCOL, "sticky"},
    {"", "master_locks", OWNER_PROTOCOL, "master_locks"},
    {"timing", "lock_ttl", OWNER_LOCK, "ttl"},
    {"timing", "lock_retry", OWNER_LOCK, "retry"},
    {"timing", "lock_wait", OWNER_LOCK, "wait"},
    {"timing", "poll", OWNER_PROTOCOL, "poll"},
    {"timing", "report", OWNER_PROTOCOL, "report"},
    {"timing", "request_timeout", -1, "request_timeout"},
    {NULL, NULL, -1, NULL},
};

const struct moved *moved_find(const char *section, const char *key)
{
    for (const struct moved *moved = moved_keys; moved->key; moved++) {
        if (strcmp(moved->section, section) == 0 && strcmp(moved->key, key) == 0) {
            return moved;
        }
    }
    return NULL;
}

static void tell(struct walk *walk, const struct node *key, const struct moved *moved)
{
    const struct node *value = key->next;
    const char *text = value && value->kind == NODE_SCALAR ? value->text : "…";
    char hint[200];
    if (moved->owner < 0) {
        snprintf(hint, sizeof hint, "write %s: %.30s at the top, %s", moved->param, text, fix);
    } else {
        enum owner owner = (enum owner)moved->owner;
        const struct settings *settings = &walk->scenario->settings;
        snprintf(hint, sizeof hint, "write %s: {%s: {%s: %.30s}}, %s", owner_names[owner],
                 owner_row_name(owner, settings->row[owner]), moved->param, text, fix);
    }
    walk_problem(walk, key, hint, "has moved");
}

static bool was_section(const char *key)
{
    for (const struct moved *moved = moved_keys; moved->key; moved++) {
        if (moved->section[0] && strcmp(moved->section, key) == 0) {
            return true;
        }
    }
    return false;
}

bool moved_tell(struct walk *walk, const struct node *key)
{
    const struct moved *moved = moved_find("", key->text);
    moved = moved ? moved : moved_find("timing", key->text);
    bool found = moved != NULL;
    if (moved) {
        tell(walk, key, moved);
        return true;
    }
    const struct node *section = key->next->kind == NODE_MAP ? key->next : NULL;
    for (const struct node *inner = tree_next_key(section, NULL); inner;
         inner = tree_next_key(section, inner)) {
        moved = moved_find(key->text, inner->text);
        if (moved) {
            tell(walk, inner, moved);
            found = true;
        }
    }
    if (!found && was_section(key->text)) {
        walk_problem(walk, key,
                     "its keys stand below what they belong to, as in lock: {token: {ttl: 2s}}",
                     "has moved");
        found = true;
    }
    return found;
}
