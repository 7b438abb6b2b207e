/* A story moved to a combination, as text. See move.h. */
#include "sim/matrix/move.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/faults/fault.h"
#include "sim/matrix/flow.h"
#include "sim/matrix/stretch.h"
#include "sim/matrix/times.h"
#include "sim/scenario/load.h"
#include "sim/scenario/source.h"
#include "src/protocol.h"

/* A story on its way. */
struct mover {
    const struct scenario *story;
    const struct combination *combination;
    const struct move_options *options;
    struct settings settings; /* as they will be */
    struct stretch stretch;   /* the story's times under them */
    FILE *file;
};

static bool is(const struct node *key, const char *text)
{
    return strcmp(key->text, text) == 0;
}

/* --- faults and starts ------------------------------------------------------------------------ */

static bool names_fault(const char *text)
{
    for (size_t i = 0; fault_rows[i]; i++) {
        if (strcmp(fault_rows[i]->name, text) == 0) {
            return true;
        }
    }
    return false;
}

/* Times are stretched. */
static const char *stretched(void *self, const struct node *key, const struct node *value)
{
    struct mover *mover = self;
    (void)key;
    bool may = value->kind == NODE_SCALAR && value->plain;
    return may ? stretch_text(&mover->stretch, value->text) : NULL;
}

/* So they are in faults; and the only Redis is the first of several. */
static const char *of_fault(void *self, const struct node *key, const struct node *value)
{
    const struct mover *mover = self;
    bool only = value->kind == NODE_SCALAR && strcmp(value->text, "redis") == 0;
    return only && mover->settings.servers > 1 && names_fault(key->text)
               ? "redis 1"
               : stretched(self, key, value);
}

/* "KEY: VALUE", times stretched. */
static void write_stretched(struct mover *mover, const char *before, const struct node *key)
{
    const char *instead = stretched(mover, key, key->next);
    fprintf(mover->file, "%s%s: ", before, key->text);
    if (instead) {
        fputs(instead, mover->file);
    } else {
        flow_write(mover->file, key->next, &(struct flow){.self = mover, .instead = stretched});
    }
}

static void write_faults(struct mover *mover, const struct node *faults)
{
    const struct flow flow = {.self = mover, .instead = of_fault};
    fputs("faults:\n", mover->file);
    for (const struct node *each = faults->first; each; each = each->next) {
        fputs("  - ", mover->file);
        flow_write(mover->file, each, &flow);
        fputc('\n', mover->file);
    }
}

/* Whether it has a master of whom the story knows nothing. It begins when all have reported, so
 * that this story is told, and not that of a master who is early (lesson 7 of the course). */
static bool has_new_master(const struct mover *mover)
{
    return protocol_has_master(&mover->settings) && !protocol_has_master(&mover->story->settings);
}

static bool is_masters(const struct node *key)
{
    return is(key, "master") || is(key, "0");
}

static void write_starts(struct mover *mover, const struct node *starts)
{
    const char *before = "starts: {";
    for (const struct node *key = tree_next_key(starts, NULL); key;
         key = tree_next_key(starts, key)) {
        if (protocol_has_master(&mover->settings) || !is_masters(key)) {
            write_stretched(mover, before, key);
            before = ", ";
        }
    }
    if (has_new_master(mover)) {
        fprintf(mover->file, "%smaster: all_reported", before);
        before = ", ";
    }
    if (strcmp(before, ", ") == 0) {
        fputs("}\n", mover->file);
    }
}

/* Paths are counted from the file's folder, which is another one now. */
static const char *absolute_table(void *self, const struct node *key, const struct node *value)
{
    (void)value;
    char **path = self;
    return is(key, "table") ? *path : NULL;
}

