/* Which answer belongs to which command, on one connection.
 *
 * A server answers in the order of the commands, so a pipeline needs no more than a queue. What
 * else there is, this knows:
 *
 *   MULTI … EXEC       each command is answered QUEUED; what it came to is told by EXEC
 *   SUBSCRIBE a b      an answer for each channel, in RESP3 as a push
 *   messages           belong to no command: pushes (>), or in RESP2 lists while it is subscribed
 *   MONITOR            from then on, lines that belong to no command
 *   CLIENT REPLY       OFF, SKIP: commands without an answer
 *   HELLO, RESET       change the protocol, and end all that
 *   QUIT               is the last
 *   nothing at all     (an empty line, *0) is not answered
 *   BLPOP and others   are answered late, which changes nothing
 *
 * What cannot be followed ends it, and it says why: a replica's stream (SYNC), an answer too many,
 * more commands outstanding than it has room for, what is no RESP, … From then on nothing is
 * paired: better no pair than a wrong one.
 *
 * A command is known by its number: it is the so manieth of its connection, from 1. Memory is
 * bounded: a run of plain commands that are not answered takes one place of PAIRS_RUNS, whatever
 * its length; any other command takes one.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_RESP_PAIRS_H
#define HUSTINGS_RESP_PAIRS_H

#include "sim/resp/message.h"

#define PAIRS_RUNS 64

/* In a MULTI; of what is beyond, EXEC's answer keeps nothing. */
#define PAIRS_QUEUED (RESP_ITEMS - 1)

enum pairs_lost {
    PAIRS_FOLLOWS,
    PAIRS_SYNC,       /* the connection is a replica's */
    PAIRS_TOO_MANY,   /* commands without an answer */
    PAIRS_NOT_ASKED,  /* an answer, and no command */
    PAIRS_UNFORESEEN, /* CLIENT REPLY or SUBSCRIBE with MULTI */
    PAIRS_NO_RESP,    /* what a side sent */
    PAIRS_LOST
};

/* What an answer is. */
enum pairs_kind {
    PAIRS_ANSWER, /* to a command: its only one, or its last */
    PAIRS_PART,   /* to a command, and more will come: of SUBSCRIBE */
    PAIRS_WAITS,  /* to a command: it is put off until EXEC */
    PAIRS_EXEC,   /* to EXEC: pairs_executed() tells the rest */
    PAIRS_PUSH,   /* to none */
    PAIRS_UNKNOWN /* what cannot be said: lost */
};

struct pairs_run {
    uint64_t number;   /* of its first command that is not answered */
    uint64_t expected; /* answers still to come: of plain commands, one each */
    uint8_t role;      /* of roles.h */
    uint8_t detail;
};

struct pairs {
    uint8_t lost;     /* enum pairs_lost */
    uint8_t protocol; /* 2 or 3 */
    bool off;         /* CLIENT REPLY OFF is in force … */
    bool skips;       /* … or SKIP, for the next command */
    bool over;        /* QUIT was sent */
    bool monitors;
    bool opened;            /* MULTI was sent, and neither EXEC nor DISCARD … */
    bool multi;             /* … and MULTI was answered, and neither of these */
    uint32_t subscribed[3]; /* as the server counts them: channels, patterns, shard channels */
    uint64_t asked;         /* commands so far */
    uint32_t first, count;  /* of `runs`, a ring */
    struct pairs_run runs[PAIRS_RUNS];
    uint32_t queued; /* in the MULTI; those beyond PAIRS_QUEUED are only counted */
    uint64_t numbers[PAIRS_QUEUED];
};

struct paired {
    uint8_t kind;    /* enum pairs_kind */
    uint64_t number; /* of the command; 0: there is none */
};

void pairs_begin(struct pairs *pairs);

/* A command goes to the server. Returns whether an answer is to come, to our knowledge. Its number
 * is then pairs->asked, as for one without an answer. */
bool pairs_command(struct pairs *pairs, const struct resp_message *command);

/* An answer has come from it. */
struct paired pairs_answer(struct pairs *pairs, const struct resp_message *answer);

/* Of an answer that was PAIRS_EXEC, until the next is taken: how many of the commands that were put
 * off it tells of. That of numbers[i] came to answer->items[1 + i]. 0: all were undone, for a
 * watched key had changed or a command was refused. */
uint32_t pairs_executed(const struct pairs *pairs, const struct resp_message *answer);

/* What a side sent is no RESP. */
void pairs_lose(struct pairs *pairs, enum pairs_lost why);

/* Why nothing is paired any more, in words that follow "cannot be followed: ". */
const char *pairs_why(uint8_t lost);

#endif
