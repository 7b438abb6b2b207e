/* Lines of a program's output. See output.h. */
#include "sim/program/output.h"

#include <stdio.h>
#include <string.h>

#include "sim/text/clean.h"

size_t line_take(struct line_reader *reader, const char *bytes, size_t size, bool *whole)
{
    const char *end = memchr(bytes, '\n', size);
    size_t length = end ? (size_t)(end - bytes) : size;
    if (reader->drops) {
        reader->drops = !end;
        *whole = false;
        return length + (end != NULL);
    }
    if (reader->length == LINE_BYTES) { /* the one before has ended */
        reader->length = 0;
        reader->overlong = false;
    }
    size_t room = LINE_BYTES - 1 - reader->length;
    size_t kept = length < room ? length : room;
    memcpy(reader->bytes + reader->length, bytes, kept);
    reader->length += kept;
    reader->overlong = reader->overlong || kept < length;
    *whole = end || reader->overlong;
    reader->drops = reader->overlong && !end;
    if (*whole) {
        reader->bytes[reader->length] = '\0';
        reader->length = LINE_BYTES;
    }
    return length + (end != NULL);
}

void log_take(struct log_tail *log, const char *bytes, size_t size)
{
    if (size > sizeof log->bytes) {
        bytes += size - sizeof log->bytes;
        size = sizeof log->bytes;
    }
    size_t kept = sizeof log->bytes - size;
    if (log->length > kept) {
        memmove(log->bytes, log->bytes + log->length - kept, kept);
        log->length = kept;
    }
    memcpy(log->bytes + log->length, bytes, size);
    log->length += size;
}

char *log_file_name(const char *begins_with, uint32_t trial, uint16_t id, char *out, size_t size)
{
    snprintf(out, size, "%strial-%04u-node-%u.log", begins_with, (unsigned)trial, (unsigned)id);
    return out;
}

char *log_last(const struct log_tail *log, int lines, char *out, size_t size)
{
    char text[LINE_BYTES * 3 + 1];
    size_t end = log->length;
    while (end > 0 && strchr("\n\r\t ", log->bytes[end - 1])) {
        end--;
    }
    size_t begin = end;
    for (int left = lines; begin > 0; begin--) {
        if (log->bytes[begin - 1] == '\n' && --left <= 0) {
            break;
        }
    }
    while (begin < end && log->bytes[begin] == ' ') {
        begin++;
    }
    size_t used = 0;
    for (size_t i = begin; i < end; i++) {
        char byte = log->bytes[i];
        if (byte == '\n') {
            memcpy(text + used, " | ", 3);
            used += 3;
        } else {
            text[used++] = byte;
        }
        if (!text[used - 1]) {
            text[used - 1] = ' ';
        }
    }
    text[used] = '\0';
    return clean_text(text, out, size);
}
