/* The pages for `man`, in the language mdoc. See manual.h. */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "sim/manual/manual.h"
#include "sim/manual/markup.h"
#include "sim/manual/roff.h"

#define PROGRAM ROFF_PROGRAM
#define MOST(array) (sizeof(array) / sizeof *(array))

/* --- parts ------------------------------------------------------------------------------------ */

/* The words of a usage, as macros: "--set KEY=VALUES... | list". `gap` stands before the first. */
static void put_words(struct roff *page, const char *gap, const char *words, size_t length)
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
        roff_escaped(page, words + option, word - option);
        words += word;
        gap = " ";
    }
}

/* What may be left out stands in brackets, and `...` behind what may come again. */
static void put_usage(struct roff *page, const char *usage)
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

static void put_synopsis(struct roff *page, const struct verb *verb)
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

static void put_arguments(struct roff *page, const struct verb *verb)
{
    if (!verb->arguments[0].name) {
        return;
    }
    fputs(".Pp\nThe arguments are:\n", page->out);
    roff_begin_list(page);
    for (size_t i = 0; i < MOST(verb->arguments) && verb->arguments[i].name; i++) {
        const struct argument *argument = &verb->arguments[i];
        roff_item(page, islower((unsigned char)*argument->name) ? " Cm" : " Ar", argument->name);
        roff_text(page, argument->help);
    }
    roff_end_list(page);
}

static void put_option(struct roff *page, const struct option_row *row)
{
    char text[MARKUP_SIZE];
    fputs(".It", page->out);
    if (row->letter) {
        fprintf(page->out, " Fl %c ,", row->letter);
    }
    fputs(" Fl \\-", page->out);
    roff_escaped(page, row->name, strlen(row->name));
    if (row->value) {
        fputs(row->kind == OPTION_SWITCH ? " Ns Oo = Ns Ar " : " Ar ", page->out);
        roff_escaped(page, row->value, strlen(row->value));
        fputs(row->kind == OPTION_SWITCH ? " Oc" : "", page->out);
    }
    fputc('\n', page->out);
    markup_of_option(row, text, sizeof text);
    roff_text(page, text);
}

static void put_options(struct roff *page, const struct verb *verb)
{
    struct options options;
    verb_options(verb, &options);
    fputs(".Pp\nThe options are:\n", page->out);
    roff_begin_list(page);
    for (size_t i = 0; i < options.count; i++) {
        if (options.rows[i].heading) {
            roff_end_list(page);
            fprintf(page->out, ".Pp\n%s:\n", options.rows[i].heading);
            roff_begin_list(page);
        }
        put_option(page, &options.rows[i]);
    }
    fputs(".It Fl h , Fl \\-help\nprint a summary of this page\n", page->out);
    roff_end_list(page);
}

static void put_named(struct roff *page, const char *section, const char *macro,
                      const struct named *named, size_t most)
{
    if (!named[0].name) {
        return;
    }
    fprintf(page->out, ".Sh %s\n", section);
    roff_begin_list(page);
    for (size_t i = 0; i < most && named[i].name; i++) {
        roff_item(page, macro, named[i].name);
        roff_text(page, named[i].help);
    }
    roff_end_list(page);
}

static void put_exits(struct roff *page, const struct verb *verb)
{
    fputs(".Sh EXIT STATUS\n", page->out);
    roff_begin_list(page);
    for (size_t i = 0; verb->exits[i].means; i++) {
        fprintf(page->out, ".It %d\n", verb->exits[i].code);
        roff_text(page, verb->exits[i].means);
    }
    roff_end_list(page);
}

static void put_examples(struct roff *page, const struct verb *verb)
{
    fputs(".Sh EXAMPLES\n", page->out);
    for (size_t i = 0; i < MOST(verb->examples) && verb->examples[i].command; i++) {
        const char *about = verb->examples[i].about;
        fputs(i > 0 ? ".Pp\n" : "", page->out);
        if (about) {
            char text[MARKUP_SIZE];
            snprintf(text, sizeof text, "%c%s:", toupper((unsigned char)*about), about + 1);
            roff_text(page, text);
        }
        roff_literal(page, verb->examples[i].command);
    }
}

