/* The story of a trial (sim/story), told in full by `hustings check`. */
#ifndef HUSTINGS_CLI_TOLD_H
#define HUSTINGS_CLI_TOLD_H

#include "sim/results/json_out.h"
#include "sim/story/story.h"

/* A line each, on stdout. */
void told_print(const struct story *story);

/* "story": [{"at_ms": …, "event": …, "text": …, "violation": its place in "violations" or null}] */
void told_json(struct json_out *out, const struct story *story);

#endif
