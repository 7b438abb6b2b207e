/* The table of elections of one trial: a row each. Without rules in the protocol there is no rule.
 *
 *    #       at  cause            elected     rule elect ms  settle ms  verdict
 *    1  0.000 s  start            node 1         3    212.4      301.9  ok
 *    2  3.000 s  crash node 1     node 1         -        -          -  dead
 */
#include <inttypes.h>

#include "sim/history/text.h"
#include "sim/outcome/times.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"
#include "src/lock/lock.h"
#include "src/protocol.h"

#define ROWS_MAX 10 /* of a table; the CSV has them all */
#define NARROW 72

const enum style verdict_styles[VERDICTS] = {
    [VERDICT_OK] = STYLE_GOOD,   [VERDICT_WRONG] = STYLE_BAD,      [VERDICT_DEAD] = STYLE_BAD,
    [VERDICT_NONE] = STYLE_WARN, [VERDICT_SUPERSEDED] = STYLE_DIM,
};

/* Nothing came of it, and nothing had to: that is not told as a failure. */
static bool is_withdrawn(const struct election *election)
{
    return election->verdict == VERDICT_NONE && election->ended == ENDED_WITHDRAWN;
}

static void put_verdict(struct line *line, const struct election *election)
{
    uint8_t verdict = election->verdict;
    if (is_withdrawn(election)) {
        line_put(line, STYLE_DIM, ending_names[ENDED_WITHDRAWN]);
        return;
    }
    if (election->outdated) {
        line_put(line, STYLE_WARN, VERDICT_OUTDATED);
        return;
    }
    line_put(line, verdict < VERDICTS ? verdict_styles[verdict] : STYLE_WARN,
             verdict < VERDICTS ? verdict_names[verdict] : "?");
}

/* How far what stands behind the rule moves to the left where there is none. */
#define RULE_WIDTH 6

static bool has_rules(const struct scenario *scenario)
{
    return protocol_rows[scenario->settings.row[OWNER_PROTOCOL]]->rules != NULL;
}

static void head(const struct terminal_options *options, bool rules)
{
    int left = rules ? 0 : RULE_WIDTH;
    struct line line = line_new(options, 2);
    line_right(&line, 4, STYLE_DIM, "#");
    line_right(&line, 13, STYLE_DIM, "at");
    line_to(&line, 15);
    line_put(&line, STYLE_DIM, "cause");
    line_to(&line, 32);
    line_put(&line, STYLE_DIM, "elected");
    if (rules) {
        line_right(&line, 47, STYLE_DIM, "rule");
    }
    line_right(&line, 56 - left, STYLE_DIM, "elect ms");
    line_right(&line, 67 - left, STYLE_DIM, "settle ms");
    line_to(&line, 69 - left);
    line_put(&line, STYLE_DIM, "verdict");
    line_end(&line);
}

/* "212.4"; or what became of it: "never", "censored"; "-" when the verdict says it. */
static char *elect_word(const struct election *election, char *out, size_t size)
{
    bool told = is_withdrawn(election);
    if (!told && (election->ended == ENDED_WITHDRAWN || election->ended == ENDED_CENSORED)) {
        snprintf(out, size, "%s", ending_names[election->ended]);
        return out;
    }
    snprintf(out, size, "%s", word_ms(election_rank_ns(election, TIME_ELECT)).text);
    return out;
}

static void row(const struct terminal_options *options, const struct election *election, bool rules)
{
    char text[WORD_SIZE];
    int left = rules ? 0 : RULE_WIDTH;
    struct line line = line_new(options, 2);
    snprintf(text, sizeof text, "%" PRIu32, election->nth);
    line_right(&line, 4, STYLE_DIM, text);
    line_right(&line, 13, STYLE_DIM, word_at(election->due_ns).text);
    line_to(&line, 15);
    line_put(&line, STYLE_PLAIN, word_cause(election->cause, election->cause_node).text);
    line_to(&line, 32);
    line_put(&line, STYLE_STRONG, word_who(election->elected).text);
    if (rules) {
        snprintf(text, sizeof text, election->rule > 0 ? "%" PRId32 : "-", election->rule);
        line_right(&line, 47, STYLE_PLAIN, text);
    }
    line_right(&line, 56 - left, STYLE_PLAIN, elect_word(election, text, sizeof text));
    line_right(&line, 67 - left, STYLE_PLAIN,
               word_ms(election_rank_ns(election, TIME_SETTLE)).text);
    line_to(&line, 69 - left);
    put_verdict(&line, election);
    line_end(&line);
}

