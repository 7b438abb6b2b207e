/* Before and between the trials: what is run, in a sentence, and a line for each trial done. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "sim/outcome/judge.h"
#include "sim/outcome/times.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"
#include "sim/text/clock.h"
#include "src/owners.h"
#include "src/protocol.h"

/* With more trials than this, only those that failed get a line, and no more than so many. */
#define TRIAL_LINES_MAX 12
#define FAILURE_LINES_MAX 5
#define TRIAL_ELECTIONS_MAX 3 /* in its line; the CSV has them all */

/* --- what is run ------------------------------------------------------------------------------ */

/* "through a private redis-server 7.0.15, as real processes". */
static void where_text(const struct run_facts *facts, char *out, size_t size)
{
    const char *server =
        facts->redis_server && *facts->redis_server ? facts->redis_server : "Redis";
    const char *version = facts->redis_version ? facts->redis_version : "";
    if (facts->host && strcmp(facts->host, "model") == 0) {
        snprintf(out, size, "in the model, on virtual time");
    } else {
        snprintf(out, size, "as real processes through %s%s%s", server, *version ? " " : "",
                 version);
    }
}

/* "token", or what is not as usual as well: "token (ttl 500ms)". */
static const char *owner_text(const struct settings *settings, enum owner owner, char *out,
                              size_t size)
{
    char changes[160];
    owner_changes(settings, owner, changes, sizeof changes);
    snprintf(out, size, "%s%s%s%s", owner_row_name(owner, settings->row[owner]),
             changes[0] ? " (" : "", changes, changes[0] ? ")" : "");
    return out;
}

/* "5 nodes and a master", "3 programs", "3 nodes, 1 of them a program". */
static void who_text(const struct scenario *scenario, char *out, size_t size)
{
    const struct settings *settings = &scenario->settings;
    unsigned programs = 0;
    for (uint32_t id = 1; id <= settings->nodes; id++) {
        programs += scenario_program(scenario, (uint16_t)id) != NULL;
    }
    bool all = programs == settings->nodes;
    char some[48] = "";
    if (programs > 0 && !all) {
        snprintf(some, sizeof some, " (%u of them %s)", programs,
                 programs == 1 ? "a program" : "programs");
    }
    snprintf(out, size, "%s%s%s", word_count(settings->nodes, all ? "program" : "node").text, some,
             protocol_has_master(settings) ? " and a master" : "");
}

static void sentence(const struct scenario *scenario, const struct run_facts *facts,
                     uint32_t trials, char *out, size_t size)
{
    const struct settings *settings = &scenario->settings;
    char time[32], where[256];
    char who[128], protocol[200], lock[200], servers[40] = "";
    bool one = settings->nodes == 1 && !protocol_has_master(settings);
    const char *does = !protocol_has_leaders(settings)
                           ? one ? "takes a lock" : "take a lock in turn"
                       : one ? "elects a leader"
                             : "elect a leader";
    who_text(scenario, who, sizeof who);
    where_text(facts, where, sizeof where);
    if (settings->servers > 1) {
        snprintf(servers, sizeof servers, " on %u %s servers", settings->servers,
                 topology_rows[settings->topology].name);
    }
    snprintf(out, size, "%s %s, %s. Protocol %s, lock %s%s%s; %s of %s, seed %" PRIu64 ".", who,
             does, where, owner_text(settings, OWNER_PROTOCOL, protocol, sizeof protocol),
             owner_text(settings, OWNER_LOCK, lock, sizeof lock),
             settings->fencing ? ", with fencing" : "", servers, word_count(trials, "trial").text,
             duration_text(scenario->duration_ns, time, sizeof time), scenario->seed);
}

/* "Set: nodes=7, lock.token.ttl=1s." */
static void put_sets(const struct terminal_options *options, const struct run_facts *facts)
{
    char text[1024];
    size_t used = 0;
    for (size_t i = 0; i < facts->set_count && used < sizeof text; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
                                 i > 0 ? ", " : "Set: ", facts->sets[i]);
    }
    if (used > 0) {
        style_paragraph(options, STYLE_PLAIN, "  ", STYLE_PLAIN, text, 0);
    }
}

