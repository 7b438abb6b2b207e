/* Twins: a modelled Redis and a real one to which the same is done, answer held against answer.
 *
 * Time. Both follow the same clock, the machine's, in milliseconds. When a request was sent and its
 * answer was there within the same millisecond, the model is asked at that millisecond and must say
 * exactly the same. Otherwise it may be asked at any millisecond in between, and one of these must
 * give what the real one said. When a lock was put or extended, the end of its TTL must be the same
 * to the millisecond (PEXPIRETIME), with the same proviso; and an extension that is over before its
 * answer is there may have removed the lock at once. Nothing else is tolerated.
 */
#ifndef TESTS_CONFORMANCE_TWINS_H
#define TESTS_CONFORMANCE_TWINS_H

#include "tests/conformance/real.h"
#include "tests/conformance/sequence.h"

#define TWINS_IDS 16384

/* The model under test: op_apply, or a mutant of it. */
typedef void store_function(const struct keyspace *keys, const struct request *request,
                            struct reply *reply);

struct twins {
    struct real *real;
    store_function *apply;
    struct store store;
    uint64_t boundaries; /* requests whose answer came in another ms than they were sent */
    char difference[400];
    uint8_t many[TWINS_IDS], tried_many[TWINS_IDS];
    struct vote votes[TWINS_IDS];
};

/* Both are empty, and for this many processes. */
void twins_begin(struct twins *twins, struct real *real, store_function *apply, uint16_t ids);

/* Does it to both. False: they differ, and twins->difference says in what. */
bool twins_do(struct twins *twins, const struct deed *deed);

/* A sequence of `count` deeds from the beginning. False as above, with the place in the
 * sequence. */
bool twins_run(struct twins *twins, struct real *real, store_function *apply, uint64_t seed,
               uint16_t ids, uint32_t count);

#endif
