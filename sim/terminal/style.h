/* Style: lines of text, styled, as wide as the terminal lets them be.
 *
 *     struct line line = line_new(options, 2);
 *     line_put(&line, STYLE_STRONG, "node 1");
 *     line_to(&line, 20);
 *     line_format(&line, STYLE_PLAIN, "rule %d", rule);
 *     line_end(&line);
 *
 * A line never wraps: what does not fit is cut off, and an ellipsis says so. All text is cleaned
 * (text/clean.h), and without UTF-8 a question mark stands for what is not ASCII.
 */
#ifndef HUSTINGS_TERMINAL_STYLE_H
#define HUSTINGS_TERMINAL_STYLE_H

#include "sim/terminal/terminal.h"

enum style {
    STYLE_PLAIN,
    STYLE_STRONG,
    STYLE_DIM,
    STYLE_GOOD,
    STYLE_BAD,
    STYLE_WARN,
    STYLE_SUBMIT,
    STYLE_LEADER,
    STYLE_PAUSED
};

enum glyph {
    GLYPH_WAITING, /* not yet started */
    GLYPH_PREPARE,
    GLYPH_SUBMIT,
    GLYPH_LEADER,
    GLYPH_PAUSED,
    GLYPH_DEAD,
    GLYPH_DOT, /* between two remarks */
    GLYPH_BAR, /* a column of a distribution */
    GLYPH_HALF_BAR,
    GLYPH_DONE, /* of the progress bar */
    GLYPH_LEFT,
    GLYPH_TIMES,
    GLYPH_MORE, /* text was left out */
    GLYPHS
};

const char *glyph(const struct terminal_options *options, enum glyph glyph);

#define LINE_BYTES 4096

struct line {
    const struct terminal_options *options;
    int width;   /* columns filled */
    int limit;   /* columns there are */
    size_t used; /* bytes */
    char bytes[LINE_BYTES];
};

/* An empty line with this many spaces before its text. */
struct line line_new(const struct terminal_options *options, int indent);

void line_put(struct line *line, enum style style, const char *text);
void line_format(struct line *line, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts a glyph `count` times. */
void line_glyphs(struct line *line, enum style style, enum glyph glyph, int count);

/* Fills with spaces up to `column` (from 0). If the line is already there, one space. */
void line_to(struct line *line, int column);

/* Puts text so that it ends before `column`. */
void line_right(struct line *line, int column, enum style style, const char *text);

/* Writes the line and its newline to options->out. */
void line_end(struct line *line);

/* A paragraph: `text` broken at its spaces, the first line after `first` columns of `lead`, the
 * others below its text; at most `lines_max` lines (0: as many as it takes). Newlines in it are
 * spaces. */
void style_paragraph(const struct terminal_options *options, enum style style, const char *lead,
                     enum style lead_style, const char *text, int lines_max);

#define LABEL_WIDTH 11

/* A line that is never cut, for commands and paths: `label` in a column of its own, then `text`. */
void style_label(const struct terminal_options *options, const char *label, const char *text);

#endif
