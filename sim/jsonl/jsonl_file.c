/* Reads the file of a history, line by line, and says where something of it is missing. What is in
 * a line is for head.c and jsonl_read.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/gaps.h"
#include "sim/jsonl/head.h"
#include "sim/jsonl/jsonl.h"
#include "sim/jsonl/jsonl_reader.h"
#include "sim/text/errors.h"

/* Longer lines are refused; the longest that are written have a few hundred bytes. */
#define LINE_MAX_BYTES 65536

/* Reads one line without its end. False at the end of the file, or on an error. */
static bool next_line(struct reader *reader, size_t *length)
{
    struct in *in = &reader->in;
    size_t used = 0;
    int byte;
    in->line++;
    while ((byte = getc_unlocked(reader->file)) != EOF && byte != '\n') {
        if (used == LINE_MAX_BYTES) {
            in_fail(in, "longer than %d bytes", LINE_MAX_BYTES);
            return false;
        }
        reader->bytes[used++] = (char)byte;
    }
    if (ferror(reader->file)) {
        in_fail(in, "cannot be read: %s", error_words(errno));
        return false;
    }
    *length = used;
    reader->has_end = byte == '\n';
    return byte != EOF || used > 0;
}

static void read_line(struct reader *reader, size_t length)
{
    struct in *in = &reader->in;
    cJSON *object = cJSON_ParseWithLength(reader->bytes, length);
    reader->is_cut = !object && !reader->has_end && reader->may_have_gaps && in->line > 1;
    if (reader->is_cut) {
        return;
    }
    if (!cJSON_IsObject(object)) {
        in_fail(in, "no JSON object");
    } else {
        in->object = object;
        if (in->line == 1) {
            head_fields(&(struct fields){.in = in}, &reader->history->facts);
        } else {
            reader_event(reader);
        }
    }
    cJSON_Delete(object);
}

/* The history ends at its first gap: nobody can rely on what comes behind it, which may be answers
 * without requests. From there on the trial cannot be judged. */
static void end_at(struct reader *reader, const struct history_gap *gap)
{
    struct history *history = reader->history;
    struct history_event doubt = {.kind = HISTORY_UNDECIDED, .process = HISTORY_HARNESS};
    history->count = gap->place;
    if (gap->place > 0) {
        doubt.at_ns = history->events[gap->place - 1].at_ns;
        doubt.seq = history->events[gap->place - 1].seq + 1;
    }
    doubt.why = texts_intern(&reader->texts, history, gap->text);
    if (!doubt.why || !history_append(history, &doubt)) {
        in_fail(&reader->in, "no memory to say what is missing");
    }
}

static void note_gap(struct reader *reader)
{
    struct history_gap gap;
    size_t count = reader->history->count;
    bool found = history_find_gap(reader->history, &gap);
    if (reader->is_cut && (!found || gap.place == count)) {
        gap.place = count;
        snprintf(gap.text, sizeof gap.text, "line %zu: the file ends in the midst of it",
                 count + 2);
        found = true;
    }
    if (found) {
        end_at(reader, &gap);
    }
}

static bool read_all(struct history *history, FILE *file, bool may_have_gaps, char *error,
                     size_t error_size)
{
    struct reader reader = {.in = {.error = error, .error_size = error_size},
                            .file = file,
                            .history = history,
                            .may_have_gaps = may_have_gaps,
                            .bytes = malloc(LINE_MAX_BYTES)};
    struct in *in = &reader.in;
    size_t length = 0;
    memset(history, 0, sizeof *history);
    if (!reader.bytes) {
        in_fail(in, "no memory to read it");
    }
    while (!in->failed && next_line(&reader, &length)) {
        read_line(&reader, length);
    }
    if (in->line == 1) {
        in_fail(in, "the file is empty: a history begins with a head line");
    }
    if (!in->failed && may_have_gaps) {
        note_gap(&reader);
    }
    texts_forget(&reader.texts);
    free(reader.bytes);
    if (in->failed) {
        history_free(history);
    }
    return !in->failed;
}

bool history_read_jsonl(struct history *history, void *file, char *error, size_t error_size)
{
    return read_all(history, file, false, error, error_size);
}

bool history_read_to_judge(struct history *history, void *file, char *error, size_t error_size)
{
    return read_all(history, file, true, error, error_size);
}
