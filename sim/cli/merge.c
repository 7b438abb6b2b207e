/* hustings merge: shards become one. See merge.h. */
#include "sim/cli/merge.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/cli/plan_words.h"
#include "sim/grid/folder.h"
#include "sim/grid/grid.h"
#include "sim/grid/shard.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

/* How to add a verb whose shards can be merged: one row, and merge.h. */
static const struct mergeable {
    const char *verb;
    int (*merge)(const char *program, int argc, char **argv, const struct merged *merged);
} mergeables[] = {
    {"sweep", sweep_with},
    {"matrix", matrix_with},
    {"run", run_with},
};

/* --- folders ---------------------------------------------------------------------------------- */

struct folders {
    char **list; /* owned */
    size_t count;
    bool no_memory;
};

static void add_folder(struct folders *folders, char *path)
{
    char **list = path ? realloc(folders->list, (folders->count + 1) * sizeof *list) : NULL;
    if (!list) {
        folders->no_memory = true;
        free(path);
        return;
    }
    folders->list = list;
    list[folders->count++] = path;
}

static bool has_cells(const char *folder)
{
    char *path = NULL;
    bool has = asprintf(&path, "%s/" GRID_FILE, folder) > 0 && access(path, F_OK) == 0;
    free(path);
    return has;
}

static int is_shard(const struct dirent *entry)
{
    return strncmp(entry->d_name, "shard-", 6) == 0;
}

/* The folder itself, if it has cells, and the shards in it. */
static void find_shards(struct folders *folders, const char *folder)
{
    struct dirent **entries = NULL;
    size_t before = folders->count;
    int count = scandir(folder, &entries, is_shard, alphasort);
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0 && has_cells(path)) {
            add_folder(folders, path);
        } else {
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    if (folders->count == before && has_cells(folder)) {
        add_folder(folders, strdup(folder));
    }
}

/* Whether what is made would be written over a shard. merge_fits() sees to all else. */
static bool is_shards(const char *into, const struct folders *folders)
{
    return shard_of_folder(into).count > 0 && has_cells(into) &&
           (folders->count > 1 || !grid_one_folder(into, folders->list[0]));
}

/* --- the plan --------------------------------------------------------------------------------- */

static int merge(const char *program, const struct folders *folders, const char *into)
{
    struct plan_words plan;
    char error[4600];
    int code = EXIT_USAGE;
    if (!plan_words_read(&plan, folders->list[0], error, sizeof error)) {
        clean_line(stderr, "hustings merge: %s", error);
    } else {
        const struct mergeable *found = NULL;
        for (size_t i = 0; i < sizeof mergeables / sizeof *mergeables; i++) {
            found = strcmp(plan.words[0], mergeables[i].verb) == 0 ? &mergeables[i] : found;
        }
        if (found) {
            const struct merged merged = {folders->list, folders->count, into};
            code = found->merge(program, plan.count, plan.words, &merged);
        } else {
            clean_line(stderr, "hustings merge: %s/" PLAN_FILE ": \"%.40s\" cannot be merged",
                       folders->list[0], plan.words[0]);
        }
    }
    plan_words_free(&plan);
    return code;
}

struct merge_verb {
    const char *into; /* NULL: where the shards are */
};

static const struct option_row rows[] = {{.name = "into",
                                          .kind = OPTION_TEXT,
                                          .at = offsetof(struct merge_verb, into),
                                          .value = "DIR",
                                          .takes = TAKES_FOLDER,
                                          .help = "the folder of the result",
                                          .usual = "the one that the shards are in"},
                                         {0}};

const struct verb verb_merge = {
    .name = "merge",
    .summary = "the shards of a sweep, a matrix or a run become one",
    .usage = {"[OPTION]... DIR..."},
    .about = "Makes one result of the shards of a sweep, a matrix or a run. On the model it is "
             "what one run "
             "would have left, byte for byte, but for run.json. It runs none: if a shard is not "
             "whole, give the command of that shard again, which goes on where it was. Shards have "
             "copies of the files that they were made of, so they can be merged anywhere.",
    .arguments = {{"DIR", TAKES_FOLDER, "the folder of a shard, or one with shards in it"}},
    .rows = rows,
    .examples = {{NULL, "$0 merge results/sweep-mine"}},
    .exits = {{0, "it is made, and every expectation held"},
              {1, "it is made; an expectation did not hold, or a cell breaks or blocks"},
              {2, "a shard is missing, or they do not belong together; or wrong usage"},
              {3, "the world failed"},
              {4, "it is made; some could not be decided"}},
    .see = {"sweep", "matrix", "run"},
};

int cli_merge(const char *program, int argc, char **argv)
{
    struct merge_verb verb = {.into = NULL};
    struct folders folders = {0};
    int code = options_read(program, argc, argv, &verb_merge, &verb);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind == argc) {
        fputs("hustings merge: which folders?\n", stderr);
        return cli_try(program, "merge");
    }
    for (int i = optind; i < argc; i++) {
        size_t before = folders.count;
        find_shards(&folders, argv[i]);
        if (folders.count == before) {
            clean_line(stderr,
                       "hustings merge: %s: there is no shard in it; give a folder that sweep, "
                       "matrix or run --shard made",
                       argv[i]);
            code = EXIT_USAGE;
        }
    }
    if (code == OPTIONS_GOOD && !folders.no_memory && folders.list) {
        char *home = shard_home(folders.list[0]);
        const char *into = verb.into ? verb.into : home ? home : ".";
        if (is_shards(into, &folders)) {
            clean_line(stderr,
                       "hustings merge: %s: this is the folder of a shard; give --into a folder "
                       "that is new",
                       into);
            code = EXIT_USAGE;
        } else {
            code = merge(program, &folders, into);
        }
        free(home);
    }
    for (size_t i = 0; folders.list && i < folders.count; i++) {
        free(folders.list[i]);
    }
    free(folders.list);
    return folders.no_memory ? EXIT_WORLD : code;
}
