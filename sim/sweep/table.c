/* sweep.csv. See table.h. */
#include "sim/sweep/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/csv.h"
#include "sim/results/describing.h"
#include "sim/results/files.h"
#include "src/units.h"

/* Rows that are gathered before they go out. */
#define BYTES_AT_ONCE 65536

static size_t column_total(const struct axes *axes)
{
    size_t count = 1 + FIGURES + 1;
    for (size_t i = 0; i < axes->count; i++) {
        count += axes->list[i].count > 1;
    }
    return count;
}

#define ALWAYS true
#define MAY_BE_EMPTY false

/* Whether all values of an axis are whole numbers, as typed. */
static bool is_whole(const struct axis *axis)
{
    bool whole = !axis->is_time && axis->measured;
    for (size_t i = 0; i < axis->count && whole; i++) {
        const char *value = axis_value(axis, i);
        size_t digits = strspn(value, "0123456789");
        whole = digits > 0 && digits <= 18 && value[digits] == '\0';
    }
    return whole;
}

/* A key that varies: its values are times, numbers or words. */
static struct column column_of_axis(const struct axis *axis)
{
    const char *type = is_whole(axis) ? "integer" : axis->measured ? "number" : "string";
    return (struct column){axis->column, type, axis->is_time && axis->measured ? "ms" : "", ALWAYS,
                           "A key of the scenario, by which the points differ"};
}

static struct column column_of_figure(enum figure figure)
{
    static const char *const types[] = {[KIND_COUNT] = "integer",
                                        [KIND_TRIAL] = "integer",
                                        [KIND_TIME] = "number",
                                        [KIND_RATE] = "number"};
    const struct figure_row *row = &figure_rows[figure];
    return (struct column){row->name, types[row->kind], row->kind == KIND_TIME ? "ms" : "",
                           MAY_BE_EMPTY, row->meaning[0] ? row->meaning : "likewise"};
}

/* All columns, in their order: the point's number, the keys, the figures, why it was not run. */
static struct column column_of_sweep(const void *self, size_t index)
{
    const struct axes *axes = self;
    size_t at = 1;
    assert(index < column_total(axes));
    for (size_t i = 0; i < axes->count; i++) {
        if (axes->list[i].count > 1 && at++ == index) {
            return column_of_axis(&axes->list[i]);
        }
    }
    return index == 0
               ? (struct column){"cell", "integer", "", ALWAYS, "Number of the point, from 1"}
           : index < at + FIGURES ? column_of_figure((enum figure)(index - at))
                                  : (struct column){"why", "string", "", MAY_BE_EMPTY,
                                                    "Why it was not run: its values make no "
                                                    "scenario"};
}

static void put_header(struct csv *csv, const struct axes *axes)
{
    for (size_t i = 0; i < column_total(axes); i++) {
        csv_text(csv, column_of_sweep(axes, i).name);
    }
    csv_end_row(csv, column_total(axes));
}

bool table_describe(const struct axes *axes, const char *folder, char *error, size_t error_size)
{
    const struct described_table table = {.name = "sweep",
                                          .title = "A row a point",
                                          .count = column_total(axes),
                                          .column = column_of_sweep,
                                          .self = axes};
    const struct described described = {"hustings-sweep", "A scenario at many values", &table, 1};
    return describe_folder(&described, folder, error, error_size);
}

static void put_figure(struct csv *csv, const struct point *point, enum figure figure)
{
    int64_t value = point->of[figure];
    char text[40];
    switch (figure_rows[figure].kind) {
    case KIND_COUNT:
        csv_integer(csv, value);
        break;
    case KIND_TIME:
        csv_ms(csv, value);
        break;
    case KIND_TRIAL:
        if (value == NEVER_NS) {
            csv_empty(csv);
        } else {
            csv_integer(csv, value);
        }
        break;
    case KIND_RATE:
        snprintf(text, sizeof text, "%.3f", (double)value / 1e3);
        csv_text(csv, text);
        break;
    }
}

static void put_row(struct csv *csv, const struct plan *plan, size_t cell,
                    const struct point *point)
{
    size_t values[AXES_MAX];
    plan_values(plan, cell, values);
    csv_unsigned(csv, cell + 1);
    for (size_t i = 0; i < plan->axes->count; i++) {
        const struct axis *axis = &plan->axes->list[i];
        if (axis->count > 1 && axis->is_time && axis->measured) {
            csv_ms(csv, (int64_t)axis->sizes[values[i]]);
        } else if (axis->count > 1) {
            csv_text(csv, axis_value(axis, values[i]));
        }
    }
    for (enum figure i = 0; i < FIGURES; i++) {
        if (point->why[0]) {
            csv_empty(csv);
        } else {
            put_figure(csv, point, i);
        }
    }
    csv_text(csv, point->why);
    csv_end_row(csv, column_total(plan->axes));
}

bool table_write(const struct points *points, const char *path)
{
    struct csv csv = {0};
    struct growing file = {.fd = -1};
    put_header(&csv, points->plan->axes);
    bool good = growing_open(&file, path, csv.bytes, csv.failed ? 0 : csv.length);
    csv.length = 0;
    for (size_t cell = 0; good && !csv.failed && cell < points->plan->cells; cell++) {
        struct point point;
        if (points->read(points->self, cell, &point) || point.why[0]) {
            put_row(&csv, points->plan, cell, &point);
        }
        if (csv.length > BYTES_AT_ONCE || (cell + 1 == points->plan->cells && csv.length > 0)) {
            good = growing_append(&file, csv.bytes, csv.length);
            csv.length = 0;
        }
    }
    if (csv.failed) {
        errno = ENOMEM;
        good = false;
    }
    good = growing_close(&file) && good;
    csv_free(&csv);
    return good;
}
