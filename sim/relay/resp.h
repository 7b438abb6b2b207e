/* RESP framing: where a message of Redis's protocol ends, and how it begins.
 *
 *     *2\r\n$3\r\nGET\r\n$1\r\nk\r\n      a request: an array of texts
 *     GET k\r\n                           a request typed by hand: one line
 *     $-1\r\n   +OK\r\n   :1\r\n   *0\r\n  replies
 *
 * A frame is fed a stream of bytes in whatever portions they come and says where each message ends;
 * of what is in it, it keeps only the first word. Nested arrays need no stack: all that matters is
 * how many values are still to come. It knows RESP2 and RESP3 (https://redis.io/docs/latest/
 * develop/reference/protocol-spec/), but for values of unknown length, which no server sends.
 *
 * Pure: no clock, no socket, no heap.
 */
#ifndef HUSTINGS_RELAY_RESP_H
#define HUSTINGS_RELAY_RESP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESP_LINE 32
#define RESP_WORD 16

struct resp {
    uint64_t values;      /* still to come of the message that has begun */
    uint64_t payload;     /* bytes still to come of a text, with the CRLF at its end */
    char line[RESP_LINE]; /* how the line that has begun begins */
    size_t line_length;   /* its length so far, even if only a part is kept */
    bool in_line;         /* a line has begun, and has not ended */
    bool announced;       /* a line has said what is to come */
    bool takes_word;      /* the payload is the message's first text */
    bool whole;           /* the message ended with what was taken last */
    bool broken;          /* this is no RESP; from here on every portion passes for a message */
    /* The first word of the message: a command in capitals ("SET"), or how a simple reply begins
     * ("+OK", "-NOSCRIPT"). Cut to its size, ends with a NUL; empty: there is none. */
    char word[RESP_WORD];
    size_t word_length;
};

/* Takes bytes up to the end of a message, or all of them, and returns how many. If `whole` is set
 * afterwards, a message ended there, and the next call begins another. Start with a zeroed one. */
size_t resp_take(struct resp *resp, const char *bytes, size_t size);

#endif
