/* The table of a matrix on the screen. See told.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/matrix/share.h"
#include "sim/matrix/told.h"
#include "sim/terminal/style.h"

#define CELL_WIDTH 7
#define STORY_WIDTH_MAX 38

static const enum style kind_styles[CELL_KINDS] = {[CELL_HOLDS] = STYLE_GOOD,
                                                   [CELL_BREAKS] = STYLE_BAD,
                                                   [CELL_BLOCKS] = STYLE_WARN,
                                                   [CELL_UNDECIDED] = STYLE_SUBMIT,
                                                   [CELL_NOT_APPLICABLE] = STYLE_DIM};

/* A column is called by a letter, or two. */
static char *letter_of(size_t column, char out[4])
{
    assert(column < COMBINATIONS_MAX);
    char last = (char)('A' + column % 26);
    if (column < 26) {
        snprintf(out, 4, "%c", last);
    } else {
        snprintf(out, 4, "%c%c", (char)('A' + column / 26 - 1), last);
    }
    return out;
}

unsigned told_percent(const struct cell *cell)
{
    uint32_t count = cell->kind == CELL_BREAKS   ? cell->broke
                     : cell->kind == CELL_BLOCKS ? cell->blocked
                                                 : 0;
    if (count == 0 || count == cell->trials) {
        return 0;
    }
    unsigned percent = (unsigned)((200ull * count + cell->trials) / (2ull * cell->trials));
    return percent < 1 ? 1 : percent > 99 ? 99 : percent;
}

/* At most 6 columns wide. */
static char *short_words(const struct cell *cell, char out[16])
{
    static const char *const whole[CELL_KINDS] = {[CELL_HOLDS] = "holds",
                                                  [CELL_BREAKS] = "BREAKS",
                                                  [CELL_BLOCKS] = "blocks",
                                                  [CELL_UNDECIDED] = "?",
                                                  [CELL_NOT_APPLICABLE] = "-"};
    unsigned percent = told_percent(cell);
    if (percent > 0) {
        snprintf(out, 16, "%s%u%%",
                 cell_ends(cell)             ? "EN"
                 : cell->kind == CELL_BREAKS ? "BR"
                                             : "bl",
                 percent);
    } else if (cell_ends(cell)) {
        snprintf(out, 16, "ENDS");
    } else {
        snprintf(out, 16, "%s%s", whole[cell->kind], cell_partly(cell) ? "*" : "");
    }
    return out;
}

/* Where the column at `place` begins: behind that of the stories. */
static int column_begins(const struct matrix *matrix, size_t place)
{
    size_t longest = 0;
    for (size_t i = 0; i < matrix->story_count; i++) {
        size_t length = strlen(matrix->stories[i].name);
        longest = length > longest ? length : longest;
    }
    int stories = longest < STORY_WIDTH_MAX ? (int)longest : STORY_WIDTH_MAX;
    return 2 + stories + 1 + (int)place * CELL_WIDTH;
}

static void table_part(const struct terminal_options *options, const struct told_matrix *told,
                       size_t from, size_t to)
{
    const struct matrix *matrix = told->matrix;
    char words[16], letter[4];
    struct line head = line_new(options, 2);
    for (size_t i = from; i < to; i++) {
        line_to(&head, column_begins(matrix, i - from));
        line_put(&head, STYLE_STRONG, letter_of(i, letter));
    }
    line_end(&head);
    for (size_t story = 0; story < matrix->story_count; story++) {
        struct line line = line_new(options, 2);
        line_format(&line, STYLE_PLAIN, "%.*s", STORY_WIDTH_MAX, matrix->stories[story].name);
        for (size_t i = from; i < to; i++) {
            struct cell cell;
            line_to(&line, column_begins(matrix, i - from));
            if (told->read(told->self, story * matrix->combination_count + i, &cell)) {
                line_put(&line, kind_styles[cell.kind], short_words(&cell, words));
            }
        }
        line_end(&line);
    }
    line_end(&(struct line){.options = options});
}

/* What the cells of a combination come to. */
struct column_sum {
    size_t kinds[CELL_KINDS];
    size_t ends; /* of those that break: a program ended by itself, and nothing else */
    int64_t overlap_ns, leaderless_ns; /* the most in a trial */
    uint64_t unfenced;
    bool works, leads;
};

