/* datapackage.json, from the table of columns. See datapackage.h. */
#include "sim/results/datapackage.h"

#include <errno.h>
#include <stdio.h>

#include "sim/results/columns.h"
#include "sim/results/json.h"

static bool add_field(cJSON *fields, const struct column *column)
{
    cJSON *field = json_append(fields);
    bool did = field && json_set_text(field, "name", column->name) &&
               json_set_text(field, "type", column->type) &&
               json_set_text(field, "description", column->description);
    if (did && *column->unit) {
        did = json_set_text(field, "unit", column->unit);
    }
    if (did && column->required) {
        cJSON *constraints = cJSON_AddObjectToObject(field, "constraints");
        did = constraints && cJSON_AddTrueToObject(constraints, "required");
    }
    return did;
}

static bool add_schema(cJSON *resource, enum results_table table)
{
    static const char *const missing[] = {""};
    cJSON *schema = cJSON_AddObjectToObject(resource, "schema");
    cJSON *fields = schema ? cJSON_AddArrayToObject(schema, "fields") : NULL;
    bool did = fields != NULL;
    for (size_t i = 0; did && i < column_count(table); i++) {
        struct column column = column_at(table, i);
        did = add_field(fields, &column);
    }
    return did && json_set(schema, "missingValues", cJSON_CreateStringArray(missing, 1));
}

static bool add_dialect(cJSON *resource)
{
    cJSON *dialect = cJSON_AddObjectToObject(resource, "dialect");
    return dialect && json_set_text(dialect, "delimiter", ",") &&
           json_set_text(dialect, "lineTerminator", "\r\n") &&
           json_set_text(dialect, "quoteChar", "\"") &&
           cJSON_AddTrueToObject(dialect, "doubleQuote") &&
           cJSON_AddTrueToObject(dialect, "header");
}

static bool add_resource(cJSON *resources, enum results_table table)
{
    const struct table *row = &results_tables[table];
    char path[64];
    snprintf(path, sizeof path, "%s.csv", row->name);
    cJSON *resource = json_append(resources);
    return resource && json_set_text(resource, "name", row->name) &&
           json_set_text(resource, "path", path) &&
           json_set_text(resource, "profile", "tabular-data-resource") &&
           json_set_text(resource, "title", row->title) &&
           json_set_text(resource, "format", "csv") &&
           json_set_text(resource, "mediatype", "text/csv") &&
           json_set_text(resource, "encoding", "utf-8") && add_dialect(resource) &&
           add_schema(resource, table);
}

static bool fill(cJSON *package)
{
    bool did = json_set_text(package, "profile", "tabular-data-package") &&
               json_set_text(package, "name", "hustings-results") &&
               json_set_text(package, "title", "What a run of hustings saw");
    cJSON *resources = did ? cJSON_AddArrayToObject(package, "resources") : NULL;
    did = resources != NULL;
    for (int table = 0; did && table < TABLES; table++) {
        did = add_resource(resources, (enum results_table)table);
    }
    return did;
}

bool datapackage_write(const char *path)
{
    cJSON *package = cJSON_CreateObject();
    errno = ENOMEM;
    bool wrote = package && fill(package) && json_write(package, path);
    cJSON_Delete(package);
    return wrote;
}
