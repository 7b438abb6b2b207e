/* The processes host: the driver's loop. It turns up to --jobs trials at once, hears of children,
 * timers and Ctrl-C, and hands finished trials on in the order of their numbers.
 *
 *     signalfd (children, Ctrl-C) ─┐
 *     timerfd (the next due time) ─┼─▶ epoll ─▶ run_turn() of every trial that runs
 *     eventfd a trial (members)   ─┤
 *     subscription a trial (the Redis)    ─┤
 *     what is ordered by hand     ─┘
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

#include "sim/processes/driver.h"
#include "sim/processes/leftovers.h"
#include "sim/processes/run_parts.h"
#include "sim/system/interrupt.h"
#include "sim/text/errors.h"
#include "src/units.h"

#define JOBS_MAX 64

/* --- trials in and out ------------------------------------------------------------------------ */

static void tell(struct driver *driver, struct trial *trial)
{
    const struct host_events *events = driver->events;
    if (events->digest && !events->digest(events->self, trial, 0)) {
        driver_fail(driver, "out of memory");
        return;
    }
    driver->stopped = !events->trial_done(events->self, trial);
}

static void hand_on(struct driver *driver)
{
    while (driver->handed < driver->options->trials && driver->waiting[driver->handed].done) {
        struct waiting *next = &driver->waiting[driver->handed++];
        if (next->trial.end == TRIAL_WORLD_FAILED) {
            driver_fail(driver, next->trial.error);
        } else if (next->trial.end == TRIAL_RAN && !driver->stopped) {
            driver_heed_signals(driver, true);
            tell(driver, &next->trial);
            driver_heed_signals(driver, false);
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
    if (!good || !driver_add(driver, slot->run.notify_fd, driver_tag(driver, slot, 0))) {
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
            driver_fail(driver,
                        "the guardian process was killed; ended, so that nothing is left behind");
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

/* The one that is shown; NULL: none runs. */
static struct run *first_run(const struct driver *driver)
{
    struct run *first = NULL;
    for (uint32_t i = 0; i < driver->jobs; i++) {
        struct slot *slot = &driver->slots[i];
        if (slot->busy && (!first || slot->run.number < first->number)) {
            first = &slot->run;
        }
    }
    return first;
}

static void show(struct driver *driver)
{
    const struct run *first = first_run(driver);
    if (first && monotonic_ns() >= watch_due(&driver->watch)) {
        driver_heed_signals(driver, true);
        if (!watch_show(&driver->watch, first)) {
            driver_fail(driver, "out of memory");
        }
        driver_heed_signals(driver, false);
    }
}

/* Some order has come, or nobody is there any more who could give one. */
static void hear_orders(struct driver *driver, uint32_t events)
{
    driver_heed_signals(driver, true);
    watch_orders(&driver->watch, first_run(driver));
    driver_heed_signals(driver, false);
    if (events & (EPOLLHUP | EPOLLERR)) {
        epoll_ctl(driver->epoll, EPOLL_CTL_DEL, driver->watch.hand->fd, NULL);
    }
}

/* Waits until then, or until something happens. Returns how much too late it was woken. */
static int64_t wait_until(struct driver *driver, int64_t due_ns)
{
    int64_t begun_ns = monotonic_ns();
    struct epoll_event events[32];
    uint64_t ticks;
    assert(due_ns > 0 && due_ns < INT64_MAX);
    struct itimerspec at = {
        .it_value = {.tv_sec = due_ns / NS_PER_S, .tv_nsec = due_ns % NS_PER_S}};
    timerfd_settime(driver->timer, TFD_TIMER_ABSTIME, &at, NULL);
    int count = epoll_wait(driver->epoll, events, 32, -1);
    int64_t late_ns = monotonic_ns() - (due_ns > begun_ns ? due_ns : begun_ns);
    ssize_t got = read(driver->timer, &ticks, sizeof ticks);
    (void)got;
    for (int i = 0; i < count; i++) {
        uint64_t tag = events[i].data.u64;
        assert(tag >= TAG_HAND || tag / TAGS_A_SLOT < driver->jobs);
        if (tag == TAG_HAND) {
            hear_orders(driver, events[i].events);
        } else if (tag != TAG_OWN && tag % TAGS_A_SLOT > 0 &&
                   driver->slots[tag / TAGS_A_SLOT].busy) {
            run_listen(&driver->slots[tag / TAGS_A_SLOT].run, (uint8_t)(tag % TAGS_A_SLOT - 1));
        }
    }
    hear_signals(driver);
    return late_ns > 0 ? late_ns : 0;
}

static void turn(struct driver *driver, struct slot *slot)
{
    struct run *run = &slot->run;
    assert(slot->busy && run->state != RUN_OVER);
    run_turn(run, driver->late_ns);
    for (uint8_t i = 0; i < run->scenario->settings.servers; i++) {
        uint32_t subscription = run->servers[i].subscriptions + 1;
        int fd = run_heard_fd(run, i);
        if (slot->heard[i] != subscription && fd >= 0 &&
            driver_add(driver, fd, driver_tag(driver, slot, 1 + i))) {
            slot->heard[i] = subscription;
        }
    }
    if (driver->interrupted || driver->stopped || driver->failed) {
        watch_leave(&driver->watch);
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
        int64_t shown_next = first_run(driver) ? watch_due(&driver->watch) : INT64_MAX;
        driver->late_ns = wait_until(driver, shown_next < due ? shown_next : due);
        show(driver);
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
    if (driver_open(driver)) {
        loop(driver);
    } else {
        driver_fail(driver, error_words(errno));
    }
    driver_close(driver);
    guardian_stop(&driver->guardian);
    if (driver->failed) {
        return TRIAL_WORLD_FAILED;
    }
    return driver->interrupted ? TRIAL_INTERRUPTED : TRIAL_RAN;
}

static enum trial_end run(const struct scenario *scenario, const struct host_options *options,
                          const struct host_events *events, char *error, size_t error_size)
{
    struct driver driver = {
        .common = {.host = &host_processes,
                   .scenario = scenario,
                   .by_hand = options->hand != NULL,
                   .logs = options->logs},
        .watch = {.events = events, .hand = options->hand, .trials = options->trials},
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
