/* A trial as a scenario. See replay.h; the list of faults is fault_list.c. */
#include "sim/scenario/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fault_list.h"
#include "sim/scenario/load.h"
#include "sim/scenario/source.h"
#include "sim/text/errors.h"

/* The scenario's text, and what is made of it. */
struct rewriter {
    const struct replay *replay;
    const char *text; /* without a byte order mark */
    size_t length;
    struct tree tree;
    struct scenario file; /* as the text alone says */
    struct fault_list list;
    struct scenario_report report;
    char *out; /* owned */
    size_t out_length;
};

/* --- single numbers --------------------------------------------------------------------------- */

/* A key that is not there goes below the name: that is always there. */
static void add_number(struct rewriter *rewriter, struct edits *edits, const char *key,
                       const char *number)
{
    const struct node *root = rewriter->tree.root;
    const struct node *name = tree_get(root, "name");
    const char *quote = rewriter->list.json ? "\"" : "";
    char line[120];
    size_t at = fault_list_end(&rewriter->list, name);
    if (root->flow) {
        snprintf(line, sizeof line, ", %s%s%s: %s", quote, key, quote, number);
    } else {
        at = edits_line_end(edits, at);
        snprintf(line, sizeof line, "\n%*s%s: %s", root->first->column - 1, "", key, number);
    }
    edits_put(edits, at, at, line);
}

/* Gives a key its value, unless it has that value as it is. */
static void set_number(struct rewriter *rewriter, struct edits *edits, const char *key,
                       uint64_t value, uint64_t now)
{
    const struct node *node = tree_get(rewriter->tree.root, key);
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, value);
    if (value == now) {
        return;
    }
    if (node) {
        edits_put(edits, node->begin, fault_list_end(&rewriter->list, node), number);
    } else {
        add_number(rewriter, edits, key, number);
    }
}

/* What was drawn for a trigger's `nth` stands in the place of what it was drawn from. An entry that
 * is a comment now keeps it. */
static void set_nths(struct rewriter *rewriter, struct edits *edits)
{
    for (uint32_t i = 0; i < rewriter->list.count; i++) {
        const struct list_entry *entry = &rewriter->list.entries[i];
        const struct node *when = tree_get(entry->node, "when");
        char number[16];
        if (rewriter->file.faults[entry->first].trigger.nth_to > 0 && !entry->replaced) {
            const struct node *nth = tree_get(when, "nth");
            snprintf(number, sizeof number, "%" PRIu32, rewriter->replay->nths[entry->first]);
            edits_put(edits, nth->begin, fault_list_end(&rewriter->list, nth), number);
        }
    }
}

/* --- what cannot happen any more -------------------------------------------------------------- */

/* Where a line and column, as YAML counts them, are in the text. */
static size_t byte_of(const char *text, size_t length, int line, int column)
{
    const char *at = text;
    for (int i = 1; i < line && at; i++) {
        at = memchr(at, '\n', length - (size_t)(at - text));
        at = at ? at + 1 : NULL;
    }
    if (!at) {
        return length;
    }
    struct source_place place = {0};
    size_t rest = length - (size_t)(at - text);
    return (size_t)(at - text) + source_go(at, rest, &place, (size_t)column - 1);
}

/* Has the entries replaced that the problems are about. Returns how many there were. */
static uint32_t replace_refused(struct rewriter *rewriter)
{
    const struct scenario_report *report = &rewriter->report;
    struct fault_list *list = &rewriter->list;
    uint32_t replaced = 0;
    for (uint32_t i = 0; i < report->count && i < SCENARIO_PROBLEMS_MAX; i++) {
        size_t at = byte_of(rewriter->out, rewriter->out_length, report->problems[i].line,
                            report->problems[i].column);
        for (uint32_t j = 0; j < list->count; j++) {
            struct list_entry *entry = &list->entries[j];
            if (!entry->replaced && edits_moved(list->edits, entry->node->begin) <= at &&
                at < edits_moved(list->edits, fault_list_end(list, entry->node))) {
                entry->replaced = true;
                replaced++;
            }
        }
    }
    return replaced;
}

static bool too_many(const struct fault_list *list)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        count += list->entries[i].replaced ? 0 : list->entries[i].count;
    }
    for (size_t i = 0; i < list->replay->count; i++) {
        const struct replay_fault *fault = &list->replay->faults[i];
        count += fault_list_writes(list, fault) && !fault->skipped;
    }
    return count > SCENARIO_FAULTS_MAX;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Makes the text with what is replaced by now. */
static bool compose(struct rewriter *rewriter, struct edits *edits)
{
    edits_begin(edits, rewriter->text, rewriter->length);
    rewriter->list.edits = edits;
    set_number(rewriter, edits, "trials", 1, rewriter->file.trials);
    set_number(rewriter, edits, "seed", rewriter->replay->seed, rewriter->file.seed);
    set_nths(rewriter, edits);
    fault_list_edit(&rewriter->list);
    free(rewriter->out);
    rewriter->out = edits_apply(edits, &rewriter->out_length);
    return rewriter->out != NULL;
}

