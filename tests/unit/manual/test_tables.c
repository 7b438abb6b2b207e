/* The tables of the verbs: each says all that a manual needs, in the form that it needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "sim/cli/hosts.h"
#include "sim/cli/verbs.h"
#include "sim/manual/markup.h"

#define LINE 66        /* bytes of a summary: a line of 80 columns, and of a man page's head */
#define FIRST_LINE 110 /* bytes of what is said of an option in a line */

/* What fails is told with the verb and the option. */
static void expect(bool holds, const char *verb, const char *option, const char *what)
{
    if (!holds) {
        fail_msg("%s --%s: %s", verb, option ? option : "", what);
    }
}

static bool ends_in_stop(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    return length == 0 || text[length - 1] == '.' || text[length - 1] == '\n';
}

/* Backticks come in pairs. */
static bool is_paired(const char *text)
{
    size_t count = 0;
    for (; text && *text; text++) {
        count += *text == '`';
    }
    return count % 2 == 0;
}

static void look_at_row(const struct verb *verb, const struct option_row *row)
{
    expect(row->help && *row->help, verb->name, row->name, "has no help");
    expect(!ends_in_stop(row->help), verb->name, row->name, "the help ends in a full stop");
    expect(!row->more || !ends_in_stop(row->more), verb->name, row->name,
           "the rest of the help ends in a full stop, which is added");
    expect(is_paired(row->help) && is_paired(row->more), verb->name, row->name, "an odd backtick");
    expect((row->kind == OPTION_FLAG) == !row->value, verb->name, row->name,
           "a flag has no value, and all else a name for it");
    expect(row->kind != OPTION_WORD || row->words, verb->name, row->name, "has no words");
    expect(row->letter != 'h' && strcmp(row->name, "help") != 0, verb->name, row->name,
           "every verb has --help");
}

static size_t count_of(const struct option_row *rows)
{
    size_t count = 0;
    while (rows[count].name) {
        count++;
    }
    return count;
}

static void test_each_option_has_its_help(void **state)
{
    (void)state;
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        struct options options;
        verb_options(row->verb, &options);
        for (size_t i = 0; i < options.count; i++) {
            look_at_row(row->verb, &options.rows[i]);
            /* What a parameter is, src/ says, at what length it likes. */
            expect(i >= count_of(row->verb->rows) || strlen(options.rows[i].help) <= FIRST_LINE,
                   row->verb->name, options.rows[i].name, "the help is no line");
            for (size_t k = 0; k < i; k++) {
                expect(strcmp(options.rows[k].name, options.rows[i].name) != 0, row->verb->name,
                       options.rows[i].name, "is there twice");
            }
        }
    }
}

static const struct verb *find(const char *name)
{
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        if (strcmp(row->verb->name, name) == 0) {
            return row->verb;
        }
    }
    return NULL;
}

static void test_each_verb_says_what_it_is(void **state)
{
    (void)state;
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        const struct verb *verb = row->verb;
        expect(row->run != NULL, verb->name, NULL, "does nothing");
        expect(find(verb->name) == verb, verb->name, NULL, "is there twice");
        expect(strlen(verb->summary) <= LINE && !ends_in_stop(verb->summary), verb->name, NULL,
               "the summary is no line without a full stop");
        expect(verb->usage[0] != NULL, verb->name, NULL, "has no usage");
        expect(verb->about && is_paired(verb->about) && is_paired(verb->notes), verb->name, NULL,
               "is not explained");
        expect(verb->examples[0].command && strstr(verb->examples[0].command, "$0 "), verb->name,
               NULL, "has no example");
        for (size_t i = 0; i < sizeof verb->see / sizeof *verb->see && verb->see[i]; i++) {
            expect(find(verb->see[i]) && strcmp(verb->see[i], verb->name) != 0, verb->name, NULL,
                   "names a verb that there is not");
        }
    }
}

