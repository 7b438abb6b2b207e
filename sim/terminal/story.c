/* Who was elected and how long it took, in words.
 *
 *     node 1 was elected by rule 3 after 212.4 ms; all followed 89.5 ms later.
 *     node 3 crashed at 3.0 s and is still leader: dead_leader.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "sim/results/judge.h"
#include "sim/results/times.h"
#include "sim/terminal/groups.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

#define SENTENCES_MAX 4
#define SENTENCE_SIZE 320

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

static void tell(const struct terminal_options *options, enum ink ink, const char *sentence)
{
    ink_paragraph(options, ink, "  ", INK_PLAIN, sentence, 0);
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
        [CAUSE_OVERWRITE] = "overwrote the result",
        [CAUSE_SUBMIT] = "turned to submit, as it found itself elected,",
    };
    char who[WORD_SIZE];
    *out = '\0';
    if (cause == CAUSE_EXPIRY) {
        append(out, "the lock expired");
    } else if (cause == CAUSE_LOSS) {
        append(out, "the Redis lost its data, as was seen");
    } else if (cause == CAUSE_OTHER) {
        append(out, "a result of nobody in this cluster was found");
    } else if (cause < CAUSES && verbs[cause]) {
        append(out, "%s %s", node == NOBODY ? "a process" : word_who(node, who, sizeof who),
               verbs[cause]);
    }
}

static bool violated(const struct outcome *outcome, const char *check)
{
    int index = check_find(check);
    return index >= 0 && first_violation(outcome, (size_t)index);
}

/* --- one election ----------------------------------------------------------------------------- */

static void elected(const struct election *election, char *out)
{
    char who[WORD_SIZE], time[WORD_SIZE];
    word_who(election->elected, who, sizeof who);
    if (election->elected == NOBODY) {
        append(out, "nobody was elected");
    } else if (election->published_ns == NEVER_NS) {
        append(out, "%s stays leader", who);
    } else {
        append(out, "%s was elected by rule %" PRId32 " after %s", who, election->rule,
               word_time(election_time_ns(election, TIME_ELECT), time, sizeof time));
    }
}

static void settled(const struct election *election, char *out)
{
    char time[WORD_SIZE];
    if (election->published_ns != NEVER_NS && election->settled_ns != NEVER_NS) {
        append(out, "; all followed %s later",
               word_time(election->settled_ns - election->published_ns, time, sizeof time));
    }
}

/* A leader that crashed and was not replaced. */
static bool stays_dead(const struct election *election)
{
    return election->cause == CAUSE_CRASH && election->cause_node != NOBODY &&
           election->cause_node == election->elected && election->published_ns == NEVER_NS;
}

/* "node 3 crashed at 3.0 s and is still leader: dead_leader" */
static void dead_leads(const struct outcome *outcome, const struct election *election, char *out)
{
    char who[WORD_SIZE];
    if (stays_dead(election)) {
        bool still = outcome->final_leader == election->elected;
        append(out, " and %s", still ? "is still leader" : "stayed leader");
    } else {
        append(out, "%s%s was elected, which was not running", *out ? "; " : "",
               word_who(election->elected, who, sizeof who));
    }
    if (violated(outcome, "dead_leader")) {
        append(out, ": dead_leader");
    }
}

static enum ink tell_election(const struct outcome *outcome, const struct election *election,
                              char *out)
{
    char what[SENTENCE_SIZE], who[WORD_SIZE], at[WORD_SIZE];
    happened(election->cause, election->cause_node, what);
    *out = '\0';
    if (*what) {
        /* Of an overwrite, due is when its statuses were read. */
        bool late = election->cause == CAUSE_OVERWRITE && election->published_ns != NEVER_NS;
        append(out, "%s at %s", what,
               word_at(late ? election->published_ns : election->due_ns, at, sizeof at));
    }
    if (election->verdict == VERDICT_DEAD || stays_dead(election)) {
        dead_leads(outcome, election, out);
        append(out, ".");
        return INK_WARN;
    }
    append(out, *out ? ": " : "");
    elected(election, out);
    switch (election->verdict) {
    case VERDICT_WRONG:
        append(out, ", but by the rules it should have been %s",
               word_who(election->rightful, who, sizeof who));
        break;
    case VERDICT_SUPERSEDED:
        append(out, ", and then the next thing happened");
        break;
    default:
        settled(election, out);
    }
    append(out, ".");
    return election->verdict == VERDICT_OK ? INK_PLAIN : INK_WARN;
}

