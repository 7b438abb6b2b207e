/* What a program writes, in whatever portions it comes: lines of its standard output, and the end
 * of its log, which is its standard error. Bounded, whatever it writes. Pure: no file, no heap. */
#ifndef HUSTINGS_PROGRAM_OUTPUT_H
#define HUSTINGS_PROGRAM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES 4096

/* A line that has begun. Zeroed: none has. */
struct line_reader {
    char bytes[LINE_BYTES];
    size_t length;
    bool overlong; /* what has come since it was full is dropped … */
    bool drops;    /* … and it was told, though it has not ended */
};

/* Takes bytes up to the end of a line, or all of them, and returns how many. `*whole`: a line has
 * ended, or is overlong: it is in `bytes`, with a NUL in place of its newline, until the next call.
 * The rest of an overlong one is dropped. */
size_t line_take(struct line_reader *reader, const char *bytes, size_t size, bool *whole);

/* The last bytes of a log. Zeroed: nothing was written. */
struct log_tail {
    char bytes[LINE_BYTES];
    size_t length;
};

void log_take(struct log_tail *log, const char *bytes, size_t size);

/* A log is kept in a file up to this. */
#define LOG_FILE_BYTES ((size_t)256 * 1024)

/* The path of the log of node `id` in a trial: "…/logs/trial-0001-node-2.log". Returns `out`. */
char *log_file_name(const char *begins_with, uint32_t trial, uint16_t id, char *out, size_t size);

/* The last lines of the log, `lines` of them at the most, clean and with " | " between them. Empty:
 * there are none. `size` is at least 4. Returns `out`. */
char *log_last(const struct log_tail *log, int lines, char *out, size_t size);

#endif
