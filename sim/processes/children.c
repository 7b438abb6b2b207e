/* What the driver does to its children, and whether something befell one just now. See run.h. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "sim/processes/run.h"
#include "sim/text/clock.h"
#include "sim/text/errors.h"
#include "src/units.h"

void run_nap(void)
{
    struct timespec moment = {.tv_nsec = 50000};
    nanosleep(&moment, NULL);
}

static bool await_child(pid_t pid, int options, int *status)
{
    int64_t until = monotonic_ns() + NOTICE_TIMEOUT_NS;
    assert(pid > 0);
    while (monotonic_ns() < until) {
        pid_t got = waitpid(pid, status, options | WNOHANG);
        if (got == pid) {
            return true;
        }
        if (got < 0 && errno != EINTR) {
            return false;
        }
        run_nap();
    }
    return false;
}

static const char *signal_name(int number)
{
    return number == SIGKILL ? "SIGKILL" : (number == SIGSTOP ? "SIGSTOP" : "SIGCONT");
}

static void fail_signal(struct run *run, const char *name, pid_t pid, int number)
{
    run_fail(run, "cannot send %s to %s (process %d), something here forbids it: %s",
             signal_name(number), name, (int)pid, error_words(errno));
}

bool run_strike(struct run *run, const char *name, pid_t pid, int number, int *status)
{
    assert(pid > 0 && (number == SIGSTOP || number == SIGKILL)); /* 0 would be all of us */
    if (kill(pid, number) != 0) {
        fail_signal(run, name, pid, number);
        return false;
    }
    if (!await_child(pid, number == SIGSTOP ? WUNTRACED : 0, status)) {
        run_fail(run, "%s has no effect here on %s (process %d)", signal_name(number), name,
                 (int)pid);
        return false;
    }
    return true;
}

bool run_wake(struct run *run, const char *name, pid_t pid)
{
    assert(pid > 0);
    if (kill(pid, SIGCONT) != 0) {
        fail_signal(run, name, pid, SIGCONT);
        return false;
    }
    return true;
}

bool run_was_touched(struct run *run, pid_t pid)
{
    int status;
    if (pid <= 0 || waitpid(pid, &status, WNOHANG | WUNTRACED) != pid) {
        return false;
    }
    bool known = run->child_changed(run, pid, status);
    assert(known);
    return true;
}
