/* See plan_words.h. */
#include "sim/cli/plan_words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/ordinary.h"
#include "sim/version.h"

/* --- writing ---------------------------------------------------------------------------------- */

static void put_word(FILE *to, const char *word)
{
    for (; *word; word++) {
        if (*word == '\n' || *word == '\\') {
            putc('\\', to);
        }
        putc(*word == '\n' ? 'n' : *word, to);
    }
    putc('\n', to);
}

static void put_text(FILE *to, const char *option, const char *value)
{
    if (value) {
        put_word(to, option);
        put_word(to, value);
    }
}

static void put_number(FILE *to, const char *option, bool is_there, uint64_t value)
{
    if (is_there) {
        fprintf(to, "%s\n%" PRIu64 "\n", option, value);
    }
}

/* `all`: with the places of files, and with --confirm, on which no cell depends. */
static void put_plan(FILE *to, const struct plan_of *of, bool all)
{
    assert(of->verb && of->host);
    put_word(to, of->verb);
    put_text(to, "--on", of->host);
    put_number(to, "--trials", of->trials > 0, of->trials);
    put_number(to, "--confirm", all && of->has_confirm, of->confirm);
    put_number(to, "--seed", of->has_seed, of->seed);
    put_number(to, "--sample", of->sample > 0, of->sample);
    put_text(to, "--cell", of->cell);
    put_text(to, "--histories", of->histories);
    for (size_t i = 0; of->sets && i < of->sets->count; i++) {
        put_text(to, "--set", of->sets->words[i]);
    }
    if (all) {
        put_text(to, "--against", of->against);
        put_text(to, "--latency", of->latency);
        put_word(to, "--");
        for (size_t i = 0; i < of->word_count; i++) {
            put_word(to, of->words[i]);
        }
    }
}

char *plan_write(const struct plan_of *of, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    if (!file) {
        return NULL;
    }
    put_plan(file, of, true);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

void plan_put(FILE *to, const struct plan_of *of)
{
    fprintf(to, "%s %s\n", hustings_version(), hustings_commit());
    put_plan(to, of, false);
}

void plan_put_file(FILE *to, const char *path)
{
    FILE *file = path ? fopen(path, "re") : NULL;
    int byte;
    assert(to);
    while (file && (byte = getc(file)) != EOF) {
        putc(byte != '\0' ? byte : '0', to);
    }
    if (file) {
        fclose(file);
    }
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Takes back what put_word() put in. */
static void unescape(char *word)
{
    char *to = word;
    for (; *word; word++) {
        if (*word == '\\' && word[1]) {
            word++;
            *to = *word;
            if (*to == 'n') {
                *to = '\n';
            }
            to++;
        } else {
            *to++ = *word;
        }
    }
    *to = '\0';
}

/* Cuts the text into its lines. False: memory is out. */
static bool cut(struct plan_words *plan)
{
    size_t lines = 2;
    for (const char *at = plan->text; *at; at++) {
        lines += *at == '\n';
    }
    plan->words = calloc(lines, sizeof *plan->words);
    for (char *at = plan->words ? plan->text : NULL; at && *at;) {
        char *end = strchr(at, '\n');
        plan->words[plan->count++] = at;
        if (end) {
            *end = '\0';
        }
        unescape(at);
        at = end ? end + 1 : NULL;
    }
    return plan->words != NULL;
}

static bool is_written(const char *option)
{
    static const char *const options[] = {"--on",      "--trials", "--confirm",   "--seed",
                                          "--sample",  "--cell",   "--histories", "--set",
                                          "--against", "--latency"};
    bool known = false;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        known = known || strcmp(option, options[i]) == 0;
    }
    return known;
}

/* The verb, options and their values, "--", and then anything. */
static bool is_ours(const struct plan_words *plan)
{
    for (int at = 1; at < plan->count && plan->words[at]; at += 2) {
        if (strcmp(plan->words[at], "--") == 0) {
            return true;
        }
        if (!is_written(plan->words[at])) {
            return false;
        }
    }
    return false;
}

bool plan_words_read(struct plan_words *plan, const char *folder, char *error, size_t error_size)
{
    char *path = NULL;
    size_t size = 0;
    *plan = (struct plan_words){0};
    const char *why = "memory is out";
    FILE *file = asprintf(&path, "%s/" PLAN_FILE, folder) > 0 ? ordinary_open(path, &why) : NULL;
    ssize_t got = file ? getdelim(&plan->text, &size, '\0', file) : -1;
    bool good = false;
    if (got <= 0) {
        snprintf(error, error_size, "%s: cannot be read: %s", path ? path : folder,
                 file ? "it is empty" : why);
    } else if (!cut(plan)) {
        snprintf(error, error_size, "%s: cannot be read: memory is out", path);
    } else {
        good = is_ours(plan);
        snprintf(error, error_size, "%s: this is no plan as hustings leaves it", path);
    }
    if (file) {
        fclose(file);
    }
    free(path);
    return good;
}

void plan_words_free(struct plan_words *plan)
{
    free(plan->words);
    free(plan->text);
    *plan = (struct plan_words){0};
}
