/* A scenario as a file. See write.h; the faults are in write_faults.c. */
#include "sim/scenario/write.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/scenario/walk.h"
#include "src/ballot.h"

static const char *word_of(const struct vocabulary *words, size_t index)
{
    return words->word(words->context, index);
}

static void write_time(FILE *file, const char *margin, const char *key, int64_t ns)
{
    char text[32];
    fprintf(file, "%s%s: %s\n", margin, key, duration_text(ns, text, sizeof text));
}

/* --- single keys ---------------------------------------------------------------------------------
 */

void write_name(FILE *file, const char *margin, const struct scenario *scenario)
{
    fprintf(file, "%sname: %s\n", margin, scenario->name);
}

/* In double quotes, in which any text can be written. */
void write_about(FILE *file, const char *margin, const struct scenario *scenario)
{
    if (!scenario->about) {
        return;
    }
    fprintf(file, "%sabout: \"", margin);
    for (const char *at = scenario->about; *at; at++) {
        if (*at == '\n') {
            fputs("\\n", file);
        } else if (*at == '\t') {
            fputs("\\t", file);
        } else {
            fprintf(file, "%s%c", *at == '"' || *at == '\\' ? "\\" : "", *at);
        }
    }
    fputs("\"\n", file);
}

void write_nodes(FILE *file, const char *margin, const struct scenario *scenario)
{
    fprintf(file, "%snodes: %u\n", margin, (unsigned)scenario->settings.nodes);
}

void write_duration(FILE *file, const char *margin, const struct scenario *scenario)
{
    write_time(file, margin, "duration", scenario->duration_ns);
}

void write_seed(FILE *file, const char *margin, const struct scenario *scenario)
{
    fprintf(file, "%sseed: %" PRIu64 "\n", margin, scenario->seed);
}

/* --- starts --------------------------------------------------------------------------------------
 */

static void write_start(FILE *file, const char *margin, const char *who, const struct start *start)
{
    char text[32];
    duration_text(start->time_ns, text, sizeof text);
    switch ((enum start_kind)start->kind) {
    case START_AT:
        fprintf(file, "%s  %s: %s\n", margin, who, text);
        break;
    case START_WITHIN:
        fprintf(file, "%s  %s: {within: %s}\n", margin, who, text);
        break;
    case START_ALL_REPORTED:
        fprintf(file, "%s  %s: all_reported\n", margin, who);
        break;
    }
}

/* The nodes as node 1, and those that differ. */
void write_starts(FILE *file, const char *margin, const struct scenario *scenario)
{
    const struct start *starts = scenario->starts;
    fprintf(file, "%sstarts:\n", margin);
    write_start(file, margin, "master", &starts[MASTER_ID]);
    write_start(file, margin, "nodes", &starts[1]);
    for (uint32_t id = 2; id <= scenario->settings.nodes; id++) {
        char who[16];
        if (starts[id].kind != starts[1].kind || starts[id].time_ns != starts[1].time_ns) {
            snprintf(who, sizeof who, "%" PRIu32, id);
            write_start(file, margin, who, &starts[id]);
        }
    }
}

/* --- expectations --------------------------------------------------------------------------------
 */

void write_leaders(FILE *file, const char *margin, const struct scenario *scenario)
{
    const struct expectations *expect = &scenario->expect;
    if (!expect->has_leaders) {
        return;
    }
    fprintf(file, "%sleaders: [", margin);
    for (uint32_t i = 0; i < expect->leader_count; i++) {
        fprintf(file, "%s%" PRId32, i > 0 ? ", " : "", expect->leaders[i]);
    }
    fputs("]\n", file);
}

