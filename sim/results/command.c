/* Commands to type. See command.h. */
#include "sim/results/command.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_bare_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("_-./+,:@%", c));
}

/* There is a command in every row of a CSV file: strspn() would take most of the time of each. */
static bool is_bare(const char *text)
{
    while (is_bare_character(*text)) {
        text++;
    }
    return *text == '\0';
}

char *shell_word(const char *text, char *out, size_t size)
{
    assert(size > 2);
    if (*text && is_bare(text)) {
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

/* --- a command ---------------------------------------------------------------------------------
 */

static void put_bytes(struct shell_command *command, const char *bytes, size_t length)
{
    size_t needs = command->length + length + 1;
    assert(command->length == 0 || command->length < command->capacity);
    if (needs > command->capacity && !command->failed) {
        size_t capacity = 2 * needs > 256 ? 2 * needs : 256;
        char *text = realloc(command->text, capacity);
        if (text) {
            command->text = text;
            command->capacity = capacity;
        }
        command->failed = text == NULL;
    }
    if (!command->failed) {
        memcpy(command->text + command->length, bytes, length);
        command->length += length;
        command->text[command->length] = '\0';
    }
}

void command_put(struct shell_command *command, const char *text)
{
    put_bytes(command, text, strlen(text));
}

/* Between single quotes. */
static void put_quoted(struct shell_command *command, const char *text)
{
    for (const char *quote; (quote = strchr(text, '\'')); text = quote + 1) {
        put_bytes(command, text, (size_t)(quote - text));
        command_put(command, "'\\''");
    }
    command_put(command, text);
}

void command_word(struct shell_command *command, const char *folder, const char *text)
{
    bool bare = (*folder || *text) && is_bare(folder) && is_bare(text);
    command_put(command, command->length > 0 ? " " : "");
    command_put(command, bare ? "" : "'");
    put_quoted(command, folder);
    command_put(command, *folder && strcmp(folder, "/") != 0 ? "/" : "");
    put_quoted(command, text);
    command_put(command, bare ? "" : "'");
}

const char *command_text(const struct shell_command *command)
{
    return command->failed || !command->text ? "(memory is out)" : command->text;
}

void command_free(struct shell_command *command)
{
    free(command->text);
    *command = (struct shell_command){0};
}

/* --- the command that repeats a run -------------------------------------------------------------
 */

bool is_replayed(const struct run_facts *facts)
{
    return facts->host && strcmp(facts->host, "model") == 0;
}

/* A file, named from any folder, where it is known from which one it was named. */
static void put_path(struct shell_command *command, const struct run_facts *facts, const char *path)
{
    const char *folder = facts->folder && *path != '/' ? facts->folder : "";
    while (*folder && strncmp(path, "./", 2) == 0) {
        path += 2;
    }
    command_word(command, folder, path);
}

/* A program: a name without a slash is looked for on PATH, from wherever it is called. */
static void put_program(struct shell_command *command, const struct run_facts *facts,
                        const char *name)
{
    if (strchr(name, '/')) {
        put_path(command, facts, name);
    } else {
        command_word(command, "", name);
    }
}

/* An option and its word, unless there is none. */
static void put_option(struct shell_command *command, const char *option, const char *word)
{
    if (word) {
        command_word(command, "", option);
        command_word(command, "", word);
    }
}

static void put_path_option(struct shell_command *command, const struct run_facts *facts,
                            const char *option, const char *path)
{
    if (path) {
        command_word(command, "", option);
        put_path(command, facts, path);
    }
}

void reproduce_command(const struct scenario *scenario, const struct run_facts *facts,
                       uint64_t seed, size_t trials, struct shell_command *command)
{
    char number[24];
    *command = (struct shell_command){0};
    put_program(command, facts, facts->program ? facts->program : "hustings");
    command_put(command, " run");
    put_path(command, facts, scenario->path ? scenario->path : scenario->name);
    snprintf(number, sizeof number, "%" PRIu64, seed);
    put_option(command, "--seed", number);
    snprintf(number, sizeof number, "%zu", trials);
    put_option(command, "--trials", number);
    put_option(command, "--on", is_replayed(facts) ? "model" : NULL);
    if (trials > 1 && facts->jobs > 1) {
        snprintf(number, sizeof number, "%" PRIu32, facts->jobs);
        put_option(command, "--jobs", number);
    }
    put_path_option(command, facts, "--latency", facts->latency);
    put_option(command, "--redis", facts->redis_url);
    if (facts->redis_program) {
        command_put(command, " --redis-server");
        put_program(command, facts, facts->redis_program);
    }
    for (size_t i = 0; i < facts->set_count; i++) {
        put_option(command, "--set", facts->sets[i]);
    }
    if (facts->allow_exec) {
        command_put(command, " --allow-exec");
    }
    put_option(command, "--histories", facts->histories);
    put_path_option(command, facts, "--out", facts->out);
}
