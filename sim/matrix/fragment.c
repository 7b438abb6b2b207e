/* Combinations that are files. See fragment.h. */
#include "sim/matrix/fragment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/matrix/flow.h"
#include "sim/scenario/identity.h"
#include "sim/scenario/load.h"
#include "sim/scenario/source.h"
#include "src/owners.h"

/* What may stand in one. */
static const struct key {
    const char *name;
    bool of_settings; /* the settings say it */
    bool of_programs; /* without programs it means nothing */
} keys[] = {{"protocol", true, false},        {"lock", true, false},    {"fencing", true, false},
            {"redis", true, false},           {"program", false, true}, {"programs", false, true},
            {"must_live", false, true},       {"env", false, true},     {"lock_key", false, true},
            {"lock_outlives", false, true},   {"work", false, false},   {"network", false, false},
            {"request_timeout", false, false}};
#define KEYS (sizeof keys / sizeof *keys)

static const struct key *key_of(const char *name)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

/* Builds the tree of its text; tree_free() it in either case. */
static bool build(const char *text, struct tree *tree)
{
    struct scenario_report *report = calloc(1, sizeof *report);
    size_t mark = source_mark(text, strlen(text));
    *tree = (struct tree){0};
    bool good = report && tree_build(tree, text + mark, strlen(text) - mark, report);
    free(report);
    return good && tree->root->kind == NODE_MAP;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Notes which parameters stand below "lock: {token: …}". */
static void note_params(struct fragment *out, const struct tree *tree, enum owner owner)
{
    const struct node *map = tree_get(tree->root, owner_names[owner]);
    const struct param_row *params = owner_params(owner, out->settings.row[owner]);
    const struct node *row = map && map->kind == NODE_MAP && map->first ? map->first->next : NULL;
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        out->named[owner][i] = row && row->kind == NODE_MAP && tree_get(row, params[i].name);
    }
}

static bool has_known_keys(const struct tree *tree, char *why, size_t size)
{
    for (const struct node *key = tree_next_key(tree->root, NULL); key;
         key = tree_next_key(tree->root, key)) {
        if (!key_of(key->text)) {
            snprintf(why, size,
                     "\"%.40s\" is the story's to say; a combination has protocol, lock, fencing, "
                     "redis, program, env, lock_key and the like",
                     key->text);
            return false;
        }
    }
    return true;
}

/* Has lint judge it, as a scenario in which nothing goes wrong. */
static bool judge_text(struct fragment *out, char *why, size_t size)
{
    char *whole = NULL;
    struct scenario scenario;
    struct scenario_report *report = calloc(1, sizeof *report);
    int length = asprintf(&whole, "%s\nname: combination\nnodes: 64\nduration: 1m\n", out->text);
    bool good = length >= 0 && report &&
                scenario_parse(out->path, whole, (size_t)length, &scenario, report);
    if (good) {
        out->settings = scenario.settings;
        out->programs = scenario.programs != NULL;
        out->number = scenario_programs(&scenario);
        scenario_free(&scenario);
    } else if (length >= 0 && report) {
        const struct scenario_problem *problem = &report->problems[0];
        snprintf(why, size, "line %d: \"%s\": %s", problem->line, problem->text, problem->message);
    } else {
        snprintf(why, size, "out of memory");
    }
    free(length >= 0 ? whole : NULL);
    free(report);
    return good;
}

/* Notes what the text says, once it is there. False: it is wrong. */
static bool take_text(struct fragment *out, char *why, size_t size)
{
    struct tree tree = {0};
    bool good = out->text && out->path && build(out->text, &tree) &&
                has_known_keys(&tree, why, size) && judge_text(out, why, size);
    if (good) {
        note_params(out, &tree, OWNER_PROTOCOL);
        note_params(out, &tree, OWNER_LOCK);
    }
    tree_free(&tree);
    if (!good) {
        fragment_free(out);
    }
    return good;
}

