/* Random sequences of what can happen to a store: requests of all kinds, the deeds of strangers,
 * and time that passes. Equal seeds give equal sequences. */
#ifndef TESTS_CONFORMANCE_SEQUENCE_H
#define TESTS_CONFORMANCE_SEQUENCE_H

#include <stddef.h>

#include "sim/ops/store.h"

enum deed_kind {
    DEED_REQUEST,
    DEED_FOREIGN, /* a stranger leaves `content` at `key` */
    DEED_STATUS,  /* a stranger sets the status of `id` to something unheard of */
    DEED_PAUSE    /* some time passes */
};

struct deed {
    enum deed_kind kind;
    struct request request;
    enum store_key key;
    enum store_content content;
    uint16_t id;
    uint32_t pause_us;
};

struct sequence {
    uint64_t rng;
    uint16_t ids; /* processes are 0 … ids - 1 */
};

/* A sequence for this many processes. */
struct sequence sequence_new(uint64_t seed, uint16_t ids);
struct deed sequence_next(struct sequence *sequence);

/* One line for people; returns `out`. */
char *deed_text(const struct deed *deed, char *out, size_t size);

#endif
