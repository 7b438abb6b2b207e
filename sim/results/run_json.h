/* run.json: what was run, with what, where and when, and what came of it. */
#ifndef HUSTINGS_RESULTS_RUN_JSON_H
#define HUSTINGS_RESULTS_RUN_JSON_H

#include "sim/results/results.h"

struct cJSON;

/* The document of a run that begins now; json_write() writes it. NULL: memory is out. The caller's:
 * cJSON_Delete(). */
struct cJSON *run_json_new(void);

/* A scenario begins; `file` is its copy in the folder. The first one's seed, command to reproduce
 * and so on are the run's own as well. */
bool run_json_begin(struct cJSON *run, const struct scenario *scenario,
                    const struct run_facts *facts, const char *file);

/* The scenario that began last has ended: what came of it. */
bool run_json_end(struct cJSON *run, const struct run_facts *facts, const struct trials *trials,
                  const struct judgement *judgement);

/* It has ended, all of it. */
bool run_json_finish(struct cJSON *run);

/* "20260131T093015Z" (in `format` of strftime) of now, UTC. */
void utc_now(const char *format, char *out, size_t size);

/* A copy in which the passwords of URLs (scheme://user:password@host) are "***". The caller's to
 * free(). NULL: memory is out. */
char *without_passwords(const char *text);

#endif
