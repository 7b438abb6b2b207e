/* The guardian: it clears up, whether it is told to or finds its driver dead. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/processes/guardian.h"

static bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static void fill(const char *folder)
{
    char path[96];
    snprintf(path, sizeof path, "%s/deep", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/deep/link", folder);
    assert_int_equal(symlink("/etc", path), 0); /* to be removed, not followed */
}

static void nap(void)
{
    struct timespec moment = {.tv_nsec = 1000000};
    nanosleep(&moment, NULL);
}

static void a_goodbye(void **state)
{
    struct guardian guardian;
    char error[256] = "";
    (void)state;
    assert_true(guardian_start(&guardian, NULL, NULL, error, sizeof error));
    assert_true(is_there(guardian.folder));
    assert_int_equal(getpgid(guardian.pid), guardian.pid);
    fill(guardian.folder);
    guardian_stop(&guardian);
    assert_false(is_there(guardian.folder));
    assert_true(is_there("/etc/passwd"));
    assert_int_equal(kill(guardian.pid, 0), -1);
    guardian_stop(&guardian); /* twice does no harm */
}

/* What a driver tells its test before it is killed. */
struct told {
    pid_t guardian, child, grandchild;
    char folder[GUARDIAN_FOLDER];
};

/* Makes file after file, of which one may come between a look into the folder and its removal. */
static _Noreturn void litter(const char *folder)
{
    char path[GUARDIAN_FOLDER + 24];
    for (unsigned i = 0;; i++) {
        snprintf(path, sizeof path, "%s/%u", folder, i);
        int fd = open(path, O_CREAT | O_WRONLY, 0600);
        if (fd >= 0) {
            close(fd);
        }
        if (i % 256 == 0) {
            nap();
        }
    }
}

/* A driver with a child that is in the guardian's hands and has a child itself, which `litters` or
 * does nothing. */
static void drive(int to_test, bool litters)
{
    struct guardian guardian;
    struct told told = {0};
    char error[256];
    int ends[2];
    if (pipe(ends) != 0 || !guardian_start(&guardian, NULL, NULL, error, sizeof error)) {
        _exit(1);
    }
    fill(guardian.folder);
    told.child = guardian_fork(&guardian, &ends[1], 1);
    if (told.child == 0) {
        pid_t grandchild = fork();
        if (grandchild > 0 && write(ends[1], &grandchild, sizeof grandchild) < 0) {
            _exit(1);
        }
        if (grandchild == 0 && litters) {
            litter(guardian.folder);
        }
        for (;;) {
            pause();
        }
    }
    told.guardian = guardian.pid;
    memcpy(told.folder, guardian.folder, sizeof told.folder);
    if (read(ends[0], &told.grandchild, sizeof told.grandchild) < 0 ||
        write(to_test, &told, sizeof told) < 0) {
        _exit(1);
    }
    for (;;) {
        pause();
    }
}

static bool gone(pid_t pid)
{
    waitpid(pid, NULL, WNOHANG); /* orphans come to us, see main() */
    return kill(pid, 0) != 0 && errno == ESRCH;
}

static void kill_a_driver(bool litters)
{
    int ends[2];
    struct told told;
    assert_int_equal(pipe(ends), 0);
    pid_t driver = fork();
    if (driver == 0) {
        drive(ends[1], litters);
    }
    assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
    assert_true(is_there(told.folder));
    assert_true(told.grandchild > 0 && !gone(told.grandchild));
    kill(driver, SIGKILL);
    assert_int_equal(waitpid(driver, NULL, 0), driver);
    for (int tries = 0; tries < 1000; tries++) {
        if (gone(told.child) && gone(told.grandchild) && gone(told.guardian) &&
            !is_there(told.folder)) {
            break;
        }
        nap();
    }
    assert_true(gone(told.child));
    assert_true(gone(told.grandchild));
    assert_true(gone(told.guardian));
    assert_false(is_there(told.folder));
    while (waitpid(-1, NULL, 0) > 0) { /* who has cleared up ends, too */
    }
    close(ends[0]);
    close(ends[1]);
}

static void a_driver_that_is_killed(void **state)
{
    (void)state;
    kill_a_driver(false);
}

/* Whoever still runs then may write into the folder, until it is killed, too. */
static void a_driver_that_is_killed_while_others_write(void **state)
{
    (void)state;
    kill_a_driver(true);
}

static void a_folder_that_cannot_be_made(void **state)
{
    struct guardian guardian;
    char error[256] = "";
    (void)state;
    setenv("TMPDIR", "/proc/none", 1);
    assert_false(guardian_start(&guardian, NULL, NULL, error, sizeof error));
    unsetenv("TMPDIR");
    assert_non_null(strstr(error, "/proc/none"));
    assert_non_null(strstr(error, "TMPDIR"));
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
}

/* A child has nothing of the driver's but what it is given. */
static void a_childs_descriptors_and_signals(void **state)
{
    struct guardian guardian;
    char error[256] = "";
    int ends[2];
    int status;
    sigset_t blocked;
    (void)state;
    assert_true(guardian_start(&guardian, NULL, NULL, error, sizeof error));
    assert_int_equal(pipe(ends), 0);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    pid_t child = guardian_fork(&guardian, &ends[1], 1);
    if (child == 0) {
        sigset_t mine;
        int killer = 0;
        sigprocmask(SIG_SETMASK, NULL, &mine);
        prctl(PR_GET_PDEATHSIG, &killer);
        bool good = write(ends[1], "x", 1) == 1 && close(ends[0]) != 0 &&
                    close(guardian.pipe) != 0 && !sigismember(&mine, SIGINT) && killer == SIGKILL &&
                    getpgid(0) == guardian.pid;
        _exit(good ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    close(ends[0]);
    close(ends[1]);
    guardian_stop(&guardian);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_goodbye),
        cmocka_unit_test(a_driver_that_is_killed),
        cmocka_unit_test(a_driver_that_is_killed_while_others_write),
        cmocka_unit_test(a_folder_that_cannot_be_made),
        cmocka_unit_test(a_childs_descriptors_and_signals),
    };
    signal(SIGPIPE, SIG_IGN); /* as main() does */
    prctl(PR_SET_CHILD_SUBREAPER, 1UL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
