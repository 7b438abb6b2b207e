/* The table of elections of many trials: who won how often, and how long it took.
 *
 *    #  cause         elected        elect ms p50/p99   settle ms  verdict
 *    1  start         node 1     ███  ×14    7.0/12.0 121.0/141.0  14 ok
 *                     node 3     █    ×4                           6 wrong
 *                     node 2     ▌    ×2
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

#define GROUPS_MAX 6 /* rows; the CSV has them all */
#define WINNERS_SHOWN 4
#define BAR_WIDTH 4
#define NARROW 72

/* As word_ms(), but from a second on without the decimal, which would crowd the table. */
static char *short_ms(int64_t ns, char *out, size_t size)
{
    const int64_t second_ns = 1000000000, ms_ns = 1000000;
    bool is_time = ns != NEVER_NS && ns != FOREVER_NS;
    if (is_time && ns >= second_ns) {
        snprintf(out, size, "%s", text_count((uint64_t)((ns + ms_ns / 2) / ms_ns)).text);
    } else {
        snprintf(out, size, "%s", word_ms(ns).text);
    }
    return out;
}

/* "212.4/300.1", "212.4/never", "never": milliseconds. Of equal ones there is but one to tell. */
static char *pair(int64_t low_ns, int64_t high_ns, char *out, size_t size)
{
    char low[WORD_SIZE], high[WORD_SIZE];
    short_ms(low_ns, low, sizeof low);
    short_ms(high_ns, high, sizeof high);
    if (low_ns == NEVER_NS || low_ns == FOREVER_NS || strcmp(low, high) == 0) {
        snprintf(out, size, "%s", low);
    } else {
        snprintf(out, size, "%s/%s", low, high);
    }
    return out;
}

static void put_bar(struct line *line, uint32_t part, uint32_t whole)
{
    /* In half columns, and never nothing for something. */
    uint32_t halves = whole ? (part * 2 * BAR_WIDTH + whole / 2) / whole : 0;
    halves = halves < 1 ? 1 : halves;
    line_glyphs(line, STYLE_SUBMIT, GLYPH_BAR, (int)(halves / 2));
    if (halves % 2) {
        line_glyphs(line, STYLE_SUBMIT, line->options->utf8 ? GLYPH_HALF_BAR : GLYPH_BAR, 1);
    }
}

static void put_winner(struct line *line, const struct group *group, uint32_t index)
{
    const struct winner *winner = &group->winners[index];
    line_put(line, STYLE_STRONG, word_who(winner->id).text);
    line_to(line, 31);
    put_bar(line, winner->times, group->elections);
    line_to(line, 32 + BAR_WIDTH);
    line_format(line, STYLE_PLAIN, "%s%s", glyph(line->options, GLYPH_TIMES),
                text_count(winner->times).text);
}

/* The kinds of ends that are told apart: the verdicts, what was right when it was read, and what
 * was withdrawn, which is none of the failures. */
#define KIND_OUTDATED VERDICTS
#define KIND_WITHDRAWN (VERDICTS + 1)
#define KINDS (VERDICTS + 2)

static uint32_t of_kind(const struct group *group, int kind)
{
    return kind == KIND_WITHDRAWN  ? group->withdrawn
           : kind == KIND_OUTDATED ? group->outdated
           : kind == VERDICT_WRONG ? group->verdicts[kind] - group->outdated
           : kind == VERDICT_NONE  ? group->verdicts[kind] - group->withdrawn
                                   : group->verdicts[kind];
}

/* The `index`th kind that occurred: "ok", or "2 dead" if there are several. */
static void put_verdict(struct line *line, const struct group *group, uint32_t index)
{
    uint32_t seen = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        uint32_t count = of_kind(group, kind);
        if (count == 0 || seen++ != index) {
            continue;
        }
        const char *name = kind == KIND_WITHDRAWN  ? ending_names[ENDED_WITHDRAWN]
                           : kind == KIND_OUTDATED ? VERDICT_OUTDATED
                                                   : verdict_names[kind];
        enum style style = kind == KIND_WITHDRAWN  ? STYLE_DIM
                           : kind == KIND_OUTDATED ? STYLE_WARN
                                                   : verdict_styles[kind];
        if (count == group->elections) {
            line_put(line, style, name);
        } else {
            line_format(line, style, "%s %s", text_count(count).text, name);
        }
    }
}

static uint32_t verdict_kinds(const struct group *group)
{
    uint32_t kinds = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        kinds += of_kind(group, kind) > 0;
    }
    return kinds;
}

