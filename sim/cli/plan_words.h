/* plan.txt, as merge.h says what it is. */
#ifndef HUSTINGS_CLI_PLAN_WORDS_H
#define HUSTINGS_CLI_PLAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define PLAN_FILE "plan.txt"
#define PLAN_WORDS_MAX 256

/* Puts the bytes of a file that has a say in the result into what identifies it; of NULL, and of
 * what cannot be read, nothing: whoever runs it says that. */
void plan_put_file(FILE *to, const char *path);

/* Its words, the verb first; plan_words_free(). */
struct plan_words {
    char *text; /* owned; the words are in it */
    char *words[PLAN_WORDS_MAX];
    int count;
};

/* Reads that of a folder. False with one line in `error`. plan_words_free() in any case. */
bool plan_words_read(struct plan_words *plan, const char *folder, char *error, size_t error_size);
void plan_words_free(struct plan_words *plan);

#endif
