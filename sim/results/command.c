/* Commands to type. See command.h. */
#include "sim/results/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

char *shell_word(const char *text, char *out, size_t size)
{
    static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "_-./+,:@%=";
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

/* Appends an option, unless it was not given. */
static void add_option(char *out, size_t size, const char *option, const char *value)
{
    char word[REPRODUCE_SIZE];
    size_t used = strlen(out);
    if (value) {
        snprintf(out + used, size - used, " %s %s", option, shell_word(value, word, sizeof word));
    }
}

char *reproduce_command(const struct scenario *scenario, const struct run_facts *facts,
                        uint64_t seed, size_t trials, char *out, size_t size)
{
    char path[REPRODUCE_SIZE];
    bool model = facts->host && strcmp(facts->host, "model") == 0;
    shell_word(scenario->path ? scenario->path : scenario->name, path, sizeof path);
    snprintf(out, size, "sim/hustings run %s --seed %" PRIu64 " --trials %zu", path, seed, trials);
    add_option(out, size, "--on", model ? "model" : NULL);
    add_option(out, size, "--latency", facts->latency);
    add_option(out, size, "--redis", facts->redis_url);
    add_option(out, size, "--redis-server", facts->redis_program);
    return out;
}