static struct column_sum sum_of(const struct told_matrix *told, size_t column)
{
    const struct matrix *matrix = told->matrix;
    struct column_sum sum = {0};
    for (size_t i = column; i < matrix_cells(matrix); i += matrix->combination_count) {
        struct cell cell;
        if (!told->read(told->self, i, &cell)) {
            continue;
        }
        sum.kinds[cell.kind]++;
        sum.ends += cell_ends(&cell);
        sum.overlap_ns =
            cell.overlap.most_ns > sum.overlap_ns ? cell.overlap.most_ns : sum.overlap_ns;
        if (cell.leads && cell.leaderless.most_ns > sum.leaderless_ns) {
            sum.leaderless_ns = cell.leaderless.most_ns;
        }
        sum.unfenced += cell.unfenced;
        sum.works = sum.works || cell.works;
        sum.leads = sum.leads || cell.leads;
    }
    return sum;
}

static void tell_column(const struct terminal_options *options, const struct told_matrix *told,
                        size_t column)
{
    struct column_sum sum = sum_of(told, column);
    char letter[4];
    struct line line = line_new(options, 2);
    line_put(&line, STYLE_STRONG, letter_of(column, letter));
    line_to(&line, 5);
    line_put(&line, STYLE_PLAIN, told->matrix->combinations[column].name);
    line_end(&line);
    line = line_new(options, 5);
    line_format(&line, STYLE_GOOD, "holds %zu", sum.kinds[CELL_HOLDS]);
    line_put(&line, STYLE_PLAIN, ", ");
    line_format(&line, STYLE_BAD, "breaks %zu", sum.kinds[CELL_BREAKS] - sum.ends);
    if (sum.ends > 0) {
        line_put(&line, STYLE_PLAIN, ", ");
        line_format(&line, STYLE_BAD, "ends %zu", sum.ends);
    }
    line_put(&line, STYLE_PLAIN, ", ");
    line_format(&line, STYLE_WARN, "blocks %zu", sum.kinds[CELL_BLOCKS]);
    if (sum.kinds[CELL_UNDECIDED] > 0) {
        line_put(&line, STYLE_PLAIN, ", ");
        line_format(&line, STYLE_SUBMIT, "undecided %zu", sum.kinds[CELL_UNDECIDED]);
    }
    line_format(&line, STYLE_DIM, ", does not apply %zu", sum.kinds[CELL_NOT_APPLICABLE]);
    line_end(&line);
    line = line_new(options, 5);
    line_format(&line, STYLE_DIM, "most in one trial: two at once %s",
                text_ms(sum.overlap_ns).text);
    if (sum.leads) {
        line_format(&line, STYLE_DIM, ", no leader %s", text_ms(sum.leaderless_ns).text);
    }
    line_end(&line);
    if (sum.works) {
        line = line_new(options, 5);
        line_format(&line, STYLE_DIM, "in all trials: unfenced writes %s",
                    text_count(sum.unfenced).text);
        line_end(&line);
    }
}

static void put_sign(const struct terminal_options *options, const char *words)
{
    style_paragraph(options, STYLE_DIM, "  ", STYLE_DIM, words, 0);
}

/* Why it does not apply, of the first such cell. */
static void put_not_applicable(const struct terminal_options *options,
                               const struct told_matrix *told, size_t number)
{
    char name[200], words[800];
    struct cell cell;
    if (told->read(told->self, number, &cell)) {
        snprintf(words, sizeof words,
                 "- does not apply: the story cannot be told of it, or no trial tested it. The "
                 "first, %s: %s. matrix.csv has the reason of each (why).",
                 matrix_cell_name(told->matrix, number, name, sizeof name), cell.why);
        put_sign(options, words);
    }
}

