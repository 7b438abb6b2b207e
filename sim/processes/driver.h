/* The driver of a run's trials: what it waits for, and where trials are until they are handed on.
 * Its loop is in host.c.
 */
#ifndef HUSTINGS_PROCESSES_DRIVER_H
#define HUSTINGS_PROCESSES_DRIVER_H

#include <signal.h>

#include "sim/processes/watch.h"

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
    struct watch watch;
    int64_t late_ns; /* so much too late it was woken the last time */
    bool interrupted, stopped, failed;
    char *error;
    size_t error_size;
};

/* Notes that the world failed; the first reason is kept. */
void driver_fail(struct driver *driver, const char *what);

/* Makes what it waits with, and blocks the signals that it hears of otherwise. False: errno is set;
 * driver_close() all the same. */
bool driver_open(struct driver *driver);
void driver_close(struct driver *driver);

/* What epoll gives back: 0 of a slot is its eventfd, 1 + i the subscription of its server i. */
#define TAGS_A_SLOT (1 + SERVERS_MAX)
#define TAG_OWN UINT64_MAX /* signals, the timer */
#define TAG_HAND (UINT64_MAX - 1)

uint64_t driver_tag(const struct driver *driver, const struct slot *slot, int part);

/* Has epoll look at it as well, and give back the tag. False: errno is set. */
bool driver_add(struct driver *driver, int fd, uint64_t tag);

/* Around what is not ours and may wait for ever, for the reader of a pipe or a stopped terminal:
 * Ctrl-C must not wait for that, too. After the first it is never blocked again. */
void driver_heed_signals(struct driver *driver, bool open);

#endif
