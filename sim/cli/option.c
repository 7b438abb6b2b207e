/* The next option of a command line. See option.h. */
#include "sim/cli/option.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sim/text/clean.h"

/* Says of the word that was read last what is wrong with it. */
static void say_wrong(char **argv, int code)
{
    char letter[3] = {'-', (char)optopt, '\0'};
    const char *word = argv[optind - 1];
    bool is_letter = optopt > 0 && optopt < 128 && strncmp(word, "--", 2) != 0;
    const char *what = code == ':'                                  ? "this option needs a value"
                       : strncmp(word, "--", 2) == 0 && optopt != 0 ? "this option takes no value"
                                                                    : "there is no such option";
    clean_line(stderr, "hustings %s: \"%s\": %s", argv[0], is_letter ? letter : word, what);
}

int option_next(int argc, char **argv, const char *letters, const struct option *names)
{
    char with_colon[16]; /* then a missing value is told from an unknown option */
    snprintf(with_colon, sizeof with_colon, ":%s", letters);
    opterr = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread while options are read. */
    int code = getopt_long(argc, argv, with_colon, names, NULL);
    if (code == '?' || code == ':') {
        say_wrong(argv, code);
        return '?';
    }
    return code;
}
