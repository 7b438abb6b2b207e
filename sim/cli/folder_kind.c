/* See folder_kind.h. */
#include "sim/cli/folder_kind.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/plan_words.h"
#include "sim/grid/shard.h"
#include "sim/results/command.h"
#include "sim/text/clean.h"

static bool has(const char *folder, const char *name)
{
    char *path = NULL;
    bool there = asprintf(&path, "%s/%s", folder, name) >= 0 && access(path, F_OK) == 0;
    free(path);
    return there;
}

static int is_part(const struct dirent *entry)
{
    return shard_of_folder(entry->d_name).count > 0;
}

static bool has_parts(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_part, NULL);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    return count > 0;
}

/* `verb`: what to do with it. */
static void say(const char *program, const char *what, const char *verb, const char *folder,
                char *why, size_t size)
{
    struct shell_command command = {0};
    command_word(&command, "", program);
    command_put(&command, verb);
    command_word(&command, "", folder);
    snprintf(why, size, "%s: %s", what, command_text(&command));
    command_free(&command);
}

bool is_other_folder(const char *program, const char *folder, char *why, size_t size)
{
    struct plan_words plan = {0};
    char error[4600];
    bool planned = has(folder, PLAN_FILE) && plan_words_read(&plan, folder, error, sizeof error);
    bool is_run = planned && strcmp(plan.words[0], "run") == 0;
    bool is_sweep = planned && strcmp(plan.words[0], "sweep") == 0;
    bool is_results = has(folder, "scenario.yaml") || has(folder, "history");
    assert(size > 0);
    plan_words_free(&plan);
    bool other = true;
    if (is_run) {
        char *home = shard_home(folder);
        say(program, "it is a part of a run; merge it with the others first", " merge",
            home ? home : folder, why, size);
        free(home);
    } else if (planned) {
        say(program,
            is_sweep ? "it is the folder of a sweep, which keeps no histories; look at it with"
                     : "it is the folder of a matrix, which keeps no histories; look at it with",
            " report", folder, why, size);
    } else if (!is_results && has_parts(folder)) {
        say(program, "it has parts in it, which are to be merged first", " merge", folder, why,
            size);
    } else if (!is_results && has(folder, "latest")) {
        snprintf(why, size,
                 "this is no results folder, and has no history in it; name one of those in it, "
                 "such as %s/latest",
                 folder);
    } else {
        other = false;
    }
    return other;
}

bool say_other_folders(const char *program, const char *verb, char *const *folders, int count)
{
    char why[5200];
    bool any = false;
    assert(count > 0);
    for (int i = 0; i < count; i++) {
        if (is_other_folder(program, folders[i], why, sizeof why)) {
            clean_line(stderr, "hustings %s: %s: %s", verb, folders[i], why);
            any = true;
        }
    }
    return any;
}
