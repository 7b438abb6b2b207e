/* The tree below a process: whoever has left its group and session belongs to it all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/system/tree.h"

/* A child, which waits for ever, with a grandchild that is an orphan in a session of its own.
 * Returns the child, and tells the orphan. */
static pid_t plant(pid_t *orphan)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_CHILD_SUBREAPER, 1UL);
        pid_t between = fork();
        if (between == 0) {
            setsid();
            pid_t own = fork();
            if (own != 0) {
                ssize_t written = write(ends[1], &own, sizeof own);
                _exit(written == (ssize_t)sizeof own ? 0 : 1);
            }
            while (true) {
                pause();
            }
        }
        waitpid(between, NULL, 0);
        while (true) {
            pause();
        }
    }
    assert_true(child > 0);
    assert_int_equal(read(ends[0], orphan, sizeof *orphan), sizeof *orphan);
    close(ends[0]);
    close(ends[1]);
    return child;
}

/* As /proc says; '-': it is gone. */
static char state_of(pid_t pid)
{
    char path[64], state = '-';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file) {
        assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
        fclose(file);
    }
    return state;
}

/* Neither stopped nor gone: it waits, or on a busy machine for a processor. */
static bool goes_on(pid_t pid)
{
    return strchr("SRD", state_of(pid)) != NULL;
}

static void stops_resumes_and_kills_what_is_below_and_not_the_root(void **state)
{
    (void)state;
    pid_t orphan;
    pid_t child = plant(&orphan);
    assert_true(tree_stop(child));
    assert_int_equal(state_of(orphan), 'T');
    assert_true(goes_on(child));
    assert_true(tree_stop(child));
    assert_true(tree_go_on(child));
    assert_int_not_equal(state_of(orphan), 'T');
    assert_true(tree_stop(child));
    assert_true(tree_kill(child));
    assert_true(strchr("Z-", state_of(orphan)) != NULL);
    assert_true(goes_on(child));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* A shell's parent waits in the kernel until its child has become another program: until then it
 * cannot stop, and need not. */
static void who_waits_for_a_child_that_is_stopped_stands_too(void **state)
{
    (void)state;
    int ends[2];
    pid_t waited_for;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_CHILD_SUBREAPER, 1UL);
        if (fork() == 0 && syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0) == 0) {
            pid_t own = getpid();
            ssize_t written = write(ends[1], &own, sizeof own);
            (void)written;
        }
        while (true) {
            pause();
        }
    }
    assert_true(child > 0);
    assert_int_equal(read(ends[0], &waited_for, sizeof waited_for), sizeof waited_for);
    close(ends[0]);
    close(ends[1]);
    assert_true(tree_stop(child));
    assert_int_equal(state_of(waited_for), 'T');
    assert_true(tree_kill(child));
    assert_non_null(strchr("-Z", state_of(waited_for)));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void of_a_group_what_is_below_each(void **state)
{
    (void)state;
    pid_t orphans[2], children[2];
    for (int i = 0; i < 2; i++) {
        children[i] = plant(&orphans[i]);
        setpgid(children[i], children[0]);
    }
    assert_true(tree_kill_below_group(children[0]));
    for (int i = 0; i < 2; i++) {
        assert_true(strchr("Z-", state_of(orphans[i])) != NULL);
        assert_true(goes_on(children[i]));
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
}

static void of_nobody_there_is_nothing_to_do(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    waitpid(child, NULL, 0);
    assert_true(tree_stop(child) && tree_go_on(child) && tree_kill(child));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_resumes_and_kills_what_is_below_and_not_the_root),
        cmocka_unit_test(who_waits_for_a_child_that_is_stopped_stands_too),
        cmocka_unit_test(of_a_group_what_is_below_each),
        cmocka_unit_test(of_nobody_there_is_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
