/* Where one was in the course. See course_state.h. */
#include "sim/cli/course_state.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/text/errors.h"

#define HEAD "# hustings course: a lesson, and what was predicted\n"

/* Names the file; "" if nobody says where. */
static void find_place(char path[PATH_MAX])
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int length = 0;
    path[0] = '\0';
    if (state && state[0] == '/') {
        length = snprintf(path, PATH_MAX, "%s/hustings/course", state);
    } else if (home && home[0] == '/') {
        length = snprintf(path, PATH_MAX, "%s/.local/state/hustings/course", home);
    }
    if (length >= PATH_MAX) {
        path[0] = '\0';
    }
}

/* A file of one's own, and no pipe or device, which might not end. NULL: there is none. */
static FILE *open_regular(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    FILE *file = good ? fdopen(fd, "r") : NULL;
    if (fd >= 0 && !file) {
        close(fd);
    }
    return file;
}

void course_state_read(struct course_state *state, const struct lessons *lessons)
{
    char line[160];
    *state = (struct course_state){.is_new = true};
    find_place(state->path);
    FILE *file = state->path[0] ? open_regular(state->path) : NULL;
    while (file && fgets(line, sizeof line, file)) {
        char *blank = strchr(line, ' ');
        if (line[0] == '#' || !blank) {
            continue;
        }
        *blank = '\0';
        int place = lessons_find(lessons, line);
        if (place >= 0 && blank[1] >= 'a' && blank[1] < 'a' + LESSON_CHOICES_MAX) {
            state->predicted[place] = blank[1];
        }
    }
    if (file) {
        state->is_new = false;
        fclose(file);
    }
}

/* Makes the folders that a file lies in. */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static bool write_all(const struct course_state *state, const struct lessons *lessons,
                      const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file) {
        return false;
    }
    fputs(HEAD, file);
    for (size_t i = 0; i < lessons->count; i++) {
        if (state->predicted[i]) {
            fprintf(file, "%s %c\n", lessons->list[i].name, state->predicted[i]);
        }
    }
    bool good = !ferror(file);
    return fclose(file) == 0 && good;
}

bool course_state_note(struct course_state *state, const struct lessons *lessons, size_t lesson,
                       char letter, char *error, size_t error_size)
{
    char fresh[PATH_MAX + 8];
    assert(lesson < lessons->count && letter >= 'a');
    state->predicted[lesson] = letter;
    if (!state->path[0]) {
        snprintf(error, error_size, "neither XDG_STATE_HOME nor HOME says where to remember it");
        return false;
    }
    make_folders(state->path);
    snprintf(fresh, sizeof fresh, "%s.new", state->path);
    struct stat status;
    if (stat(state->path, &status) == 0 && !S_ISREG(status.st_mode)) {
        snprintf(error, error_size, "%s is no regular file; move it away", state->path);
        return false;
    }
    if (write_all(state, lessons, fresh) && rename(fresh, state->path) == 0) {
        return true;
    }
    snprintf(error, error_size, "%s: %s", state->path, error_words(errno));
    return false;
}

bool course_state_reset(struct course_state *state, char *error, size_t error_size)
{
    memset(state->predicted, 0, sizeof state->predicted);
    if (!state->path[0] || unlink(state->path) == 0 || errno == ENOENT || errno == ENOTDIR) {
        return true;
    }
    snprintf(error, error_size, "%s: %s", state->path, error_words(errno));
    return false;
}
