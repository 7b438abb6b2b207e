/* The parts of `hustings course`. */
#ifndef HUSTINGS_CLI_COURSE_H
#define HUSTINGS_CLI_COURSE_H

#include "sim/cli/course_state.h"
#include "sim/cli/course_words.h"
#include "sim/cli/lessons.h"
#include "sim/cli/session.h"

struct course {
    const char *program;
    enum language language;
    struct lessons *lessons;
    struct course_state state;
    bool remembers; /* lessons of the course; not a file of one's own */
    bool prompts;   /* somebody sits there: both ends are a terminal */
    const struct host_row *host;
    bool no_server; /* the host is the model, as there is no redis-server */
    const char *answer, *out, *redis_server;
    struct terminal_options terminal;
};

/* course_lead.c: leads through one lesson: predict, run, reveal, cure. Returns the exit code; with
 * `*leaves` nothing follows. */
int course_lead(struct course *course, size_t place, bool *leaves);

/* A line from the standard input after a prompt, without its end; false: there is none, or it says
 * q. */
bool course_prompt(const struct course *course, const char *prompt, char *line, size_t size);

/* course_sheet.c: the lessons and how far one is; the answers, for a teacher, as Markdown. */
void course_list(const struct course *course);
void course_sheet(const struct course *course);

#endif
