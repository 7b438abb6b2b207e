/* A bench for the token lock's machine: drive it a call or a reply at a time, and say what it must
 * have asked for. Each call returns the progress and keeps it with the action in the bench.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include "src/lock/lock.h"

#define MS INT64_C(1000000)
#define ANOTHERS ((struct token){.high = 9, .low = 9})

/* One lock's machine, its clock, and its last answer. */
struct bench {
    struct settings settings;
    struct lock lock;
    struct action action;
    enum lock_progress progress;
    int64_t now_ns;
    uint64_t tokens; /* drawn so far */
};

/* At 1 s by its own clock, with redis-py's times: 2 s to live, a try every 100 ms. */
struct bench new_bench(void);
struct bench held_bench(void);
/* The SET of 1 s went unanswered until 1.2 s; it looks whose the lock is. */
struct bench doubting_bench(void);

enum lock_progress acquire(struct bench *bench);
enum lock_progress release(struct bench *bench);
enum lock_progress extend(struct bench *bench);

/* The answer to what it asked. */
enum lock_progress answer(struct bench *bench, struct reply reply);
enum lock_progress outcome(struct bench *bench, enum store_outcome outcome);
enum lock_progress integer(struct bench *bench, int64_t integer);
enum lock_progress token(struct bench *bench, struct token token);

/* Lets the time pass for which it waits. */
enum lock_progress wake(struct bench *bench);

/* The last call left a request of this kind, for the lock's key, with the lock's token. */
void asks(const struct bench *bench, enum store_op op, enum moment moment);
void asks_for_lock(const struct bench *bench);
void deletes_quietly(const struct bench *bench);
void waits(const struct bench *bench, int64_t wait_ns);

#endif
