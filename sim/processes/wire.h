/* The edge: typed requests become Redis commands and JSON, as the rows of sim/ops say, and what
 * Redis answers becomes typed replies, by the kind of value that the row promises. With an empty
 * prefix the keys and bytes are the article's own, and the lock is redis-py's:
 *
 *     node_lock         string  32 lowercase hex digits
 *     nodes             hash    "3" -> {"id": 3, "status": "prepare"}
 *     election_result   string  {"id": 3, "rule": 2, "term": 7}
 *     epoch             string  a number: the grants of the lock so far, where it is counted
 */
#ifndef HUSTINGS_PROCESSES_WIRE_H
#define HUSTINGS_PROCESSES_WIRE_H

#include <stdbool.h>

#include <hiredis/hiredis.h>

#include "sim/ops/words.h"
#include "sim/scenario/scenario.h"
#include "src/store.h"

#define PREFIX_MAX 128
#define KEY_NAME_MAX (PREFIX_MAX + 24) /* of a key, before the lock is moved */

/* The names of the keys, with their prefix, made once a connection. */
struct wire_keys {
    char names[STORE_KEYS][KEY_NAME_MAX + LOCK_KEY_ROOM];
};
void wire_keys_make(struct wire_keys *keys, const char *prefix);

/* The lock is at another key: the scenario's `lock_key`, made of the name that it had. Empty: it
 * stays. */
void wire_keys_move_lock(struct wire_keys *keys, const char *lock_key);

/* Appends the command of a request to the connection's output buffer. With `whole_script` a
 * script's text is sent (EVAL), else its digest (EVALSHA), which the server may not know. False:
 * out of memory (the context has the error). */
bool wire_append(redisContext *redis, const struct wire_keys *keys, const struct request *request,
                 bool whole_script);

/* Whether the server answered that it does not know the script: send it whole. */
bool wire_unknown_script(const redisReply *raw);

/* Whether an error says that there is something of another type at the key. */
bool wire_says_wrong_type(const char *words);

/* Room for the votes of a ballot; grows. Owned by the connection. */
struct wire_votes {
    struct vote *list;
    size_t capacity;
};

/* Turns an answer into a reply. The ballot's votes lie in `votes` until its next use. An error
 * reply is STORE_REFUSED. A value that cannot be read as what was asked for is STORE_UNREADABLE,
 * and so is one of another type; an answer of another kind to a request that changes something
 * leaves it STORE_UNKNOWN. What is counted begins with 1: there, 0 is STORE_NIL. */
void wire_reply(const redisReply *raw, const struct request *request, struct wire_votes *votes,
                struct reply *reply);

/* Reads one field of `nodes`: false if it is not an object with a numeric id and a status. */
bool wire_parse_status(const char *json, size_t length, struct vote *vote);

/* Reads `election_result`: false if it is not one, or its term is beyond TERM_MAX. */
bool wire_parse_result(const char *json, size_t length, struct result *result);

#endif
