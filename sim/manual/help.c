/* A verb's help on the screen. See manual.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/manual/manual.h"
#include "sim/manual/markup.h"
#include "sim/results/command.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"

#define COLUMN 24 /* where what is said of an option begins */
#define ARGUMENT_MARGIN "  "
#define HELP_ROW "  -h, --help", "show this"

struct help {
    const char *program; /* harmless, and a word of a shell */
    struct terminal_options screen;
};

static void put_paragraphs(const struct help *help, const char *text)
{
    char paragraph[MARKUP_SIZE], plain[MARKUP_SIZE];
    while (markup_paragraph(&text, paragraph, sizeof paragraph)) {
        markup_plain(paragraph, help->program, plain, sizeof plain);
        putchar('\n');
        style_paragraph(&help->screen, STYLE_PLAIN, "", STYLE_PLAIN, plain, 0);
    }
}

/* A name, and what is said of it in a column of its own. */
static void put_row(const struct help *help, const char *name, const char *text)
{
    char plain[MARKUP_SIZE], lead[MARKUP_SIZE];
    markup_plain(text, help->program, plain, sizeof plain);
    bool is_long = strlen(name) + 1 > COLUMN - 1;
    if (is_long) {
        puts(name);
    }
    snprintf(lead, sizeof lead, "%-*s", COLUMN, is_long ? "" : name);
    style_paragraph(&help->screen, STYLE_PLAIN, lead, STYLE_PLAIN, plain, 0);
}

static void put_usage(const struct help *help, const struct verb *verb)
{
    for (size_t i = 0; i < sizeof verb->usage / sizeof *verb->usage && verb->usage[i]; i++) {
        printf("%s %s %s%s%s\n", i == 0 ? "Usage:" : "      ", help->program, verb->name,
               *verb->usage[i] ? " " : "", verb->usage[i]);
    }
}

static void put_arguments(const struct help *help, const struct verb *verb)
{
    size_t most = sizeof verb->arguments / sizeof *verb->arguments;
    if (verb->arguments[0].name) {
        putchar('\n');
    }
    for (size_t i = 0; i < most && verb->arguments[i].name; i++) {
        char name[80];
        snprintf(name, sizeof name, ARGUMENT_MARGIN "%s", verb->arguments[i].name);
        put_row(help, name, verb->arguments[i].help);
    }
}

static void put_options(const struct help *help, const struct verb *verb)
{
    struct options options;
    char name[80], text[MARKUP_SIZE];
    bool helped = false;
    verb_options(verb, &options);
    putchar('\n');
    for (size_t i = 0; i < options.count; i++) {
        const struct option_row *row = &options.rows[i];
        if (row->heading && !helped) {
            put_row(help, HELP_ROW);
            helped = true;
        }
        if (row->heading) {
            printf("\n%s:\n", row->heading);
        }
        markup_option_name(row, name, sizeof name);
        markup_of_option(row, text, sizeof text);
        put_row(help, name, text);
    }
    if (!helped) {
        put_row(help, HELP_ROW);
    }
}

/* A command that can be typed here, as it is: never broken. */
static void put_command(const struct help *help, const char *command)
{
    char plain[MARKUP_SIZE];
    markup_plain(command, help->program, plain, sizeof plain);
    fputs("    ", stdout);
    for (const char *at = plain; *at; at++) {
        fputs(*at == '\n' ? "\n    " : (char[]){*at, '\0'}, stdout);
    }
    putchar('\n');
}

static void put_examples(const struct help *help, const struct verb *verb)
{
    size_t most = sizeof verb->examples / sizeof *verb->examples;
    assert(verb->examples[0].command);
    for (size_t i = 0; i < most && verb->examples[i].command; i++) {
        const char *about = verb->examples[i].about;
        printf("\nExample:%s%s\n", about ? " " : "", about ? about : "");
        put_command(help, verb->examples[i].command);
    }
}

static void put_exits(const struct help *help, const struct verb *verb)
{
    printf("\nExit status:\n");
    for (size_t i = 0; verb->exits[i].means; i++) {
        char name[16], text[MARKUP_SIZE];
        snprintf(name, sizeof name, "%5d  ", verb->exits[i].code);
        markup_plain(verb->exits[i].means, help->program, text, sizeof text);
        style_paragraph(&help->screen, STYLE_PLAIN, name, STYLE_PLAIN, text, 0);
    }
}

static void put_named(const struct help *help, const char *heading, const struct named *named,
                      size_t most)
{
    if (named[0].name) {
        printf("\n%s:\n", heading);
    }
    for (size_t i = 0; i < most && named[i].name; i++) {
        char name[80];
        snprintf(name, sizeof name, ARGUMENT_MARGIN "%s", named[i].name);
        put_row(help, name, named[i].help);
    }
}

void manual_help(const char *program, const struct verb *verb)
{
    char name[4096];
    struct help help = {.screen = {.out = stdout}};
    shell_word(program, name, sizeof name);
    help.program = clean_text(name, name, sizeof name);
    terminal_probe(&help.screen);
    put_usage(&help, verb);
    put_paragraphs(&help, verb->about);
    put_arguments(&help, verb);
    put_options(&help, verb);
    put_paragraphs(&help, verb->notes);
    put_named(&help, "Environment", verb->environment,
              sizeof verb->environment / sizeof *verb->environment);
    put_named(&help, "Files", verb->files, sizeof verb->files / sizeof *verb->files);
    put_examples(&help, verb);
    put_exits(&help, verb);
}
