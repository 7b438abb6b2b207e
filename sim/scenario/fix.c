/* Rewrites keys that have moved. See fix.h.
 *
 *     timing: {lock_ttl: 1s, poll: 20ms}   # short       lock: {setnx: {ttl: 1s}}
 *     lock: setnx                                  ─▶    # short
 *                                                        protocol: {article: {poll: 20ms}}
 *
 * First the tree says which lines hold what has moved, and what becomes of it; then the lines are
 * written again, with the new ones in place of the first old one of their owner.
 */
#include "sim/scenario/fix.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/edit.h"
#include "sim/scenario/moved.h"
#include "sim/scenario/report.h"
#include "sim/scenario/source.h"
#include "sim/scenario/tree.h"
#include "src/owners.h"

#define VALUES_MAX 32

/* A part of the text. */
struct part {
    const char *at;
    int length;
};

/* A value that moves: to which parameter, and the comment behind it. */
struct value {
    const struct moved *moved;
    const struct node *node;
    struct part comment; /* "# …", or empty */
};

struct fixer {
    const char *bytes;
    size_t length;
    struct tree tree;
    const char **lines; /* where each begins; [count] is the end */
    int count;
    char *gone;        /* by line: it is not written again */
    char *keeps;       /* by line: gone, but its comment stays, on a line of its own */
    int place[OWNERS]; /* the line in whose place the owner's new lines come; 0: none */
    int top_place;     /* likewise those that stand at the top */
    const struct node *named[OWNERS]; /* the value of `protocol`, `lock`, as it stands */
    struct value values[VALUES_MAX];
    int value_count;
};

/* --- lines ------------------------------------------------------------------------------------ */

