/* Cells as lines: numbers and names between tabs, the sentence at the end. See line.h. */
#include "sim/matrix/line.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/clean.h"

/* Of the numbers of a line, by their order. */
enum place {
    AT_KIND,
    AT_TRIALS,
    AT_HELD,
    AT_BROKE,
    AT_BLOCKED,
    AT_UNKNOWN,
    AT_UNTESTED,
    AT_CHECK,
    AT_BROKEN,
    AT_FIRST,
    AT_OVERLAP,
    AT_OVERLAP_MOST,
    AT_LEADERLESS,
    AT_LEADERLESS_MOST,
    AT_UNFENCED,
    AT_WORKS,
    AT_LEADS,
    PLACES
};

void line_write(FILE *file, const struct cell *cell)
{
    char why[sizeof cell->why];
    const int64_t numbers[PLACES] = {
        [AT_KIND] = cell->kind,
        [AT_TRIALS] = cell->trials,
        [AT_HELD] = cell->held,
        [AT_BROKE] = cell->broke,
        [AT_BLOCKED] = cell->blocked,
        [AT_UNKNOWN] = cell->unknown,
        [AT_UNTESTED] = cell->untested,
        [AT_CHECK] = cell->check,
        [AT_BROKEN] = cell->broken,
        [AT_FIRST] = cell->first,
        [AT_OVERLAP] = cell->overlap.sum_ns,
        [AT_OVERLAP_MOST] = cell->overlap.most_ns,
        [AT_LEADERLESS] = cell->leaderless.sum_ns,
        [AT_LEADERLESS_MOST] = cell->leaderless.most_ns,
        [AT_UNFENCED] = (int64_t)cell->unfenced,
        [AT_WORKS] = cell->works,
        [AT_LEADS] = cell->leads,
    };
    for (size_t i = 0; i < PLACES; i++) {
        fprintf(file, "%" PRId64 "\t", numbers[i]);
    }
    fputs(clean_text(cell->why, why, sizeof why), file);
}

static bool are_possible(const int64_t numbers[PLACES])
{
    for (size_t i = 0; i < PLACES; i++) {
        if (numbers[i] < (i == AT_CHECK ? -1 : 0)) {
            return false;
        }
    }
    for (size_t i = AT_TRIALS; i <= AT_UNTESTED; i++) {
        if (numbers[i] > UINT32_MAX) {
            return false;
        }
    }
    return numbers[AT_KIND] < CELL_KINDS && numbers[AT_CHECK] < (int64_t)check_count() &&
           numbers[AT_BROKEN] <= UINT32_MAX && numbers[AT_FIRST] <= UINT32_MAX;
}

bool line_read(const char *line, struct cell *cell)
{
    int64_t numbers[PLACES];
    const char *at = line;
    for (size_t i = 0; i < PLACES; i++) {
        char *end;
        numbers[i] = strtoll(at, &end, 10);
        if (end == at || *end != '\t') {
            return false;
        }
        at = end + 1;
    }
    if (!are_possible(numbers)) {
        return false;
    }
    *cell = (struct cell){
        .kind = (uint8_t)numbers[AT_KIND],
        .trials = (uint32_t)numbers[AT_TRIALS],
        .held = (uint32_t)numbers[AT_HELD],
        .broke = (uint32_t)numbers[AT_BROKE],
        .blocked = (uint32_t)numbers[AT_BLOCKED],
        .unknown = (uint32_t)numbers[AT_UNKNOWN],
        .untested = (uint32_t)numbers[AT_UNTESTED],
        .check = (int)numbers[AT_CHECK],
        .broken = (uint32_t)numbers[AT_BROKEN],
        .first = (uint32_t)numbers[AT_FIRST],
        .overlap = {numbers[AT_OVERLAP], numbers[AT_OVERLAP_MOST]},
        .leaderless = {numbers[AT_LEADERLESS], numbers[AT_LEADERLESS_MOST]},
        .unfenced = (uint64_t)numbers[AT_UNFENCED],
        .works = numbers[AT_WORKS] != 0,
        .leads = numbers[AT_LEADS] != 0,
    };
    snprintf(cell->why, sizeof cell->why, "%s", at);
    return true;
}
