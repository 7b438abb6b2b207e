/* Combinations from their words: each is read as the scenario that it would make, so that lint says
 * what is wrong with it. See combination.h. */
#include "sim/matrix/combination.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/matrix/share.h"
#include "sim/scenario/load.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

#define OWN "own"
#define BLANKS " \t\r\n"
#define HOW_TO_WRITE "write PROTOCOL+LOCK or PROTOCOL+LOCK+fencing, such as lease+token"

/* One that is being read. */
struct reader {
    struct combination *out;
    char *why;
    char text[COMBINATION_NAME]; /* cut into its parts */
    char made[2000];             /* the scenario that says the same */
    size_t used;
};

static void put(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct reader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t left = sizeof reader->made - reader->used;
    int length = vsnprintf(reader->made + reader->used, left, format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < left && "the text is short, and is made of short parts");
    reader->used += (size_t)length;
}

static bool wrong(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(struct reader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->why, COMBINATION_WHY, format, arguments);
    va_end(arguments);
    return false;
}

/* Notes that a parameter is named. */
static void note_named(struct reader *reader, enum owner owner, size_t row, const char *name)
{
    const struct param_row *params = owner_params(owner, row);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        reader->out->named[owner][i] |= strcmp(params[i].name, name) == 0;
    }
}

/* The times of a protocol that are not named keep their proportion to the length of the lease, if
 * that is: so they go together. */
static void put_other_times(struct reader *reader, size_t row, int64_t length)
{
    struct settings settings = settings_default(1);
    settings_choose(&settings, OWNER_PROTOCOL, (uint8_t)row);
    const struct param_row *params = owner_params(OWNER_PROTOCOL, row);
    const bool *named = reader->out->named[OWNER_PROTOCOL];
    int lease = share_lease_place(&settings);
    for (int i = 0; lease >= 0 && named[lease] && params[i].type != PARAM_NONE; i++) {
        if (params[i].type == PARAM_DURATION && !named[i]) {
            char text[64];
            int64_t share = share_of_time(params[i].fallback, length, params[lease].fallback);
            put(reader, ", %s: %s", params[i].name, duration_text(share, text, sizeof text));
        }
    }
}

/* Whether a value is named of the parameter that is the length of the lease. */
static bool is_lease(size_t row, const char *name)
{
    struct settings settings = settings_default(1);
    settings_choose(&settings, OWNER_PROTOCOL, (uint8_t)row);
    int lease = share_lease_place(&settings);
    return lease >= 0 && strcmp(owner_params(OWNER_PROTOCOL, row)[lease].name, name) == 0;
}

/* "lease", or "lease:retry=1s:jitter=0", as protocol: {lease: {retry: 1s, jitter: 0}}. */
static bool put_owner(struct reader *reader, enum owner owner, char *part)
{
    char *rest = NULL;
    const char *name = strtok_r(part, ":", &rest);
    int row = name ? owner_find(owner, name) : -1;
    if (row < 0) {
        return wrong(reader, "\"%s\": there is no such %s; see hustings list %ss", name ? name : "",
                     owner_names[owner], owner_names[owner]);
    }
    put(reader, "%s: {%s: {", owner_names[owner], name);
    int64_t length = 0;
    const char *comma = "";
    for (char *word = strtok_r(NULL, ":", &rest); word; word = strtok_r(NULL, ":", &rest)) {
        char *equals = strchr(word, '=');
        if (!equals || equals == word || strpbrk(word, "{}[],#'\"\n")) {
            return wrong(reader, "\"%s\": a parameter is written NAME=VALUE, as in lease:retry=1s",
                         word);
        }
        *equals = '\0';
        note_named(reader, owner, (size_t)row, word);
        if (owner == OWNER_PROTOCOL && is_lease((size_t)row, word) &&
            !duration_parse(equals + 1, &length)) {
            return wrong(reader, "\"%s\": write a time, such as %s=2s", equals + 1, word);
        }
        put(reader, "%s%s: %s", comma, word, equals + 1);
        comma = ", ";
    }
    if (owner == OWNER_PROTOCOL && length > 0) {
        put_other_times(reader, (size_t)row, length);
    }
    put(reader, "}}\n");
    return true;
}

