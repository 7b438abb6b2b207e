/* Commands to type. See command.h. */
#include "sim/results/command.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

char *shell_word(const char *text, char *out, size_t size)
{
    static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "_-./+,:@%";
    if (*text && strspn(text, bare) == strlen(text)) {
        snprintf(out, size, "%s", text);
        return out;
    }
    size_t at = 0;
    out[at++] = '\'';
    for (; *text && at + 6 < size; text++) {
        if (*text == '\'') {
            memcpy(out + at, "'\\''", 4);
            at += 4;
        } else {
            out[at++] = *text;
        }
    }
    out[at++] = '\'';
    out[at] = '\0';
    return out;
}

/* A file as a word that names it from any folder, where it is known from which one it was named. */
static char *path_word(const struct run_facts *facts, const char *path, char *out, size_t size)
{
    char whole[2 * PATH_MAX];
    const char *folder = facts->folder && *path != '/' ? facts->folder : "";
    const char *slash = *folder && strcmp(folder, "/") != 0 ? "/" : "";
    while (*folder && strncmp(path, "./", 2) == 0) {
        path += 2;
    }
    snprintf(whole, sizeof whole, "%s%s%s", folder, slash, path);
    return shell_word(whole, out, size);
}

/* A program: a name without a slash is looked for on PATH, from wherever it is called. */
static char *program_word(const struct run_facts *facts, const char *name, char *out, size_t size)
{
    return strchr(name, '/') ? path_word(facts, name, out, size) : shell_word(name, out, size);
}

/* Appends an option and its word, unless there is none. */
static void add_option(char *out, size_t size, const char *option, const char *word)
{
    size_t used = strlen(out);
    if (word) {
        snprintf(out + used, size - used, " %s %s", option, word);
    }
}

static void add_path(const struct run_facts *facts, char *out, size_t size, const char *option,
                     const char *path)
{
    char word[REPRODUCE_WORD];
    add_option(out, size, option, path ? path_word(facts, path, word, sizeof word) : NULL);
}

bool is_replayed(const struct run_facts *facts)
{
    return facts->host && strcmp(facts->host, "model") == 0;
}

/* Where and how it ran. */
static void add_facts(const struct run_facts *facts, size_t trials, char *out, size_t size)
{
    char word[REPRODUCE_WORD];
    add_option(out, size, "--on", is_replayed(facts) ? "model" : NULL);
    if (trials > 1 && facts->jobs > 1) {
        snprintf(word, sizeof word, "%" PRIu32, facts->jobs);
        add_option(out, size, "--jobs", word);
    }
    add_path(facts, out, size, "--latency", facts->latency);
    if (facts->redis_url) {
        add_option(out, size, "--redis", shell_word(facts->redis_url, word, sizeof word));
    }
    if (facts->redis_program) {
        add_option(out, size, "--redis-server",
                   program_word(facts, facts->redis_program, word, sizeof word));
    }
    add_option(out, size, "--histories", facts->histories);
    add_path(facts, out, size, "--out", facts->out);
}

char *reproduce_command(const struct scenario *scenario, const struct run_facts *facts,
                        uint64_t seed, size_t trials, char *out, size_t size)
{
    char program[REPRODUCE_WORD], path[REPRODUCE_WORD];
    program_word(facts, facts->program ? facts->program : "hustings", program, sizeof program);
    path_word(facts, scenario->path ? scenario->path : scenario->name, path, sizeof path);
    snprintf(out, size, "%s run %s --seed %" PRIu64 " --trials %zu", program, path, seed, trials);
    add_facts(facts, trials, out, size);
    return out;
}
