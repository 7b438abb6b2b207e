/* Writes JSON. See json_out.h. */
#include "sim/results/json_out.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/outcome/outcome.h"
#include "sim/outcome/times.h"
#include "sim/text/clean.h"

struct json_out json_out(FILE *file, int deep_lines)
{
    return (struct json_out){.file = file, .deep_lines = deep_lines};
}

/* Without its quotes. */
static void put_clean(FILE *file, const char *text)
{
    while (*text) {
        uint32_t code;
        size_t length = clean_character(text, &code);
        if (code == '"' || code == '\\') {
            fputc('\\', file);
        }
        if (code < 0x80) { /* the character, or what stands for it */
            fputc((int)code, file);
        } else {
            fwrite(text, 1, length, file);
        }
        text += length;
    }
}

void json_quoted(FILE *file, const char *text)
{
    fputc('"', file);
    put_clean(file, text);
    fputc('"', file);
}

static void begin_line(struct json_out *out)
{
    assert(out->depth >= 0 && out->depth <= JSON_DEPTH_MAX);
    if (out->depth <= out->deep_lines && out->deep_lines > 0) {
        fprintf(out->file, "\n%*s", 2 * out->depth, "");
    }
}

/* What stands before a value. */
static void begin(struct json_out *out, const char *key)
{
    assert(out->depth == 0 || (key != NULL) == (out->closers[out->depth] == '}'));
    if (out->some[out->depth]) {
        fputs(out->deep_lines > 0 && out->depth > out->deep_lines ? ", " : ",", out->file);
    }
    if (out->depth > 0) {
        begin_line(out);
    }
    out->some[out->depth] = true;
    if (key) {
        json_quoted(out->file, key);
        fputs(out->deep_lines > 0 ? ": " : ":", out->file);
    }
}

void json_open(struct json_out *out, const char *key, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    assert(out->depth < JSON_DEPTH_MAX);
    begin(out, key);
    fputc(bracket, out->file);
    out->depth++;
    out->some[out->depth] = false;
    out->closers[out->depth] = bracket == '{' ? '}' : ']';
}

void json_close(struct json_out *out)
{
    assert(out->depth > 0);
    char closer = out->closers[out->depth];
    bool some = out->some[out->depth];
    assert(closer == '}' || closer == ']');
    bool lines = some && out->depth <= out->deep_lines;
    out->depth--;
    if (lines) {
        begin_line(out);
    }
    fputc(closer, out->file);
    if (out->depth == 0 && out->deep_lines > 0) {
        fputc('\n', out->file);
    }
}

void json_text(struct json_out *out, const char *key, const char *text)
{
    begin(out, key);
    if (text) {
        json_quoted(out->file, text);
    } else {
        fputs("null", out->file);
    }
}

void json_lines(struct json_out *out, const char *key, const char *text)
{
    begin(out, key);
    fputc('"', out->file);
    while (*text) {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        put_clean(out->file, line ? line : "(memory is out)");
        free(line);
        text += length;
        if (*text) {
            fputs("\\n", out->file);
            text++;
        }
    }
    fputc('"', out->file);
}

void json_null(struct json_out *out, const char *key)
{
    json_text(out, key, NULL);
}

void json_number(struct json_out *out, const char *key, double number)
{
    begin(out, key);
    fprintf(out->file, "%.15g", number);
}

void json_whole(struct json_out *out, const char *key, int64_t number)
{
    begin(out, key);
    fprintf(out->file, "%" PRId64, number);
}

void json_flag(struct json_out *out, const char *key, bool flag)
{
    begin(out, key);
    fputs(flag ? "true" : "false", out->file);
}

void json_seed(struct json_out *out, const char *key, uint64_t seed)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, seed);
    json_text(out, key, text);
}

void json_ms(struct json_out *out, const char *key, int64_t ns)
{
    if (ns == NEVER_NS || ns == FOREVER_NS) {
        json_null(out, key);
    } else {
        json_number(out, key, (double)time_us(ns) / 1e3);
    }
}

void json_id(struct json_out *out, const char *key, int32_t id)
{
    assert(id >= NOBODY);
    if (id == NOBODY) {
        json_null(out, key);
    } else {
        json_whole(out, key, id);
    }
}
