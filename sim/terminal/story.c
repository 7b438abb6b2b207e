/* Who was elected and how long it took, in words.
 *
 *     node 1 was elected by rule 3 after 212.4 ms; all followed 89.5 ms later.
 *     node 1 crashed at 3.000 s: no other was elected because of that.
 *     dead_leader: node 1 was elected at 3.104 s by rule 2 although it had died at 3.000 s: …
 *
 * Why a promise was broken is told by the checks, from the history; what is said here of elections
 * is what their rows say.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/outcome/points.h"
#include "sim/outcome/times.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

#define SENTENCES_MAX 4         /* of elections */
#define VIOLATIONS_OF_A_CHECK 2 /* told in full */
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

/* --- one election ----------------------------------------------------------------------------- */

/* The one that crashed is still named by the result: no other was elected. */
static bool nobody_followed(const struct election *election)
{
    return election->cause == CAUSE_CRASH && election->cause_node != NOBODY &&
           election->cause_node == election->elected && election->published_ns == NEVER_NS;
}

static void elected(const struct election *election, char *out)
{
    const struct word who = word_who(election->elected);
    if (election->elected == NOBODY && election->ended == ENDED_WITHDRAWN) {
        append(out, "nobody had to be elected");
    } else if (election->elected == NOBODY) {
        append(out, election->ended == ENDED_CENSORED ? "nobody had been elected when the run ended"
                                                      : "nobody was elected");
    } else if (nobody_followed(election)) {
        append(out, "no other was elected because of that");
    } else if (election->published_ns == NEVER_NS) {
        append(out, "%s stays leader", who.text);
    } else {
        append(out, "%s was elected%s%s after %s", who.text, election->reason ? " by " : "",
               election->reason ? election->reason : "",
               word_time(election_time_ns(election, TIME_ELECT)).text);
    }
}

static void settled(const struct election *election, char *out)
{
    if (election->published_ns != NEVER_NS && election->settled_ns != NEVER_NS) {
        append(out, "; all followed %s later",
               word_time(election->settled_ns - election->published_ns).text);
    }
}

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
        !decided_rightly(outcome)) {
        append(out, ", but by the rules it should have been %s%s", who.text, why);
    } else {
        append(out,
               ". By the statuses that it was decided from, at %s, this was right; when it was "
               "published, it should have been %s%s",
               word_at(election->decided_ns).text, who.text, why);
    }
}

static enum style tell_election(const struct outcome *outcome, const struct election *election,
                                char *out)
{
    char what[SENTENCE_SIZE];
    happened(election->cause, election->cause_node, what);
    if (election->cause == CAUSE_OVERWRITE && election->verdict == VERDICT_OK) {
        snprintf(what, sizeof what, "%s set the result right", word_who(election->cause_node).text);
    }
    *out = '\0';
    if (*what) {
        append(out, "%s at %s: ", what, word_at(told_ns(election)).text);
    }
    elected(election, out);
    if (election->verdict == VERDICT_DEAD && !nobody_followed(election)) {
        append(out, ", which was not running");
    } else if (election->verdict == VERDICT_WRONG) {
        wrong(outcome, election, out);
    } else {
        settled(election, out);
    }
    append(out, ".");
    return election->verdict == VERDICT_OK || election->ended == ENDED_WITHDRAWN ? STYLE_PLAIN
                                                                                 : STYLE_WARN;
}

/* --- one trial -------------------------------------------------------------------------------- */

/* Nothing came of it, and the next one goes on with it. */
static bool is_told_by_next(const struct outcome *outcome, size_t index)
{
    const struct election *election = &outcome->elections[index];
    return election->published_ns == NEVER_NS && election->elected == NOBODY &&
           index + 1 < outcome->election_count;
}

/* A broken promise whose sentence stands below, in what FAILED, is not told twice. */
static bool is_told_as_failure(const struct finish *finish, const struct violation *violation)
{
    return unmet_find(&finish->judgement->unmet,
                      (struct expectation){EXPECTED_CHECK, violation->check}) != NULL;
}

