/* What runs leave behind in a Redis that hustings did not start, when nobody could clear up after
 * them: the machine lost its power, or driver and guardian were killed.
 *
 * Every key of a run is called hustings:TIME-PID:TRIAL:NAME, TIME and PID in hex; those by which it
 * was tried out whether the Redis is of use are of trial 0. A trial that runs
 * keeps a sign of life beside its keys, :alive, which the server drops if nobody renews it for a
 * minute. That works from any machine: no process has to be asked.
 */
#ifndef HUSTINGS_PROCESSES_LEFTOVERS_H
#define HUSTINGS_PROCESSES_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/processes/link_commands.h"

#define LEFTOVERS_RUN_MAX 48 /* bytes of "hustings:TIME-PID:", its end included */
#define LEFTOVERS_SIGN "alive"
#define LEFTOVERS_SIGN_SECONDS 60

/* Keys of one run. */
struct leftover_run {
    char prefix[LEFTOVERS_RUN_MAX];
    int64_t began_s; /* wall clock, seconds since 1970 */
    uint32_t pid;
    uint32_t trials, keys; /* that were removed */
    bool lives;            /* a trial of it has a sign of life: its keys were left alone */
};

/* The prefix of all keys of a run of this process that begins now. */
void leftovers_name_run(char prefix[LEFTOVERS_RUN_MAX]);

/* Whether `key` is a key of a run. Then *run_length is how much of it is the run's prefix, and
 * *trial_length how much is the trial's; both end with a colon. */
bool leftovers_is_ours(const char *key, size_t *run_length, size_t *trial_length);

/* Removes the keys of all runs that no longer live, one command for each key, and calls `tell` once
 * for every run of which there is a key, in the order of their prefixes. False: the Redis fails or
 * refuses, with a line in link->error; what was removed until then is gone. */
bool leftovers_remove(struct link *link, void (*tell)(void *self, const struct leftover_run *run),
                      void *self);

/* Removes all keys of one run, which must be dead: its signs of life do not count. False as above.
 */
bool leftovers_remove_run(struct link *link, const char *prefix);

#endif
