/* See plan_words.h. */
#include "sim/cli/plan_words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/ordinary.h"

void plan_put_file(FILE *to, const char *path)
{
    FILE *file = path ? fopen(path, "re") : NULL;
    int byte;
    assert(to);
    while (file && (byte = getc(file)) != EOF) {
        putc(byte != '\0' ? byte : '0', to);
    }
    if (file) {
        fclose(file);
    }
}

bool plan_words_read(struct plan_words *plan, const char *folder, char *error, size_t error_size)
{
    char *path = NULL;
    size_t size = 0;
    *plan = (struct plan_words){0};
    const char *why = "memory is out";
    FILE *file = asprintf(&path, "%s/" PLAN_FILE, folder) > 0 ? ordinary_open(path, &why) : NULL;
    ssize_t got = file ? getdelim(&plan->text, &size, '\0', file) : -1;
    if (got <= 0) {
        snprintf(error, error_size, "%s: cannot be read: %s", path ? path : folder,
                 file ? "it is empty" : why);
    }
    if (file) {
        fclose(file);
    }
    free(path);
    for (char *at = got > 0 ? plan->text : NULL; at && *at && plan->count + 1 < PLAN_WORDS_MAX;) {
        char *end = strchr(at, '\n');
        plan->words[plan->count++] = at;
        if (end) {
            *end = '\0';
        }
        at = end ? end + 1 : NULL;
    }
    return plan->count > 0;
}

void plan_words_free(struct plan_words *plan)
{
    free(plan->text);
    *plan = (struct plan_words){0};
}
