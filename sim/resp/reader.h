/* Reads Redis's protocol, RESP2 and RESP3, in one direction of a connection: what a client sends,
 * or what a server answers.
 *
 *     *2\r\n$3\r\nGET\r\n$1\r\nk\r\n      a command: an array of texts
 *     GET "k"\r\n                         a command typed by hand: one line, split as a server does
 *     $-1\r\n   +OK\r\n   :1\r\n   %1\r\n+a\r\n:1\r\n   >2\r\n…   |1\r\n…   answers
 *
 * It is fed a stream of bytes in whatever portions they come, says where each message ends, and
 * keeps of it what message.h tells. Nested values need no stack: it counts how many are still to
 * come. It reads what servers and clients send; of RESP3 the values of unknown length are missing
 * ($? and *?), which no server sends.
 *
 * What is no RESP breaks it: a server says so to a client and closes, a client gives up. From there
 * on, every portion passes for a message of which nothing is known.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_RESP_READER_H
#define HUSTINGS_RESP_READER_H

#include "sim/resp/message.h"

enum resp_side { RESP_COMMANDS, RESP_ANSWERS };

/* All but `whole`, `broken` and `message` are its own. */
struct resp_reader {
    bool whole;    /* a message ended with what was taken last: it is in `message` */
    bool broken;   /* and stays so: `message` is empty but for its bytes */
    uint8_t side;  /* enum resp_side */
    uint8_t state; /* what the next byte belongs to */
    uint8_t quote; /* of a line typed by hand: where in a word we are */
    char hex;      /* … and the first digit of \xHH */
    char type;     /* of the line that has begun */
    bool negative, cr;
    uint8_t digits;
    uint64_t number;        /* of the line that has begun, so far */
    uint64_t payload;       /* bytes of a text that are still to come */
    uint64_t children;      /* values that are still to come, directly in the message … */
    uint64_t deeper;        /* … in one of these, at any depth … */
    uint64_t skipped;       /* … and of attributes */
    struct resp_item *open; /* in `message`: what is being read; NULL: it is not kept */
    const char *watch;      /* NULL: nothing is watched for */
    size_t watch_size;
    size_t matched;      /* bytes of it, in the word that is being read … */
    bool found;          /* … which has it, and … */
    uint64_t word_bytes; /* … so many bytes so far */
    uint64_t words;      /* that have begun */
    bool digests;        /* `open` is longer than what is kept of it */
    struct digest digest;
    struct resp_message message;
};

void resp_begin(struct resp_reader *reader, enum resp_side side);

/* Watches for a text, of `size` bytes, in the words of commands: message.h says what comes of it.
 * It must outlive the reader. */
void resp_watch(struct resp_reader *reader, const char *text, size_t size);

/* Takes bytes up to the end of a message, or all of them, and returns how many: one at least. If
 * `whole` is set afterwards, a message ended there, and the next call begins another. */
size_t resp_read(struct resp_reader *reader, const char *bytes, size_t size);

/* --- between the files of this room: reader.c is above typed.c, and that above keep.c --------- */

/* Begins the next item of the message; `open` is NULL if no more are kept. */
void resp_open_item(struct resp_reader *reader, char type);

/* Bytes of the text that is being read. */
void resp_add_text(struct resp_reader *reader, const char *bytes, size_t size);
void resp_close_item(struct resp_reader *reader);

/* A byte of a line typed by hand, which '\n' ends. False: a quote has no end. */
bool resp_take_typed(struct resp_reader *reader, char c);

#endif