static void write_pauses(struct mover *mover, const struct node *pauses)
{
    const struct node *table = tree_get(pauses, "table");
    const char *slash = strrchr(mover->story->path, '/');
    int folder = slash ? (int)(slash - mover->story->path + 1) : 0;
    char *relative = NULL, *quoted = NULL;
    size_t size = 0;
    if (table && table->kind == NODE_SCALAR && table->text[0] != '/' &&
        asprintf(&relative, "%.*s%s", folder, mover->story->path, table->text) >= 0) {
        char *whole = realpath(relative, NULL);
        FILE *out = whole ? open_memstream(&quoted, &size) : NULL;
        if (out) {
            flow_text(out, whole, false);
            fclose(out);
        }
        free(whole);
    }
    struct flow flow = {.self = &quoted, .instead = absolute_table};
    fputs("pauses: ", mover->file);
    flow_write(mover->file, pauses, &flow);
    fputc('\n', mover->file);
    free(relative);
    free(quoted);
}

/* --- what is expected ------------------------------------------------------------------------- */

static bool is_asked(const struct node *checks, const char *name)
{
    const struct node *word = tree_get(checks, name);
    return word && word->kind == NODE_SCALAR && strcmp(word->text, "allowed") != 0;
}

/* The checks that the story is about, and how long it lets things take. */
static uint32_t write_expected(struct mover *mover, const struct node *expect)
{
    static const char *const kept[] = {"settles_within", "lock_within", NULL};
    const struct expectations *expected = &mover->story->expect;
    const struct node *checks = tree_get(expect, "checks");
    const char *comma = "";
    uint32_t asked = 0;
    fputs("expect: {checks: {", mover->file);
    for (size_t i = 0; i < check_count(); i++) {
        bool asks = is_asked(checks, check_rows[i]->name);
        asked |= asks ? 1u << i : 0;
        if (asks || expected->checks[i] == EXPECT_ALLOWED) {
            fprintf(mover->file, "%s%s: %s", comma, check_rows[i]->name,
                    asks ? "never" : "allowed");
            comma = ", ";
        }
    }
    fputc('}', mover->file);
    for (size_t i = 0; kept[i]; i++) {
        for (const struct node *key = tree_next_key(expect, NULL); key;
             key = tree_next_key(expect, key)) {
            if (is(key, kept[i])) {
                write_stretched(mover, ", ", key);
            }
        }
    }
    char within[64];
    duration_text(expected->settles_within_ns, within, sizeof within);
    const char *stretched_within = stretch_text(&mover->stretch, within);
    if (!tree_get(expect, "settles_within") && stretched_within) {
        fprintf(mover->file, ", settles_within: %s", stretched_within);
    }
    fputs("}\n", mover->file);
    return asked;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void write_redis(struct mover *mover)
{
    static const char *const persistence[] = {[PERSIST_NONE] = "none",
                                              [PERSIST_RDB] = "rdb",
                                              [PERSIST_AOF_EVERYSEC] = "aof-everysec",
                                              [PERSIST_AOF_ALWAYS] = "aof-always"};
    const struct settings *settings = &mover->settings;
    fprintf(mover->file, "redis: {topology: %s", topology_rows[settings->topology].name);
    if (settings->servers > 1) {
        fprintf(mover->file, ", servers: %u", (unsigned)settings->servers);
    }
    fprintf(mover->file, ", persistence: %s}\n", persistence[mover->story->persistence]);
}

/* What the combination and the options say. */
static void write_own(struct mover *mover)
{
    for (int owner = 0; owner < OWNERS; owner++) {
        times_write(mover->file, &mover->settings, (enum owner)owner);
    }
    if (mover->settings.fencing) {
        fputs("fencing: true\n", mover->file);
    }
    write_redis(mover);
    if (mover->combination->file.text) {
        fragment_write(&mover->combination->file, mover->file);
    }
    fprintf(mover->file, "trials: %" PRIu32 "\n",
            mover->options->trials ? mover->options->trials : mover->story->trials);
    fprintf(mover->file, "seed: %" PRIu64 "\n",
            mover->options->has_seed ? mover->options->seed : mover->story->seed);
}

/* Keys that are not the story's to say, or are said in write_own(). */
static bool falls_away(const struct mover *mover, const struct node *key)
{
    static const char *const keys[] = {"trials", "seed", "starts", "expect", "ask",
                                       "answer", "cure", "texts",  NULL};
    const struct combination *combination = mover->combination;
    size_t i = 0;
    while (keys[i] && !is(key, keys[i])) {
        i++;
    }
    return keys[i] ||
           fragment_replaces(combination->file.text ? &combination->file : NULL, key->text);
}

static void write_key(struct mover *mover, const struct node *key)
{
    const struct node *value = key->next;
    if (is(key, "faults") && value->kind == NODE_LIST) {
        write_faults(mover, value);
    } else if (is(key, "pauses")) {
        write_pauses(mover, value);
    } else if (is(key, "duration") || is(key, "work") || is(key, "request_timeout")) {
        write_stretched(mover, "", key);
        fputc('\n', mover->file);
    } else {
        fprintf(mover->file, "%s: ", key->text);
        flow_write(mover->file, value, &(struct flow){0});
        fputc('\n', mover->file);
    }
}

static uint32_t write_all_keys(struct mover *mover, const struct tree *tree)
{
    const struct node *root = tree->root;
    const char *slash = strrchr(mover->story->path, '/');
    fprintf(mover->file, "# %s, against %s: made by hustings matrix.\n",
            slash ? slash + 1 : mover->story->path, mover->combination->name);
    for (const struct node *key = tree_next_key(root, NULL); key; key = tree_next_key(root, key)) {
        if (!falls_away(mover, key)) {
            write_key(mover, key);
        }
    }
    write_starts(mover, tree_get(root, "starts"));
    write_own(mover);
    return write_expected(mover, tree_get(root, "expect"));
}

/* Whether lint takes it; else why not. */
static bool is_taken(struct moved_story *moved)
{
    struct scenario scenario;
    struct scenario_report *report = calloc(1, sizeof *report);
    bool good =
        report && scenario_parse("moved", moved->text, strlen(moved->text), &scenario, report);
    if (good) {
        scenario_free(&scenario);
    } else if (report) {
        const struct scenario_problem *problem = &report->problems[0];
        snprintf(moved->why, sizeof moved->why, "%s%s%s%s", problem->text[0] ? "\"" : "",
                 problem->text, problem->text[0] ? "\": " : "", problem->message);
    }
    moved->no_memory = !report;
    free(report);
    return good;
}

static bool write_moved(struct mover *mover, struct moved_story *moved)
{
    size_t mark = source_mark(mover->story->text, mover->story->text_length);
    struct tree tree = {0};
    struct scenario_report *report = calloc(1, sizeof *report);
    size_t size = 0;
    mover->file = open_memstream(&moved->text, &size);
    bool whole =
        report && mover->file &&
        tree_build(&tree, mover->story->text + mark, mover->story->text_length - mark, report);
    if (whole) {
        moved->asked = write_all_keys(mover, &tree);
    }
    whole = mover->file && fclose(mover->file) == 0 && whole;
    tree_free(&tree);
    free(report);
    return whole;
}

/* A story without faults happens by what its programs are told, such as how long to work. Nobody
 * else reads that. */
static bool is_told_to_programs(const struct scenario *story)
{
    return story->programs && story->program_env && story->fault_count == 0;
}

bool story_move(const struct scenario *story, const struct combination *combination,
                const struct move_options *options, struct moved_story *moved)
{
    struct mover mover = {.story = story,
                          .combination = combination,
                          .options = options,
                          .settings = times_settings(story, combination)};
    mover.stretch = stretch_between(&story->settings, &mover.settings);
    *moved = (struct moved_story){0};
    if (combination->own && story->programs) {
        snprintf(moved->why, sizeof moved->why, "its members are programs: run it by itself");
        return false;
    }
    if (is_told_to_programs(story) && !combination->file.programs) {
        snprintf(moved->why, sizeof moved->why,
                 "it has no faults, only an env for programs, and no member here is a program");
        return false;
    }
    if (!write_moved(&mover, moved)) {
        moved->no_memory = true;
    } else if (is_taken(moved)) {
        return true;
    }
    free(moved->text);
    moved->text = NULL;
    return false;
}
