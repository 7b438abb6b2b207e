/* What the texts of a manual are made of: paragraphs, in which `$0` stands for the program, and
 * words to be typed as they are stand between backticks. */
#ifndef HUSTINGS_MANUAL_MARKUP_H
#define HUSTINGS_MANUAL_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/manual/verb.h"

#define MARKUP_SIZE 4096 /* room for any text of a table */

/* A text without its marks: `$0` is `program`, and there are no backticks. */
void markup_plain(const char *text, const char *program, char *out, size_t size);

/* Takes a paragraph off `text`, and moves it behind that. False: there is none left. */
bool markup_paragraph(const char **text, char *out, size_t size);

/* What is said of an option, in one text: its help, its words and what is taken without it, and
 * what more there is. */
void markup_of_option(const struct option_row *row, char *out, size_t size);

/* "-o, --out FILE", with six columns before the dashes of one without a short form. */
void markup_option_name(const struct option_row *row, char *out, size_t size);

#endif
