/* The walk over a scenario's tree: tables of fields say what a map may hold, and readers take the
 * values.
 *
 *     map in the tree ──▶ walk_map(table of fields) ──▶ struct scenario
 *                              └──▶ problems, defaults taken
 *
 * How to add a key: one row in the table of its section (schema.c), with the member of struct
 * scenario that it fills; one row in scenarios/README.md and in scenarios/scenario.schema.json.
 * What does not fit into a row gets a reader of its own (FIELD_OWN).
 */
#ifndef HUSTINGS_SCENARIO_WALK_H
#define HUSTINGS_SCENARIO_WALK_H

#include "sim/scenario/report.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/tree.h"
#include "sim/scenario/words.h"

struct walk {
    const struct tree *tree;
    struct scenario *scenario;
    struct scenario_report *report;
    struct scenario_defaults *defaults; /* NULL: nobody asks for them */
    const struct node *last_death; /* the fault since which everybody is dead for good, or NULL */
    int64_t last_death_ns;
    char entry[40];      /* the fault being read: "faults[2]"; "": none */
    bool nodes_known;    /* scenario->settings.nodes is good to check ids against */
    bool duration_known; /* scenario->duration_ns is good to check times against */
    bool without_files;  /* the files that it names are not read */
};

enum field_kind {
    FIELD_NUMBER,   /* a whole number, low … high, into a uint32_t */
    FIELD_DURATION, /* low … high ns, into an int64_t */
    FIELD_WORD,     /* of `words`, its index into a uint8_t */
    FIELD_FLAG,     /* true or false, into a byte: a bool or a uint8_t */
    FIELD_SECTION,  /* a map of `fields` */
    FIELD_OWN       /* `read` takes the value, or NULL if the key is absent */
};

struct field {
    const char *key;
    enum field_kind kind;
    const char *fallback; /* the value if the key is absent, as one would write it */
    size_t member;        /* its offset in struct scenario */
    int64_t low, high;
    const char *zero_word; /* FIELD_DURATION: a word for 0 where 0 itself is out of bounds */
    const struct vocabulary *words;
    const struct field *fields; /* ends with a row without key */
    void (*read)(struct walk *walk, const struct node *map, const struct node *value);
};

/* Says that this node is no map or list, or has no value, unless it is right or broken. Returns
 * whether it is right. `expected`: "a map such as {p50: 1ms}". */
bool walk_is(struct walk *walk, const struct node *node, enum node_kind kind, const char *expected);

/* The text of a scalar that has one; else tells what is wrong, and returns NULL. `expected` says
 * what it is to be: "a text or a number". */
const char *scalar_text(struct walk *walk, const struct node *node, const char *expected);

/* Readers of scalars. Each sets *out and returns true, or tells the problem and returns false.
 * `name` is the key, for messages. */
bool read_number(struct walk *walk, const struct node *node, const char *name, int64_t low,
                 int64_t high, int64_t *out);
bool read_duration(struct walk *walk, const struct node *node, const char *name, int64_t low,
                   int64_t high, const char *zero_word, int64_t *out);
bool read_shift(struct walk *walk, const struct node *node, const char *name, int64_t *out);
bool read_word(struct walk *walk, const struct node *node, const struct vocabulary *words,
               int *out);
bool read_flag(struct walk *walk, const struct node *node, const char *name, bool *out);
bool read_unsigned_64(struct walk *walk, const struct node *node, const char *name, uint64_t *out);

/* A process: `master`, 0 (the same) or a node's id. */
bool read_process(struct walk *walk, const struct node *node, uint16_t *out);

/* Whether a text is a whole number as one writes it: digits only, no zeros in front. */
bool is_number(const char *text);

/* Tells a problem at a node. */
void walk_problem(struct walk *walk, const struct node *node, const char *suggestion,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Tells that a key is not known here. */
void walk_unknown_key(struct walk *walk, const struct node *key, const struct vocabulary *known);

/* Tells so of each key that is none of these. Returns whether there was none. */
bool walk_only(struct walk *walk, const struct node *map, const struct vocabulary *known);

/* Tells that a key is missing in a map. */
void walk_missing(struct walk *walk, const struct node *map, const char *key,
                  const char *suggestion);

/* Notes a default taken. */
void walk_default(struct walk *walk, const char *path, const char *key, const char *value);

/* --- what is above this: the files of the walk ------------------------------------------------ */

/* map.c: reads a map by its table: what is there, and the defaults of what is not. `map` NULL:
 * nothing is there. `path` names the section in the list of defaults; "" at the top. */
void walk_map(struct walk *walk, const struct node *map, const struct field *fields,
              const char *path);

extern const struct field schema_fields[]; /* schema.c: the keys at the top */
extern const struct field expect_fields[]; /* expect.c: those of `expect` */
void latency_read(struct walk *walk, const struct node *map, const struct node *value);
/* programs.c: members that are programs of the user's */
void program_read(struct walk *walk, const struct node *map, const struct node *value);
void programs_read(struct walk *walk, const struct node *map, const struct node *value);
void must_live_read(struct walk *walk, const struct node *map, const struct node *value);
void lock_key_read(struct walk *walk, const struct node *map, const struct node *value);
void lock_outlives_read(struct walk *walk, const struct node *map, const struct node *value);
void env_read(struct walk *walk, const struct node *map, const struct node *value);
void programs_free(struct scenario *scenario);
/* program_faults.c: whether this fault, named by `key`, can do anything; else says why not. */
bool program_fault_is_possible(struct walk *walk, const struct node *key,
                               const struct fault_spec *spec);

void starts_read(struct walk *walk, const struct node *map, const struct node *value);
void faults_read(struct walk *walk, const struct node *map, const struct node *value);
void pauses_read(struct walk *walk, const struct node *map, const struct node *value);

/* lesson.c: what a scenario asks of a person, and the answer */
void ask_read(struct walk *walk, const struct node *map, const struct node *value);
void answer_read(struct walk *walk, const struct node *map, const struct node *value);
void cure_read(struct walk *walk, const struct node *map, const struct node *value);
void texts_read(struct walk *walk, const struct node *map, const struct node *value);

/* How long a trial lasts at most: up to the end of `duration`, and of the healing. */
int64_t longest_trial_ns(const struct scenario *scenario);

/* warn.c: what of a good scenario cannot be put to the test. Once the walk is over, before the tree
 * is freed. */
void warnings_find(const struct walk *walk, struct scenario_report *warnings);

#endif
