/* The words of a command. See words.h. */
#include "sim/ops/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/ops/op.h"

static void add(struct op_words *words, const char *text, size_t length)
{
    assert(words->count < OP_WORDS_MAX);
    words->word[words->count] = text;
    words->length[words->count++] = length;
}

void op_word(struct op_words *words, const char *text)
{
    assert(text && *text);
    add(words, text, strlen(text));
}

void op_word_format(struct op_words *words, const char *format, ...)
{
    va_list arguments;
    char *text = words->text + words->used;
    size_t room = sizeof words->text - words->used;
    va_start(arguments, format);
    int length = vsnprintf(text, room, format, arguments);
    va_end(arguments);
    assert(words->used < sizeof words->text && length >= 0 && (size_t)length < room);
    words->used += (size_t)length + 1;
    add(words, text, (size_t)length);
}

void op_word_number(struct op_words *words, uint64_t number)
{
    op_word_format(words, "%" PRIu64, number);
}

void op_word_token(struct op_words *words, struct token token)
{
    op_word_format(words, "%016" PRIx64 "%016" PRIx64, token.high, token.low);
}

void op_encode(struct op_words *words, const struct request *request, const char *key,
               const char *also, bool whole_script)
{
    assert(request->op < STORE_OPS && request->key < STORE_KEYS);
    const struct op_row *row = op_rows[request->op];
    words->count = 0;
    words->used = 0;
    if (row->script) {
        op_word(words, whole_script ? "EVAL" : "EVALSHA");
        op_word(words, whole_script ? row->script->text : row->script->digest);
        op_word(words, also ? "2" : "1");
    } else {
        op_word(words, row->command);
    }
    op_word(words, key);
    if (also) {
        op_word(words, also);
    }
    if (row->encode) {
        row->encode(request, words);
    }
    assert(words->count >= 2 && words->used <= sizeof words->text);
}

const char *op_command(uint8_t op, bool whole_script)
{
    assert(op < STORE_OPS);
    const struct op_row *row = op_rows[op];
    return row->script && whole_script ? row->script->command : row->command;
}

void token_text(struct token token, char text[33])
{
    snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, token.high, token.low);
}

static bool parse_hex(const char *text, uint64_t *value)
{
    *value = 0;
    for (int i = 0; i < 16; i++) {
        char c = text[i];
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'a' && c <= 'f')) {
            return false;
        }
        *value = *value << 4 | (uint64_t)(digit ? c - '0' : c - 'a' + 10);
    }
    return true;
}

bool token_parse(const char *text, size_t length, struct token *token)
{
    return length == 32 && parse_hex(text, &token->high) && parse_hex(text + 16, &token->low);
}
