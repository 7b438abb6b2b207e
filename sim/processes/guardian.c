/* The guardian. See guardian.h. */
#include "sim/processes/guardian.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/processes/address.h"
#include "sim/system/descriptors.h"
#include "sim/system/interrupt.h"
#include "sim/system/tree.h"
#include "sim/text/errors.h"

#define GOODBYE 'g'

/* So long the killed may take to be gone; a zombie that nobody buries stays for ever. */
#define GROUP_TIMEOUT_MS 1000

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

bool remove_folder(const char *path)
{
    assert(path[0]);
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return access(path, F_OK) != 0;
}

/* What the guardian says when it is up: the folder, or why there is none. */
struct first_word {
    int error;
    char folder[GUARDIAN_FOLDER];
    char own_name[GUARDIAN_OWN_NAME];
};

/* Whether a name can stand anywhere: in a socket's path, in a list like LD_PRELOAD, in a server's
 * arguments. */
static bool is_plain(const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "/._+-";
    return strlen(name) < GUARDIAN_FOLDER && name[strspn(name, plain)] == '\0';
}

/* Gives the folder a name that is_plain(). Returns the descriptor that this needs open, or -1. */
static int name_folder(struct first_word *word)
{
    if (is_plain(word->own_name)) {
        snprintf(word->folder, sizeof word->folder, "%.*s", (int)sizeof word->folder - 1,
                 word->own_name);
        return -1;
    }
    int fd = open(word->own_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    snprintf(word->folder, sizeof word->folder, "/proc/%d/fd/%d", (int)getpid(), fd);
    if (fd < 0 || access(word->folder, W_OK | X_OK) != 0) {
        word->error = ENAMETOOLONG;
        rmdir(word->own_name);
    }
    return fd;
}

/* Returns the descriptor that the folder's short name needs open, or -1. */
static int make_folder(struct first_word *word)
{
    const char *base = getenv("TMPDIR");
    char whole[PATH_MAX];
    *word = (struct first_word){.error = 0};
    base = base && *base ? base : "/tmp";
    base = realpath(base, whole) ? whole : base;
    int length = snprintf(word->own_name, sizeof word->own_name, "%s/hustings-XXXXXX", base);
    if (length >= (int)sizeof word->own_name) {
        word->error = ENAMETOOLONG;
        return -1;
    }
    if (!mkdtemp(word->own_name)) {
        word->error = errno;
        return -1;
    }
    return name_folder(word);
}

static void ignore_signals(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

static int by_number(const void *left, const void *right)
{
    int a = *(const int *)left;
    int b = *(const int *)right;
    return (a > b) - (a < b);
}

/* But 0, 1 and 2, and so many more, which are sorted; -1 among them: none. */
static void close_all_but(int *kept, uint32_t count)
{
    unsigned from = STDERR_FILENO + 1;
    assert(kept || count == 0);
    if (count > 0) { /* qsort() may not be given NULL, not even for none */
        qsort(kept, count, sizeof *kept, by_number);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (kept[i] > STDERR_FILENO) {
            descriptors_close(from, (unsigned)kept[i] - 1);
            from = (unsigned)kept[i] + 1;
        }
    }
    descriptors_close(from, UINT_MAX);
}

/* Kills the group, and clears up when it is gone: until then it may write into the folder. */
static _Noreturn void clear_up(pid_t group, const char *folder, void (*last)(void *self),
                               void *self)
{
    struct timespec moment = {.tv_nsec = 1000000};
    setpgid(0, 0);
    kill(-group, SIGKILL);
    bool clear = !folder;
    assert(group > 0 && (folder || last));
    for (int i = 0; i < GROUP_TIMEOUT_MS && (!clear || (last && kill(-group, 0) == 0)); i++) {
        nanosleep(&moment, NULL);
        clear = clear || remove_folder(folder);
    }
    if (last) {
        last(self);
    }
    _exit(0);
}

/* Kills the whole group, ourselves included. With something to do after that, a child outside the
 * group does both. `folder`: what is left of it; NULL: nothing. */
static void end_group(const char *folder, void (*last)(void *self), void *self)
{
    pid_t group = getpid();
    tree_kill_below_group(group); /* what members have started, which may have left the group */
    pid_t pid = folder || last ? fork() : -1;
    if (pid == 0) {
        clear_up(group, folder, last, self);
    }
    if (pid > 0) {
        pause(); /* until it kills us */
    }
    kill(0, SIGKILL);
}

/* The guardian's life. It makes the folder itself: whenever the driver dies, there is somebody who
 * knows of it. */
static void watch_over(int from_driver, int to_driver, void (*last)(void *self), void *self)
{
    struct first_word word;
    char goodbye = 0;
    ssize_t got;
    int folder = make_folder(&word);
    ssize_t told = write(to_driver, &word, sizeof word);
    (void)told; /* a driver that is dead already is found dead below */
    /* It must not keep anything of the driver's open, its output least of all. */
    descriptors_silence(STDIN_FILENO, STDERR_FILENO);
    close_all_but((int[]){from_driver, folder}, 2);
    do {
        got = read(from_driver, &goodbye, 1);
    } while (got < 0 && errno == EINTR);
    bool clear = word.error != 0 || remove_folder(word.own_name);
    if (got == 1 && goodbye == GOODBYE) {
        _exit(0);
    }
    end_group(clear ? NULL : word.own_name, last, self);
    _exit(1);
}

static void await_end(pid_t pid)
{
    assert(pid > 0); /* 0 would be any of our group */
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

/* Takes in the first word. */
static bool hear(struct guardian *guardian, int from_guardian, char *error, size_t error_size)
{
    struct first_word word = {.error = ECHILD};
    ssize_t got;
    assert(guardian->pid > 0 && guardian->pipe >= 0);
    do {
        got = read(from_guardian, &word, sizeof word);
    } while (got < 0 && errno == EINTR);
    memcpy(guardian->folder, word.folder, sizeof guardian->folder);
    memcpy(guardian->own_name, word.own_name, sizeof guardian->own_name);
    if (word.error) {
        snprintf(error, error_size, "cannot make a temporary folder %.150s: %s; set TMPDIR to %s",
                 *word.own_name ? word.own_name : "of its own", error_words(word.error),
                 word.error == ENAMETOOLONG ? "one with a shorter, plain name" : "another");
        guardian_stop(guardian);
    }
    return word.error == 0;
}

bool guardian_start(struct guardian *guardian, void (*last)(void *self), void *self, char *error,
                    size_t error_size)
{
    int down[2]; /* driver to guardian */
    int up[2];
    *guardian = (struct guardian){.pipe = -1};
    if (pipe2(down, O_CLOEXEC) != 0) {
        snprintf(error, error_size, "cannot make a pipe: %s", error_words(errno));
        return false;
    }
    if (pipe2(up, O_CLOEXEC) != 0) {
        snprintf(error, error_size, "cannot make a pipe: %s", error_words(errno));
        close(down[0]);
        close(down[1]);
        return false;
    }
    guardian->pid = fork();
    if (guardian->pid == 0) {
        setpgid(0, 0);
        ignore_signals();
        address_forget_password();
        prctl(PR_SET_NAME, "hustings-guard");
        close(down[1]);
        watch_over(down[0], up[1], last, self);
    }
    int why = errno;
    close(down[0]);
    close(up[1]);
    guardian->pipe = down[1];
    bool good = guardian->pid > 0;
    if (good) {
        setpgid(guardian->pid, guardian->pid);
        good = hear(guardian, up[0], error, error_size);
    } else {
        snprintf(error, error_size, "cannot fork: %s; raise the limit of processes (ulimit -u)",
                 error_words(why));
        close(down[1]);
        guardian->pipe = -1;
    }
    close(up[0]);
    return good;
}

void guardian_stop(struct guardian *guardian)
{
    char word = GOODBYE;
    if (guardian->pipe < 0) {
        return;
    }
    if (write(guardian->pipe, &word, 1) != 1 && guardian->own_name[0]) {
        remove_folder(guardian->own_name); /* it is gone: somebody killed it */
    }
    close(guardian->pipe);
    guardian->pipe = -1;
    if (guardian->pid > 0) {
        await_end(guardian->pid);
    }
}

void guardian_kill(pid_t pid)
{
    assert(pid > 0);
    kill(pid, SIGKILL);
    await_end(pid);
}

/* Whoever shows a screen has handlers for the terminal's signals. They are nothing to a child, whom
 * a handler of SIGCONT would disturb when it goes on after a pause. */
static void forget_handlers(void)
{
    for (int number = 1; number < SIGRTMIN; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_IGN &&
            action.sa_handler != SIG_DFL) {
            signal(number, SIG_DFL);
        }
    }
}

pid_t guardian_fork(const struct guardian *guardian, int *keep_fds, uint32_t count)
{
    assert(guardian->pid > 0 || guardian->pipe >= 0);
    pid_t driver = getpid();
    pid_t pid = fork();
    if (pid != 0) {
        if (pid > 0) {
            setpgid(pid, guardian->pid); /* whoever is first; both may be */
        }
        return pid;
    }
    address_forget_password();
    setpgid(0, guardian->pid);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != driver) {
        _exit(1); /* it died before the line above */
    }
    interrupt_forget();
    forget_handlers();
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    descriptors_silence(STDIN_FILENO, STDOUT_FILENO); /* what goes wrong in it is said on 2 */
    close_all_but(keep_fds, count);
    return 0;
}