/* In a narrow terminal: "2  crash node 1: node 4, rule 2, 88.1 ms  ok". */
static void narrow_row(const struct terminal_options *options, const struct election *election)
{
    struct line line = line_new(options, 2);
    line_format(&line, STYLE_DIM, "%" PRIu32 " %s: ", election->nth,
                word_cause(election->cause, election->cause_node).text);
    line_put(&line, STYLE_STRONG, word_who(election->elected).text);
    if (election->published_ns != NEVER_NS) {
        line_format(&line, STYLE_PLAIN, ", %s%s%s", election->reason ? election->reason : "",
                    election->reason ? ", " : "",
                    word_time(election_time_ns(election, TIME_ELECT)).text);
    } else if (!is_withdrawn(election)) {
        char ended[WORD_SIZE];
        line_format(&line, STYLE_PLAIN, ", %s", elect_word(election, ended, sizeof ended));
    }
    line_put(&line, STYLE_PLAIN, "  ");
    put_verdict(&line, election);
    line_end(&line);
}

/* Of programs that only lock: how often they were inside, by their own words. */
static void put_entries(const struct finish *finish)
{
    const struct outcome *outcome = finish->trials->first;
    char text[320], which[40] = "";
    int64_t ns = outcome->two_lock_holders_ns;
    int overlap = check_find("two_lock_holders");
    bool open = overlap >= 0 && outcome->checks[overlap].ending == CHECK_UNDECIDED;
    if (finish->trials->count > 1) {
        snprintf(which, sizeof which, "In trial %u: ", outcome->trial);
    }
    if (outcome->entries == 0) {
        snprintf(text, sizeof text,
                 "%s%sobody is to be elected, and nobody was ever inside the critical section.",
                 which, *which ? "n" : "N");
    } else {
        snprintf(text, sizeof text,
                 "%s%sobody is to be elected. Inside the critical section: %s, %" PRIu32
                 " of %s; %s%s.",
                 which, *which ? "n" : "N", word_count(outcome->entries, "time").text,
                 outcome->entered, word_count(finish->scenario->settings.nodes, "program").text,
                 ns > 0 ? "two at once for "
                 : open ? "whether two at once is undecided"
                        : "never two at once",
                 ns > 0 ? text_ms(ns).text : "");
    }
    style_paragraph(finish->options, outcome->entries > 0 ? STYLE_PLAIN : STYLE_WARN, "  ",
                    STYLE_PLAIN, text, 0);
}

void part_elections(const struct finish *finish)
{
    const struct terminal_options *options = finish->options;
    const struct outcome *outcome = finish->trials->first;
    bool narrow = options->columns < NARROW;
    if (!protocol_has_leaders(&finish->scenario->settings)) {
        put_entries(finish);
        return;
    }
    if (outcome->election_count == 0) {
        style_paragraph(options, STYLE_WARN, "  ", STYLE_PLAIN, "No election became due.", 1);
        return;
    }
    bool rules = has_rules(finish->scenario);
    if (!narrow) {
        head(options, rules);
    }
    size_t shown = outcome->election_count > ROWS_MAX ? ROWS_MAX - 1 : outcome->election_count;
    for (size_t i = 0; i < shown; i++) {
        if (narrow) {
            narrow_row(options, &outcome->elections[i]);
        } else {
            row(options, &outcome->elections[i], rules);
        }
    }
    if (shown < outcome->election_count) {
        struct line line = line_new(options, 4);
        line_format(&line, STYLE_DIM, "and %s more in elections.csv",
                    word_count(outcome->election_count - shown, "").text);
        line_end(&line);
    }
}

bool part_inferred(const struct finish *finish)
{
    uint32_t count = finish->trials->first->inferred;
    char text[160];
    if (count > 0) {
        snprintf(text, sizeof text, "What %s is inferred from %s traffic: %s no claims.",
                 count == 1 ? "one program believes" : "the programs believe",
                 count == 1 ? "its" : "their", count == 1 ? "it makes" : "they make");
        style_paragraph(finish->options, STYLE_PLAIN, "  ", STYLE_PLAIN, text, 0);
    }
    return count > 0;
}

bool part_other_ttl(const struct finish *finish)
{
    int64_t asked_ns = finish->trials->first->asked_ttl_ns;
    char asked[40], said[40], text[240];
    int64_t said_ns = lock_param(&finish->scenario->settings, LOCK_TTL);
    if (asked_ns > 0) {
        snprintf(text, sizeof text,
                 "The programs' lock lasts %s by what they ask for, but %s by the scenario. Bounds "
                 "such as lock_within go by the scenario: say there how long the lock lasts.",
                 duration_text(asked_ns, asked, sizeof asked),
                 duration_text(said_ns, said, sizeof said));
        style_paragraph(finish->options, STYLE_WARN, "  ", STYLE_PLAIN, text, 0);
    }
    return asked_ns > 0;
}
