/* Histories as JSON lines: a head object, then one event a line. results/README.md documents every
 * field. */
#ifndef HUSTINGS_JSONL_JSONL_H
#define HUSTINGS_JSONL_JSONL_H

#include "sim/history/history.h"

/* Writes a history. False on a write error, errno set. `file` is a FILE *. */
bool history_write_jsonl(const struct history *history, void *file);

/* Reads one back, which must be whole as far as its events are numbered. On an error returns false
 * and a message "line N: what" in `error`. */
bool history_read_jsonl(struct history *history, void *file, char *error, size_t error_size);

/* The same for whoever judges it: a history that has gaps, or was cut off, is no error. It ends
 * where something is missing (gaps.h), with a HISTORY_UNDECIDED whose `why` says what. So every
 * answer in it has its request, and every act a process that lives. */
bool history_read_to_judge(struct history *history, void *file, char *error, size_t error_size);

#endif
