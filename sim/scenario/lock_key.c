/* The keys `lock_key` and `lock_outlives`: where the programs' lock is, and whether it outlives the
 * connection on which it was taken. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/walk.h"

/* Tells it if there is no program that it could be about. */
static bool is_about_one(struct walk *walk, const struct node *map, const struct node *value,
                         const char *what)
{
    bool some = tree_get(map, "program") || tree_get(map, "programs");
    if (!some) {
        walk_problem(walk, value, "add program: [python3, worker.py], or leave the line away", "%s",
                     what);
    }
    return some;
}

/* The only things in braces are {key} and {sha1}, and there is one at most: so it stays short. */
static bool has_known_braces(const char *text)
{
    const char *brace = strchr(text, '{');
    if (!brace) {
        return !strchr(text, '}');
    }
    size_t size = strncmp(brace, "{key}", 5) == 0 ? 5 : strncmp(brace, "{sha1}", 6) == 0 ? 6 : 0;
    return size > 0 && !strpbrk(brace + size, "{}") &&
           memchr(text, '}', (size_t)(brace - text)) == NULL;
}

void lock_key_read(struct walk *walk, const struct node *map, const struct node *value)
{
    char *out = walk->scenario->lock_key;
    snprintf(out, LOCK_KEY_ROOM, "{key}");
    if (!value || !walk_is(walk, value, NODE_SCALAR, "text such as \"mutex:{key}\"") ||
        !is_about_one(walk, map, value, "lock_key is about programs, and there is none")) {
        return;
    }
    if (!value->text[0] || strlen(value->text) >= LOCK_KEY_ROOM) {
        walk_problem(walk, value, "write 1 to 63 bytes, such as \"mutex:{key}\"",
                     "is no name of a key");
    } else if (!has_known_braces(value->text)) {
        walk_problem(walk, value, "write {key} or {sha1}, once, such as \"mutex:{key}\"",
                     "has braces that mean nothing");
    } else {
        snprintf(out, LOCK_KEY_ROOM, "%s", value->text);
    }
}

void lock_outlives_read(struct walk *walk, const struct node *map, const struct node *value)
{
    if (value && read_flag(walk, value, "lock_outlives", &walk->scenario->lock_outlives)) {
        is_about_one(walk, map, value, "lock_outlives is about programs, and there is none");
    }
}
