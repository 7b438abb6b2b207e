/* The processes host: the driver's loop. It turns up to --jobs trials at once, hears of children,
 * timers and Ctrl-C, and hands finished trials on in the order of their numbers.
 *
 *     signalfd (children, Ctrl-C) ─┐
 *     timerfd (the next due time) ─┼─▶ epoll ─▶ run_turn() of every trial that runs
 *     eventfd a trial (members)   ─┤
 *     subscription a trial (the Redis)    ─┘
 */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/processes/leftovers.h"
#include "sim/processes/run_parts.h"
#include "sim/system/descriptors.h"
#include "sim/system/interrupt.h"
#include "sim/text/errors.h"
#include "src/units.h"

#define PROGRESS_EVERY_NS (100 * NS_PER_MS)
#define JOBS_MAX 64

/* A place for one trial at a time. */
struct slot {
    struct run run;
    bool busy;
    uint32_t heard[SERVERS_MAX]; /* of each server: 1 + its `subscriptions`, in the epoll set */
};

/* A trial that is done but whose turn has not come. */
struct waiting {
    struct trial trial;
    bool done;
};

struct driver {
    const struct host_options *options;
    const struct host_events *events;
    struct run_common common;
    struct guardian guardian; /* = *common.guardian */
    int epoll, signals, timer;
    sigset_t mask, old_mask;
    uint32_t jobs;
    struct slot *slots;
    struct waiting *waiting; /* [0 … trials) */
    uint32_t begun, handed;  /* trials begun; trials handed on */
    int64_t shown_ns;
    bool interrupted, stopped, failed;
    char *error;
    size_t error_size;
};

static void fail(struct driver *driver, const char *what)
{
    if (!driver->failed) {
        snprintf(driver->error, driver->error_size, "%s", what);
    }
    driver->failed = true;
}

/* --- setting up ------------------------------------------------------------------------------- */

static bool add(struct driver *driver, int fd, uint64_t tag)
{
    assert(fd >= 0);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = tag};
    return epoll_ctl(driver->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* What epoll gives back: 0 of a slot is its eventfd, 1 + i the subscription of its server i. */
#define TAGS_A_SLOT (1 + SERVERS_MAX)

static uint64_t tag_of(const struct driver *driver, const struct slot *slot, int part)
{
    assert(part >= 0 && part < TAGS_A_SLOT && slot < driver->slots + driver->jobs);
    return (uint64_t)(slot - driver->slots) * TAGS_A_SLOT + (uint64_t)part;
}

static bool open_driver(struct driver *driver)
{
    descriptors_allow_many(); /* every member has a socket at the server, which inherits this */
    interrupt_set(&driver->mask);
    sigaddset(&driver->mask, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &driver->mask, &driver->old_mask);
    driver->interrupted = interrupt_came(); /* before the line above */
    driver->epoll = epoll_create1(EPOLL_CLOEXEC);
    driver->signals = signalfd(-1, &driver->mask, SFD_CLOEXEC | SFD_NONBLOCK);
    driver->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    driver->slots = calloc(driver->jobs, sizeof *driver->slots);
    driver->waiting = calloc(driver->options->trials, sizeof *driver->waiting);
    return driver->epoll >= 0 && driver->signals >= 0 && driver->timer >= 0 && driver->slots &&
           driver->waiting && add(driver, driver->signals, UINT64_MAX) &&
           add(driver, driver->timer, UINT64_MAX);
}

static void close_driver(struct driver *driver)
{
    int fds[] = {driver->epoll, driver->signals, driver->timer};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        close(fds[i]); /* or -1 */
    }
    for (uint32_t i = 0; driver->waiting && i < driver->options->trials; i++) {
        if (driver->waiting[i].done) {
            history_free(&driver->waiting[i].trial.history);
        }
    }
    free(driver->waiting);
    free(driver->slots);
    pthread_sigmask(SIG_SETMASK, &driver->old_mask, NULL);
}

/* Around what is not ours and may wait for ever, for the reader of a pipe or a stopped terminal:
 * Ctrl-C must not wait for that, too. After the first it is never blocked again. */
