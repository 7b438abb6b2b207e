/* Stories told in whole requests: a call sends one, and its answer comes 1 ms later. See story.h.
 *
 *     everybody_runs(story);
 *     reports(story, 1);
 *     at(story, 100);
 *     elects(story, 0, 1, 3, 1);      the master elects node 1 by rule 3, in term 1
 *     obeys(story, 1, 1, 1);          node 1 finds itself elected
 */
#ifndef TESTS_SUPPORT_ROUNDS_H
#define TESTS_SUPPORT_ROUNDS_H

#include "tests/support/story.h"

/* Follows `leader`; as that itself, leads and turns to submit, as the article's node does. */
void obeys(struct tale *story, uint16_t id, int32_t leader, uint64_t term);
void all_obey(struct tale *story, int32_t leader, uint64_t term);

/* The lock's token is a fresh one for each wait. */
void finds_lock_busy(struct tale *story, uint16_t id);
void acquires_lock(struct tale *story, uint16_t id);
void releases_lock(struct tale *story, uint16_t id);

void reports(struct tale *story, uint16_t id);
void has_read(struct tale *story, uint16_t id); /* a ballot of nobody */
void has_published(struct tale *story, uint16_t id, int32_t leader, int32_t rule, uint64_t term);

/* Looks the result up; term 0: there is none. */
void finds_result(struct tale *story, uint16_t id, int32_t leader, int32_t rule, uint64_t term);

/* A round without the lock, 2 ms in all: reads, decides, publishes. */
void elects(struct tale *story, uint16_t id, int32_t leader, int32_t rule, uint64_t term);

#endif
