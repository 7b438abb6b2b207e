/* A scenario: what the cluster is, what goes wrong, what is expected. The struct that a YAML file
 * becomes, fully checked and with every default taken; scenarios/README.md is the language's
 * manual.
 */
#ifndef HUSTINGS_SCENARIO_SCENARIO_H
#define HUSTINGS_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/faults/fault.h"
#include "src/settings.h"

#define SCENARIO_FAULTS_MAX 1024
#define SCENARIO_CHECKS_MAX 32
#define SCENARIO_LEADERS_MAX 64

/* When a process starts: its step machine gets EVENT_STARTED. */
enum start_kind { START_AT, START_WITHIN, START_ALL_REPORTED };

struct start {
    uint8_t kind;    /* enum start_kind */
    int64_t time_ns; /* START_AT: after t0. START_WITHIN: uniformly in [0, time_ns), by the seed */
};

/* A program of the user's that takes a member's place. */
struct program {
    char **words; /* owned, as argv; NULL: the member is a machine of our own */
    int line;     /* of the file */
};

/* How often something is to be seen over the trials of a scenario. */
enum frequency { EXPECT_NEVER, EXPECT_ALWAYS, EXPECT_SOMETIMES, EXPECT_ALLOWED };

/* How an election ended; see results/README.md. */
enum verdict {
    VERDICT_OK,
    VERDICT_WRONG,
    VERDICT_DEAD,
    VERDICT_NONE,
    VERDICT_SUPERSEDED,
    VERDICTS
};

enum persistence { PERSIST_NONE, PERSIST_RDB, PERSIST_AOF_EVERYSEC, PERSIST_AOF_ALWAYS };

extern const char *const frequency_names[]; /* "never", …; ends with NULL */
extern const char *const verdict_names[];   /* "ok", …; ends with NULL */

/* Bounds on a time column of elections.csv: on percentiles, and on each. */
enum bound { BOUND_P50, BOUND_P90, BOUND_P99, BOUND_MAX, BOUNDS };
extern const char *const bound_names[]; /* "p50", "p90", "p99", "max"; ends with NULL */

struct percentile_bounds {
    int64_t ns[BOUNDS]; /* 0: none */
};

/* Bounds on what a trial comes to as a whole, by its column in trials.csv. */
enum trial_total { TOTAL_LEADERLESS, TOTAL_TWO_LEADERS, TOTAL_REQUESTS, TOTALS };
extern const char *const total_names[]; /* "leaderless_ms", …; ends with NULL */

struct total_bound {
    bool is;     /* there is one */
    int64_t max; /* in ns; of TOTAL_REQUESTS, a number of them */
};

struct expectations {
    bool has_leaders; /* `leaders` was given */
    uint32_t leader_count;
    int32_t leaders[SCENARIO_LEADERS_MAX]; /* whom everyone followed, in order; repeats are one */
    uint8_t checks[SCENARIO_CHECKS_MAX];   /* enum frequency, by row of the table of checks */
    uint8_t verdicts[VERDICTS];            /* enum frequency; unnamed ones: EXPECT_ALLOWED */
    struct percentile_bounds elect, settle;
    struct total_bound totals[TOTALS];
    int64_t settles_within_ns; /* liveness; 2 s unless said */
    int64_t lock_within_ns;    /* starvation bound; 5 × the lock's ttl unless said */
};

/* How long a message is under way on the model's links (the processes' own are as they are): a
 * distribution and the times that it is given by, ascending. */
enum latency_shape {
    LATENCY_CONSTANT,    /* always times_ns[0] */
    LATENCY_LOG_NORMAL,  /* its median and its 99th percentile */
    LATENCY_UNIFORM,     /* its bounds */
    LATENCY_EXPONENTIAL, /* its mean */
    LATENCY_TABLE        /* measured: table_ns[i] is the quantile i / (count - 1) */
};

#define LATENCY_TIMES_MAX 1001

struct latency {
    uint8_t shape;  /* enum latency_shape */
    uint32_t count; /* of times_ns: 1 or 2; of a table, 2 to LATENCY_TIMES_MAX */
    int64_t times_ns[2];
    int64_t *table_ns; /* owned by the scenario; NULL: it is no table */
};

/* Lengths of stalls, as measured. */
struct stalls {
    int64_t *ns; /* owned by the scenario */
    size_t count;
    char *table; /* likewise: the file, as the scenario names it; NULL: there is none */
};

#define LOCK_KEY_ROOM 64

struct lesson;

struct scenario {
    char name[64];
    char *about; /* owned; may be NULL */
    char *path;  /* owned; as given on the command line */
    char *text;  /* owned; the file's bytes as read, for scenario.yaml of the results */
    size_t text_length;
    struct settings settings;
    uint32_t trials;
    uint64_t seed;
    int64_t duration_ns;        /* of the safety phase */
    int64_t request_timeout_ns; /* a reply that takes longer is STORE_UNKNOWN; 1 s unless said */
    bool heal;                  /* heal everything and demand a leader at the end */
    struct start
        *starts; /* owned; [0] the master, if there is one, [id] a node; nodes + 1 of them */
    struct program *programs; /* owned; [id], nodes + 1 of them; NULL: there are none */
    char **program_env;       /* owned; "NAME=value" each, ends with NULL; or NULL: none */
    bool must_live;           /* a program that ends by itself breaks the run off */
    bool lock_outlives;       /* a program has its lock beyond the connection on which it took it */
    /* Where the programs' lock is: with {key} for what HUSTINGS_LOCK_KEY says, or {sha1} for its
     * SHA-1 in hex; once at most. */
    char lock_key[LOCK_KEY_ROOM];
    uint8_t persistence; /* enum persistence */
    struct latency latency;
    uint32_t fault_count;
    struct fault_spec *faults; /* owned; in the order of the file, that of `pauses` at the end */
    struct stalls stalls;      /* from which the length of a fault that is `drawn` is drawn */
    struct expectations expect;
    struct lesson *lesson; /* owned; what it asks of a person, see lesson.h; NULL: nothing */
};

/* The words of the program that is member `id`; NULL: it is a machine of our own. */
static inline char *const *scenario_program(const struct scenario *scenario, uint16_t id)
{
    return scenario->programs ? scenario->programs[id].words : NULL;
}

/* Frees what it owns, and zeroes it. */
void scenario_free(struct scenario *scenario);

/* A duration with its unit, "1500us", "2s", "1.5m" (units us, ms, s, m), into ns. False if it is
 * not one, is negative, or exceeds 24 h. */
bool duration_parse(const char *text, int64_t *ns);

/* The shortest exact text of a duration: "2s", "1500us". Writes at most `size` bytes; returns
 * `out`. */
char *duration_text(int64_t ns, char *out, size_t size);

/* "1, 4", as ids; ends with ", …" if not all of them fit. "nobody" if there are none. Returns
 * `out`; `size` is at least 32. */
char *leaders_text(const int32_t *leaders, uint32_t count, char *out, size_t size);

/* Writes the parameters that differ from their defaults, "decided_by nodes, poll 20ms", into `out`;
 * returns it. Empty if there are none. For people. */
char *owner_changes(const struct settings *settings, enum owner owner, char *out, size_t size);

#endif
