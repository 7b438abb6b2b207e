/* The keys `program`, `programs`, `env` and `must_live`: members that are programs of the user's,
 * in any language, in place of a machine of ours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/problem.h"
#include "sim/scenario/walk.h"
#include "src/protocol.h"

#define WORDS_MAX 64
#define VARIABLES_MAX 64

static const char shape[] = "a list of words such as [python3, worker.py]";

static void free_words(char **words)
{
    for (size_t i = 0; words && words[i]; i++) {
        free(words[i]);
    }
    free(words);
}

void programs_free(struct scenario *scenario)
{
    for (uint32_t id = 0; scenario->programs && id <= scenario->settings.nodes; id++) {
        free_words(scenario->programs[id].words);
    }
    free(scenario->programs);
    free_words(scenario->program_env);
}

static void no_memory(struct walk *walk)
{
    problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
}

/* Whether it is a list of words that can be started. Tells what is wrong. */
static bool is_command(struct walk *walk, const struct node *value)
{
    if (!walk_is(walk, value, NODE_LIST, shape)) {
        return false;
    }
    if (!value->first || value->count > WORDS_MAX) {
        walk_problem(walk, value, "write one such as [python3, worker.py]",
                     value->count ? "has more than 64 words" : "names no program");
        return false;
    }
    for (const struct node *word = value->first; word; word = word->next) {
        if (!walk_is(walk, word, NODE_SCALAR, "a word")) {
            return false;
        }
    }
    if (!value->first->text[0]) {
        walk_problem(walk, value->first, "write one such as [python3, worker.py]",
                     "names no program");
    }
    return value->first->text[0] != '\0';
}

/* A copy of the list's words, which ends with NULL; the caller's. NULL: memory is out. */
static char **copy_words(const struct node *value)
{
    char **words = calloc((size_t)value->count + 1, sizeof *words);
    size_t i = 0;
    for (const struct node *word = value->first; words && word; word = word->next) {
        words[i] = strdup(word->text);
        if (!words[i++]) {
            free_words(words);
            return NULL;
        }
    }
    return words;
}

/* Gives the member this program, unless it has one. */
static void give(struct walk *walk, uint16_t id, const struct node *value)
{
    struct scenario *scenario = walk->scenario;
    size_t count = (size_t)scenario->settings.nodes + 1;
    if (id >= count) {
        return; /* how many nodes there are is a problem already */
    }
    if (!scenario->programs) {
        scenario->programs = calloc(count, sizeof *scenario->programs);
    }
    if (!scenario->programs) {
        no_memory(walk);
    } else if (!scenario->programs[id].words) {
        scenario->programs[id] = (struct program){copy_words(value), value->line};
        if (!scenario->programs[id].words) {
            no_memory(walk);
        }
    }
}

static void give_all(struct walk *walk, const struct node *value)
{
    for (uint32_t id = 1; id <= walk->scenario->settings.nodes && is_command(walk, value); id++) {
        give(walk, (uint16_t)id, value);
    }
}

void program_read(struct walk *walk, const struct node *map, const struct node *value)
{
    (void)map;
    if (value) {
        give_all(walk, value);
    }
}

/* The node that a key names; 0: none, which is told. */
static uint16_t node_of(struct walk *walk, const struct node *key)
{
    struct node plain = *key; /* a quoted key is a number as well, as in JSON */
    uint16_t id = MASTER_ID;
    plain.plain = true;
    if (!is_number(key->text) || strcmp(key->text, "0") == 0) {
        walk_problem(walk, key, "write a node's number, or others", "is no node");
        return 0;
    }
    return read_process(walk, &plain, &id) ? id : 0;
}

void programs_read(struct walk *walk, const struct node *map, const struct node *value)
{
    const struct node *one = tree_get(map, "program");
    if (!value || !walk_is(walk, value, NODE_MAP, "a map such as {2: [python3, worker.py]}")) {
        return;
    }
    if (one) {
        walk_problem(walk, value, "write programs: {others: …} for the rest",
                     "program: has named one for every node");
        return;
    }
    for (const struct node *key = tree_next_key(value, NULL); key;
         key = tree_next_key(value, key)) {
        uint16_t id = strcmp(key->text, "others") == 0 ? 0 : node_of(walk, key);
        if (id != 0 && is_command(walk, key->next)) {
            give(walk, id, key->next);
        }
    }
    if (tree_get(value, "others")) {
        give_all(walk, tree_get(value, "others"));
    }
}

/* --- env -------------------------------------------------------------------------------------- */

/* What the keeper itself sets (processes/program_env.c), or what would turn its work. */
static bool is_reserved(const char *name)
{
    static const char *const first[] = {"REDIS_URL",          "HUSTINGS_ID",
                                        "HUSTINGS_NODES",     "HUSTINGS_SEED",
                                        "HUSTINGS_PREFIX",    "HUSTINGS_LOCK_",
                                        "HUSTINGS_REQUEST",   "HUSTINGS_PRELOAD",
                                        "HUSTINGS_PROTOCOL_", "LD_"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        if (strncmp(name, first[i], strlen(first[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_name(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    static const char more[] = "0123456789";
    size_t length = strlen(text), good = strspn(text, letters);
    while (good > 0 && good < length && strchr(more, text[good])) {
        good++;
        good += strspn(text + good, letters);
    }
    return length > 0 && good == length;
}

/* Whether it is a variable that the program may be given. Tells what is wrong. */
static bool is_variable(struct walk *walk, const struct node *key)
{
    if (!is_name(key->text)) {
        walk_problem(walk, key, "write a name such as WORK_MS", "is no name of a variable");
        return false;
    }
    if (is_reserved(key->text)) {
        walk_problem(walk, key,
                     "it follows from other keys, as HUSTINGS_LOCK_TTL_MS does from "
                     "lock: {token: {ttl: 1s}}",
                     "is set by hustings itself");
        return false;
    }
    return scalar_text(walk, key->next, "a text or a number") != NULL;
}

static char *variable_of(const struct node *key)
{
    size_t size = strlen(key->text) + strlen(key->next->text) + 2;
    char *text = malloc(size);
    if (text) {
        snprintf(text, size, "%s=%s", key->text, key->next->text);
    }
    return text;
}

void env_read(struct walk *walk, const struct node *map, const struct node *value)
{
    if (!value || !walk_is(walk, value, NODE_MAP, "a map such as {WORK_MS: 200}")) {
        return;
    }
    if (!tree_get(map, "program") && !tree_get(map, "programs")) {
        walk_problem(walk, value, "add program: [python3, worker.py], or leave the line away",
                     "env is for programs, and there is none");
        return;
    }
    if (value->count > 2 * VARIABLES_MAX) {
        walk_problem(walk, value, "leave some of them away", "has more than 64 variables");
        return;
    }
    char **env = calloc((size_t)value->count + 1, sizeof *env);
    size_t used = 0;
    walk->scenario->program_env = env;
    for (const struct node *key = tree_next_key(value, NULL); key && env;
         key = tree_next_key(value, key)) {
        if (!is_variable(walk, key)) {
            continue;
        }
        env[used] = variable_of(key);
        if (!env[used++]) {
            no_memory(walk);
            return;
        }
    }
    if (!env) {
        no_memory(walk);
    }
}

void must_live_read(struct walk *walk, const struct node *map, const struct node *value)
{
    bool some = tree_get(map, "program") || tree_get(map, "programs");
    if (value && read_flag(walk, value, "must_live", &walk->scenario->must_live) && !some) {
        walk_problem(walk, value, "add program: [python3, worker.py], or leave the line away",
                     "must_live is about programs, and there is none");
    }
}