/* Those that are not as they would be without being named. */
static void write_frequencies(FILE *file, const char *margin, const char *key,
                              const struct vocabulary *names, const uint8_t *often, uint8_t usual)
{
    const char *joint = "";
    fprintf(file, "%s%s: {", margin, key);
    for (size_t i = 0; word_of(names, i); i++) {
        if (often[i] != usual) {
            fprintf(file, "%s%s: %s", joint, word_of(names, i),
                    word_of(&words_frequencies, often[i]));
            joint = ", ";
        }
    }
    fputs("}\n", file);
}

void write_checks(FILE *file, const char *margin, const struct scenario *scenario)
{
    write_frequencies(file, margin, "checks", &words_checks, scenario->expect.checks, EXPECT_NEVER);
}

void write_verdicts(FILE *file, const char *margin, const struct scenario *scenario)
{
    write_frequencies(file, margin, "verdicts", &words_verdicts, scenario->expect.verdicts,
                      EXPECT_ALLOWED);
}

static void write_bounds(FILE *file, const char *margin, const char *key,
                         const struct percentile_bounds *bounds)
{
    static const char *const names[] = {"p50", "p90", "p99", "max"};
    const int64_t values[] = {bounds->p50_ns, bounds->p90_ns, bounds->p99_ns, bounds->max_ns};
    const char *joint = "";
    if (values[0] + values[1] + values[2] + values[3] == 0) {
        return;
    }
    fprintf(file, "%s%s: {", margin, key);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (values[i] > 0) {
            fprintf(file, "%s%s: %" PRId64 ".%06" PRId64, joint, names[i], values[i] / NS_PER_MS,
                    values[i] % NS_PER_MS);
            joint = ", ";
        }
    }
    fputs("}\n", file);
}

void write_elect(FILE *file, const char *margin, const struct scenario *scenario)
{
    write_bounds(file, margin, "elect_ms", &scenario->expect.elect);
}

void write_settle(FILE *file, const char *margin, const struct scenario *scenario)
{
    write_bounds(file, margin, "settle_ms", &scenario->expect.settle);
}

void write_lock_within(FILE *file, const char *margin, const struct scenario *scenario)
{
    write_time(file, margin, "lock_within", scenario->expect.lock_within_ns);
}

/* --- by the tables -------------------------------------------------------------------------------
 */

static void write_field(FILE *file, const char *margin, const struct field *field,
                        const struct scenario *scenario)
{
    const char *member = (const char *)scenario + field->member;
    uint32_t number;
    int64_t ns;
    switch (field->kind) {
    case FIELD_NUMBER:
        memcpy(&number, member, sizeof number);
        fprintf(file, "%s%s: %" PRIu32 "\n", margin, field->key, number);
        break;
    case FIELD_DURATION:
        memcpy(&ns, member, sizeof ns);
        if (ns == 0 && field->zero_word) {
            fprintf(file, "%s%s: %s\n", margin, field->key, field->zero_word);
        } else {
            write_time(file, margin, field->key, ns);
        }
        break;
    case FIELD_WORD:
        fprintf(file, "%s%s: %s\n", margin, field->key,
                word_of(field->words, *(const uint8_t *)member));
        break;
    case FIELD_FLAG:
        fprintf(file, "%s%s: %s\n", margin, field->key, *member ? "true" : "false");
        break;
    case FIELD_OWN:
        field->write(file, margin, scenario);
        break;
    case FIELD_SECTION:
        assert(false && "sections have no sections");
        break;
    }
}

static void write_fields(FILE *file, const char *margin, const struct field *fields,
                         const struct scenario *scenario)
{
    for (const struct field *field = fields; field->key; field++) {
        write_field(file, margin, field, scenario);
    }
}

bool scenario_write(FILE *file, const struct scenario *scenario)
{
    for (const struct field *field = schema_fields; field->key; field++) {
        if (field->kind == FIELD_SECTION) {
            fprintf(file, "%s:\n", field->key);
            write_fields(file, "  ", field->fields, scenario);
        } else {
            write_field(file, "", field, scenario);
        }
    }
    return fflush(file) == 0 && !ferror(file);
}
