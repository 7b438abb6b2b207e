/* datapackage.json, from what describes the tables. See datapackage.h. */
#include "sim/results/datapackage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/results/files.h"
#include "sim/results/json_out.h"

static void put_field(struct json_out *out, const struct column *column)
{
    json_open(out, NULL, '{');
    json_text(out, "name", column->name);
    json_text(out, "type", column->type);
    json_text(out, "description", column->description);
    if (*column->unit) {
        json_text(out, "unit", column->unit);
    }
    if (column->required) {
        json_open(out, "constraints", '{');
        json_flag(out, "required", true);
        json_close(out);
    }
    json_close(out);
}

static void put_schema(struct json_out *out, const struct described_table *table)
{
    json_open(out, "schema", '{');
    json_open(out, "fields", '[');
    for (size_t i = 0; i < table->count; i++) {
        struct column column = table->column(table->self, i);
        put_field(out, &column);
    }
    json_close(out);
    json_open(out, "missingValues", '[');
    json_text(out, NULL, "");
    json_close(out);
    json_close(out);
}

static void put_resource(struct json_out *out, const struct described_table *table)
{
    char path[64];
    snprintf(path, sizeof path, "%s.csv", table->name);
    json_open(out, NULL, '{');
    json_text(out, "name", table->name);
    json_text(out, "path", path);
    json_text(out, "profile", "tabular-data-resource");
    json_text(out, "title", table->title);
    json_text(out, "format", "csv");
    json_text(out, "mediatype", "text/csv");
    json_text(out, "encoding", "utf-8");
    json_open(out, "dialect", '{');
    json_text(out, "delimiter", ",");
    json_text(out, "quoteChar", "\"");
    json_flag(out, "doubleQuote", true);
    json_flag(out, "header", true);
    json_close(out);
    put_schema(out, table);
    json_close(out);
}

bool datapackage_write(const char *path, const struct described *described)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    if (!file) {
        return false;
    }
    struct json_out out = json_out(file, 5);
    json_open(&out, NULL, '{');
    json_text(&out, "profile", "tabular-data-package");
    json_text(&out, "name", described->name);
    json_text(&out, "title", described->title);
    json_open(&out, "resources", '[');
    for (size_t i = 0; i < described->count; i++) {
        put_resource(&out, &described->tables[i]);
    }
    json_close(&out);
    json_close(&out);
    bool whole = !ferror(file);
    bool wrote = fclose(file) == 0 && whole && replace_file(path, text, length);
    free(text);
    return wrote;
}
