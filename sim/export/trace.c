/* The JSON of a trace. See trace.h. */
#include "sim/export/trace.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/results/json_out.h"
#include "sim/text/grown.h"

size_t trace_lanes_take(struct trace_lanes *lanes, int64_t from_ns, int64_t until_ns)
{
    size_t found = 0;
    while (found < lanes->count && lanes->until_ns[found] > from_ns) {
        found++;
    }
    if (found == lanes->count) {
        int64_t *list = grown(lanes->until_ns, found, &lanes->capacity, sizeof *list);
        if (!list) {
            return TRACE_NO_LANE;
        }
        lanes->until_ns = list;
        lanes->count++;
    }
    lanes->until_ns[found] = until_ns > from_ns ? until_ns : from_ns + 1;
    return found;
}

void trace_lanes_free(struct trace_lanes *lanes)
{
    free(lanes->until_ns);
    *lanes = (struct trace_lanes){0};
}

/* Opens an event, up to its time. */
static void begin(struct trace *trace, char phase, struct trace_lane lane)
{
    fprintf(trace->out, "%s\n{\"ph\":\"%c\",\"pid\":%" PRIu32 ",\"tid\":%" PRIu32,
            trace->some ? "," : "", phase, lane.process, lane.thread);
    trace->some = true;
}

static void put_us(struct trace *trace, const char *key, int64_t ns)
{
    assert(ns >= 0);
    fprintf(trace->out, ",\"%s\":%" PRId64 ".%03" PRId64, key, ns / 1000, ns % 1000);
}

static void put_time(struct trace *trace, int64_t at_ns)
{
    put_us(trace, "ts", at_ns > trace->from_ns ? at_ns - trace->from_ns : 0);
}

static void put_text(struct trace *trace, const char *key, const char *text)
{
    fprintf(trace->out, ",\"%s\":", key);
    json_quoted(trace->out, text);
}

static void put_named(struct trace *trace, struct trace_lane lane, const char *what,
                      const char *name)
{
    begin(trace, 'M', lane);
    put_text(trace, "name", what);
    fputs(",\"args\":{\"name\":", trace->out);
    json_quoted(trace->out, name);
    fputs("}}", trace->out);
}

void trace_process(struct trace *trace, uint32_t process, const char *name)
{
    struct trace_lane lane = {.process = process};
    put_named(trace, lane, "process_name", name);
    begin(trace, 'M', lane);
    fprintf(trace->out, ",\"name\":\"process_sort_index\",\"args\":{\"sort_index\":%" PRIu32 "}}",
            process);
}

void trace_thread(struct trace *trace, struct trace_lane lane, const char *name)
{
    put_named(trace, lane, "thread_name", name);
}

void trace_slice(struct trace *trace, struct trace_lane lane, int64_t from_ns, int64_t until_ns,
                 const char *name, const char *args)
{
    begin(trace, 'X', lane);
    put_time(trace, from_ns);
    put_us(trace, "dur", until_ns > from_ns ? until_ns - from_ns : 1);
    put_text(trace, "name", name);
    if (args) {
        fputs(",\"args\":{\"what\":", trace->out);
        json_quoted(trace->out, args);
        fputc('}', trace->out);
    }
    fputc('}', trace->out);
}

void trace_mark(struct trace *trace, int64_t at_ns, const char *name)
{
    begin(trace, 'i', (struct trace_lane){0});
    put_time(trace, at_ns);
    fputs(",\"s\":\"g\"", trace->out);
    put_text(trace, "name", name);
    fputc('}', trace->out);
}

void trace_counter(struct trace *trace, int64_t at_ns, const char *name, int64_t value)
{
    begin(trace, 'C', (struct trace_lane){0});
    put_time(trace, at_ns);
    put_text(trace, "name", name);
    fprintf(trace->out, ",\"args\":{\"count\":%" PRId64 "}}", value);
}

void trace_arrow(struct trace *trace, uint64_t id, const char *name, struct trace_lane from,
                 int64_t from_ns, struct trace_lane to, int64_t to_ns)
{
    for (int end = 0; end < 2; end++) {
        begin(trace, end ? 'f' : 's', end ? to : from);
        put_time(trace, end ? to_ns : from_ns);
        put_text(trace, "name", name);
        put_text(trace, "cat", "order");
        fprintf(trace->out, ",\"id\":%" PRIu64 "%s}", id, end ? ",\"bp\":\"e\"" : "");
    }
}
