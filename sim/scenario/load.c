/* Loads a scenario: file → text → tree → struct, collecting problems on the way. */
#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/lesson.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/source.h"
#include "sim/scenario/walk.h"

void scenario_defaults_free(struct scenario_defaults *defaults)
{
    free(defaults->list);
    *defaults = (struct scenario_defaults){0};
}

void scenario_free(struct scenario *scenario)
{
    free(scenario->about);
    free(scenario->path);
    free(scenario->text);
    free(scenario->starts);
    programs_free(scenario);
    free(scenario->faults);
    free(scenario->latency.table_ns);
    free(scenario->stalls.ns);
    free(scenario->stalls.table);
    lesson_free(scenario->lesson);
    *scenario = (struct scenario){0};
}

static bool is_blank(const struct node *root)
{
    return root->kind == NODE_SCALAR && root->plain && root->text[0] == '\0';
}

/* The text, without a byte order mark, into the struct; `tree` is the walk's. */
static void interpret(const char *text, size_t length, struct walk *walk, struct tree *tree)
{
    size_t mark = source_mark(text, length);
    uint32_t problems = walk->report->count;
    text += mark;
    length -= mark;
    if (!source_is_text(text, length, walk->report)) {
        return;
    }
    bool built = tree_build(tree, text, length, walk->report);
    if (built && !is_blank(tree->root)) {
        if (walk_is(walk, tree->root, NODE_MAP, "lines such as name: dead-leader")) {
            walk_map(walk, tree->root, schema_fields, "");
        }
    } else if (walk->report->count == problems) {
        problem_add(walk->report, 0, 0, NULL,
                    "begin with name:, nodes: and duration: (see scenarios/README.md)",
                    "the file is empty");
    }
}

/* What is asked for beside the scenario and what is wrong with it. */
struct wishes {
    struct scenario_defaults *defaults; /* NULL: not asked for, and likewise the next */
    struct scenario_report *warnings;
    bool without_files;
};

static bool parse(const char *path, const char *bytes, size_t length, struct scenario *scenario,
                  struct scenario_report *report, const struct wishes *wishes)
{
    struct tree tree = {0};
    struct walk walk = {.tree = &tree,
                        .scenario = scenario,
                        .report = report,
                        .defaults = wishes->defaults,
                        .without_files = wishes->without_files};
    *scenario = (struct scenario){0};
    *report = (struct scenario_report){0};
    if (length > SCENARIO_FILE_MAX) {
        problem_add(report, 0, 0, NULL, NULL, "larger than %d KiB, the most that is read",
                    SCENARIO_FILE_MAX / 1024);
        return false;
    }
    scenario->path = strdup(path);
    scenario->text = malloc(length + 1);
    if (!scenario->path || !scenario->text) {
        problem_add(report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
    } else {
        memcpy(scenario->text, bytes, length);
        scenario->text[length] = '\0';
        scenario->text_length = length;
        interpret(scenario->text, length, &walk, &tree);
        if (report->count == 0 && wishes->warnings) {
            warnings_find(&walk, wishes->warnings);
        }
        tree_free(&tree);
        problems_sort(report);
    }
    if (report->count > 0) {
        scenario_free(scenario);
    }
    return report->count == 0;
}

bool scenario_parse(const char *path, const char *bytes, size_t length, struct scenario *scenario,
                    struct scenario_report *report)
{
    return parse(path, bytes, length, scenario, report, &(struct wishes){0});
}

static bool load(const char *path, struct scenario *scenario, struct scenario_report *report,
                 const struct wishes *wishes)
{
    size_t length = 0;
    *scenario = (struct scenario){0};
    *report = (struct scenario_report){0};
    char *bytes = source_read(path, !wishes->without_files, &length, report);
    bool good = bytes && parse(path, bytes, length, scenario, report, wishes);
    free(bytes);
    return good;
}

bool scenario_load_noting(const char *path, struct scenario *scenario,
                          struct scenario_report *report, struct scenario_defaults *defaults,
                          struct scenario_report *warnings)
{
    if (warnings) {
        *warnings = (struct scenario_report){0};
    }
    return load(path, scenario, report,
                &(struct wishes){.defaults = defaults, .warnings = warnings});
}

bool scenario_load(const char *path, struct scenario *scenario, struct scenario_report *report)
{
    return load(path, scenario, report, &(struct wishes){0});
}

bool scenario_load_recorded(const char *path, struct scenario *scenario,
                            struct scenario_report *report)
{
    return load(path, scenario, report, &(struct wishes){.without_files = true});
}
