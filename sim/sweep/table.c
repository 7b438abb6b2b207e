/* sweep.csv. See table.h. */
#include "sim/sweep/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "sim/results/csv.h"
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

static void put_header(struct csv *csv, const struct axes *axes)
{
    csv_text(csv, "cell");
    for (size_t i = 0; i < axes->count; i++) {
        const struct axis *axis = &axes->list[i];
        char name[200];
        if (axis->count > 1) {
            snprintf(name, sizeof name, "%s%s", axis->key, axis->is_time ? "_ms" : "");
            csv_text(csv, name);
        }
    }
    for (int i = 0; i < FIGURES; i++) {
        csv_text(csv, figure_rows[i].name);
    }
    csv_text(csv, "why");
    csv_end_row(csv, column_total(axes));
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
        if (axis->count > 1 && axis->is_time) {
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
