/* Scripts that load the CSV files into sqlite3 and DuckDB. See load.h. */
#include "sim/results/load.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/files.h"

/* A type that both programs know, for one of Frictionless. */
static const char *sql_type(const struct column *column)
{
    if (strcmp(column->type, "integer") == 0) {
        return "BIGINT";
    }
    bool number = strcmp(column->type, "number") == 0;
    assert(number || strcmp(column->type, "string") == 0);
    return number ? "DOUBLE" : "TEXT";
}

/* Names are quoted: "check" is a word of SQL. A key of a scenario may have any letter in it. */
static void put_name(FILE *script, const char *name)
{
    fputc('"', script);
    for (; *name; name++) {
        fputs(*name == '"' ? "\"" : "", script);
        fputc(*name == '\n' ? ' ' : *name, script);
    }
    fputc('"', script);
}

static void put_table(FILE *script, const struct described_table *table)
{
    fprintf(script, "\n-- %s.\nCREATE TABLE \"%s\" (\n", table->title, table->name);
    for (size_t i = 0; i < table->count; i++) {
        struct column column = table->column(table->self, i);
        fputs("    ", script);
        put_name(script, column.name);
        fprintf(script, " %s%s%s -- %s\n", sql_type(&column), column.required ? " NOT NULL" : "",
                i + 1 < table->count ? "," : "", column.description);
    }
    fputs(");\n", script);
}

/* sqlite3 takes an empty cell for an empty text. */
static void put_empty_as_null(FILE *script, const struct described_table *table)
{
    const char *before = "SET ";
    fprintf(script, "UPDATE \"%s\" ", table->name);
    for (size_t i = 0; i < table->count; i++) {
        struct column column = table->column(table->self, i);
        if (!column.required) {
            fputs(before, script);
            put_name(script, column.name);
            fputs(" = nullif(", script);
            put_name(script, column.name);
            fputs(", '')", script);
            before = ",\n    ";
        }
    }
    fputs(";\n", script);
}

static void put_sqlite(FILE *script, const struct described *described)
{
    fputs("-- Loads the CSV files of this folder into an SQLite database that has no such tables "
          "yet.\n"
          "-- In this folder, with sqlite3 3.32 or newer:\n"
          "--\n"
          "--     sqlite3 run.db < " LOAD_SQLITE "\n"
          "--\n"
          "-- Times are in ms. An empty cell is NULL: it did not happen.\n"
          ".bail on\n"
          "BEGIN;\n",
          script);
    for (size_t i = 0; i < described->count; i++) {
        const char *name = described->tables[i].name;
        put_table(script, &described->tables[i]);
        fprintf(script, ".import --csv --skip 1 %s.csv %s\n", name, name);
        put_empty_as_null(script, &described->tables[i]);
    }
    fputs("\nCOMMIT;\n", script);
}

static void put_duckdb(FILE *script, const struct described *described)
{
    fputs("-- Loads the CSV files of this folder into a DuckDB database that has no such tables "
          "yet.\n"
          "-- In this folder:\n"
          "--\n"
          "--     duckdb run.duckdb < " LOAD_DUCKDB "\n"
          "--\n"
          "-- Times are in ms. An empty cell is NULL: it did not happen.\n"
          "BEGIN;\n",
          script);
    for (size_t i = 0; i < described->count; i++) {
        const char *name = described->tables[i].name;
        put_table(script, &described->tables[i]);
        fprintf(script,
                "COPY \"%s\" FROM '%s.csv'\n"
                "    (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '',"
                " AUTO_DETECT false);\n",
                name, name);
    }
    fputs("\nCOMMIT;\n", script);
}

static bool write_script(const char *path, const struct described *described,
                         void (*put)(FILE *script, const struct described *described))
{
    char *text = NULL;
    size_t length = 0;
    FILE *script = open_memstream(&text, &length);
    if (!script) {
        return false;
    }
    put(script, described);
    bool good = !ferror(script);
    good = fclose(script) == 0 && good; /* sets text and length */
    errno = good ? errno : ENOMEM;
    bool wrote = good && replace_file(path, text, length);
    free(text);
    return wrote;
}

bool load_sqlite_write(const char *path, const struct described *described)
{
    return write_script(path, described, put_sqlite);
}

bool load_duckdb_write(const char *path, const struct described *described)
{
    return write_script(path, described, put_duckdb);
}
