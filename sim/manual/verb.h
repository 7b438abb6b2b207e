/* What a verb says of itself, as a table: how it is called, each of its options with its help, its
 * examples, its exit codes. The same table is what reads the command line (cli/option.h) and what
 * is told (manual.h). So an option without help, or help without an option, cannot be.
 *
 *     struct walk_verb {
 *         uint32_t jobs;
 *         int format;
 *     };
 *
 *     static const struct option_row rows[] = {
 *         {.name = "jobs",
 *          .kind = OPTION_COUNT,
 *          .at = offsetof(struct walk_verb, jobs),
 *          .low = 1,
 *          .high = 64,
 *          .value = "N",
 *          .help = "so many steps side by side",
 *          .usual = "1"},
 *         {0}};
 *
 *     const struct verb verb_walk = {.name = "walk", .rows = rows, …};
 *
 * How to add an option: a member in the struct that the verb reads into, and a row as above. --help
 * and -h are in no row: every verb has them. Then `tests/manual/write` makes cli/MANUAL.md anew.
 *
 * How to write it. `help` is what a newcomer reads first, in a line: what the option does, without
 * a full stop. Which words there are, and what is taken without the option, is said behind it by
 * itself. What else there is to say stands in `more`, in whole sentences, the last one without its
 * full stop. In all texts `$0` is the program, as in a shell, and what stands between `backticks`
 * is to be typed as it is. An empty line begins a paragraph. */
#ifndef HUSTINGS_MANUAL_VERB_H
#define HUSTINGS_MANUAL_VERB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

/* What a value or an argument is, for the shells that complete it. */
enum takes {
    TAKES_ANY, /* nothing to complete */
    TAKES_FILE,
    TAKES_FOLDER,
    TAKES_PROGRAM,  /* one that can be run */
    TAKES_SCENARIO, /* a file *.yaml, or a shipped one by its name */
    TAKES_RESULTS,  /* a results folder */
    TAKES_HISTORY,  /* a results folder, or a file *.jsonl in it */
    TAKES_LESSON,
    TAKES_TOPIC, /* of hustings list */
    TAKES_VERB
};

struct option_row {
    const char *name; /* without its dashes; NULL ends the list */
    enum option_kind kind;
    char letter; /* its short form; 0: none */
    size_t at;   /* where its value goes, in the verb's struct; left alone if it is not given */
    uint64_t low, high;
    const char *words;         /* "text|json": those there are; of OPTION_TEXT: the usual ones */
    void (*offers)(FILE *out); /* puts words that shells offer for its value, with a space between,
                                * where those that there are stand in other tables; NULL: `words` */
    size_t given;     /* where in the struct the bool is that says that it was given; 0: nowhere */
    const char *hint; /* what to say of a wrong value; NULL: what follows from the kind */

    const char *value; /* what stands for its value: "FILE"; not for OPTION_FLAG */
    enum takes takes;
    const char *help;  /* in a line */
    const char *more;  /* in sentences, without the last full stop; NULL: there is no more to say */
    const char *usual; /* what is taken if it is not given; NULL: nothing, or `help` says it */
    const char *heading; /* stands above it, and is about all that follow; NULL: none */
};

/* An argument: a word that is no option. */
struct argument {
    const char *name; /* "SCENARIO"; of one that is typed as it is: "list" */
    enum takes takes;
    const char *help;
};

struct example {
    const char *about;   /* what it is for, in a few words; NULL: nothing to say */
    const char *command; /* lines */
};

struct verb_exit {
    int code;
    const char *means; /* NULL ends the list */
};

/* A variable of the environment, or a file. */
struct named {
    const char *name; /* NULL ends the list */
    const char *help;
};

#define OPTIONS_MAX 80 /* the most rows that a verb may have */
#define OPTION_TEXT_SIZE 64

/* All options of a verb: those of its rows, and those that are made from other tables. */
struct options {
    struct option_row rows[OPTIONS_MAX + 1]; /* ends with one without a name */
    size_t count;
    char texts[OPTIONS_MAX][2][OPTION_TEXT_SIZE]; /* names and defaults of those that are made */
};

struct verb {
    const char *name;
    const char *summary;  /* what it does, in at most 66 bytes, without a full stop */
    const char *usage[3]; /* what stands behind PROGRAM VERB */
    const char *about;    /* paragraphs */
    struct argument arguments[10];
    const struct option_row *rows;
    void (*more_rows)(struct options *options); /* adds to them; NULL: there are no more */
    const char *notes;                          /* paragraphs behind the options; NULL: none */
    struct example examples[4];
    struct verb_exit exits[9];
    struct named environment[6];
    struct named files[4];
    const char *see[6]; /* other verbs to look at */
};

/* All options of a verb. */
void verb_options(const struct verb *verb, struct options *options);

/* The words of a row, one after the other, from 0. False behind the last one. */
bool option_word(const struct option_row *row, size_t place, char *out, size_t size);

#endif
