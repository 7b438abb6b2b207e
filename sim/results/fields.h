/* Structs as text on a line, and back: one field after the other, a blank behind each; numbers, or
 * texts behind a colon, in which % and two digits stand for what is no plain character; - is no
 * text. Which fields a struct has stands in a table, from which it is written and read. */
#ifndef HUSTINGS_RESULTS_FIELDS_H
#define HUSTINGS_RESULTS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a field is in memory. */
enum shape {
    SHAPE_END,
    SHAPE_BOOL,
    SHAPE_U8,
    SHAPE_U16,
    SHAPE_U32,
    SHAPE_I32,
    SHAPE_U64,
    SHAPE_I64,
    SHAPE_CHARS,  /* a text within the struct; `size` bytes */
    SHAPE_SHARED, /* a const char * to a text that is not owned; may be NULL */
    SHAPE_OWNED   /* a char * to one that is */
};

/* A row of such a table; its last one is {0}. */
struct field {
    enum shape shape;
    size_t at, size;
};

#define FIELD(shape, type, name)                                                                   \
    {                                                                                              \
        shape, offsetof(type, name), sizeof(((type *)0)->name)                                     \
    }

/* Texts that structs point to and do not own. Start with zeros; free them after the structs. */
struct shared_texts {
    char **list; /* owned, each once */
    size_t count;
};
void shared_texts_free(struct shared_texts *texts);

void fields_write(FILE *line, const void *from, const struct field *field);

/* The same of each of a list; `size` bytes lie from one to the next. */
void fields_write_list(FILE *line, const void *list, size_t count, size_t size,
                       const struct field *fields);

struct fields_reading {
    const char *at; /* what is read next */
    struct shared_texts *texts;
};

/* Reads what the above have written, into what is all zeros. False: memory is out, or it is not
 * what they wrote; what was read so far is there, and the caller's. `list` has room for `count`, or
 * is NULL if that is 0. */
bool fields_read(struct fields_reading *reading, void *into, const struct field *field);
bool fields_read_list(struct fields_reading *reading, void *list, size_t count, size_t size,
                      const struct field *fields);
bool fields_read_number(struct fields_reading *reading, int64_t *number);

#endif
