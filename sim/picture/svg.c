/* SVG, written shape by shape. See svg.h. */
#include "sim/picture/svg.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "sim/text/clean.h"

/* Text as XML. */
static void put_escaped(FILE *file, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", file);
            break;
        case '<':
            fputs("&lt;", file);
            break;
        case '>':
            fputs("&gt;", file);
            break;
        case '"':
            fputs("&quot;", file);
            break;
        default:
            fputc(*text, file);
        }
    }
}

static void put_clean(FILE *file, const char *text)
{
    char line[512];
    put_escaped(file, clean_text(text, line, sizeof line));
}

/* A number with two decimals at most, the same everywhere. */
static void put_number(FILE *file, double value)
{
    assert(isfinite(value));
    char text[64];
    snprintf(text, sizeof text, "%.2f", value);
    char *end = text + strlen(text);
    while (end[-1] == '0') {
        *--end = '\0';
    }
    if (end[-1] == '.') {
        *--end = '\0';
    }
    fputs(strcmp(text, "-0") == 0 ? "0" : text, file);
}

/* ` name="value"` */
static void put_attribute(FILE *file, const char *name, double value)
{
    fprintf(file, " %s=\"", name);
    put_number(file, value);
    fputc('"', file);
}

static void put_words(FILE *file, const char *name, const char *value)
{
    fprintf(file, " %s=\"", name);
    put_clean(file, value);
    fputc('"', file);
}

void svg_begin(struct svg *svg, FILE *file, double width, double height, const char *title)
{
    assert(file);
    *svg = (struct svg){file};
    fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"graphics-document document\" "
          "font-family=\"sans-serif\"",
          svg->file);
    put_attribute(svg->file, "width", width);
    put_attribute(svg->file, "height", height);
    fputs(" viewBox=\"0 0 ", svg->file);
    put_number(svg->file, width);
    fputc(' ', svg->file);
    put_number(svg->file, height);
    fputs("\">\n<title>", svg->file);
    put_clean(svg->file, title);
    fputs("</title>\n", svg->file);
    svg_rect(svg, 0, 0, width, height, "#fff");
}

void svg_rect(struct svg *svg, double x, double y, double width, double height, const char *fill)
{
    fputs("<rect", svg->file);
    put_attribute(svg->file, "x", x);
    put_attribute(svg->file, "y", y);
    put_attribute(svg->file, "width", width);
    put_attribute(svg->file, "height", height);
    put_words(svg->file, "fill", fill);
    fputs("/>\n", svg->file);
}

/* `stroke`: of its border; NULL: it has none. */
static void put_circle(FILE *file, const double place[3], const char *fill, const char *stroke,
                       const char *tip)
{
    fputs("<circle", file);
    put_attribute(file, "cx", place[0]);
    put_attribute(file, "cy", place[1]);
    put_attribute(file, "r", place[2]);
    put_words(file, "fill", fill);
    if (stroke) {
        put_words(file, "stroke", stroke);
        put_attribute(file, "stroke-width", 2);
    }
    if (tip) {
        fputs("><title>", file);
        put_clean(file, tip);
        fputs("</title></circle>\n", file);
    } else {
        fputs("/>\n", file);
    }
}

void svg_circle(struct svg *svg, double x, double y, double radius, const char *fill,
                const char *tip)
{
    put_circle(svg->file, (const double[]){x, y, radius}, fill, NULL, tip);
}

void svg_ring(struct svg *svg, double x, double y, double radius, const char *stroke,
              const char *tip)
{
    put_circle(svg->file, (const double[]){x, y, radius}, "#fff", stroke, tip);
}

void svg_line(struct svg *svg, double x1, double y1, double x2, double y2, const char *stroke,
              double width)
{
    fputs("<line", svg->file);
    put_attribute(svg->file, "x1", x1);
    put_attribute(svg->file, "y1", y1);
    put_attribute(svg->file, "x2", x2);
    put_attribute(svg->file, "y2", y2);
    put_words(svg->file, "stroke", stroke);
    put_attribute(svg->file, "stroke-width", width);
    fputs("/>\n", svg->file);
}

void svg_path(struct svg *svg, const double *xy, size_t count, const char *stroke, double width)
{
    assert(xy || count == 0);
    if (count < 2) {
        return;
    }
    fputs("<polyline fill=\"none\" points=\"", svg->file);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? " " : "", svg->file);
        put_number(svg->file, xy[2 * i]);
        fputc(',', svg->file);
        put_number(svg->file, xy[2 * i + 1]);
    }
    fputc('"', svg->file);
    put_words(svg->file, "stroke", stroke);
    put_attribute(svg->file, "stroke-width", width);
    fputs("/>\n", svg->file);
}

void svg_text(struct svg *svg, double x, double y, const struct svg_font *font, const char *format,
              ...)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    char text[1024];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    assert(font->anchor <= SVG_END);
    fputs("<text", svg->file);
    put_attribute(svg->file, "x", x);
    put_attribute(svg->file, "y", y);
    put_attribute(svg->file, "font-size", font->size);
    put_words(svg->file, "text-anchor", anchors[font->anchor]);
    put_words(svg->file, "fill", font->color ? font->color : "#222");
    if (font->turned != 0) {
        fputs(" transform=\"rotate(", svg->file);
        put_number(svg->file, font->turned);
        fputc(' ', svg->file);
        put_number(svg->file, x);
        fputc(' ', svg->file);
        put_number(svg->file, y);
        fputs(")\"", svg->file);
    }
    fputc('>', svg->file);
    put_clean(svg->file, text);
    fputs("</text>\n", svg->file);
}

void svg_link(struct svg *svg, const char *to)
{
    fputs("<a", svg->file);
    put_words(svg->file, "href", to);
    fputs(">\n", svg->file);
}

void svg_tip(struct svg *svg, const char *tip)
{
    fputs("<title>", svg->file);
    put_clean(svg->file, tip);
    fputs("</title>\n", svg->file);
}

void svg_link_end(struct svg *svg)
{
    fputs("</a>\n", svg->file);
}

bool svg_end(struct svg *svg)
{
    fputs("</svg>\n", svg->file);
    return !ferror(svg->file);
}
