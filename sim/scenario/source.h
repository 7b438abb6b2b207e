/* The bytes of a scenario file: read within bounds, and known to be text.
 */
#ifndef HUSTINGS_SCENARIO_SOURCE_H
#define HUSTINGS_SCENARIO_SOURCE_H

#include <stdbool.h>

#include "sim/scenario/report.h"
#include "sim/scenario/scenario.h"

/* The most bytes that are read. */
#define SCENARIO_FILE_MAX (1 << 20)

/* Reads the file at `path`, at most SCENARIO_FILE_MAX bytes. Returns them with a zero behind, owned
 * by the caller (free), or NULL with a problem in the report. `named`: by a person, so that it may
 * be a pipe, or "-"; else only an ordinary file is read. */
char *source_read(const char *path, bool named, size_t *length, struct scenario_report *report);

/* How many bytes of a byte order mark stand at its beginning: 3 or 0. They are no part of the text.
 */
size_t source_mark(const char *bytes, size_t length);

/* A character of a text: its number, from 0, and where it begins. Start with zeros. */
struct source_place {
    size_t character, byte;
};

/* Goes to the character of that number, forward or backward; returns where it begins. */
size_t source_go(const char *bytes, size_t length, struct source_place *place, size_t character);

/* Whether the bytes are UTF-8 text without control characters; else adds a problem that points at
 * the first one that is not. */
bool source_is_text(const char *bytes, size_t length, struct scenario_report *report);

/* Whether a text that was written with escapes has control characters in it. Newlines and tabs are
 * text. */
bool source_has_controls(const char *text);

/* What stands from one byte up to before another, at most to the end of its line, without blanks at
 * its end, as a string of at most `size` bytes. Returns `out`. */
char *source_excerpt(const char *bytes, size_t from, size_t to, char *out, size_t size);

#endif
