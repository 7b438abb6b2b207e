/* What a program says of itself, a JSON line each on its standard output:
 *
 *     {"claim": {"leads": true, "term": 7, "in_section": true, "follows": 2, "for_ms": 1500,
 *                "at_s": 81.25}}
 *
 * All that is left away is false, 0, nobody and for ever: a claim is whole. Who leads follows
 * itself. `for_ms`: it leads, and is inside, for so long from then on. `at_s`: it is so since then,
 * by CLOCK_MONOTONIC; without it, since the line was read, which on a busy machine may be late:
 * then two who were inside one after the other seem to overlap.
 *
 *     {"write": {"token": 7}}
 *
 * It writes to the protected resource, with its fencing token (0: it has none), and is answered by
 * a line on its standard input: {"written": true}; false, if a higher token had been there; null,
 * if nobody knows.
 *
 *     {"stop": true}
 *
 * It offers to be stopped here for a fault, and goes on when it is answered by {"go": true}.
 *
 * A line that is none of these is an error, with what is wrong: it may have been meant for the log.
 *
 * How to add a thing that it can say: a line in read_field() of claims.c, in `known`, and here. */
#ifndef HUSTINGS_PROGRAM_CLAIMS_H
#define HUSTINGS_PROGRAM_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/process.h"

#define CLAIMS_ERROR 512

enum said_kind { SAID_CLAIM, SAID_WRITE, SAID_STOP };

struct said {
    uint8_t kind;       /* enum said_kind */
    uint64_t token;     /* SAID_WRITE; all below is of SAID_CLAIM */
    struct claim claim; /* `until_ns` is INT64_MAX */
    int64_t for_ns;     /* INT64_MAX: for ever */
    int64_t at_ns;      /* INT64_MIN: it does not say */
};

/* Reads a line of node `id` of `nodes` at `now_ns` (CLOCK_MONOTONIC). False with one clean line
 * in `error`: the line, what is wrong with it, and the fix. `overlong`: only its beginning is
 * there. */
bool claims_read(const char *line, bool overlong, uint16_t id, uint16_t nodes, int64_t now_ns,
                 struct said *said, char error[CLAIMS_ERROR]);

#endif
