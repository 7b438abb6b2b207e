/* See labels.h. */
#include "sim/picture/labels.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DOT 6.0     /* half of what a dot takes up, px */
#define LETTER 0.58 /* how wide a letter is, of the size of its font */
#define OUTSIDE                                                                                    \
    100. /* a text that does not fit into the room is as bad as one that covers so much */

struct box {
    double x, y, width, height; /* of its upper left corner */
};

/* What two have in common, in px². */
static double overlap(const struct box *a, const struct box *b)
{
    double width = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
    double height = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);
    return width > 0 && height > 0 ? width * height : 0;
}

static struct box dot_box(const struct label *label)
{
    return (struct box){label->x - DOT, label->y - DOT, 2 * DOT, 2 * DOT};
}

/* The places of a text around its dot, the best first. */
#define PLACES 8
static struct box place_of(const struct label *label, size_t place, double size)
{
    double width = LETTER * size * (double)strlen(label->text);
    double right = label->x + DOT + 1, left = label->x - DOT - 1 - width;
    double middle = label->x - width / 2;
    const struct box places[PLACES] = {
        {right, label->y - size, width, size},        {right, label->y, width, size},
        {left, label->y - size, width, size},         {left, label->y, width, size},
        {middle, label->y - DOT - size, width, size}, {middle, label->y + DOT, width, size},
        {right, label->y - 2 * size, width, size},    {right, label->y + size, width, size}};
    assert(place < PLACES);
    return places[place];
}

/* How much a text would cover there: dots, and the texts that stand already. */
static double cost_of(const struct box *box, const struct label *list, const struct box *texts,
                      size_t placed, size_t count, const struct label_room *room)
{
    double cost = box->x < room->left || box->x + box->width > room->right || box->y < room->top ||
                          box->y + box->height > room->bottom
                      ? OUTSIDE
                      : 0;
    for (size_t i = 0; i < count; i++) {
        const struct box dot = dot_box(&list[i]);
        cost += overlap(box, &dot);
        cost += i < placed ? overlap(box, &texts[i]) : 0;
    }
    return cost;
}

void labels_put(struct svg *svg, const struct label *list, size_t count,
                const struct label_room *room, const struct svg_font *font)
{
    struct box *texts = calloc(count, sizeof *texts);
    for (size_t i = 0; texts && i < count; i++) {
        double least = INFINITY;
        for (size_t place = 0; place < PLACES && list[i].text[0] && least > 0; place++) {
            const struct box box = place_of(&list[i], place, font->size);
            double cost = cost_of(&box, list, texts, i, count, room);
            if (cost < least) {
                least = cost;
                texts[i] = box;
            }
        }
        if (list[i].text[0]) {
            svg_text(svg, texts[i].x, texts[i].y + 0.8 * font->size, font, "%s", list[i].text);
        }
    }
    free(texts);
}
