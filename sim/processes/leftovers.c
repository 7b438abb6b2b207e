/* What runs leave behind in a Redis. See leftovers.h. */
#include "sim/processes/leftovers.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/text/grown.h"

#define FIRST_WORD "hustings:"

/* The server looks at so many keys before it turns to others. */
#define LOOKED_AT "1000"

/* The keys that were found; they belong to the list. */
struct keys {
    char **list;
    size_t count, room;
};

/* --- names ------------------------------------------------------------------------------------ */

void leftovers_name_run(char prefix[LEFTOVERS_RUN_MAX])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(prefix, LEFTOVERS_RUN_MAX, FIRST_WORD "%lx-%x:", (unsigned long)now.tv_sec,
             (unsigned)getpid());
}

/* Behind digits of this kind and the mark that ends them; NULL: there are none. */
static const char *behind(const char *text, const char *digits, char mark)
{
    size_t length = text ? strspn(text, digits) : 0;
    assert(!strchr(digits, mark));
    return length > 0 && length <= 16 && text[length] == mark ? text + length + 1 : NULL;
}

bool leftovers_is_ours(const char *key, size_t *run_length, size_t *trial_length)
{
    static const char hex[] = "0123456789abcdef";
    if (strncmp(key, FIRST_WORD, strlen(FIRST_WORD)) != 0) {
        return false;
    }
    const char *run = behind(behind(key + strlen(FIRST_WORD), hex, '-'), hex, ':');
    const char *trial = behind(run, "0123456789", ':');
    if (!trial || *trial == '\0') {
        return false;
    }
    *run_length = (size_t)(run - key);
    *trial_length = (size_t)(trial - key);
    assert(*run_length < *trial_length && *run_length < LEFTOVERS_RUN_MAX);
    return true;
}

static bool is_same_start(const char *left, const char *right, size_t length)
{
    return left && strncmp(left, right, length) == 0;
}

/* --- finding ---------------------------------------------------------------------------------- */

static bool add(struct keys *keys, const char *key)
{
    char **list = grown(keys->list, keys->count, &keys->room, sizeof *list);
    if (!list) {
        return false;
    }
    assert(keys->count < keys->room);
    keys->list = list;
    keys->list[keys->count] = strdup(key);
    return keys->list[keys->count] != NULL && ++keys->count > 0;
}

static void free_keys(struct keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        free(keys->list[i]);
    }
    free(keys->list);
}

/* One answer to SCAN: the next cursor, and some keys. */
static bool take_in(const redisReply *reply, char cursor[24], struct keys *keys)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
        reply->element[0]->type != REDIS_REPLY_STRING ||
        reply->element[1]->type != REDIS_REPLY_ARRAY) {
        return false;
    }
    snprintf(cursor, 24, "%s", reply->element[0]->str);
    for (size_t i = 0; i < reply->element[1]->elements; i++) {
        const redisReply *key = reply->element[1]->element[i];
        size_t run_length;
        size_t trial_length;
        if (key->type == REDIS_REPLY_STRING && strlen(key->str) == key->len &&
            leftovers_is_ours(key->str, &run_length, &trial_length) && !add(keys, key->str)) {
            return false;
        }
    }
    return true;
}

