/* A stranger's request, as far as it is about the lock. What makes one of a command is in
 * lock_traffic.h.
 *
 * A token is what was put there: 32 small hex digits are the token itself, as hustings' own members
 * and redis-py write it, and anything else becomes 16 bytes of its SHA-1. */
#ifndef HUSTINGS_WILD_REQUEST_H
#define HUSTINGS_WILD_REQUEST_H

#include "sim/wild/script.h"

enum wild_kind {
    WILD_ELSEWHERE, /* not about the lock */
    WILD_LOCK,      /* `op` says what it is like */
    WILD_SCRIPT,    /* a script with the lock's key that nobody knows */
    WILD_COMMAND,   /* another command with the lock's key */
    WILD_KINDS
};

/* Of WILD_COMMAND: what its answer means to who sent it. */
enum wild_means {
    MEANS_NOTHING,
    MEANS_TAKES, /* yes: it has the lock, for it has written over whoever had it */
    MEANS_HAS    /* yes: it still has it; no: it has not */
};

#define WILD_NAME 16
#define WILD_KEY (RESP_KEPT + 1)
#define WILD_TTL_UNKNOWN UINT32_MAX

struct wild_request {
    uint8_t kind;  /* enum wild_kind */
    uint8_t op;    /* WILD_LOCK: enum store_op */
    uint8_t yes;   /* of an answer: enum yes */
    uint8_t means; /* WILD_COMMAND: enum wild_means */
    bool has_token;
    bool no_untold;       /* an answer that is no `yes` says nothing */
    const char *obscure;  /* why nobody can tell what it does to the lock, for ever; or NULL */
    uint32_t bytes;       /* of the command; UINT32_MAX: so many, or more */
    uint32_t keys;        /* so many keys it names, with the lock's */
    uint32_t ttl_ms;      /* 0: none; or WILD_TTL_UNKNOWN */
    uint64_t order;       /* among all requests of its sender to this server: belief_sent() */
    struct token token;   /* if it has one */
    char name[WILD_NAME]; /* the command, in capitals; cut; what is no letter or digit is '?' */
    char key[WILD_KEY];   /* the one that it names first, or ""; cut; controls are '?' */
    const struct script_row *script; /* or NULL */
};

/* Whether it asks for the lock. */
bool wild_takes(const struct wild_request *request);

/* The token that is meant by a value of the lock's key. Never the zero token. */
struct token wild_token(const struct resp_item *value);
struct token wild_token_of(const char *value, size_t size);

#endif
