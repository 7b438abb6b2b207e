/* A trial in the model whose times can be told in advance: three nodes and a master for 4 s, and
 * each message takes exactly 1 ms. */
#ifndef HUSTINGS_TESTS_UNIT_SERVERS_PLAY_H
#define HUSTINGS_TESTS_UNIT_SERVERS_PLAY_H

#include "sim/model/model.h"

#define LONG_LOCK "lock: {token: {ttl: 30s}}\n"
#define REPORTING "protocol: {article: {report: 50ms}}\n"
#define POLLING "protocol: {article: {poll: 500ms}}\n"
#define MS INT64_C(1000000)

struct play {
    struct scenario scenario;
    struct history history;
};

/* Runs it; `more` is YAML that is added. Fails the test if that is wrong. */
void play(struct play *play, const char *more, uint64_t seed);
void end(struct play *play);

/* Replies with this outcome in [from, to). */
int count_replies(const struct play *play, enum store_outcome outcome, int64_t from_ms,
                  int64_t to_ms);

/* The first event of a kind from a time on; NULL: there is none. */
const struct history_event *first_of(const struct play *play, enum history_kind kind,
                                     int64_t from_ms);

#endif
