/* Writes the events of a trace in the JSON that Perfetto and chrome://tracing read. Times are ns of
 * the history; the trace's are µs, and begin with its first event. */
#ifndef HUSTINGS_EXPORT_TRACE_H
#define HUSTINGS_EXPORT_TRACE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct trace {
    FILE *out;
    int64_t from_ns; /* the first event's time */
    bool some;       /* there is an event already */
};

/* A lane: of a process of the trace, one of its threads. */
struct trace_lane {
    uint32_t process, thread;
};

/* Lanes that grow by need, so that slices which overlap lie on different ones. Zeroed: none yet. */
struct trace_lanes {
    int64_t *until_ns; /* of each, the end of its last slice */
    size_t count, capacity;
};

/* The first lane, from 0, that is free for a slice; it has it until then. Slices must be given in
 * the order in which they begin. TRACE_NO_LANE: memory is out. */
#define TRACE_NO_LANE SIZE_MAX
size_t trace_lanes_take(struct trace_lanes *lanes, int64_t from_ns, int64_t until_ns);

void trace_lanes_free(struct trace_lanes *lanes);

/* A name of a process or a thread, by which it is shown. */
void trace_process(struct trace *trace, uint32_t process, const char *name);
void trace_thread(struct trace *trace, struct trace_lane lane, const char *name);

/* A slice of a lane, at least 1 ns long. Those of a lane must not overlap. `args`, if not NULL, is
 * a text that is shown beside it. */
void trace_slice(struct trace *trace, struct trace_lane lane, int64_t from_ns, int64_t until_ns,
                 const char *name, const char *args);

/* A mark across all lanes. */
void trace_mark(struct trace *trace, int64_t at_ns, const char *name);

/* A number that changes. */
void trace_counter(struct trace *trace, int64_t at_ns, const char *name, int64_t value);

/* An arrow from a moment within a slice of one lane to a moment within one of another; `id` is of
 * this arrow alone. */
void trace_arrow(struct trace *trace, uint64_t id, const char *name, struct trace_lane from,
                 int64_t from_ns, struct trace_lane to, int64_t to_ns);

#endif
