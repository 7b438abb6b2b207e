/* Writes a history as JSON lines. */
#include "sim/jsonl/jsonl.h"

#include <stdlib.h>

#include "sim/history/names.h"
#include "sim/jsonl/head.h"
#include "sim/jsonl/payload.h"
#include "src/units.h"

/* Milliseconds, exactly. */
static void put_ms(struct out *out, int64_t at_ns)
{
    uint64_t ns = at_ns < 0 ? 0 - (uint64_t)at_ns : (uint64_t)at_ns;
    out_key(out, "t_ms");
    out_put(out, at_ns < 0 ? "-" : "");
    out_digits(out, ns / NS_PER_MS, 1);
    out_put(out, ".");
    out_digits(out, ns % NS_PER_MS, 6);
}

static void put_process(struct out *out, uint16_t process)
{
    out_key(out, "process");
    if (process == HISTORY_HARNESS || process == MASTER_ID) {
        out_quoted(out, process == MASTER_ID ? "master" : "harness");
    } else {
        out_integer(out, process);
    }
}

/* What it has is written as it would be read: into a copy. */
static void put_event(struct fields *fields, const struct settings *settings,
                      struct ballot_left *ballot, struct history_event event, size_t index)
{
    struct out *out = fields->out;
    out_put(out, "{");
    field_number(fields, "i", (int64_t)index, 0, INT64_MAX);
    put_ms(out, event.at_ns);
    field_signed(fields, "t_ns", event.at_ns);
    put_process(out, event.process);
    field_name(fields, "event", event.kind, kind_names, HISTORY_KINDS);
    if (settings->servers > 1 && history_names_server(&event) && !history_is_on_resource(&event)) {
        field_number(fields, "server", event.server + 1, 1, UINT8_MAX);
    }
    payload_fields(fields, settings, ballot, &event);
    if (event.why) {
        out_key(out, "why");
        out_quoted(out, event.why);
    }
    out_put(out, "}\n");
}

bool history_write_jsonl(const struct history *history, void *file)
{
    struct out *out = calloc(1, sizeof *out);
    struct fields fields = {.out = out};
    struct ballot_left ballot = {0};
    struct history_facts facts = history->facts;
    if (!out) {
        return false;
    }
    out->file = file;
    out_put(out, "{");
    head_fields(&fields, &facts);
    out_put(out, "}\n");
    for (size_t i = 0; i < history->count && !out->failed; i++) {
        put_event(&fields, &facts.settings, &ballot, history->events[i], i);
    }
    out_flush(out);
    bool written = !out->failed && fflush(file) == 0;
    free(out);
    return written;
}
