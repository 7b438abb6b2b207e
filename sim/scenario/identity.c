/* See identity.h. */
#include "sim/scenario/identity.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/digest.h"
#include "sim/text/ordinary.h"

void scenario_put(const struct scenario *scenario, FILE *to)
{
    fprintf(to, "%s\n%s\n", scenario->name, scenario->text);
    for (size_t i = 0; i < scenario->stalls.count; i++) {
        fprintf(to, "%" PRId64 " ", scenario->stalls.ns[i]);
    }
    putc('\n', to);
}

uint64_t file_number(const char *path)
{
    const char *why;
    char bytes[4096];
    uint64_t number = 0;
    size_t got;
    FILE *file = ordinary_open(path, &why);
    while (file && (got = fread(bytes, 1, sizeof bytes, file)) > 0) {
        number = number * 31 + digest_bytes(bytes, got);
    }
    if (file) {
        fclose(file);
    }
    return number;
}

/* A word that names no file, such as an option, says itself. */
static uint64_t word_number(const struct scenario *scenario, const char *word)
{
    const char *slash = scenario->path ? strrchr(scenario->path, '/') : NULL;
    int folder = slash && word[0] != '/' ? (int)(slash - scenario->path + 1) : 0;
    char *path = NULL;
    uint64_t number = digest_bytes(word, strlen(word));
    if (asprintf(&path, "%.*s%s", folder, folder > 0 ? scenario->path : "", word) >= 0) {
        number += file_number(path);
        free(path);
    }
    return number;
}

static bool are_same(char *const *words, char *const *others)
{
    size_t i = 0;
    while (words && others && words[i] && others[i] && strcmp(words[i], others[i]) == 0) {
        i++;
    }
    return words && others && !words[i] && !others[i];
}

uint64_t scenario_programs(const struct scenario *scenario)
{
    uint64_t number = 0;
    for (uint16_t id = 0; scenario->programs && id <= scenario->settings.nodes; id++) {
        char *const *words = scenario_program(scenario, id);
        bool again = id > 0 && are_same(words, scenario_program(scenario, (uint16_t)(id - 1)));
        for (size_t i = 0; words && words[i] && !again; i++) {
            number = number * 31 + word_number(scenario, words[i]);
        }
    }
    return number;
}