static void tell_violation(const struct finish *finish, const struct violation *violation,
                           const char *which)
{
    char sentence[SENTENCE_SIZE];
    *sentence = '\0';
    append(sentence, "%s%s: %s", check_rows[violation->check]->name, which, violation->explanation);
    size_t length = strlen(sentence);
    append(sentence, "%s", sentence[length - 1] == '.' ? "" : ".");
    tell(finish->options, STYLE_WARN, sentence);
}

/* The first so many of each check are told. */
static bool is_one_too_many(const struct outcome *outcome, size_t index)
{
    uint32_t before = 0;
    for (size_t i = 0; i < index; i++) {
        before += outcome->violations.list[i].check == outcome->violations.list[index].check;
    }
    return before >= VIOLATIONS_OF_A_CHECK;
}

/* What happened before `until_ns` and was not told yet, from the `next`th violation on. */
static void tell_violations(const struct finish *finish, size_t *next, int64_t until_ns,
                            size_t *left_out)
{
    const struct outcome *outcome = finish->trials->first;
    for (; *next < outcome->violations.count; (*next)++) {
        const struct violation *violation = &outcome->violations.list[*next];
        if (violation->at_ns >= until_ns) {
            return;
        }
        if (is_told_as_failure(finish, violation)) {
            continue;
        }
        if (is_one_too_many(outcome, *next)) {
            (*left_out)++;
        } else {
            tell_violation(finish, violation, "");
        }
    }
}

static void tell_rest(const struct finish *finish, size_t elections, size_t violations)
{
    const struct outcome *outcome = finish->trials->first;
    char sentence[SENTENCE_SIZE];
    if (elections > 0) {
        *sentence = '\0';
        append(sentence, "At the end of %s %s is leader.",
               word_count(outcome->election_count, "election").text,
               word_who(outcome->final_leader).text);
        tell(finish->options, STYLE_PLAIN, sentence);
    }
    if (violations > 0) {
        *sentence = '\0';
        append(sentence, "%s more in violations.csv.",
               word_count(violations, "broken promise").text);
        tell(finish->options, STYLE_WARN, sentence);
    }
}

/* The elections and the broken promises, in order of time. */
static void tell_trial(const struct finish *finish)
{
    const struct outcome *outcome = finish->trials->first;
    char sentence[SENTENCE_SIZE];
    size_t told = 0, next = 0, elections_left = 0, violations_left = 0;
    for (size_t i = 0; i < outcome->election_count; i++) {
        const struct election *election = &outcome->elections[i];
        if (is_told_by_next(outcome, i)) {
            continue;
        }
        if (told == SENTENCES_MAX) {
            elections_left++;
            continue;
        }
        told++;
        tell_violations(finish, &next, told_ns(election), &violations_left);
        enum style style = tell_election(outcome, election, sentence);
        tell(finish->options, style, sentence);
    }
    tell_violations(finish, &next, INT64_MAX, &violations_left);
    tell_rest(finish, elections_left, violations_left);
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

/* Of each check that was broken, the sentence of the first trial in which it was. */
static void tell_broken(const struct finish *finish)
{
    for (size_t check = 0; check < check_count(); check++) {
        const struct check_sum *sum = &finish->trials->checks[check];
        if (sum->has_violation && !is_told_as_failure(finish, &sum->violation)) {
            char which[WORD_SIZE];
            snprintf(which, sizeof which, ", in trial %" PRIu32,
                     sum->broken.first[YES].trial.trial);
            tell_violation(finish, &sum->violation, which);
        }
    }
}

static void tell_trials(const struct finish *finish)
{
    char sentence[SENTENCE_SIZE];
    size_t count = finish->trials->count, place = 0, seen = 0;
    const struct group *group;
    while (seen++ < SENTENCES_MAX && (group = groups_next(&finish->trials->groups, &place))) {
        /* What befell fewer than half of the trials is for the table. */
        if (group->elections >= (count + 1) / 2) {
            enum style style = tell_group(group, count, sentence);
            tell(finish->options, style, sentence);
        }
    }
    tell_broken(finish);
}

void part_story(const struct finish *finish)
{
    if (finish->trials->count == 1) {
        tell_trial(finish);
    } else {
        tell_trials(finish);
    }
}
