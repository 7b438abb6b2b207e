/* For ShiViz: a line an event, with its vector clock.
 *
 *     (?<host>\S+) (?<clock>\{[^}]*\}) (?<event>.*)      what reads the lines; then an empty line,
 *     node-1 {"node-1":3,"master":7} 1004.125 ms sends …     since there is one execution
 *
 * What orders events of different processes is what passes through the servers. A request that goes
 * to a server after another's answer has come from it, is served after that other's request; and an
 * answer that tells a value comes after the request that wrote it (proofs.h). So an answer knows
 * what those others knew when they sent, and no more: what was under way at once is concurrent.
 * The harness takes part in nothing: its events are ordered among themselves alone. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/export/export.h"
#include "sim/history/proofs.h"
#include "sim/history/text.h"
#include "sim/text/clean.h"

#define LINE_SIZE 400

/* A vector clock has an entry a process, the last of them the harness's. */
struct clocks {
    const struct history *history;
    size_t count;     /* entries of a clock */
    uint32_t *own;    /* [process][count]: of each process, now */
    uint32_t *served; /* [server][count]: what a server has surely heard, by what it answered */
    uint32_t **sent;  /* [event]: of a request, its clock; of its sender's then served beside it.
                       * NULL: it is not needed, or not any more */
    bool *is_read;    /* [event]: of a request: an answer will tell its value */
    struct proofs proofs;
    size_t next_proof;
};

static void merge(uint32_t *into, const uint32_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        into[i] = into[i] > from[i] ? into[i] : from[i];
    }
}

static size_t entry_of(const struct clocks *clocks, const struct history_event *event)
{
    return event->process == HISTORY_HARNESS ? clocks->count - 1 : event->process;
}

static uint32_t *own_of(const struct clocks *clocks, size_t entry)
{
    assert(entry < clocks->count);
    return clocks->own + entry * clocks->count;
}

static bool clocks_new(struct clocks *clocks, const struct history *history)
{
    size_t servers = settings_all_servers(&history->facts.settings);
    *clocks = (struct clocks){.history = history};
    clocks->count = (size_t)history->facts.settings.nodes + 2;
    clocks->own = calloc(clocks->count * clocks->count, sizeof *clocks->own);
    clocks->served = calloc(servers * clocks->count, sizeof *clocks->served);
    clocks->sent = calloc(history->count + 1, sizeof *clocks->sent);
    clocks->is_read = calloc(history->count + 1, sizeof *clocks->is_read);
    if (!clocks->own || !clocks->served || !clocks->sent || !clocks->is_read ||
        !proofs_find(&clocks->proofs, history)) {
        return false;
    }
    for (size_t i = 0; i < clocks->proofs.count; i++) {
        clocks->is_read[clocks->proofs.list[i].request] = true;
    }
    return true;
}

static void clocks_free(struct clocks *clocks)
{
    for (size_t i = 0; clocks->sent && i < clocks->history->count; i++) {
        free(clocks->sent[i]);
    }
    free(clocks->own);
    free(clocks->served);
    free(clocks->sent);
    free(clocks->is_read);
    proofs_free(&clocks->proofs);
}

/* Keeps the clock of a request, and what its server had heard when it went out. */
static bool keep_sent(struct clocks *clocks, uint32_t index, const uint32_t *own)
{
    size_t count = clocks->count;
    uint8_t server = clocks->history->events[index].server;
    uint32_t *kept = malloc(2 * count * sizeof *kept);
    if (!kept) {
        return false;
    }
    memcpy(kept, own, count * sizeof *kept);
    memcpy(kept + count, clocks->served + server * count, count * sizeof *kept);
    clocks->sent[index] = kept;
    return true;
}

/* An answer has come: it knows what its server had heard, and whose values it tells. */
static void take_answer(struct clocks *clocks, uint32_t index, uint32_t *own)
{
    const struct history *history = clocks->history;
    const struct history_event *event = &history->events[index];
    size_t asked = history_asked(history, index);
    uint32_t *kept = asked == HISTORY_NOWHERE ? NULL : clocks->sent[asked];
    if (kept && proof_has_reached(&event->reply)) {
        merge(own, kept + clocks->count, clocks->count);
        merge(clocks->served + event->server * clocks->count, kept, clocks->count);
    }
    const struct proofs *proofs = &clocks->proofs;
    for (; clocks->next_proof < proofs->count && proofs->list[clocks->next_proof].answer == index;
         clocks->next_proof++) {
        merge(own, clocks->sent[proofs->list[clocks->next_proof].request], clocks->count);
    }
    if (kept && !clocks->is_read[asked]) {
        free(kept);
        clocks->sent[asked] = NULL;
    }
}

/* The clock of the event. False: memory is out. */
static bool tick(struct clocks *clocks, uint32_t index, uint32_t **now)
{
    const struct history_event *event = &clocks->history->events[index];
    size_t entry = entry_of(clocks, event);
    uint32_t *own = own_of(clocks, entry);
    own[entry]++;
    *now = own;
    if (event->kind == HISTORY_REPLY) {
        take_answer(clocks, index, own);
    }
    return event->kind != HISTORY_REQUEST || keep_sent(clocks, index, own);
}

/* A name without blanks. */
static const char *host_name(size_t entry, size_t count, char out[32])
{
    if (entry == count - 1) {
        return "harness";
    }
    if (entry == MASTER_ID) {
        return "master";
    }
    snprintf(out, 32, "node-%zu", entry);
    return out;
}

static void put_line(const struct clocks *clocks, uint32_t index, const uint32_t *now, FILE *out)
{
    const struct history_event *event = &clocks->history->events[index];
    char name[32], text[LINE_SIZE], clean[LINE_SIZE];
    const char *comma = "";
    fprintf(out, "%s {", host_name(entry_of(clocks, event), clocks->count, name));
    for (size_t i = 0; i < clocks->count; i++) {
        if (now[i] > 0) {
            fprintf(out, "%s\"%s\":%" PRIu32, comma, host_name(i, clocks->count, name), now[i]);
            comma = ",";
        }
    }
    history_describe(clocks->history, event, text, sizeof text);
    fprintf(out, "} %.3f ms ", (double)event->at_ns / 1e6);
    if (event->process == HISTORY_HARNESS) {
        fprintf(out, "%s ", text_subject(clocks->history, event).text);
    }
    fprintf(out, "%s%s", clean_text(text, clean, sizeof clean),
            text_where(clocks->history, event).text);
    if (event->why) {
        fprintf(out, ": %s", clean_text(event->why, clean, sizeof clean));
    }
    fputc('\n', out);
}

static bool write_shiviz(const struct history *history, const struct violations *found, FILE *out)
{
    struct clocks clocks;
    bool good = clocks_new(&clocks, history);
    (void)found;
    fputs("(?<host>\\S+) (?<clock>\\{[^}]*\\}) (?<event>.*)\n\n", out);
    for (uint32_t i = 0; i < history->count && good; i++) {
        uint32_t *now = NULL;
        if (history->events[i].kind != HISTORY_MORE) { /* it belongs to the answer before */
            good = tick(&clocks, i, &now);
            if (good) {
                put_line(&clocks, i, now, out);
            }
        }
    }
    clocks_free(&clocks);
    return good;
}

const struct export_row export_shiviz = {
    .name = "shiviz",
    .summary = "events with vector clocks, for the space-time diagrams of ShiViz",
    .write = write_shiviz,
};
