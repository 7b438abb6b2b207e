/* What a stranger's commands mean to the lock: which operation of the store each is like, with
 * which token and TTL, and what its answer says.
 *
 *     SET k tok NX PX 2000      put_if_absent, token, 2000 ms     +OK: took    nil: busy
 *     SETNX k tok               put_if_absent, no TTL             1: took      0: busy
 *     EXPIRE, PEXPIRE k …       expire                            1: dated     0: no lock is there
 *     EXPIRE k 2 NX|XX|GT|LT    likewise                          1: dated     0: says nothing
 *     EXPIRE k 0, EXPIREAT k 1  delete, for that is long past     1: gone      0: none was there
 *     GET k                     get_token                         whose it is
 *     DEL, UNLINK, GETDEL k     delete                            1: gone      0: none was there
 *     FLUSHALL, FLUSHDB         delete                            +OK: gone, if there was one
 *     SET k tok, SETEX          "a command on the lock"           +OK: took
 *     SET k tok XX              likewise                          +OK: kept    nil: lost
 *     SET k tok XX GET          likewise                          a value: kept  nil: lost
 *     EVAL, EVALSHA … k …       as its row in scripts.c says; if none does: "a script on the lock"
 *     FCALL … k …               "a script on the lock"
 *     anything else with k      "a command on the lock"
 *
 * A script that nobody knows, and anything else that may write k (see writes.c), is `obscure`: what
 * its sender believes then, nobody can tell any more. Of another database than the lock's,
 * database.h says what is about the lock after all.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_WILD_LOCK_TRAFFIC_H
#define HUSTINGS_WILD_LOCK_TRAFFIC_H

#include "sim/wild/request.h"

/* What an answer says to who asked. */
enum wild_effect {
    WILD_NOTHING,  /* of what is not about the lock, or not understood */
    WILD_TOOK,     /* it has the lock now */
    WILD_BUSY,     /* somebody has it */
    WILD_KEPT,     /* it still has it, or a lock was there to be dated */
    WILD_LOST,     /* it has it no more: not prolonged */
    WILD_RELEASED, /* the lock is gone */
    WILD_NOT_OURS, /* nothing was released: it was not there, or another's */
    WILD_SAW,      /* GET: whose it is */
    WILD_ABSENT,   /* GET: nobody's */
    WILD_REFUSED,  /* an error: surely not done */
    WILD_EFFECTS
};

struct wild_reply {
    uint8_t effect;     /* enum wild_effect */
    uint8_t outcome;    /* enum store_outcome */
    int64_t integer;    /* of VALUE_DONE: 1 or 0 */
    struct token token; /* WILD_SAW */
};

/* A command of a stranger's. `key` is the lock's key in full, of `size` bytes. */
void wild_recognise(const struct resp_message *command, const char *key, size_t size,
                    struct scripts_learnt *learnt, struct wild_request *request);

/* Its answer, or what EXEC tells of it: an item by itself, for a list `first` is its first, or
 * NULL. `item` NULL: it was undone with its MULTI. */
void wild_answer(const struct wild_request *request, const struct resp_item *item,
                 const struct resp_item *first, struct wild_reply *reply);

#endif
