/* Ctrl-C, and its likes. See interrupt.h. */
#include "sim/system/interrupt.h"

#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
#define NUMBERS (sizeof numbers / sizeof *numbers)

#define INTERRUPTED 130 /* as a shell has it: 128 + SIGINT */

/* So long after the first, another one is taken for the same. `timeout -s INT` signals its child,
 * and then the group that the child is in. */
#define SAME_US 100000

/* The kernel's timer is the memory of when the first came; its own signal is ignored. */
static void note_time(void)
{
    const struct itimerval same = {.it_value = {.tv_usec = SAME_US}};
    setitimer(ITIMER_REAL, &same, NULL);
}

static bool came_just_now(void)
{
    struct itimerval left;
    return getitimer(ITIMER_REAL, &left) == 0 && (left.it_value.tv_sec || left.it_value.tv_usec);
}

static void second(int number)
{
    (void)number;
    if (!came_just_now()) {
        _exit(INTERRUPTED);
    }
}

/* From now on `handler` has all of them. Safe to call in a handler. */
static void handle_by(void (*handler)(int))
{
    for (size_t i = 0; i < NUMBERS; i++) {
        struct sigaction action;
        sigaction(numbers[i], NULL, &action);
        if (action.sa_handler != SIG_IGN) {
            action.sa_handler = handler;
            action.sa_flags = SA_RESTART;
            sigaction(numbers[i], &action, NULL);
        }
    }
}

static void first(int number)
{
    (void)number;
    note_time();
    handle_by(second);
}

void interrupt_catch(void)
{
    signal(SIGALRM, SIG_IGN); /* of note_time() */
    handle_by(first);
}

void interrupt_forget(void)
{
    signal(SIGALRM, SIG_DFL);
    handle_by(SIG_DFL);
}

bool interrupt_came(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < NUMBERS && action.sa_handler == SIG_IGN; i++) {
        sigaction(numbers[i], NULL, &action); /* all that are not ignored have the same handler */
    }
    return action.sa_handler == second;
}

void interrupt_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < NUMBERS; i++) {
        struct sigaction action;
        sigaction(numbers[i], NULL, &action);
        if (action.sa_handler != SIG_IGN) { /* a blocked signal comes even if it is ignored */
            sigaddset(set, numbers[i]);
        }
    }
}

void interrupt_note(void)
{
    sigset_t set;
    interrupt_set(&set);
    if (!interrupt_came()) {
        note_time();
    }
    handle_by(second);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
