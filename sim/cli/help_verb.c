/* hustings help: what there is, and the manual of each verb. */
#include "sim/cli/help_verb.h"

#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/option.h"
#include "sim/cli/verbs.h"
#include "sim/manual/manual.h"
#include "sim/results/command.h"
#include "sim/results/shipped.h"
#include "sim/text/clean.h"

void help_usage(const char *program, FILE *to)
{
    char first[SHIPPED_SIZE];
    clean_line(to, "Usage: %s VERB [OPTION]... [ARGUMENT]...", program);
    fputs("Puts leader elections through Redis to the test.\n\n", to);
    for (const struct verb_row *row = verb_rows; row->verb; row++) {
        fprintf(to, "  %-9s %s\n", row->verb->name, row->verb->summary);
    }
    fputc('\n', to);
    clean_line(to, "  %s VERB --help    explains a verb, with an example", program);
    clean_line(to, "  %s --version", program);
    if (shipped_word(program, "course/01-first-election.yaml", first, sizeof first)) {
        fputc('\n', to);
        clean_line(to, "Begin with: %s run %s", program, first);
        clean_line(to, "or be led through the lessons: %s course", program);
    }
}

/* Who names a scenario first wants it run. */
int help_no_verb(const char *program, const char *word)
{
    const char *dot = strrchr(word, '.');
    if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) {
        char path[4096];
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

static const struct option_row rows[] = {{0}};

const struct verb verb_help = {
    .name = "help",
    .summary = "the manual of a verb",
    .usage = {"[VERB]"},
    .about = "Prints what `$0 VERB --help` prints; without a verb, the list of verbs.",
    .arguments = {{"VERB", TAKES_VERB, "one of those that `$0 help` lists"}},
    .rows = rows,
    .examples = {{NULL, "$0 help run"}},
    .exits = {{0, "it was printed"}, {2, "there is no such verb"}},
};

int cli_help(const char *program, int argc, char **argv)
{
    int code = options_read(program, argc, argv, &verb_help, NULL);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (argc - optind > 1) {
        clean_line(stderr, "hustings help: one verb at a time; for example: %s help run", program);
        return EXIT_USAGE;
    }
    if (optind == argc) {
        help_usage(program, stdout);
        return EXIT_HELD;
    }
    const struct verb *verb = find(argv[optind]);
    if (!verb) {
        return help_no_verb(program, argv[optind]);
    }
    manual_help(program, verb);
    return EXIT_HELD;
}
