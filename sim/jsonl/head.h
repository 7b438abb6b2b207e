/* The first line of a history's file: under which rules the trial was run. results/README.md has
 * its fields. */
#ifndef HUSTINGS_JSONL_HEAD_H
#define HUSTINGS_JSONL_HEAD_H

#include "sim/jsonl/fields.h"

/* Writes or reads it; what is wrong with what is read is the error of `in`. */
void head_fields(struct fields *fields, struct history_facts *facts);

#endif
