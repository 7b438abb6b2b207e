/* Structs as text. See fields.h. */
#include "sim/results/fields.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- writing ---------------------------------------------------------------------------------- */

static void write_text(FILE *line, const char *text)
{
    if (!text) {
        fputs("- ", line);
        return;
    }
    fputc(':', line);
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte <= ' ' || byte == '%' || byte == 0x7f) {
            fprintf(line, "%%%02x", byte);
        } else {
            fputc(byte, line);
        }
    }
    fputc(' ', line);
}

/* A number, as its own two's complement where it has a sign. */
static int64_t number_at(const void *from, const struct field *field)
{
    const char *bytes = (const char *)from + field->at;
    int64_t wide = 0;
    uint32_t half = 0;
    uint16_t quarter = 0;
    switch (field->size) {
    case sizeof(uint8_t):
        return (unsigned char)*bytes;
    case sizeof(uint16_t):
        memcpy(&quarter, bytes, sizeof quarter);
        return quarter;
    case sizeof(uint32_t):
        memcpy(&half, bytes, sizeof half);
        return field->shape == SHAPE_I32 ? (int64_t)(int32_t)half : (int64_t)half;
    default:
        memcpy(&wide, bytes, sizeof wide);
        return wide;
    }
}

void fields_write(FILE *line, const void *from, const struct field *field)
{
    for (; field->shape != SHAPE_END; field++) {
        const char *at = (const char *)from + field->at;
        if (field->shape == SHAPE_CHARS) {
            write_text(line, at);
        } else if (field->shape == SHAPE_SHARED || field->shape == SHAPE_OWNED) {
            const char *text;
            memcpy(&text, at, sizeof text);
            write_text(line, text);
        } else {
            fprintf(line, "%" PRId64 " ", number_at(from, field));
        }
    }
}

void fields_write_list(FILE *line, const void *list, size_t count, size_t size,
                       const struct field *fields)
{
    for (size_t i = 0; i < count; i++) {
        fields_write(line, (const char *)list + i * size, fields);
    }
}

/* --- reading ---------------------------------------------------------------------------------- */

static int digit(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                                        : -1;
}

/* A text, the caller's; NULL and `*none`: there is none. NULL alone: this is no text, or memory is
 * out. */
static char *read_text(struct fields_reading *reading, bool *none)
{
    const char *at = reading->at;
    size_t length = strcspn(at, " ");
    *none = strncmp(at, "- ", 2) == 0;
    if (at[length] != ' ' || *at != ':') {
        reading->at += *none ? 2 : 0;
        return NULL;
    }
    char *text = malloc(length);
    size_t used = 0;
    for (const char *end = at++ + length; text && at < end; at++) {
        if (*at != '%') {
            text[used++] = *at;
            continue;
        }
        int high = digit(at[1]), low = high < 0 ? -1 : digit(at[2]);
        if (low < 0) {
            free(text);
            return NULL;
        }
        text[used++] = (char)(high * 16 + low);
        at += 2;
    }
    if (text) {
        text[used] = '\0';
        reading->at = at + 1;
    }
    return text;
}

/* Takes the text; there are few different ones. NULL: memory is out. */
static const char *share(struct shared_texts *texts, char *text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->list[i], text) == 0) {
            free(text);
            return texts->list[i];
        }
    }
    char **list = realloc(texts->list, (texts->count + 1) * sizeof *list);
    if (!list) {
        free(text);
        return NULL;
    }
    texts->list = list;
    list[texts->count++] = text;
    return text;
}

static bool read_text_field(struct fields_reading *reading, char *into, const struct field *field)
{
    bool none;
    char *text = read_text(reading, &none);
    if (field->shape == SHAPE_CHARS) {
        bool fits = text && strlen(text) < field->size;
        snprintf(into, field->size, "%s", fits ? text : "");
        free(text);
        return fits;
    }
    if (text && field->shape == SHAPE_SHARED) {
        const char *shared = share(reading->texts, text);
        memcpy(into, &shared, sizeof shared);
        return shared != NULL;
    }
    memcpy(into, &text, sizeof text);
    return text || none;
}

bool fields_read_number(struct fields_reading *reading, int64_t *number)
{
    char *end;
    *number = strtoll(reading->at, &end, 10);
    bool good = end > reading->at && *end == ' ';
    reading->at = good ? end + 1 : reading->at;
    return good;
}

static bool read_number_field(struct fields_reading *reading, char *into, const struct field *field)
{
    int64_t number;
    if (!fields_read_number(reading, &number)) {
        return false;
    }
    uint8_t byte = (uint8_t)number;
    uint16_t quarter = (uint16_t)number;
    uint32_t half = (uint32_t)number;
    const void *narrow = field->size == sizeof byte      ? (const void *)&byte
                         : field->size == sizeof quarter ? (const void *)&quarter
                         : field->size == sizeof half    ? (const void *)&half
                                                         : (const void *)&number;
    memcpy(into, narrow, field->size);
    return (field->shape != SHAPE_BOOL || byte <= 1) &&
           number_at(into - field->at, field) == number;
}

bool fields_read(struct fields_reading *reading, void *into, const struct field *field)
{
    bool good = true;
    for (; good && field->shape != SHAPE_END; field++) {
        char *at = (char *)into + field->at;
        good = field->shape >= SHAPE_CHARS ? read_text_field(reading, at, field)
                                           : read_number_field(reading, at, field);
    }
    return good;
}

/* `list` has room for `count`. */
bool fields_read_list(struct fields_reading *reading, void *list, size_t count, size_t size,
                      const struct field *fields)
{
    bool good = list || count == 0;
    for (size_t i = 0; good && i < count; i++) {
        good = fields_read(reading, (char *)list + i * size, fields);
    }
    return good;
}

void shared_texts_free(struct shared_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(texts->list[i]);
    }
    free(texts->list);
    *texts = (struct shared_texts){0};
}
