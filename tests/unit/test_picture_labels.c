/* Texts beside dots: none lies over another, or over a dot, as long as there is room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/picture/labels.h"

#define SIZE 10.0
static const struct label_room room = {0, 200, 0, 200};

struct place {
    double x, y; /* of the beginning of its base line */
};

/* Where the texts were put, in the order in which they are written. */
static size_t places_of(const struct label *list, size_t count, struct place *places)
{
    const struct svg_font font = {.size = SIZE, .anchor = SVG_START};
    struct svg svg;
    size_t length, found = 0;
    char *text = NULL;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    svg_begin(&svg, file, 200, 200, "labels");
    labels_put(&svg, list, count, &room, &font);
    assert_true(svg_end(&svg));
    assert_int_equal(fclose(file), 0);
    for (char *at = strstr(text, "<text"); at; at = strstr(at + 1, "<text")) {
        char *end;
        places[found].x = strtod(strstr(at, " x=\"") + 4, &end);
        places[found++].y = strtod(strstr(at, " y=\"") + 4, &end);
    }
    free(text);
    return found;
}

static void one_stands_to_the_right_of_its_dot(void **state)
{
    (void)state;
    const struct label list[] = {{100, 100, "A"}};
    struct place places[1];
    assert_int_equal(places_of(list, 1, places), 1);
    assert_true(places[0].x > 100 && places[0].x < 110);
    assert_true(places[0].y > 90 && places[0].y < 105);
}

static void at_the_border_it_stands_on_the_other_side(void **state)
{
    (void)state;
    const struct label list[] = {{198, 100, "ABC"}};
    struct place places[1];
    assert_int_equal(places_of(list, 1, places), 1);
    assert_true(places[0].x + 3 * 0.5 * SIZE < 198);
}

static void near_ones_do_not_overlap(void **state)
{
    (void)state;
    const struct label list[] = {{100, 100, "first"},
                                 {104, 100, "second"},
                                 {100, 104, "third"},
                                 {100, 150, ""},
                                 {112, 96, "fourth"}};
    struct place places[5];
    size_t count = places_of(list, 5, places);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            bool apart = places[i].y - places[j].y >= 0.9 * SIZE ||
                         places[j].y - places[i].y >= 0.9 * SIZE ||
                         places[i].x - places[j].x >= 6 * 0.5 * SIZE ||
                         places[j].x - places[i].x >= 6 * 0.5 * SIZE;
            assert_true(apart);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_stands_to_the_right_of_its_dot),
        cmocka_unit_test(at_the_border_it_stands_on_the_other_side),
        cmocka_unit_test(near_ones_do_not_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
