/* A stranger for the tests: what it sends and reads, and what is made of it. */
#ifndef HUSTINGS_TESTS_STRANGERS_H
#define HUSTINGS_TESTS_STRANGERS_H

#include "sim/resp/reader.h"
#include "sim/wild/belief.h"

/* A script that hustings' own members have, too, and the digest of exactly this text. */
#define MANUALS_TEXT                                                                               \
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
#define MANUALS_DIGEST "6fbe84d1140fd2047394924af9d845b83c070bec"

struct stranger {
    const char *key;
    struct resp_reader asks, reads;
    struct scripts_learnt learnt;
    struct belief belief;
    struct wild_request request; /* its last */
    struct wild_reply reply;     /* to it */
    struct belief_change change; /* by either */
    uint64_t connection;         /* on which it speaks */
    uint32_t number;
};

void begin_stranger(struct stranger *stranger, const char *key);

/* One command; true: its belief changed. */
bool sends(struct stranger *stranger, const char *bytes);

/* The answer to its last. */
struct wild_reply reads(struct stranger *stranger, const char *bytes);

/* The token of a value that is no longer than what is kept. */
struct token token_named(const char *value);

#endif
