/* A verb's table in all forms: whatever stands in it, it stays text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "sim/manual/manual.h"

struct walk {
    int how;
    const char *file;
    const char *really;
};

static const struct option_row rows[] = {{.name = "how",
                                          .letter = 'w',
                                          .kind = OPTION_WORD,
                                          .at = offsetof(struct walk, how),
                                          .words = "slowly|fast",
                                          .value = "WORD",
                                          .help = "don't ask: it's [so] a\\b",
                                          .usual = "slowly"},
                                         {.name = "file",
                                          .kind = OPTION_TEXT,
                                          .at = offsetof(struct walk, file),
                                          .value = "FILE",
                                          .takes = TAKES_FILE,
                                          .help = "a *file* of `$0 walk`",
                                          .more = "It ends. So does this"},
                                         {.name = "really",
                                          .kind = OPTION_SWITCH,
                                          .at = offsetof(struct walk, really),
                                          .value = "false",
                                          .help = "really",
                                          .heading = "Of the way"},
                                         {0}};

static const struct verb walk = {
    .name = "walk",
    .summary = "it's a walk",
    .usage = {"[OPTION]... [FROM | TO]... --file FILE a", "here"},
    .about = ".lines begin as they like. 'So do these: a\\b … end.\n\nA second one.",
    .arguments = {{"FROM", TAKES_SCENARIO, "where from"}, {"here", TAKES_ANY, "where one is"}},
    .rows = rows,
    .examples = {{"a try", "$0 walk \\\n    --how fast"}},
    .exits = {{0, "there"}, {2, "wrong usage"}},
    .see = {"walk"},
};
static const struct verb program = {
    .summary = "all",
    .usage = {"VERB"},
    .about = "All.",
    .rows = rows + 3,
    .examples = {{NULL, "$0 walk"}},
    .exits = {{0, "good"}},
};
static const struct verb *const verbs[] = {&walk, NULL};
static const struct book book = {.program = &program, .verbs = verbs};

static char *text;
static size_t length;
static FILE *file;

static void begin(void)
{
    file = open_memstream(&text, &length);
    assert_non_null(file);
}

/* What was written has each of these, in this order. */
static void ends_with_all_of(const char *const *wanted)
{
    assert_int_equal(fclose(file), 0);
    const char *at = text;
    for (; *wanted; wanted++) {
        const char *found = strstr(at, *wanted);
        if (!found) {
            fail_msg("there is no %s in\n%s", *wanted, at);
        }
        at = found ? found + strlen(*wanted) : at;
    }
    free(text);
}

static void test_man(void **state)
{
    static const char *const wanted[] = {
        ".Dt HUSTINGS-WALK 1\n",
        ".Nd it's a walk\n",
        ".Op Ar OPTION ...\n.Op Ar FROM | Ar TO ...\n.Fl \\-file\n.Ar FILE\n.Cm a\n",
        ".Nm hustings\n.Cm walk\n.Cm here\n",
        "\n\\&.lines begin as they like.\n\\&'So do these: a\\eb \\[u2026] end.\n.Pp\nA second",
        ".It Ar FROM\nwhere from\n.It Cm here\n",
        ".It Fl w , Fl \\-how Ar WORD\n",
        "don't ask: it's [so] a\\eb (\\fBslowly\\fP or \\fBfast\\fP; default slowly)\n",
        ".It Fl \\-file Ar FILE\na *file* of \\fBhustings walk\\fP.\nIt ends.\nSo does this.\n",
        ".Pp\nOf the way:\n",
        ".It Fl \\-really Ns Oo = Ns Ar false Oc\n",
        ".It 0\nthere\n",
        "A try:\n.Bd -literal -offset indent\nhustings walk \\e\n    \\-\\-how fast\n.Ed\n",
        NULL};
    (void)state;
    begin();
    manual_man(&book, &walk, file);
    ends_with_all_of(wanted);
}

static void test_markdown(void **state)
{
    static const char *const wanted[] = {
        "## walk\n\n    sim/hustings walk [OPTION]... [FROM | TO]... --file FILE a\n",
        "- `-w, --how WORD`: don't ask: it's \\[so] a\\b (`slowly` or `fast`; default slowly)\n",
        "- `--file FILE`: a \\*file\\* of `sim/hustings walk`. It ends. So does this.\n",
        "\nFor example, a try:\n\n    sim/hustings walk \\\n        --how fast\n", NULL};
    (void)state;
    begin();
    manual_markdown(&book, &walk, file);
    ends_with_all_of(wanted);
}

static void test_bash(void **state)
{
    static const char *const wanted[] = {
        "    walk)\n",
        "--how | -w)\n            _hustings_words 'slowly fast'\n            return ;;\n",
        "--file)\n            _hustings_take file\n",
        "'--how --file --really --help'\n",
        "_hustings_take scenario\n        _hustings_words 'here'\n",
        NULL};
    (void)state;
    begin();
    manual_bash(&book, file);
    ends_with_all_of(wanted);
}

static void test_zsh(void **state)
{
    static const char *const wanted[] = {
        "'walk:it'\\''s a walk'\n",
        "'(-w --how)'{-w,--how=}'[don'\\''t ask\\: it'\\''s \\[so\\] a\\\\b]:WORD:(slowly fast)'",
        "'--file=[a *file* of hustings walk]:FILE:_files'",
        "'--really=-[really]::false:(true false)'",
        "'*:FROM:_hustings_scenarios'\n",
        NULL};
    (void)state;
    begin();
    manual_zsh(&book, file);
    ends_with_all_of(wanted);
}

static void test_fish(void **state)
{
    static const char *const wanted[] = {
        "complete -c hustings -n __hustings_verb -a walk -d 'it'\\''s a walk'\n",
        "-l how -s w -rf -a 'slowly fast' -d 'don'\\''t ask: it'\\''s [so] a\\\\b'\n",
        "-l file -rF -d 'a *file* of hustings walk'\n",
        "-l really -d 'really'\n",
        "-a 'here'\n",
        NULL};
    (void)state;
    begin();
    manual_fish(&book, file);
    ends_with_all_of(wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_man), cmocka_unit_test(test_markdown), cmocka_unit_test(test_bash),
        cmocka_unit_test(test_zsh), cmocka_unit_test(test_fish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
