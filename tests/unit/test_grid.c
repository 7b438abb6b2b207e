/* A grid of cells: whatever befalls it, at the end the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/grid/eta.h"
#include "sim/grid/grid_run.h"
#include "sim/grid/lines.h"
#include "sim/text/clock.h"
#include "src/units.h"

#define CELLS 37

static const struct grid_plan plan = {.kind = "sweep", .text = "a plan", .cells = CELLS};

struct counted {
    size_t times[CELLS]; /* each cell is one thread's alone */
    size_t done, stop_after;
    size_t fails; /* this cell; CELLS: none */
};

/* Lines of very different lengths. */
static bool cell(void *self, size_t number, uint32_t worker, FILE *line, char *error)
{
    struct counted *counted = self;
    (void)worker;
    counted->times[number]++;
    if (number == counted->fails) {
        snprintf(error, GRID_ERROR, "the disk of cell %zu is full", number);
        return false;
    }
    fprintf(line, "%zu", number * number);
    for (size_t i = 0; i < number * 40; i++) {
        fputc('x', line);
    }
    return true;
}

static bool done(void *self, size_t number, const char *line)
{
    struct counted *counted = self;
    assert_int_equal(strtoul(line, NULL, 10), number * number);
    return ++counted->done != counted->stop_after;
}

struct place {
    char folder[64], file[96];
};

static struct place new_place(void)
{
    struct place place = {.folder = "/tmp/hustings-grid-XXXXXX"};
    assert_non_null(mkdtemp(place.folder));
    snprintf(place.file, sizeof place.file, "%s/%s", place.folder, GRID_FILE);
    return place;
}

static void remove_place(const struct place *place)
{
    unlink(place->file);
    assert_int_equal(rmdir(place->folder), 0);
}

static char *bytes_of(const struct place *place)
{
    static char bytes[1 << 16];
    FILE *file = fopen(place->file, "r");
    assert_non_null(file);
    bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
    fclose(file);
    return bytes;
}

static struct grid *open_grid(const struct place *place)
{
    char error[GRID_ERROR];
    struct grid *grid = grid_open(place->folder, &plan, error, sizeof error);
    if (!grid) {
        fail_msg("%s", error);
    }
    return grid;
}

static enum grid_end run(const struct place *place, struct counted *counted, struct shard shard,
                         uint32_t jobs)
{
    char error[GRID_ERROR];
    struct grid *grid = open_grid(place);
    struct spare spare = {.most = jobs};
    const struct grid_work work = {
        .self = counted, .shard = shard, .jobs = jobs, .spare = &spare, .cell = cell, .done = done};
    enum grid_end end = grid_run(grid, &work, error, sizeof error);
    assert_int_equal(atomic_load(&spare.count), jobs); /* each gives his processor away */
    if (end == GRID_FAILED) {
        assert_string_equal(error, "the disk of cell 5 is full");
    }
    assert_true(grid_seal(grid, error, sizeof error));
    grid_close(grid);
    return end;
}

/* What a run leaves that nothing befalls; the caller's. */
static char *undisturbed(void)
{
    struct place place = new_place();
    struct counted counted = {.fails = CELLS};
    assert_int_equal(run(&place, &counted, shard_all(), 1), GRID_WHOLE);
    char *bytes = strdup(bytes_of(&place));
    remove_place(&place);
    return bytes;
}

static void threads_leave_the_same_bytes(void **state)
{
    char *expected = undisturbed();
    struct place place = new_place();
    struct counted counted = {.fails = CELLS};
    (void)state;
    assert_int_equal(run(&place, &counted, shard_all(), 8), GRID_WHOLE);
    assert_string_equal(bytes_of(&place), expected);
    for (size_t i = 0; i < CELLS; i++) {
        assert_int_equal(counted.times[i], 1);
    }
    remove_place(&place);
    free(expected);
}

/* Killed at any byte: what was finished is not run again, and the end is the same. */
static void a_killed_run_goes_on(void **state)
{
    char *expected = undisturbed();
    (void)state;
    for (size_t length = 0; length <= strlen(expected); length += 97) {
        struct place place = new_place();
        struct counted counted = {.fails = CELLS};
        FILE *file = fopen(place.file, "w");
        assert_non_null(file);
        fwrite(expected, 1, length, file);
        fclose(file);
        struct grid *grid = open_grid(&place);
        size_t before = grid_finished(grid);
        grid_close(grid);
        assert_int_equal(run(&place, &counted, shard_all(), 1 + (uint32_t)(length % 3)),
                         GRID_WHOLE);
        assert_int_equal(counted.done, CELLS - before);
        assert_string_equal(bytes_of(&place), expected);
        remove_place(&place);
    }
    free(expected);
}