void terminal_begin(const struct terminal_options *options, const struct scenario *scenario,
                    const struct run_facts *facts, uint32_t trials)
{
    struct terminal_state *state = options->state;
    assert(state && options->out);
    state->lines = 0;
    state->trials = trials;
    state->jobs = facts->jobs;
    state->failures = 0;
    state->told = 0;
    state->began_ns = monotonic_ns();
    if (options->quiet || options->brief || options->format != FORMAT_TEXT) {
        return;
    }
    char text[1024];
    sentence(scenario, facts, trials, text, sizeof text);
    struct line line = line_new(options, 0);
    line_put(&line, STYLE_PLAIN, "Running ");
    line_put(&line, STYLE_STRONG, scenario->name);
    line_put(&line, STYLE_PLAIN, ":");
    line_end(&line);
    style_paragraph(options, STYLE_PLAIN, "  ", STYLE_PLAIN, text, 0);
    put_sets(options, facts);
    if (scenario->about) {
        style_paragraph(options, STYLE_DIM, "  ", STYLE_PLAIN, scenario->about, 2);
    }
    fputc('\n', options->out);
    fflush(options->out);
}

/* --- a trial is done -------------------------------------------------------------------------- */

static void put_winner(struct line *line, const struct election *election, bool first)
{
    line_put(line, STYLE_DIM, first ? "elected " : " ");
    if (!first) {
        line_format(line, STYLE_DIM, "%s ", glyph(line->options, GLYPH_DOT));
    }
    bool published = election->published_ns != NEVER_NS && election->elected != NOBODY;
    const char *verdict = election->verdict == VERDICT_OK     ? ""
                          : election->outdated                ? VERDICT_OUTDATED
                          : election->verdict == VERDICT_NONE ? ending_names[election->ended]
                                                              : verdict_names[election->verdict];
    line_put(line, published ? STYLE_PLAIN : STYLE_DIM, word_who(election->elected).text);
    if (published) {
        const struct word time = word_time(election_time_ns(election, TIME_ELECT));
        line_format(line, STYLE_DIM, " (%s%s%s%s%s)", election->reason ? election->reason : "",
                    election->reason ? ", " : "", time.text, *verdict ? ", " : "", verdict);
    } else if (*verdict) {
        line_format(line, STYLE_DIM, " (%s)", verdict);
    }
}

/* The names of the checks that were violated, each once. */
static void put_violations(struct line *line, const struct outcome *outcome)
{
    bool failed = outcome->verdict == TRIAL_FAILED;
    for (size_t check = 0; check < check_count(); check++) {
        if (first_violation(outcome, check)) {
            line_format(line, failed ? STYLE_BAD : STYLE_DIM, "  %s", check_rows[check]->name);
        }
    }
}

static void trial_line(const struct terminal_options *options, const struct outcome *outcome)
{
    static const enum style styles[TRIAL_VERDICTS] = {STYLE_GOOD, STYLE_BAD, STYLE_WARN};
    static const char *const words[TRIAL_VERDICTS] = {"ok", "FAILED", "undecided"};
    struct line line = line_new(options, 2);
    char of[WORD_SIZE];
    int digits = snprintf(of, sizeof of, "%" PRIu32, options->state->trials);
    line_format(&line, STYLE_PLAIN, "trial %*" PRIu32 "/%s  ", digits, outcome->trial, of);
    line_put(&line, styles[outcome->verdict], words[outcome->verdict]);
    line_put(&line, STYLE_PLAIN, "  ");
    size_t told = 0, all = 0;
    for (size_t i = 0; i < outcome->election_count; i++) {
        if (outcome->elections[i].verdict == VERDICT_SUPERSEDED) {
            continue;
        }
        if (all++ < TRIAL_ELECTIONS_MAX) {
            put_winner(&line, &outcome->elections[i], told++ == 0);
        }
    }
    if (told < all) {
        line_format(&line, STYLE_DIM, " %s and %s more", glyph(options, GLYPH_MORE),
                    word_count(all - told, "").text);
    }
    put_violations(&line, outcome);
    line_end(&line);
}

void terminal_trial(const struct terminal_options *options, const struct scenario *scenario,
                    const struct outcome *outcome)
{
    (void)scenario;
    struct terminal_state *state = options->state;
    assert(state && options->out);
    if (options->format != FORMAT_TEXT || options->quiet || options->brief) {
        return;
    }
    bool good = outcome->verdict == TRIAL_PASSED;
    state->failures += !good;
    bool few = state->trials <= TRIAL_LINES_MAX;
    bool told = state->trials > 1 && (few || (!good && state->failures <= FAILURE_LINES_MAX));
    if (!told && state->counting) {
        return;
    }
    terminal_keep(options);
    if (told) {
        trial_line(options, outcome);
        state->told++;
    }
    fflush(options->out);
}
