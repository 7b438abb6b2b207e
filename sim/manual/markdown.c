/* The manual as one page of Markdown. See manual.h. */
#include <assert.h>
#include <string.h>

#include "sim/manual/manual.h"
#include "sim/manual/markup.h"

#define PROGRAM "sim/hustings"
#define COLUMNS 100
#define MOST(array) (sizeof(array) / sizeof *(array))

/* Puts a paragraph, broken at COLUMNS: the first line behind `lead`, the others below its text.
 * What would be a mark of Markdown, and is none, is escaped. */
static void put_text(FILE *out, const char *lead, size_t indent, const char *text)
{
    bool code = false;
    size_t column = strlen(lead);
    fputs(lead, out);
    for (bool first = true; *text; first = false) {
        size_t length = strcspn(text, " \n");
        const char *program = strstr(text, "$0");
        size_t more = program && program < text + length ? strlen(PROGRAM) - 2 : 0;
        if (!first && column + 1 + length + more > COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            fputc(' ', out);
            column++;
        }
        for (size_t i = 0; i < length; i++) {
            code = code != (text[i] == '`');
            if (strncmp(text + i, "$0", 2) == 0) {
                fputs(PROGRAM, out);
                i++;
            } else {
                fputs(!code && strchr("*_<[|", text[i]) ? "\\" : "", out);
                fputc(text[i], out);
            }
        }
        column += length + more;
        text += length;
        text += strspn(text, " \n");
    }
    fputc('\n', out);
}

static void put_paragraphs(FILE *out, const char *text)
{
    char paragraph[MARKUP_SIZE];
    while (markup_paragraph(&text, paragraph, sizeof paragraph)) {
        fputc('\n', out);
        put_text(out, "", 0, paragraph);
    }
}

/* An item of a list: what it is called, as it is typed, and what is said of it. */
static void put_item(FILE *out, const char *name, const char *text)
{
    char lead[200];
    snprintf(lead, sizeof lead, "- `%s`: ", name);
    put_text(out, lead, 2, text);
}

static void put_named(FILE *out, const char *title, const struct named *named, size_t most)
{
    if (named[0].name) {
        fprintf(out, "\n%s:\n\n", title);
    }
    for (size_t i = 0; i < most && named[i].name; i++) {
        put_item(out, named[i].name, named[i].help);
    }
}

static void put_options(FILE *out, const struct verb *verb)
{
    struct options options;
    char name[80], text[MARKUP_SIZE];
    verb_options(verb, &options);
    if (options.count > 0) {
        fputs("\nOptions:\n\n", out);
    }
    for (size_t i = 0; i < options.count; i++) {
        if (options.rows[i].heading) {
            fprintf(out, "\n%s:\n\n", options.rows[i].heading);
        }
        markup_option_name(&options.rows[i], name, sizeof name);
        markup_of_option(&options.rows[i], text, sizeof text);
        put_item(out, name + strspn(name, " "), text);
    }
}

/* Lines of commands, as a block. */
static void put_commands(FILE *out, const char *text)
{
    fputs("\n    ", out);
    while (*text) {
        size_t length = strcspn(text, "$\n");
        fwrite(text, 1, length, out);
        text += length;
        if (strncmp(text, "$0", 2) == 0) {
            fputs(PROGRAM, out);
            text += 2;
        } else if (*text) {
            fputs(*text == '\n' ? "\n    " : "$", out);
            text++;
        }
    }
    fputc('\n', out);
}

static void put_verb(FILE *out, const struct verb *verb)
{
    fprintf(out, "\n## %s\n", verb->name);
    for (size_t i = 0; i < MOST(verb->usage) && verb->usage[i]; i++) {
        fprintf(out, "%s    " PROGRAM " %s %s\n", i == 0 ? "\n" : "", verb->name, verb->usage[i]);
    }
    put_paragraphs(out, verb->about);
    fputs(verb->arguments[0].name ? "\nArguments:\n\n" : "", out);
    for (size_t i = 0; i < MOST(verb->arguments) && verb->arguments[i].name; i++) {
        put_item(out, verb->arguments[i].name, verb->arguments[i].help);
    }
    put_options(out, verb);
    put_paragraphs(out, verb->notes);
    put_named(out, "Environment", verb->environment, MOST(verb->environment));
    put_named(out, "Files", verb->files, MOST(verb->files));
    for (size_t i = 0; i < MOST(verb->examples) && verb->examples[i].command; i++) {
        const char *about = verb->examples[i].about;
        fprintf(out, "\nFor example%s%s:\n", about ? ", " : "", about ? about : "");
        put_commands(out, verb->examples[i].command);
    }
    fputs("\nIt ends with:\n\n", out);
    for (size_t i = 0; verb->exits[i].means; i++) {
        char code[16];
        snprintf(code, sizeof code, "%d", verb->exits[i].code);
        put_item(out, code, verb->exits[i].means);
    }
}

void manual_markdown(const struct book *book, const struct verb *verb, FILE *out)
{
    if (verb && verb->name) {
        put_verb(out, verb);
        return;
    }
    fputs("# The command line\n\n", out);
    put_text(
        out, "", 0,
        "Made by `$0 help --to markdown` of the tables that read the command line; "
        "`tests/manual/write` makes it anew. The same is printed by `$0 help VERB`, and, where "
        "hustings is installed, by `man hustings-run` and its like.");
    put_paragraphs(out, book->program->about);
    fputc('\n', out);
    for (size_t i = 0; book->verbs[i]; i++) {
        fprintf(out, "- [%s](#%s): %s\n", book->verbs[i]->name, book->verbs[i]->name,
                book->verbs[i]->summary);
    }
    put_named(out, "Environment", book->program->environment, MOST(book->program->environment));
    for (size_t i = 0; book->verbs[i]; i++) {
        put_verb(out, book->verbs[i]);
    }
}
