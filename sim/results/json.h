/* Making JSON documents with cJSON: calls that say in their result whether memory was out, so that
 * they can be chained by &&, and leave nothing behind that nobody owns. */
#ifndef HUSTINGS_RESULTS_JSON_H
#define HUSTINGS_RESULTS_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* Sets a member of an object, new or not; takes `value` over. */
bool json_set(cJSON *object, const char *name, cJSON *value);

/* Cleaned (text/clean.h); NULL: empty. */
bool json_set_text(cJSON *object, const char *name, const char *text);
bool json_set_number(cJSON *object, const char *name, double number);

/* As text: a JSON number would lose the last bits of it. */
bool json_set_seed(cJSON *object, const char *name, uint64_t seed);

/* Appends an empty object to a list. NULL: memory is out. */
cJSON *json_append(cJSON *list);

/* Replaces the file `path` by the document, as a whole. False with errno set. */
bool json_write(const cJSON *document, const char *path);

#endif