/* Whether the page of scenarios belongs to what is to be seen. */
static bool is_about_scenarios(const struct verb *verb)
{
    bool is = !verb->name;
    for (size_t i = 0; i < MOST(verb->arguments) && verb->arguments[i].name; i++) {
        enum takes takes = verb->arguments[i].takes;
        is = is || takes == TAKES_SCENARIO || takes == TAKES_TOPIC;
    }
    return is;
}

/* The pages of a list of verbs, in the order of the alphabet. */
static void put_see(struct roff *page, const struct verb *verb, const char *const *names,
                    size_t count)
{
    const char *last = "";
    bool scenarios = is_about_scenarios(verb);
    fputs(".Sh SEE ALSO\n", page->out);
    if (verb->name) {
        fprintf(page->out, ".Xr " PROGRAM " 1%s\n", count > 0 || scenarios ? " ," : "");
    }
    for (size_t done = 0; done < count; done++) {
        const char *next = NULL;
        for (size_t i = 0; i < count; i++) {
            if (strcmp(names[i], last) > 0 && (!next || strcmp(names[i], next) < 0)) {
                next = names[i];
            }
        }
        assert(next); /* no name is there twice */
        fprintf(page->out, ".Xr " PROGRAM "-%s 1%s\n", next,
                done + 1 < count || scenarios ? " ," : "");
        last = next;
    }
    if (scenarios) {
        fputs(".Xr " PROGRAM "-scenario 5\n", page->out);
    }
}

/* --- pages ------------------------------------------------------------------------------------ */

static void put_head(struct roff *page, const struct verb *verb)
{
    char name[OPTION_TEXT_SIZE];
    int length = snprintf(name, sizeof name, PROGRAM "%s%s", verb->name ? "-" : "",
                          verb->name ? verb->name : "");
    fprintf(page->out, ".\\\" Made of the tables of the command line by `" PROGRAM " help`.\n"
                       ".Dd " ROFF_DAY "\n.Dt ");
    for (int i = 0; i < length; i++) {
        fputc(toupper((unsigned char)name[i]), page->out);
    }
    fprintf(page->out, " 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n", name, verb->summary);
}

static void put_verbs(struct roff *page, const struct book *book)
{
    fputs(".Pp\nThe verbs are:\n", page->out);
    roff_begin_list(page);
    for (size_t i = 0; book->verbs[i]; i++) {
        roff_item(page, " Cm", book->verbs[i]->name);
        roff_text(page, book->verbs[i]->summary);
    }
    roff_end_list(page);
}

static void put_other_pages(struct roff *page, const struct book *book, const struct verb *verb)
{
    const char *names[64];
    size_t count = 0;
    if (verb->name) {
        while (count < MOST(verb->see) && verb->see[count]) {
            count++;
        }
        put_see(page, verb, verb->see, count);
        return;
    }
    for (; book->verbs[count]; count++) {
        assert(count < MOST(names));
        names[count] = book->verbs[count]->name;
    }
    put_see(page, verb, names, count);
}

void manual_man(const struct book *book, const struct verb *verb, FILE *out)
{
    struct roff page = {.out = out};
    put_head(&page, verb);
    put_synopsis(&page, verb);
    fputs(".Sh DESCRIPTION\n", out);
    roff_paragraphs(&page, verb->about, true);
    if (!verb->name) {
        put_verbs(&page, book);
    }
    put_arguments(&page, verb);
    put_options(&page, verb);
    roff_paragraphs(&page, verb->notes, false);
    put_named(&page, "ENVIRONMENT", " Ev", verb->environment, MOST(verb->environment));
    put_named(&page, "FILES", " Pa", verb->files, MOST(verb->files));
    put_exits(&page, verb);
    put_examples(&page, verb);
    put_other_pages(&page, book, verb);
}
