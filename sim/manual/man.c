/* The pages for `man`, in the language mdoc. See manual.h. */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "sim/manual/manual.h"
#include "sim/manual/markup.h"

/* The day on which the pages were last read as a whole. That of the build would make other bytes of
 * the same sources. */
#define DAY "November 30, 2026"

#define PROGRAM "hustings"
#define COLUMNS 78 /* of the source: mandoc -Tlint wants no longer lines */
#define MOST(array) (sizeof(array) / sizeof *(array))

/* --- text ------------------------------------------------------------------------------------- */

/* Where a line of the source stands. */
struct page {
    FILE *out;
    size_t column;
    bool bold; /* within backticks */
};

static void end_line(struct page *page)
{
    if (page->column > 0) {
        fputc('\n', page->out);
        page->column = 0;
    }
}

/* A character beyond ASCII, as its number in Unicode. Returns its length in bytes. */
static size_t put_beyond(FILE *out, const unsigned char *at)
{
    size_t more = *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : 1;
    uint32_t code = *at & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        assert((at[i] & 0xc0) == 0x80); /* the tables are good UTF-8 */
        code = code << 6 | (at[i] & 0x3fu);
    }
    fprintf(out, "\\[u%04X]", (unsigned)code);
    return 1 + more;
}

/* Puts so much of a text so that roff takes nothing in it for more than text. */
static void put_escaped(struct page *page, const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        if (*at >= 0x80) {
            at += put_beyond(page->out, at);
            continue;
        }
        if (*at == '`') {
            page->bold = !page->bold;
            fputs(page->bold ? "\\fB" : "\\fP", page->out);
        } else if (*at == '\\') {
            fputs("\\e", page->out);
        } else if (*at == '-') {
            fputs("\\-", page->out);
        } else {
            fputc(*at, page->out);
        }
        at++;
    }
}

static bool ends_sentence(const char *word, size_t length)
{
    while (length > 0 && strchr("`)", word[length - 1])) {
        length--;
    }
    return length > 1 && strchr(".?!", word[length - 1]) && word[length - 2] != '.';
}

/* A paragraph: each sentence begins a line, as mdoc wants it. */
static void put_text(struct page *page, const char *text)
{
    char plain[MARKUP_SIZE];
    snprintf(plain, sizeof plain, "%s", text);
    for (char *at = plain; (at = strstr(at, "$0")); at++) {
        assert(strlen(plain) + sizeof PROGRAM < sizeof plain);
        memmove(at + strlen(PROGRAM), at + 2, strlen(at + 2) + 1);
        memcpy(at, PROGRAM, strlen(PROGRAM));
    }
    for (const char *word = plain; *word;) {
        size_t length = strcspn(word, " \n");
        if (page->column > 0 && page->column + 1 + length > COLUMNS - 8) {
            end_line(page);
        }
        if (page->column > 0) {
            fputc(' ', page->out);
            page->column++;
        } else if (*word == '.' || *word == '\'') {
            fputs("\\&", page->out);
        }
        put_escaped(page, word, length);
        page->column += length + 1;
        if (ends_sentence(word, length)) {
            end_line(page);
        }
        word += length;
        word += strspn(word, " \n");
    }
    end_line(page);
}

static void put_paragraphs(struct page *page, const char *text, bool first)
{
    char paragraph[MARKUP_SIZE];
    while (markup_paragraph(&text, paragraph, sizeof paragraph)) {
        if (!first) {
            fputs(".Pp\n", page->out);
        }
        put_text(page, paragraph);
        first = false;
    }
}

/* --- parts ------------------------------------------------------------------------------------ */

/* The words of a usage, as macros: "--set KEY=VALUES... | list". `gap` stands before the first. */
static void put_words(struct page *page, const char *gap, const char *words, size_t length)
{
    const char *end = words + length;
    while (words < end) {
        size_t word = strcspn(words, " |.[]");
        word = word < (size_t)(end - words) ? word : (size_t)(end - words);
        if (word == 0) {
            size_t dots = strspn(words, ".");
            fputs(dots > 0 ? " ..." : *words == '|' ? " |" : "", page->out);
            words += dots > 0 ? dots : 1;
            continue;
        }
        bool option = words[0] == '-' && words[1] == '-';
        fprintf(page->out, "%s%s ", gap,
                option                             ? "Fl"
                : islower((unsigned char)words[0]) ? "Cm"
                                                   : "Ar");
        put_escaped(page, words + option, word - option);
        words += word;
        gap = " ";
    }
}

