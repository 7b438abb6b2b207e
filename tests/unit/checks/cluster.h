/* A small cluster of the real step machines with a plain store, in virtual time: what ordinary
 * histories look like. Requests and replies take 50 us each; nothing is left to chance.
 */
#ifndef HUSTINGS_TESTS_UNIT_CHECKS_CLUSTER_H
#define HUSTINGS_TESTS_UNIT_CHECKS_CLUSTER_H

#include "sim/history/history.h"
#include "src/protocol.h"

#define CLUSTER_MAX 12

struct cluster_process {
    struct process process;
    struct request asked;
    struct reply reply;
    enum { CLUSTER_STOPPED, CLUSTER_WAITS, CLUSTER_ASKS, CLUSTER_HEARS } next;
    int64_t at_ns; /* when that is: it wakes, the request arrives, the reply arrives */
    uint32_t number, read_number;
    bool alive;
};

struct cluster {
    struct history history;
    int64_t now_ns;
    struct cluster_process list[CLUSTER_MAX];
    uint64_t tokens; /* drawn so far */
    struct token holder;
    int64_t held_until_ns;
    bool known[CLUSTER_MAX]; /* ids with a status in the store */
    uint8_t statuses[CLUSTER_MAX];
    struct vote votes[CLUSTER_MAX];
    struct result result;
};

/* Everybody is born and the nodes are started; the master follows 10 ms later. `settings` have the
 * article's times where they are 0. Owned by the caller: history_free(). */
void cluster_begin(struct cluster *cluster, struct settings settings);
void cluster_run_until(struct cluster *cluster, int64_t ms);
void cluster_flip(struct cluster *cluster, uint16_t id, enum status to);
void cluster_crash(struct cluster *cluster, uint16_t id);
void cluster_restart(struct cluster *cluster, uint16_t id);
void cluster_phase(struct cluster *cluster, enum history_phase phase);

#endif
