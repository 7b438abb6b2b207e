/* What the driver waits with. See driver.h. */
#include "sim/processes/driver.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "sim/system/descriptors.h"
#include "sim/system/interrupt.h"

void driver_fail(struct driver *driver, const char *what)
{
    if (!driver->failed) {
        snprintf(driver->error, driver->error_size, "%s", what);
    }
    driver->failed = true;
}

bool driver_add(struct driver *driver, int fd, uint64_t tag)
{
    assert(fd >= 0);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = tag};
    return epoll_ctl(driver->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

uint64_t driver_tag(const struct driver *driver, const struct slot *slot, int part)
{
    assert(part >= 0 && part < TAGS_A_SLOT && slot < driver->slots + driver->jobs);
    return (uint64_t)(slot - driver->slots) * TAGS_A_SLOT + (uint64_t)part;
}

bool driver_open(struct driver *driver)
{
    const struct host_hand *hand = driver->watch.hand;
    descriptors_allow_many(); /* every member has a socket at the server, which inherits this */
    interrupt_set(&driver->mask);
    sigaddset(&driver->mask, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &driver->mask, &driver->old_mask);
    /* If a program's keeper is killed, what is left of the program comes to us. */
    prctl(PR_SET_CHILD_SUBREAPER, driver->common.scenario->programs ? 1UL : 0UL);
    driver->interrupted = interrupt_came(); /* before the line above */
    driver->epoll = epoll_create1(EPOLL_CLOEXEC);
    driver->signals = signalfd(-1, &driver->mask, SFD_CLOEXEC | SFD_NONBLOCK);
    driver->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    driver->slots = calloc(driver->jobs, sizeof *driver->slots);
    driver->waiting = calloc(driver->options->trials, sizeof *driver->waiting);
    return driver->epoll >= 0 && driver->signals >= 0 && driver->timer >= 0 && driver->slots &&
           driver->waiting && (!hand || hand->fd < 0 || driver_add(driver, hand->fd, TAG_HAND)) &&
           driver_add(driver, driver->signals, TAG_OWN) &&
           driver_add(driver, driver->timer, TAG_OWN);
}

void driver_close(struct driver *driver)
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
    feed_free(&driver->watch.feed);
    free(driver->waiting);
    free(driver->slots);
    prctl(PR_SET_CHILD_SUBREAPER, 0UL);
    pthread_sigmask(SIG_SETMASK, &driver->old_mask, NULL);
}

void driver_heed_signals(struct driver *driver, bool open)
{
    sigset_t set;
    interrupt_set(&set);
    pthread_sigmask(open ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
    if (!open && interrupt_came()) {
        driver->interrupted = true;
        interrupt_note();
    }
}
