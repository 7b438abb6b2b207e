/* hustings help: what there is, and the manual of each verb. */
#include "sim/cli/help_verb.h"
#include "sim/cli/help.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/list.h"
#include "sim/cli/option.h"
#include "sim/cli/verbs.h"
#include "sim/manual/manual.h"
#include "sim/results/command.h"
#include "sim/results/files.h"
#include "sim/results/output.h"
#include "sim/results/shipped.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

void help_usage(const char *called, FILE *to)
{
    char first[SHIPPED_SIZE], program[4096];
    shell_word(called, program, sizeof program);
    clean_line(to, "Usage: %s VERB [OPTION]... [ARGUMENT]...", program);
    fputs("Puts leader elections and locks through Redis to the test.\n\n", to);
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        fprintf(to, "  %-10s %s\n", row->verb->name, row->verb->summary);
    }
    fputc('\n', to);
    clean_line(to, "  %s VERB --help    explains a verb, with an example", program);
    clean_line(to, "  %s --version", program);
    if (cli_shipped(called, "course/01-first-election.yaml", first, sizeof first)) {
        fputc('\n', to);
        clean_line(to, "Begin with: %s run %s", program, first);
        clean_line(to, "or be led through the lessons: %s course", program);
    }
}

/* Who names a scenario first wants it run. */
int help_no_verb(const char *called, const char *word)
{
    const char *dot = strrchr(word, '.');
    char program[4096], path[4096];
    shell_word(called, program, sizeof program);
    if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) {
        clean_line(stderr, "hustings: \"%s\" is no verb; to run it, try: %s run %s", word, program,
                   shell_word(word, path, sizeof path));
    } else {
        clean_line(stderr, "hustings: \"%s\" is no verb; try: %s --help", word, program);
    }
    return EXIT_USAGE;
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

/* --- the manual ------------------------------------------------------------------------------- */

#define VERBS_MAX 64

enum form { FORM_TEXT, FORM_MAN, FORM_MARKDOWN, FORM_BASH, FORM_ZSH, FORM_FISH };

struct help_asked {
    int form;
    bool has_form;
    const char *into; /* NULL: nowhere, print it */
};

static const struct option_row rows[] = {
    {.name = "to",
     .kind = OPTION_WORD,
     .at = offsetof(struct help_asked, form),
     .given = offsetof(struct help_asked, has_form),
     .words = "text|man|markdown|bash|zsh|fish",
     .value = "FORMAT",
     .help = "print it in this form",
     .more =
         "`man` is a page for `man -l`. `bash`, `zsh` and `fish` are what completes the words of "
         "hustings in that shell",
     .usual = "text"},
    {.name = "into",
     .kind = OPTION_TEXT,
     .at = offsetof(struct help_asked, into),
     .high = 4000,
     .value = "DIR",
     .takes = TAKES_FOLDER,
     .help = "write all pages for `man`, and what completes words, below this folder"},
    {0}};

const struct verb verb_help = {
    .name = "help",
    .summary = "the manual of a verb; pages for man; completion for your shell",
    .usage = {"[OPTION]... [VERB]"},
    .about = "Prints what `$0 VERB --help` prints; without a verb, the list of verbs.",
    .arguments = {{"VERB", TAKES_VERB, "one of those that `$0 help` lists"}},
    .rows = rows,
    .examples = {{NULL, "$0 help run"},
                 {"complete words in this bash", "source <($0 help --to bash)"}},
    .exits = {{0, "it was printed, or written"},
              {2, "wrong usage, or there is no such verb"},
              {3, "it could not be written"}},
};

/* The program itself, for its page. */
static const struct option_row program_rows[] = {
    {.name = "version",
     .kind = OPTION_FLAG,
     .help = "print the version, the commit and the compiler that it was built from and by"},
    {0}};
static const struct verb verb_program = {
    .summary = "puts leader elections and locks through Redis to the test",
    .usage = {"VERB [OPTION]... [ARGUMENT]..."},
    .about =
        "Puts leader elections and locks through Redis to the test. A scenario file says what the "
        "cluster is and what goes wrong. hustings forks the cluster for real, against a real "
        "Redis, "
        "and breaks it on cue; or it runs the same machines on a model, in virtual time. At the "
        "end "
        "you know who was elected, how long it took, and which promise was broken by whom and why.",
    .rows = program_rows,
    .examples = {{"be led through the lessons", "$0 course"},
                 {"watch an election", "$0 run course/01"},
                 {"what can be broken", "$0 list faults"}},
    .exits = {{0, "every expectation held, or nothing was wrong"},
              {1, "an expectation did not hold"},
              {2, "wrong usage, or a wrong scenario"},
              {3, "the world failed: no Redis, no memory, a full disk"},
              {4, "it could not be decided"},
              {5, "of a sweep or a matrix: not all was run, as the time was over"},
              {130, "it was interrupted"}},
    .environment = {{"HUSTINGS_REDIS_PASSWORD", "the password of a Redis, where its URL has none"},
                    {"NO_COLOR", "if it is set, there is no colour"},
                    {"COLUMNS", "how wide the screen is, where it is not known"}},
    .files = {{"share/hustings/scenarios/",
               "the lessons, the catalogue and examples, below the prefix that it is installed in"},
              {"share/doc/hustings/", "the manuals, likewise"}},
};

