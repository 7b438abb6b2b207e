/* Inside: what the two halves of reading a history share. jsonl_file.c reads lines, jsonl_read.c
 * what is in them. */
#ifndef HUSTINGS_JSONL_JSONL_READER_H
#define HUSTINGS_JSONL_JSONL_READER_H

#include <stdio.h>

#include "sim/history/texts.h"
#include "sim/jsonl/payload.h"

/* The file being read. */
struct reader {
    struct in in;
    FILE *file;
    char *bytes; /* of the line: LINE_MAX_BYTES */
    struct history *history;
    struct texts texts;
    struct ballot_left ballot;
    bool may_have_gaps; /* it is read to be judged */
    bool has_end;       /* the line does */
    bool is_cut;        /* the last line has no end, and is no event */
};

/* Takes in the line that reader->in.object is: an event. */
void reader_event(struct reader *reader);

#endif
