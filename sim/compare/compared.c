/* What is known of two results folders. See compared.h. */
#include "sim/compare/compared.h"

#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"

const char *const compared_names[KINDS] = {
    [KIND_LEADERS] = "leaders", [KIND_CHECKS] = "checks", [KIND_VERDICTS] = "verdicts"};

struct compared *comparison_scenario(struct comparison *comparison, const char *name)
{
    for (size_t i = comparison->count; i-- > 0;) {
        if (strcmp(comparison->list[i].scenario, name) == 0) {
            return &comparison->list[i];
        }
    }
    struct compared *list =
        grown(comparison->list, comparison->count, &comparison->capacity, sizeof *list);
    char *copy = strdup(name);
    comparison->list = list ? list : comparison->list;
    if (!list || !copy) {
        free(copy);
        return NULL;
    }
    list[comparison->count] = (struct compared){.scenario = copy};
    return &list[comparison->count++];
}

struct share *shares_of(struct shares *shares, const char *name)
{
    for (size_t i = 0; i < shares->count; i++) {
        if (strcmp(shares->list[i].name, name) == 0) {
            return &shares->list[i];
        }
    }
    struct share *list = grown(shares->list, shares->count, &shares->capacity, sizeof *list);
    char *copy = strdup(name);
    shares->list = list ? list : shares->list;
    if (!list || !copy) {
        free(copy);
        return NULL;
    }
    list[shares->count] = (struct share){.name = copy};
    return &list[shares->count++];
}

static void free_compared(struct compared *compared)
{
    for (enum side side = 0; side < SIDES; side++) {
        for (size_t i = 0; i < compared->trials[side].count; i++) {
            free(compared->trials[side].list[i].leaders);
        }
        free(compared->trials[side].list);
        for (enum election_time time = 0; time < ELECTION_TIMES; time++) {
            sample_free(&compared->times[time][side]);
        }
    }
    for (enum kind kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < compared->shares[kind].count; i++) {
            free(compared->shares[kind].list[i].name);
        }
        free(compared->shares[kind].list);
    }
    free(compared->scenario);
}

void comparison_free(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        free_compared(&comparison->list[i]);
    }
    free(comparison->list);
    *comparison = (struct comparison){0};
}