/* The signs in the table that say too little by themselves, as far as they are there. */
static void put_legend(const struct terminal_options *options, const struct told_matrix *told)
{
    size_t cells = matrix_cells(told->matrix), not_applicable = cells;
    bool percent = false, undecided = false, partly = false, blocks = false, ends = false;
    for (size_t i = 0; i < cells; i++) {
        struct cell cell;
        if (told->read(told->self, i, &cell)) {
            bool applies = cell.kind != CELL_NOT_APPLICABLE;
            percent = percent || told_percent(&cell) > 0;
            blocks = blocks || cell.kind == CELL_BLOCKS;
            ends = ends || cell_ends(&cell);
            undecided = undecided || cell.kind == CELL_UNDECIDED;
            partly = partly || cell_partly(&cell);
            not_applicable = applies || not_applicable < cells ? not_applicable : i;
        }
    }
    if (percent || undecided || partly || blocks || ends || not_applicable < cells) {
        line_end(&(struct line){.options = options});
    }
    if (blocks) {
        put_sign(options, "blocks: nobody led when the trial ended, or somebody had waited for "
                          "the lock, for longer than the story allows (settles_within, "
                          "lock_within). If somebody led again before the end, the time without a "
                          "leader is a price, and no block.");
    }
    if (percent) {
        put_sign(options, "BR12%, bl12%: it breaks, or blocks, in 12 % of the trials.");
    }
    if (ends) {
        put_sign(options, "ENDS, EN12%: a program ended by itself (program_ended), in 12 % of the "
                          "trials; no promise of its lock was broken.");
    }
    if (undecided) {
        put_sign(options, "? undecided: some trials cannot be judged, and the others held.");
    }
    if (partly) {
        put_sign(options, "* Some trials only tested it, by chance; matrix.csv has how many "
                          "(held), and why the others did not.");
    }
    if (not_applicable < cells) {
        put_not_applicable(options, told, not_applicable);
    }
}

/* Whether two of the combinations have leases of other lengths, and are else alike but for
 * parameters: leases of 3 s and 8 s. */
static bool differ_in_times(const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->combination_count; i++) {
        const struct combination *one = &matrix->combinations[i];
        for (size_t j = 0; j < i && !one->own && !one->file.programs; j++) {
            const struct combination *other = &matrix->combinations[j];
            if (!other->own && !other->file.programs &&
                memcmp(one->settings.row, other->settings.row, sizeof one->settings.row) == 0 &&
                one->settings.fencing == other->settings.fencing &&
                share_lease_length(&one->settings) != share_lease_length(&other->settings)) {
                return true;
            }
        }
    }
    return false;
}

void told_table(const struct terminal_options *options, const struct told_matrix *told)
{
    size_t columns = told->matrix->combination_count;
    int room =
        (options->tty ? options->columns - 1 : LINE_BYTES / 4) - column_begins(told->matrix, 0);
    size_t fit = room > CELL_WIDTH ? (size_t)(room / CELL_WIDTH) : 1;
    for (size_t from = 0; from < columns; from += fit) {
        table_part(options, told, from, from + fit < columns ? from + fit : columns);
    }
    for (size_t i = 0; i < columns; i++) {
        tell_column(options, told, i);
    }
    put_legend(options, told);
    if (differ_in_times(told->matrix)) {
        put_sign(options, "The times of a story are counted in leases: a longer lease meets a "
                          "longer pause. Which lease stands your pauses: hustings sweep.");
    }
}

void told_cell(const struct terminal_options *options, const struct told_matrix *told,
               size_t number, const char *command)
{
    struct cell cell;
    char words[64], text[200];
    struct line line = line_new(options, 2);
    if (!told->read(told->self, number, &cell)) {
        return;
    }
    matrix_cell_name(told->matrix, number, text, sizeof text);
    line_format(&line, STYLE_STRONG, "%s ", text);
    line_put(&line, kind_styles[cell.kind], cell_words(&cell, words, sizeof words));
    if (cell.check >= 0) {
        line_format(&line, STYLE_PLAIN, ": %s", check_rows[cell.check]->name);
    }
    line_end(&line);
    if (cell.why[0]) {
        style_paragraph(options, STYLE_PLAIN, "  ", STYLE_PLAIN, cell.why, 0);
    }
    if (cell.trials > 0) {
        snprintf(text, sizeof text,
                 "two at once for %s, nobody leads for %s, at most in one trial of %s",
                 text_ms(cell.overlap.most_ns).text, text_ms(cell.leaderless.most_ns).text,
                 text_count(cell.trials).text);
        style_label(options, "price", text);
    }
    if (command) {
        style_label(options, "shown by", command);
    }
}
