/* plan.txt: what is written is read again, whatever is in it, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/cli/plan_words.h"

#define MANY 1000

struct place {
    char folder[40], file[60];
};

static struct place new_place(void)
{
    struct place place = {.folder = "/tmp/hustings-plan-XXXXXX"};
    assert_non_null(mkdtemp(place.folder));
    snprintf(place.file, sizeof place.file, "%s/" PLAN_FILE, place.folder);
    return place;
}

static void remove_place(const struct place *place)
{
    unlink(place->file);
    assert_int_equal(rmdir(place->folder), 0);
}

static void put(const struct place *place, const char *text)
{
    FILE *file = fopen(place->file, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void is_read(const struct place *place, struct plan_words *plan)
{
    char error[300];
    if (!plan_words_read(plan, place->folder, error, sizeof error)) {
        fail_msg("%s", error);
    }
    assert_null(plan->words[plan->count]);
}

static void what_is_written_is_read_again(void **state)
{
    const struct option_list sets = {{"nodes=2,3", "about=a \\ and a\nline"}, 2};
    const char *const words[] = {"a\nb.yaml", "c\\n.yaml", ""};
    static const char *const expected[] = {"sweep",
                                           "--on",
                                           "model",
                                           "--trials",
                                           "7",
                                           "--confirm",
                                           "0",
                                           "--seed",
                                           "0",
                                           "--set",
                                           "nodes=2,3",
                                           "--set",
                                           "about=a \\ and a\nline",
                                           "--",
                                           "a\nb.yaml",
                                           "c\\n.yaml",
                                           ""};
    const struct plan_of of = {.verb = "sweep",
                               .host = "model",
                               .trials = 7,
                               .has_confirm = true,
                               .has_seed = true,
                               .sets = &sets,
                               .words = words,
                               .word_count = 3};
    struct place place = new_place();
    struct plan_words plan;
    size_t length;
    char *text = plan_write(&of, &length);
    (void)state;
    assert_non_null(text);
    assert_int_equal(strlen(text), length);
    put(&place, text);
    is_read(&place, &plan);
    assert_int_equal(plan.count, sizeof expected / sizeof *expected);
    for (int i = 0; i < plan.count; i++) {
        assert_string_equal(plan.words[i], expected[i]);
    }
    plan_words_free(&plan);
    free(text);
    remove_place(&place);
}

static void any_number_of_words(void **state)
{
    static const char *words[MANY];
    struct place place = new_place();
    struct plan_words plan;
    size_t length;
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        words[i] = "story.yaml";
    }
    const struct plan_of of = {
        .verb = "matrix", .host = "model", .words = words, .word_count = MANY};
    char *text = plan_write(&of, &length);
    put(&place, text);
    is_read(&place, &plan);
    assert_int_equal(plan.count, MANY + 4);
    plan_words_free(&plan);
    free(text);
    remove_place(&place);
}

static void nothing_else_is_read(void **state)
{
    static const char *const texts[] = {"",
                                        "\n",
                                        "run\n",
                                        "run\n-h\n",
                                        "run\n--\n-h",
                                        "run\n--on\n",
                                        "run\n--on\nmodel\n",
                                        "run\n--on\nmodel\n--out\nx\n--\na.yaml\n",
                                        "run\n--redis-server\nevil\n--\na.yaml\n",
                                        "sweep\n--allow-exec\n--\na.yaml\n",
                                        "sweep\n--help\n--\n--\n"};
    struct place place = new_place();
    struct plan_words plan;
    char error[300] = "";
    (void)state;
    assert_false(plan_words_read(&plan, place.folder, error, sizeof error));
    assert_non_null(strstr(error, "plan.txt: cannot be read: No such file"));
    plan_words_free(&plan);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool is_word = strcmp(texts[i], "run\n--\n-h") == 0; /* behind --, it is no option */
        put(&place, texts[i]);
        if (plan_words_read(&plan, place.folder, error, sizeof error) != is_word) {
            fail_msg("%s", texts[i]);
        }
        plan_words_free(&plan);
    }
    remove_place(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(any_number_of_words),
        cmocka_unit_test(nothing_else_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
