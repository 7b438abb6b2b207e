/* hustings matrix: stories put to combinations of protocol and lock. What it runs and tells:
 * matrix_run.c. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/inputs.h"
#include "sim/cli/matrix_run.h"
#include "sim/cli/merge.h"
#include "sim/cli/named.h"
#include "sim/cli/option.h"
#include "sim/results/shipped.h"
#include "sim/text/clean.h"

#define ALL "all"

/* Of one cell only the story and the combination are of interest. */
static bool narrow(struct matrix_verb *verb)
{
    const char *cell = verb->asked.cell;
    const char *at = strchr(cell, '@');
    size_t length = at ? (size_t)(at - cell) : 0;
    if (length == 0 || !at[1]) {
        clean_line(stderr,
                   "hustings matrix: --cell %s: give STORY@COMBINATION, such as "
                   "leader-stalls@lease+token",
                   cell);
        return false;
    }
    if (strcmp(verb->asked.against, ALL) == 0) {
        verb->asked.against = at + 1;
    }
    struct matrix *matrix = &verb->matrix;
    for (size_t i = matrix->story_count; i-- > 0;) {
        struct scenario *story = &matrix->stories[i];
        if (strncmp(story->name, cell, length) != 0 || story->name[length]) {
            scenario_free(story);
            *story = matrix->stories[--matrix->story_count];
        }
    }
    if (matrix->story_count == 0) {
        clean_line(stderr, "hustings matrix: --cell: there is no story %.*s", (int)length, cell);
    }
    return matrix->story_count > 0;
}

/* Of the combinations that were named, only that of the cell. */
static bool narrow_combinations(struct matrix_verb *verb)
{
    struct matrix *matrix = &verb->matrix;
    const char *name = strchr(verb->asked.cell, '@') + 1;
    size_t found = 0;
    while (found < matrix->combination_count &&
           strcmp(matrix->combinations[found].name, name) != 0) {
        found++;
    }
    if (matrix->combination_count == 1) {
        found = 0; /* it may be called by its file */
    }
    if (found == matrix->combination_count) {
        clean_line(stderr, "hustings matrix: --cell: there is no combination %s", name);
        return false;
    }
    for (size_t i = 0; i < matrix->combination_count; i++) {
        if (i != found) {
            combination_free(&matrix->combinations[i]);
        }
    }
    matrix->combinations[0] = matrix->combinations[found];
    matrix->combination_count = 1;
    return true;
}

/* Adds those that the shards have copies of. False: there are none, or one is wrong, and that was
 * said. */
static bool add_copies(struct matrix_verb *verb)
{
    bool good = true;
    char *path = NULL;
    for (size_t i = 1; good && (path = inputs_scenario(verb->merged->folders[0], i)); i++) {
        good = matrix_add_stories(&verb->matrix, path);
        free(path);
    }
    return good && verb->matrix.story_count > 0;
}

static bool add_stories(struct matrix_verb *verb)
{
    const struct matrix_asked *asked = &verb->asked;
    char catalogue[SHIPPED_SIZE], found[PATH_MAX];
    bool good = true;
    char *copy = verb->merged ? inputs_scenario(verb->merged->folders[0], 1) : NULL;
    if (copy) {
        free(copy);
        return add_copies(verb) && (!asked->cell || narrow(verb));
    }
    for (size_t i = 0; i < asked->path_count; i++) {
        const char *path = named_scenario(asked->program, asked->paths[i], found, stderr);
        good = path && matrix_add_stories(&verb->matrix, path) && good;
    }
    if (asked->path_count == 0) {
        good = shipped_path(asked->program, "catalogue", catalogue, sizeof catalogue);
        if (!good) {
            fputs("hustings matrix: which stories? Give a folder of scenarios\n", stderr);
        }
        good = good && matrix_add_stories(&verb->matrix, catalogue);
    }
    return good && (!asked->cell || narrow(verb));
}

static bool set_combinations(struct matrix_verb *verb)
{
    const struct merged *merged = verb->merged;
    const char *against = verb->asked.against;
    char *copies = merged ? inputs_against(merged->folders[0], against) : NULL;
    bool good = matrix_set_combinations(&verb->matrix, copies ? copies : against, verb->error);
    free(copies);
    return good;
}

/* Refuses programs where they cannot be, or nobody has allowed them. */
static bool may_start_all(const struct matrix_verb *verb)
{
    const struct matrix *matrix = &verb->matrix;
    for (size_t i = 0; i < matrix->combination_count && !verb->merged; i++) {
        const struct combination *one = &matrix->combinations[i];
        if (one->file.programs && matrix->host->virtual_time) {
            clean_line(stderr,
                       "hustings matrix: %s starts programs, and the model runs none; add "
                       "--on processes",
                       one->name);
            return false;
        }
        if (one->file.programs && !matrix->allow_exec) {
            clean_line(stderr,
                       "hustings matrix: %s starts programs, which may do whatever you "
                       "may; if you trust them, add --allow-exec",
                       one->name);
            return false;
        }
    }
    return true;
}

int matrix_with(const char *program, int argc, char **argv, const struct merged *merged)
{
    struct terminal_state state = {0};
    struct matrix_verb verb = {
        .asked.program = program, .merged = merged, .terminal.state = &state};
    int code = matrix_options(&verb.asked, argc, argv, merged != NULL);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    code = EXIT_USAGE;
    terminal_probe(&verb.terminal);
    verb.matrix.host = verb.asked.grid.host;
    verb.matrix.move = verb.asked.move;
    verb.matrix.allow_exec = verb.asked.allow_exec;
    verb.matrix.options.redis_server = verb.asked.redis_server;
    if (add_stories(&verb)) {
        if (!set_combinations(&verb)) {
            clean_line(stderr, "hustings matrix: --against: %s", verb.error);
        } else if ((!verb.asked.cell || narrow_combinations(&verb)) && may_start_all(&verb)) {
            code = matrix_verb_run(&verb);
        }
    }
    matrix_free(&verb.matrix);
    return code;
}

int cli_matrix(const char *program, int argc, char **argv)
{
    return matrix_with(program, argc, argv, NULL);
}
