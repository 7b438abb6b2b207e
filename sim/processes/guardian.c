/* The guardian. See guardian.h. */
#include "sim/processes/guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GOODBYE 'g'

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void remove_folder(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void watch_over(const struct guardian *guardian, int from_driver)
{
    char word = 0;
    ssize_t got;
    do {
        got = read(from_driver, &word, 1);
    } while (got < 0 && errno == EINTR);
    remove_folder(guardian->folder);
    if (got == 1 && word == GOODBYE) {
        _exit(0);
    }
    kill(0, SIGKILL); /* the whole group, itself included */
    _exit(1);
}

static void ignore_terminal(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
}

static bool make_folder(struct guardian *guardian)
{
    const char *base = getenv("TMPDIR");
    if (!base || *base != '/' || strlen(base) > 32) {
        base = "/tmp";
    }
    snprintf(guardian->folder, sizeof guardian->folder, "%s/hustings-XXXXXX", base);
    return mkdtemp(guardian->folder) != NULL;
}

bool guardian_start(struct guardian *guardian, char *error, size_t error_size)
{
    int ends[2];
    *guardian = (struct guardian){.pipe = -1};
    if (!make_folder(guardian)) {
        snprintf(error, error_size, "cannot make a temporary folder %s: %s; set TMPDIR to another",
                 guardian->folder, strerror(errno));
        return false;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(error, error_size, "cannot make a pipe: %s", strerror(errno));
        remove_folder(guardian->folder);
        return false;
    }
    guardian->pid = fork();
    if (guardian->pid == 0) {
        setpgid(0, 0);
        ignore_terminal();
        prctl(PR_SET_NAME, "hustings-guard");
        close(ends[1]);
        /* It must not keep anything else of the driver's open, its output least of all. */
        close_range(3, (unsigned)ends[0] - 1, 0);
        close_range((unsigned)ends[0] + 1, ~0U, 0);
        watch_over(guardian, ends[0]);
    }
    close(ends[0]);
    guardian->pipe = ends[1];
    if (guardian->pid < 0) {
        snprintf(error, error_size, "cannot fork: %s; raise the limit of processes (ulimit -u)",
                 strerror(errno));
        close(ends[1]);
        remove_folder(guardian->folder);
        return false;
    }
    setpgid(guardian->pid, guardian->pid);
    return true;
}

void guardian_stop(struct guardian *guardian)
{
    char word = GOODBYE;
    if (guardian->pipe < 0) {
        return;
    }
    if (write(guardian->pipe, &word, 1) != 1) {
        remove_folder(guardian->folder); /* it is gone: somebody killed it */
    }
    close(guardian->pipe);
    guardian->pipe = -1;
    while (waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

static void close_all_but(int keep_fd)
{
    if (keep_fd < 3) {
        close_range(3, ~0U, 0);
        return;
    }
    if (keep_fd > 3) {
        close_range(3, (unsigned)keep_fd - 1, 0);
    }
    close_range((unsigned)keep_fd + 1, ~0U, 0);
}

pid_t guardian_fork(const struct guardian *guardian, int keep_fd)
{
    pid_t driver = getpid();
    pid_t pid = fork();
    if (pid != 0) {
        if (pid > 0) {
            setpgid(pid, guardian->pid); /* whoever is first; both may be */
        }
        return pid;
    }
    setpgid(0, guardian->pid);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != driver) {
        _exit(1); /* it died before the line above */
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    close_all_but(keep_fd);
    return 0;
}
