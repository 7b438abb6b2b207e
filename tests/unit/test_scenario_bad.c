/* Every file of tests/bad must be refused with exactly the lines of its .expect file: place, text
 * at fault, what is wrong, how to fix it. tests/bad/README.md says how to add one, and what its
 * placeholders are. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"
#include "src/owners.h"

static const char folder[] = TESTS_DIR "/bad";

static int is_scenario(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;
    if (!file || getdelim(&text, &size, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    if (file) {
        fclose(file);
    }
    return text;
}

/* What lint prints of a file of this folder. */
static char *problems_of(const char *name)
{
    char path[512];
    char *text = NULL;
    size_t size = 0;
    struct scenario scenario;
    struct scenario_report report;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    bool good = scenario_load(path, &scenario, &report);
    FILE *stream = open_memstream(&text, &size);
    scenario_report_print(stream, name, &report);
    fclose(stream);
    scenario_free(&scenario);
    assert_false(good);
    return text;
}

/* The rows of a table that go with one of these topologies, as lint lists them: "none, token". */
static void put_rows(FILE *out, enum owner owner, uint32_t topologies)
{
    const char *joint = "";
    for (size_t row = 0; owner_row_name(owner, row); row++) {
        if (owner_topologies(owner, row) & topologies) {
            fprintf(out, "%s%s", joint, owner_row_name(owner, row));
            joint = ", ";
        }
    }
}

/* What stands for the rows of a table in an expectation; so a new row changes none of them. */
static const struct placeholder {
    const char *text;
    enum owner owner;
    uint32_t topologies;
} placeholders[] = {
    {"{protocols}", OWNER_PROTOCOL, UINT32_MAX},
    {"{locks}", OWNER_LOCK, UINT32_MAX},
    {"{locks of independent}", OWNER_LOCK, 1u << TOPOLOGY_INDEPENDENT},
};

/* Writes what stands at `text`, one character or the rows of a placeholder; returns its length. */
static size_t put_filled(FILE *out, const char *text)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
        size_t length = strlen(placeholders[i].text);
        if (strncmp(text, placeholders[i].text, length) == 0) {
            put_rows(out, placeholders[i].owner, placeholders[i].topologies);
            return length;
        }
    }
    fputc(*text, out);
    return 1;
}

/* The expectation with its placeholders filled; NULL if there is none. Frees `text`. */
static char *filled(char *text)
{
    if (!text) {
        return NULL;
    }
    char *result = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&result, &size);
    for (const char *at = text; *at;) {
        at += put_filled(out, at);
    }
    fclose(out);
    free(text);
    return result;
}

static void every_bad_file_is_refused_as_expected(void **state)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_scenario, alphasort);
    int wrong = 0;
    (void)state;
    assert_true(count >= 40);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char path[512];
        snprintf(path, sizeof path, "%s/%.*s.expect", folder, (int)strlen(name) - 5, name);
        char *expected = filled(read_text(path));
        char *got = problems_of(name);
        if (!expected || strcmp(got, expected) != 0) {
            print_error("%s\n  expected:\n%s  got:\n%s", name, expected ? expected : "(no file)\n",
                        got);
            wrong++;
        }
        free(expected);
        free(got);
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_bad_file_is_refused_as_expected)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
