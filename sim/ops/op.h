/* The operations of the store: what src/store.h lets a process ask of a Redis, each with all that
 * the harness has to know about it. The encoder, the modelled Redis, the links of the model, the
 * history, the checks and the words on the screen read the row and name no operation.
 *
 * How to add an operation, completely:
 *   1. src/store.h: a name in enum store_op, and a line in the table above it.
 *   2. sim/ops/NAME.c: `const struct op_row op_NAME`, with what the modelled server does (apply)
 *      and which words follow the key in the command (encode).
 *   3. sim/ops/table.c: the row, at its place in the enum; its declaration stands below.
 * Nothing else has to change as long as the request and the answer carry values that exist (enum
 * value_kind). tests/unit/ops and tests/conformance go through the whole table: the latter asks the
 * model and a real redis-server the same and compares. A lock or a protocol that sends the
 * operation says so in `asks` of its own row.
 *
 * How to add a kind of value: a member of the unions in src/store.h and in history.h, a line in
 * enum value_kind, and a case wherever the compiler then misses one: answers as bytes
 * (processes/wire_reply.c), the history's events (host/event_record.h), and files
 * (jsonl/payload.c).
 *
 * Nothing here needs more than libc: the model uses it without hiredis or cJSON. */
#ifndef HUSTINGS_OPS_OP_H
#define HUSTINGS_OPS_OP_H

#include <assert.h>
#include <stdbool.h>

#include "src/store.h"

struct keyspace; /* store.h */
struct op_words; /* words.h */

/* What a request carries, or a good answer tells. */
enum value_kind {
    VALUE_NOTHING,
    VALUE_TOKEN,  /* who holds a lock; a request may carry it to compare the answer with it */
    VALUE_STATUS, /* a process's id and status */
    VALUE_RESULT, /* the result of an election */
    VALUE_BALLOT, /* the statuses of all */
    VALUE_DONE,   /* integer: 1 it was done, 0 it was not */
    VALUE_RECORD, /* the record of a lock: its holder, and what stands beside */
    VALUE_NUMBER, /* integer: what it was counted as, from 1; on the wire, 0 is nil */
    VALUE_KINDS
};

enum op_trait {
    OP_READS = 1 << 0,         /* changes nothing: what cannot be read is STORE_UNREADABLE */
    OP_WRITES = 1 << 1,        /* if its answer makes no sense, it may have been applied */
    OP_SCRIPT = 1 << 2,        /* a script: the row has one */
    OP_NEEDS_MEMORY = 1 << 3,  /* a server whose memory is full refuses it */
    OP_TTL = 1 << 4,           /* the request has a ttl_ms */
    OP_WHOLE_SECONDS = 1 << 5, /* of which the server takes the whole seconds */
    OP_MAY_BE_NIL = 1 << 6,    /* nil is a good answer */

    /* What it means to an election, when it is good (of VALUE_DONE: done): the process that asked
     * has the lock; whose the lock is; the lock has another TTL; the lock is gone. OWN: only if it
     * bears the request's token; ANY: whoever has it. One that takes and looks: who asks has the
     * lock now, and may have had it before. */
    OP_TAKES_LOCK = 1 << 8,
    OP_LOOKS_AT_LOCK = 1 << 9,
    OP_DATES_OWN_LOCK = 1 << 10,
    OP_DATES_ANY_LOCK = 1 << 11,
    OP_REMOVES_OWN_LOCK = 1 << 12,
    OP_REMOVES_ANY_LOCK = 1 << 13,
    OP_TELLS_LEADER = 1 << 14, /* who was published last, or that nobody was */
    OP_ON_RESOURCE = 1 << 15,  /* goes to the protected resource, see src/work.h */
};

#define OP_DATES_LOCK (OP_DATES_OWN_LOCK | OP_DATES_ANY_LOCK)
#define OP_REMOVES_LOCK (OP_REMOVES_OWN_LOCK | OP_REMOVES_ANY_LOCK)
#define OP_ON_LOCK (OP_TAKES_LOCK | OP_LOOKS_AT_LOCK | OP_DATES_LOCK | OP_REMOVES_LOCK)

