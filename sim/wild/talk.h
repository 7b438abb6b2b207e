/* A stranger's connection: each of its commands, and later the answer to it, as far as they concern
 * the lock; the rest by name. It is given whole messages (sim/resp/reader.h) of both directions,
 * paired (sim/resp/pairs.h) by its caller.
 *
 * Commands between MULTI and EXEC get their answers with that to EXEC, and take effect when that is
 * sent. One that asks for the lock and wants no answer is `obscure`. Memory is bounded: of the last
 * TALK_OPEN commands it knows what they were; an answer to an older one is told of as
 * `forgotten`. Of a MULTI, the first PAIRS_QUEUED are told of one by one. What is passed over so is
 * told to be missed, if it may be about the lock.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_WILD_TALK_H
#define HUSTINGS_WILD_TALK_H

#include "sim/resp/pairs.h"
#include "sim/wild/database.h"
#include "sim/wild/lock_traffic.h"

#define TALK_OPEN 1024
#define TALK_REPLIES (2 + PAIRS_QUEUED)

struct talk_asked {
    uint64_t number; /* of the command on its connection, from 1; 0: nobody's place */
    uint64_t from;   /* all from this on take effect with it; above its own: it is put off */
    uint32_t tag;    /* its caller's, to write; 0 at first */
    bool open;       /* it is about the lock, and not answered */
    struct wild_request request;
};

struct talk_reply {
    uint64_t number;
    uint32_t tag;
    bool forgotten;      /* `request` is empty, and the tag 0 … */
    bool missed;         /* … and it may be about the lock */
    const char *obscure; /* why nobody can tell what some after it did to the lock; or NULL */
    struct wild_request request;
    struct wild_reply reply;
};

/* What all connections of a trial share. Begin with a zeroed one, in which `lock.number` is the
 * database that members are sent to. */
struct talk_shared {
    struct scripts_learnt learnt;
    struct lock_database lock;
};

struct talk {
    const char *key; /* the lock's, in full; its caller's */
    size_t key_size;
    struct talk_shared *shared; /* its caller's */
    struct database database;
    uint64_t missed; /* the last command about the lock that was forgotten; or 0 */
    uint64_t multi;  /* the number of the MULTI in which it is; 0: in none */
    struct talk_asked asked[TALK_OPEN];
};

/* Begin with a zeroed one: this leaves alone what it does not need, for it is large. */
void talk_begin(struct talk *talk, const char *key, struct talk_shared *shared);

/* The command of that number; `answered`: an answer to it is to come. What it returns holds until
 * the next one. */
struct talk_asked *talk_command(struct talk *talk, const struct resp_message *command,
                                uint64_t number, bool answered);

/* What it was, if that is still known; or NULL. */
struct talk_asked *talk_find(struct talk *talk, uint64_t number);

/* An answer has come, and was paired just now. Returns how many commands are answered by it: none
 * by a push, several by EXEC. */
uint32_t talk_answer(struct talk *talk, const struct resp_message *answer,
                     const struct pairs *pairs, const struct paired *paired,
                     struct talk_reply replies[TALK_REPLIES]);

#endif
