/* Which descriptors a child keeps, where the kernel has close_range() and where it has not: a
 * filter of system calls plays the older kernel, and the sandbox that forbids it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/system/descriptors.h"

#define FIRST 10
#define LAST 40
#define KEPT 25
#define NOT_HERE 77

/* From now on close_range() fails with this error; 0: it is left as it is. */
static void forbid(int error)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    if (error && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
                  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)) {
        _exit(NOT_HERE);
    }
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* In a child: fills FIRST to LAST, closes all but one, and says which is not as it should be. */
static int close_all_but_one(bool every_one_is_used)
{
    for (int fd = FIRST; fd <= LAST; fd++) {
        dup2(STDIN_FILENO, fd);
    }
    if (every_one_is_used) {
        struct rlimit limit = {LAST + 1, LAST + 1};
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            return NOT_HERE;
        }
        while (dup(STDIN_FILENO) >= 0) {
        }
    }
    descriptors_close(FIRST, KEPT - 1);
    descriptors_close(KEPT + 1, UINT_MAX);
    descriptors_close(KEPT + 1, KEPT); /* none */
    for (int fd = FIRST; fd <= LAST; fd++) {
        if (is_open(fd) != (fd == KEPT)) {
            return fd;
        }
    }
    return is_open(STDIN_FILENO) && is_open(STDERR_FILENO) ? 0 : 1;
}

static void in_a_child(int error, bool every_one_is_used)
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        forbid(error);
        _exit(close_all_but_one(every_one_is_used));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NOT_HERE) {
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void by_the_kernel(void **state)
{
    (void)state;
    in_a_child(0, false);
}

static void on_an_older_kernel(void **state)
{
    (void)state;
    in_a_child(ENOSYS, false);
}

static void where_it_is_forbidden(void **state)
{
    (void)state;
    in_a_child(EPERM, false);
}

static void when_there_is_no_descriptor_left(void **state)
{
    (void)state;
    in_a_child(ENOSYS, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_the_kernel),
        cmocka_unit_test(on_an_older_kernel),
        cmocka_unit_test(where_it_is_forbidden),
        cmocka_unit_test(when_there_is_no_descriptor_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