/* A script of the server's language. It gets the key as KEYS[1], the row's `also` as KEYS[2], and
 * what encode() writes as ARGV[1], ARGV[2], … */
struct op_script {
    const char *text;
    const char *digest;  /* the SHA-1 of exactly this text */
    const char *command; /* as the row's, when the text is sent */
};

struct op_row {
    const char *name;    /* in histories and reports */
    const char *summary; /* what it does, after "tries to" */
    const char
        *command; /* the command's name, as told to people and, if there is no script, sent */
    const struct op_script *script; /* or NULL */
    uint32_t traits;                /* enum op_trait */
    uint8_t asks;                   /* enum value_kind: what the request carries */
    uint8_t answers;                /* enum value_kind: what a good answer tells */
    char begins;  /* a good answer's first byte: + a status, : a number, $ a text, * a list */
    uint8_t key;  /* enum store_key: where it is tried before a run */
    uint8_t also; /* of a script: its other key, KEYS[2]; KEY_LOCK: it has none */
    uint16_t
        request_bytes;    /* on the wire, with the article's keys, an id of one digit, and a script
                            * that the server knows */
    uint8_t answer_bytes; /* of a good answer; of a ballot, without the votes */

    /* Adds the words that follow the key, or follow KEYS[1] of a script; NULL: none do. */
    void (*encode)(const struct request *request, struct op_words *words);

    /* Of a script that looks before it writes: whether it finds what it looks for. What is refused
     * to those who write, is refused to it only then. NULL: it writes at once. */
    bool (*finds)(const struct keyspace *keys, const struct request *request);

    /* What a redis-server does: changes the keys and fills the reply, which is STORE_OK with a
     * value of zeros when it is called. */
    void (*apply)(const struct keyspace *keys, const struct request *request, struct reply *reply);
};

extern const struct op_row op_put_if_absent, op_delete_if_equal, op_extend_if_equal, op_get_token,
    op_set_status, op_read_ballot, op_get_result, op_set_result, op_expire, op_delete,
    op_put_fenced, op_get_record, op_take_record, op_renew_record, op_free_record, op_write,
    op_get_epoch;

extern const struct op_row *const op_rows[STORE_OPS];

/* The names of the keys in a Redis, by enum store_key, without a prefix. */
extern const char *const op_keys[STORE_KEYS];

/* The name of the command that is sent; of a script EVALSHA, though its text may go along. */
static inline const char *op_sent(uint8_t op)
{
    assert(op < STORE_OPS);
    return op_rows[op]->script ? "EVALSHA" : op_rows[op]->command;
}

/* Whether it has one of these traits. */
static inline bool op_has(uint8_t op, uint32_t traits)
{
    assert(op < STORE_OPS);
    return op_rows[op]->traits & traits;
}

/* The operations with one of these traits: bits 1u << enum store_op. */
uint32_t ops_with(uint32_t traits);

/* The operation of that name; -1: there is none. */
int op_find(const char *name);

/* Whether the answer says that the request did what it asks for: neither an error, nor a lock that
 * was busy or not ours. A read that finds nothing has read. */
static inline bool op_applied(uint8_t op, uint8_t outcome, int64_t integer)
{
    assert(op < STORE_OPS && outcome <= STORE_UNREADABLE);
    const struct op_row *row = op_rows[op];
    if (outcome == STORE_NIL) {
        return row->traits & OP_READS;
    }
    return outcome == STORE_OK && (row->answers != VALUE_DONE || integer == 1);
}

/* The TTL that the server gives for a request's ttl_ms. */
static inline int64_t op_ttl_ms(uint8_t op, uint32_t ttl_ms)
{
    return op_has(op, OP_WHOLE_SECONDS) ? (int64_t)(ttl_ms / 1000) * 1000 : (int64_t)ttl_ms;
}

/* Serves a request as a redis-server would. A ballot's votes are written to keys->votes, and the
 * reply points there. */
void op_apply(const struct keyspace *keys, const struct request *request, struct reply *reply);

#endif