static void shards_are_merged_to_the_same_bytes(void **state)
{
    char *expected = undisturbed();
    char error[GRID_ERROR];
    struct place places[5], all = new_place();
    (void)state;
    struct grid *grid = open_grid(&all);
    for (uint32_t i = 0; i < 5; i++) {
        struct counted counted = {.fails = CELLS};
        places[i] = new_place();
        assert_int_equal(run(&places[i], &counted, (struct shard){i, 5}, 2), GRID_WHOLE);
        assert_int_equal(counted.done, shard_cells((struct shard){i, 5}, CELLS));
    }
    for (uint32_t i = 5; i-- > 0;) {
        assert_true(grid_take(grid, places[i].folder, error, sizeof error));
        assert_true(grid_take(grid, places[i].folder, error, sizeof error));
    }
    assert_int_equal(grid_finished(grid), CELLS);
    assert_true(grid_seal(grid, error, sizeof error));
    assert_string_equal(bytes_of(&all), expected);
    char *line = grid_line(grid, 36);
    assert_non_null(line);
    assert_int_equal(strlen(line), 4 + 36 * 40);
    free(line);
    grid_close(grid);
    for (uint32_t i = 0; i < 5; i++) {
        remove_place(&places[i]);
    }
    remove_place(&all);
    free(expected);
}

/* The file that takes the place of ours when it is put in order is locked before it is there. */
static void a_sealed_file_is_ours(void **state)
{
    struct place place = new_place();
    char error[GRID_ERROR];
    (void)state;
    struct grid *grid = open_grid(&place);
    for (size_t i = CELLS; i-- > 0;) {
        assert_true(grid_add(grid, i, "a line", error, sizeof error));
    }
    assert_true(grid_seal(grid, error, sizeof error));
    assert_null(grid_open(place.folder, &plan, error, sizeof error));
    assert_non_null(strstr(error, "another hustings is at work"));
    assert_int_equal(grid_finished(grid), CELLS);
    grid_close(grid);
    grid = open_grid(&place);
    assert_int_equal(grid_finished(grid), CELLS);
    grid_close(grid);
    remove_place(&place);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct place place = new_place(), other = new_place();
    char error[GRID_ERROR];
    (void)state;
    struct grid_plan another = plan;
    struct counted counted = {.fails = CELLS};
    assert_int_equal(run(&place, &counted, shard_all(), 1), GRID_WHOLE);
    another.text = "another plan";
    assert_null(grid_open(place.folder, &another, error, sizeof error));
    assert_non_null(strstr(error, "it is of another run"));
    struct grid *grid = open_grid(&place);
    assert_null(grid_open(place.folder, &plan, error, sizeof error));
    assert_non_null(strstr(error, "another hustings is at work"));
    assert_false(grid_take(grid, other.folder, error, sizeof error));
    FILE *file = fopen(other.file, "w");
    assert_non_null(file);
    char head[LINE_HEAD];
    line_head(3, "nine", head);
    fprintf(file, "%.*s\n%snine\n", (int)strcspn(bytes_of(&place), "\n"), bytes_of(&place), head);
    fclose(file);
    assert_false(grid_take(grid, other.folder, error, sizeof error));
    assert_non_null(strstr(error, "cell 3 came out differently"));
    grid_close(grid);
    file = fopen(other.file, "a");
    assert_non_null(file);
    line_head(37, "beyond", head);
    fprintf(file, "%sbeyond\n", head);
    fclose(file);
    assert_null(grid_open(other.folder, &plan, error, sizeof error));
    assert_non_null(strstr(error, "cells.txt:3: this line is not as hustings left it"));
    file = fopen(other.file, "w");
    assert_non_null(file);
    line_head(3, "nine", head);
    fprintf(file, "%.*s\n%snine%cten\n", (int)strcspn(bytes_of(&place), "\n"), bytes_of(&place),
            head, '\0');
    fclose(file);
    assert_null(grid_open(other.folder, &plan, error, sizeof error));
    assert_non_null(strstr(error, "cells.txt:2: this line is not as hustings left it"));
    remove_place(&place);
    remove_place(&other);
}

static void assert_refused(const struct place *place, const char *bytes, const char *told)
{
    char error[GRID_ERROR];
    FILE *file = fopen(place->file, "w");
    assert_non_null(file);
    fputs(bytes, file);
    fclose(file);
    assert_null(grid_open(place->folder, &plan, error, sizeof error));
    assert_non_null(strstr(error, told));
    assert_string_equal(bytes_of(place), bytes);
}

static void what_somebody_has_changed_is_refused_and_left_alone(void **state)
{
    struct place place = new_place();
    struct counted counted = {.fails = CELLS};
    (void)state;
    assert_int_equal(run(&place, &counted, shard_all(), 1), GRID_WHOLE);
    char *bytes = strdup(bytes_of(&place));
    assert_non_null(bytes);
    for (char *at = strchr(bytes, '\n') + 1, *end; *at; at = end + 1) {
        end = strchr(at, '\n');
        end[-1] ^= 1;
        assert_refused(&place, bytes, "this line is not as hustings left it");
        end[-1] ^= 1;
    }
    assert_refused(&place, "my notes\n", "it is not of hustings");
    free(bytes);
    remove_place(&place);
}

