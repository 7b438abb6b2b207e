/* SVG, written shape by shape: shapes with numbers, and text that is made harmless. It names no
 * font and loads nothing; it has a white background, so that it can be read on a dark page, too.
 *
 *     struct svg svg;
 *     svg_begin(&svg, file, 640, 400, "what a screen reader says of it");
 *     svg_rect(&svg, 10, 10, 50, 20, "#2a7");
 *     bool good = svg_end(&svg);                false: something could not be written
 *
 * Equal calls give equal bytes: numbers are written with two decimals at most. Y grows downwards.
 */
#ifndef HUSTINGS_PICTURE_SVG_H
#define HUSTINGS_PICTURE_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct svg {
    FILE *file; /* the caller's */
};

/* Which end of a text is at its x. */
enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

struct svg_font {
    double size; /* of the letters, px */
    enum svg_anchor anchor;
    const char *color;
    double turned; /* degrees, clockwise around x, y */
};

void svg_begin(struct svg *svg, FILE *file, double width, double height, const char *title);
void svg_rect(struct svg *svg, double x, double y, double width, double height, const char *fill);
void svg_circle(struct svg *svg, double x, double y, double radius, const char *fill,
                const char *tip); /* tip: shown when the pointer is over it; NULL: none */
/* A white circle with a border; likewise. */
void svg_ring(struct svg *svg, double x, double y, double radius, const char *stroke,
              const char *tip);
void svg_line(struct svg *svg, double x1, double y1, double x2, double y2, const char *stroke,
              double width);
/* x and y by turns; `count` of both together, in pairs. */
void svg_path(struct svg *svg, const double *xy, size_t count, const char *stroke, double width);
void svg_text(struct svg *svg, double x, double y, const struct svg_font *font, const char *format,
              ...) __attribute__((format(printf, 5, 6)));
/* Wraps what follows, up to svg_link_end(), into a link. A tip directly behind svg_link() is shown
 * when the pointer is over it, and is what a screen reader says of it. */
void svg_link(struct svg *svg, const char *to);
void svg_tip(struct svg *svg, const char *tip);
void svg_link_end(struct svg *svg);
bool svg_end(struct svg *svg);

#endif
