/* Which recorded history is meant. See histories.h. */
#include "sim/cli/histories.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/cli/cli.h"
#include "sim/cli/folder_kind.h"
#include "sim/cli/recorded.h"
#include "sim/jsonl/jsonl.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

static int failed(const char *verb, const char *path, const char *what)
{
    clean_line(stderr, "hustings %s: %s: %s", verb, path, what);
    return EXIT_WORLD;
}

/* --- a trial ---------------------------------------------------------------------------------- */

bool recorded_trial_load(struct recorded_trial *trial, const struct histories *histories,
                         size_t place)
{
    const char *verb = histories->verb, *path = histories->paths[place], *why = "";
    char error[256];
    bool typed = strcmp(path, "-") == 0;
    FILE *file = typed ? stdin : histories->named ? fopen(path, "re") : ordinary_open(path, &why);
    *trial = (struct recorded_trial){0};
    if (!file) {
        failed(verb, path, histories->named ? error_words(errno) : why);
        return false;
    }
    path = typed ? "stdin" : path;
    bool good = history_read_to_judge(&trial->history, file, error, sizeof error);
    if (!typed) {
        fclose(file);
    }
    if (!good) {
        failed(verb, path, error);
        return false;
    }
    if (!checks_judge(&trial->history, &trial->judged)) {
        failed(verb, path, "no memory to judge it");
        history_free(&trial->history);
        return false;
    }
    return true;
}

void recorded_trial_free(struct recorded_trial *trial)
{
    judged_trial_free(&trial->judged);
    history_free(&trial->history);
}

/* --- all of them ------------------------------------------------------------------------------ */

void histories_free(struct histories *histories)
{
    for (size_t i = 0; i < histories->count; i++) {
        free(histories->paths[i]);
    }
    free(histories->paths);
    histories->paths = NULL;
    histories->count = 0;
}

static int is_history(const struct dirent *entry)
{
    return fnmatch("*.jsonl", entry->d_name, FNM_PERIOD) == 0;
}

/* False, errno set: the folder cannot be read, or memory is out. */
static bool list_folder(struct histories *histories, const char *folder)
{
    struct dirent **entries;
    char path[4500];
    int total = scandir(folder, &entries, is_history, versionsort);
    if (total < 0) {
        return false;
    }
    histories->paths = calloc((size_t)total + 1, sizeof *histories->paths);
    bool good = histories->paths != NULL;
    for (int i = 0; i < total; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        good = good && (histories->paths[histories->count] = strdup(path));
        histories->count += good;
        free(entries[i]);
    }
    free(entries);
    return good;
}

int histories_list(struct histories *histories, const char *program, const char *verb,
                   const char *path)
{
    struct stat status;
    char folder[4200];
    bool typed = strcmp(path, "-") == 0;
    *histories = (struct histories){.verb = verb, .folder = path};
    if (!typed && stat(path, &status) != 0) {
        return failed(verb, path, error_words(errno));
    }
    if (typed || !S_ISDIR(status.st_mode)) {
        histories->paths = calloc(1, sizeof *histories->paths);
        histories->count = histories->paths && (histories->paths[0] = strdup(path));
        histories->named = true;
        return histories->count ? EXIT_HELD : failed(verb, path, "out of memory");
    }
    if (is_other_folder(program, path, folder, sizeof folder)) {
        return failed(verb, path, folder);
    }
    snprintf(folder, sizeof folder, "%s/history", path);
    if (!list_folder(histories, stat(folder, &status) == 0 ? folder : path)) {
        return failed(verb, path, error_words(errno));
    }
    return histories->count > 0
               ? EXIT_HELD
               : failed(verb, path, "there is no history (.jsonl) in it; run with --histories all");
}

/* --- which is meant --------------------------------------------------------------------------- */

static int none_of_trial(const struct histories *histories, uint32_t trial)
{
    char *again = recorded_again(histories->folder, trial);
    clean_line(stderr,
               "hustings %s: %s: there is no history of trial %" PRIu32
               "; there are %zu others%s%s",
               histories->verb, histories->folder, trial, histories->count,
               again ? "; this runs it again: " : "", again ? again : "");
    free(again);
    return EXIT_WORLD;
}

static int several_of_trial(const struct histories *histories, uint32_t trial, size_t first,
                            size_t found)
{
    clean_line(stderr,
               "hustings %s: %s: %zu scenarios have trial %" PRIu32 "; name the history: %s",
               histories->verb, histories->folder, found, trial, histories->paths[first]);
    return EXIT_USAGE;
}

int histories_choose(const struct histories *histories, uint32_t trial, size_t *place)
{
    size_t found = 0;
    *place = 0;
    if (histories->named) {
        return EXIT_HELD;
    }
    for (size_t i = 0; i < histories->count && (trial > 0 || histories->count > 1); i++) {
        struct recorded_trial one;
        if (!recorded_trial_load(&one, histories, i)) {
            return EXIT_WORLD;
        }
        bool is_it = trial > 0 ? one.history.facts.trial == trial : one.judged.violations.count > 0;
        recorded_trial_free(&one);
        if (is_it && found++ == 0) {
            *place = i;
        }
        if (is_it && trial == 0) {
            break;
        }
    }
    if (trial > 0 && found != 1) {
        return found == 0 ? none_of_trial(histories, trial)
                          : several_of_trial(histories, trial, *place, found);
    }
    return EXIT_HELD;
}
