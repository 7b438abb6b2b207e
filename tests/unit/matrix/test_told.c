/* The table and the picture of a matrix: what is told of cells of each kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/matrix/told.h"
#include "src/owners.h"
#include "src/units.h"

#define TWO_HOLDERS (check_find("two_lock_holders"))
#define PROGRAM_ENDED (check_find("program_ended"))

/* A story against programs: one breaks its lock, one ends by itself, one does so in 1 of 4. */
static bool read_cell(void *self, size_t number, struct cell *cell)
{
    const uint32_t *broke = self;
    assert_true(number < 3);
    *cell = (struct cell){.kind = CELL_BREAKS, .trials = 4, .broke = broke[number]};
    cell->held = cell->trials - cell->broke;
    cell->check = number == 0 ? TWO_HOLDERS : PROGRAM_ENDED;
    cell->broken = 1u << cell->check;
    return true;
}

/* How long the lock lasts by these settings becomes so many ms. */
static void set_lock_ttl(struct settings *settings, int64_t ms)
{
    const struct param_row *params = owner_params(OWNER_LOCK, settings->row[OWNER_LOCK]);
    int place = 0;
    while (strcmp(params[place].name, "ttl") != 0) {
        place++;
    }
    settings->value[OWNER_LOCK][place] = ms * NS_PER_MS;
}

/* What `tell` writes of the first `count` of those cells; each lease is by `longer_ms` longer
 * than that before. The caller frees it. */
static char *told_of(size_t count, int64_t longer_ms,
                     void (*tell)(const struct told_matrix *told, FILE *file))
{
    static struct scenario story = {.name = "answer-lost"};
    uint32_t broke[] = {4, 4, 1};
    struct combination *combinations = calloc(count, sizeof *combinations);
    assert_non_null(combinations);
    for (size_t i = 0; i < count; i++) {
        snprintf(combinations[i].name, sizeof combinations[i].name, "worker-%zu", i);
        combinations[i].settings = settings_default(3);
        set_lock_ttl(&combinations[i].settings, 1000 + (int64_t)i * longer_ms);
    }
    struct matrix matrix = {.stories = &story,
                            .story_count = 1,
                            .combinations = combinations,
                            .combination_count = count};
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    tell(&(struct told_matrix){&matrix, broke, read_cell}, file);
    assert_int_equal(fclose(file), 0);
    free(combinations);
    return text;
}

static char *told(size_t count, void (*tell)(const struct told_matrix *told, FILE *file))
{
    return told_of(count, 0, tell);
}

static void table(const struct told_matrix *told, FILE *file)
{
    const struct terminal_options options = {.out = file, .columns = 80};
    told_table(&options, told);
}

static void picture(const struct told_matrix *told, FILE *file)
{
    assert_true(told_picture(told, file));
}

static void has(const char *text, const char *words)
{
    if (!strstr(text, words)) {
        fail_msg("no \"%s\" in:\n%s", words, text);
    }
}

static void the_table_tells_a_program_that_ended_apart(void **state)
{
    (void)state;
    char *text = told(3, table);
    has(text, "answer-lost BREAKS ENDS   EN25%");
    has(text, "holds 0, breaks 1, blocks 0");
    has(text, "holds 0, breaks 0, ends 1, blocks 0");
    has(text, "ENDS, EN12%: a program ended by itself (program_ended)");
    free(text);
    text = told(1, table);
    assert_null(strstr(text, "ENDS"));
    free(text);
}

static void so_does_the_picture(void **state)
{
    (void)state;
    char *text = told(3, picture);
    has(text, ">breaks</text>");
    has(text, ">ends</text>");
    has(text, ">ends 25%</text>");
    has(text, ">ends: a program ended by itself");
    free(text);
    text = told(1, picture);
    assert_null(strstr(text, "ends"));
    free(text);
}

/* A longer lease meets a longer pause, so equal columns do not say that no lease helps. */
static void two_leases_are_told_of_sweep(void **state)
{
    (void)state;
    char *text = told_of(2, 2000, table);
    has(text, "The times of a story are counted in leases");
    free(text);
    text = told(2, table);
    assert_null(strstr(text, "counted in leases"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_tells_a_program_that_ended_apart),
                                       cmocka_unit_test(so_does_the_picture),
                                       cmocka_unit_test(two_leases_are_told_of_sweep)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
