/* What is kept of one message of Redis's protocol: a command, or an answer.
 *
 *     command   SET node_lock 5f3a… NX PX 2000      items: its words, in order
 *     answer    *2 ( :1 $3 abc )                    items: the answer itself, then what is directly
 *                                                   in it (of a map: key, value, key, value …)
 *
 * The memory is bounded, whatever a stranger sends: the first RESP_ITEMS items are kept, and of
 * each text its first RESP_KEPT bytes, its length, and, if it is longer, a digest of it. Values
 * that lie deeper than that, and attributes, are read over. A reader can be told to watch for a
 * text in all words of a command, kept or not: see resp_watch().
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_RESP_MESSAGE_H
#define HUSTINGS_RESP_MESSAGE_H

#include <stdbool.h>

#include "sim/resp/digest.h"

#define RESP_ITEMS 256
#define RESP_KEPT 64

/* Of the first text that is longer, so many are kept after all: a script can be read. */
#define RESP_LONG 512

/* Of a longer text, so many bytes are digested: two that differ only beyond pass for the same. */
#define RESP_DIGESTED 65536

struct resp_item {
    char type;      /* as on the wire: $ + - : * % ~ > _ # , ( = !   A command's words are $ */
    bool null;      /* a null of any kind: $-1, *-1 or _ */
    uint8_t kept;   /* bytes of `text` */
    uint64_t size;  /* of a text or a line: its bytes in all */
    int64_t number; /* of ':' its value, of '#' 0 or 1; of what holds values, how many directly */
    char text[RESP_KEPT + 1];     /* any bytes at all, and a NUL behind them */
    uint8_t digest[DIGEST_BYTES]; /* if size > RESP_KEPT: of its first RESP_DIGESTED bytes */
};

struct resp_message {
    uint64_t bytes;  /* on the wire */
    uint64_t values; /* a command's words, or what is directly in an answer, in all */
    uint64_t
        word_with;  /* the first word behind the name in which stands what resp_watch() named; 0 */
    bool beyond;    /* a word that is not kept is exactly that */
    uint32_t count; /* of them kept in `items`; of an answer, itself included */
    struct resp_item items[RESP_ITEMS];
    const struct resp_item *longest; /* the first that is longer than RESP_KEPT; NULL: none is */
    uint16_t long_kept;
    char long_text[RESP_LONG];
};

/* Whether it is a text, or a line, of exactly these bytes. */
bool resp_is(const struct resp_item *item, const char *bytes, size_t size);

/* Likewise, but small letters are as good as capitals: a command's name, an option. */
bool resp_says(const struct resp_item *item, const char *word);

/* Whether two texts are the same; by their digests, if they are long. */
bool resp_same(const struct resp_item *a, const struct resp_item *b);

/* The digest of a text, long or short. */
void resp_digest(const struct resp_item *item, uint8_t out[DIGEST_BYTES]);

/* A whole number that is written in decimal, as in `PX 2000`, or came as ':'. False: it is none. */
bool resp_number(const struct resp_item *item, int64_t *number);

/* What a hex digit, large or small, is worth; -1: it is none. */
int resp_hex_digit(char c);

/* Whether an answer is an error. */
static inline bool resp_is_error(const struct resp_item *item)
{
    return item->type == '-' || item->type == '!';
}

#endif