/* Whether the plan is a scenario; else says what is wrong with it. */
static bool is_good(struct rewriter *rewriter)
{
    struct scenario plan;
    bool good =
        scenario_parse("plan", rewriter->out, rewriter->out_length, &plan, &rewriter->report);
    scenario_free(&plan);
    return good;
}

static bool make(struct rewriter *rewriter, char *why, size_t size)
{
    bool good = false;
    for (bool again = true; again && !good;) {
        struct edits edits;
        if (too_many(&rewriter->list)) {
            snprintf(why, size,
                     "more faults were done than a scenario can have (%d); make mean: "
                     "longer",
                     SCENARIO_FAULTS_MAX);
            return false;
        }
        bool composed = compose(rewriter, &edits);
        good = composed && is_good(rewriter);
        again = composed && !good && replace_refused(rewriter) > 0;
        if (!composed) {
            snprintf(why, size, "out of memory");
        } else if (!good && !again) {
            snprintf(why, size, "%s, in line %d of the plan: %s", rewriter->report.problems[0].text,
                     rewriter->report.problems[0].line, rewriter->report.problems[0].message);
        }
        edits_free(&edits);
    }
    return good;
}

/* The key of that name; NULL: there is none. */
static const struct node *key_of(const struct node *root, const char *name)
{
    const struct node *key = tree_next_key(root, NULL);
    while (key && strcmp(key->text, name) != 0) {
        key = tree_next_key(root, key);
    }
    return key;
}

/* An entry of which something was healed by hand is replaced. */
static void note_by_hand(struct fault_list *list)
{
    for (size_t i = 0; i < list->replay->count; i++) {
        const struct replay_fault *fault = &list->replay->faults[i];
        list->hand.count += fault->fault == REPLAY_HAND;
        for (uint32_t j = 0; fault->cut_short && j < list->count; j++) {
            struct list_entry *entry = &list->entries[j];
            if (fault->fault >= entry->first && fault->fault < entry->first + entry->count) {
                entry->cut_short = entry->replaced = true;
            }
        }
    }
}

/* The entries of the list, and which are drawn from. */
static bool list_entries(struct rewriter *rewriter)
{
    const struct node *root = rewriter->tree.root;
    const struct node *key = key_of(root, "faults");
    const struct node *section = key_of(root, "pauses");
    struct fault_list *list = &rewriter->list;
    *list = (struct fault_list){.replay = rewriter->replay,
                                .key = key,
                                .list = key ? key->next : NULL,
                                .section = section,
                                .hand = {.replaced = true},
                                .root = root};
    list->json = root->flow && !root->first->plain;
    list->entries = calloc((key ? list->list->count : 0) + 1u, sizeof *list->entries);
    uint32_t fault = 0;
    const struct node *first = key ? list->list->first : NULL;
    for (const struct node *node = first; node && list->entries; node = node->next) {
        const struct trigger *trigger = &rewriter->file.faults[fault].trigger;
        bool random = trigger->kind == TRIGGER_RANDOMLY;
        list->entries[list->count++] = (struct list_entry){
            .node = node, .first = fault, .count = trigger->one_of, .replaced = random};
        fault += trigger->one_of;
    }
    if (section) {
        list->pauses = (struct list_entry){
            .node = section->next, .first = fault, .count = 1, .replaced = true};
    }
    if (list->entries) {
        note_by_hand(list);
    }
    return list->entries != NULL;
}

bool scenario_replay(FILE *file, const struct replay *replay, char *why, size_t size)
{
    const struct scenario *scenario = replay->scenario;
    size_t mark = source_mark(scenario->text, scenario->text_length);
    struct rewriter *rewriter = calloc(1, sizeof *rewriter);
    bool good = false;
    snprintf(why, size, "out of memory");
    if (!rewriter) {
        return false;
    }
    rewriter->replay = replay;
    rewriter->text = scenario->text + mark;
    rewriter->length = scenario->text_length - mark;
    if (scenario_parse(scenario->path, rewriter->text, rewriter->length, &rewriter->file,
                       &rewriter->report) &&
        tree_build(&rewriter->tree, rewriter->text, rewriter->length, &rewriter->report) &&
        list_entries(rewriter) && make(rewriter, why, size)) {
        good = fwrite(scenario->text, 1, mark, file) == mark &&
               fwrite(rewriter->out, 1, rewriter->out_length, file) == rewriter->out_length &&
               fflush(file) == 0;
        if (!good) {
            snprintf(why, size, "%s", error_words(errno));
        }
    }
    scenario_free(&rewriter->file);
    tree_free(&rewriter->tree);
    free(rewriter->list.entries);
    free(rewriter->out);
    free(rewriter);
    return good;
}
