/* The store: what a process of an election may ask of a Redis, and what it may hear back.
 *
 * Requests and replies are typed; bytes appear only at the edge, where a host turns them into Redis
 * commands and JSON. sim/ops has a file for each operation, with its command and with what the
 * modelled store answers; how to add one is told in sim/ops/op.h.
 *
 *   op                    asks                                          a good reply
 *   STORE_PUT_IF_ABSENT   SET key token NX [PX ttl]                     ok, or nil: somebody has it
 *   STORE_PUT_FENCED      the same, and count it, atomic                number: the lock's epoch,
 *                                                                       or nil: another has it
 *   STORE_GET_EPOCH       the lock's epoch if the lock is ours, atomic  number, or nil: not ours
 *   STORE_DELETE_IF_EQUAL compare-and-delete, atomic                    integer 1, or 0: not ours
 *   STORE_EXTEND_IF_EQUAL compare-and-set-TTL, atomic                   integer 1, or 0: not ours
 *   STORE_EXPIRE          EXPIRE key seconds, whoever has it            integer 1, or 0: absent
 *   STORE_DELETE          DEL key, whoever has it                       integer 1, or 0: absent
 *   STORE_GET_TOKEN       GET key                                       token, or nil: absent
 *   STORE_GET_RECORD      GET key                                       record, or nil: absent
 *   STORE_TAKE_RECORD     set it if it is still `from`, atomic          number: transitions,
 *                                                                       or nil: it is not
 *   STORE_RENEW_RECORD    likewise, by who holds it                     integer 1, or 0: it is not
 *   STORE_FREE_RECORD     likewise, holder empty                        integer 1, or 0: it is not
 *   STORE_SET_STATUS      HSET nodes id {"id": …, "status": …}          ok
 *   STORE_READ_BALLOT     HGETALL nodes                                 ballot
 *   STORE_GET_RESULT      GET election_result                           result, or nil: none yet
 *   STORE_SET_RESULT      SET election_result {"id": …, "rule": …, …}   ok
 *   STORE_WRITE           add to the resource, unless the token is old  how many were accepted, or
 *                                                                       nil: rejected
 *
 * What somebody else has put there may be no token, no ballot, no result: a read then ends as
 * STORE_UNREADABLE.
 */
#ifndef HUSTINGS_STORE_H
#define HUSTINGS_STORE_H

#include "src/ballot.h"
#include "src/record.h"

enum store_op {
    STORE_PUT_IF_ABSENT,
    STORE_DELETE_IF_EQUAL,
    STORE_EXTEND_IF_EQUAL,
    STORE_GET_TOKEN,
    STORE_SET_STATUS,
    STORE_READ_BALLOT,
    STORE_GET_RESULT,
    STORE_SET_RESULT,
    STORE_EXPIRE,
    STORE_DELETE,
    STORE_PUT_FENCED,
    STORE_WRITE,
    STORE_GET_RECORD,
    STORE_TAKE_RECORD,
    STORE_RENEW_RECORD,
    STORE_FREE_RECORD,
    STORE_GET_EPOCH,
    STORE_OPS
};

enum store_key { KEY_LOCK, KEY_NODES, KEY_RESULT, KEY_EPOCH, KEY_WRITES, STORE_KEYS };

/* The last term. Every reader of JSON takes whole numbers up to here for what they are, and many
 * round those beyond, so a result beyond it cannot be read. */
#define TERM_MAX ((UINT64_C(1) << 53) - 1)

/* What an election published: who, by which rule, and the term, which grows by one with every
 * change of leader; after TERM_MAX it begins anew with 1. */
struct result {
    int32_t id;
    int32_t rule;
    uint64_t term;
};

/* A request goes to one server of the election's; its answer bears its tag. */
struct request {
    uint8_t op;      /* enum store_op */
    uint8_t key;     /* enum store_key */
    uint8_t server;  /* 0 … settings.servers - 1; a write: settings_resource() */
    uint8_t tag;     /* chosen by who asks, below TAGS; no other that is outstanding has it */
    uint8_t moment;  /* enum moment (process.h): what its going out means */
    uint8_t status;  /* STORE_SET_STATUS: enum status */
    uint16_t id;     /* STORE_SET_STATUS: whose */
    uint32_t ttl_ms; /* of what is PUT: 0: no expiry. EXTEND_IF_EQUAL: from now; 0: the key is gone.
                      * EXPIRE: likewise, and what is not a whole second is cut off. TAKE_RECORD and
                      * RENEW_RECORD: the record's leaseMs */
    uint32_t timeout_ms; /* wait so long for the answer; 0: as long as the host says */
    union {
        struct token token;   /* the lock's operations */
        struct result result; /* STORE_SET_RESULT */
        uint64_t number;      /* STORE_WRITE: the fencing token; 0: none */
        struct {
            struct token token;         /* as above: who asks */
            uint64_t now_ms;            /* by its clock */
            struct lease_record record; /* what is there, to its knowledge */
        } from;                         /* STORE_TAKE_RECORD, _RENEW_, _FREE_ */
    } value;
};

/* How a request ended. REFUSED was surely not applied (an error reply, or it was never sent).
 * UNKNOWN may or may not have been applied: the connection broke or the time ran out after it was
 * sent, or what came is no answer to it. UNREADABLE is an answer to the reading requests alone (GET
 * and HGETALL): there is something, but not what was asked for. An unreadable result is as good as
 * none, and is overwritten; an unreadable lock is somebody's, and is waited for. Every protocol and
 * lock must handle all five. */
enum store_outcome { STORE_OK, STORE_NIL, STORE_REFUSED, STORE_UNKNOWN, STORE_UNREADABLE };

struct reply {
    uint8_t outcome; /* enum store_outcome */
    union {
        int64_t integer;
        struct token token;
        struct result result;
        struct lease_record record;
        struct ballot ballot; /* the votes live until the step that gets the reply returns */
    } value;
};

#endif