/* What may be left out stands in brackets, and `...` behind what may come again. */
static void put_usage(struct page *page, const char *usage)
{
    while (*usage) {
        bool optional = *usage == '[';
        size_t length = strcspn(usage, optional ? "]" : " ");
        if (optional) {
            length += 1 + strspn(usage + length + 1, ".");
        }
        fputs(optional ? ".Op" : ".", page->out);
        put_words(page, optional ? " " : "", usage, length);
        fputc('\n', page->out);
        usage += length;
        usage += strspn(usage, " ");
    }
}

static void put_synopsis(struct page *page, const struct verb *verb)
{
    fputs(".Sh SYNOPSIS\n", page->out);
    for (size_t i = 0; i < MOST(verb->usage) && verb->usage[i]; i++) {
        fputs(".Nm " PROGRAM "\n", page->out);
        if (verb->name) {
            fprintf(page->out, ".Cm %s\n", verb->name);
        }
        put_usage(page, verb->usage[i]);
    }
    if (!verb->name) {
        fputs(".Nm " PROGRAM "\n.Fl -version\n", page->out);
    }
}

static void begin_list(struct page *page)
{
    fputs(".Bl -tag -width Ds\n", page->out);
}

static void end_list(struct page *page)
{
    fputs(".El\n", page->out);
}

static void put_item(struct page *page, const char *macro, const char *name)
{
    fprintf(page->out, ".It%s ", macro);
    put_escaped(page, name, strlen(name));
    fputc('\n', page->out);
}

static void put_arguments(struct page *page, const struct verb *verb)
{
    if (!verb->arguments[0].name) {
        return;
    }
    fputs(".Pp\nThe arguments are:\n", page->out);
    begin_list(page);
    for (size_t i = 0; i < MOST(verb->arguments) && verb->arguments[i].name; i++) {
        const struct argument *argument = &verb->arguments[i];
        put_item(page, islower((unsigned char)*argument->name) ? " Cm" : " Ar", argument->name);
        put_text(page, argument->help);
    }
    end_list(page);
}

static void put_option(struct page *page, const struct option_row *row)
{
    char text[MARKUP_SIZE];
    fputs(".It", page->out);
    if (row->letter) {
        fprintf(page->out, " Fl %c ,", row->letter);
    }
    fputs(" Fl \\-", page->out);
    put_escaped(page, row->name, strlen(row->name));
    if (row->value) {
        fputs(row->kind == OPTION_SWITCH ? " Ns Oo = Ns Ar " : " Ar ", page->out);
        put_escaped(page, row->value, strlen(row->value));
        fputs(row->kind == OPTION_SWITCH ? " Oc" : "", page->out);
    }
    fputc('\n', page->out);
    markup_of_option(row, text, sizeof text);
    put_text(page, text);
}

static void put_options(struct page *page, const struct verb *verb)
{
    struct options options;
    verb_options(verb, &options);
    fputs(".Pp\nThe options are:\n", page->out);
    begin_list(page);
    for (size_t i = 0; i < options.count; i++) {
        if (options.rows[i].heading) {
            end_list(page);
            fprintf(page->out, ".Pp\n%s:\n", options.rows[i].heading);
            begin_list(page);
        }
        put_option(page, &options.rows[i]);
    }
    fputs(".It Fl h , Fl \\-help\nprint a summary of this page\n", page->out);
    end_list(page);
}

static void put_named(struct page *page, const char *section, const char *macro,
                      const struct named *named, size_t most)
{
    if (!named[0].name) {
        return;
    }
    fprintf(page->out, ".Sh %s\n", section);
    begin_list(page);
    for (size_t i = 0; i < most && named[i].name; i++) {
        put_item(page, macro, named[i].name);
        put_text(page, named[i].help);
    }
    end_list(page);
}

static void put_exits(struct page *page, const struct verb *verb)
{
    fputs(".Sh EXIT STATUS\n", page->out);
    begin_list(page);
    for (size_t i = 0; verb->exits[i].means; i++) {
        fprintf(page->out, ".It %d\n", verb->exits[i].code);
        put_text(page, verb->exits[i].means);
    }
    end_list(page);
}