/* A lock that does not go with one server gets several. */
static void put_servers(struct reader *reader, int lock)
{
    uint32_t topologies = owner_topologies(OWNER_LOCK, (size_t)lock);
    size_t topology = 0;
    while (!(topologies & 1u << topology)) {
        topology++;
    }
    assert(topology < TOPOLOGIES);
    put(reader, "redis: {topology: %s", topology_rows[topology].name);
    if (reader->out->servers > 0) {
        put(reader, ", servers: %u", (unsigned)reader->out->servers);
    }
    put(reader, "}\n");
}

static bool read_extras(struct reader *reader, char *rest)
{
    for (char *word; (word = strtok_r(NULL, "+", &rest)) != NULL;) {
        char *end = word;
        if (strcmp(word, "fencing") == 0) {
            put(reader, "fencing: true\n");
        } else if (strncmp(word, "servers=", 8) == 0) {
            unsigned long servers = strtoul(word + 8, &end, 10);
            if (*end || servers == 0 || servers > UINT8_MAX) {
                return wrong(reader, "\"%s\": write servers=3", word);
            }
            reader->out->servers = (uint8_t)servers;
        } else {
            return wrong(reader,
                         "\"%s\": a combination ends with +fencing or +servers=3, or with "
                         "its lock",
                         word);
        }
    }
    return true;
}

/* Has lint judge it. */
static bool parse_made(struct reader *reader)
{
    struct scenario scenario;
    struct scenario_report *report = calloc(1, sizeof *report);
    bool good =
        report && scenario_parse("combination", reader->made, reader->used, &scenario, report);
    if (good) {
        reader->out->settings = scenario.settings;
        scenario_free(&scenario);
    } else if (report) {
        const struct scenario_problem *problem = &report->problems[0];
        wrong(reader, "%s%s%s%s%s%s", problem->text[0] ? "\"" : "", problem->text,
              problem->text[0] ? "\": " : "", problem->message, problem->suggestion[0] ? "; " : "",
              problem->suggestion);
    } else {
        wrong(reader, "out of memory");
    }
    free(report);
    return good;
}

static bool is_file(const char *text)
{
    size_t length = strlen(text);
    return length > 5 && strcmp(text + length - 5, ".yaml") == 0;
}

/* A word of letters such as lease+token is none, whatever lies in the folder. */
static bool is_program(const char *text)
{
    struct stat status;
    return strchr(text, '/') && stat(text, &status) == 0 && S_ISREG(status.st_mode);
}

/* It is called by the file's name, without its folder and its end. */
static bool read_file(struct reader *reader, const char *path)
{
    struct combination *out = reader->out;
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    if (!is_file(path) && access(path, X_OK) != 0) {
        return wrong(reader, "it is no program that can be started; make it executable, or write a "
                             "file NAME.yaml with program: [python3, worker.py]");
    }
    bool good = is_file(path) ? fragment_read(path, &out->file, reader->why, COMBINATION_WHY)
                              : fragment_of_program(path, &out->file, reader->why, COMBINATION_WHY);
    if (!good) {
        return false;
    }
    snprintf(out->name, sizeof out->name, "%.*s", (int)length, base);
    out->settings = out->file.settings;
    memcpy(out->named, out->file.named, sizeof out->named);
    return true;
}

