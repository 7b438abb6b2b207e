/* plan.txt, as merge.h says what it is: written, and read again. */
#ifndef HUSTINGS_CLI_PLAN_WORDS_H
#define HUSTINGS_CLI_PLAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/cli/option.h"

#define PLAN_FILE "plan.txt"

/* What one says. NULL, 0 and what it does not have is left out.
 *
 * How to add an option that has a say in the result: a member here, a line in put_plan(), and its
 * name in the list of those that are read again. */
struct plan_of {
    const char *verb, *host;
    const char *against, *cell, *histories, *latency;
    uint32_t trials, sample, confirm;
    bool has_seed, has_confirm;
    uint64_t seed;
    const struct option_list *sets;
    const char *const *words; /* scenarios and folders of them, as they were typed */
    size_t word_count;
};

/* As text: the verb, the options, "--" and the words, each on a line; a line break within one is
 * written as \n. The caller's to free(). NULL: memory is out. */
char *plan_write(const struct plan_of *of, size_t *length);

/* Puts into what identifies a grid what its plan has to say, and which hustings this is: all that
 * a cell depends on but the places of files. What stands in those is for the caller to put. */
void plan_put(FILE *to, const struct plan_of *of);

/* Puts the bytes of a file that has a say in the result into what identifies it; of NULL, and of
 * what cannot be read, nothing: whoever runs it says that. */
void plan_put_file(FILE *to, const char *path);

/* Its words, the verb first, and NULL behind the last; plan_words_free(). */
struct plan_words {
    char *text;   /* owned; the words are in it */
    char **words; /* owned */
    int count;
};

/* Reads that of a folder. Only what plan_write() writes is taken: a stranger's folder is not to
 * give other options. False with one line in `error`. plan_words_free() in any case. */
bool plan_words_read(struct plan_words *plan, const char *folder, char *error, size_t error_size);
void plan_words_free(struct plan_words *plan);

#endif
