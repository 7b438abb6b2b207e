/* Vocabularies, and the nearest word. See words.h. */
#include "sim/scenario/words.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/checks/check.h"
#include "sim/faults/fault.h"
#include "sim/scenario/scenario.h"

const char *words_of_array(const void *array, size_t index)
{
    const char *const *words = (const char *const *)array;
    return words[index];
}

static const char *check_word(const void *context, size_t index)
{
    (void)context;
    return check_rows[index] ? check_rows[index]->name : NULL;
}

static const char *target_word(const void *context, size_t index)
{
    (void)context;
    if (index == TARGET_IDS) {
        return "master";
    }
    return index < TARGET_KINDS ? target_names[index] : NULL;
}

const struct vocabulary words_checks = {"a check", check_word, NULL};
const struct vocabulary words_targets = {"a target", target_word, NULL};

static const char *const flags[] = {"false", "true", NULL};
static const char *const persistence[] = {"none", "rdb", "aof-everysec", "aof-always", NULL};

const struct vocabulary words_flags = {"true or false", words_of_array, flags};
const struct vocabulary words_persistence = {"a kind of persistence", words_of_array, persistence};
const struct vocabulary words_frequencies = {"a frequency", words_of_array, frequency_names};
const struct vocabulary words_verdicts = {"a verdict", words_of_array, verdict_names};

int words_find(const struct vocabulary *vocabulary, const char *text)
{
    const char *word;
    for (int i = 0; (word = vocabulary->word(vocabulary->context, (size_t)i)) != NULL; i++) {
        if (strcmp(word, text) == 0) {
            return i;
        }
    }
    return -1;
}

/* A hyphen in `a` is an underscore in `b`; capital letters are small ones. */
static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b) || (a == '-' && b == '_');
}

bool words_among(const char *text, const char *words)
{
    for (const char *word = words; word; word = strchr(word, '|') ? strchr(word, '|') + 1 : NULL) {
        size_t length = strcspn(word, "|");
        size_t same = 0;
        while (same < length && text[same] && same_letter(text[same], word[same])) {
            same++;
        }
        if (same == length && text[same] == '\0') {
            return true;
        }
    }
    return false;
}

/* --- the nearest word ------------------------------------------------------------------------- */

#define WORD_MAX 40

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The number of letters to insert, drop, change or swap to come from one word to the other (optimal
 * string alignment). Words longer than WORD_MAX are far from everything. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][WORD_MAX + 1];
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    if (a_length > WORD_MAX || b_length > WORD_MAX) {
        return WORD_MAX;
    }
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *two_above = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned change = same_letter(a[i - 1], b[j - 1]) ? 0 : 1;
            now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + change);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1])) {
                now[j] = least(now[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

/* Whether one word is the beginning of the other, as in "leaders" and "leader". */
static bool extends(const char *a, const char *b)
{
    size_t length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    return length >= 3 && strncasecmp(a, b, length) == 0;
}

const char *words_nearest(const struct vocabulary *vocabulary, const char *text)
{
    const char *nearest = NULL;
    unsigned best = UINT32_MAX;
    const char *word;
    for (size_t i = 0; (word = vocabulary->word(vocabulary->context, i)) != NULL; i++) {
        unsigned far = distance(text, word);
        unsigned allowed = (unsigned)(strlen(word) + 2) / 3;
        if (extends(text, word)) {
            far = least(far, allowed);
        }
        if (far <= allowed && far < strlen(word) && far < best) {
            best = far;
            nearest = word;
        }
    }
    return nearest;
}

char *words_list(const struct vocabulary *vocabulary, char *out, size_t size)
{
    bool several = vocabulary->word(vocabulary->context, 1) != NULL;
    size_t used = (size_t)snprintf(out, size, "%s", several ? "one of " : "");
    const char *word;
    for (size_t i = 0; (word = vocabulary->word(vocabulary->context, i)) != NULL; i++) {
        if (words_find(vocabulary, word) != (int)i) {
            continue; /* listed already */
        }
        const char *comma = i > 0 ? ", " : "";
        if (used + strlen(comma) + strlen(word) + sizeof ", …" > size) {
            snprintf(out + used, size - used, ", …");
            break;
        }
        used += (size_t)snprintf(out + used, size - used, "%s%s", comma, word);
    }
    return out;
}

char *words_suggest(const struct vocabulary *vocabulary, const char *text, char *out, size_t size)
{
    const char *nearest = words_nearest(vocabulary, text);
    if (nearest) {
        snprintf(out, size, "did you mean %s?", nearest);
    } else {
        size_t used = (size_t)snprintf(out, size, "write ");
        words_list(vocabulary, out + used, size - used);
    }
    return out;
}
