/* Stories in which members work: what several tests of stale_write begin with. */
#ifndef TESTS_CHECKS_WORKING_H
#define TESTS_CHECKS_WORKING_H

#include "tests/unit/checks/judged.h"

/* Takes the lock, leads for so long by its own clock, and writes; the resource counts that. */
uint32_t begins_to_work(struct tale *s, uint16_t id, double until_ms, uint64_t epoch,
                        int64_t count);

/* The same, but of its first write there is no answer yet. */
uint32_t begins_its_barrier(struct tale *s, uint16_t id, double until_ms, uint64_t epoch);

/* Another write of it, 0.2 ms long; with what the resource answers. */
void writes_as(struct tale *s, uint16_t id, uint64_t epoch, int64_t count);
void is_rejected(struct tale *s, uint16_t id, uint64_t epoch);

/* How stale_write ends; and what became of the writes. */
uint8_t ending_of_work(struct tale *s, struct work_count *work);

/* Node 1 is paused beyond its time, node 2 works, and node 1 goes on where it stood. */
void the_first_is_paused(struct tale *s, bool fencing);

#endif