/* Commands stand as they are typed. */
static void put_command(struct page *page, const char *command)
{
    fputs(".Bd -literal -offset indent\n", page->out);
    while (*command) {
        size_t length = strcspn(command, "$\n");
        put_escaped(page, command, length);
        command += length;
        if (strncmp(command, "$0", 2) == 0) {
            fputs(PROGRAM, page->out);
            command += 2;
        } else if (*command) {
            fputc(*command++, page->out);
        }
    }
    fputs("\n.Ed\n", page->out);
}

static void put_examples(struct page *page, const struct verb *verb)
{
    fputs(".Sh EXAMPLES\n", page->out);
    for (size_t i = 0; i < MOST(verb->examples) && verb->examples[i].command; i++) {
        const char *about = verb->examples[i].about;
        if (about) {
            char text[MARKUP_SIZE];
            snprintf(text, sizeof text, "%c%s:", toupper((unsigned char)*about), about + 1);
            put_text(page, text);
        }
        put_command(page, verb->examples[i].command);
    }
}

/* The pages of a list of verbs, in the order of the alphabet. */
static void put_see(struct page *page, const char *const *names, size_t count, bool program)
{
    const char *last = "";
    fputs(".Sh SEE ALSO\n", page->out);
    if (program) {
        fprintf(page->out, ".Xr " PROGRAM " 1%s\n", count > 0 ? " ," : "");
    }
    for (size_t done = 0; done < count; done++) {
        const char *next = NULL;
        for (size_t i = 0; i < count; i++) {
            if (strcmp(names[i], last) > 0 && (!next || strcmp(names[i], next) < 0)) {
                next = names[i];
            }
        }
        assert(next); /* no name is there twice */
        fprintf(page->out, ".Xr " PROGRAM "-%s 1%s\n", next, done + 1 < count ? " ," : "");
        last = next;
    }
}

/* --- pages ------------------------------------------------------------------------------------ */

static void put_head(struct page *page, const struct verb *verb)
{
    char name[OPTION_TEXT_SIZE];
    int length = snprintf(name, sizeof name, PROGRAM "%s%s", verb->name ? "-" : "",
                          verb->name ? verb->name : "");
    fprintf(page->out, ".\\\" Made of the tables of the command line by `" PROGRAM " help`.\n"
                       ".Dd " DAY "\n.Dt ");
    for (int i = 0; i < length; i++) {
        fputc(toupper((unsigned char)name[i]), page->out);
    }
    fprintf(page->out, " 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n", name, verb->summary);
}

static void put_verbs(struct page *page, const struct book *book)
{
    fputs(".Pp\nThe verbs are:\n", page->out);
    begin_list(page);
    for (size_t i = 0; book->verbs[i]; i++) {
        put_item(page, " Cm", book->verbs[i]->name);
        put_text(page, book->verbs[i]->summary);
    }
    end_list(page);
}

static void put_other_pages(struct page *page, const struct book *book, const struct verb *verb)
{
    const char *names[64];
    size_t count = 0;
    if (verb->name) {
        while (count < MOST(verb->see) && verb->see[count]) {
            count++;
        }
        put_see(page, verb->see, count, true);
        return;
    }
    for (; book->verbs[count]; count++) {
        assert(count < MOST(names));
        names[count] = book->verbs[count]->name;
    }
    put_see(page, names, count, false);
}

void manual_man(const struct book *book, const struct verb *verb, FILE *out)
{
    struct page page = {.out = out};
    put_head(&page, verb);
    put_synopsis(&page, verb);
    fputs(".Sh DESCRIPTION\n", out);
    put_paragraphs(&page, verb->about, true);
    if (!verb->name) {
        put_verbs(&page, book);
    }
    put_arguments(&page, verb);
    put_options(&page, verb);
    put_paragraphs(&page, verb->notes, false);
    put_named(&page, "ENVIRONMENT", " Ev", verb->environment, MOST(verb->environment));
    put_named(&page, "FILES", " Pa", verb->files, MOST(verb->files));
    put_exits(&page, verb);
    put_examples(&page, verb);
    put_other_pages(&page, book, verb);
}
