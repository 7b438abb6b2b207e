/* The list of active faults. See actives.h. */
#include "sim/host/actives.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"

static const struct active_list nothing = {.first = NO_ACTIVE, .last = NO_ACTIVE};

static bool is_whole(struct active_list list)
{
    return (list.first == NO_ACTIVE) == (list.last == NO_ACTIVE);
}

/* Whether its neighbours in the list of all know it. */
static bool is_linked(const struct actives *actives, uint32_t index)
{
    struct active_link at = actives->list[index].of_all;
    uint32_t before =
        at.previous == NO_ACTIVE ? actives->all.first : actives->list[at.previous].of_all.next;
    uint32_t behind =
        at.next == NO_ACTIVE ? actives->all.last : actives->list[at.next].of_all.previous;
    return before == index && behind == index;
}

bool actives_begin(struct actives *actives, uint32_t place_count)
{
    assert(place_count > 0);
    if (actives->place_count < place_count) {
        free(actives->places);
        free(actives->cut_off);
        actives->places = malloc(place_count * sizeof *actives->places);
        actives->cut_off = malloc(place_count * sizeof *actives->cut_off);
        actives->place_count = place_count;
        if (!actives->places || !actives->cut_off) {
            actives->place_count = 0;
            return false;
        }
    }
    for (uint32_t i = 0; i < place_count; i++) {
        actives->places[i] = nothing;
        actives->cut_off[i] = 0;
    }
    actives->all = nothing;
    actives->count = 0;
    actives->spare = NO_ACTIVE;
    return true;
}

static uint32_t free_place(struct actives *actives)
{
    uint32_t index = actives->spare;
    if (index != NO_ACTIVE) {
        assert(index < actives->count && !actives->list[index].in_use);
        actives->spare = actives->list[index].of_all.next;
        return index;
    }
    struct active *list = grown(actives->list, actives->count, &actives->capacity, sizeof *list);
    if (!list) {
        return NO_ACTIVE;
    }
    actives->list = list;
    assert(actives->count < actives->capacity);
    return actives->count++;
}

uint32_t actives_add(struct actives *actives, uint32_t place, const struct active *active)
{
    assert(place < actives->place_count);
    uint32_t index = free_place(actives);
    if (index == NO_ACTIVE) {
        return index;
    }
    struct active_list *of_place = &actives->places[place];
    struct active *list = actives->list;
    list[index] = *active;
    list[index].in_use = true;
    list[index].of_place = (struct active_link){.next = NO_ACTIVE, .previous = of_place->last};
    list[index].of_all = (struct active_link){.next = NO_ACTIVE, .previous = actives->all.last};
    *(of_place->last == NO_ACTIVE ? &of_place->first : &list[of_place->last].of_place.next) = index;
    *(actives->all.last == NO_ACTIVE ? &actives->all.first : &list[actives->all.last].of_all.next) =
        index;
    of_place->last = actives->all.last = index;
    assert(is_linked(actives, index) && is_whole(*of_place));
    return index;
}

void actives_remove(struct actives *actives, uint32_t place, uint32_t index)
{
    assert(place < actives->place_count && index < actives->count);
    struct active_list *of_place = &actives->places[place];
    struct active *list = actives->list;
    struct active_link here = list[index].of_place;
    assert(list[index].in_use);
    assert(is_linked(actives, index));
    *(here.previous == NO_ACTIVE ? &of_place->first : &list[here.previous].of_place.next) =
        here.next;
    *(here.next == NO_ACTIVE ? &of_place->last : &list[here.next].of_place.previous) =
        here.previous;
    here = list[index].of_all;
    *(here.previous == NO_ACTIVE ? &actives->all.first : &list[here.previous].of_all.next) =
        here.next;
    *(here.next == NO_ACTIVE ? &actives->all.last : &list[here.next].of_all.previous) =
        here.previous;
    assert(is_whole(*of_place) && is_whole(actives->all));
    list[index].in_use = false;
    list[index].of_all.next = actives->spare;
    actives->spare = index;
}

void actives_free(struct actives *actives)
{
    free(actives->list);
    free(actives->places);
    free(actives->cut_off);
    memset(actives, 0, sizeof *actives);
}
