/* The words of a command, as they are sent: a list of texts of known length, without allocation. */
#ifndef HUSTINGS_OPS_WORDS_H
#define HUSTINGS_OPS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/store.h"

#define OP_WORDS_MAX 12

struct op_words {
    int count;
    const char *word[OP_WORDS_MAX];
    size_t length[OP_WORDS_MAX];
    size_t used;
    char text[384]; /* of the words that were made here */
};

/* Adds a word that outlives the list; a number; a token; a text that is formatted. More words or
 * longer ones than there is room for are a bug of the operation's row (asserted). */
void op_word(struct op_words *words, const char *text);
void op_word_number(struct op_words *words, uint64_t number);
void op_word_token(struct op_words *words, struct token token);
void op_word_format(struct op_words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The whole command of a request at a key of this name, which must outlive the words. Of a script,
 * `also` is the name of its other key, NULL if it has none; with `whole_script` the text is sent
 * (EVAL), else its digest (EVALSHA), which the server may not know. */
void op_encode(struct op_words *words, const struct request *request, const char *key,
               const char *also, bool whole_script);

/* The name of that command, for a person; of a script also what it does. */
const char *op_command(uint8_t op, bool whole_script);

/* A token as 32 lowercase hex digits and back; false: this is something else. */
void token_text(struct token token, char text[33]);
bool token_parse(const char *text, size_t length, struct token *token);

#endif
