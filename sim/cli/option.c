/* Reads the options of a command line. See option.h. */
#include "sim/cli/option.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/manual/manual.h"
#include "sim/processes/address.h"
#include "sim/text/clean.h"
#include "src/param.h"

/* The value of the first row for getopt_long(); letters lie below. */
#define FIRST_ROW 1000

struct reading {
    const char *program, *verb;
    struct options options;
    struct option longs[OPTIONS_MAX + 2];
    char letters[16];
    char *into; /* the verb's struct */
};

int option_wrong(const char *program, const char *verb, const char *name, const char *text,
                 const char *hint)
{
    clean_line(stderr, "hustings %s: --%s \"%s\": %s", verb, name, text, hint);
    return cli_try(program, verb);
}

/* --- values ----------------------------------------------------------------------------------- */

static bool read_number(const struct option_row *row, uint64_t *number)
{
    char *end;
    bool hexadecimal = strncmp(optarg, "0x", 2) == 0;
    errno = 0;
    *number = strtoull(optarg, &end, hexadecimal ? 16 : 10);
    return *optarg >= '0' && *optarg <= '9' && *end == '\0' && !errno && *number >= row->low &&
           *number <= row->high;
}

/* "give text, json or tap" */
static void words_hint(const struct param_row *words, char *hint, size_t size)
{
    char word[32], next[32];
    size_t used = (size_t)snprintf(hint, size, "give ");
    for (size_t i = 0; used < size && param_word(words, i, word, sizeof word); i++) {
        bool last = !param_word(words, i + 1, next, sizeof next);
        used += (size_t)snprintf(hint + used, size - used, "%s%s",
                                 i == 0 ? ""
                                 : last ? " or "
                                        : ", ",
                                 word);
    }
}

static bool read_word(const struct option_row *row, void *into, char *hint, size_t size)
{
    const struct param_row words = {.type = PARAM_WORD, .words = row->words};
    int place = param_word_find(&words, optarg);
    words_hint(&words, hint, size);
    if (place >= 0) {
        memcpy(into, &place, sizeof place);
    }
    return place >= 0;
}

static bool read_count(const struct option_row *row, void *into, char *hint, size_t size)
{
    uint64_t number;
    snprintf(hint, size, "give a whole number from %" PRIu64 " to %" PRIu64, row->low, row->high);
    if (!read_number(row, &number)) {
        return false;
    }
    if (row->kind == OPTION_NUMBER) {
        memcpy(into, &number, sizeof number);
    } else {
        uint32_t count = (uint32_t)number;
        memcpy(into, &count, sizeof count);
    }
    return true;
}

static bool read_text(const struct option_row *row, void *into, char *hint, size_t size)
{
    const char *text = optarg ? optarg : "true";
    if (row->takes >= TAKES_FILE && !*text) {
        snprintf(hint, size, "give a name; leave the option out if you have none");
        return false;
    }
    snprintf(hint, size, "this is too long");
    if (row->high > 0 && strlen(text) > row->high) {
        return false;
    }
    *(const char **)into = text;
    return true;
}

static bool read_entry(struct option_list *list, char *hint, size_t size)
{
    size_t most = sizeof list->words / sizeof *list->words;
    snprintf(hint, size, "it may be given %zu times, and no more", most);
    if (list->count == most) {
        return false;
    }
    list->words[list->count++] = optarg;
    return true;
}

/* Takes an option. Returns OPTIONS_GOOD or the exit code to end with. */
static int take(const struct reading *reading, const struct option_row *row)
{
    struct address address;
    char hint[1024] = "";
    void *into = reading->into + row->at;
    bool good = true;
    if (row->given > 0) {
        *(bool *)(reading->into + row->given) = true;
    }
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)into = true;
        break;
    case OPTION_TEXT:
    case OPTION_SWITCH:
        good = read_text(row, into, hint, sizeof hint);
        break;
    case OPTION_LIST:
        good = read_entry(into, hint, sizeof hint);
        break;
    case OPTION_NUMBER:
    case OPTION_COUNT:
        good = read_count(row, into, hint, sizeof hint);
        break;
    case OPTION_WORD:
        good = read_word(row, into, hint, sizeof hint);
        break;
    case OPTION_REDIS:
        if (!address_parse(optarg, &address, hint, sizeof hint)) {
            clean_line(stderr, "hustings %s: --%s %s", reading->verb, row->name, hint);
            return cli_try(reading->program, reading->verb);
        }
        snprintf(into, OPTION_REDIS_SIZE, "%s", optarg);
        break;
    }
    return good ? OPTIONS_GOOD
                : option_wrong(reading->program, reading->verb, row->name, optarg,
                               row->hint ? row->hint : hint);
}

/* --- the command line ------------------------------------------------------------------------- */

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

/* The rows as getopt_long() wants them. */
static void prepare(struct reading *reading)
{
    size_t letters = (size_t)snprintf(reading->letters, sizeof reading->letters, ":h");
    size_t count = 0;
    for (; count < reading->options.count; count++) {
        const struct option_row *row = &reading->options.rows[count];
        assert(count < OPTIONS_MAX && letters + 2 < sizeof reading->letters);
        reading->longs[count] = (struct option){
            .name = row->name,
            .has_arg = row->kind == OPTION_FLAG     ? no_argument
                       : row->kind == OPTION_SWITCH ? optional_argument
                                                    : required_argument,
            .val = row->letter ? row->letter : FIRST_ROW + (int)count,
        };
        if (row->letter) {
            reading->letters[letters++] = row->letter;
            if (row->kind != OPTION_FLAG && row->kind != OPTION_SWITCH) {
                reading->letters[letters++] = ':'; /* a value follows */
            }
        }
    }
    reading->longs[count] = (struct option){"help", no_argument, NULL, 'h'};
}

static const struct option_row *row_of(const struct reading *reading, int code)
{
    if (code >= FIRST_ROW) {
        return &reading->options.rows[code - FIRST_ROW];
    }
    const struct option_row *row = reading->options.rows;
    while (row->letter != code) {
        row++;
    }
    return row;
}

int options_read(const char *program, int argc, char **argv, const struct verb *verb, void *into)
{
    struct reading reading = {.program = program, .verb = verb->name, .into = into};
    int code;
    verb_options(verb, &reading.options);
    prepare(&reading);
    opterr = 0;
    optind = 0; /* another verb may have read its own before */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread while options are read. */
    while ((code = getopt_long(argc, argv, reading.letters, reading.longs, NULL)) != -1) {
        if (code == 'h') {
            manual_help(program, verb);
            return EXIT_HELD;
        }
        if (code == '?' || code == ':') {
            say_wrong(argv, code);
            return cli_try(program, verb->name);
        }
        int end = take(&reading, row_of(&reading, code));
        if (end != OPTIONS_GOOD) {
            return end;
        }
    }
    for (int i = 1; i < argc; i++) {
        address_blank(argv[i]);
    }
    return OPTIONS_GOOD;
}
