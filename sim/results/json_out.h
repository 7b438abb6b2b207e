/* Writes JSON, value after value, onto a stream: nothing is kept in memory, and what cannot be
 * written is the stream's error.
 *
 *     struct json_out out = json_out(stdout, 2);
 *     json_open(&out, NULL, '{');
 *     json_text(&out, "name", name);
 *     json_open(&out, "events", '[');
 *     json_number(&out, NULL, 3);
 *     json_close(&out);
 *     json_close(&out);
 *
 * A member of an object has a key, an entry of a list none (NULL). All text is cleaned
 * (text/clean.h). (json.h is for documents that are changed again, such as run.json.) */
#ifndef HUSTINGS_RESULTS_JSON_OUT_H
#define HUSTINGS_RESULTS_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 12

struct json_out {
    FILE *file;
    int depth, deep_lines; /* brackets that are open; down to which depth each value has a line */
    bool some[JSON_DEPTH_MAX + 1]; /* by depth: there is a value already */
    char closers[JSON_DEPTH_MAX + 1];
};

/* Values that lie in at most `deep_lines` brackets stand on lines of their own; 0: all on one. */
struct json_out json_out(FILE *file, int deep_lines);

/* Opens an object, '{', or a list, '['; closes the one that was opened last. After the outermost
 * one, a newline, if there are lines. */
void json_open(struct json_out *out, const char *key, char bracket);
void json_close(struct json_out *out);

void json_text(struct json_out *out, const char *key, const char *text);  /* NULL: null */
void json_lines(struct json_out *out, const char *key, const char *text); /* newlines stay */
void json_number(struct json_out *out, const char *key, double number);
void json_whole(struct json_out *out, const char *key, int64_t number);
void json_flag(struct json_out *out, const char *key, bool flag);
void json_null(struct json_out *out, const char *key);

/* A seed, as text: a JSON number would lose the last bits of it. */
void json_seed(struct json_out *out, const char *key, uint64_t seed);

/* A time in ms to the microsecond; a process's id. NEVER_NS, FOREVER_NS and NOBODY: null. */
void json_ms(struct json_out *out, const char *key, int64_t ns);
void json_id(struct json_out *out, const char *key, int32_t id);

/* A string as JSON writes it, quotes and all. */
void json_quoted(FILE *file, const char *text);

#endif
