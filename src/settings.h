/* The options of an election, the same for every process of it. Times are in nanoseconds. */
#ifndef HUSTINGS_SETTINGS_H
#define HUSTINGS_SETTINGS_H

#include <stdint.h>

/* Who takes the article's steps 2 to 4. Its code has the master do it; its text says "every node".
 */
enum decider { DECIDED_BY_MASTER, DECIDED_BY_NODES };

/* Who turns to submit: the node that finds itself elected, or nobody (the article's code as
 * published, where rule 3 decides for ever). */
enum submitter { SUBMITS_ELECTED, SUBMITS_NOBODY };

struct settings {
    uint8_t protocol;      /* a row of protocol.h's table */
    uint8_t lock;          /* a row of lock.h's table */
    uint8_t decided_by;    /* enum decider */
    uint8_t submits;       /* enum submitter */
    uint8_t sticky;        /* 1: a leader still in submit keeps the office before rule 2 */
    uint8_t master_locks;  /* 0: the master reads and publishes without the lock, as published */
    uint16_t nodes;        /* nodes are 1 … nodes; the master is 0 */
    uint32_t zero;         /* padding, always 0 */
    int64_t lock_ttl_ns;   /* a lock's time to live; article: 2 s */
    int64_t lock_retry_ns; /* between two tries for a busy lock; redis-py: 100 ms */
    int64_t lock_wait_ns;  /* give up waiting for the lock after this; 0: never (the article) */
    int64_t poll_ns;       /* between two elections, and between two looks at the result: 100 ms */
    int64_t report_ns; /* report again after this; 0: only when the status changed (the article) */
};

#endif