static void it_stops_when_told(void **state)
{
    struct place place = new_place();
    struct counted counted = {.fails = CELLS, .stop_after = 3};
    (void)state;
    assert_int_equal(run(&place, &counted, shard_all(), 1), GRID_STOPPED);
    assert_int_equal(counted.done, 3);
    counted = (struct counted){.fails = 5};
    assert_int_equal(run(&place, &counted, shard_all(), 1), GRID_FAILED);
    assert_int_equal(counted.done, 2);
    remove_place(&place);
}

static void a_shard_is_read(void **state)
{
    struct shard shard;
    (void)state;
    assert_true(shard_parse("3/8", &shard));
    assert_int_equal(shard.index, 2);
    assert_int_equal(shard.count, 8);
    const char *const wrong[] = {"",     "3",    "0/8", "9/8", "3/",       "/8",
                                 "3/8x", "+3/8", "3/0", "a/8", "1/100001", "-1/8"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(shard_parse(wrong[i], &shard));
    }
}

static void assert_shard(uint32_t index, uint32_t count, const char *from)
{
    char error[600];
    const char *variable = NULL;
    struct shard shard;
    if (!shard_from_environment(&shard, &variable, error, sizeof error)) {
        fail_msg("%s", error);
    }
    assert_int_equal(shard.index, index);
    assert_int_equal(shard.count, count);
    if (from) {
        assert_string_equal(variable, from);
    } else {
        assert_null(variable);
    }
}

/* NOLINTBEGIN(concurrency-mt-unsafe): there is one thread */
static void schedulers_say_which_shard(void **state)
{
    char error[600];
    const char *variable;
    struct shard shard;
    (void)state;
    assert_shard(0, 1, NULL);
    setenv("OMPI_COMM_WORLD_RANK", "3", 1);
    setenv("OMPI_COMM_WORLD_SIZE", "4", 1);
    assert_shard(3, 4, "OMPI_COMM_WORLD_RANK");
    setenv("JOB_COMPLETION_INDEX", "0", 1);
    assert_false(shard_from_environment(&shard, &variable, error, sizeof error));
    assert_non_null(strstr(error, "HUSTINGS_SHARDS"));
    setenv("HUSTINGS_SHARDS", "2", 1);
    assert_shard(0, 2, "JOB_COMPLETION_INDEX");
    setenv("SLURM_ARRAY_TASK_ID", "10", 1);
    setenv("SLURM_ARRAY_TASK_MIN", "4", 1);
    setenv("SLURM_ARRAY_TASK_STEP", "2", 1);
    setenv("SLURM_ARRAY_TASK_COUNT", "4", 1);
    assert_shard(3, 4, "SLURM_ARRAY_TASK_ID");
    setenv("SLURM_ARRAY_TASK_ID", "12", 1);
    assert_false(shard_from_environment(&shard, &variable, error, sizeof error));
    assert_non_null(strstr(error, "not one of 4 tasks"));
    /* --array=4,6,9,10 */
    setenv("SLURM_ARRAY_TASK_ID", "6", 1);
    setenv("SLURM_ARRAY_TASK_MAX", "10", 1);
    assert_shard(1, 4, "SLURM_ARRAY_TASK_ID");
    setenv("SLURM_ARRAY_TASK_STEP", "1", 1);
    assert_false(shard_from_environment(&shard, &variable, error, sizeof error));
    assert_non_null(strstr(error, "not numbered evenly"));
    setenv("SLURM_ARRAY_TASK_STEP", "4", 1);
    setenv("SLURM_ARRAY_TASK_COUNT", "2", 1);
    assert_false(shard_from_environment(&shard, &variable, error, sizeof error));
    setenv("SLURM_ARRAY_TASK_ID", "x", 1);
    assert_false(shard_from_environment(&shard, &variable, error, sizeof error));
}

/* NOLINTEND(concurrency-mt-unsafe) */

static void the_time_that_is_left_is_told(void **state)
{
    char text[40];
    struct grid_progress progress = {.finished = 20, .cells = 100, .run = 10, .ns = 5 * NS_PER_S};
    (void)state;
    assert_string_equal(eta_text(&progress, text, sizeof text), "40 s");
    progress.ns = 50 * NS_PER_S;
    assert_string_equal(eta_text(&progress, text, sizeof text), "6 min 40 s");
    progress.ns = 500 * NS_PER_S;
    assert_string_equal(eta_text(&progress, text, sizeof text), "1 h 6 min");
    progress.run = 0;
    assert_string_equal(eta_text(&progress, text, sizeof text), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_leave_the_same_bytes),
        cmocka_unit_test(a_killed_run_goes_on),
        cmocka_unit_test(shards_are_merged_to_the_same_bytes),
        cmocka_unit_test(a_sealed_file_is_ours),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(what_somebody_has_changed_is_refused_and_left_alone),
        cmocka_unit_test(it_stops_when_told),
        cmocka_unit_test(a_shard_is_read),
        cmocka_unit_test(schedulers_say_which_shard),
        cmocka_unit_test(the_time_that_is_left_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
