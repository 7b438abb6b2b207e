/* Every file of tests/bad must be refused with exactly the lines of its .expect file: place, text
 * at fault, what is wrong, how to fix it. tests/bad/README.md says how to add one. */
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
        char *expected = read_text(path);
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
