/* Texts beside the dots of a picture, so that none lies over another one or over a dot. */
#ifndef HUSTINGS_PICTURE_LABELS_H
#define HUSTINGS_PICTURE_LABELS_H

#include "sim/picture/svg.h"

struct label {
    double x, y;   /* of its dot */
    char text[64]; /* "": a dot that has none, and must be kept free all the same */
};

/* Where texts may stand. */
struct label_room {
    double left, right, top, bottom;
};

/* Writes the texts, each where it covers least: to the right of its dot, or else to the left, above
 * or below. Takes time by the square of their number. */
void labels_put(struct svg *svg, const struct label *list, size_t count,
                const struct label_room *room, const struct svg_font *font);

#endif
