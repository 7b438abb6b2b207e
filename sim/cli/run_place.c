/* See run_place.h. */
#include "sim/cli/run_place.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim/cli/inputs.h"
#include "sim/cli/plan_words.h"
#include "sim/grid/grid.h"
#include "sim/processes/guardian.h"
#include "sim/results/files.h"
#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

#define BESIDE ".merging"
#define LAST "run.json"
#define CLAIM ".merging.txt"
#define OLD "old-"
#define ERROR 2048

static bool failed(const char *path, char *error, size_t size)
{
    int number = errno;
    snprintf(error, size, "%s: cannot write: %s; %s", path, error_words(number), file_hint(number));
    return false;
}

/* As with the file of cells: where a file system has no locks, it goes without. */
static bool lock(struct run_place *place, char *error, size_t size)
{
    place->lock = open(place->into, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place->lock < 0) {
        return failed(place->into, error, size);
    }
    if (flock(place->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        snprintf(error, size, "%s: another hustings is merging there; wait for that", place->into);
        return false;
    }
    return true;
}

/* --- the folder beside ---------------------------------------------------------------------- */

static int has_given_way(const struct dirent *entry)
{
    return strncmp(entry->d_name, OLD, strlen(OLD)) == 0;
}

/* False, with the line in `error`: it is neither there nor can it be put there. */
static bool put_back_one(const struct run_place *place, const char *old, char *error, size_t size)
{
    char *from = NULL, *to = NULL;
    bool good = asprintf(&from, "%s/%s", place->beside, old) >= 0 &&
                asprintf(&to, "%s/%s", place->into, old + strlen(OLD)) >= 0;
    assert(strncmp(old, OLD, strlen(OLD)) == 0);
    if (!good) {
        snprintf(error, size, "out of memory");
    } else if (access(to, F_OK) != 0 && rename(from, to) != 0) {
        int number = errno;
        good = false;
        snprintf(error, size, "%s: cannot be moved back to %s: %s; %s", from, to,
                 error_words(number), file_hint(number));
    }
    free(from);
    free(to);
    return good;
}

/* What had given way to something that did not come any more is put back. False, with a line in
 * `error`: not all of it is, so the folder beside has what is nowhere else. */
static bool put_back(const struct run_place *place, char *error, size_t size)
{
    struct dirent **entries = NULL;
    int count = scandir(place->beside, &entries, has_given_way, NULL);
    bool good = count >= 0 || errno == ENOENT || failed(place->beside, error, size);
    for (int i = 0; i < count; i++) {
        good = put_back_one(place, entries[i]->d_name, error, size) && good;
        free(entries[i]);
    }
    free(entries);
    return good;
}

bool run_place_open(struct run_place *place, const char *into, const char *head, char *error,
                    size_t size)
{
    char *beside = NULL;
    assert(!place->beside && head);
    *place = (struct run_place){.into = into, .head = head, .lock = -1};
    if (asprintf(&beside, "%s/" BESIDE, into) < 0) {
        snprintf(error, size, "out of memory");
        return false;
    }
    bool good = make_folders(into) || failed(into, error, size);
    good = good && lock(place, error, size);
    if (good) {
        place->beside = beside;
        if (!put_back(place, error, size)) {
            return false;
        }
        remove_folder(beside); /* of a merge that was killed */
        return make_folders(beside) || failed(beside, error, size);
    }
    free(beside);
    return false;
}

void run_place_close(struct run_place *place)
{
    if (place->beside) {
        char error[ERROR];
        if (put_back(place, error, sizeof error)) {
            remove_folder(place->beside);
        } /* else the next merge puts it back, or says why it cannot */
        close(place->lock);
    } else if (place->into && place->lock >= 0) {
        close(place->lock);
    }
    free(place->beside);
    *place = (struct run_place){0};
}

/* --- moving --------------------------------------------------------------------------------- */

/* Says whose files are being moved here, as long as run.json does not. */
static bool claim(const struct run_place *place, char *error, size_t size)
{
    char *path = NULL;
    bool good = asprintf(&path, "%s/" CLAIM, place->into) >= 0 &&
                replace_file(path, place->head, strlen(place->head));
    if (!good) {
        failed(place->into, error, size);
    }
    free(path);
    return good;
}

static void remove_claim(const struct run_place *place)
{
    char *path = NULL;
    if (asprintf(&path, "%s/" CLAIM, place->into) >= 0) {
        unlink(path);
        free(path);
    }
}

/* A folder that is there already gives way first: it may have more in it than the new one. */
static bool move(const struct run_place *place, const char *name, char *error, size_t size)
{
    char *from = NULL, *to = NULL, *old = NULL;
    bool good = asprintf(&from, "%s/%s", place->beside, name) >= 0 &&
                asprintf(&to, "%s/%s", place->into, name) >= 0 &&
                asprintf(&old, "%s/" OLD "%s", place->beside, name) >= 0;
    if (good && rename(from, to) != 0) {
        good = (errno == ENOTEMPTY || errno == EEXIST) && rename(to, old) == 0 &&
               rename(from, to) == 0;
    }
    if (!good) {
        failed(to ? to : place->into, error, size);
    }
    free(from);
    free(to);
    free(old);
    return good;
}

static int is_result(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, GRID_FILE) != 0 &&
           strcmp(entry->d_name, LAST) != 0;
}

bool run_place_move(struct run_place *place, char *error, size_t size)
{
    struct dirent **entries = NULL;
    assert(place->beside);
    int count = scandir(place->beside, &entries, is_result, alphasort);
    bool good = count >= 0 || failed(place->beside, error, size);
    good = good && claim(place, error, size);
    for (int i = 0; i < count; i++) {
        good = good && move(place, entries[i]->d_name, error, size);
        free(entries[i]);
    }
    free(entries);
    good = good && move(place, LAST, error, size);
    if (good) {
        remove_claim(place);
    }
    return good;
}

/* --- the part that became the whole --------------------------------------------------------- */

/* The file of cells goes last, and only if all else is gone: while it is there, the rest is known
 * to be a part's. */
void run_place_remove_part(const char *folder)
{
    bool gone = grid_is_in(folder) && inputs_remove(folder);
    static const char *const names[] = {PLAN_FILE, GRID_FILE};
    assert(folder[0]);
    for (size_t i = 0; gone && i < sizeof names / sizeof *names; i++) {
        char *path = NULL;
        gone = asprintf(&path, "%s/%s", folder, names[i]) >= 0 &&
               (unlink(path) == 0 || errno == ENOENT);
        free(path);
    }
}

/* --- whose it is ---------------------------------------------------------------------------- */

static bool says_head(const char *path, const char *head)
{
    size_t length = 0;
    char *text = ordinary_bytes(path, &length);
    cJSON *run = text ? cJSON_Parse(text) : NULL;
    const char *said = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(run, "grid"));
    bool is = said && strcmp(said, head) == 0;
    cJSON_Delete(run);
    free(text);
    return is;
}

bool run_is_merged(const char *folder, const char *head)
{
    char *path = NULL, *claim = NULL;
    size_t length = 0;
    assert(folder && head);
    bool is = asprintf(&path, "%s/" LAST, folder) >= 0 && says_head(path, head);
    free(path);
    path = NULL;
    if (!is && asprintf(&path, "%s/" CLAIM, folder) >= 0) {
        claim = ordinary_bytes(path, &length);
        is = claim && strcmp(claim, head) == 0;
    }
    free(claim);
    free(path);
    return is;
}