static bool split(struct fixer *fixer)
{
    int count = 1;
    for (size_t i = 0; i < fixer->length; i++) {
        count += fixer->bytes[i] == '\n';
    }
    fixer->lines = calloc((size_t)count + 2, sizeof *fixer->lines);
    fixer->gone = calloc((size_t)count + 2, 1);
    fixer->keeps = calloc((size_t)count + 2, 1);
    if (!fixer->lines || !fixer->gone || !fixer->keeps) {
        return false;
    }
    const char *end = fixer->bytes + fixer->length;
    for (const char *at = fixer->bytes; at && at < end;) {
        fixer->lines[++fixer->count] = at; /* lines count from 1 */
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    fixer->lines[fixer->count + 1] = end;
    return true;
}

/* The comment at the end of a line, empty if there is none; a # within quotes is none. */
static struct part comment_of(const struct fixer *fixer, int line)
{
    char quote = '\0';
    for (const char *at = fixer->lines[line]; at < fixer->lines[line + 1]; at++) {
        if (quote && *at == quote) {
            quote = '\0';
        } else if (quote) {
            continue;
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '#' && (at == fixer->lines[line] || at[-1] == ' ' || at[-1] == '\t')) {
            const char *end = fixer->lines[line + 1];
            while (end > at && (end[-1] == '\n' || end[-1] == '\r')) {
                end--;
            }
            return (struct part){at, (int)(end - at)};
        }
    }
    return (struct part){"", 0};
}

/* --- what moves ------------------------------------------------------------------------------- */

static void claim(int *place, int line)
{
    *place = *place == 0 || line < *place ? line : *place;
}

static bool move_value(struct fixer *fixer, const struct moved *moved, const struct node *key,
                       bool own_line)
{
    const struct node *node = key->next;
    if (node->kind != NODE_SCALAR || node->line != key->line || fixer->value_count == VALUES_MAX) {
        return false;
    }
    struct value *value = &fixer->values[fixer->value_count++];
    *value = (struct value){.moved = moved, .node = node, .comment = {"", 0}};
    if (own_line) {
        value->comment = comment_of(fixer, key->line);
        fixer->gone[key->line] = 1;
    }
    claim(moved->owner < 0 ? &fixer->top_place : &fixer->place[moved->owner], key->line);
    return true;
}

/* The keys of a section that is no more. In block style each has a line of its own, with its
 * comment; in flow style the comments of the section stay behind. */
static bool move_section(struct fixer *fixer, const struct node *key)
{
    const struct node *section = key->next;
    int last = section->flow ? section->end_line : key->line;
    for (int line = key->line; line <= last && line <= fixer->count; line++) {
        fixer->gone[line] = fixer->keeps[line] = 1;
    }
    for (const struct node *inner = tree_next_key(section, NULL); inner;
         inner = tree_next_key(section, inner)) {
        const struct moved *moved = moved_find(key->text, inner->text);
        if (!moved || !move_value(fixer, moved, inner, !section->flow)) {
            return false; /* what we do not know must not be lost */
        }
    }
    return true;
}

static bool is_old_section(const struct node *key)
{
    if (key->next->kind != NODE_MAP) {
        return false;
    }
    for (const struct node *inner = tree_next_key(key->next, NULL); inner;
         inner = tree_next_key(key->next, inner)) {
        if (moved_find(key->text, inner->text)) {
            return true;
        }
    }
    return false;
}

static bool find_moved(struct fixer *fixer)
{
    const struct node *root = fixer->tree.root;
    for (const struct node *key = tree_next_key(root, NULL); key; key = tree_next_key(root, key)) {
        const struct moved *moved = moved_find("", key->text);
        if (moved ? !move_value(fixer, moved, key, true)
                  : is_old_section(key) && !move_section(fixer, key)) {
            return false;
        }
    }
    for (int owner = 0; owner < OWNERS; owner++) {
        const struct node *value = tree_get(root, owner_names[owner]);
        if (fixer->place[owner] > 0 && value) {
            if (value->kind != NODE_SCALAR) {
                return false; /* it has parameters at their new place already */
            }
            fixer->named[owner] = value;
            fixer->place[owner] = value->line;
            fixer->gone[value->line] = 1;
        }
    }
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The row that an owner has in this file; -1: none that we know. */
static int row_of(const struct fixer *fixer, enum owner owner)
{
    const struct node *named = fixer->named[owner];
    return named ? owner_find(owner, named->text) : owner_default(owner);
}

/* Whether a value goes to this owner, and its row has such a parameter. */
static bool goes_to(const struct fixer *fixer, const struct value *value, enum owner owner)
{
    int row = row_of(fixer, owner);
    if (value->moved->owner != (int)owner || row < 0) {
        return false;
    }
    const struct param_row *params = owner_params(owner, (size_t)row);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        if (strcmp(params[i].name, value->moved->param) == 0) {
            return true;
        }
    }
    return false;
}

static void put_value(FILE *file, const struct value *value)
{
    const char *quote = value->node->plain ? "" : "\"";
    fprintf(file, "%s: %s%s%s", value->moved->param, quote, value->node->text, quote);
}

static void put_comment(FILE *file, struct part comment)
{
    fprintf(file, "%s%.*s\n", comment.length > 0 ? "   " : "", comment.length, comment.at);
}

/* On one line: lock: {token: {ttl: 1s, retry: 20ms}} */
static void put_in_a_line(FILE *file, const struct fixer *fixer, enum owner owner, const char *name,
                          struct part comment)
{
    const char *joint = "";
    fprintf(file, "%s: {%s: {", owner_names[owner], name);
    for (int i = 0; i < fixer->value_count; i++) {
        if (goes_to(fixer, &fixer->values[i], owner)) {
            fputs(joint, file);
            put_value(file, &fixer->values[i]);
            joint = ", ";
        }
    }
    fputs("}}", file);
    put_comment(file, comment);
}

/* One a line, each with its comment. */
static void put_in_lines(FILE *file, const struct fixer *fixer, enum owner owner, const char *name,
                         struct part comment)
{
    fprintf(file, "%s:", owner_names[owner]);
    put_comment(file, comment);
    fprintf(file, "  %s:\n", name);
    for (int i = 0; i < fixer->value_count; i++) {
        const struct value *value = &fixer->values[i];
        if (goes_to(fixer, value, owner)) {
            fputs("    ", file);
            put_value(file, value);
            put_comment(file, value->comment);
        }
    }
}

static void put_owner(FILE *file, const struct fixer *fixer, enum owner owner)
{
    const struct node *named = fixer->named[owner];
    const char *name = named ? named->text : owner_row_name(owner, owner_default(owner));
    struct part comment = {"", 0};
    int count = 0;
    bool commented = false;
    if (named) {
        comment = comment_of(fixer, named->line);
    }
    for (int i = 0; i < fixer->value_count; i++) {
        const struct value *value = &fixer->values[i];
        if (goes_to(fixer, value, owner)) {
            count++;
            commented = commented || value->comment.length > 0;
        } else if (value->moved->owner == (int)owner) {
            fprintf(file, "# %s: %s has no effect with %s: %s\n", value->moved->key,
                    value->node->text, owner_names[owner], name);
        }
    }
    if (count > 0 && commented) {
        put_in_lines(file, fixer, owner, name, comment);
    } else if (count > 0) {
        put_in_a_line(file, fixer, owner, name, comment);
    } else if (named) {
        fprintf(file, "%s: %s", owner_names[owner], name);
        put_comment(file, comment);
    }
}

/* What moves to the top, and the comment of the section that it stood in. */
static void put_top(FILE *file, const struct fixer *fixer)
{
    for (int i = 0; i < fixer->value_count; i++) {
        if (fixer->values[i].moved->owner < 0) {
            put_value(file, &fixer->values[i]);
            put_comment(file, fixer->values[i].comment);
        }
    }
}

/* What comes in place of a line, or before it. */
static void put_for_line(FILE *file, const struct fixer *fixer, int line)
{
    if (fixer->keeps[line]) {
        struct part comment = comment_of(fixer, line);
        fprintf(file, "%.*s%s", comment.length, comment.at, comment.length > 0 ? "\n" : "");
    }
    for (int owner = 0; owner < OWNERS; owner++) {
        if (line == fixer->place[owner]) {
            put_owner(file, fixer, (enum owner)owner);
        }
    }
    if (line == fixer->top_place) {
        put_top(file, fixer);
    }
}

static void edit_line(struct fixer *fixer, struct edits *edits, int line)
{
    size_t from = (size_t)(fixer->lines[line] - fixer->bytes);
    size_t to = (size_t)(fixer->lines[line + 1] - fixer->bytes);
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (!file) {
        edits->failed = true;
        return;
    }
    put_for_line(file, fixer, line);
    if (fclose(file) != 0) {
        edits->failed = true;
    } else if (size > 0 || fixer->gone[line]) {
        edits_put(edits, from, fixer->gone[line] ? to : from, text);
    }
    free(text);
}

/* The new text, behind the byte order mark of the old one. NULL: memory is out. */
static char *put_lines(struct fixer *fixer, size_t mark, size_t *length)
{
    struct edits edits;
    edits_begin(&edits, fixer->bytes, fixer->length);
    for (int line = 1; line <= fixer->count; line++) {
        edit_line(fixer, &edits, line);
    }
    char *text = edits_apply(&edits, length);
    char *whole = text ? malloc(mark + *length + 1) : NULL;
    if (whole) {
        memcpy(whole, fixer->bytes - mark, mark);
        memcpy(whole + mark, text, *length + 1);
        *length += mark;
    }
    free(text);
    edits_free(&edits);
    return whole;
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum fix rewrite(struct fixer *fixer, size_t mark, char **out, size_t *out_length, char *why,
                        size_t size)
{
    const struct node *root = fixer->tree.root;
    if (root->kind != NODE_MAP || root->flow || !split(fixer) || !find_moved(fixer)) {
        snprintf(why, size,
                 "it is written in a way that cannot be rewritten line by line; "
                 "hustings lint shows what to write");
        return FIX_IMPOSSIBLE;
    }
    if (fixer->value_count == 0) {
        return FIX_NONE;
    }
    *out = put_lines(fixer, mark, out_length);
    if (!*out) {
        snprintf(why, size, "no memory");
    }
    return *out ? FIX_DONE : FIX_IMPOSSIBLE;
}

enum fix scenario_fix(const char *bytes, size_t length, char **out, size_t *out_length, char *why,
                      size_t why_size)
{
    size_t mark = source_mark(bytes, length);
    struct fixer fixer = {.bytes = bytes + mark, .length = length - mark};
    struct scenario_report *report = calloc(1, sizeof *report);
    enum fix result = FIX_IMPOSSIBLE;
    *out = NULL;
    if (!report) {
        snprintf(why, why_size, "no memory");
    } else if (!source_is_text(fixer.bytes, fixer.length, report) ||
               !tree_build(&fixer.tree, fixer.bytes, fixer.length, report)) {
        snprintf(why, why_size, "it is no YAML that could be read; hustings lint shows why");
    } else {
        result = rewrite(&fixer, mark, out, out_length, why, why_size);
    }
    tree_free(&fixer.tree);
    free(fixer.lines);
    free(fixer.gone);
    free(fixer.keeps);
    free(report);
    return result;
}
