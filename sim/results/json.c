/* Making JSON documents with cJSON. See json.h. */
#include "sim/results/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/files.h"
#include "sim/text/clean.h"

bool json_set(cJSON *object, const char *name, cJSON *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    if (value && cJSON_AddItemToObject(object, name, value)) {
        return true;
    }
    cJSON_Delete(value);
    return false;
}

bool json_set_text(cJSON *object, const char *name, const char *text)
{
    char *clean = strdup(text ? text : "");
    cJSON *string = clean ? cJSON_CreateString(clean_text(clean, clean, strlen(clean) + 1)) : NULL;
    free(clean);
    return json_set(object, name, string);
}

bool json_set_number(cJSON *object, const char *name, double number)
{
    return json_set(object, name, cJSON_CreateNumber(number));
}

bool json_set_seed(cJSON *object, const char *name, uint64_t seed)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, seed);
    return json_set_text(object, name, text);
}

cJSON *json_append(cJSON *list)
{
    cJSON *object = cJSON_CreateObject();
    if (object && cJSON_AddItemToArray(list, object)) {
        return object;
    }
    cJSON_Delete(object);
    return NULL;
}

bool json_write(const cJSON *document, const char *path)
{
    char *text = cJSON_Print(document);
    if (!text) {
        errno = ENOMEM;
        return false;
    }
    size_t length = strlen(text);
    text[length] = '\n'; /* in place of the final NUL, which is not written */
    bool wrote = replace_file(path, text, length + 1);
    cJSON_free(text);
    return wrote;
}