bool combination_read(const char *text, struct combination *out, char why[COMBINATION_WHY])
{
    struct reader reader = {.out = out, .why = why};
    *out = (struct combination){0};
    if (is_file(text) || is_program(text)) {
        return read_file(&reader, text);
    }
    if (strlen(text) >= sizeof reader.text) {
        return wrong(&reader, "it is longer than %zu bytes", sizeof reader.text - 1);
    }
    snprintf(reader.text, sizeof reader.text, "%s", text);
    snprintf(out->name, sizeof out->name, "%s", text);
    if (strcmp(text, OWN) == 0) {
        out->own = true;
        return true;
    }
    char *rest = NULL;
    char *protocol = strtok_r(reader.text, "+", &rest);
    char *lock = strtok_r(NULL, "+", &rest);
    if (!lock) {
        return wrong(&reader, HOW_TO_WRITE);
    }
    char name[COMBINATION_NAME];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(lock, ":"), lock); /* it is cut up below */
    put(&reader, "name: combination\nnodes: 3\nduration: 1m\n");
    if (!put_owner(&reader, OWNER_PROTOCOL, protocol) || !put_owner(&reader, OWNER_LOCK, lock) ||
        !read_extras(&reader, rest)) {
        return false;
    }
    put_servers(&reader, owner_find(OWNER_LOCK, name));
    return parse_made(&reader);
}

void combination_free(struct combination *combination)
{
    fragment_free(&combination->file);
}

/* --- lists ------------------------------------------------------------------------------------ */

static bool is_there(const struct combination *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds one that is known to be good, unless it is none: not every pair goes together. */
static size_t add_pair(struct combination *out, size_t count, const char *protocol,
                       const char *lock, const char *more)
{
    char name[COMBINATION_NAME], why[COMBINATION_WHY];
    snprintf(name, sizeof name, "%s+%s%s", protocol, lock, more);
    if (count < COMBINATIONS_MAX && !is_there(out, count, name)) {
        count += combination_read(name, &out[count], why);
    }
    return count;
}

static size_t add_all(struct combination *out, size_t count)
{
    char why[COMBINATION_WHY];
    if (count < COMBINATIONS_MAX && !is_there(out, count, OWN)) {
        count += combination_read(OWN, &out[count], why);
    }
    for (size_t i = 0; protocol_rows[i]; i++) {
        for (size_t j = 0; lock_rows[j]; j++) {
            count = add_pair(out, count, protocol_rows[i]->name, lock_rows[j]->name, "");
            count = add_pair(out, count, protocol_rows[i]->name, lock_rows[j]->name, "+fencing");
        }
    }
    return count;
}

/* The word without blanks around it: a list may be broken over lines. */
static char *trimmed(char *word)
{
    word += strspn(word, BLANKS);
    size_t length = strlen(word);
    while (length > 0 && strchr(BLANKS, word[length - 1])) {
        length--;
    }
    word[length] = '\0';
    return word;
}

size_t combinations_read(const char *list, struct combination *out, char why[COMBINATION_WHY])
{
    size_t count = 0;
    char *copy = strdup(list);
    char *rest = NULL;
    bool good = copy != NULL;
    for (char *word = copy ? strtok_r(copy, ",", &rest) : NULL; word && good;
         word = strtok_r(NULL, ",", &rest)) {
        word = trimmed(word);
        if (!*word) {
            continue;
        }
        if (strcmp(word, "all") == 0) {
            count = add_all(out, count);
        } else if (is_there(out, count, word)) {
            continue;
        } else if (count == COMBINATIONS_MAX) {
            snprintf(why, COMBINATION_WHY, "more than %d combinations", COMBINATIONS_MAX);
            good = false;
        } else {
            char reason[COMBINATION_WHY];
            good = combination_read(word, &out[count], reason);
            if (good && is_there(out, count, out[count].name)) {
                combination_free(&out[count]);
                snprintf(reason, sizeof reason, "there is another one of that name");
                good = false;
            }
            count += good;
            if (!good) {
                snprintf(why, COMBINATION_WHY, "%.150s: %.440s", word, reason);
            }
        }
    }
    free(copy);
    for (size_t i = 0; !good && i < count; i++) {
        combination_free(&out[i]);
    }
    if (good && count == 0) {
        snprintf(why, COMBINATION_WHY, "there is none in it; " HOW_TO_WRITE);
    }
    return good ? count : 0;
}
