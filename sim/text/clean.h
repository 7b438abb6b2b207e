/* Foreign text: whatever hustings did not write itself. Names and sentences in a scenario, a
 * history or a CSV, the words of a Redis, names of files, arguments. It may hold escape sequences
 * that rewrite the screen, newlines that forge a line of ours, signs that turn a line around, or
 * bytes that are no text. All of it goes through here before it reaches a terminal, a message or a
 * report.
 *
 * Clean text is one line of UTF-8. In it stands a blank for
 *
 *   - control characters: C0 (with newline, tab, escape), DEL, C1
 *   - what separates lines or paragraphs (U+2028, U+2029)
 *   - what turns the direction of text (bidi marks, embeddings, overrides, isolates)
 *   - what takes no room and so hides (zero width, soft hyphen, byte order mark, tags)
 *
 * and a question mark for what is no character: broken or overlong UTF-8, surrogates,
 * noncharacters (some of which XML forbids). Every other character stays as it is. Cleaning never
 * makes a text longer, and what is clean stays as it is.
 *
 * This room is the lowest one: every room may include it.
 */
#ifndef HUSTINGS_TEXT_CLEAN_H
#define HUSTINGS_TEXT_CLEAN_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Reads the character that `text` begins with, as it is; of what is no UTF-8, one byte, and `*code`
 * is 0. Returns its bytes. */
size_t clean_decode(const char *text, uint32_t *code);

/* Reads the character that `text` begins with (not the final NUL). Its bytes are returned, and
 * `*code` is what may be shown of it: its code point, ' ' or '?' as above. */
size_t clean_character(const char *text, uint32_t *code);

/* Copies clean text, as far as whole characters fit; if some do not, "…" stands at the end. `size`
 * is at least 4. Returns `out`, which may be `text`. */
char *clean_text(const char *text, char *out, size_t size);

/* Writes one clean line and its newline: whatever is in it, it is one line. When memory is out, a
 * long one is cut. */
void clean_line(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