bool fragment_of_program(const char *path, struct fragment *out, char *why, size_t size)
{
    size_t length;
    *out = (struct fragment){.path = realpath(path, NULL)};
    FILE *file = out->path ? open_memstream(&out->text, &length) : NULL;
    snprintf(why, size, file ? "out of memory" : "it cannot be found");
    if (file) {
        fputs("program: [", file);
        flow_text(file, out->path, false);
        fputs("]\n", file);
        fclose(file);
    }
    return take_text(out, why, size);
}

bool fragment_read(const char *path, struct fragment *out, char *why, size_t size)
{
    size_t length;
    struct scenario_report *report = calloc(1, sizeof *report);
    *out = (struct fragment){.path = realpath(path, NULL)};
    snprintf(why, size, "it is no YAML with keys such as program: [python3, worker.py]");
    out->text = report ? source_read(path, true, &length, report) : NULL;
    if (report && !out->text) {
        snprintf(why, size, "%s", report->problems[0].message);
    }
    free(report);
    return take_text(out, why, size);
}

void fragment_free(struct fragment *fragment)
{
    free(fragment->text);
    free(fragment->path);
    *fragment = (struct fragment){0};
}

/* --- writing ---------------------------------------------------------------------------------- */

bool fragment_replaces(const struct fragment *fragment, const char *name)
{
    const struct key *key = key_of(name);
    struct tree tree;
    if (!key) {
        return false;
    }
    if (key->of_settings || !fragment) {
        return key->of_settings || key->of_programs;
    }
    /* What the story tells its programs, it tells those of the combination, too. */
    bool has = build(fragment->text, &tree) && tree_get(tree.root, name);
    tree_free(&tree);
    bool told = fragment->programs && strcmp(name, "env") == 0;
    return has || (key->of_programs && !told);
}

/* A word that names a file beside the fragment becomes its whole path: the scenario lies elsewhere.
 */
static void write_word(FILE *file, const struct fragment *fragment, const struct node *word)
{
    const char *slash = strrchr(fragment->path, '/');
    char *path = NULL;
    assert(slash && "it is a whole path");
    int length =
        asprintf(&path, "%.*s/%s", (int)(slash - fragment->path), fragment->path, word->text);
    bool is_file = length >= 0 && word->text[0] != '/' && access(path, F_OK) == 0;
    flow_text(file, is_file ? path : word->text, !is_file && word->plain);
    free(length >= 0 ? path : NULL);
}

static void write_words(FILE *file, const struct fragment *fragment, const struct node *list)
{
    const char *before = "[";
    for (const struct node *word = list->first; word; word = word->next) {
        fputs(before, file);
        write_word(file, fragment, word);
        before = ", ";
    }
    fputc(']', file);
}

static void write_value(FILE *file, const struct fragment *fragment, const struct node *key)
{
    const struct node *value = key->next;
    if (strcmp(key->text, "program") == 0) {
        write_words(file, fragment, value);
    } else if (strcmp(key->text, "programs") == 0) {
        const char *before = "{";
        for (const struct node *who = tree_next_key(value, NULL); who;
             who = tree_next_key(value, who)) {
            fprintf(file, "%s%s: ", before, who->text);
            write_words(file, fragment, who->next);
            before = ", ";
        }
        fputc('}', file);
    } else {
        flow_write(file, value, &(struct flow){0});
    }
}

bool fragment_write(const struct fragment *fragment, FILE *file)
{
    struct tree tree;
    bool built = build(fragment->text, &tree);
    for (const struct node *key = built ? tree_next_key(tree.root, NULL) : NULL; key;
         key = tree_next_key(tree.root, key)) {
        if (!key_of(key->text)->of_settings) {
            fprintf(file, "%s: ", key->text);
            write_value(file, fragment, key);
            fputc('\n', file);
        }
    }
    tree_free(&tree);
    return built;
}