static void tell_trial(const struct finish *finish)
{
    const struct outcome *outcome = &finish->outcomes[0];
    char sentence[SENTENCE_SIZE];
    for (size_t i = 0; i < outcome->election_count && i < SENTENCES_MAX; i++) {
        enum ink ink = tell_election(outcome, &outcome->elections[i], sentence);
        tell(finish->options, ink, sentence);
    }
    if (outcome->election_count > SENTENCES_MAX) {
        char who[WORD_SIZE];
        snprintf(sentence, sizeof sentence, "At the end of %zu elections %s is leader.",
                 outcome->election_count, word_who(outcome->final_leader, who, sizeof who));
        tell(finish->options, INK_PLAIN, sentence);
    }
}

/* --- the elections of many trials ------------------------------------------------------------- */

/* "node 1 was elected in 14 of 20 trials, node 3 in 4 and node 2 in 2" */
static void winners(const struct group *group, size_t trials, char *out)
{
    char who[WORD_SIZE], count[WORD_SIZE];
    uint32_t shown = group->winner_count < 3 ? group->winner_count : 3;
    bool all = shown == group->winner_count;
    for (uint32_t i = 0; i < shown; i++) {
        word_who(group->winners[i].id, who, sizeof who);
        if (i == 0) {
            append(out, "%s was elected in %" PRIu32 " of %s", who, group->winners[i].times,
                   word_count(trials, "trial", count, sizeof count));
        } else {
            append(out, "%s%s in %" PRIu32, i + 1 == shown && all ? " and " : ", ", who,
                   group->winners[i].times);
        }
    }
    append(out, all ? "" : " and others in the rest");
}

/* "node 1 was elected every time" */
static void one_winner(const struct group *group, size_t trials, char *out)
{
    char who[WORD_SIZE], count[WORD_SIZE];
    bool published = group->published;
    append(out, "%s %s ", word_who(group->winners[0].id, who, sizeof who),
           published ? "was elected" : "stayed leader");
    if (group->elections == trials) {
        append(out, "every time");
    } else {
        append(out, "in %" PRIu32 " of %s", group->elections,
               word_count(trials, "trial", count, sizeof count));
    }
}

static void pace(const struct group *group, char *out)
{
    char median[WORD_SIZE], slowest[WORD_SIZE];
    if (!group->published) {
        return;
    }
    if (group->rule > 0) {
        append(out, ", by rule %" PRId32, group->rule);
    }
    append(out, ", in the median %s%s, at worst %s%s",
           group->elect_p50_ns == FOREVER_NS ? "" : "after ",
           word_time(group->elect_p50_ns, median, sizeof median),
           group->elect_max_ns == FOREVER_NS ? "" : "after ",
           word_time(group->elect_max_ns, slowest, sizeof slowest));
}

static enum ink tell_group(const struct group *group, size_t trials, char *out)
{
    char what[SENTENCE_SIZE], count[WORD_SIZE];
    const struct winner *first = &group->winners[0];
    happened(group->cause, group->cause_node, what);
    *out = '\0';
    bool published = group->published;
    if (group->cause == CAUSE_CRASH && group->winner_count == 1 && !published &&
        first->id != NOBODY && first->id == group->cause_node) {
        append(out, "%s and stayed leader in %" PRIu32 " of %s%s.", what, group->elections,
               word_count(trials, "trial", count, sizeof count),
               group->dead_leader ? ": dead_leader" : "");
        return INK_WARN;
    }
    append(out, "%s%s", what, *what ? ": " : "");
    if (group->winner_count == 1) {
        one_winner(group, trials, out);
    } else {
        winners(group, trials, out);
    }
    pace(group, out);
    append(out, ".");
    return group->verdicts[VERDICT_OK] < group->elections ? INK_WARN : INK_PLAIN;
}

static void tell_trials(const struct finish *finish)
{
    struct groups groups;
    char sentence[SENTENCE_SIZE];
    if (!groups_make(finish->outcomes, finish->count, SENTENCES_MAX, &groups)) {
        return; /* the table has already said that memory is out */
    }
    for (size_t i = 0; i < groups.count && i < SENTENCES_MAX; i++) {
        /* What befell fewer than half of the trials is for the table. */
        if (groups.list[i].elections >= (finish->count + 1) / 2) {
            enum ink ink = tell_group(&groups.list[i], finish->count, sentence);
            tell(finish->options, ink, sentence);
        }
    }
    groups_free(&groups);
}

void part_story(const struct finish *finish)
{
    if (finish->count == 1) {
        tell_trial(finish);
    } else {
        tell_trials(finish);
    }
}