static void open_to_signals(struct driver *driver, bool open)
{
    sigset_t set;
    interrupt_set(&set);
    pthread_sigmask(open ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
    if (!open && interrupt_came()) {
        driver->interrupted = true;
        interrupt_note();
    }
}

/* --- trials in and out ------------------------------------------------------------------------ */

static void tell(struct driver *driver, struct trial *trial)
{
    const struct host_events *events = driver->events;
    if (events->digest && !events->digest(events->self, trial, 0)) {
        fail(driver, "out of memory");
        return;
    }
    driver->stopped = !events->trial_done(events->self, trial);
}

static void hand_on(struct driver *driver)
{
    while (driver->handed < driver->options->trials && driver->waiting[driver->handed].done) {
        struct waiting *next = &driver->waiting[driver->handed++];
        if (next->trial.end == TRIAL_WORLD_FAILED) {
            fail(driver, next->trial.error);
        } else if (next->trial.end == TRIAL_RAN && !driver->stopped) {
            open_to_signals(driver, true);
            tell(driver, &next->trial);
            open_to_signals(driver, false);
        }
        history_free(&next->trial.history);
        next->done = false;
    }
    assert(driver->handed <= driver->begun && driver->begun <= driver->options->trials);
}

static void finish(struct driver *driver, struct slot *slot)
{
    assert(slot->busy && slot->run.number > driver->handed && slot->run.number <= driver->begun);
    struct waiting *place = &driver->waiting[slot->run.number - 1];
    assert(!place->done);
    run_end(&slot->run, &place->trial);
    place->done = true;
    slot->busy = false;
    memset(slot->heard, 0, sizeof slot->heard);
    hand_on(driver);
}

static bool more_to_begin(const struct driver *driver)
{
    return driver->begun < driver->options->trials && !driver->interrupted && !driver->stopped &&
           !driver->failed;
}

static void begin(struct driver *driver, struct slot *slot)
{
    assert(!slot->busy && driver->begun < driver->options->trials);
    uint32_t number = ++driver->begun;
    slot->busy = true;
    bool good =
        run_begin(&slot->run, &driver->common, number, trial_seed(driver->options->seed, number));
    if (!good || !add(driver, slot->run.notify_fd, tag_of(driver, slot, 0))) {
        run_fail(&slot->run, "cannot watch over the trial: %s", error_words(errno));
        finish(driver, slot);
    }
}

/* --- the loop --------------------------------------------------------------------------------- */

static void reap(struct driver *driver)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
        bool ended = WIFEXITED(status) || WIFSIGNALED(status);
        if (pid == driver->common.guardian->pid && ended) {
            fail(driver, "the guardian process was killed; ended, so that nothing is left behind");
            driver->common.guardian->pid = 0;
        }
        for (uint32_t i = 0; i < driver->jobs; i++) {
            if (driver->slots[i].busy && run_child_changed(&driver->slots[i].run, pid, status)) {
                break;
            }
        }
    }
}

static void hear_signals(struct driver *driver)
{
    struct signalfd_siginfo signal;
    while (read(driver->signals, &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo == SIGCHLD) {
            reap(driver);
        } else {
            driver->interrupted = true;
            interrupt_note();
        }
    }
}

static void wait_until(struct driver *driver, int64_t due_ns)
{
    struct epoll_event events[32];
    uint64_t ticks;
    assert(due_ns > 0 && due_ns < INT64_MAX);
    struct itimerspec at = {
        .it_value = {.tv_sec = due_ns / NS_PER_S, .tv_nsec = due_ns % NS_PER_S}};
    timerfd_settime(driver->timer, TFD_TIMER_ABSTIME, &at, NULL);
    int count = epoll_wait(driver->epoll, events, 32, -1);
    ssize_t got = read(driver->timer, &ticks, sizeof ticks);
    (void)got;
    for (int i = 0; i < count; i++) {
        uint64_t tag = events[i].data.u64;
        assert(tag == UINT64_MAX || tag / TAGS_A_SLOT < driver->jobs);
        if (tag != UINT64_MAX && tag % TAGS_A_SLOT > 0 && driver->slots[tag / TAGS_A_SLOT].busy) {
            run_listen(&driver->slots[tag / TAGS_A_SLOT].run, (uint8_t)(tag % TAGS_A_SLOT - 1));
        }
    }
    hear_signals(driver);
}

static void show_progress(struct driver *driver)
{
    int64_t now = monotonic_ns();
    if (!driver->events->progress || now - driver->shown_ns < PROGRESS_EVERY_NS) {
        return;
    }
    const struct run *first = NULL;
    assert(now >= driver->shown_ns);
    for (uint32_t i = 0; i < driver->jobs; i++) {
        const struct slot *slot = &driver->slots[i];
        if (slot->busy && (!first || slot->run.number < first->number)) {
            first = &slot->run;
        }
    }
    if (first) {
        struct progress progress = run_progress(first, driver->options->trials);
        open_to_signals(driver, true);
        driver->events->progress(driver->events->self, &progress);
        open_to_signals(driver, false);
    }
    driver->shown_ns = now;
}

