/* The options of a command line. A verb lists them in rows, each with where its value goes:
 *
 *     const struct option_row rows[] = {
 *         {.name = "jobs", .kind = OPTION_COUNT, .into = &jobs, .low = 1, .high = 64},
 *         {.name = "format", .kind = OPTION_WORD, .into = &format, .words = "text|json"},
 *         {0}};
 *     int code = options_read(program, argc, argv, rows, help);
 *     if (code != OPTIONS_GOOD) {
 *         return code;
 *     }
 *     argv[optind] is the first word that is no option
 *
 * --help and -h are in no row: every verb has them. */
#ifndef HUSTINGS_CLI_OPTION_H
#define HUSTINGS_CLI_OPTION_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,   /* bool: it was given */
    OPTION_TEXT,   /* const char *: its value, of at most `high` bytes (0: any) */
    OPTION_SWITCH, /* likewise; without a value "true" */
    OPTION_NUMBER, /* uint64_t: a whole number from `low` to `high`, decimal or 0x… */
    OPTION_COUNT,  /* uint32_t: likewise */
    OPTION_LIST,   /* struct option_list: its values, in their order, each time that it is given */
    OPTION_WORD,   /* int, or an enum: the place of its value among `words`, from 0 */
    OPTION_REDIS   /* char[OPTION_REDIS_SIZE]: a Redis's URL, which is a good one */
};

/* A URL is copied, since its password is wiped out in argv, where `ps` would show it. */
#define OPTION_REDIS_SIZE 1024

struct option_list {
    const char *words[64];
    size_t count;
};

struct option_row {
    const char *name; /* without its dashes; NULL ends the list */
    enum option_kind kind;
    char letter; /* its short form; 0: none */
    void *into;  /* left alone if the option is not given */
    uint64_t low, high;
    const char *words; /* "text|json" */
    bool *given;       /* set if it is given; NULL: never mind */
    const char *hint;  /* what to say of a wrong value; NULL: what follows from the kind */
};

/* The most rows that a verb may have. */
#define OPTIONS_MAX 80

enum { OPTIONS_GOOD = -1 };

/* Reads them all. OPTIONS_GOOD, or the exit code to end with: after --help (which prints `help`, if
 * it is not NULL), or after a wrong option, of which it has said what is wrong. It calls
 * getopt_long(), which is not safe among threads: all verbs read their options before there are
 * any. */
int options_read(const char *program, int argc, char **argv, const struct option_row *rows,
                 const char *help);

/* Says of an option's value what is wrong with it: `hustings run: --on "moon": there is no …`. */
int option_wrong(const char *program, const char *verb, const char *name, const char *text,
                 const char *hint);

#endif