/* What the server said, if it is an error; and that it is no answer to `command`, if it is none. */
static void note_answer(struct link *link, const redisReply *reply, const char *command)
{
    if (reply && reply->type == REDIS_REPLY_ERROR) {
        link_note_refusal(link, command, reply->str);
    } else if (reply) {
        snprintf(link->error, sizeof link->error,
                 "%.500s: its answer to %s is not one that a Redis gives", link->address.shown,
                 command);
    }
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* All keys that match, in order; a server may tell one twice. */
static bool find(struct link *link, const char *pattern, struct keys *keys)
{
    char cursor[24] = "0";
    do {
        const char *const scan[] = {"SCAN", cursor, "MATCH", pattern, "COUNT", LOOKED_AT, NULL};
        redisReply *reply = link_command(link, scan);
        bool good = reply && take_in(reply, cursor, keys);
        if (!good) {
            note_answer(link, reply, scan[0]);
        }
        freeReplyObject(reply);
        if (!good) {
            return false;
        }
    } while (strcmp(cursor, "0") != 0);
    if (keys->count > 0) {
        qsort(keys->list, keys->count, sizeof *keys->list, by_name);
    }
    return true;
}

/* --- removing --------------------------------------------------------------------------------- */

/* One command about one key, whose answer is 0 or 1; -1: it failed. One key, because two may lie in
 * two slots of a cluster. */
static int ask(struct link *link, const char *command, const char *key)
{
    const char *const words[] = {command, key, NULL};
    assert(strncmp(key, FIRST_WORD, strlen(FIRST_WORD)) == 0);
    redisReply *reply = link_command(link, words);
    int answer = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer != 0 : -1;
    if (answer < 0) {
        note_answer(link, reply, command);
    }
    freeReplyObject(reply);
    return answer;
}

static int is_alive(struct link *link, const char *key, size_t trial_length)
{
    char sign[128];
    assert(trial_length + sizeof LEFTOVERS_SIGN <= sizeof sign);
    snprintf(sign, sizeof sign, "%.*s" LEFTOVERS_SIGN, (int)trial_length, key);
    return ask(link, "EXISTS", sign);
}

/* Removes the keys of one trial, which are the first of the list. Returns how many of the list they
 * are; 0: it failed. */
static size_t remove_trial(struct link *link, char *const *list, size_t count, bool even_alive,
                           struct leftover_run *run)
{
    size_t run_length = 0;
    size_t trial_length = 0;
    size_t used = 0;
    bool ours = leftovers_is_ours(list[0], &run_length, &trial_length);
    assert(count > 0 && ours);
    int alive = even_alive ? 0 : is_alive(link, list[0], trial_length);
    if (alive < 0) {
        return 0;
    }
    uint32_t before = run->keys;
    for (; used < count && is_same_start(list[used], list[0], trial_length); used++) {
        int removed = alive ? 0 : ask(link, "DEL", list[used]);
        if (removed < 0) {
            return 0;
        }
        run->keys += (uint32_t)removed;
    }
    run->trials += run->keys > before;
    run->lives = run->lives || alive;
    assert(used > 0);
    return used;
}

static struct leftover_run describe(const char *key)
{
    struct leftover_run run = {.keys = 0};
    size_t run_length = 0;
    size_t trial_length = 0;
    bool ours = leftovers_is_ours(key, &run_length, &trial_length);
    assert(ours && run_length < sizeof run.prefix);
    snprintf(run.prefix, sizeof run.prefix, "%.*s", (int)run_length, key);
    char *end;
    run.began_s = (int64_t)strtoull(key + strlen(FIRST_WORD), &end, 16);
    run.pid = (uint32_t)strtoul(end + 1, NULL, 16);
    return run;
}

bool leftovers_remove(struct link *link, void (*tell)(void *self, const struct leftover_run *run),
                      void *self)
{
    struct keys keys = {0};
    bool good = find(link, FIRST_WORD "*", &keys);
    for (size_t i = 0; good && i < keys.count;) {
        struct leftover_run run = describe(keys.list[i]);
        while (good && i < keys.count &&
               is_same_start(keys.list[i], run.prefix, strlen(run.prefix))) {
            size_t used = remove_trial(link, keys.list + i, keys.count - i, false, &run);
            good = used > 0;
            i += used;
        }
        tell(self, &run);
    }
    free_keys(&keys);
    return good;
}

bool leftovers_remove_run(struct link *link, const char *prefix)
{
    char pattern[LEFTOVERS_RUN_MAX + 1];
    struct keys keys = {0};
    struct leftover_run run = {.keys = 0};
    snprintf(pattern, sizeof pattern, "%s*", prefix);
    /* What its processes had sent when they died has been applied once the server answers. */
    assert(strncmp(prefix, FIRST_WORD, strlen(FIRST_WORD)) == 0); /* nobody else's keys */
    bool good = link_pings(link) && find(link, pattern, &keys);
    for (size_t i = 0; good && i < keys.count;) {
        size_t used = remove_trial(link, keys.list + i, keys.count - i, true, &run);
        good = used > 0;
        i += used;
    }
    free_keys(&keys);
    return good;
}