static void put_times(struct line *line, const struct group *group)
{
    char text[2 * WORD_SIZE];
    pair(group->ranks[TIME_ELECT].ns[BOUND_P50], group->ranks[TIME_ELECT].ns[BOUND_P99], text,
         sizeof text);
    line_right(line, 51, STYLE_PLAIN, text);
    pair(group->ranks[TIME_SETTLE].ns[BOUND_P50], group->ranks[TIME_SETTLE].ns[BOUND_P99], text,
         sizeof text);
    line_right(line, 63, STYLE_PLAIN, text);
}

static void rows(const struct terminal_options *options, const struct group *group)
{
    char text[WORD_SIZE];
    uint32_t winners = group->winner_count < WINNERS_SHOWN ? group->winner_count : WINNERS_SHOWN;
    uint32_t verdicts = verdict_kinds(group);
    for (uint32_t i = 0; i < (winners > verdicts ? winners : verdicts); i++) {
        struct line line = line_new(options, 2);
        if (i == 0) {
            snprintf(text, sizeof text, "%" PRIu32, group->nth);
            line_right(&line, 4, STYLE_DIM, text);
            line_to(&line, 6);
            line_put(&line, STYLE_PLAIN, word_cause(group->cause, group->cause_node).text);
        }
        if (i < winners) {
            line_to(&line, 20);
            put_winner(&line, group, i);
        }
        if (i == 0) {
            put_times(&line, group);
        }
        if (i < verdicts) {
            line_to(&line, 65);
            put_verdict(&line, group, i);
        }
        line_end(&line);
    }
    if (winners < group->winner_count) {
        struct line line = line_new(options, 20);
        line_format(&line, STYLE_DIM, "and %s",
                    word_count(group->winner_count - winners + group->others, "other").text);
        line_end(&line);
    }
}

/* "1 start: node 1 ×14, node 3 ×4  212.4/300.1 ms" */
static void narrow_rows(const struct terminal_options *options, const struct group *group)
{
    char times[2 * WORD_SIZE];
    struct line line = line_new(options, 2);
    line_format(&line, STYLE_DIM, "%" PRIu32 " %s:", group->nth,
                word_cause(group->cause, group->cause_node).text);
    for (uint32_t i = 0; i < group->winner_count && i < 2; i++) {
        line_format(&line, STYLE_STRONG, "%s%s", i ? ", " : " ",
                    word_who(group->winners[i].id).text);
        line_format(&line, STYLE_PLAIN, " %s%s", glyph(options, GLYPH_TIMES),
                    text_count(group->winners[i].times).text);
    }
    if (group->winner_count > 2) {
        line_put(&line, STYLE_DIM, glyph(options, GLYPH_MORE));
    }
    line_end(&line);
    struct line second = line_new(options, 4);
    if (group->ranks[TIME_ELECT].ns[BOUND_P50] != NEVER_NS) {
        pair(group->ranks[TIME_ELECT].ns[BOUND_P50], group->ranks[TIME_ELECT].ns[BOUND_P99], times,
             sizeof times);
        line_format(&second, STYLE_PLAIN, "%s%s  ", times,
                    group->ranks[TIME_ELECT].ns[BOUND_P50] == FOREVER_NS ? ""
                    : strchr(times, '/')                                 ? " ms (p50/p99)"
                                                                         : " ms");
    }
    for (uint32_t i = 0; i < verdict_kinds(group); i++) {
        line_put(&second, STYLE_PLAIN, i ? ", " : "");
        put_verdict(&second, group, i);
    }
    line_end(&second);
}

static void head(const struct terminal_options *options)
{
    struct line line = line_new(options, 2);
    line_right(&line, 4, STYLE_DIM, "#");
    line_to(&line, 6);
    line_put(&line, STYLE_DIM, "cause");
    line_to(&line, 20);
    line_put(&line, STYLE_DIM, "elected");
    line_right(&line, 51, STYLE_DIM, "elect ms p50/p99");
    line_right(&line, 63, STYLE_DIM, "settle ms");
    line_to(&line, 65);
    line_put(&line, STYLE_DIM, "verdict");
    line_end(&line);
}

void part_spread(const struct finish *finish)
{
    const struct terminal_options *options = finish->options;
    const struct groups *groups = &finish->trials->groups;
    const struct group *group;
    bool narrow = options->columns < NARROW;
    size_t elections = groups->causes[ALL_CAUSES].elections, told = 0, place = 0, shown = 0;
    if (!narrow) {
        head(options);
    }
    while (shown++ < GROUPS_MAX && (group = groups_next(groups, &place))) {
        (narrow ? narrow_rows : rows)(options, group);
        told += group->elections;
    }
    if (told < elections) {
        struct line line = line_new(options, 6);
        line_format(&line, STYLE_DIM, "and %s more in elections.csv",
                    word_count(elections - told, "election").text);
        line_end(&line);
    }
}