static struct book book_of(const struct verb *list[VERBS_MAX])
{
    size_t count = 0;
    for (; verb_rows[count].verb; count++) {
        assert(count + 1 < VERBS_MAX);
        list[count] = verb_rows[count].verb;
    }
    list[count] = NULL;
    return (struct book){.program = &verb_program, .verbs = list};
}

/* `verb`: NULL: the program. */
static void put(const struct book *book, enum form form, const struct verb *verb, FILE *out)
{
    switch (form) {
    case FORM_TEXT:
        break; /* it is printed as wide as the screen, by manual_help() */
    case FORM_MAN:
        manual_man(book, verb ? verb : book->program, out);
        break;
    case FORM_MARKDOWN:
        manual_markdown(book, verb, out);
        break;
    case FORM_BASH:
        manual_bash(book, out);
        break;
    case FORM_ZSH:
        manual_zsh(book, out);
        break;
    case FORM_FISH:
        manual_fish(book, out);
        break;
    }
}

/* Writes a file below a folder, and the folders that it lies in. `form`: FORM_TEXT: the page of
 * scenarios. */
static bool write_one(const char *folder, const char *name, const struct book *book, enum form form,
                      const struct verb *verb)
{
    char path[PATH_MAX];
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (memory && form == FORM_TEXT) {
        list_as_man(memory);
    } else if (memory) {
        put(book, form, verb, memory);
    }
    bool good = memory && fclose(memory) == 0;
    char *slash = strrchr(path, '/');
    *slash = '\0';
    good = good && make_folders(path);
    *slash = '/';
    good = good && output_write(path, text, length);
    if (!good) {
        clean_line(stderr, "hustings help: %s: %s", path, error_words(errno));
    }
    free(text);
    return good;
}

/* All of it, each file where a prefix has its like. */
static int write_all_forms(const char *folder, const struct book *book)
{
    bool good = write_one(folder, "man/man1/hustings.1", book, FORM_MAN, NULL) &&
                write_one(folder, "man/man5/hustings-scenario.5", book, FORM_TEXT, NULL) &&
                write_one(folder, "bash/hustings", book, FORM_BASH, NULL) &&
                write_one(folder, "zsh/_hustings", book, FORM_ZSH, NULL) &&
                write_one(folder, "fish/hustings.fish", book, FORM_FISH, NULL);
    for (size_t i = 0; good && book->verbs[i]; i++) {
        char name[100];
        snprintf(name, sizeof name, "man/man1/hustings-%s.1", book->verbs[i]->name);
        good = write_one(folder, name, book, FORM_MAN, book->verbs[i]);
    }
    return good ? EXIT_HELD : EXIT_WORLD;
}

static void print(const char *program, const struct help_asked *asked, const struct verb *verb)
{
    const struct verb *list[VERBS_MAX];
    const struct book book = book_of(list);
    if (asked->form != FORM_TEXT) {
        put(&book, (enum form)asked->form, verb, stdout);
    } else if (verb) {
        manual_help(program, verb);
    } else {
        help_usage(program, stdout);
    }
}

/* What does not go together; NULL: nothing. `verbs`: how many are named. */
static const char *wrong_together(const struct help_asked *asked, int verbs)
{
    assert(verbs >= 0);
    if (asked->into && asked->has_form) {
        return "--into writes all forms: leave --to out";
    }
    if (asked->into && verbs > 0) {
        return "--into writes the pages of all verbs: name none";
    }
    if (asked->form >= FORM_BASH && verbs > 0) {
        return "a shell completes the words of all verbs: name none";
    }
    return verbs > 1 ? "one verb at a time" : NULL;
}

int cli_help(const char *program, int argc, char **argv)
{
    struct help_asked asked = {.form = FORM_TEXT};
    int code = options_read(program, argc, argv, &verb_help, &asked);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    const char *wrong = wrong_together(&asked, argc - optind);
    if (wrong) {
        clean_line(stderr, "hustings help: %s; for example: %s help run", wrong,
                   cli_name(program).text);
        return EXIT_USAGE;
    }
    const struct verb *verb = optind < argc ? find(argv[optind]) : NULL;
    if (optind < argc && !verb) {
        return help_no_verb(program, argv[optind]);
    }
    if (asked.into) {
        const struct verb *list[VERBS_MAX];
        const struct book book = book_of(list);
        return write_all_forms(asked.into, &book);
    }
    print(program, &asked, verb);
    return EXIT_HELD;
}
