/* Who was elected, in words: over many trials, and of one trial where that needs an explanation.
 *
 *     node 1 was elected every time, by rule 3, in the median after 212.4 ms, at worst after
 *     301.0 ms.
 *     node 2 overwrote the result at 0.501 s: node 2 was elected, but by the rules it should have
 *     been node 1.
 *
 * How one trial went is told by its story (story.c), why a promise was broken by the checks; what
 * is said here of elections is what their rows say.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/outcome/times.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

#define SENTENCES_MAX 4
#define SENTENCE_SIZE 640

static void append(char *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends to a sentence of SENTENCE_SIZE. */
static void append(char *out, const char *format, ...)
{
    size_t used = strlen(out);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + used, SENTENCE_SIZE - used, format, arguments);
    va_end(arguments);
}

static void tell(const struct terminal_options *options, enum style style, const char *sentence)
{
    style_paragraph(options, style, "  ", STYLE_PLAIN, sentence, 0);
}

/* --- what happened ---------------------------------------------------------------------------- */

/* "node 3 crashed", "the lock expired"; empty for the start. */
static void happened(uint8_t cause, int32_t node, char *out)
{
    static const char *const verbs[CAUSES] = {
        [CAUSE_FLIP] = "was flipped",
        [CAUSE_CRASH] = "crashed",
        [CAUSE_RESTART] = "restarted",
        [CAUSE_PAUSE] = "was paused",
        [CAUSE_RESUME] = "went on",
        [CAUSE_PARTITION] = "could not reach the Redis",
        [CAUSE_CLOCK] = "went by another clock than the Redis",
        [CAUSE_EXPIRY] = "no longer held the lock",
        [CAUSE_RESIGNATION] = "stepped down",
        [CAUSE_OVERWRITE] = "overwrote the result",
        [CAUSE_SUBMIT] = "turned to submit, as it found itself elected,",
    };
    *out = '\0';
    if (cause == CAUSE_LOSS) {
        append(out, "the Redis lost its data, as was seen");
    } else if (cause == CAUSE_OTHER) {
        append(out, "a result of nobody in this cluster was found");
    } else if (cause < CAUSES && verbs[cause]) {
        append(out, "%s %s", node == NOBODY ? "a process" : word_who(node).text, verbs[cause]);
    }
}

/* --- one trial -------------------------------------------------------------------------------- */

/* When it is told: an overwrite when it was seen, as it is due when its statuses were read. */
static int64_t told_ns(const struct election *election)
{
    bool late = election->cause == CAUSE_OVERWRITE && election->published_ns != NEVER_NS;
    return late ? election->published_ns : election->due_ns;
}

/* Whether each decision of the trial is what the rules give for the statuses that it was taken
 * from. A result may be wrong all the same: the statuses changed, or came, after they were read. */
static bool decided_rightly(const struct outcome *outcome)
{
    return outcome->checks[check_find("wrong_winner")].ending == CHECK_HELD;
}

static void wrong(const struct outcome *outcome, const struct election *election, char *out)
{
    const char *why = election->rightful_submits ? ", which was in submit by then" : "";
    const struct word who = word_who(election->rightful);
    if (election->published_ns == NEVER_NS || election->decided_ns == NEVER_NS ||
        !(election->outdated || decided_rightly(outcome))) {
        append(out, ", but by the rules it should have been %s%s", who.text, why);
    } else {
        append(out,
               ". By the statuses that it was decided from, at %s, this was right; when it was "
               "published, it should have been %s%s",
               word_at(election->decided_ns).text, who.text, why);
    }
}

/* Why an election ended as wrong. */
static void tell_wrong(const struct finish *finish, const struct election *election)
{
    const struct outcome *outcome = finish->trials->first;
    char what[SENTENCE_SIZE], sentence[SENTENCE_SIZE];
    happened(election->cause, election->cause_node, what);
    *sentence = '\0';
    if (*what) {
        append(sentence, "%s at %s: ", what, word_at(told_ns(election)).text);
    }
    append(sentence, "%s was elected", word_who(election->elected).text);
    if (election->published_ns != NEVER_NS) {
        append(sentence, "%s%s after %s", election->reason ? " by " : "",
               election->reason ? election->reason : "",
               word_time(election_time_ns(election, TIME_ELECT)).text);
    }
    wrong(outcome, election, sentence);
    append(sentence, ".");
    tell(finish->options, STYLE_WARN, sentence);
}