/* The codes of cli.h, in their order; wrong usage can be of every verb. */
static void test_each_verb_says_how_it_ends(void **state)
{
    (void)state;
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        int before = -1;
        bool usage = false;
        const struct verb_exit *exit = row->verb->exits;
        expect(exit->means && exit->code == 0, row->verb->name, NULL, "0 is not explained");
        for (; exit->means; exit++) {
            expect(exit->code > before, row->verb->name, NULL, "its codes are in no order");
            before = exit->code;
            usage = usage || exit->code == 2;
        }
        expect(usage, row->verb->name, NULL, "2 is not explained");
    }
}

/* The argument of a usage is a word in capitals; each is explained. */
static bool is_explained(const struct verb *verb, const char *word, size_t length)
{
    size_t most = sizeof verb->arguments / sizeof *verb->arguments;
    for (size_t i = 0; i < most && verb->arguments[i].name; i++) {
        const char *name = verb->arguments[i].name;
        if ((strlen(name) == length && strncmp(name, word, length) == 0) ||
            verb->arguments[i].takes == TAKES_TOPIC) {
            return true;
        }
    }
    return false;
}

static void test_each_argument_is_explained(void **state)
{
    (void)state;
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        const char *at = row->verb->usage[0];
        while (*at) {
            size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
            bool of_option = at > row->verb->usage[0] + 1 && at[-1] == ' ' && islower(at[-2]);
            if (length > 0 && !of_option && strncmp(at, "OPTION", 6) != 0 && at[length] != '=' &&
                (at == row->verb->usage[0] || at[-1] != '=')) {
                expect(is_explained(row->verb, at, length), row->verb->name, at,
                       "this argument is not explained");
            }
            at += length > 0 ? length : 1;
        }
    }
}

/* Where a verb takes a host, its words are the hosts that there are. */
static void test_the_hosts_are_those_of_the_table(void **state)
{
    (void)state;
    size_t looked = 0;
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        for (const struct option_row *option = row->verb->rows; option->name; option++) {
            char word[OPTION_TEXT_SIZE];
            size_t count = 0;
            if (strcmp(option->name, "on") != 0) {
                continue;
            }
            while (option_word(option, count, word, sizeof word)) {
                assert_non_null(host_find(word));
                count++;
            }
            assert_null(host_rows[count]);
            looked++;
        }
    }
    assert_true(looked >= 4);
}

static void test_what_is_said_of_an_option(void **state)
{
    char text[MARKUP_SIZE], plain[MARKUP_SIZE];
    const struct option_row row = {.name = "to",
                                   .letter = 'o',
                                   .kind = OPTION_WORD,
                                   .words = "a|b|c",
                                   .value = "WHERE",
                                   .help = "where `$0 go` goes",
                                   .more = "So far",
                                   .usual = "b"};
    const struct option_row flag = {.name = "fast", .kind = OPTION_FLAG, .help = "run"};
    (void)state;
    markup_of_option(&row, text, sizeof text);
    assert_string_equal(text, "where `$0 go` goes (`a`, `b` or `c`; default b). So far.");
    markup_plain(text, "./h", plain, sizeof plain);
    assert_string_equal(plain, "where ./h go goes (a, b or c; default b). So far.");
    markup_option_name(&row, text, sizeof text);
    assert_string_equal(text, "  -o, --to WHERE");
    markup_option_name(&flag, text, sizeof text);
    assert_string_equal(text, "      --fast");
    markup_of_option(&flag, text, sizeof text);
    assert_string_equal(text, "run");
}

/* A name that is longer than there is room is cut, and not written beyond it. */
static void test_a_long_name_of_the_program(void **state)
{
    char text[12];
    (void)state;
    markup_plain("try $0 run", "/a/very/long/path", text, sizeof text);
    assert_string_equal(text, "try /a/very");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_option_has_its_help),
        cmocka_unit_test(test_each_verb_says_what_it_is),
        cmocka_unit_test(test_each_verb_says_how_it_ends),
        cmocka_unit_test(test_each_argument_is_explained),
        cmocka_unit_test(test_the_hosts_are_those_of_the_table),
        cmocka_unit_test(test_what_is_said_of_an_option),
        cmocka_unit_test(test_a_long_name_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
