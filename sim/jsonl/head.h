/* The first line of a history's file. head.c describes its fields.
 */
#ifndef HUSTINGS_JSONL_HEAD_H
#define HUSTINGS_JSONL_HEAD_H

#include "sim/jsonl/jsonl_in.h"
#include "sim/jsonl/jsonl_out.h"

/* Writes it, with its end. */
void head_write(struct out *out, const struct history_facts *facts);

/* Reads it from the line's object; what is wrong with it is the error of `in`. */
void head_read(struct in *in, struct history_facts *facts);

#endif
