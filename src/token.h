/* Tokens: who holds a lock. */
#ifndef HUSTINGS_TOKEN_H
#define HUSTINGS_TOKEN_H

#include <stdint.h>

/* 128 random bits. On the wire 32 lowercase hex digits. The zero token is nobody's. */
struct token {
    uint64_t high;
    uint64_t low;
};

static inline int token_equal(struct token a, struct token b)
{
    return a.high == b.high && a.low == b.low;
}

#endif
