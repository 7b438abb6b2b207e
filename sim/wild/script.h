/* Scripts by which libraries take, prolong and give back locks, and where in a call of one the
 * token and the TTL are.
 *
 * How to add one: a row in scripts.c, with the library and its version, what it does, and either
 *   digest   the SHA-1 of its text, which EVALSHA sends: look with `redis-cli monitor` at what the
 *            library sends
 *   form     its text as script_form() makes it, for a script that people copy, with blanks and
 *            quotes of their own
 * tests/unit/wild/test_scripts.c wants a line of how the library calls it.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_WILD_SCRIPT_H
#define HUSTINGS_WILD_SCRIPT_H

#include "sim/resp/message.h"
#include "src/store.h"

/* How an answer says that it was done. An error never does. */
enum yes {
    YES_OK,      /* a status: +OK */
    YES_NOT_NIL, /* anything but nil, 0 and false */
    YES_NIL,     /* nil: SET NX GET, which tells what was there */
    YES_ALL,     /* a number: as many as it had keys */
    YES_FIRST,   /* a list whose first is 1 */
    YES_UNTOLD,  /* it does not: the script returns nothing */
};

struct script_row {
    const char *library; /* and version, as people know it */
    const char *digest;  /* 40 hex digits, or NULL */
    const char *form;    /* or NULL */
    uint8_t op;          /* enum store_op: what it is like */
    int8_t token, ttl;   /* ARGV[n]; -n: KEYS[n]; 0: it has none */
    uint8_t yes;         /* enum yes */
    bool seconds;        /* of the TTL; else milliseconds */
    int8_t adds;         /* ARGV[n] "0": the TTL is added to what is left */
    bool asks;           /* it changes nothing: it tells whether that token has the lock */
};

#define SCRIPT_FORM 512

/* A text without blanks and comments, in small letters and with one kind of quotes; cut to its
 * room. Ends with a NUL. */
void script_form(const char *text, size_t size, char form[SCRIPT_FORM]);

/* The row of this script; NULL: it is unknown. `text` NULL: only the digest is known. */
const struct script_row *script_find(const uint8_t digest[DIGEST_BYTES], const char *text,
                                     size_t size);

/* A digest in hex, as EVALSHA has it. False: it is none. */
bool script_read_digest(const struct resp_item *item, uint8_t digest[DIGEST_BYTES]);

/* For tests: all rows. */
size_t script_count(void);
const struct script_row *script_at(size_t i);

/* --- scripts that were seen ------------------------------------------------------------------- */

#define SCRIPTS_LEARNT 32

/* What EVAL and SCRIPT LOAD have told about digests that no row has: later, EVALSHA names them. One
 * for all members of a trial; the oldest is forgotten first. Begin with a zeroed one. */
struct scripts_learnt {
    uint32_t next;
    struct script_learnt {
        uint8_t digest[DIGEST_BYTES];
        const struct script_row *row; /* NULL: nobody */
    } list[SCRIPTS_LEARNT];
};

void scripts_learn(struct scripts_learnt *learnt, const uint8_t digest[DIGEST_BYTES],
                   const struct script_row *row);
const struct script_row *scripts_recall(const struct scripts_learnt *learnt,
                                        const uint8_t digest[DIGEST_BYTES]);

#endif
