/* What completes words in fish. See manual.h. */
#include "sim/manual/manual.h"
#include "sim/manual/words.h"

static const char head[] =
    "# Completes the words of hustings in fish. Made by: hustings help --to fish\n"
    "\n"
    "# Whether the verb is this one; without a name, whether there is none yet.\n"
    "function __hustings_verb\n"
    "    set -l words (commandline -opc)\n"
    "    if test (count $argv) -eq 0\n"
    "        test (count $words) -eq 1\n"
    "    else\n"
    "        test (count $words) -gt 1; and test $words[2] = $argv[1]\n"
    "    end\n"
    "end\n"
    "\n"
    "# The scenarios that come with hustings.\n"
    "function __hustings_shipped\n"
    "    set -l words (commandline -opc)\n"
    "    command -q $words[1]; or return # as of ~/hustings, which is not expanded here\n"
    "    HUSTINGS_AS_IS=yes $words[1] list scenarios </dev/null 2>/dev/null |\n"
    "        string match -r -g '^  ([^ ]+)'\n"
    "end\n"
    "\n"
    "complete -c hustings -f\n"
    "complete -c hustings -n __hustings_verb -l help -d 'show the list of verbs'\n"
    "complete -c hustings -n __hustings_verb -l version -d 'show the version'\n";

/* The candidates for an argument of a kind, as of `complete -a`; NULL: all files. */
static const char *candidates_of(enum takes takes)
{
    static const char *const candidates[] = {
        [TAKES_ANY] = "",
        [TAKES_FOLDER] = "(__fish_complete_directories)",
        [TAKES_PROGRAM] = "(__fish_complete_command)",
        [TAKES_SCENARIO] = "(__hustings_shipped) (__fish_complete_suffix .yaml)",
        [TAKES_RESULTS] = "(__fish_complete_directories)",
        [TAKES_HISTORY] = "(__fish_complete_suffix .jsonl)",
        [TAKES_LESSON] = "(__hustings_shipped | string replace -r -f \"^course/[0-9]+-\" \"\")",
        [TAKES_TOPIC] = "",
        [TAKES_VERB] = "",
    };
    return candidates[takes];
}

static void put_begin(const struct verb *verb, FILE *out)
{
    fprintf(out, "complete -c hustings -n '__hustings_verb %s'", verb->name);
}

static void put_option(const struct verb *verb, const struct option_row *row, FILE *out)
{
    put_begin(verb, out);
    fprintf(out, " -l %s", row->name);
    if (row->letter) {
        fprintf(out, " -s %c", row->letter);
    }
    if (row->kind != OPTION_FLAG && row->kind != OPTION_SWITCH) {
        const char *candidates = candidates_of(row->takes);
        fprintf(out, " -r%s", candidates ? "f" : "F");
        if (words_has(row)) {
            fputs(" -a '", out);
            words_put(row, out);
            fputc('\'', out);
        } else if (candidates && *candidates) {
            fprintf(out, " -a '%s'", candidates);
        }
    }
    fputs(" -d '", out);
    words_put_quoted(row->help, "\\", out);
    fputs("'\n", out);
}

static void put_verb(const struct book *book, const struct verb *verb, FILE *out)
{
    struct options options;
    const char *candidates = candidates_of(words_take(verb));
    verb_options(verb, &options);
    fputc('\n', out);
    for (size_t i = 0; i < options.count; i++) {
        put_option(verb, &options.rows[i], out);
    }
    put_begin(verb, out);
    fputs(" -l help -s h -d 'show the help'\n", out);
    if (candidates && *candidates) {
        put_begin(verb, out);
        fprintf(out, " -a '%s'\n", candidates);
    }
    if (words_has_typed(verb)) {
        put_begin(verb, out);
        fputs(" -a '", out);
        words_put_typed(verb, out);
        fputs("'\n", out);
    }
    if (words_take(verb) == TAKES_VERB) {
        put_begin(verb, out);
        fputs(" -a '", out);
        for (size_t i = 0; book->verbs[i]; i++) {
            fprintf(out, "%s%s", i > 0 ? " " : "", book->verbs[i]->name);
        }
        fputs("'\n", out);
    }
}

void manual_fish(const struct book *book, FILE *out)
{
    fputs(head, out);
    for (size_t i = 0; book->verbs[i]; i++) {
        fprintf(out, "complete -c hustings -n __hustings_verb -a %s -d '", book->verbs[i]->name);
        words_put_quoted(book->verbs[i]->summary, "\\", out);
        fputs("'\n", out);
    }
    for (size_t i = 0; book->verbs[i]; i++) {
        put_verb(book, book->verbs[i], out);
    }
}
