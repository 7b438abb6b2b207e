/* The wall clocks of programs that a fault may shift. See preload.h. That the library takes hold of
 * them is looked at twice: before anything runs, and, of all that they have started, when a fault
 * comes. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/processes/program.h"
#include "sim/processes/run_parts.h"
#include "sim/system/descriptors.h"
#include "sim/system/loading.h"
#include "sim/system/tree.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "src/units.h"

/* A program is loaded within this time, also on a machine that has much to do. */
#define LOAD_TIMEOUT_NS (20 * NS_PER_S)

/* One that has just been started has its libraries within this time, or gets no fault: the driver
 * has other faults to look after. */
#define SETTLE_NS (20 * NS_PER_MS)

static bool may_be_shifted(const struct scenario *scenario, uint16_t id)
{
    for (uint32_t i = 0; scenario_program(scenario, id) && i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        if (fault_is_on_clocks(fault_rows[spec->kind]) && run_may_hit(spec, id)) {
            return true;
        }
    }
    return false;
}

/* --- before anything runs --------------------------------------------------------------------- */

static _Noreturn void say(const char *why)
{
    ssize_t written = write(STDOUT_FILENO, why, strlen(why));
    _exit(written > 0 ? 0 : 1);
}

/* In the child: becomes the program, which the library ends at once; or says why it cannot. The
 * library goes by the number of a descriptor: its path may have blanks. */
static _Noreturn void become(const struct scenario *scenario, char *const *words,
                             const char *library)
{
    char path[PATH_MAX], why[PATH_MAX + 256], preload[64];
    int fd = open(library, O_RDONLY); /* NOLINT(android-cloexec-open): for the program */
    assert(words[0]);
    snprintf(preload, sizeof preload, "/proc/self/fd/%d", fd);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    program_enter_common(scenario);
    if (!program_enter_folder(scenario) || !loading_find(words[0], path, sizeof path)) {
        snprintf(why, sizeof why, "%.200s is not there, or cannot be executed", words[0]);
        say(why);
    }
    if (!loading_is_possible(path, why, sizeof why)) {
        say(why);
    }
    /* NOLINTBEGIN(concurrency-mt-unsafe): a forked child has one thread. */
    setenv("LD_PRELOAD", preload, 1);
    setenv(PRELOAD_VARIABLE, PRELOAD_ASKS, 1);
    /* NOLINTEND(concurrency-mt-unsafe) */
    execvp(words[0], words);
    say("cannot be executed");
}

/* All that the child writes, until it has ended, but for no longer than it may take. */
static void read_answer(int fd, char *text, size_t size)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    int64_t until_ns = monotonic_ns() + LOAD_TIMEOUT_NS;
    size_t used = 0;
    assert(size > 1);
    while (used < size - 1) {
        int64_t left_ns = until_ns - monotonic_ns();
        if (left_ns <= 0 || poll(&readable, 1, (int)(left_ns / NS_PER_MS) + 1) <= 0) {
            break;
        }
        ssize_t got = read(fd, text + used, size - 1 - used);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
    }
    text[used] = '\0';
}

/* False: `answer` is why not. */
static bool takes_hold(const struct scenario *scenario, char *const *words, const char *library,
                       char *answer, size_t size)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(answer, size, "cannot be tried: %s", error_words(errno));
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        descriptors_silence(STDIN_FILENO, STDIN_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        descriptors_silence(STDERR_FILENO, STDERR_FILENO);
        become(scenario, words, library);
    }
    close(ends[1]);
    answer[0] = '\0';
    if (pid > 0) {
        read_answer(ends[0], answer, size);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(ends[0]);
    if (strcmp(answer, PRELOAD_ANSWER) == 0) {
        return true;
    }
    if (strncmp(answer, PRELOAD_ANSWER, strlen(PRELOAD_ANSWER)) == 0 || answer[0] == '\0') {
        snprintf(answer, size, "something here forbids LD_PRELOAD");
    }
    return false;
}

bool programs_probe_clocks(const struct scenario *scenario, char *error, size_t error_size)
{
    char *const *tried = NULL;
    char library[PATH_MAX], answer[512];
    for (uint32_t id = 1; id <= scenario->settings.nodes; id++) {
        char *const *words = scenario_program(scenario, (uint16_t)id);
        if (words == tried || !may_be_shifted(scenario, (uint16_t)id)) {
            continue;
        }
        assert(words && words[0]);
        tried = words;
        if (!preload_find(library, sizeof library, answer, sizeof answer) ||
            !takes_hold(scenario, words, library, answer, sizeof answer)) {
            char why[512];
            snprintf(error, error_size,
                     "%.200s: the clock of node %u cannot be shifted: %.400s; take the jump or "
                     "drift of it out of faults",
                     scenario->path, id, clean_text(answer, why, sizeof why));
            return false;
        }
    }
    return true;
}

/* --- in a trial ------------------------------------------------------------------------------- */

static void name_folder(const struct run *run, uint32_t id, char *folder, size_t size)
{
    assert(id < slots_of(run));
    snprintf(folder, size, "%.80s/clock-%u-%u", run->common->guardian->folder, run->number, id);
}

bool run_open_clocks(struct run *run)
{
    char folder[112];
    assert(run->clocks);
    for (uint32_t id = 1; id < slots_of(run); id++) {
        if (!may_be_shifted(run->scenario, (uint16_t)id)) {
            continue;
        }
        name_folder(run, id, folder, sizeof folder);
        if (mkdir(folder, 0700) != 0) {
            run_fail(run, "cannot make the folder %s: %s", folder, error_words(errno));
            return false;
        }
        char why[HOST_ERROR];
        if (!preload_open(&run->clocks[id], folder, why, sizeof why)) {
            run_fail(run, "cannot shift the clock of node %u: %s", id, why);
            return false;
        }
    }
    return true;
}

void run_close_clocks(struct run *run)
{
    char folder[112];
    for (uint32_t id = 1; run->clocks && id < slots_of(run); id++) {
        if (run->clocks[id].shared) {
            preload_close(&run->clocks[id]);
            name_folder(run, id, folder, sizeof folder);
            remove_folder(folder);
        }
    }
}

/* Whether the library is mapped into a process. */
static bool has_library(pid_t pid)
{
    char path[64];
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    while (maps && !found && getline(&line, &room, maps) > 0) {
        found = strstr(line, "/" PRELOAD_LIBRARY) != NULL;
    }
    free(line);
    if (maps) {
        fclose(maps);
    }
    return found;
}

/* Whether it asks the library for the time. One that has just ended asks nobody; one that is still
 * ours is about to become the program. */
static bool asks_library(pid_t pid)
{
    char path[64], its[PATH_MAX], ours[PATH_MAX], why[PATH_MAX + 256];
    snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(path, its, sizeof its);
    if (length < 0) {
        return errno == ENOENT || errno == ESRCH;
    }
    if (readlink("/proc/self/exe", ours, sizeof ours) == length &&
        memcmp(its, ours, (size_t)length) == 0) {
        return true;
    }
    return has_library(pid) ? loading_is_possible(path, why, sizeof why) : access(path, F_OK) != 0;
}

bool run_goes_by_library(const struct run *run, uint16_t id)
{
    int64_t until_ns = monotonic_ns() + SETTLE_NS;
    assert(run_is_program(run, id) && run->pids[id] > 0);
    while (!tree_is(run->pids[id], asks_library)) {
        if (monotonic_ns() > until_ns) {
            return false;
        }
        run_nap();
    }
    return true;
}