static void turn(struct driver *driver, struct slot *slot)
{
    struct run *run = &slot->run;
    assert(slot->busy && run->state != RUN_OVER);
    run_turn(run);
    for (uint8_t i = 0; i < run->scenario->settings.servers; i++) {
        uint32_t subscription = run->servers[i].subscriptions + 1;
        int fd = run_heard_fd(run, i);
        if (slot->heard[i] != subscription && fd >= 0 &&
            add(driver, fd, tag_of(driver, slot, 1 + i))) {
            slot->heard[i] = subscription;
        }
    }
    if (driver->interrupted || driver->stopped || driver->failed) {
        run->interrupted = true;
        run->state = RUN_OVER;
    }
    if (run->state == RUN_OVER) {
        finish(driver, slot);
    }
}

/* Turns every trial once. Returns when the next is due, or 0 when none runs any more. */
static int64_t turn_all(struct driver *driver)
{
    int64_t due = INT64_MAX;
    for (uint32_t i = 0; i < driver->jobs; i++) {
        struct slot *slot = &driver->slots[i];
        if (!slot->busy && more_to_begin(driver)) {
            begin(driver, slot);
        }
        if (slot->busy) {
            turn(driver, slot);
        }
        if (slot->busy || more_to_begin(driver)) {
            int64_t next = slot->busy ? run_due(&slot->run) : monotonic_ns();
            due = next < due ? next : due;
        }
    }
    return due == INT64_MAX ? 0 : due;
}

static void loop(struct driver *driver)
{
    int64_t due;
    while ((due = turn_all(driver)) != 0) {
        int64_t show = driver->shown_ns + PROGRESS_EVERY_NS;
        bool shows = driver->events->progress != NULL;
        wait_until(driver, shows && show < due ? show : due);
        show_progress(driver);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool find_redis(struct driver *driver, struct server_program *program)
{
    const struct host_options *options = driver->options;
    struct run_common *common = &driver->common;
    bool good = true;
    if (!options->redis_url || common->scenario->settings.work_every_ns > 0) {
        good = server_find(options->redis_server, program, driver->error, driver->error_size);
    }
    common->program = options->redis_url ? NULL : program;
    common->resource = program;
    if (options->redis_url) {
        good = good && address_parse(options->redis_url, &common->address, driver->error,
                                     driver->error_size);
        leftovers_name_run(common->prefix);
    }
    return good;
}

static enum trial_end run_trials(struct driver *driver)
{
    driver->common.guardian = &driver->guardian;
    if (!guardian_start(&driver->guardian, driver->common.program ? NULL : run_remove_all_keys,
                        &driver->common, driver->error, driver->error_size)) {
        return TRIAL_WORLD_FAILED;
    }
    if (open_driver(driver)) {
        loop(driver);
    } else {
        fail(driver, error_words(errno));
    }
    close_driver(driver);
    guardian_stop(&driver->guardian);
    if (driver->failed) {
        return TRIAL_WORLD_FAILED;
    }
    return driver->interrupted ? TRIAL_INTERRUPTED : TRIAL_RAN;
}

static enum trial_end run(const struct scenario *scenario, const struct host_options *options,
                          const struct host_events *events, char *error, size_t error_size)
{
    struct driver driver = {.common = {.host = &host_processes, .scenario = scenario},
                            .options = options,
                            .events = events,
                            .epoll = -1,
                            .signals = -1,
                            .timer = -1,
                            .error = error,
                            .error_size = error_size};
    struct server_program program;
    assert(options->trials > 0);
    driver.jobs = options->jobs < 1 ? 1 : (options->jobs > JOBS_MAX ? JOBS_MAX : options->jobs);
    if (driver.jobs > options->trials) {
        driver.jobs = options->trials;
    }
    return find_redis(&driver, &program) ? run_trials(&driver) : TRIAL_WORLD_FAILED;
}

const struct host_row host_processes = {
    .name = "processes",
    .summary = "forked processes and a real Redis, in real time",
    .probe = processes_probe,
    .run = run,
    .verbs = &processes_verbs,
};