static bool tell_trial(const struct finish *finish)
{
    const struct outcome *outcome = finish->trials->first;
    size_t told = 0;
    for (size_t i = 0; i < outcome->election_count && told < SENTENCES_MAX; i++) {
        if (outcome->elections[i].verdict == VERDICT_WRONG) {
            tell_wrong(finish, &outcome->elections[i]);
            told++;
        }
    }
    return told > 0;
}

/* --- the elections of many trials ------------------------------------------------------------- */

/* Nobody was elected, since it became needless. */
static bool was_needless(const struct group *group, const struct winner *winner)
{
    return winner->id == NOBODY && winner->times == group->withdrawn;
}

/* "node 1 was elected in 14 of 20 trials, node 3 in 4 and node 2 in 2" */
static void winners(const struct group *group, size_t trials, char *out)
{
    uint32_t shown = group->winner_count < 3 ? group->winner_count : 3;
    bool all = shown == group->winner_count;
    for (uint32_t i = 0; i < shown; i++) {
        const struct word who = word_who(group->winners[i].id);
        if (i == 0) {
            append(out, "%s %s in %s of %s", who.text,
                   was_needless(group, &group->winners[i]) ? "had to be elected" : "was elected",
                   text_count(group->winners[i].times).text, word_count(trials, "trial").text);
        } else {
            const char *verb = was_needless(group, &group->winners[i])             ? " had to be"
                               : i == 1 && was_needless(group, &group->winners[0]) ? " was elected"
                                                                                   : "";
            append(out, "%s%s%s in %s", i + 1 == shown && all ? " and " : ", ", who.text, verb,
                   text_count(group->winners[i].times).text);
        }
    }
    append(out, all ? "" : " and others in the rest");
}

/* "node 1 was elected every time" */
static void one_winner(const struct group *group, size_t trials, char *out)
{
    bool published = group->published;
    int32_t id = group->winners[0].id;
    if (group->cause == CAUSE_CRASH && !published && id != NOBODY && id == group->cause_node) {
        append(out, "no other was elected because of that");
        id = NOBODY;
    } else {
        append(out, "%s %s", word_who(id).text,
               was_needless(group, &group->winners[0]) ? "had to be elected"
               : published || id == NOBODY             ? "was elected"
                                                       : "stayed leader");
    }
    if (group->elections == trials) {
        append(out, id == NOBODY ? " in any trial" : " every time");
    } else {
        append(out, " in %s of %s", text_count(group->elections).text,
               word_count(trials, "trial").text);
    }
}

static void pace(const struct group *group, char *out)
{
    int64_t median_ns = group->ranks[TIME_ELECT].ns[BOUND_P50];
    int64_t slowest_ns = group->ranks[TIME_ELECT].ns[BOUND_MAX];
    if (!group->published) {
        return;
    }
    if (group->reason) {
        append(out, ", by %s", group->reason);
    }
    if (median_ns == NEVER_NS) {
        return;
    }
    append(out, ", in the median %s%s, at worst %s%s", median_ns == FOREVER_NS ? "" : "after ",
           word_time(median_ns).text, slowest_ns == FOREVER_NS ? "" : "after ",
           word_time(slowest_ns).text);
}

static enum style tell_group(const struct group *group, size_t trials, char *out)
{
    char what[SENTENCE_SIZE];
    happened(group->cause, group->cause_node, what);
    *out = '\0';
    append(out, "%s%s", what, *what ? ": " : "");
    if (group->winner_count == 1) {
        one_winner(group, trials, out);
    } else {
        winners(group, trials, out);
    }
    pace(group, out);
    append(out, ".");
    return group->verdicts[VERDICT_OK] + group->withdrawn < group->elections ? STYLE_WARN
                                                                             : STYLE_PLAIN;
}

static bool tell_trials(const struct finish *finish)
{
    char sentence[SENTENCE_SIZE];
    size_t count = finish->trials->count, place = 0, seen = 0, told = 0;
    const struct group *group;
    while (seen++ < SENTENCES_MAX && (group = groups_next(&finish->trials->groups, &place))) {
        /* What befell fewer than half of the trials is for the table. */
        if (group->elections >= (count + 1) / 2) {
            enum style style = tell_group(group, count, sentence);
            tell(finish->options, style, sentence);
            told++;
        }
    }
    return told > 0;
}

bool part_elected(const struct finish *finish)
{
    return finish->trials->count == 1 ? tell_trial(finish) : tell_trials(finish);
}
